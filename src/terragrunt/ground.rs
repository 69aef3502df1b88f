//! What lies where: the repository with what its stacks generate, though nothing is ever written.

use std::sync::{Arc, PoisonError, RwLock};

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::{Entry, EntryKind, ReadError, Workspace, join, split};

/// The files of a repository, those that stacks generate among them. Paths are relative to the repository, its top the
/// empty path.
#[derive(Debug)]
pub(super) struct Ground<'m> {
    workspace: &'m Workspace,
    /// The repository's top as text.
    top: String,
    /// Generated directories, and of which directory each is a copy.
    mounts: FxHashMap<ArcStr, ArcStr>,
    /// The directories above the generated ones, which need not exist.
    above: FxHashSet<ArcStr>,
    found: RwLock<FxHashMap<ArcStr, FxHashMap<ArcStr, Option<ArcStr>>>>,
    tops: RwLock<FxHashMap<ArcStr, Option<ArcStr>>>,
}

impl<'m> Ground<'m> {
    pub(super) fn new(workspace: &'m Workspace) -> Self {
        let top = workspace.reader().absolute("").map(|top| top.to_string_lossy().into_owned());
        Self {
            workspace,
            // Where nothing lies on disk, the repository's top stands in for the file system's.
            top: top.unwrap_or_default().trim_end_matches('/').to_owned(),
            mounts: FxHashMap::default(),
            above: FxHashSet::default(),
            found: RwLock::default(),
            tops: RwLock::default(),
        }
    }

    /// A generated directory, which is a copy of another.
    pub(super) fn mount(&mut self, directory: ArcStr, source: ArcStr) {
        let mut above = split(&directory).0;
        while !above.is_empty() && self.above.insert(above.into()) {
            above = split(above).0;
        }
        self.mounts.insert(directory, source);
    }

    /// Whether stacks generate anything.
    pub(super) fn is_generating(&self) -> bool {
        !self.mounts.is_empty()
    }

    /// Where a path really lies.
    pub(super) fn real(&self, path: &str) -> ArcStr {
        if !self.mounts.is_empty() {
            let mut directory = path;
            loop {
                if let Some(source) = self.mounts.get(directory) {
                    let rest = path.get(directory.len()..).unwrap_or_default().trim_start_matches('/');
                    return if rest.is_empty() { source.clone() } else { join(source, rest).into() };
                }
                if directory.is_empty() {
                    break;
                }
                directory = split(directory).0;
            }
        }
        path.into()
    }

    /// The path as an absolute one.
    pub(super) fn absolute(&self, path: &str) -> String {
        if path.is_empty() { self.top.clone() } else { format!("{}/{path}", self.top) }
    }

    /// A path as it is written, seen from a directory; `None` if it leaves the repository.
    pub(super) fn resolve(&self, directory: &str, path: &str) -> Option<String> {
        match path.strip_prefix('/') {
            None => crate::source::resolve(directory, path),
            Some(_) => {
                let clean = crate::source::resolve("", path.trim_start_matches('/'))?;
                let top = self.top.trim_start_matches('/');
                let rest = clean.strip_prefix(top)?;
                if top.is_empty() {
                    return Some(clean);
                }
                if rest.is_empty() {
                    return Some(String::new());
                }
                rest.strip_prefix('/').map(str::to_owned)
            }
        }
    }

    /// What lies at a path; `None` if nothing does that can be looked at.
    pub(super) fn kind(&self, path: &str) -> Option<EntryKind> {
        if path.is_empty() || self.mounts.contains_key(path) || self.above.contains(path) {
            return Some(EntryKind::Directory);
        }
        let (directory, name) = split(path);
        self.entry(directory, name)
    }

    pub(super) fn is_file(&self, path: &str) -> bool {
        self.kind(path) == Some(EntryKind::File)
    }

    /// What a directory has by that name.
    fn entry(&self, directory: &str, name: &str) -> Option<EntryKind> {
        let entries = self.workspace.reader().list(&self.real(directory)).ok()?;
        let at = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        entries.get(at)?.kind.clone().ok()
    }

    /// The entries of a directory, sorted by name.
    pub(super) fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        self.workspace.reader().list(&self.real(directory))
    }

    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.workspace.reader().read(&self.real(path))
    }

    /// What is called so in a directory or, nearest first, above it.
    pub(super) fn find_above(&self, directory: &str, name: &str) -> Option<ArcStr> {
        let known = |directory: &str| {
            let found = self.found.read().unwrap_or_else(PoisonError::into_inner);
            found.get(name).and_then(|of_name| of_name.get(directory)).cloned()
        };
        let mut passed: Vec<&str> = Vec::new();
        let mut at = directory;
        let answer = loop {
            if let Some(answer) = known(at) {
                break answer;
            }
            passed.push(at);
            if let Some(path) = crate::source::resolve(at, name)
                && self.kind(&path).is_some()
            {
                break Some(path.into());
            }
            if at.is_empty() {
                break None;
            }
            at = split(at).0;
        };
        if !passed.is_empty() {
            let mut found = self.found.write().unwrap_or_else(PoisonError::into_inner);
            let of_name = found.entry(name.into()).or_default();
            of_name.extend(passed.into_iter().map(|directory| (directory.into(), answer.clone())));
        }
        answer
    }

    /// The top of the git repository around a directory.
    pub(super) fn git_top(&self, directory: &str) -> Option<ArcStr> {
        let known = |directory: &str| {
            self.tops.read().unwrap_or_else(PoisonError::into_inner).get(directory).cloned()
        };
        let marked = self.workspace.repository.marked;
        let mut passed: Vec<&str> = Vec::new();
        let mut at = directory;
        let answer: Option<ArcStr> = loop {
            if let Some(answer) = known(at) {
                break answer;
            }
            passed.push(at);
            let is_top = (at.is_empty() && marked) || self.entry(at, ".git").is_some();
            if is_top {
                break Some(at.into());
            }
            if at.is_empty() {
                break None;
            }
            at = split(at).0;
        };
        if !passed.is_empty() {
            let mut tops = self.tops.write().unwrap_or_else(PoisonError::into_inner);
            tops.extend(passed.into_iter().map(|directory| (directory.into(), answer.clone())));
        }
        answer
    }
}

/// The way from one directory to another, `.` if they are one.
pub(super) fn way(from: &str, to: &str) -> String {
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let way: Vec<&str> = up.chain(to.iter().skip(shared).map(String::as_str)).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}
