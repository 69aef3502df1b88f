//! What scalars mean.

use saphyr_parser::ScalarStyle;

use crate::eval::functions::encoding;
use crate::eval::functions::results::normalised;
use crate::eval::functions::time::yaml_timestamp;
use crate::value::{Number, Value};

/// A tag as far as scalars know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tag {
    /// None is written.
    None,
    Str,
    Binary,
    Bool,
    Number,
    Timestamp,
    Null,
}

/// The value of a scalar.
pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Tag) -> Result<Value, String> {
    if tag == Tag::Binary && encoding::decode(text).is_none() {
        return Err("a scalar is tagged as binary but is not Base64".to_owned());
    }
    let plain_string = || Ok(Value::string(normalised(text)));
    if matches!(tag, Tag::Str | Tag::Binary) {
        return plain_string();
    }
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    if could_be_other(text) {
        if quoted {
            return plain_string();
        }
        if let Some(value) = word(text) {
            return Ok(value);
        }
        if tag == Tag::None
            && let Some(value) = untagged(text)?
        {
            return Ok(value);
        }
    }
    match tag {
        Tag::None | Tag::Str | Tag::Binary => plain_string(),
        Tag::Null => Ok(Value::null()),
        Tag::Timestamp => timestamp(text).ok_or_else(|| mismatch("a timestamp")),
        Tag::Number => number(text).map(Value::number).ok_or_else(|| mismatch("a number")),
        Tag::Bool => Err(mismatch("a boolean")),
    }
}

fn mismatch(what: &str) -> String {
    format!("a scalar is tagged as {what} but is none")
}

/// Whether a text begins in such a way that it could be more than a text.
fn could_be_other(text: &str) -> bool {
    text.bytes().next().is_none_or(|byte| byte.is_ascii_digit() || b"+-.yYnNtTfFoO~".contains(&byte))
}

/// The words of YAML 1.1.
fn word(text: &str) -> Option<Value> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Value::bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::bool(false)
        }
        "" | "~" | "null" | "Null" | "NULL" => Value::null(),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::number(Number::parse("Inf")?),
        "-.inf" | "-.Inf" | "-.INF" => Value::number(Number::parse("-Inf")?),
        _ => return None,
    })
}

/// Numbers and timestamps that no tag announces.
fn untagged(text: &str) -> Result<Option<Value>, String> {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err("not-a-number is no number of the language".to_owned());
    }
    let first = text.bytes().next().unwrap_or_default();
    if first == b'.' {
        return Ok(Number::parse(text).map(Value::number));
    }
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-') {
        return Ok(None);
    }
    if let Some(value) = timestamp(text) {
        return Ok(Some(value));
    }
    if is_integer(text) || is_float(text) {
        return number(text).map(|number| Some(Value::number(number))).ok_or_else(|| mismatch("a number"));
    }
    Ok(None)
}

fn timestamp(text: &str) -> Option<Value> {
    yaml_timestamp(text).map(|moment| Value::string(moment.rfc3339()))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_integer(text: &str) -> bool {
    let all = |digits: &str, is: fn(&u8) -> bool| !digits.is_empty() && digits.as_bytes().iter().all(is);
    all(unsigned(text), u8::is_ascii_digit)
        || text.strip_prefix("0o").is_some_and(|digits| all(digits, |byte| (b'0'..=b'7').contains(byte)))
        || text.strip_prefix("0x").is_some_and(|digits| all(digits, u8::is_ascii_hexdigit))
}

fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match unsigned(text).split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned(text), None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    mantissa_fits
        && exponent.is_none_or(|exponent| !unsigned(exponent).is_empty() && digits(unsigned(exponent)))
}

/// A number, decimal or with a prefix that says its base.
fn number(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    if let Some(number) = Number::parse(&plain) {
        return Some(number);
    }
    let digits = unsigned(&plain);
    let (base, digits) = match digits.get(..2)?.to_ascii_lowercase().as_str() {
        "0x" => (16, digits.get(2..)?),
        "0o" => (8, digits.get(2..)?),
        "0b" => (2, digits.get(2..)?),
        _ => return None,
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from(u64::from_str_radix(digits, base).ok()?);
    let value = if plain.starts_with('-') { -value } else { value };
    let value = if value < 0 { i64::try_from(value).ok().map(i128::from)? } else { value };
    Some(Number::from_bigint(&value.into()))
}
