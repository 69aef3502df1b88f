//! Module sources that are put together: what may stand there is followed, and what is not known is said.

use std::fs;

use plangate::{Outcome, Request, lint};

const OPEN: &str = "resource \"aws_security_group\" \"open\" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n    \
                    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n";

fn judge(files: &[(&str, &str)], rule: &str) -> Outcome {
    let tree = tempfile::tempdir().expect("a directory");
    fs::create_dir(tree.path().join(".git")).expect("a repository");
    for (path, text) in files.iter().chain(&[("modules/open/main.tf", OPEN)]) {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    let mut request = Request { current: tree.path().to_owned(), ..Request::default() };
    request.paths = vec![tree.path().join("live")];
    request.filter.only = vec![rule.to_owned()];
    lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// Whether the call leads to the module with the open port.
fn is_followed(files: &[(&str, &str)]) -> bool {
    judge(files, "open-ingress").findings.len() == 1
        && judge(files, "invalid-module-call").findings.is_empty()
}

const CALL: &str = "variable \"name\" {\n  type = string\n}\nlocals {\n  base = \"../modules\"\n}\n\
                    module \"m\" {\n  source = \"${local.base}/${var.name}\"\n}\n";

fn with_default(more: &str) -> String {
    CALL.replace("string\n", &format!("string\n  default = \"open\"\n{more}"))
}

#[test]
fn opentofu_reads_variables_and_locals() {
    assert!(is_followed(&[("live/main.tofu", &with_default(""))]));
    assert!(is_followed(&[("live/main.tofu", CALL), ("live/terraform.tfvars", "name = \"open\"\n")]));
    let in_place = with_default("").replace("\"../modules\"", "\"${path.module}/../modules\"");
    assert!(is_followed(&[("live/main.tofu", &in_place)]));
    let settings = ("plangate.hcl", "variables = { name = \"open\" }\n");
    assert!(is_followed(&[("live/main.tofu", CALL), settings]));
}

#[test]
fn terraform_reads_variables_that_are_constant() {
    assert!(is_followed(&[("live/main.tf", &with_default("  const = true\n"))]));
    let outcome = judge(&[("live/main.tf", &with_default(""))], "invalid-module-call");
    let [finding] = outcome.findings.as_slice() else { panic!("{:?}", outcome.findings) };
    assert_eq!(finding.message, "the source of a module must be plain text");
    let labels: Vec<&str> = finding.labels.iter().map(|label| label.message.as_str()).collect();
    assert_eq!(labels, ["`local.base` is no plain text", "`var.name` does not say `const = true`"]);
    assert!(finding.help.as_deref().is_some_and(|help| help.contains("OpenTofu")));
}

#[test]
fn what_is_known_only_later_is_refused() {
    let call = "module \"m\" {\n  source = \"../modules/${terraform_data.a.id}\"\n}\nresource \"terraform_data\" \"a\" {}\n";
    for file in ["live/main.tf", "live/main.tofu"] {
        let outcome = judge(&[(file, call)], "invalid-module-call");
        let [finding] = outcome.findings.as_slice() else { panic!("{:?}", outcome.findings) };
        assert_eq!(finding.labels[0].message, "`terraform_data.a` is known only later");
    }
}

/// Why a group that hangs on the module cannot be judged.
fn reason(files: &[(&str, &str)]) -> String {
    assert_eq!(judge(files, "invalid-module-call").findings, []);
    let outcome = judge(files, "open-ingress");
    assert_eq!(outcome.findings, []);
    let [undecided] = outcome.coverage.undecided.as_slice() else { panic!("{:?}", outcome.coverage) };
    undecided.reason.clone()
}

#[test]
fn what_is_not_known_is_undecided() {
    let uses = format!("{}{CALL}", OPEN.replace("\"0.0.0.0/0\"", "module.m.range"));
    let why = "the source of a module hangs on `var.name`, for which no value is known";
    assert_eq!(reason(&[("live/main.tofu", &uses)]), why);
    let variants = "variant \"a\" {\n  variables = { name = \"open\" }\n}\nvariant \"b\" {\n  variables = { name = \"shut\" }\n}\n";
    let settings = ("plangate.hcl", variants);
    let outcome = judge(&[("live/main.tofu", &uses), settings], "open-ingress");
    assert!(
        outcome
            .coverage
            .undecided
            .iter()
            .all(|it| it.reason == "the source of a module differs from variant to variant")
            && !outcome.coverage.undecided.is_empty()
    );
    let caller = "module \"inner\" {\n  source = \"./inner\"\n  name   = \"open\"\n}\n";
    let inner =
        uses.replace("../modules", "../../modules").replace("string\n", "string\n  default = \"open\"\n");
    let why = "the source of a module hangs on `var.name`, which whoever calls its module gives";
    assert_eq!(reason(&[("live/main.tofu", caller), ("live/inner/main.tofu", &inner)]), why);
}
