//! A name is not written as names are written here: in `snake_case`, unless the options say otherwise.
//!
//! ## Why
//! A name is typed wherever the thing is referred to, and searched for. With one way of writing, nobody has to remember
//! which of them it was.
//!
//! ## Example
//! ```hcl
//! resource "aws_sqs_queue" "Order-Events" {
//!   name = "order-events"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_sqs_queue" "order_events" {
//!   name = "order-events"
//! }
//! ```
//!
//! ## Not found
//! The names that things have outside, in arguments. Names of files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern::Naming;
use super::{ModuleSubject, Rule, Sink, Verdict};
use crate::finding::Place;
use crate::model::{Mode, Named};
use crate::source::Location;

/// Something that has a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Resource,
    Data,
    Ephemeral,
    Module,
    Variable,
    Local,
    Output,
    Provider,
    Check,
}

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InconsistentNaming {
    /// How names are written: `snake_case`, `mixed_snake_case`, `kebab-case`, `camelCase`, `any`, or a regular
    /// expression that the whole name must match.
    format: Naming,
    /// The same for single kinds, by `resource`, `data`, `ephemeral`, `module`, `variable`, `local`, `output`,
    /// `provider` (its alias) and `check`.
    formats: BTreeMap<Kind, Naming>,
    /// Whether a resource's name may repeat a part of its type: `aws_s3_bucket.logs_bucket`.
    repeated_type: bool,
}

impl Default for InconsistentNaming {
    fn default() -> Self {
        Self { format: Naming::default(), formats: BTreeMap::new(), repeated_type: true }
    }
}

impl Rule for InconsistentNaming {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let module = subject.module;
        for resource in &module.resources {
            let kind = match resource.mode {
                Mode::Managed => Kind::Resource,
                Mode::Data => Kind::Data,
                Mode::Ephemeral => Kind::Ephemeral,
            };
            let place = Place::in_module(module.dir.clone()).with_resource(resource.address());
            let named = &resource.named;
            if !self.judge(kind, &named.name, named.name_location(), Some(&place), sink)
                && !self.repeated_type
            {
                repeated(&resource.ty, named, place, sink);
            }
        }
        let named: [(Kind, Vec<&Named>); 5] = [
            (Kind::Module, module.calls.iter().map(|it| &it.named).collect()),
            (Kind::Variable, module.variables.iter().map(|it| &it.named).collect()),
            (Kind::Local, module.locals.iter().map(|it| &it.named).collect()),
            (Kind::Output, module.outputs.iter().map(|it| &it.named).collect()),
            (Kind::Check, module.checks.iter().map(|it| &it.named).collect()),
        ];
        for (kind, all) in named {
            for named in all {
                self.judge(kind, &named.name, named.name_location(), None, sink);
            }
        }
        for provider in &module.providers {
            let Some(alias) = &provider.alias else { continue };
            let at = provider.body.value(subject.model, "alias").map(|at| subject.model.location(at));
            let at = at.unwrap_or_else(|| provider.named.location());
            self.judge(Kind::Provider, alias, at, None, sink);
        }
        Ok(())
    }
}

impl InconsistentNaming {
    /// Says whether something was found.
    fn judge(
        &self,
        kind: Kind,
        name: &str,
        at: Location,
        place: Option<&Place>,
        sink: &mut Sink<'_>,
    ) -> bool {
        let naming = self.formats.get(&kind).unwrap_or(&self.format);
        if naming.admits(name) {
            return false;
        }
        let what = match kind {
            Kind::Resource => "resource",
            Kind::Data => "data source",
            Kind::Ephemeral => "ephemeral resource",
            Kind::Module => "module",
            Kind::Variable => "variable",
            Kind::Local => "local value",
            Kind::Output => "output",
            Kind::Provider => "provider alias",
            Kind::Check => "check",
        };
        let moved = match kind {
            Kind::Resource | Kind::Module => ", with a `moved` block so that nothing is made anew",
            _ => "",
        };
        let help = match naming.suggestion(name) {
            Some(better) => format!("rename it to `{better}`{moved}"),
            None => format!("rename it{moved}"),
        };
        let report = sink
            .report(at, format!("the {what} `{name}` is not written {naming}"))
            .help(help)
            .fact(format!("{what} {name}"));
        if let Some(place) = place {
            report.about(place.clone());
        }
        true
    }
}

/// `aws_s3_bucket.logs_bucket`: the type has said that already.
fn repeated(ty: &str, named: &Named, place: Place, sink: &mut Sink<'_>) {
    let mut words: Vec<&str> = ty.split('_').skip(1).collect();
    words.reverse();
    // A name of one word has nothing else to say.
    let rest = words.iter().find_map(|word| {
        let name = named.name.as_str();
        let rest = name.strip_suffix(word).and_then(|rest| rest.strip_suffix(['_', '-']));
        rest.or_else(|| name.strip_prefix(word).and_then(|rest| rest.strip_prefix(['_', '-'])))
    });
    if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
        sink.report(named.name_location(), format!("the name `{}` repeats what `{ty}` says", named.name))
            .help(format!("rename it to `{rest}`, with a `moved` block so that nothing is made anew"))
            .fact(format!("resource {}", named.name))
            .about(place);
    }
}
