//! JSON, pulled: a cursor over a text that is read once, skips what nobody asks for, and builds nothing itself.
//!
//! What is skipped is checked as strictly as what is read. Numbers stay text: their digits belong to whoever reads them.

mod cursor;
mod error;
mod string;

pub(crate) use cursor::Cursor;
pub use error::{JsonError, JsonFault};

#[cfg(test)]
mod tests;
