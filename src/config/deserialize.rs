use std::fmt;

use serde::de::{self, DeserializeOwned, IntoDeserializer, Unexpected, Visitor};

use super::{Entry, Setting, SettingKind};
use crate::eval::Problem;
use crate::source::Location;
use crate::suggest::{did_you_mean, one_of};

/// Reads a setting into a type.
///
/// # Errors
/// What is wrong, in plain words, at the part of the setting that is wrong.
pub fn from_setting<T: DeserializeOwned>(setting: &Setting) -> Result<T, Problem> {
    T::deserialize(Read(setting)).map_err(|mut mistake| {
        mistake.settle(setting.location);
        Problem {
            location: mistake.location,
            message: mistake.message,
            help: mistake.help,
            labels: Vec::new(),
            absent: false,
        }
    })
}

/// What is wrong with a setting. It gets its place from the innermost part that it passes on its way out.
#[derive(Debug)]
struct Mistake {
    message: String,
    help: Option<String>,
    location: Option<Location>,
}

impl Mistake {
    fn new(message: String, help: Option<String>) -> Self {
        Self { message, help, location: None }
    }

    fn settle(&mut self, location: Option<Location>) {
        if self.location.is_none() {
            self.location = location;
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string(), None)
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("expected {}, found {}", words(&expected.to_string()), found_words(found)), None)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let found = match found {
            Unexpected::Signed(value) => value.to_string(),
            Unexpected::Unsigned(value) => value.to_string(),
            other => found_words(other).to_owned(),
        };
        Self::new(format!("expected {}, found {found}", words(&expected.to_string())), None)
    }

    fn invalid_length(length: usize, expected: &dyn de::Expected) -> Self {
        Self::new(format!("expected {}, found {length} elements", words(&expected.to_string())), None)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let message = format!("`{variant}` is not one of the values that may stand here");
        let help = did_you_mean(variant, expected.iter().copied()).unwrap_or_else(|| one_of("use", expected));
        Self::new(message, Some(help))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let message = format!("there is no option `{field}`");
        let help = did_you_mean(field, expected.iter().copied())
            .or_else(|| (!expected.is_empty()).then(|| one_of("there is", expected)));
        Self::new(message, help)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("`{field}` is missing"), None)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("`{field}` is set twice"), None)
    }
}

/// Serde's words for what it expects, in ours.
fn words(expected: &str) -> String {
    let ours = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "string" => "a string",
        other if other.starts_with("struct ") => "a map",
        other => other,
    };
    ours.to_owned()
}

fn found_words(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Str(_) | Unexpected::Char(_) => "a string",
        Unexpected::Seq => "a list",
        Unexpected::Map | Unexpected::StructVariant => "a map",
        Unexpected::Unit | Unexpected::Option => "null",
        _ => "something else",
    }
}

#[derive(Clone, Copy)]
struct Read<'a>(&'a Setting);

impl<'de> de::Deserializer<'de> for Read<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let read = match &self.0.kind {
            SettingKind::Null => visitor.visit_unit(),
            SettingKind::Bool(value) => visitor.visit_bool(*value),
            SettingKind::Int(value) => visitor.visit_i64(*value),
            SettingKind::Float(value) => visitor.visit_f64(*value),
            SettingKind::String(text) => visitor.visit_str(text),
            SettingKind::List(elements) => visitor.visit_seq(Elements(elements.iter())),
            SettingKind::Map(entries) => visitor.visit_map(Entries { entries: entries.iter(), value: None }),
        };
        read.map_err(|mut mistake| {
            mistake.settle(self.0.location);
            mistake
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0.kind {
            SettingKind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let SettingKind::String(text) = &self.0.kind else {
            return de::Deserializer::deserialize_enum(Other(self.0), name, variants, visitor);
        };
        visitor.visit_enum(text.as_str().into_deserializer()).map_err(|mut mistake: Mistake| {
            mistake.settle(self.0.location);
            mistake
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// What is no text stands where a word of an enumeration should.
struct Other<'a>(&'a Setting);

impl<'de> de::Deserializer<'de> for Other<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Mistake> {
        let mut mistake = Mistake::new(format!("expected a string, found {}", self.0.words()), None);
        mistake.settle(self.0.location);
        Err(mistake)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_any(visitor).map_err(|mut mistake| {
            mistake.help = Some(one_of("use", variants));
            mistake
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Elements<'a>(std::slice::Iter<'a, Setting>);

impl<'de> de::SeqAccess<'de> for Elements<'_> {
    type Error = Mistake;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        self.0
            .next()
            .map(|element| {
                seed.deserialize(Read(element)).map_err(|mut mistake| {
                    mistake.settle(element.location);
                    mistake
                })
            })
            .transpose()
    }
}

struct Entries<'a> {
    entries: std::slice::Iter<'a, Entry>,
    value: Option<&'a Entry>,
}

impl<'de> de::MapAccess<'de> for Entries<'_> {
    type Error = Mistake;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mistake> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        self.value = Some(entry);
        let key =
            seed.deserialize(entry.key.as_str().into_deserializer()).map_err(|mut mistake: Mistake| {
                mistake.settle(entry.key_location.or(entry.value.location));
                mistake
            })?;
        Ok(Some(key))
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        let Some(entry) = self.value.take() else {
            return Err(Mistake::new("a value without its key".to_owned(), None));
        };
        seed.deserialize(Read(&entry.value)).map_err(|mut mistake| {
            mistake.settle(entry.value.location);
            mistake
        })
    }
}
