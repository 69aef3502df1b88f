//! The report that every format is shown and tested on: a small tree with a story over three files, a secret on the
//! neighbouring line, a finding in many places, suppressed ones and undecided verdicts.

use std::time::Duration;

use super::{Format, Masked, Options, Report, RuleInfo, write};
use crate::finding::{Coverage, Finding, Place, Severity, Skipped, Undecided, settle};
use crate::source::{FileId, Location, SourceFile, Sources, Span};
use crate::triage::Suppressed;

/// Stands in a secret's place; no report may show it.
pub(super) const SENTINEL: &str = "hunter2-S3NT1NEL";

const VALUES: &str = "\
bastion_rules = {
  ssh = {
    port  = 22
    cidrs = [\"10.0.0.0/8\", \"0.0.0.0/0\"]
  }
}
";

const ROOT: &str = "\
module \"bastion\" {
  source = \"../../modules/bastion\"

  rules             = var.bastion_rules
  database_password = \"hunter2-S3NT1NEL\"
  name              = \"bastion\"
}

module \"registry\" {
  source   = \"terraform-aws-modules/s3-bucket/aws\"
  password = \"hunter2-S3NT1NEL\"
}
";

const MODULE: &str =
    "\u{feff}resource \"aws_security_group\" \"this\" {\r\n  name = var.name\r\n\r\n  dynamic \"ingress\" {\r
    for_each = var.rules\r\n    content {\r\n      from_port   = ingress.value.port\r
      cidr_blocks = ingress.value.cidrs\r\n    }\r\n  }\r\n}\r\n\r\nvariable \"name\" {}\r\n";

pub(super) struct Sample {
    pub(super) sources: Sources,
    pub(super) secrets: Vec<Location>,
    pub(super) findings: Vec<Finding>,
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) coverage: Coverage,
    pub(super) rules: Vec<RuleInfo>,
}

impl Sample {
    pub(super) fn empty() -> Self {
        Self {
            sources: Sources::default(),
            secrets: Vec::new(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            coverage: Coverage { files: 3, rules: 2, ..Coverage::default() },
            rules: Vec::new(),
        }
    }

    pub(super) fn file(&mut self, path: &str, text: &str) -> FileId {
        self.sources.add(SourceFile::new(path, None, text.into()))
    }

    /// Where a text stands in a file for the first time.
    pub(super) fn at(&self, file: FileId, needle: &str) -> Location {
        let start = self.sources.get(file).text.find(needle).unwrap();
        Location::new(file, Span::new(start as u32, (start + needle.len()) as u32))
    }

    pub(super) fn print(&self, format: Format, options: &Options) -> String {
        let masked = Masked::new(&self.sources, &self.secrets);
        let report = Report {
            findings: &self.findings,
            suppressed: &self.suppressed,
            coverage: &self.coverage,
            elapsed: Duration::from_millis(312),
            sources: &masked,
            rules: &self.rules,
        };
        let mut out = Vec::new();
        write(&report, format, &mut out, options).unwrap();
        String::from_utf8(out).unwrap()
    }
}

pub(super) fn shop() -> Sample {
    let mut sample = Sample::empty();
    let values = sample.file("live/prod/terraform.tfvars", VALUES);
    let root = sample.file("live/prod/main.tf", ROOT);
    let module = sample.file("modules/bastion/main.tf", MODULE);
    for (at, _) in ROOT.match_indices(SENTINEL) {
        let span = Span::new(at as u32, (at + SENTINEL.len()) as u32);
        sample.secrets.push(Location::new(root, span));
    }
    sample.findings = settle(findings(&sample, values, root, module), &sample.sources);
    let waived = sample.at(root, "module \"bastion\"");
    sample.suppressed = vec![Suppressed {
        finding: Finding::new(
            "inconsistent-naming",
            Severity::Info,
            waived,
            "`bastion` is no name for a module",
        )
        .at(Place::in_module("live/prod")),
        comment: sample.at(root, "source = \"../../modules/bastion\""),
        reason: Some("named by the platform".into()),
    }];
    let undecided = |rule: &str, needle: &str, unknown: &str, reason: &str| Undecided {
        rule: rule.into(),
        place: Place::in_module("live/prod").with_resource(unknown.rsplit_once('.').unwrap().0),
        location: Some(sample.at(root, needle)),
        unknown: unknown.into(),
        reason: reason.into(),
    };
    let module_missing = "module terraform-aws-modules/s3-bucket/aws is not available";
    sample.coverage = Coverage {
        files: 214,
        modules: 31,
        units: 0,
        resources: 902,
        plans: 0,
        rules: 20,
        undecided: vec![
            undecided(
                "missing-dns-alias",
                "name ",
                "data.aws_vpc.main.id",
                "the value is known after apply only",
            ),
            undecided("open-ingress", "source   =", "module.registry.bucket", module_missing),
            undecided("sensitive-output", "module \"registry\"", "module.registry.arn", module_missing),
        ],
        skipped: vec![Skipped {
            path: "live/dev/link.tf".into(),
            reason: "a link that leaves the repository".into(),
        }],
    };
    sample.rules = vec![
        rule("open-ingress", Severity::Error, "a security group that the whole world may enter", "security"),
        rule(
            "unpinned-module",
            Severity::Warning,
            "a module that may change under your feet",
            "supply-chain",
        ),
    ];
    sample
}

fn rule(id: &str, severity: Severity, summary: &str, tag: &str) -> RuleInfo {
    RuleInfo {
        id: id.into(),
        severity,
        summary: summary.into(),
        page: format!("# {id}\n\nFinds {summary}.\n"),
        docs_url: Some(format!("https://plangate.example/rules/{id}")),
        tags: vec![tag.into()],
    }
}

fn findings(sample: &Sample, values: FileId, root: FileId, module: FileId) -> Vec<Finding> {
    let open = Finding::new(
        "open-ingress",
        Severity::Error,
        sample.at(values, "\"0.0.0.0/0\""),
        "port 22 of `module.bastion.aws_security_group.this` is open to the whole internet",
    )
    .with_primary_label("anyone may connect")
    .with_label(sample.at(root, "var.bastion_rules"), "passed here")
    .with_label(sample.at(module, "ingress.value.cidrs"), "used here, for each of the rules")
    .with_help("allow the networks that need it, or name 22 in `public_ports` if everyone may connect")
    .with_attribute("ingress[0].cidr_blocks")
    .with_fact("22-22 0.0.0.0/0")
    .at(Place::in_module("live/prod").with_resource("module.bastion.aws_security_group.this"));
    let unpinned = Finding::new(
        "unpinned-module",
        Severity::Warning,
        sample.at(root, "\"terraform-aws-modules/s3-bucket/aws\""),
        "module `registry` takes whatever version is newest",
    )
    .with_primary_label("no version is asked for")
    .with_help("add `version = \"~> 4.1\"`")
    .at(Place::in_module("live/prod").with_resource("module.registry"));
    let mut untyped = Finding::new(
        "untyped-variable",
        Severity::Info,
        sample.at(module, "variable \"name\""),
        "variable `name` has no type",
    );
    for directory in ["dev", "prod", "qa", "staging", "test", "load", "demo"] {
        let place = Place::in_module(format!("live/{directory}")).with_resource("module.bastion");
        untyped = untyped.at(place);
    }
    let nowhere = Finding::nowhere(
        "missing-required-version",
        Severity::Warning,
        "no root says which version it needs",
    );
    vec![untyped, open, nowhere, unpinned]
}
