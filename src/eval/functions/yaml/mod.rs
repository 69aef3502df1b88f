//! `yamlencode` and `yamldecode`: YAML as Terraform has it, which is 1.2 in its structure and 1.1 in its words.
//!
//! The structure is read by `saphyr-parser`, which gives events and keeps no tree, so that aliases cost nothing until
//! they are counted here. What scalars mean, and how values are written, follows libyaml and is our own.

mod decode;
mod encode;
mod scalar;

#[cfg(test)]
mod tests;

use super::Wants::{Any, String as Text};
use super::arguments::{text, value};
use super::call::unknown_text;
use super::{Call, Fault, Function, Parameter, results};
use crate::value::{Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("yamldecode", &[Parameter::new("src", Text)], Any, yamldecode)
        .returns(|_| Ok(Type::Dynamic))
        .nullable(),
    Function::new("yamlencode", &[Parameter::new("value", Any).null().unknown().dynamic()], Text, yamlencode),
];

fn yamldecode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    decode::decode(text(given, 0)?)
        .map_err(|why| Fault::at(0, format!("is not YAML that can be used: {why}")))
}

fn yamlencode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let value = value(given, 0)?;
    if value.is_wholly_known() { results::text(encode::encode(value)?) } else { Ok(unknown_text("", given)) }
}
