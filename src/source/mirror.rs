//! A git repository on disk that stands in for one that a module comes from: nothing of it is checked out, nothing is
//! fetched, no program is run.

use std::path::Path;

use gix::objs::Kind;
use gix::{ObjectId, ThreadSafeRepository};

/// Which revision of a repository is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Wanted<'a> {
    /// The one that is fetched where none is named.
    Default,
    /// A tag, a branch or a commit.
    Ref(&'a str),
    /// The tag of one version, with or without a `v` in front.
    Version(&'a str),
}

/// Why a revision cannot be had. The sentences go behind `module … is not available:`.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreached {
    /// Nothing lies there.
    #[error("there is no git repository at `{0}`")]
    Missing(String),
    /// A directory lies there, but none of git's.
    #[error(
        "`{0}` is a plain directory, not a git repository (with `unversioned = true` it is taken as it is)"
    )]
    Plain(String),
    /// It is git's, but not in order, or of a kind that is not read.
    #[error("the git repository at `{0}` cannot be opened")]
    Broken(String),
    /// It lies in the tree that is judged, and leads out of it.
    #[error("the git repository at `{0}` keeps its objects outside of the tree")]
    Outside(String),
    /// It has no such tag, branch or commit.
    #[error("`{place}` has no {}`{wanted}`{}", if *.version { "tag for version " } else { "tag, branch or commit " },
        if *.shallow { "; the clone is shallow" } else { "" })]
    NoRevision {
        /// The repository.
        place: String,
        /// What was asked for.
        wanted: String,
        /// It was asked for as a version.
        version: bool,
        /// The clone has not all commits.
        shallow: bool,
    },
    /// A tag and a branch of that name are not the same commit, or an abbreviated hash fits several.
    #[error("`{wanted}` is ambiguous in `{place}`")]
    Ambiguous {
        /// The repository.
        place: String,
        /// What was asked for.
        wanted: String,
    },
    /// No ref was asked for, and which branch others would get is not known.
    #[error("the source names no ref, and `{0}` does not say which branch is the default one")]
    NoDefault(String),
    /// The name leads to objects that are not there.
    #[error("`{place}` has not the objects of `{wanted}` ({})", if *.shallow { "the clone is shallow" } else { "the clone is partial or damaged" })]
    NoObjects {
        /// The repository.
        place: String,
        /// What was asked for.
        wanted: String,
        /// The clone has not all commits.
        shallow: bool,
    },
}

