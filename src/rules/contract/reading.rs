use std::sync::Arc;

use crate::value::{Kind, Number, Origin, Unknown, Value};

/// A value that a rule needs is not known.
#[derive(Clone, PartialEq, Debug)]
pub struct NotKnown {
    /// Which value.
    pub unknown: Arc<Unknown>,
    /// Where it is used, as far as the value can tell.
    pub origin: Origin,
    /// Why, where the rule knows better than the model.
    pub reason: Option<String>,
}

impl NotKnown {
    /// With a reason of the rule's own, in words that group well.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// Reads values for a rule: what is not known is an error that `?` passes on.
///
/// A value of another type than the one asked for reads as `None`: that the provider will reject it is not the rule's
/// business. Text that is a number reads as a number, and so on, as the language converts.
pub trait Reading {
    /// The value, if it is known itself (elements in it may still be unknown).
    ///
    /// # Errors
    /// That it is not.
    fn known(&self) -> Result<&Value, NotKnown>;

    /// The text; `None` for null and for what is no text.
    ///
    /// # Errors
    /// That it is not known.
    fn text(&self) -> Result<Option<&str>, NotKnown> {
        Ok(self.known()?.as_str())
    }

    /// The truth; `None` for null and for what is neither true nor false.
    ///
    /// # Errors
    /// That it is not known.
    fn truth(&self) -> Result<Option<bool>, NotKnown> {
        let value = self.known()?;
        Ok(value.as_bool().or_else(|| match value.as_str() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        }))
    }

    /// The whole number; `None` for null and for what is none.
    ///
    /// # Errors
    /// That it is not known.
    fn whole(&self) -> Result<Option<i64>, NotKnown> {
        let value = self.known()?;
        Ok(match value.kind() {
            Kind::Number(Number::Int(number)) => Some(*number),
            Kind::String(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// The elements of a list, set or tuple; none for null; a single value stands for a list of it, as providers read it.
    ///
    /// # Errors
    /// That it is not known (each element must still be read).
    fn elements_or_self(&self) -> Result<&[Value], NotKnown> {
        let value = self.known()?;
        Ok(match value.elements() {
            Some(elements) => elements,
            None if value.is_null() => &[],
            None => std::slice::from_ref(value),
        })
    }
}

impl Reading for Value {
    fn known(&self) -> Result<&Value, NotKnown> {
        match self.kind() {
            Kind::Unknown(unknown) => {
                Err(NotKnown { unknown: unknown.clone(), origin: self.origin(), reason: None })
            }
            _ => Ok(self),
        }
    }
}
