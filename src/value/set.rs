//! Sets: which elements are the same, and the order they come in.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::{Kind, Type, Value};

/// The elements in the language's order, each once. Unknown ones may turn out to be any, so all of them stay.
pub(super) fn ordered(element: &Type, values: Vec<Value>) -> Vec<Value> {
    if values.len() < 2 {
        return values;
    }
    if element.is_primitive() {
        let mut values = values;
        values.sort_by(compare_primitives);
        values.dedup_by(|later, earlier| later.as_unknown().is_none() && later == earlier);
        return values;
    }
    let mut keyed: Vec<(String, Value)> = values.into_iter().map(|value| (key(&value), value)).collect();
    keyed.sort_by(|(a, x), (b, y)| rank(x).cmp(&rank(y)).then_with(|| a.cmp(b)));
    // Numbers are cut to ten digits in the key, so different values may share one: all of a key are compared.
    let mut kept: Vec<(String, Value)> = Vec::with_capacity(keyed.len());
    for (key, value) in keyed {
        let seen = kept.iter().rev().take_while(|(other, _)| *other == key).any(|(_, other)| *other == value);
        if !seen || !value.is_wholly_known() {
            kept.push((key, value));
        }
    }
    kept.into_iter().map(|(_, value)| value).collect()
}

/// Null comes behind all that is known, the unknown behind null.
fn rank(value: &Value) -> u8 {
    match value.kind() {
        Kind::Unknown(_) => 2,
        Kind::Null(_) => 1,
        _ => 0,
    }
}

fn compare_primitives(a: &Value, b: &Value) -> Ordering {
    rank(a).cmp(&rank(b)).then_with(|| match (a.kind(), b.kind()) {
        (Kind::String(a), Kind::String(b)) => a.cmp(b),
        (Kind::Number(a), Kind::Number(b)) => a.compare(b),
        (Kind::Bool(a), Kind::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    })
}

/// The text by which structures are ordered.
fn key(value: &Value) -> String {
    let mut text = String::new();
    write_key(&mut text, value);
    text
}

fn write_key(text: &mut String, value: &Value) {
    match value.kind() {
        Kind::Unknown(_) => text.push('?'),
        Kind::Null(_) => text.push('~'),
        Kind::Bool(value) => text.push(if *value { 'T' } else { 'F' }),
        Kind::Number(number) => text.push_str(&number.text_of_ten_digits()),
        Kind::String(string) => write_quoted(text, string),
        Kind::List(sequence) | Kind::Set(sequence) => {
            write_all(text, ('[', ']'), &sequence.values);
        }
        Kind::Tuple(values) => write_all(text, ('<', '>'), values),
        Kind::Object(object) => {
            text.push('<');
            for (_, value) in &object.entries {
                write_key(text, value);
                text.push(';');
            }
            text.push('>');
        }
        Kind::Map(map) => {
            text.push('{');
            for (key, value) in &map.entries {
                write_quoted(text, key);
                text.push(':');
                write_key(text, value);
                text.push(';');
            }
            text.push('}');
        }
    }
}

fn write_all(text: &mut String, (open, close): (char, char), values: &[Value]) {
    text.push(open);
    for value in values {
        write_key(text, value);
        text.push(';');
    }
    text.push(close);
}

fn write_quoted(text: &mut String, string: &str) {
    text.push('"');
    for char in string.chars() {
        match char {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{7}' => text.push_str("\\a"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{b}' => text.push_str("\\v"),
            ' '..='\u{7e}' => text.push(char),
            control if control.is_ascii() => {
                let _ = write!(text, "\\x{:02x}", u32::from(control));
            }
            hidden if hidden.is_control() || (hidden.is_whitespace()) => {
                let _ = write!(text, "\\u{:04x}", u32::from(hidden));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}
