use rustc_hash::FxHashMap;

use super::json::{Cursor, JsonError};

/// Which parts of a value something holds for: what is not known, what is sensitive.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) enum Mask {
    /// It holds for nothing in it.
    #[default]
    Nothing,
    /// It holds for all of it.
    All,
    /// It holds for parts of the elements.
    Elements(Vec<Mask>),
    /// It holds for parts of these members.
    Members(FxHashMap<Box<str>, Mask>),
}

/// What is said of what is not mentioned.
pub(super) const NOTHING: &Mask = &Mask::Nothing;

impl Mask {
    /// Reads a mask. What has neither form nor meaning of one holds for nothing.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, JsonError> {
        match cursor.peek() {
            Some(b't' | b'f') => Ok(if cursor.boolean()? { Self::All } else { Self::Nothing }),
            Some(b'[') => {
                let mut elements = Vec::new();
                cursor.array(|cursor| {
                    elements.push(Self::read(cursor)?);
                    Ok(())
                })?;
                let nothing = elements.iter().all(|element| *element == Self::Nothing);
                Ok(if nothing { Self::Nothing } else { Self::Elements(elements) })
            }
            Some(b'{') => {
                let mut members: FxHashMap<Box<str>, Self> = FxHashMap::default();
                cursor.object(|cursor, key| {
                    let mask = Self::read(cursor)?;
                    if mask != Self::Nothing {
                        // What is said twice holds if it is said once.
                        members.entry(key.into()).or_default().join(mask);
                    }
                    Ok(())
                })?;
                Ok(if members.is_empty() { Self::Nothing } else { Self::Members(members) })
            }
            _ => cursor.skip().map(|_| Self::Nothing),
        }
    }

    /// Makes it hold for what either holds for.
    pub(super) fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::All, _) | (_, Self::Nothing) => {}
            (Self::Elements(own), Self::Elements(others)) => {
                own.resize(own.len().max(others.len()), Self::Nothing);
                own.iter_mut().zip(others).for_each(|(mask, other)| mask.join(other));
            }
            (Self::Members(own), Self::Members(others)) => {
                others.into_iter().for_each(|(key, other)| own.entry(key).or_default().join(other));
            }
            (Self::Nothing, other) => *self = other,
            // Two forms of one value: nothing tells which one it has.
            _ => *self = Self::All,
        }
    }

    /// What holds for the member of that name.
    pub(super) fn member(&self, name: &str) -> &Self {
        match self {
            Self::All => self,
            Self::Members(members) => members.get(name).unwrap_or(NOTHING),
            _ => NOTHING,
        }
    }

    /// What holds for the element of that number.
    pub(super) fn element(&self, index: usize) -> &Self {
        match self {
            Self::All => self,
            Self::Elements(elements) => elements.get(index).unwrap_or(NOTHING),
            _ => NOTHING,
        }
    }

    /// A provider that puts all tags together gives them again without saying which are sensitive.
    pub(super) fn with_tags(mut self) -> Self {
        if let Self::Members(members) = &mut self
            && let Some(tags) = members.get("tags").cloned()
        {
            members.entry("tags_all".into()).or_default().join(tags);
        }
        self
    }
}
