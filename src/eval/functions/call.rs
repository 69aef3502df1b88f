use std::borrow::Cow;

use arcstr::ArcStr;

use super::results::normalised;
use super::{Apply, Function, Returns};
use crate::eval::bounds;
use crate::eval::{Dialect, Failed, Log, Problem, World};
use crate::source::Location;
use crate::value::{ConversionError, Kind, Meta, Refinement, Type, Unknown, Value, convert};

/// One call of a function: where it stands and what it may see.
pub struct Call<'a> {
    /// The whole call.
    pub location: Location,
    /// The arguments; those that an expanded one (`f(list...)`) stands for have its place, so there may be fewer of
    /// these than of arguments.
    pub arguments: &'a [Location],
    /// The directory of the root or unit, as identities say it.
    pub scope: ArcStr,
    /// Whether the first argument is written as a reference (with indexes and splats, if any), as `templatestring`
    /// wants it.
    pub by_reference: bool,
    /// Files.
    pub world: &'a dyn World,
    /// The dialect that the call is written in, if it has functions of its own.
    pub dialect: Option<&'a dyn Dialect>,
    /// The evaluator, for functions that render templates.
    pub templates: &'a dyn Templates,
    /// Where problems go.
    pub log: &'a mut Log,
}

/// What the evaluator does for `templatefile` and `templatestring`.
pub trait Templates {
    /// Renders a template that may use `variables` (a known object or map) and functions, and nothing else. A name
    /// that is not among the variables is an error wherever it stands, a branch that is not taken included. A template
    /// of one lone interpolation gives that value, of whatever type.
    ///
    /// `name` is what problems call the template.
    ///
    /// # Errors
    /// [`Failed`] if it is malformed or goes wrong; the log says why.
    fn render(&self, template: Template<'_>, variables: &Value, log: &mut Log) -> Result<Value, Failed>;

    /// What kind of template the call itself stands in.
    fn within(&self) -> Within;
}

/// A template to render.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    /// What problems call it: the path as the call gives it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What calls in it stand in.
    pub within: Within,
}

/// What an expression stands in, as far as functions care.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Within {
    /// The configuration.
    #[default]
    Module,
    /// A template that `templatefile` renders: it may not render others.
    TemplateFile,
    /// A template that `templatestring` renders: it may not touch files either.
    TemplateString,
}

/// Why a function cannot do what it is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    argument: Option<usize>,
    message: String,
    shown: Option<String>,
    help: Option<String>,
    reported: bool,
}

impl Fault {
    /// A fault of the call as a whole. The message must not show what an argument's value is.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { argument: None, message: message.into(), shown: None, help: None, reported: false }
    }

    /// The fault of one argument.
    #[must_use]
    pub fn at(argument: usize, message: impl Into<String>) -> Self {
        Self { argument: Some(argument), ..Self::new(message) }
    }

    /// A text that belongs behind the message but that tells of a value: left out if an argument is sensitive.
    #[must_use]
    pub fn showing(mut self, text: impl Into<String>) -> Self {
        self.shown = Some(text.into());
        self
    }

    /// What is wrong, without any text that tells of a value.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Failed> for Fault {
    /// The log has it already.
    fn from(_: Failed) -> Self {
        Self { reported: true, ..Self::new("") }
    }
}

/// Calls a function. The result has no origin of its own, unless it is a value that was handed in.
///
/// # Errors
/// [`Failed`] if the arguments are wrong; the log says which and why, and shows no sensitive value.
pub fn call(function: &'static Function, arguments: &[Value], call: &mut Call<'_>) -> Result<Value, Failed> {
    count(function, arguments.len(), call)?;
    let mut marks = Meta::default();
    let mut given = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { break };
        let value = if parameter.wants.fits(argument) {
            argument.clone()
        } else {
            let fault = |error: ConversionError| Fault::at(index, error.to_string());
            convert(argument, &parameter.wants.ty())
                .map_err(|error| report(function, &fault(error), false, call))?
        };
        if parameter.marked {
            given.push(value);
            continue;
        }
        match value.unmarked_deep() {
            Cow::Borrowed(_) => given.push(value),
            Cow::Owned(plain) => {
                marks = marks.with_marks_of(value.marks_within());
                given.push(plain);
            }
        }
    }
    // The marks that a function sees to itself, if it gets to it. They lie anywhere in the arguments, so they are only
    // looked for where they matter.
    let kept =
        || given.iter().fold(Meta::default(), |marks, value| marks.with_marks_of(value.marks_within()));
    let outcome = match settle(function, &given) {
        Ok(Some(result)) => Ok(result.with_marks_of(kept())),
        Ok(None) => match (function.apply, call.dialect) {
            (Apply::Code(code), _) => code(call, &given),
            (Apply::Dialect, Some(dialect)) => dialect.call(function, &given, call),
            (Apply::Dialect, None) => Err(Fault::new("there is no such function here")),
        },
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(value) => Ok(value.with_marks_of(marks)),
        Err(fault) => Err(report(function, &fault, marks.sensitive() || kept().sensitive(), call)),
    }
}