/// A repository that was opened.
pub(super) struct Mirror {
    place: String,
    repository: ThreadSafeRepository,
    shallow: bool,
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Mirror {
    /// Opens the repository that messages call `place`. One in the tree that is judged (below `top`) must keep all that
    /// it has in there: the tree's author must not reach what lies elsewhere on the machine.
    pub(super) fn open(place: &str, path: &Path, top: &Path) -> Result<Self, Unreached> {
        let path = std::fs::canonicalize(path).map_err(|_| Unreached::Missing(place.to_owned()))?;
        // Neither the user's nor the machine's settings decide what a gate sees.
        let options = gix::open::Options::isolated();
        let repository = ThreadSafeRepository::open_opts(&path, options).map_err(|_| {
            let is_git = path.join(".git").exists() || path.join("objects").exists();
            if is_git { Unreached::Broken(place.to_owned()) } else { Unreached::Plain(place.to_owned()) }
        })?;
        let local = repository.to_thread_local();
        if path.starts_with(top) && !keeps_to(top, local.common_dir()) {
            return Err(Unreached::Outside(place.to_owned()));
        }
        let shallow = local.is_shallow().unwrap_or_default();
        Ok(Self { place: place.to_owned(), repository, shallow })
    }

    /// Opens the repository that is looked at, wherever it keeps its objects.
    pub(super) fn own(root: &Path) -> Result<Self, Unreached> {
        let place = root.display().to_string();
        let repository = ThreadSafeRepository::open_opts(root, gix::open::Options::isolated())
            .map_err(|_| Unreached::Missing(place.clone()))?;
        let shallow = repository.to_thread_local().is_shallow().unwrap_or_default();
        Ok(Self { place, repository, shallow })
    }

    /// Whether the clone has not all commits.
    pub(super) const fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// The repository, for this thread.
    pub(super) fn local(&self) -> gix::Repository {
        self.repository.to_thread_local()
    }

    /// The tree of a revision, and how the revision is called.
    pub(super) fn tree(&self, wanted: Wanted<'_>) -> Result<(ObjectId, String), Unreached> {
        let repository = self.local();
        let (commit, name) = match wanted {
            Wanted::Default => self.default(&repository)?,
            Wanted::Ref("HEAD") => self.default(&repository)?,
            Wanted::Ref(name) => (self.named(&repository, name)?, name.to_owned()),
            Wanted::Version(version) => self.version(&repository, version)?,
        };
        let tree = repository
            .find_object(commit)
            .ok()
            .and_then(|object| object.peel_to_kind(Kind::Tree).ok())
            .ok_or_else(|| self.no_objects(&name))?;
        Ok((tree.id, name))
    }

    /// What a clone without a ref would get: a mirror has the branch in its `HEAD`; in a clone with a work tree `HEAD`
    /// is what somebody works on, and the remote's own is kept beside.
    fn default(&self, repository: &gix::Repository) -> Result<(ObjectId, String), Unreached> {
        let unknown = || Unreached::NoDefault(self.place.clone());
        let origin = "refs/remotes/origin/HEAD";
        let head = match repository.try_find_reference(origin) {
            Ok(Some(head)) if !repository.is_bare() => head,
            _ => {
                let name = repository.head_name().map_err(|_| unknown())?.ok_or_else(unknown)?;
                repository.find_reference(name.as_ref()).map_err(|_| unknown())?
            }
        };
        let branch = match head.target() {
            gix::refs::TargetRef::Symbolic(branch) => branch.shorten().to_string(),
            gix::refs::TargetRef::Object(_) => head.name().shorten().to_string(),
        };
        let branch = branch.strip_prefix("origin/").unwrap_or(&branch).to_owned();
        let mut head = head;
        let commit = head.peel_to_id().map_err(|_| self.no_objects(&branch))?.detach();
        Ok((commit, branch))
    }

    fn version(&self, repository: &gix::Repository, version: &str) -> Result<(ObjectId, String), Unreached> {
        for name in [format!("v{version}"), version.to_owned()] {
            if let Some(commit) = self.reference(repository, &format!("refs/tags/{name}"), &name)? {
                return Ok((commit, name));
            }
        }
        let (place, shallow) = (self.place.clone(), self.shallow);
        Err(Unreached::NoRevision { place, wanted: version.to_owned(), version: true, shallow })
    }

    /// A tag, a branch (the remote's before a local one of the same name, as others would get that) or a commit.
    fn named(&self, repository: &gix::Repository, name: &str) -> Result<ObjectId, Unreached> {
        let wanted = name;
        let find = |full: &str| self.reference(repository, full, wanted);
        let tag = find(&format!("refs/tags/{name}"))?;
        let remote = if repository.is_bare() { None } else { find(&format!("refs/remotes/origin/{name}"))? };
        let branch = match remote {
            Some(branch) => Some(branch),
            None => find(&format!("refs/heads/{name}"))?,
        };
        let found = match (tag, branch) {
            (Some(tag), Some(branch)) if tag != branch => return Err(self.ambiguous(wanted)),
            (Some(tag), _) => Some(tag),
            (None, Some(branch)) => Some(branch),
            (None, None) if name.starts_with("refs/") => find(name)?,
            (None, None) => match find(&format!("refs/{name}"))? {
                Some(found) => Some(found),
                None => match find(&format!("refs/remotes/{name}"))? {
                    Some(found) => Some(found),
                    None => self.commit(repository, name)?,
                },
            },
        };
        let (place, shallow) = (self.place.clone(), self.shallow);
        found.ok_or(Unreached::NoRevision { place, wanted: wanted.to_owned(), version: false, shallow })
    }

    /// The commit that a reference of that full name leads to. What is no name of a reference leads nowhere.
    fn reference(
        &self,
        repository: &gix::Repository,
        full: &str,
        wanted: &str,
    ) -> Result<Option<ObjectId>, Unreached> {
        let Ok(full) = gix::refs::FullName::try_from(full.to_owned()) else { return Ok(None) };
        let found = repository.try_find_reference(full.as_ref()).map_err(|_| self.no_objects(wanted))?;
        // A name that is looked up may be completed by rules that are not ours.
        let Some(mut found) = found.filter(|found| found.name() == full.as_ref()) else { return Ok(None) };
        found.peel_to_id().map(|id| Some(id.detach())).map_err(|_| self.no_objects(wanted))
    }

    /// The commit of a hash, which may be abbreviated.
    fn commit(&self, repository: &gix::Repository, hash: &str) -> Result<Option<ObjectId>, Unreached> {
        const SHORTEST: usize = 4;
        if hash.len() < SHORTEST || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let Ok(prefix) = gix::hash::Prefix::from_hex(hash) else { return Ok(None) };
        let mut candidates = std::collections::HashSet::default();
        if repository.objects.lookup_prefix(prefix, Some(&mut candidates)).is_err() {
            return Err(self.no_objects(hash));
        }
        let is_commit = |id: &ObjectId| {
            repository
                .find_object(*id)
                .ok()
                .and_then(|object| object.peel_to_kind(Kind::Commit).ok())
                .map(|commit| commit.id)
        };
        let mut commits: Vec<ObjectId> = candidates.iter().filter_map(is_commit).collect();
        commits.sort();
        commits.dedup();
        match commits.as_slice() {
            [] => Ok(None),
            [commit] => Ok(Some(*commit)),
            _ => Err(self.ambiguous(hash)),
        }
    }

    fn ambiguous(&self, wanted: &str) -> Unreached {
        Unreached::Ambiguous { place: self.place.clone(), wanted: wanted.to_owned() }
    }

    fn no_objects(&self, wanted: &str) -> Unreached {
        let (place, shallow) = (self.place.clone(), self.shallow);
        Unreached::NoObjects { place, wanted: wanted.to_owned(), shallow }
    }
}

/// Whether a repository borrows nothing from outside of `top`.
fn keeps_to(top: &Path, common: &Path) -> bool {
    let objects = common.join("objects");
    let inside = |path: &Path| std::fs::canonicalize(path).is_ok_and(|path| path.starts_with(top));
    inside(common) && inside(&objects) && !objects.join("info/alternates").exists()
}
