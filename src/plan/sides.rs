use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::alone::Wanted;
use super::build::{self, Identify};
use super::json::Cursor;
use super::mask::Mask;
use crate::value::Value;

/// What was and what will be, as the plan's text has it: found and checked, not built.
#[derive(Clone)]
pub struct Sides {
    pub(super) text: Arc<String>,
    pub(super) parts: SideParts,
}

/// Where it stands in the text; each empty where the plan does not have it.
#[derive(Clone, Default)]
pub(super) struct SideParts {
    pub(super) before: Range<u32>,
    pub(super) after: Range<u32>,
    pub(super) after_unknown: Range<u32>,
    pub(super) before_sensitive: Range<u32>,
    pub(super) after_sensitive: Range<u32>,
}

impl Sides {
    /// Whether there is anything before the change.
    #[must_use]
    pub fn has_before(&self) -> bool {
        self.there(&self.parts.before)
    }

    /// Whether there will be anything after the change, be it not known.
    #[must_use]
    pub fn has_after(&self) -> bool {
        self.there(&self.parts.after) || self.piece(&self.parts.after_unknown) == Some("true")
    }

    /// Whether the plan says what will be sensitive. Those of Terraform before 0.15 do not.
    #[must_use]
    pub fn says_what_is_sensitive(&self) -> bool {
        !self.parts.after_sensitive.is_empty()
    }

    /// Whether a mask covers any part of it.
    pub(super) fn is_masked(&self) -> bool {
        let covers = |range| self.piece(range).is_some_and(|mask| mask.contains("true"));
        covers(&self.parts.before_sensitive) || covers(&self.parts.after_sensitive)
    }

    pub(super) fn build_before(&self) -> Value {
        build::known(self.piece(&self.parts.before), &self.mask(&self.parts.before_sensitive).with_tags())
    }

    pub(super) fn build_after(&self, wanted: &Wanted, identify: &mut Identify<'_>) -> Value {
        let unknown = self.mask(&self.parts.after_unknown);
        let sensitive = self.mask(&self.parts.after_sensitive).with_tags();
        build::build(self.piece(&self.parts.after), wanted, &unknown, &sensitive, identify)
    }

    fn piece(&self, range: &Range<u32>) -> Option<&str> {
        piece(&self.text, range)
    }

    fn there(&self, range: &Range<u32>) -> bool {
        self.piece(range).is_some_and(|text| text != "null")
    }

    fn mask(&self, range: &Range<u32>) -> Mask {
        let read = |text| Mask::read(&mut Cursor::new(text)).ok();
        self.piece(range).and_then(read).unwrap_or_default()
    }
}

/// A piece of a text; `None` if it is empty.
pub(super) fn piece<'t>(text: &'t str, range: &Range<u32>) -> Option<&'t str> {
    text.get(range.start as usize..range.end as usize).filter(|piece| !piece.is_empty())
}

impl fmt::Debug for Sides {
    /// Where they stand, never what they say: the text holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sides {{ before: {:?}, after: {:?} }}", self.parts.before, self.parts.after)
    }
}
