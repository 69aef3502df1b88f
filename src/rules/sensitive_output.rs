//! An output shows a sensitive value without being marked as sensitive.
//!
//! Sensitive is what a sensitive variable or output holds, what a provider keeps secret (`random_password.result`,
//! `aws_db_instance.password`, `tls_private_key.private_key_pem`), and a secret that is written in plain text. The value
//! is followed through locals, modules and bigger texts: an address with a password in it counts. Outputs of called
//! modules are looked at like those of roots, so that the mark stands where the value leaves its module.
//!
//! Where a value is no secret any more (`nonsensitive(…)`, a hash, a length, a comparison), nothing is said. That
//! Terraform itself rejects an output of a root is told by `invalid-expression`.
//!
//! ## Why
//! Terraform prints outputs after each run, into the log of whoever or whatever ran it. It knows most provider's
//! secrets only while it plans with their schemas, and a password that came in as a plain text never.
//!
//! ## Example
//! ```hcl
//! output "database_url" {
//!   value = "postgres://app:${random_password.app.result}@${aws_db_instance.app.address}/app"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! output "database_url" {
//!   value     = "postgres://app:${random_password.app.result}@${aws_db_instance.app.address}/app"
//!   sensitive = true
//! }
//! ```

mod flow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sensitive_attributes::is_secret;
use super::{InstanceSubject, Looks, RootSubject, Rule, Sink, Verdict};
use crate::model::{Output, OutputValue};
use crate::value::{Exact, Identity, Step};
use flow::{Exposed, Flow};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SensitiveOutput {
    /// More attributes that are sensitive, each as `type.attribute`: `["vendor_account.login_code"]`.
    attributes: Vec<String>,
}

impl Rule for SensitiveOutput {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for instance in root.instances() {
            for (output, value) in instance.module.outputs.iter().zip(&instance.instance.outputs) {
                if !output.sensitive && !output.ephemeral {
                    self.judge(instance, output, value, sink);
                }
            }
        }
        Ok(())
    }
}

impl SensitiveOutput {
    fn judge(
        &self,
        instance: InstanceSubject<'_>,
        output: &Output,
        value: &OutputValue,
        sink: &mut Sink<'_>,
    ) {
        let Some(expression) = output.value else { return };
        let marked = value.value.marks_within().sensitive();
        if marked && instance.instance.caller.is_none() {
            return;
        }
        let mut flow = Flow::new(instance.root, &self.attributes);
        let exposed = flow.exposed(instance, expression, &output.named.name);
        let exposed = exposed.or_else(|| {
            let source = self.identified(value).filter(|_| !flow.decided)?;
            Some(Exposed { source, at: None })
        });
        let exposed =
            exposed.or_else(|| marked.then(|| Exposed { source: "a sensitive value".to_owned(), at: None }));
        let Some(exposed) = exposed else { return };
        let name = &output.named.name;
        let mut report = sink
            .report(output.named.location(), format!("the output `{name}` shows {}", exposed.source))
            .primary_label("has no `sensitive = true`")
            .help("add `sensitive = true`, or say `nonsensitive(…)` where the value may be seen")
            .about(instance.place())
            .attribute(&format!("output.{name}"))
            .fact(exposed.source.clone());
        let used = instance.model().location(expression);
        report = report.label(exposed.at.unwrap_or(used), "the sensitive value");
        drop(report);
    }

    /// What a provider keeps secret, where the value is the very same.
    fn identified(&self, value: &OutputValue) -> Option<String> {
        let mut identities = Vec::new();
        value.value.collect_identities(&mut identities);
        identities.iter().filter_map(Identity::exact).find_map(|exact| {
            let (ty, attribute) = type_and_attribute(exact)?;
            let known = is_secret(ty, attribute)
                || self.attributes.iter().any(|own| own.split_once('.') == Some((ty, attribute)));
            // Whether a parameter is a secret hangs on its type, which the identity does not tell.
            (known && ty != "aws_ssm_parameter").then(|| format!("`{exact}`"))
        })
    }
}

/// The type and the attribute of `module.a.random_password.this[0]` and `.result`.
fn type_and_attribute(exact: &Exact) -> Option<(&str, &str)> {
    let attribute = exact.path.iter().find_map(|step| match step {
        Step::Attr(name) => Some(name.as_str()),
        _ => None,
    })?;
    let mut rest = exact.address.as_str();
    while let Some(called) = rest.strip_prefix("module.") {
        rest = called
            .split_once(if called.contains("].") && called.find('[') < called.find('.') {
                "]."
            } else {
                "."
            })?
            .1;
    }
    let rest = rest.strip_prefix("data.").or_else(|| rest.strip_prefix("ephemeral.")).unwrap_or(rest);
    Some((rest.split_once('.')?.0, attribute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_types() {
        for (address, ty) in [
            ("random_password.this", "random_password"),
            ("module.a.random_password.this[0]", "random_password"),
            ("module.a[\"x.y\"].module.b[0].data.sops_file.this", "sops_file"),
            ("module.a.module.b[\"k\"].tls_private_key.k", "tls_private_key"),
        ] {
            let exact = Exact::new(".", address).step(Step::Attr("result".into()));
            assert_eq!(type_and_attribute(&exact), Some((ty, "result")), "{address}");
        }
        assert_eq!(type_and_attribute(&Exact::new(".", "random_password.this")), None);
    }
}
