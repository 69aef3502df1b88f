//! Calls of functions, and the forms that look like one.

use std::borrow::Cow;

use super::evaluator::{Evaluator, Frames, Outcome};
use super::functions::{self, Call};
use super::render::Renderer;
use super::{ConstraintLog, Failed, Problem, bounds, constraint};
use crate::source::{Location, Span};
use crate::suggest::did_you_mean;
use crate::syntax::{ExprId, ExprKind, List};
use crate::value::{Kind, Meta, Type, Unknown, Value};

/// What a function is given.
struct Arguments {
    values: Vec<Value>,
    /// Where each stands that is written.
    places: Vec<Location>,
    /// Whether these are all: it may not be known how many an expanded one stands for. Then it is among them itself.
    complete: bool,
}

impl Evaluator<'_> {
    pub(super) fn call(
        &mut self,
        expr: ExprId,
        (name, args, expand): (Span, List, bool),
        frames: Frames<'_>,
    ) -> Outcome {
        let mut written = Cow::Borrowed(self.tree.slice(name));
        if written.contains(char::is_whitespace) {
            written = written.chars().filter(|char| !char.is_whitespace()).collect::<String>().into();
        }
        let dialect = self.scope.dialect();
        let plain = match dialect {
            Some(_) => &*written,
            None => written.strip_prefix("core::").unwrap_or(&written),
        };
        if dialect.is_some_and(|dialect| !dialect.has_form(plain) && dialect.function(plain).is_none()) {
            return Err(self.no_function(name, plain));
        }
        match plain {
            "try" => return self.attempt(expr, args, expand, frames),
            "can" => return self.can(expr, args, expand, frames),
            "convert" => return self.convert(expr, args, expand, frames),
            _ if plain.starts_with("provider::") => return self.provided(expr, args, expand, frames),
            _ => {}
        }
        let function = match dialect {
            Some(dialect) => dialect.function(plain),
            None => functions::lookup(plain),
        };
        let Some(function) = function else {
            return Err(self.no_function(name, plain));
        };
        let Arguments { values, places, complete } = self.arguments(args, expand, frames)?;
        if !complete {
            return Ok(self.derived_call(expr, &values));
        }
        self.spend(expr, values.iter().map(effort).sum())?;
        let renderer = Renderer {
            world: self.scope.world(),
            directory: self.scope.directory(),
            location: self.place(expr),
            within: self.within,
            dialect,
        };
        let mut call = Call {
            location: self.place(expr),
            arguments: &places,
            scope: self.scope.directory(),
            by_reference: self.tree.list(args).next().is_some_and(|first| self.is_reference(first)),
            world: self.scope.world(),
            dialect,
            templates: &renderer,
            log: self.log,
        };
        let value = functions::call(function, &values, &mut call)?;
        let value = self.written_if_new(value, expr);
        self.bounded(value, expr)
    }

    fn arguments(&mut self, args: List, expand: bool, frames: Frames<'_>) -> Result<Arguments, Failed> {
        let tree = self.tree;
        let args = tree.list(args);
        let last = args.len().saturating_sub(1);
        let mut values = Vec::with_capacity(args.len());
        let mut places = Vec::with_capacity(args.len());
        let mut complete = true;
        let mut outcome = Ok(());
        for (index, arg) in args.enumerate() {
            let value = match self.evaluate(arg, frames) {
                Ok(value) => value,
                Err(failed) => {
                    outcome = Err(failed);
                    continue;
                }
            };
            places.push(self.place(arg));
            if !(expand && index == last) {
                values.push(value);
                continue;
            }
            match self.expanded(arg, &value) {
                Ok(Some(more)) => values.extend(more),
                Ok(None) => {
                    complete = false;
                    values.push(value);
                }
                Err(failed) => outcome = Err(failed),
            }
        }
        outcome?;
        Ok(Arguments { values, places, complete })
    }

    /// What `list...` stands for.
    fn expanded(&mut self, arg: ExprId, value: &Value) -> Result<Option<Vec<Value>>, Failed> {
        let span = self.tree.span(arg);
        match value.kind() {
            Kind::Unknown(unknown)
                if matches!(unknown.ty, Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Tuple(_)) =>
            {
                Ok(None)
            }
            Kind::Null(_) => Err(self.fail(span, "null cannot be expanded into arguments")),
            Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
                let elements = value.elements().unwrap_or_default();
                if elements.len() > bounds::COLLECTION_ELEMENTS {
                    return Err(self.fail(span, "these are too many arguments"));
                }
                Ok(Some(elements.iter().map(|element| element.clone().with_marks_of(value.meta())).collect()))
            }
            Kind::Object(object) if object.rest.is_some() => Ok(None),
            _ => {
                let message = format!(
                    "a list, set or tuple can be expanded into arguments, but this is {}",
                    value.ty()
                );
                Err(self.fail(span, message))
            }
        }
    }

    /// The result of a call that cannot be made; it hangs on all that is not known of what it is given.
    fn derived_call(&mut self, expr: ExprId, given: &[Value]) -> Value {
        let marks =
            given.iter().fold(Meta::default(), |marks, value| marks.with_marks_of(value.marks_within()));
        let value = Value::unknown(Unknown::new(Value::derived(given))).with_marks_of(marks);
        self.written(value, expr)
    }

    /// A provider's function: nothing is run, so its result is not known.
    fn provided(&mut self, expr: ExprId, args: List, expand: bool, frames: Frames<'_>) -> Outcome {
        let given = self.arguments(args, expand, frames)?;
        Ok(self.derived_call(expr, &given.values))
    }

    /// `try(a, b, …)`: the first that has a value.
    fn attempt(&mut self, expr: ExprId, args: List, expand: bool, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        let start = self.log.mark();
        let args = tree.list(args);
        let last = args.len().saturating_sub(1);
        if args.len() == 0 {
            return Err(self.fail(tree.span(expr), "`try` needs at least one expression"));
        }
        for (index, arg) in args.clone().enumerate() {
            let Ok(mut value) = self.evaluate(arg, frames) else { continue };
            if expand && index == last {
                // What a list stands for are values already: the first one it is.
                value = match self.expanded(arg, &value)?.map(|values| values.into_iter().next()) {
                    Some(Some(first)) => first,
                    Some(None) => continue,
                    None => value,
                };
            }
            self.log.rewind(start);
            if value.is_wholly_known() {
                return Ok(value);
            }
            // Once it is known it may fail, and then it is another's turn. One value on its own fails only if there is no
            // attribute of that name at all: where nothing but a constant would take its turn, it is that value or none.
            let is_constant = |arg| tree.references(arg).next().is_none();
            let lone = !expand && args.clone().skip(index + 1).all(is_constant);
            let identity = match value.as_unknown() {
                Some(unknown) if lone && unknown.identity.exact().is_some() => unknown.identity.clone(),
                _ => Value::derived([&value]),
            };
            let unknown = Value::unknown(Unknown::new(identity));
            return Ok(self.written(unknown.with_marks_of(value.marks_within()), expr));
        }
        Err(self.none_succeeded(expr, start))
    }

    /// One problem that tells of all attempts.
    fn none_succeeded(&mut self, expr: ExprId, start: usize) -> Failed {
        let reasons: Vec<Problem> = self.log.problems.drain(start..).collect();
        if reasons.is_empty() {
            return Failed;
        }
        let mut problem = Problem::new(self.place(expr), "none of these expressions has a value");
        for reason in reasons {
            match reason.location {
                Some(location) => problem.labels.push((location, reason.message)),
                None => problem.help = Some(reason.message),
            }
        }
        self.log.report(problem)
    }

    /// `can(a)`: whether it has a value.
    fn can(&mut self, expr: ExprId, args: List, expand: bool, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        let mut list = tree.list(args);
        let (Some(arg), None, false) = (list.next(), list.next(), expand) else {
            return Err(self.fail(tree.span(expr), "`can` takes one expression"));
        };
        let start = self.log.mark();
        let result = self.evaluate(arg, frames);
        self.log.rewind(start);
        let value = match result {
            Err(Failed) => Value::bool(false),
            Ok(value) => {
                if value.is_wholly_known() {
                    Value::bool(true)
                } else {
                    Value::unknown_of(Type::Bool, Value::derived([&value]))
                }
            }
        };
        Ok(self.written(value, expr))
    }

    /// `convert(a, type)`: the value as one of a type that is written out.
    fn convert(&mut self, expr: ExprId, args: List, expand: bool, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        let mut list = tree.list(args);
        let (Some(given), Some(ty), None, false) = (list.next(), list.next(), list.next(), expand) else {
            return Err(self.fail(tree.span(expr), "`convert` takes a value and a type"));
        };
        let value = self.evaluate(given, frames);
        let mut log = ConstraintLog::default();
        let constraint = constraint(tree, ty, self.scope, &mut log);
        self.log.problems.extend(log.types.problems);
        self.log.problems.extend(log.defaults.problems);
        let (value, constraint) = (value?, constraint?);
        let converted = constraint.apply(&value);
        let converted = converted.map_err(|error| self.fail(tree.span(given), error.to_string()))?;
        Ok(self.written_if_new(converted, expr))
    }

    fn no_function(&mut self, span: Span, name: &str) -> Failed {
        let location = self.location(span);
        let problem = Problem::new(location, format!("there is no function `{name}`"));
        let help = match name {
            // Old ones, of which nothing is left but the forms that replaced them.
            "list" => Some("write `[ … ]`".to_owned()),
            "map" => Some("write `{ … }`, with `=` between key and value".to_owned()),
            _ => {
                let names = self.scope.dialect().map_or_else(functions::names, super::Dialect::names);
                did_you_mean(name, names)
            }
        };
        self.log.report(Problem { help, ..problem })
    }

    /// Whether the expression is a name with attributes, indexes and splats behind it.
    fn is_reference(&self, expr: ExprId) -> bool {
        let mut at = expr;
        loop {
            match self.tree.kind(at) {
                ExprKind::Name => return true,
                ExprKind::Attr { base, .. } | ExprKind::Index { base, .. } | ExprKind::Splat { base, .. } => {
                    at = base
                }
                _ => return false,
            }
        }
    }
}

/// How much work a function has with a value, about.
fn effort(value: &Value) -> usize {
    match value.as_str() {
        Some(text) => text.len() / 64,
        None if value.children().next().is_none() => 1,
        None => value.count(bounds::WORK),
    }
}
