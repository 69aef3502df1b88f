//! Identifiers: `uuid`, `uuidv5`, and `bcrypt`, which is as random.

use sha1::{Digest, Sha1};

use super::Wants::{Number, String as Text};
use super::arguments::{quoted, text};
use super::time::not_before_the_run;
use super::{Call, Fault, Function, Parameter, results};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("bcrypt", &[Parameter::new("str", Text)], Text, bcrypt)
        .variadic(Parameter::new("cost", Number)),
    Function::new("uuid", &[], Text, uuid),
    Function::new("uuidv5", &[Parameter::new("namespace", Text), Parameter::new("name", Text)], Text, uuidv5),
];

fn uuid(call: &mut Call<'_>, _: &[Value]) -> Result<Value, Fault> {
    Ok(not_before_the_run(call, "uuid()"))
}

fn bcrypt(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    if given.len() > 2 {
        return Err(Fault::new(format!("takes a text and a cost, not {} arguments", given.len())));
    }
    Ok(not_before_the_run(call, "bcrypt()"))
}

/// The namespaces that have names; they differ in one byte.
fn well_known(name: &str) -> Option<u128> {
    let which = match name {
        "dns" => 0x10,
        "url" => 0x11,
        "oid" => 0x12,
        "x500" => 0x14,
        _ => return None,
    };
    Some(0x6ba7_b800_9dad_11d1_80b4_00c0_4fd4_30c8 | which << 96)
}

fn uuidv5(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let namespace = text(given, 0)?;
    let Some(space) = well_known(namespace).or_else(|| parse(namespace)) else {
        let fault = Fault::at(0, "is neither \"dns\", \"url\", \"oid\" or \"x500\" nor a UUID");
        return Err(fault.showing(quoted(namespace)));
    };
    let hash = Sha1::new().chain_update(space.to_be_bytes()).chain_update(text(given, 1)?).finalize();
    let id = hash.iter().take(16).fold(0_u128, |id, byte| id << 8 | u128::from(*byte));
    // The version and the variant replace some bits of the hash.
    let id = id & !(0xf << 76) & !(0x3 << 62) | 0x5 << 76 | 0x2 << 62;
    let digits = format!("{id:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
    results::text(parts.join("-"))
}

/// A UUID in one of the usual notations: with dashes, in braces, as a URN, or bare.
fn parse(text: &str) -> Option<u128> {
    let dashed = match text.len() {
        32 => return digits(text, 32),
        36 => text,
        38 => text.get(1..37)?,
        45 if text.get(..9)?.eq_ignore_ascii_case("urn:uuid:") => text.get(9..)?,
        _ => return None,
    };
    let mut id = 0;
    let mut parts = dashed.split('-');
    for length in [8, 4, 4, 4, 12] {
        id = id << (4 * length) | digits(parts.next()?, length)?;
    }
    parts.next().is_none().then_some(id)
}

fn digits(text: &str, length: usize) -> Option<u128> {
    let plain = text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
    if plain { u128::from_str_radix(text, 16).ok() } else { None }
}
