//! Conditions: validations, pre- and postconditions, checks.

use std::rc::Rc;

use arcstr::ArcStr;

use super::{Instance, InstanceScope, Repetition, Run};
use crate::eval::Problem;
use crate::model::{Condition, ConditionInstance, Given, InstanceId, ProblemKind, ResourceInstance, Verdict};
use crate::source::Location;
use crate::value::{Kind, Type, Value, convert};

/// What a failing condition is called, and where it shows.
struct Failing<'a> {
    kind: ProblemKind,
    what: &'a str,
    address: ArcStr,
    /// Where to point instead of at the condition, and what stands there.
    at: Option<Location>,
    place: InstanceId,
}

impl<'m> Run<'m> {
    /// Evaluates all conditions of an instance.
    pub(super) fn conditions(&self, instance: &Rc<Instance<'m>>) {
        let module = instance.module;
        let mut found = Vec::new();
        for variable in module.variables.iter().filter(|variable| !variable.validations.is_empty()) {
            let given = self.given(instance, variable);
            let (at, place) = match given {
                Given::Expression(at) => {
                    let place = instance.caller.map_or(instance.id, |(caller, _)| caller);
                    (self.model.location(at), place)
                }
                _ => (variable.named.location(), instance.id),
            };
            let failing = Failing {
                kind: ProblemKind::Condition,
                what: "the value is not valid",
                address: instance.inside(&["var.", &variable.named.name]).into(),
                at: Some(at),
                place,
            };
            self.judge(&self.scope(instance), &variable.validations, &failing, &mut found);
        }
        for (index, resource) in module.resources.iter().enumerate() {
            if resource.preconditions.is_empty() && resource.postconditions.is_empty() {
                continue;
            }
            for made in &self.resources(instance, index, None).instances {
                self.resource_conditions(instance, index, made, &mut found);
            }
        }
        for output in module.outputs.iter().filter(|output| !output.preconditions.is_empty()) {
            let failing = Failing {
                kind: ProblemKind::Condition,
                what: "a precondition of the output does not hold",
                address: instance.inside(&["output.", &output.named.name]).into(),
                at: None,
                place: instance.id,
            };
            self.judge(&self.scope(instance), &output.preconditions, &failing, &mut found);
        }
        for check in &module.checks {
            let failing = Failing {
                kind: ProblemKind::Check,
                what: "a check does not hold",
                address: instance.inside(&["check.", &check.named.name]).into(),
                at: None,
                place: instance.id,
            };
            self.judge(&self.scope(instance), &check.asserts, &failing, &mut found);
        }
        if !found.is_empty() {
            self.conditions.borrow_mut().insert(instance.id, found);
        }
    }

    fn resource_conditions(
        &self,
        instance: &Rc<Instance<'m>>,
        index: usize,
        made: &ResourceInstance,
        found: &mut Vec<ConditionInstance>,
    ) {
        let Some(resource) = instance.module.resources.get(index) else { return };
        let repetition = self.repetition(made);
        let scope = InstanceScope {
            run: self,
            instance,
            repetition: &repetition,
            own: None,
            resource: Some(&made.address),
        };
        let mut failing = Failing {
            kind: ProblemKind::Condition,
            what: "a precondition of the resource does not hold",
            address: made.address.clone(),
            at: None,
            place: instance.id,
        };
        self.judge(&scope, &resource.preconditions, &failing, found);
        failing.what = "a postcondition of the resource does not hold";
        let scope = InstanceScope { own: Some(&made.attributes), ..scope };
        self.judge(&scope, &resource.postconditions, &failing, found);
    }

    /// What `each` and `count` are in an instance that is there already.
    pub(super) fn repetition(&self, made: &ResourceInstance) -> Repetition {
        use crate::model::Key;
        match (&made.key, &made.each_value) {
            (Key::Each(key), Some(value)) => Repetition::Each(Value::string(key.clone()), value.clone()),
            (Key::Any, Some(value)) => {
                Repetition::Each(super::unknown::derived(value, Type::String), value.clone())
            }
            (Key::Count(index), _) => Repetition::Count(Value::int(*index as i64)),
            (Key::Any, None) => Repetition::Count(self.unknown(format!("{}.count.index", made.address))),
            _ => Repetition::None,
        }
    }

    fn judge(
        &self,
        scope: &InstanceScope<'_, 'm>,
        conditions: &[Condition],
        failing: &Failing<'_>,
        found: &mut Vec<ConditionInstance>,
    ) {
        for condition in conditions {
            let Some(at) = condition.condition else { continue };
            let value = self.evaluate(scope, at, None);
            let message = condition.message.and_then(|at| self.evaluate(scope, at, None));
            let verdict = match value.as_ref().map(|value| convert(value, &Type::Bool).map(Value::into_kind))
            {
                Some(Ok(Kind::Bool(true))) => Verdict::Pass,
                Some(Ok(Kind::Bool(false))) => Verdict::Fail,
                Some(Ok(Kind::Null(_)) | Err(_)) => {
                    let problem = Problem::new(self.model.location(at), "a condition must be true or false");
                    self.report(ProblemKind::Expression, problem, scope.instance.id, scope.resource.cloned());
                    Verdict::Unknown
                }
                Some(Ok(_)) | None => Verdict::Unknown,
            };
            let text = message.filter(|message| !message.meta().sensitive() && !message.meta().ephemeral());
            let text = text.and_then(|message| message.as_str().map(|text| ArcStr::from(text.trim())));
            if verdict == Verdict::Fail {
                let place = failing.at.unwrap_or_else(|| self.model.location(at));
                let message = match &text {
                    Some(text) => format!("{}: {text}", failing.what),
                    None => failing.what.to_owned(),
                };
                let mut problem = Problem::new(place, message);
                if failing.at.is_some() {
                    problem = problem.with_label(self.model.location(at), "this must be true");
                }
                self.report(failing.kind, problem, failing.place, scope.resource.cloned());
            }
            found.push(ConditionInstance {
                address: failing.address.clone(),
                block: condition.block,
                verdict,
                message: text.filter(|_| verdict == Verdict::Fail),
            });
        }
    }
}
