//! `format` and `formatlist`.

mod number;
mod verb;

#[cfg(test)]
mod tests;

use super::Wants::{Any, List, String as Text};
use super::arguments::{quoted, text};
use super::call::{unknown, unknown_text};
use super::graphemes::clusters;
use super::{Call, Fault, Function, Parameter, json, results};
use crate::value::{Kind, Type, Value, convert};
use verb::{Piece, Verb, pieces};

const FORMAT: &[Parameter] = &[Parameter::new("format", Text)];
const ARGS: Parameter = Parameter::new("args", Any).null().unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", FORMAT, Text, format_text).variadic(ARGS),
    Function::new("formatlist", FORMAT, List(&Text), formatlist).variadic(ARGS),
];

/// The text in front of the first verb is known even where an argument is not.
fn format_text(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let format = text(given, 0)?;
    let arguments = given.get(1..).unwrap_or_default();
    if !arguments.iter().all(Value::is_wholly_known) {
        let prefix = format.split('%').next().unwrap_or_default();
        return Ok(unknown_text(prefix, given));
    }
    results::text(apply(format, arguments)?)
}

fn formatlist(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let format = text(given, 0)?;
    let arguments = given.get(1..).unwrap_or_default();
    let mut rows: Option<(usize, usize)> = None;
    let mut countable = true;
    for (index, argument) in arguments.iter().enumerate() {
        let length = match argument.kind() {
            Kind::List(_) | Kind::Tuple(_) => argument.elements().map(<[_]>::len),
            Kind::Set(set) if set.values.len() < 2 || argument.is_wholly_known() => Some(set.values.len()),
            Kind::Set(_) => None,
            Kind::Unknown(unknown) => match &unknown.ty {
                Type::Tuple(parts) => {
                    countable = false;
                    Some(parts.len())
                }
                Type::Dynamic | Type::List(_) | Type::Set(_) => None,
                _ => continue,
            },
            _ => continue,
        };
        match (length, rows) {
            (None, _) => countable = false,
            (Some(length), None) => rows = Some((length, index)),
            (Some(length), Some((rows, first))) if length != rows => {
                let first = first + 1;
                let message = format!("has {length} elements, but argument {first} has {rows}");
                return Err(Fault::at(index + 1, message));
            }
            _ => {}
        }
    }
    if !countable {
        return Ok(unknown(Type::list(Type::String), true, given));
    }
    let count = rows.map_or(1, |(rows, _)| rows);
    results::within_elements(count)?;
    let mut values = Vec::with_capacity(count);
    for row in 0..count {
        let of_row = |argument: &Value| {
            argument.elements().and_then(|values| values.get(row)).unwrap_or(argument).clone()
        };
        let arguments: Vec<Value> = arguments.iter().map(of_row).collect();
        values.push(if arguments.iter().all(Value::is_wholly_known) {
            results::text(apply(format, &arguments)?)?
        } else {
            unknown(Type::String, true, &arguments)
        });
    }
    results::list(Type::String, values)
}

/// The format with its verbs replaced.
fn apply(format: &str, arguments: &[Value]) -> Result<String, Fault> {
    let mut out = String::new();
    let mut highest = 0;
    for piece in pieces(format)? {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Verb(verb) => {
                highest = highest.max(verb.argument);
                let Some(argument) = arguments.get(verb.argument - 1) else {
                    let (number, count) = (verb.argument, arguments.len());
                    let message =
                        format!("has the verb {:?} for argument {number}, but there are {count}", verb.raw);
                    return Err(Fault::at(0, message));
                };
                out.push_str(&one(&verb, argument).map_err(|what| {
                    Fault::at(verb.argument, format!("cannot be shown by {:?}: {what}", verb.raw))
                })?);
            }
        }
        results::within_bytes(out.len())?;
    }
    if highest < arguments.len() {
        let message = if highest == 0 {
            "has no verb for an argument".to_owned()
        } else {
            format!("has verbs for {highest} arguments, but there are {}", arguments.len())
        };
        return Err(Fault::at(0, message).showing(quoted(format)));
    }
    Ok(out)
}

/// One argument by one verb.
fn one(verb: &Verb<'_>, argument: &Value) -> Result<String, String> {
    if argument.is_null() && verb.mode != 'v' {
        return Err("it is null".to_owned());
    }
    let as_type = |ty: &Type| convert(argument, ty).map(Value::into_kind).map_err(|error| error.to_string());
    match verb.mode {
        'v' => match argument.kind() {
            Kind::String(text) if !verb.sharp => Ok(padded(verb, text)),
            Kind::Number(found) if !verb.sharp => Ok(padded(verb, &number::shortest(found))),
            _ => json::encode(argument)
                .map(|json| padded(verb, &json))
                .map_err(|fault| fault.message().to_owned()),
        },
        't' => match as_type(&Type::Bool)? {
            Kind::Bool(true) => Ok("true".to_owned()),
            _ => Ok("false".to_owned()),
        },
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
            let Kind::Number(found) = as_type(&Type::Number)? else {
                return Err("it is not a number".to_owned());
            };
            if matches!(verb.mode, 'e' | 'E' | 'f' | 'g' | 'G') {
                return Ok(number::float(verb, &found));
            }
            let whole = found.to_bigint().ok_or("it is not a whole number")?;
            Ok(number::integer(verb, &whole))
        }
        's' | 'q' => {
            let Kind::String(text) = as_type(&Type::String)? else {
                return Err("it is not a text".to_owned());
            };
            let cut: String = match verb.precision {
                Some(most) if most > 0 => clusters(&text).take(most).collect(),
                _ => text.to_string(),
            };
            if verb.mode == 's' {
                return Ok(padded(verb, &cut));
            }
            let mut quoted = String::new();
            json::quote(&cut, &mut quoted);
            Ok(padded(verb, &quoted))
        }
        mode => Err(format!("there is no verb with {mode:?}")),
    }
}

/// The text, filled up to the width, which counts grapheme clusters.
fn padded(verb: &Verb<'_>, text: &str) -> String {
    let missing = verb.width.map_or(0, |width| width.saturating_sub(clusters(text).count()));
    let padding = if verb.zero { "0" } else { " " }.repeat(missing);
    if verb.minus { format!("{text}{padding}") } else { format!("{padding}{text}") }
}
