//! Patterns that options are made of, checked when the configuration is read.

use std::fmt;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text in which `*` stands for anything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Glob(String);

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    /// The pattern as it was written.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` is such a text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else { return self.0 == text };
        let Some(mut text) = text.strip_prefix(first) else { return false };
        let mut parts: Vec<&str> = rest.split('*').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let Some(at) = text.find(part) else { return false };
            text = text.get(at + part.len()..).unwrap_or_default();
        }
        text.ends_with(last)
    }
}

/// A way of writing names: one of those that have a name themselves, or a regular expression.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub(super) struct Naming {
    written: String,
    /// `None` admits everything.
    regex: Option<Regex>,
}

const SNAKE: &str = "snake_case";
const KEBAB: &str = "kebab-case";

impl Naming {
    /// Whether a name is written so.
    pub(super) fn admits(&self, name: &str) -> bool {
        self.regex.as_ref().is_none_or(|regex| regex.is_match(name))
    }

    /// The same name, written so, where that is plain.
    pub(super) fn suggestion(&self, name: &str) -> Option<String> {
        let separator = match self.written.as_str() {
            SNAKE => '_',
            KEBAB => '-',
            _ => return None,
        };
        let mut better = String::new();
        let mut before = None;
        for char in name.chars() {
            match char {
                '-' | '_' | '.' | ' ' => better.push(separator),
                upper if upper.is_uppercase() => {
                    let word =
                        before.is_some_and(|before: char| before.is_lowercase() || before.is_ascii_digit());
                    better.extend(word.then_some(separator));
                    better.extend(upper.to_lowercase());
                }
                other => better.push(other),
            }
            before = Some(char);
        }
        self.admits(&better).then_some(better)
    }
}

impl Default for Naming {
    fn default() -> Self {
        // The names that are built in are all there is to go wrong, and a test reads them.
        Self::try_from(SNAKE.to_owned()).unwrap_or(Self { written: "any".to_owned(), regex: None })
    }
}

impl TryFrom<String> for Naming {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        // A leading underscore marks what is only for the module itself.
        let regex = match written.as_str() {
            "any" => return Ok(Self { written, regex: None }),
            SNAKE => "[a-z_][a-z0-9_]*",
            "mixed_snake_case" => "[A-Za-z_][A-Za-z0-9_]*",
            KEBAB => "[a-z_][a-z0-9-]*",
            "camelCase" => "_*[a-z][A-Za-z0-9]*",
            other => other,
        };
        match Regex::new(&format!("^(?:{regex})$")) {
            Ok(regex) => Ok(Self { written, regex: Some(regex) }),
            Err(_) => Err(format!("`{written}` is neither a way of writing names nor a regular expression")),
        }
    }
}

impl From<Naming> for String {
    fn from(naming: Naming) -> Self {
        naming.written
    }
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.written.as_str() {
            SNAKE | KEBAB | "mixed_snake_case" | "camelCase" => write!(f, "in {}", self.written),
            regex => write!(f, "as `{regex}` says"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, matches) in [
            ("tags", "tags", true),
            ("tags", "tags_all", false),
            ("tags*", "tags_all", true),
            ("*_tags", "all_tags", true),
            ("*a*b*", "xaxbx", true),
            ("*a*b", "xbxa", false),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(text), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn names_are_judged_and_rewritten() {
        for (format, name, admitted, better) in [
            ("snake_case", "order_events_2", true, Some("order_events_2")),
            ("snake_case", "_private", true, Some("_private")),
            ("snake_case", "Order-Events", false, Some("order_events")),
            ("snake_case", "orderEventsV2", false, Some("order_events_v2")),
            ("snake_case", "HTTPPort", false, Some("httpport")),
            ("kebab-case", "order_events", false, Some("order-events")),
            ("camelCase", "orderEvents", true, None),
            ("mixed_snake_case", "Order_Events", true, None),
            ("mixed_snake_case", "order-events", false, None),
            ("^tf_.*", "tf_x", true, None),
            ("tf_.*", "xtf_x", false, None),
            ("any", "-", true, None),
        ] {
            let naming = Naming::try_from(format.to_owned()).unwrap();
            assert_eq!(naming.admits(name), admitted, "{format} {name}");
            assert_eq!(naming.suggestion(name).as_deref(), better, "{format} {name}");
        }
        assert_eq!(Naming::default().written, SNAKE);
        assert!(Naming::try_from("(".to_owned()).is_err());
    }
}
