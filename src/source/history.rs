//! The commits of the repository itself: which two states a change lies between.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::Kind;

use super::mirror::Mirror;
use super::{Entry, EntryKind, ReadError, Reader, Revision, Unreached};

/// Where the remote's own branch is kept, which changes are usually meant for.
const UPSTREAM: &str = "refs/remotes/origin/HEAD";

/// The history of the repository that is looked at.
#[derive(Debug)]
pub struct History {
    mirror: Arc<Mirror>,
    root: PathBuf,
}

/// What tools download, and nobody should commit.
const COPIES: [&str; 2] = [".terraform", ".terragrunt-cache"];

/// The files of a commit, as if they lay in the repository's directory: configurations put paths together from where they
/// lie. Copies of modules that somebody committed are none of them: they must not pass for what is named as their source.
#[derive(Debug)]
struct AsIfCheckedOut {
    revision: Revision,
    root: PathBuf,
}

impl AsIfCheckedOut {
    fn shown<'p>(&self, path: &'p str) -> Result<&'p str, ReadError> {
        let is_copy = path.split('/').any(|name| COPIES.contains(&name));
        if is_copy { Err(ReadError::Missing) } else { Ok(path) }
    }
}

impl Reader for AsIfCheckedOut {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.revision.read(self.shown(path)?)
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        let entries = self.revision.list(self.shown(directory)?)?;
        let is_copy = |entry: &Entry| COPIES.contains(&entry.name.as_str());
        if !entries.iter().any(is_copy) {
            return Ok(entries);
        }
        Ok(entries.iter().filter(|entry| !is_copy(entry)).cloned().collect())
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        self.revision.kind(self.shown(path)?)
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        Some(if path.is_empty() { self.root.clone() } else { self.root.join(path) })
    }
}

/// A commit, and how it was called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    id: ObjectId,
    /// The name that led to it.
    pub name: String,
}

impl Commit {
    /// Its full hash.
    #[must_use]
    pub fn hash(&self) -> String {
        self.id.to_string()
    }

    /// As many digits of its hash as people need to know it again.
    #[must_use]
    pub fn short_hash(&self) -> String {
        self.id.to_hex_with_len(9).to_string()
    }
}

/// Why a commit cannot be had.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoCommit {
    /// There is no repository that can be opened.
    #[error("{0}")]
    Repository(Unreached),
    /// Nothing is called like that.
    #[error("there is no commit `{name}`{}", if *.shallow { ": the clone is shallow" } else { "" })]
    Unknown {
        /// What was asked for.
        name: String,
        /// The clone has not all commits.
        shallow: bool,
    },
    /// Which branch the change is meant for is not known.
    #[error("there is no `origin/HEAD` that would say what the change is to be compared with")]
    NoUpstream,
    /// The two have nothing in common, as far as the clone shows.
    #[error("`{one}` and `{other}` have no commit in common{}", if *.shallow { " in this shallow clone" } else { "" })]
    Unrelated {
        /// The one.
        one: String,
        /// The other.
        other: String,
        /// The clone has not all commits.
        shallow: bool,
    },
    /// The commit is known, but not what it holds.
    #[error("the objects of `{0}` are not there: the clone is partial or damaged")]
    NoObjects(String),
}

impl NoCommit {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Repository(_) => "run plangate in a git repository",
            Self::Unknown { shallow: true, .. } | Self::Unrelated { shallow: true, .. } => {
                "fetch the rest of the history: `git fetch --unshallow`, or some more of it: `git fetch --deepen=100`"
            }
            Self::Unknown { .. } => "name a branch, a tag or a commit that `git rev-parse` knows",
            Self::NoUpstream => {
                "name it with `--base`, or let git find it: `git remote set-head origin --auto`"
            }
            Self::Unrelated { .. } => "name another base",
            Self::NoObjects(_) => "fetch them: `git fetch --refetch`",
        }
    }
}

impl History {
    /// The history of the repository whose top is `root`: that of a worktree or of a bare mirror, too.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn open(root: &Path) -> Result<Self, NoCommit> {
        let mirror = Mirror::own(root).map_err(NoCommit::Repository)?;
        Ok(Self { mirror: Arc::new(mirror), root: root.to_owned() })
    }

    /// The commit of that name: a branch, a tag, a hash, `HEAD~2`.
    ///
    /// # Errors
    /// That there is none, or not all of it.
    pub fn commit(&self, name: &str) -> Result<Commit, NoCommit> {
        let unknown = || NoCommit::Unknown { name: name.to_owned(), shallow: self.mirror.is_shallow() };
        let repository = self.mirror.local();
        let found = repository.rev_parse_single(name).map_err(|_| unknown())?.detach();
        let object = repository.find_object(found).map_err(|_| NoCommit::NoObjects(name.to_owned()))?;
        let commit = object.peel_to_kind(Kind::Commit).map_err(|_| unknown())?;
        Ok(Commit { id: commit.id, name: name.to_owned() })
    }

    /// The branch that changes are meant for: `origin/HEAD`.
    ///
    /// # Errors
    /// That nobody says which it is, or that it is not there.
    pub fn upstream(&self) -> Result<Commit, NoCommit> {
        match self.mirror.local().try_find_reference(UPSTREAM) {
            Ok(Some(_)) => self.commit("origin/HEAD"),
            _ => Err(NoCommit::NoUpstream),
        }
    }

    /// What a merge commit was merged into: its first parent. `None` for a commit that merges nothing.
    #[must_use]
    pub fn merged_into(&self, commit: &Commit) -> Option<Commit> {
        let repository = self.mirror.local();
        let parents: Vec<ObjectId> =
            repository.find_commit(commit.id).ok()?.parent_ids().map(gix::Id::detach).collect();
        let first = parents.first().filter(|_| parents.len() > 1)?;
        Some(Commit { id: *first, name: format!("{}^1", commit.name) })
    }

    /// Where the way to `head` left the way to `base`.
    ///
    /// # Errors
    /// That they have nothing in common, as far as the clone shows.
    pub fn fork(&self, base: &Commit, head: &Commit) -> Result<Commit, NoCommit> {
        let repository = self.mirror.local();
        match repository.merge_base(base.id, head.id) {
            Ok(Some(fork)) => Ok(Commit { id: fork.detach(), name: base.name.clone() }),
            _ => Err(NoCommit::Unrelated {
                one: base.name.clone(),
                other: head.name.clone(),
                shallow: self.mirror.is_shallow(),
            }),
        }
    }

    /// The paths of the files that are not the same in two commits, sorted.
    ///
    /// # Errors
    /// That the objects of one are not there.
    pub fn changed(&self, one: &Commit, other: &Commit) -> Result<Vec<String>, NoCommit> {
        let (before, after) = (self.revision(one)?, self.revision(other)?);
        before.changed(&after).map_err(|_| NoCommit::NoObjects(other.name.clone()))
    }

    /// The files of a commit.
    ///
    /// # Errors
    /// That its objects are not there.
    pub fn files(&self, commit: &Commit) -> Result<Arc<dyn Reader>, NoCommit> {
        Ok(Arc::new(AsIfCheckedOut { revision: self.revision(commit)?, root: self.root.clone() }))
    }

    fn revision(&self, commit: &Commit) -> Result<Revision, NoCommit> {
        let missing = || NoCommit::NoObjects(commit.name.clone());
        let repository = self.mirror.local();
        let object = repository.find_object(commit.id).map_err(|_| missing())?;
        let tree = object.peel_to_kind(Kind::Tree).map_err(|_| missing())?;
        Ok(Revision::new(self.mirror.clone(), tree.id))
    }
}
