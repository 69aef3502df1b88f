//! The values of variables, locals and outputs.

use std::rc::Rc;

use super::unknown::identified;
use super::{Instance, InstanceScope, Node, Run, What};
use crate::eval::{Failed, Log, Problem};
use crate::model::{ExprAt, Given, OutputValue, ProblemKind, Variable};
use crate::source::Location;
use crate::terraform::{hand_over, values};
use crate::value::{Type, Value};

impl<'m> Run<'m> {
    /// The names at the top of an instance.
    pub(super) fn scope<'a>(&'a self, instance: &'a Rc<Instance<'m>>) -> InstanceScope<'a, 'm> {
        InstanceScope { run: self, instance, repetition: &super::Repetition::None, own: None, resource: None }
    }

    /// The value of a variable.
    pub(super) fn variable(
        &self,
        instance: &Rc<Instance<'m>>,
        index: usize,
        asked: Option<Location>,
    ) -> Value {
        let (Some(variable), Some(cell)) =
            (instance.module.variables.get(index), instance.variables.get(index))
        else {
            return Value::null();
        };
        let node = Node { instance: instance.id, what: What::Variable(index) };
        let lost = || self.unknown_variable(instance, variable);
        self.settle(cell, node, asked, lost, || {
            let value = self.given_value(instance, variable);
            let meta = value.meta();
            let meta = meta
                .with_sensitive(meta.sensitive() || variable.sensitive)
                .with_ephemeral(meta.ephemeral() || variable.ephemeral);
            value.with_meta(meta)
        })
    }

    fn unknown_variable(&self, instance: &Instance<'m>, variable: &Variable) -> Value {
        let ty = variable.constraint.as_ref().map_or(Type::Dynamic, |constraint| constraint.ty.clone());
        identified(self.exact(instance.inside(&["var.", &variable.named.name])), ty)
    }

    fn given_value(&self, instance: &Rc<Instance<'m>>, variable: &Variable) -> Value {
        let caller = instance.caller.and_then(|(id, call)| Some((self.instance(id)?, call)));
        let value = match &caller {
            Some((caller, call)) => self.argument(instance, variable, caller, *call),
            None => self.root_value(instance, variable),
        };
        match value {
            Some(value) if value.is_null() && !variable.nullable => match &variable.default_value {
                Some(default) => default.clone(),
                None => {
                    let at = match self.given(instance, variable) {
                        Given::Expression(at) | Given::Outside(at) => self.model.location(at),
                        Given::Default | Given::Missing => variable.named.location(),
                    };
                    let message = format!("the variable `{}` must not be null", variable.named.name);
                    let problem = Problem::new(at, message)
                        .with_label(variable.named.location(), "declared here with `nullable = false`");
                    let place = caller.map_or(instance.id, |(caller, _)| caller.id);
                    self.report(ProblemKind::Call, problem, place, None);
                    self.unknown_variable(instance, variable)
                }
            },
            Some(value) => value,
            None => match &variable.default_value {
                Some(default) if !self.plan.open || caller.is_some() => default.clone(),
                _ => {
                    let address = instance.inside(&["var.", &variable.named.name]);
                    let reason = if variable.default.is_some() {
                        format!("the default of `{address}` is wrong")
                    } else {
                        format!("no value is given for `{address}`")
                    };
                    self.because(address, reason);
                    self.unknown_variable(instance, variable)
                }
            },
        }
    }

    /// What the call says.
    fn argument(
        &self,
        instance: &Rc<Instance<'m>>,
        variable: &Variable,
        caller: &Rc<Instance<'m>>,
        call: usize,
    ) -> Option<Value> {
        let call = caller.module.calls.get(call)?;
        let at = call.body.value(self.model, &variable.named.name)?;
        let scope = InstanceScope {
            run: self,
            instance: caller,
            repetition: &instance.repetition,
            own: None,
            resource: None,
        };
        let value = self.evaluate(&scope, at, None);
        let Some(value) = value else {
            let address = instance.inside(&["var.", &variable.named.name]);
            self.because(address, "an expression is in error");
            return Some(self.unknown_variable(instance, variable));
        };
        Some(self.constrained(value, instance, variable, at, caller))
    }

    /// What the files of values, the environment and the command line say.
    fn root_value(&self, instance: &Rc<Instance<'m>>, variable: &Variable) -> Option<Value> {
        let source = *self.plan.values.get(&variable.named.name)?;
        if let values::Source::Input(at) = source {
            let value = self.plan.inputs.as_ref()?.get(&variable.named.name)?.clone();
            let Some(constraint) = &variable.constraint else {
                return Some(self.constrained(value, instance, variable, at, instance));
            };
            // What does not fit is told of the unit.
            let address = || instance.inside(&["var.", &variable.named.name]);
            return Some(hand_over(&value, constraint).unwrap_or_else(|_| {
                self.because(address(), "what the unit gives does not fit its type");
                self.unknown_variable(instance, variable)
            }));
        }
        let plain = variable.constraint.as_ref().is_none_or(|constraint| constraint.ty == Type::String);
        let mut log = Log::default();
        let outcome = values::evaluate(self.model, source, plain, &mut log);
        for problem in log.problems {
            self.report(ProblemKind::Expression, problem, instance.id, None);
        }
        match outcome {
            Ok(value) => Some(self.constrained(value, instance, variable, source.at(), instance)),
            Err(Failed) => Some(self.unknown_variable(instance, variable)),
        }
    }

    fn constrained(
        &self,
        value: Value,
        instance: &Instance<'m>,
        variable: &Variable,
        at: ExprAt,
        place: &Instance<'m>,
    ) -> Value {
        let Some(constraint) = &variable.constraint else {
            // A type that cannot be read may give the value attributes that it does not have.
            if self.model.is_damaged(&variable.named) {
                let address = instance.inside(&["var.", &variable.named.name]);
                self.because(address, "the syntax of its declaration is broken");
                return self.unknown_variable(instance, variable);
            }
            return value;
        };
        match constraint.apply(&value) {
            Ok(value) => value,
            Err(error) => {
                let message =
                    format!("the variable `{}` cannot take this value: {error}", variable.named.name);
                let problem = Problem::new(self.model.location(at), message)
                    .with_label(variable.named.location(), "the variable is declared here");
                self.report(ProblemKind::Call, problem, place.id, None);
                self.unknown_variable(instance, variable)
            }
        }
    }

    /// Where a variable has its value from.
    pub(super) fn given(&self, instance: &Instance<'m>, variable: &Variable) -> Given {
        let name = &variable.named.name;
        let found = match instance.caller.and_then(|(id, call)| Some((self.instance(id)?, call))) {
            Some((caller, call)) => caller
                .module
                .calls
                .get(call)
                .and_then(|call| call.body.value(self.model, name))
                .map(Given::Expression),
            None => self.plan.values.get(name).map(|source| match source {
                values::Source::Entry(at) | values::Source::Input(at) => Given::Expression(*at),
                values::Source::Text(at) => Given::Outside(*at),
            }),
        };
        found.unwrap_or(if variable.default.is_some() { Given::Default } else { Given::Missing })
    }

    /// The value of a local.
    pub(super) fn local(&self, instance: &Rc<Instance<'m>>, index: usize, asked: Option<Location>) -> Value {
        let (Some(local), Some(cell)) = (instance.module.locals.get(index), instance.locals.get(index))
        else {
            return Value::null();
        };
        let node = Node { instance: instance.id, what: What::Local(index) };
        let address = || instance.inside(&["local.", &local.named.name]);
        let lost = || {
            self.because(address(), "an expression is in error");
            self.unknown(address())
        };
        self.settle(cell, node, asked, lost, || {
            self.evaluate(&self.scope(instance), local.value, None).unwrap_or_else(lost)
        })
    }

    /// The value of an output.
    pub(super) fn output(
        &self,
        instance: &Rc<Instance<'m>>,
        index: usize,
        asked: Option<Location>,
    ) -> OutputValue {
        let (Some(output), Some(cell)) = (instance.module.outputs.get(index), instance.outputs.get(index))
        else {
            return OutputValue { value: Value::null(), sensitive: false };
        };
        let node = Node { instance: instance.id, what: What::Output(index) };
        let lost = || {
            let address = instance.inside(&["output.", &output.named.name]);
            self.because(address.as_str(), "an expression is in error");
            OutputValue { value: self.unknown(address), sensitive: output.sensitive }
        };
        self.settle(cell, node, asked, lost, || {
            let value = output.value.and_then(|at| self.evaluate(&self.scope(instance), at, None));
            let Some(value) = value else { return lost() };
            let meta = value.meta();
            let meta = meta
                .with_sensitive(meta.sensitive() || output.sensitive)
                .with_ephemeral(meta.ephemeral() || output.ephemeral);
            OutputValue { value: value.with_meta(meta), sensitive: output.sensitive }
        })
    }
}
