//! Writing JSON as Go's encoder does.

use crate::eval::bounds;
use crate::eval::functions::{Fault, results};
use crate::value::{Kind, Value};

/// Writes a value that is wholly known.
pub(in super::super) fn encode(value: &Value) -> Result<String, Fault> {
    let mut out = String::new();
    write(value, 0, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut String) -> Result<(), Fault> {
    if depth > bounds::VALUE_DEPTH {
        return Err(Fault::new(format!("the value nests deeper than {}", bounds::VALUE_DEPTH)));
    }
    results::within_bytes(out.len())?;
    match value.kind() {
        Kind::Null(_) => out.push_str("null"),
        Kind::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Kind::Number(number) if number.is_infinite() => {
            return Err(Fault::new("infinity has no place in JSON"));
        }
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) => quote(text, out),
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
            out.push('[');
            for (index, element) in value.elements().unwrap_or_default().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(element, depth + 1, out)?;
            }
            out.push(']');
        }
        Kind::Map(_) | Kind::Object(_) => {
            out.push('{');
            for (index, (key, element)) in value.entries().unwrap_or_default().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                write(element, depth + 1, out)?;
            }
            out.push('}');
        }
        Kind::Unknown(_) => return Err(Fault::new("a value that is not known cannot be written")),
    }
    Ok(())
}

/// A text in quotes. What HTML or a script could take for its own is escaped, too.
pub(in super::super) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
