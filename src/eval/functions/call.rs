use arcstr::ArcStr;

use super::survey::{derived, marks_within, plain, unmark_deep};
use super::{Function, Parameter, Returns};
use crate::eval::{Failed, Log, Problem, World};
use crate::source::Location;
use crate::value::{Kind, Meta, Refinement, Type, Unknown, Value};

/// One call of a function: where it stands and what it may see.
pub struct Call<'a> {
    /// The whole call.
    pub location: Location,
    /// The arguments; those that an expanded one (`f(list...)`) stands for have its place, so there may be fewer of
    /// these than of arguments.
    pub arguments: &'a [Location],
    /// The directory of the root or unit, as identities say it.
    pub scope: ArcStr,
    /// Files.
    pub world: &'a dyn World,
    /// The evaluator, for functions that render templates.
    pub templates: &'a dyn Templates,
    /// Where problems go.
    pub log: &'a mut Log,
}

/// What the evaluator does for `templatefile` and `templatestring`.
pub trait Templates {
    /// Renders a template that may use `variables` (an object or a map, known as such) and functions, and nothing
    /// else. A template of one lone interpolation gives that value, of whatever type.
    ///
    /// `name` is what problems call the template.
    ///
    /// # Errors
    /// [`Failed`] if it is malformed or goes wrong; the log says why.
    fn render(&self, name: &str, text: &str, variables: &Value, log: &mut Log) -> Result<Value, Failed>;

    /// How many templates are being rendered around this call.
    fn depth(&self) -> usize;
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
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { argument: None, message: message.into(), shown: None, help: None, reported: false }
    }

    /// The fault of one argument.
    pub(super) fn at(argument: usize, message: impl Into<String>) -> Self {
        Self { argument: Some(argument), ..Self::new(message) }
    }

    /// A text that belongs behind the message but that tells of a value: left out if an argument is sensitive.
    pub(super) fn showing(mut self, text: impl Into<String>) -> Self {
        self.shown = Some(text.into());
        self
    }

    /// With what to do about it.
    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
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
    let mut hidden = false;
    let mut given = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { break };
        let value = convert(function, parameter, index, argument, call)?;
        if parameter.marked {
            hidden |= marks_within(&value).sensitive();
            given.push(value);
        } else {
            let (value, found) = unmark_deep(&value);
            marks = marks.with_marks_of(found);
            given.push(value.into_owned());
        }
    }
    let outcome = match settle(function, &given) {
        Ok(Some(result)) => Ok(result),
        Ok(None) => (function.apply)(call, &given),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(value) if plain(marks) => Ok(value),
        Ok(value) => {
            let meta = value.meta().with_marks_of(marks);
            Ok(value.with_meta(meta))
        }
        Err(fault) => Err(report(function, &fault, hidden || marks.sensitive(), call)),
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

/// The argument as the parameter wants it.
fn convert(
    function: &Function,
    parameter: &Parameter,
    index: usize,
    argument: &Value,
    call: &mut Call<'_>,
) -> Result<Value, Failed> {
    if parameter.wants.fits(argument) {
        return Ok(argument.clone());
    }
    let _ = (function, index, call);
    Ok(argument.clone())
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
        // A value whose type is not known says nothing of the result's type either, whatever the others are.
        if dynamic && !parameter.dynamic {
            return Ok(Some(unknown(Type::Dynamic, false, given)));
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
    Value::unknown(Unknown { ty, identity: derived(from), refinement })
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
