use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::revisions::WithRevisions;
use super::{
    Disk, EntryKind, FileKind, Found, Overlay, ReadError, Reader, Repository, Revisions, SourceFile, Walk,
    Walked, join, shadowing_name, split,
};

/// A repository, a way to read it, and which of its files were asked for.
#[derive(Debug)]
pub struct Workspace {
    /// The directory that nothing leaves.
    pub repository: Repository,
    /// The files that were asked for: findings stand in these.
    pub files: Vec<Found>,
    /// What was asked for and could not be looked at, sorted by path.
    pub skipped: Vec<(String, ReadError)>,
    reader: Arc<dyn Reader>,
    revisions: Arc<Revisions>,
}

/// A file of a module's directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleFile {
    /// Relative to the repository's top.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// An OpenTofu file beside it takes its place: it is no part of the module.
    pub shadowed: bool,
}

impl Workspace {
    /// Walks the paths (relative ones as seen from `current`; none at all is `current` itself).
    ///
    /// # Errors
    /// Which of the paths is not there, and why.
    pub fn open(current: &Path, paths: &[PathBuf], walk: &Walk) -> Result<Self, (PathBuf, ReadError)> {
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here[..] } else { paths };
        let repository = Repository::around(current, paths)?;
        let absolute: Vec<PathBuf> = paths.iter().map(|path| lexical(current, path)).collect();
        let disk = Disk::new(repository.root.clone());
        let Walked { files, skipped } = walk.run(&repository, &disk, &absolute);
        let mut workspace = Self::over(repository, Arc::new(disk), files);
        workspace.skipped = skipped;
        Ok(workspace)
    }

    /// The same of a state of the repository that is kept elsewhere: a commit. A path need not be in it.
    ///
    /// # Errors
    /// That the current directory is not there.
    pub fn of(
        current: &Path,
        tree: Arc<dyn Reader>,
        paths: &[PathBuf],
        walk: &Walk,
    ) -> Result<Self, (PathBuf, ReadError)> {
        let repository = Repository::around(current, &[])?;
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here[..] } else { paths };
        let absolute: Vec<PathBuf> = paths.iter().map(|path| lexical(current, path)).collect();
        let named =
            |path: &str| absolute.iter().any(|named| repository.relative(named).as_deref() == Ok(path));
        let Walked { files, mut skipped } = walk.run(&repository, tree.as_ref(), &absolute);
        skipped.retain(|(path, error)| *error != ReadError::Missing || !named(path));
        let mut workspace = Self::over(repository, tree, files);
        workspace.skipped = skipped;
        Ok(workspace)
    }

    /// The repository that holds a directory, with nothing asked for yet.
    ///
    /// # Errors
    /// That the directory is not there.
    pub fn at(current: &Path, directory: &Path) -> Result<Self, (PathBuf, ReadError)> {
        let repository = Repository::around(current, &[directory.to_owned()])?;
        let disk = Disk::new(repository.root.clone());
        Ok(Self::over(repository, Arc::new(disk), Vec::new()))
    }

    /// These files of a repository that is kept elsewhere.
    #[must_use]
    pub fn over(repository: Repository, reader: Arc<dyn Reader>, mut files: Vec<Found>) -> Self {
        files.sort();
        files.dedup();
        let revisions = Arc::<Revisions>::default();
        let reader = Arc::new(WithRevisions::new(reader, revisions.clone()));
        Self { repository, files, skipped: Vec::new(), reader, revisions }
    }

    /// The same repository with another text for one file, which becomes all that is asked for.
    #[must_use]
    pub fn with_text(self, path: &str, bytes: Vec<u8>) -> Self {
        let overlay = Overlay::new(self.reader.clone(), path, bytes);
        let mut workspace = self.with_reader(Arc::new(overlay));
        let kind = FileKind::of(split(path).1).unwrap_or(FileKind::Module);
        workspace.files = vec![Found { path: path.to_owned(), kind }];
        workspace.skipped.clear();
        workspace
    }

    /// The same repository, read in another way.
    #[must_use]
    pub fn with_reader(self, reader: Arc<dyn Reader>) -> Self {
        // Paths of revisions are asked for first: nobody else may take them for its own.
        let reader = Arc::new(WithRevisions::new(reader, self.revisions.clone()));
        Self { reader, ..self }
    }

    /// The revisions of other repositories that can be read as well.
    #[must_use]
    pub fn revisions(&self) -> &Revisions {
        &self.revisions
    }

    /// The way to read the repository.
    #[must_use]
    pub fn reader(&self) -> &Arc<dyn Reader> {
        &self.reader
    }

    /// Whether the file was asked for.
    #[must_use]
    pub fn is_selected(&self, path: &str) -> bool {
        self.files.binary_search_by(|found| found.path.as_str().cmp(path)).is_ok()
    }

    /// The directories that hold files that were asked for, sorted, the top as the empty path.
    #[must_use]
    pub fn directories(&self) -> Vec<&str> {
        let mut directories: Vec<&str> = self.files.iter().map(|found| split(&found.path).0).collect();
        directories.sort_unstable();
        directories.dedup();
        directories
    }

    /// The same without hidden directories of which only Terragrunt's files were asked for: the walk found units there,
    /// and passed by whatever else lies beside them.
    #[must_use]
    pub fn module_directories(&self) -> Vec<&str> {
        let is_hidden = |directory: &str| directory.split('/').any(|name| name.starts_with('.'));
        let plain = self
            .files
            .iter()
            .filter(|found| found.kind != FileKind::Terragrunt || !is_hidden(split(&found.path).0));
        let mut directories: Vec<&str> = plain.map(|found| split(&found.path).0).collect();
        directories.sort_unstable();
        directories.dedup();
        directories
    }

    /// All files of ours in a directory, asked for or not, ignored or not: Terraform reads them all, and a module is
    /// what Terraform reads. Sorted by name. What cannot be read is left out here; a walk reports it.
    ///
    /// # Errors
    /// Why the directory cannot be listed.
    pub fn module_files(&self, directory: &str) -> Result<Vec<ModuleFile>, ReadError> {
        let entries = self.reader.list(directory)?;
        let is_file = |name: &str| {
            entries
                .binary_search_by(|entry| entry.name.as_str().cmp(name))
                .is_ok_and(|at| entries.get(at).is_some_and(|entry| entry.kind == Ok(EntryKind::File)))
        };
        let files = entries.iter().filter(|entry| entry.kind == Ok(EntryKind::File)).filter_map(|entry| {
            let kind = FileKind::of(&entry.name)?;
            let shadowed = shadowing_name(&entry.name).is_some_and(|other| is_file(&other));
            Some(ModuleFile { path: join(directory, &entry.name), kind, shadowed })
        });
        Ok(files.collect())
    }

    /// Reads a file as text.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(&self, path: &str) -> Result<SourceFile, ReadError> {
        let text = text(self.reader.read(path)?)?;
        Ok(SourceFile::new(path, self.reader.absolute(path), text))
    }
}

/// Bytes as text. A byte-order mark stays, as do carriage returns and NUL bytes: the syntax speaks about those.
///
/// # Errors
/// [`ReadError::NotUtf8`] with the place of the first byte that is not.
pub fn text(bytes: Vec<u8>) -> Result<Arc<str>, ReadError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let (good, bad) = error.as_bytes().split_at_checked(offset).unwrap_or_default();
            let line_start = memchr::memrchr(b'\n', good).map_or(0, |at| at + 1);
            Err(ReadError::NotUtf8 {
                offset: offset as u32,
                byte: bad.first().copied().unwrap_or_default(),
                line: memchr::memchr_iter(b'\n', good).count() as u32 + 1,
                column: (offset - line_start) as u32 + 1,
            })
        }
    }
}

/// `path` seen from `current`: directories resolved, but a symbolic link at its end left as it is, so that where it
/// leads is judged like any other link.
fn lexical(current: &Path, path: &Path) -> PathBuf {
    let joined = current.join(path);
    let canonical = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match (joined.parent(), joined.file_name()) {
        (Some(parent), Some(name)) if joined.is_symlink() => canonical(parent).join(name),
        _ => canonical(&joined),
    }
}
