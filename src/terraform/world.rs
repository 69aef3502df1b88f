//! The files that functions may see: those of the repository, and nothing else.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::bounds::{LISTED_DEPTH, LISTED_FILES};
use super::load::path_of;
use crate::eval::World;
use crate::model::{Read, ReadSet};
use crate::source::{EntryKind, ReadError, Reader, Revisions, Workspace, join, seen_from};

/// What was read, by path.
type Kept<T> = RefCell<FxHashMap<String, Result<T, String>>>;

/// The files of a repository as one root sees them. What was read is kept, and remembered as read.
pub(super) struct Files<'w> {
    reader: &'w Arc<dyn Reader>,
    revisions: &'w Revisions,
    /// The repository's top.
    top: PathBuf,
    /// The root module's directory.
    base: PathBuf,
    directory: String,
    contents: Kept<Arc<[u8]>>,
    listings: Kept<Vec<String>>,
    reads: RefCell<ReadSet>,
    /// Why texts are not known that files hold which only those have who run the configuration, by identity.
    elsewhere: RefCell<Vec<(ArcStr, String)>>,
}

impl<'w> Files<'w> {
    /// The files as the root in `dir` (as it prints) sees them.
    pub(super) fn new(workspace: &'w Workspace, dir: &str) -> Self {
        let reader = workspace.reader();
        let directory = path_of(dir).to_owned();
        // Where nothing lies on disk, the repository's top stands in for the file system's.
        let top = reader.absolute("").unwrap_or_else(|| PathBuf::from("/"));
        let base = if directory.is_empty() { top.clone() } else { top.join(&directory) };
        Self {
            reader,
            revisions: workspace.revisions(),
            top,
            base,
            directory,
            contents: RefCell::default(),
            listings: RefCell::default(),
            reads: RefCell::default(),
            elsewhere: RefCell::default(),
        }
    }

    /// All that was read.
    pub(super) fn reads(&self) -> ReadSet {
        self.reads.borrow().clone()
    }

    /// Why texts of files are not known, by identity.
    pub(super) fn elsewhere(&self) -> Vec<(ArcStr, String)> {
        self.elsewhere.take()
    }

    /// The root's directory as text.
    pub(super) fn base_text(&self) -> String {
        self.base.to_string_lossy().into_owned()
    }

    /// The way from the root's directory to another (as it prints).
    pub(super) fn relative(&self, dir: &str) -> String {
        let parts = |path: &str| -> Vec<String> {
            path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let (from, to) = (parts(&self.directory), parts(path_of(dir)));
        let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        let up = from.len() - shared;
        let way: Vec<&str> =
            std::iter::repeat_n("..", up).chain(to.iter().skip(shared).map(String::as_str)).collect();
        if way.is_empty() { ".".to_owned() } else { way.join("/") }
    }

    /// A path of the file system as one of the repository.
    fn inside(&self, path: &Path) -> Result<String, String> {
        let path = self.base.join(path);
        let path = path.to_str().ok_or_else(|| "has a name that is not UTF-8".to_owned())?;
        let path = seen_from(&self.top, path);
        // Of what lies beside the repository, only the reader knows what the user's own configuration opens.
        let beside = path == ".." || path.starts_with("../");
        if beside && self.revisions.around(&path).is_none() && self.reader.absolute(&path).is_none() {
            return Err("lies outside of the repository".to_owned());
        }
        Ok(path)
    }

    fn note(&self, read: Read) {
        self.reads.borrow_mut().reads.insert(read);
    }

    fn gather(
        &self,
        directory: &str,
        prefix: &str,
        depth: usize,
        into: &mut Vec<String>,
    ) -> Result<(), String> {
        if depth > LISTED_DEPTH {
            return Ok(());
        }
        self.note(Read::Listing(directory.into()));
        let entries = self.reader.list(directory).map_err(|error| error.to_string())?;
        for entry in entries.iter() {
            let name = join(prefix, &entry.name);
            match entry.kind {
                Ok(EntryKind::File) => into.push(name),
                Ok(EntryKind::Directory) => {
                    // What cannot be listed further in holds no files for us.
                    let _ = self.gather(&join(directory, &entry.name), &name, depth + 1, into);
                }
                Err(_) => {}
            }
            if into.len() > LISTED_FILES {
                return Err(format!("holds more than {LISTED_FILES} files"));
            }
        }
        Ok(())
    }
}

impl World for Files<'_> {
    fn base(&self) -> &Path {
        &self.base
    }

    fn leaves(&self, path: &Path) -> bool {
        path.to_str().is_some_and(|path| self.revisions.leaves(&self.top, path))
    }

    fn is_elsewhere(&self, path: &Path, what: &str) -> bool {
        let Ok(path) = self.inside(path) else { return false };
        let Some(revision) = self.revisions.around(&path) else { return false };
        // What a revision should hold and does not is no mistake of who reads it.
        let reason = match self.reader.read(&path) {
            Err(error @ (ReadError::Pointer | ReadError::Submodule | ReadError::Object)) => error,
            _ => return false,
        };
        let inner = path.get(revision.len()..).unwrap_or_default().trim_start_matches('/');
        let reason = format!("`{inner}` of `{revision}` {reason}");
        self.elsewhere.borrow_mut().push((what.into(), reason));
        true
    }

    fn read(&self, path: &Path) -> Result<Arc<[u8]>, String> {
        let path = self.inside(path)?;
        if let Some(known) = self.contents.borrow().get(&path) {
            return known.clone();
        }
        let outcome = self.reader.read(&path);
        self.note(match &outcome {
            Err(ReadError::Missing) => Read::Absent(path.as_str().into()),
            _ => Read::File(path.as_str().into()),
        });
        let outcome = outcome.map(Arc::<[u8]>::from).map_err(|error| error.to_string());
        self.contents.borrow_mut().insert(path, outcome.clone());
        outcome
    }

    fn is_file(&self, path: &Path) -> Result<bool, String> {
        let path = self.inside(path)?;
        match self.reader.kind(&path) {
            Ok(EntryKind::File) => {
                self.note(Read::File(path.into()));
                Ok(true)
            }
            Ok(EntryKind::Directory) => Err("is a directory".to_owned()),
            Err(ReadError::Missing) => {
                self.note(Read::Absent(path.into()));
                Ok(false)
            }
            Err(error) => Err(error.to_string()),
        }
    }

    fn files_below(&self, directory: &Path) -> Result<Vec<String>, String> {
        let directory = self.inside(directory)?;
        if let Some(known) = self.listings.borrow().get(&directory) {
            return known.clone();
        }
        if self.reader.kind(&directory) == Err(ReadError::Missing) {
            self.note(Read::Absent(directory.into()));
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        let outcome = self.gather(&directory, "", 0, &mut files).map(|()| {
            files.sort();
            files
        });
        self.listings.borrow_mut().insert(directory, outcome.clone());
        outcome
    }
}
