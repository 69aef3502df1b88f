//! `jsonencode` and `jsondecode`.

mod decode;
mod encode;

#[cfg(test)]
mod tests;

use super::Wants::{Any, String as Text};
use super::arguments::{text, value};
use super::call::unknown_text;
use super::{Call, Fault, Function, Parameter, results};
use crate::value::{Kind, Type, Value};
pub(super) use encode::{encode, quote};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("jsondecode", &[Parameter::new("str", Text)], Any, jsondecode)
        .returns(jsondecode_type)
        .nullable(),
    Function::new("jsonencode", &[Parameter::new("val", Any).null().unknown().dynamic()], Text, jsonencode),
];

fn jsonencode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let value = value(given, 0)?;
    if value.is_wholly_known() {
        return results::text(encode(value)?);
    }
    let begins = match value.kind() {
        Kind::Unknown(unknown) if unknown.refinement.not_null => match unknown.ty {
            Type::String => "\"",
            Type::Map(_) | Type::Object(_) => "{",
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => "[",
            Type::Dynamic | Type::Bool | Type::Number => "",
        },
        Kind::Map(_) | Kind::Object(_) => "{",
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => "[",
        _ => "",
    };
    Ok(unknown_text(begins, given))
}

fn jsondecode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    decode::decode(text(given, 0)?).map_err(|why| Fault::at(0, format!("is not valid JSON: {why}")))
}

/// How the text begins can tell what comes out.
fn jsondecode_type(given: &[Value]) -> Result<Type, Fault> {
    let prefix = value(given, 0)?.as_unknown().and_then(|unknown| unknown.refinement.prefix.as_deref());
    match prefix.unwrap_or_default().trim_start().chars().next() {
        Some('"') => Ok(Type::String),
        Some('t' | 'f') => Ok(Type::Bool),
        Some('-' | '.' | '0'..='9') => Ok(Type::Number),
        Some('{' | '[' | 'n') | None => Ok(Type::Dynamic),
        Some(_) => Err(Fault::at(0, "begins as no JSON does")),
    }
}
