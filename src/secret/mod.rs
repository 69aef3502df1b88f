//! Recognises secrets in texts: passwords, keys and tokens that somebody wrote where everybody can read them.
//!
//! A [`Recogniser`] looks at a literal together with the name it is given to, or at a text without structure. It knows
//! a secret by its format (`AKIA…`, a private key), by the name that it is given to (`password = …`), or by its
//! randomness under a name that hints at one. What stands in for a secret (`changeme`, `<password>`), names one (an ARN,
//! a path) or is made from a reference is none.
//!
//! It stands this low because three rooms need the same answer: the rule that reports, the reports that mask and the
//! commands that print values.

mod assignment;
mod encoded;
mod entropy;
mod format;
mod literal;
mod name;
mod placeholder;
mod recogniser;
mod reference;
mod sight;
mod text;
mod texts;
mod tree;
mod url;

use crate::source::Span;

pub use name::{NAME_KEYS, Suspicion, VALUE_KEYS, Words};
pub use recogniser::{Options, Recogniser};
pub use texts::Texts;

/// The rule that reports secrets; machine output names it where a value is left out.
pub const RULE: &str = "hardcoded-secret";

/// A secret in a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Secret {
    /// Its bytes, without quotes.
    pub span: Span,
    /// What it was known by.
    pub sign: Sign,
    /// Whether it is sure enough to be reported. What is not is kept out of excerpts all the same.
    pub certain: bool,
}

/// What a secret was known by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sign {
    /// Its format, in words: `an AWS access key`.
    Format(&'static str),
    /// It is the password of an address: `postgres://user:password@host`.
    Address,
    /// The name that it is given to.
    Name(String),
    /// Its randomness, under a name that hints at a secret.
    Random(String),
}

impl Sign {
    /// The name that gave it away, if one did.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) | Self::Random(name) => Some(name),
            Self::Format(_) | Self::Address => None,
        }
    }

    /// What is wrong, as a finding says it. Never shows the secret.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Format(words) => format!("{words} is written in plain text"),
            Self::Address => "the password of an address is written in plain text".to_owned(),
            Self::Name(name) => format!("the secret of `{name}` is written in plain text"),
            Self::Random(name) => format!("what looks like a secret is written in plain text at `{name}`"),
        }
    }

    /// What kind of secret it is. It says nothing of its text, and is the same under whatever name the text is met.
    #[must_use]
    pub fn fact(&self) -> String {
        match self {
            Self::Format(words) => (*words).to_owned(),
            Self::Address => "password of an address".to_owned(),
            Self::Name(_) | Self::Random(_) => "secret".to_owned(),
        }
    }
}

/// The text that a literal holds in Base64, if it holds one.
#[must_use]
pub fn from_base64(literal: &str) -> Option<String> {
    encoded::decoded(literal)
}

#[cfg(test)]
mod tests;
