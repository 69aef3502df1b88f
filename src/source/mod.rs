//! The only room that touches the outside: files, the walk that finds them, and the places in them.
//!
//! Everything above works on [`SourceFile`]s and [`Span`]s. A file is identified by a [`FileId`]; the
//! ids are handed out in walking order and never order any output (paths do).

mod file;
mod span;

pub use file::{FileId, LineColumn, SourceFile, Sources};
pub use span::{Location, Span};
