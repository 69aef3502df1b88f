//! Making results, within bounds.

use arcstr::ArcStr;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Fault;
use crate::eval::bounds;
use crate::value::{Type, Value};

/// A text in NFC.
pub(super) fn normalised(text: &str) -> ArcStr {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.into()
    } else {
        text.nfc().collect::<String>().into()
    }
}

/// A text, NFC-normalised, as long as it may be.
pub(super) fn text(text: impl AsRef<str>) -> Result<Value, Fault> {
    let text = text.as_ref();
    within_bytes(text.len())?;
    Ok(Value::string(normalised(text)))
}

/// A text of so many bytes may be made.
pub(super) fn within_bytes(bytes: usize) -> Result<(), Fault> {
    if bytes > bounds::TEXT_BYTES {
        return Err(Fault::new(format!(
            "the result would be a text of {bytes} bytes, more than {}",
            bounds::TEXT_BYTES
        )));
    }
    Ok(())
}

/// A collection of so many elements may be made.
pub(super) fn within_elements(elements: usize) -> Result<(), Fault> {
    if elements > bounds::COLLECTION_ELEMENTS {
        let most = bounds::COLLECTION_ELEMENTS;
        return Err(Fault::new(format!("the result would have {elements} elements, more than {most}")));
    }
    Ok(())
}

/// A list.
pub(super) fn list(element: Type, values: Vec<Value>) -> Result<Value, Fault> {
    within_elements(values.len())?;
    Ok(Value::list(element, values))
}

/// A tuple.
pub(super) fn tuple(values: Vec<Value>) -> Result<Value, Fault> {
    within_elements(values.len())?;
    Ok(Value::tuple(values))
}

/// A list of texts.
pub(super) fn texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Result<Value, Fault> {
    let values = texts.into_iter().map(text).collect::<Result<_, _>>()?;
    list(Type::String, values)
}
