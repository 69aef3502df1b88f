use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::Model;
use crate::source::{FileId, ReadError, SourceFile, Workspace, split};

/// Files that could not be read, by the ids under which they stand, empty, in the model.
#[derive(Debug, Default)]
pub struct Unreadable(FxHashMap<FileId, ReadError>);

impl Unreadable {
    /// Gives every file that was asked for and could not be read a place in the model, so that findings can point at it.
    #[must_use]
    pub fn note(workspace: &Workspace, model: &mut Model) -> Self {
        let mut files = FxHashMap::default();
        let unread = model.unread.iter().filter(|(path, _)| workspace.is_selected(path));
        let mut all: Vec<(String, ReadError)> = workspace.skipped.iter().chain(unread).cloned().collect();
        all.sort();
        all.dedup_by(|a, b| a.0 == b.0);
        for (path, error) in all {
            let id = model.add_text(SourceFile::new(path, None, "".into()), true);
            files.insert(id, error);
        }
        Self(files)
    }
}

/// What was asked for: findings stand in these files, or are about the roots in these directories.
#[derive(Debug)]
pub struct Selection<'a> {
    unreadable: &'a Unreadable,
    directories: FxHashSet<&'a str>,
}

impl<'a> Selection<'a> {
    /// The files of a workspace.
    #[must_use]
    pub fn new(workspace: &'a Workspace, unreadable: &'a Unreadable) -> Self {
        let directories =
            workspace.files.iter().filter(|found| found.kind.is_module()).map(|found| split(&found.path).0);
        Self { unreadable, directories: directories.collect() }
    }

    /// Whether a file was asked for.
    pub(super) fn file(&self, model: &Model, id: FileId) -> bool {
        model.files.get(id.0 as usize).is_some_and(|file| file.selected)
    }

    /// Whether a module's directory was asked for.
    pub(super) fn directory(&self, directory: &str) -> bool {
        self.directories.contains(if directory == "." { "" } else { directory })
    }

    /// Why a file could not be read.
    pub(super) fn unreadable(&self, id: FileId) -> Option<&'a ReadError> {
        self.unreadable.0.get(&id)
    }
}
