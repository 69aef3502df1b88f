use arcstr::ArcStr;

use crate::source::Location;

/// A value of the configuration with the place of every part of it, so that an error can point at the part that is wrong.
#[derive(Clone, PartialEq, Debug)]
pub struct Setting {
    /// What it is.
    pub kind: SettingKind,
    /// Where it stands; `None` for what no file wrote (the command line, a default).
    pub location: Option<Location>,
}

/// What a [`Setting`] is.
#[derive(Clone, PartialEq, Debug)]
pub enum SettingKind {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(ArcStr),
    /// A list; also the blocks of one type.
    List(Vec<Setting>),
    /// A map; also a block's attributes, and labelled blocks by label.
    Map(Vec<Entry>),
}

/// An entry of a map.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key.
    pub key: ArcStr,
    /// Where the key stands.
    pub key_location: Option<Location>,
    /// The value.
    pub value: Setting,
}

impl Setting {
    /// A setting that no file wrote.
    #[must_use]
    pub fn unwritten(kind: SettingKind) -> Self {
        Self { kind, location: None }
    }

    /// A setting that stands at a place.
    #[must_use]
    pub fn at(location: Location, kind: SettingKind) -> Self {
        Self { kind, location: Some(location) }
    }

    /// What it is, for an error.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.kind {
            SettingKind::Null => "null",
            SettingKind::Bool(_) => "a boolean",
            SettingKind::Int(_) | SettingKind::Float(_) => "a number",
            SettingKind::String(_) => "a string",
            SettingKind::List(_) => "a list",
            SettingKind::Map(_) => "a map",
        }
    }

    /// The entries, if it is a map.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            SettingKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The setting as it would be written.
    #[must_use]
    pub fn to_hcl(&self) -> String {
        match &self.kind {
            SettingKind::Null => "null".to_owned(),
            SettingKind::Bool(value) => value.to_string(),
            SettingKind::Int(value) => value.to_string(),
            SettingKind::Float(value) => value.to_string(),
            SettingKind::String(text) => quoted(text),
            SettingKind::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::to_hcl).collect();
                format!("[{}]", elements.join(", "))
            }
            SettingKind::Map(entries) if entries.is_empty() => "{}".to_owned(),
            SettingKind::Map(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|entry| format!("{} = {}", key(&entry.key), entry.value.to_hcl()))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// A key as it would be written.
#[must_use]
pub fn key(name: &str) -> String {
    if crate::syntax::is_identifier(name) { name.to_owned() } else { quoted(name) }
}

/// A text as it would be written, in quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other if other.is_control() => quoted.push_str(&format!("\\u{:04x}", other as u32)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted.replace("${", "$${").replace("%{", "%%{")
}