/// The number of arguments fits.
fn count(function: &Function, given: usize, call: &mut Call<'_>) -> Result<(), Failed> {
    let wanted = function.parameters.len();
    if given < wanted {
        let missing: Vec<_> =
            function.parameters.iter().skip(given).map(|parameter| parameter.name).collect();
        let message = format!("function {:?} is not given {}", function.name, missing.join(", "));
        return Err(call.log.report(Problem::new(call.location, message)));
    }
    if given > wanted && function.variadic.is_none() {
        let location = call.arguments.get(wanted).or(call.arguments.last()).copied().unwrap_or(call.location);
        let arguments = if wanted == 1 { "argument" } else { "arguments" };
        let message = format!("function {:?} takes {wanted} {arguments}, not {given}", function.name);
        return Err(call.log.report(Problem::new(location, message)));
    }
    Ok(())
}

/// What the call comes to without the function's own code: an error if null is given where it must not be, an unknown
/// value if an argument is unknown that the function does not look at itself.
fn settle(function: &Function, given: &[Value]) -> Result<Option<Value>, Fault> {
    let mut unknown_given = false;
    for (index, value) in given.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { break };
        let dynamic = match value.kind() {
            Kind::Null(_) if !parameter.null => return Err(Fault::at(index, "must not be null")),
            Kind::Null(ty) => ty.as_deref().is_none_or(|ty| *ty == Type::Dynamic),
            Kind::Unknown(unknown) => {
                unknown_given |= !parameter.unknown;
                unknown.ty == Type::Dynamic
            }
            _ => false,
        };
        // A value whose type is not known says nothing of the result's type either, whatever the others are. But where
        // the result's type is always the same it can be told, and here types are not known more often than in a run.
        if dynamic && !parameter.dynamic {
            let ty = match function.returns {
                Returns::Always(wants) if !value.is_null() => wants.ty(),
                _ => Type::Dynamic,
            };
            return Ok(Some(unknown(ty, false, given)));
        }
    }
    if !unknown_given {
        return Ok(None);
    }
    let ty = match function.returns {
        Returns::Always(wants) => wants.ty(),
        Returns::From(from) => from(given)?,
    };
    Ok(Some(unknown(ty, !function.nullable, given)))
}

/// An unknown value that is computed from these.
pub(super) fn unknown(ty: Type, not_null: bool, from: &[Value]) -> Value {
    let refinement = Refinement { not_null, ..Refinement::default() };
    Value::unknown(Unknown { ty, identity: Value::derived(from), refinement })
}

/// A text that is computed from these and begins so.
pub(super) fn unknown_text(prefix: &str, from: &[Value]) -> Value {
    let prefix =
        prefix.get(..prefix.floor_char_boundary(bounds::PREFIX_BYTES)).filter(|prefix| !prefix.is_empty());
    let prefix = prefix.map(normalised);
    let refinement = Refinement { not_null: true, prefix, length: None };
    Value::unknown(Unknown { ty: Type::String, identity: Value::derived(from), refinement })
}

fn report(function: &Function, fault: &Fault, hidden: bool, call: &mut Call<'_>) -> Failed {
    if fault.reported {
        return Failed;
    }
    let mut message = format!("function {:?}: ", function.name);
    let mut location = call.location;
    if let Some(index) = fault.argument {
        if let Some(parameter) = function.parameter(index) {
            message.push_str("argument ");
            message.push_str(parameter.name);
            message.push_str(": ");
        }
        location = call.arguments.get(index).or(call.arguments.last()).copied().unwrap_or(location);
    }
    message.push_str(&fault.message);
    if let (Some(shown), false) = (&fault.shown, hidden) {
        message.push_str(": ");
        message.push_str(shown);
    }
    let mut problem = Problem::new(location, message);
    problem.help.clone_from(&fault.help);
    call.log.report(problem)
}
