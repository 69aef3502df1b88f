//! The only room that touches the outside: files, the walk that finds them, and the places in them.
//!
//! Everything above works on [`SourceFile`]s and [`Span`]s. A file is identified by a [`FileId`]; the
//! ids are handed out in walking order and never order any output (paths do). A [`Workspace`] says which files were
//! asked for; its [`Reader`] reads them, and whatever else lies in the repository, from wherever it is kept.

pub mod bounds;
mod error;
mod file;
mod history;
mod ignored;
mod kind;
mod mirror;
mod mounted;
mod plan;
mod reader;
mod repository;
mod revision;
mod revisions;
mod span;
mod walk;
mod workspace;

pub use error::ReadError;
pub use file::{FileId, LineColumn, SourceFile, Sources};
pub use history::{Commit, History, NoCommit};
pub use kind::{FileKind, LOCK_NAME, SETTINGS_NAME, VariablesKind, is_json, shadowing_name};
pub use mirror::{Unreached, Wanted};
pub use mounted::{Mounted, seen_from};
pub use plan::{PlanArgument, PlanContent, PlanFile, PlanPlace, named_plan, plan_files};
pub use reader::{Disk, Entry, EntryKind, OnDisk, Overlay, Reader, join, resolve, split};
pub use repository::Repository;
pub use revision::Revision;
pub use revisions::Revisions;
pub use span::{Location, Span};
pub use walk::{Found, Walk, Walked};
pub use workspace::{ModuleFile, Workspace, text};

#[cfg(test)]
mod tests;
