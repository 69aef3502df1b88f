use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::name::{Suspicion, Words};
use super::sight;

/// What a recogniser can be told beyond what it knows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// More names whose values are secrets; `*` stands for any letters: `["*_pin", "licence_code"]`.
    pub names: Vec<String>,
    /// Names whose values are no secrets after all; `*` stands for any letters.
    pub ignored_names: Vec<String>,
    /// Texts that stand in for a secret, as regular expressions that need to match anywhere in it: `["^dev-"]`.
    #[serde(deserialize_with = "expressions")]
    pub placeholders: Vec<String>,
    /// How random a text must be to be a secret where its name only hints at one (`salt`, `webhook`), in bits a
    /// character. Words have less than 3.5, random letters and digits more than 4.
    pub entropy: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { names: Vec::new(), ignored_names: Vec::new(), placeholders: Vec::new(), entropy: 3.7 }
    }
}

/// Knows secrets when it sees them.
#[derive(Debug)]
pub struct Recogniser {
    names: Vec<String>,
    ignored_names: Vec<String>,
    placeholders: Vec<Regex>,
    entropy: f64,
}

impl Default for Recogniser {
    fn default() -> Self {
        Self::new(&Options::default())
    }
}

impl Recogniser {
    /// One that follows these options. A regular expression that is none matches nothing.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self {
            names: options.names.iter().map(|name| name.to_lowercase()).collect(),
            ignored_names: options.ignored_names.iter().map(|name| name.to_lowercase()).collect(),
            placeholders: options.placeholders.iter().filter_map(|text| Regex::new(text).ok()).collect(),
            entropy: options.entropy,
        }
    }

    pub(super) fn entropy(&self) -> f64 {
        self.entropy
    }

    /// Whether the configuration says that a text stands in for a secret.
    pub(super) fn stands_in(&self, text: &str) -> bool {
        self.placeholders.iter().any(|pattern| pattern.is_match(text))
    }

    /// Whether it was told of names beyond those that it knows.
    pub(super) fn has_own_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// How much a name says that its value is a secret.
    #[must_use]
    pub fn suspicion(&self, name: &str) -> Suspicion {
        if !self.names.is_empty() || !self.ignored_names.is_empty() {
            let lower = name.to_lowercase();
            if self.ignored_names.iter().any(|pattern| matches(pattern, &lower)) {
                return Suspicion::None;
            }
            if self.names.iter().any(|pattern| matches(pattern, &lower)) {
                return Suspicion::Password;
            }
        }
        if sight::names_in(name) { Words::of(name).suspicion() } else { Suspicion::None }
    }
}

/// Texts that are regular expressions.
fn expressions<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    match texts.iter().find(|text| Regex::new(text).is_err()) {
        Some(wrong) => Err(serde::de::Error::custom(format!("`{wrong}` is no regular expression"))),
        None => Ok(texts),
    }
}

/// Whether a name is what a pattern says, in which `*` stands for any letters.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_letters() {
        for (pattern, name, expected) in [
            ("*_pin", "door_pin", true),
            ("*_pin", "door_pins", false),
            ("pin", "pin", true),
            ("pin", "spin", false),
            ("door*pin*", "door_main_pin_1", true),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn names_are_added_and_taken_away() {
        let options = Options {
            names: vec!["*_PIN".into()],
            ignored_names: vec!["legacy_*".into()],
            ..Options::default()
        };
        let recogniser = Recogniser::new(&options);
        assert_eq!(recogniser.suspicion("door_pin"), Suspicion::Password);
        assert_eq!(recogniser.suspicion("legacy_password"), Suspicion::None);
        assert_eq!(recogniser.suspicion("password"), Suspicion::Password);
        assert_eq!(Recogniser::default().suspicion("door_pin"), Suspicion::None);
    }
}
