//! A plan shows a secret in clear.
//!
//! Judged are the values that a plan is about to write, and the outputs: a text that is a secret by its format, its name or
//! its randomness, and that is not marked sensitive. The value itself is never shown. What the source says in plain text is
//! not told again: `hardcoded-secret` points at it.
//!
//! ## Why
//! Plans are printed into logs, posted to pull requests and kept as artifacts. Terraform hides what it knows to be sensitive,
//! and nothing else.
//!
//! ## Example
//! ```hcl
//! variable "token" {
//!   type = string
//! }
//!
//! resource "aws_lambda_function" "worker" {
//!   environment {
//!     variables = { API_TOKEN = var.token }
//!   }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "token" {
//!   type      = string
//!   sensitive = true
//! }
//! ```
//!
//! ## Not found
//! What stays as it is: it was in the plans before. Texts that are a secret to people only. Plans of Terraform before 0.15
//! do not say what is sensitive: what looks like a secret there is left undecided.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{place, planned};
use crate::plan::{Plan, PlanKind, ResourceChange};
use crate::rules::pattern::Glob;
use crate::rules::{PlanSubject, Rule, Sink, Verdict};
use crate::secret::{NAME_KEYS, Recogniser, VALUE_KEYS};
use crate::source::Location;
use crate::syntax::ExprKind;
use crate::value::{Step, Value};

/// Options of `sensitive-in-plan`.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct SensitiveInPlan {
    /// Attributes that may be shown, with their type: `aws_ssm_parameter.value`; `*` stands for anything.
    ignored: Vec<Glob>,
}

/// Why it is not known whether something is marked.
const NO_MASKS: &str = "the plan is of a format that does not say what is sensitive";

impl Rule for SensitiveInPlan {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let plan = subject.plan;
        if plan.kind != PlanKind::Plan {
            return Ok(());
        }
        let recogniser = Recogniser::default();
        let written = |change: &&ResourceChange| {
            (change.action.changes() || change.importing.is_some()) && change.sides.has_after()
        };
        let shown: Vec<(&ResourceChange, Vec<Shown>)> = plan
            .changes
            .par_iter()
            .filter(written)
            .map(|change| (change, Shown::in_value(&recogniser, "", &plan.after(change))))
            .filter(|(_, shown)| !shown.is_empty())
            .collect();
        for (change, shown) in shown {
            self.report(subject, change, &shown, sink);
        }
        self.outputs(subject, plan, &recogniser, sink);
        Ok(())
    }
}

impl SensitiveInPlan {
    fn report(
        &self,
        subject: &PlanSubject<'_>,
        change: &ResourceChange,
        shown: &[Shown],
        sink: &mut Sink<'_>,
    ) {
        let mut paths: Vec<String> = shown
            .iter()
            .filter(|shown| !is_literal(subject, change, &shown.path))
            .map(|shown| planned::path(&shown.path))
            .filter(|path| {
                let whole = format!("{}.{path}", change.ty);
                !self.ignored.iter().any(|ignored| ignored.matches(&whole))
            })
            .collect();
        paths.sort();
        paths.dedup();
        let Some(first) = paths.first() else { return };
        if !change.sides.says_what_is_sensitive() {
            let what = format!("whether {}.{first} is sensitive", change.address);
            let (place, at) = (subject.place_of(change), subject.location(change));
            return sink.undecided_at(planned::not_known(subject.plan, &what, NO_MASKS), place, at);
        }
        let resource = planned::resource(change);
        let message =
            format!("the plan shows a secret of `{resource}` in clear: {}", planned::listed(&paths));
        let mut report = sink
            .report(subject.location(change), message)
            .help("mark where it comes from as sensitive, and change it: the plan may have been printed already")
            .attribute(first)
            .fact(format!("shown {resource}"));
        for path in &paths {
            report = report.about(subject.place_of_value(change, path));
            report = report.fact(crate::finding::without_indexes(path));
        }
        for shown in shown.iter().filter(|shown| paths.contains(&planned::path(&shown.path))) {
            if let Some(at) = place::written(subject, change, &shown.path) {
                report = report.label(at, "comes from here");
            }
        }
    }

    fn outputs(&self, subject: &PlanSubject<'_>, plan: &Plan, recogniser: &Recogniser, sink: &mut Sink<'_>) {
        for output in plan.outputs.iter().filter(|output| output.action.changes()) {
            let name = &output.name;
            let ignored = self.ignored.iter().any(|ignored| ignored.matches(&format!("output.{name}")));
            if ignored || Shown::in_value(recogniser, name, &plan.output_after(output)).is_empty() {
                continue;
            }
            if !output.sides.says_what_is_sensitive() {
                let what = format!("whether output.{name} is sensitive");
                sink.undecided(planned::not_known(plan, &what, NO_MASKS));
                continue;
            }
            let module = subject.root.map(|root| subject.model.module(root.root.module));
            let declared = module.and_then(|module| module.outputs.get(module.output(name)?));
            let at = declared.map_or(subject.own_location(), |output| output.named.location());
            sink.report(at, format!("the plan shows a secret in clear: the output `{name}`"))
                .help("declare it `sensitive = true`")
                .about(subject.place().with_resource(format!("output.{name}")))
                .fact(format!("shown output {name}"));
        }
    }
}

/// A secret that is not marked: where it stands, never what it is.
struct Shown {
    path: Vec<Step>,
}

impl Shown {
    fn in_value(recogniser: &Recogniser, name: &str, value: &Value) -> Vec<Self> {
        let mut found = Vec::new();
        search(recogniser, name, value, &mut Vec::new(), &mut found);
        found
    }
}

fn search(recogniser: &Recogniser, name: &str, value: &Value, path: &mut Vec<Step>, found: &mut Vec<Shown>) {
    if value.meta().sensitive() {
        return;
    }
    if let Some(text) = value.as_str() {
        if recogniser.in_value(name, text).iter().any(|secret| secret.certain) {
            found.push(Shown { path: path.clone() });
        }
        return;
    }
    // `{ name = "PASSWORD", value = "…" }` says beside the value what it is.
    let named = NAME_KEYS.iter().find_map(|key| value.get(key)).and_then(Value::as_str);
    for (key, inner) in value.entries().unwrap_or_default() {
        let called = if VALUE_KEYS.contains(&key.as_str()) { named.unwrap_or(key) } else { key };
        path.push(Step::Attr(key.clone()));
        search(recogniser, called, inner, path, found);
        path.pop();
    }
    for (index, element) in value.elements().unwrap_or_default().iter().enumerate() {
        path.push(Step::Index(index as u64));
        search(recogniser, name, element, path, found);
        path.pop();
    }
}

/// Whether the source itself says the text in plain, where another rule points at it.
fn is_literal(subject: &PlanSubject<'_>, change: &ResourceChange, path: &[Step]) -> bool {
    let is_text = |at: Location| {
        let tree = subject.model.tree(at.file)?;
        let enclosed = (0..tree.expr_count()).map(crate::syntax::ExprId);
        let mut same = enclosed.filter(|&expr| tree.span(expr) == at.span);
        Some(same.any(|expr| matches!(tree.kind(expr), ExprKind::String(_))))
    };
    place::written(subject, change, path).and_then(is_text).unwrap_or_default()
}
