//! Something was changed or deleted outside of Terraform.
//!
//! Reported are objects that are gone, and attributes that the configuration sets or that the plan depends on. What the
//! provider computes changes by itself, `ignore_changes` says that others may change what it names, and what the plan
//! leaves as it was found, the code has written down by now.
//!
//! ## Why
//! Somebody mended something by hand, or somebody else's program owns it too. The next apply undoes it without a word,
//! be it the rule that ended an outage or the one that let an attacker in.
//!
//! ## Example
//! ```hcl
//! resource "aws_security_group" "web" {   # a rule was added by hand
//!   ingress {
//!     from_port   = 443
//!     to_port     = 443
//!     protocol    = "tcp"
//!     cidr_blocks = ["10.0.0.0/8"]
//!   }
//! }
//! ```
//!
//! ## Instead
//! Write down what is to stay, and leave to others what is theirs:
//! ```hcl
//! resource "aws_autoscaling_group" "web" {
//!   desired_capacity = 2
//!
//!   lifecycle {
//!     ignore_changes = [desired_capacity]
//!   }
//! }
//! ```
//!
//! ## Not found
//! What differs in its form alone: nothing and something empty, JSON that is written in another way.

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{difference, place, planned};
use crate::finding::without_indexes;
use crate::model::{Mode, Model, Resource};
use crate::plan::{ConfiguredResource, Plan, ResourceChange};
use crate::rules::pattern::Glob;
use crate::rules::{PlanSubject, Rule, Sink, Verdict, written};
use crate::syntax::ExprKind;
use crate::value::Step;

/// Options of `unexpected-drift`.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnexpectedDrift {
    /// Attributes that others may change, with their type: `aws_autoscaling_group.desired_capacity`, `*.tags.LastScan`;
    /// `*` stands for anything.
    ignored: Vec<Glob>,
}

impl Rule for UnexpectedDrift {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let drifted = |change: &&ResourceChange| change.mode == Mode::Managed && !change.is_deposed();
        let changed: FxHashSet<&str> =
            subject.plan.drift.iter().filter(drifted).map(|change| change.address.as_str()).collect();
        let planned: FxHashMap<&str, &ResourceChange> = planned::managed(subject.plan)
            .map(|change| (change.address.as_str(), change))
            .filter(|(address, _)| changed.contains(address))
            .collect();
        for change in subject.plan.drift.iter().filter(drifted) {
            self.judge(subject, change, planned.get(change.address.as_str()).copied(), sink);
        }
        Ok(())
    }
}

impl UnexpectedDrift {
    fn judge(
        &self,
        subject: &PlanSubject<'_>,
        change: &ResourceChange,
        planned: Option<&ResourceChange>,
        sink: &mut Sink<'_>,
    ) {
        let resource = planned::resource(change);
        if change.action.destroys() || !change.sides.has_after() {
            sink.report(subject.location(change), format!("`{resource}` was deleted outside of Terraform"))
                .help("find out who deleted it; the next apply makes it again, without what it held")
                .about(subject.place_of(change))
                .fact(format!("{resource} is gone"));
            return;
        }
        let found = subject.plan.after(change);
        let attributes = difference::attributes_by_meaning(&subject.plan.before(change), &found);
        let undone = planned.map(|planned| {
            let will_be = subject.plan.after(planned);
            difference::attributes_by_meaning(&found, &will_be)
        });
        let concerning = Concerning { undone, ..Concerning::of(subject, change) };
        let changed: Vec<String> = attributes
            .iter()
            .filter(|path| concerning.holds(path))
            .map(|path| path.join("."))
            .filter(|path| {
                let whole = format!("{}.{path}", change.ty);
                !self.ignored.iter().any(|ignored| ignored.matches(&whole))
            })
            .collect();
        let Some(first) = changed.first() else { return };
        let message = format!("`{resource}` was changed outside of Terraform: {}", planned::listed(&changed));
        // What the code does not set, no apply undoes.
        let undone = changed.iter().any(|path| concerning.sets(path.split('.').next().unwrap_or_default()));
        let help = if undone {
            "write the change down to keep it, or name it in `ignore_changes` if it is somebody else's; else an apply undoes it"
        } else {
            "find out what changed it: other values of the plan hang on it"
        };
        let mut report = sink
            .report(subject.location(change), message)
            .help(help)
            .attribute(first)
            .about(subject.place_of(change))
            .fact(format!("{resource} differs"));
        for path in &changed {
            report = report.fact(path.as_str());
            let steps: Vec<Step> = path.split('.').map(|name| Step::Attr(name.into())).collect();
            if let Some(at) = place::written(subject, change, &steps) {
                report = report.label(at, format!("`{path}` has another value now"));
            }
        }
    }
}

/// Which attributes of an object anybody cares for.
struct Concerning<'a> {
    configured: Option<&'a ConfiguredResource>,
    relevant: Vec<&'a [Step]>,
    ignored: Vec<String>,
    all_ignored: bool,
    /// What the plan makes of what was found, where it says so: the attributes that it will change.
    undone: Option<Vec<Vec<String>>>,
}

impl<'a> Concerning<'a> {
    fn of(subject: &PlanSubject<'a>, change: &ResourceChange) -> Self {
        let plan: &'a Plan = subject.plan;
        let resource = planned::resource(change);
        let relevant = plan
            .relevant_attributes
            .iter()
            .filter(|it| it.resource == change.address || *it.resource == *resource)
            .map(|it| it.path.as_slice())
            .collect();
        let mut found = Self {
            configured: planned::configured(plan, change),
            relevant,
            ignored: Vec::new(),
            all_ignored: false,
            undone: None,
        };
        if let Some(declaration) = subject.declaration(change) {
            found.ignore(subject.model, declaration);
        }
        found
    }

    fn ignore(&mut self, model: &Model, declaration: &Resource) {
        let Some(at) = declaration.lifecycle.value(model, "ignore_changes") else { return };
        let Some(tree) = model.tree(at.file) else { return };
        if !matches!(tree.kind(at.expr), ExprKind::Tuple(_)) {
            self.all_ignored = true;
            return;
        }
        // `tags["Owner"]` names one key of a map; its text says which.
        self.ignored = written::elements(tree, at.expr)
            .into_iter()
            .map(|element| tree.slice(tree.span(element)).replace("[\"", ".").replace("\"]", ""))
            .map(|path| without_indexes(&path))
            .collect();
    }

    /// Whether the configuration sets the attribute of that name.
    fn sets(&self, name: &str) -> bool {
        self.configured.is_some_and(|resource| resource.expressions.get(name).is_some())
    }

    /// Whether the plan changes an attribute back, for all that it says. What it leaves as it was found, the code allows.
    fn undoes(&self, path: &[String]) -> bool {
        let Some(undone) = &self.undone else { return true };
        undone.iter().any(|other| other.iter().zip(path).all(|(a, b)| a == b))
    }

    fn holds(&self, path: &[String]) -> bool {
        let Some(first) = path.first() else { return false };
        let relevant = self.relevant.iter().any(|steps| match steps.first() {
            Some(Step::Attr(name)) => name == first,
            _ => true,
        });
        if relevant {
            return true;
        }
        let whole = path.join(".");
        let below = |ignored: &String| {
            whole.strip_prefix(ignored.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.sets(first) && !self.all_ignored && !self.ignored.iter().any(below) && self.undoes(path)
    }
}
