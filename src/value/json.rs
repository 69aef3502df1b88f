//! Values as JSON.

use std::fmt::Write as _;

use super::{Kind, Value};

impl Value {
    /// The value as JSON, numbers in full; `None` if some of it is unknown or infinite, which JSON cannot say. Marks
    /// do not matter: whoever shows the text must see to them.
    #[must_use]
    pub fn to_json(&self) -> Option<String> {
        let mut text = String::new();
        self.write_json(&mut text).then_some(text)
    }

    fn write_json(&self, text: &mut String) -> bool {
        match self.kind() {
            Kind::Null(_) => text.push_str("null"),
            Kind::Unknown(_) => return false,
            Kind::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Kind::Number(number) => {
                let _ = write!(text, "{number}");
                return !number.is_infinite();
            }
            Kind::String(string) => write_string(text, string),
            Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
                text.push('[');
                for (index, value) in self.elements().unwrap_or_default().iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    if !value.write_json(text) {
                        return false;
                    }
                }
                text.push(']');
            }
            Kind::Object(object) if object.rest.is_some() => return false,
            Kind::Map(_) | Kind::Object(_) => {
                text.push('{');
                for (index, (key, value)) in self.entries().unwrap_or_default().iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    write_string(text, key);
                    text.push(':');
                    if !value.write_json(text) {
                        return false;
                    }
                }
                text.push('}');
            }
        }
        true
    }
}

/// A JSON string.
pub(crate) fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for char in string.chars() {
        match char {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}
