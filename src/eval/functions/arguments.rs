//! Reading arguments that the call has converted and checked already.

use super::Fault;
use crate::value::{Kind, Number, Value};

/// What a function does not expect, because the call does not let it through.
fn unexpected(index: usize) -> Fault {
    Fault::at(index, "is not what the function can use")
}

/// The text that argument is.
pub(super) fn text(arguments: &[Value], index: usize) -> Result<&str, Fault> {
    arguments.get(index).and_then(Value::as_str).ok_or_else(|| unexpected(index))
}

/// The number that argument is.
pub(super) fn number(arguments: &[Value], index: usize) -> Result<&Number, Fault> {
    match arguments.get(index).map(Value::kind) {
        Some(Kind::Number(number)) => Ok(number),
        _ => Err(unexpected(index)),
    }
}

/// The whole number that argument is.
pub(super) fn whole(arguments: &[Value], index: usize) -> Result<i64, Fault> {
    let number = number(arguments, index)?;
    number.to_i64().ok_or_else(|| Fault::at(index, "must be a whole number of 64 bits"))
}

/// The argument of that number.
pub(super) fn value(arguments: &[Value], index: usize) -> Result<&Value, Fault> {
    arguments.get(index).ok_or_else(|| unexpected(index))
}

/// The elements of the list, set or tuple that argument is.
pub(super) fn elements(arguments: &[Value], index: usize) -> Result<&[Value], Fault> {
    arguments.get(index).and_then(Value::elements).ok_or_else(|| unexpected(index))
}

/// A text as messages show it: quoted, and cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{:?}…", text.get(..cut).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
