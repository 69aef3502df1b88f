/// Where a text stops to be JSON, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{fault}, at byte {at}")]
pub struct JsonError {
    /// How many bytes stand before it.
    pub at: usize,
    /// What is wrong there.
    pub fault: JsonFault,
}

/// What can be wrong with JSON. No text of the document is ever in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum JsonFault {
    /// The text ends in the midst of a value.
    #[error("the text ends before the JSON does")]
    End,
    /// Something else had to come.
    #[error("{0} is expected")]
    Expected(&'static str),
    /// A number that is none.
    #[error("a number is malformed")]
    Number,
    /// A character that a string must escape.
    #[error("a string holds a control character")]
    Control,
    /// A backslash with something else than an escape.
    #[error("a string holds an escape that does not exist")]
    Escape,
    /// Half of a surrogate pair.
    #[error("a string holds half of a surrogate pair")]
    Surrogate,
    /// Nested deeper than [`super::super::bounds::DEPTH`].
    #[error("values are nested deeper than {} levels", super::super::bounds::DEPTH)]
    Depth,
    /// A member of an object of the plan's own that is there twice: readers differ in which of them counts.
    #[error("the member `{0}` is there twice")]
    Twice(&'static str),
    /// A member of an object of the plan's own that must be there.
    #[error("the member `{0}` is missing")]
    Missing(&'static str),
    /// Something behind the document.
    #[error("something follows the JSON document")]
    Trailing,
}
