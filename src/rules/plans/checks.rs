//! What plans say of conditions: what became of `check` blocks, validations, pre- and postconditions.

use super::planned;
use crate::model::{ConditionInstance, Model, ProblemKind, Verdict};
use crate::plan::{CheckInstance, CheckStatus};
use crate::rules::{PlanSubject, Sink, problems};
use crate::secret::Recogniser;
use crate::source::Location;

/// Reports the conditions that a plan says do not hold, [`ProblemKind::Check`] those of `check` blocks, and
/// [`ProblemKind::Condition`] all others. What the source tells by itself is not told again.
pub(in crate::rules) fn of_plan(subject: &PlanSubject<'_>, kind: ProblemKind, sink: &mut Sink<'_>) {
    for check in &subject.plan.checks {
        if (check.kind == "check") != (kind == ProblemKind::Check) {
            continue;
        }
        let what = what(&check.kind);
        for instance in &check.instances {
            judge(subject, kind, what, instance, sink);
        }
        if check.instances.is_empty() {
            let whole =
                CheckInstance { address: check.address.clone(), status: check.status, problems: Vec::new() };
            judge(subject, kind, what, &whole, sink);
        }
    }
}

/// What it is that does not hold, in words.
fn what(kind: &str) -> &'static str {
    match kind {
        "check" => "a check",
        "var" => "a validation of the variable",
        "output_value" => "a precondition of the output",
        _ => "a condition of the resource",
    }
}

fn judge(
    subject: &PlanSubject<'_>,
    kind: ProblemKind,
    what: &str,
    instance: &CheckInstance,
    sink: &mut Sink<'_>,
) {
    let place = subject.place().with_resource(instance.address.clone());
    let ends = match instance.status {
        CheckStatus::Pass => return,
        CheckStatus::Fail => "does not hold",
        CheckStatus::Error => "cannot be evaluated",
        CheckStatus::Unknown => {
            let at = location(subject, conditions(subject, instance).next());
            let why = "the plan says that it is known only after apply";
            sink.undecided_at(planned::not_known(subject.plan, &instance.address, why), place, at);
            return;
        }
    };
    if instance.problems.is_empty() {
        let at = location(subject, conditions(subject, instance).next());
        let message = format!("{what} {ends}");
        sink.report(at, message).about(place).fact(format!("{} {ends}", instance.address));
        return;
    }
    for problem in &instance.problems {
        let text = problem.trim();
        let stated = conditions(subject, instance).find(|it| it.message.as_deref() == Some(text));
        if stated.is_some_and(|stated| told(subject, kind, stated, &instance.address, text)) {
            continue;
        }
        let stated = stated.or_else(|| conditions(subject, instance).next());
        // Authors may print what nobody should read.
        let shown = if Recogniser::default().suspects(text) { "" } else { text };
        let message = match shown {
            "" => format!("{what} {ends}"),
            shown => format!("{what} {ends}: {}", shown.trim_end_matches('.')),
        };
        sink.report(location(subject, stated), message).about(place.clone()).fact(format!("{ends} {shown}"));
    }
}

/// Whether the rule says the same of the source alone.
fn told(
    subject: &PlanSubject<'_>,
    kind: ProblemKind,
    stated: &ConditionInstance,
    address: &str,
    text: &str,
) -> bool {
    let Some(root) = subject.root.filter(|_| stated.verdict == Verdict::Fail) else { return false };
    root.instances()
        .filter(|made| stands_in(address, &made.instance.address))
        .any(|made| problems::tells(&root, kind, &made.instance.address, &|message| message.ends_with(text)))
}

/// Whether an address stands in a module instance.
fn stands_in(address: &str, instance: &str) -> bool {
    instance.is_empty() || address.strip_prefix(instance).is_some_and(|rest| rest.starts_with('.'))
}

/// What the source says of the same conditions, those first that it does not know to hold.
fn conditions<'a>(
    subject: &PlanSubject<'a>,
    instance: &CheckInstance,
) -> impl Iterator<Item = &'a ConditionInstance> {
    let root = subject.root.map(|root| root.root);
    let all = root.into_iter().flat_map(|root| root.instances.iter().flat_map(|made| &made.conditions));
    let mut own: Vec<&ConditionInstance> =
        all.filter(|condition| condition.address == instance.address).collect();
    own.sort_by_key(|condition| condition.verdict == Verdict::Pass);
    own.into_iter()
}

/// Where a condition stands; the plan itself, where the source is not at hand.
fn location(subject: &PlanSubject<'_>, stated: Option<&ConditionInstance>) -> Location {
    stated.and_then(|stated| written(subject.model, stated)).unwrap_or_else(|| subject.own_location())
}

fn written(model: &Model, stated: &ConditionInstance) -> Option<Location> {
    let tree = model.tree(stated.block.file)?;
    let condition = tree.attribute(tree.block(stated.block.block).body, "condition")?;
    Some(Location::new(stated.block.file, tree.span(condition.value)))
}
