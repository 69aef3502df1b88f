//! A plan imports something and replaces it, changes it, or leaves it unprotected though it holds data.
//!
//! ## Why
//! What is imported was made by somebody else, and often runs. Where the code does not say what is there, the apply that
//! was to adopt it changes it; where an argument cannot be changed in place, the apply destroys it. And code that was
//! written after the fact is easily deleted again, with the data.
//!
//! ## Example
//! ```hcl
//! import {
//!   to = aws_db_instance.orders
//!   id = "orders"
//! }
//!
//! resource "aws_db_instance" "orders" {
//!   identifier     = "orders"
//!   instance_class = "db.m6g.large"   # it runs on db.m6g.xlarge
//! }
//! ```
//!
//! ## Instead
//! Import what is there, and change it in a plan of its own:
//! ```hcl
//! import {
//!   to = aws_db_instance.orders
//!   id = "orders"
//! }
//!
//! resource "aws_db_instance" "orders" {
//!   identifier     = "orders"
//!   instance_class = "db.m6g.xlarge"
//!
//!   lifecycle {
//!     prevent_destroy = true
//!   }
//! }
//! ```
//!
//! ## Not found
//! Whether something is protected, a plan does not say: without its source that is left undecided.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{difference, place, planned, stateful};
use crate::finding::Severity;
use crate::plan::ResourceChange;
use crate::rules::pattern::Glob;
use crate::rules::{PlanSubject, Rule, Sink, Verdict};
use crate::syntax::ExprKind;

/// Options of `unprotected-import`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnprotectedImport {
    /// Types of what needs `prevent_destroy`; `*` stands for anything. By default what holds data.
    protected: Vec<Glob>,
    /// Attributes that may change while importing; `*` stands for anything.
    ignored: Vec<Glob>,
}

impl Default for UnprotectedImport {
    fn default() -> Self {
        // Tags are how code says that something is its own.
        let ignored = ["tags", "tags.*", "tags_all", "tags_all.*", "labels", "labels.*"];
        Self { protected: stateful::types(), ignored: ignored.map(Glob::new).into() }
    }
}

impl Rule for UnprotectedImport {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let imported = planned::managed(subject.plan).filter(|change| change.importing.is_some());
        sink.each(imported, |change, sink| {
            self.changed(subject, change, sink);
            if let Err(what) = self.unprotected(subject, change, sink) {
                sink.undecided_at(what, subject.place_of(change), subject.location(change));
            }
            Ok(())
        });
        Ok(())
    }
}

impl UnprotectedImport {
    fn changed(&self, subject: &PlanSubject<'_>, change: &ResourceChange, sink: &mut Sink<'_>) {
        let resource = planned::resource(change);
        if change.action.destroys() {
            let forcing = planned::forcing(change);
            let why = match forcing.as_slice() {
                [] => String::new(),
                forcing => format!(": {} cannot be changed in place", planned::listed(forcing)),
            };
            let message = format!("`{resource}` is imported and destroyed at once{why}");
            let mut report = sink
                .report(subject.location(change), message)
                .at_least(Severity::Error)
                .help("make the code say what is there, until the plan imports it without a change")
                .about(subject.place_of(change))
                .fact(format!("import {} {resource}", change.action));
            for steps in &change.replace_paths {
                if let Some(at) = place::written(subject, change, steps) {
                    report = report.label(at, "what is there has another value");
                }
            }
            return;
        }
        if !change.action.changes() {
            return;
        }
        let after = subject.plan.after(change);
        let paths = difference::attributes(&subject.plan.before(change), &after);
        // What becomes of computed attributes follows from the others.
        let known = |path: &&Vec<String>| {
            let value = path.iter().try_fold(&after, |value, name| value.get(name));
            value.is_none_or(|value| value.as_unknown().is_none())
        };
        let changed: Vec<String> = paths
            .iter()
            .filter(known)
            .map(|path| path.join("."))
            .filter(|path| !self.ignored.iter().any(|ignored| ignored.matches(path)))
            .collect();
        let Some(first) = changed.first() else { return };
        let message = format!("`{resource}` is imported and changed at once: {}", planned::listed(&changed));
        let mut report = sink
            .report(subject.location(change), message)
            .help("make the code say what is there, and change it in a plan of its own")
            .attribute(first)
            .about(subject.place_of(change))
            .fact(format!("import {} {resource}", change.action));
        for path in &changed {
            report = report.fact(path.as_str());
        }
    }

    fn unprotected(
        &self,
        subject: &PlanSubject<'_>,
        change: &ResourceChange,
        sink: &mut Sink<'_>,
    ) -> Verdict {
        if !self.protected.iter().any(|ty| ty.matches(&change.ty)) || change.action.destroys() {
            return Ok(());
        }
        let Some(declaration) = subject.declaration(change) else {
            return Err(planned::not_known(
                subject.plan,
                &change.address,
                "whether it is protected, only the source says",
            ));
        };
        if let Some(at) = declaration.lifecycle.value(subject.model, "prevent_destroy") {
            return match subject.model.tree(at.file).map(|tree| tree.kind(at.expr)) {
                Some(ExprKind::Bool(true)) => Ok(()),
                Some(ExprKind::Bool(false)) => {
                    report(subject, change, sink);
                    Ok(())
                }
                _ => Err(planned::not_known(
                    subject.plan,
                    &change.address,
                    "`prevent_destroy` is not written out",
                )),
            };
        }
        report(subject, change, sink);
        Ok(())
    }
}

fn report(subject: &PlanSubject<'_>, change: &ResourceChange, sink: &mut Sink<'_>) {
    let resource = planned::resource(change);
    sink.report(
        subject.location(change),
        format!("`{resource}` holds data and is imported without protection"),
    )
    .help("add `lifecycle { prevent_destroy = true }`")
    .attribute("lifecycle.prevent_destroy")
    .about(subject.place_of(change))
    .fact(format!("unprotected {resource}"));
}
