use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::mirror::{Mirror, Unreached, Wanted};
use super::{Entry, EntryKind, ReadError, Reader, Revision, resolve, seen_from};

/// The revisions of other repositories that a run reads, each once, each known by a path: that of its repository, `@`,
/// and the name of the revision.
#[derive(Debug, Default)]
pub struct Revisions {
    mirrors: Mutex<FxHashMap<String, Result<Arc<Mirror>, Unreached>>>,
    entered: RwLock<FxHashMap<String, Arc<Revision>>>,
}

impl Revisions {
    /// Makes a revision of the repository at `place` (as seen from `top`) readable: the path that it is known by.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub fn enter(&self, top: &Path, place: &str, wanted: Wanted<'_>) -> Result<String, Unreached> {
        let mirror = {
            let mut mirrors = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
            let open = || Mirror::open(place, &top.join(place), top).map(Arc::new);
            mirrors.entry(place.to_owned()).or_insert_with(open).clone()?
        };
        let (tree, name) = mirror.tree(wanted)?;
        let path = format!("{place}@{name}");
        let mut entered = self.entered.write().unwrap_or_else(PoisonError::into_inner);
        entered.entry(path.clone()).or_insert_with(|| Arc::new(Revision::new(mirror, tree)));
        Ok(path)
    }

    /// The paths of all revisions that were entered, sorted.
    #[must_use]
    pub fn known(&self) -> Vec<String> {
        let entered = self.entered.read().unwrap_or_else(PoisonError::into_inner);
        let mut known: Vec<String> = entered.keys().cloned().collect();
        known.sort();
        known
    }

    /// The revision that holds a path, by the path that it is known by. What lies in it does not lead out of it.
    #[must_use]
    pub fn around<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.find(path).map(|(place, ..)| place)
    }

    /// A local path in a directory of a revision, or of none: where it leads, if it stays where it is.
    #[must_use]
    pub fn resolve(&self, top: &Path, directory: &str, path: &str) -> Option<String> {
        if let Some((place, _, inner)) = self.find(directory) {
            let inner = resolve(inner, path)?;
            return Some(super::join(place, &inner).trim_end_matches('/').to_owned());
        }
        // A module that lies beside the repository calls others there: whether those may be read, the reader says.
        let found = if directory.starts_with("..") {
            seen_from(top, &format!("{directory}/{path}"))
        } else {
            resolve(directory, path)?
        };
        self.around(&found).is_none().then_some(found)
    }

    /// Whether a path that is not yet resolved goes through a revision and leaves it.
    #[must_use]
    pub fn leaves(&self, top: &Path, path: &str) -> bool {
        let ups = path.match_indices("..").filter(|(at, _)| {
            let before = path.get(..*at).unwrap_or_default();
            let after = path.get(at + 2..).unwrap_or_default();
            (before.is_empty() || before.ends_with('/')) && (after.is_empty() || after.starts_with('/'))
        });
        ups.into_iter().any(|(at, _)| {
            let reached = seen_from(top, path.get(..at).unwrap_or_default());
            self.around(&reached).is_some_and(|place| place == reached)
        })
    }

    fn find<'p>(&self, path: &'p str) -> Option<(&'p str, Arc<Revision>, &'p str)> {
        // Few paths hold the sign: the others are told apart without a lock.
        if !path.contains('@') {
            return None;
        }
        let entered = self.entered.read().unwrap_or_else(PoisonError::into_inner);
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().find_map(|at| {
            let (place, rest) = path.split_at_checked(at)?;
            let revision = entered.get(place)?;
            Some((place, revision.clone(), rest.trim_start_matches('/')))
        })
    }
}

/// A repository, and the revisions of others that are known by paths beside its own.
#[derive(Debug)]
pub(super) struct WithRevisions {
    inner: Arc<dyn Reader>,
    revisions: Arc<Revisions>,
}

impl WithRevisions {
    pub(super) fn new(inner: Arc<dyn Reader>, revisions: Arc<Revisions>) -> Self {
        Self { inner, revisions }
    }
}

impl Reader for WithRevisions {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.revisions.find(path) {
            Some((_, revision, path)) => revision.read(path),
            None => self.inner.read(path),
        }
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        match self.revisions.find(directory) {
            Some((_, revision, directory)) => revision.list(directory),
            None => self.inner.list(directory),
        }
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        match self.revisions.find(path) {
            Some((_, revision, path)) => revision.kind(path),
            None => self.inner.kind(path),
        }
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        match self.revisions.find(path) {
            Some((_, revision, path)) => revision.absolute(path),
            None => self.inner.absolute(path),
        }
    }
}
