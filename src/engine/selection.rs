use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::Model;
use crate::source::{FileId, ReadError, Workspace, split};

/// Files that could not be read, by the ids under which they stand, empty, in the model.
pub type Unreadable = FxHashMap<FileId, ReadError>;

/// What was asked for: findings stand in these files, or are about the roots in these directories.
#[derive(Debug)]
pub struct Selection<'a> {
    workspace: &'a Workspace,
    unreadable: &'a Unreadable,
    directories: FxHashSet<&'a str>,
}

impl<'a> Selection<'a> {
    /// The files of a workspace.
    #[must_use]
    pub fn new(workspace: &'a Workspace, unreadable: &'a Unreadable) -> Self {
        let directories =
            workspace.files.iter().filter(|found| found.kind.is_module()).map(|found| split(&found.path).0);
        Self { workspace, unreadable, directories: directories.collect() }
    }

    /// Whether a file was asked for.
    pub(super) fn file(&self, model: &Model, id: FileId) -> bool {
        self.workspace.is_selected(&model.sources.get(id).path) || self.unreadable.contains_key(&id)
    }

    /// Whether a module's directory was asked for.
    pub(super) fn directory(&self, directory: &str) -> bool {
        self.directories.contains(if directory == "." { "" } else { directory })
    }

    /// Why a file could not be read.
    pub(super) fn unreadable(&self, id: FileId) -> Option<&'a ReadError> {
        self.unreadable.get(&id)
    }
}
