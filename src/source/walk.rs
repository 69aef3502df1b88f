use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::reader::entry_kind;
use super::{Disk, EntryKind, FileKind, ReadError, Reader as _, Repository};

/// The name of the file that lists what this program alone shall not look at.
const IGNORE_NAME: &str = ".plangateignore";

/// Directories that tools fill with copies; nothing in them was written by hand.
const NEVER_ENTERED: [&str; 3] = [".git", ".terraform", ".terragrunt-cache"];

/// Which files to look for.
#[derive(Clone, Default, Debug)]
pub struct Walk {
    /// Enter hidden directories too.
    pub hidden: bool,
    /// Do not honour `.gitignore` and `.plangateignore`.
    pub no_ignore: bool,
    /// How many threads walk; 0 chooses.
    pub threads: usize,
}

/// A file that was found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Found {
    /// Relative to the repository's top, with `/`.
    pub path: String,
    /// What it is, judged by its name.
    pub kind: FileKind,
}

/// What a walk found, and what it could not look at. Both sorted by path, without repeats.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Walked {
    /// The files of kinds that are ours.
    pub files: Vec<Found>,
    /// Paths that look like ours, or were asked for, and cannot be read.
    pub skipped: Vec<(String, ReadError)>,
}

impl Walk {
    /// Walks these files and directories of the repository, in parallel.
    ///
    /// A file that is named is taken even where an ignore file would leave it out. Symbolic links in directories are
    /// followed when they lead to files of the repository; those to directories are not entered (what they lead to is
    /// found at its own place), and those that lead elsewhere are reported.
    #[must_use]
    pub fn run(&self, repository: &Repository, disk: &Disk, paths: &[PathBuf]) -> Walked {
        let mut walked = Walked::default();
        let mut directories = Vec::new();
        for path in paths {
            match self.named(repository, disk, path) {
                Ok(Named::Directory) => directories.push(path.clone()),
                Ok(Named::File(found)) => walked.files.extend(found),
                Err(error) => {
                    let shown =
                        repository.relative(path).unwrap_or_else(|_| path.to_string_lossy().into_owned());
                    walked.skipped.push((shown, error));
                }
            }
        }
        if let Some((first, others)) = directories.split_first() {
            let inside = self.directories(repository, disk, first, others);
            walked.files.extend(inside.files);
            walked.skipped.extend(inside.skipped);
        }
        walked.files.sort();
        walked.files.dedup();
        walked.skipped.sort_by(|a, b| a.0.cmp(&b.0));
        walked.skipped.dedup();
        walked
    }

    fn named(&self, repository: &Repository, disk: &Disk, path: &Path) -> Result<Named, ReadError> {
        let relative = repository.relative(path)?;
        if disk.kind(&relative)? == EntryKind::Directory {
            return Ok(Named::Directory);
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Ok(Named::File(FileKind::of(name).map(|kind| Found { path: relative, kind })))
    }

    fn directories(&self, repository: &Repository, disk: &Disk, first: &Path, others: &[PathBuf]) -> Walked {
        let mut builder = WalkBuilder::new(first);
        for other in others {
            builder.add(other);
        }
        builder
            .hidden(!self.hidden)
            .ignore(false)
            .git_ignore(!self.no_ignore)
            .git_exclude(!self.no_ignore)
            // A setting of one person's machine must not decide what a gate sees.
            .git_global(false)
            .require_git(false)
            .parents(!self.no_ignore)
            .follow_links(false)
            .threads(self.threads)
            .filter_entry(|entry| {
                entry.depth() == 0 || !NEVER_ENTERED.iter().any(|name| entry.file_name() == *name)
            });
        if !self.no_ignore {
            builder.add_custom_ignore_filename(IGNORE_NAME);
        }
        let gathered = Mutex::new(Walked::default());
        builder.build_parallel().run(|| {
            let mut batch = Batch { walked: Walked::default(), into: &gathered };
            Box::new(move |entry| {
                batch.take(repository, disk, entry);
                WalkState::Continue
            })
        });
        gathered.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

enum Named {
    Directory,
    File(Option<Found>),
}

/// What one thread found; it is handed over once, when the thread is done.
struct Batch<'a> {
    walked: Walked,
    into: &'a Mutex<Walked>,
}

impl Batch<'_> {
    fn take(&mut self, repository: &Repository, disk: &Disk, entry: Result<DirEntry, ignore::Error>) {
        match entry {
            Ok(entry) => {
                if let Err((path, error)) = self.entry(repository, disk, &entry) {
                    self.walked.skipped.push((path, error));
                }
            }
            Err(error) => {
                if let Some((path, error)) = walk_error(repository, &error) {
                    self.walked.skipped.push((path, error));
                }
            }
        }
    }

    fn entry(
        &mut self,
        repository: &Repository,
        disk: &Disk,
        entry: &DirEntry,
    ) -> Result<(), (String, ReadError)> {
        let Some(file_type) = entry.file_type() else { return Ok(()) };
        if file_type.is_dir() && FileKind::of(&entry.file_name().to_string_lossy()).is_none() {
            return Ok(());
        }
        let shown = || match repository.relative(entry.path()) {
            Ok(path) => path,
            Err(_) => entry.path().to_string_lossy().into_owned(),
        };
        let kind = FileKind::of(&entry.file_name().to_string_lossy());
        if file_type.is_symlink() {
            let path = repository.relative(entry.path()).map_err(|error| (shown(), error))?;
            return match (disk.kind(&path), kind) {
                (Ok(EntryKind::File), Some(kind)) => {
                    self.walked.files.push(Found { path, kind });
                    Ok(())
                }
                (Err(error @ (ReadError::Outside | ReadError::Loop)), _) | (Err(error), Some(_)) => {
                    Err((path, error))
                }
                _ => Ok(()),
            };
        }
        let Some(kind) = kind else { return Ok(()) };
        let path = repository.relative(entry.path()).map_err(|error| (shown(), error))?;
        match entry_kind(file_type) {
            Ok(EntryKind::File) => {
                self.walked.files.push(Found { path, kind });
                Ok(())
            }
            // A directory `x.hcl` is odd but harmless; one that a module's file should be is worth a word.
            Ok(EntryKind::Directory) if kind == FileKind::Terragrunt => Ok(()),
            Ok(EntryKind::Directory) => Err((path, ReadError::Directory)),
            Err(error) => Err((path, error)),
        }
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut into = self.into.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        into.files.append(&mut self.walked.files);
        into.skipped.append(&mut self.walked.skipped);
    }
}

fn walk_error(repository: &Repository, error: &ignore::Error) -> Option<(String, ReadError)> {
    let mut path = None;
    let mut inner = error;
    loop {
        inner = match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at.clone());
                err
            }
            ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => err,
            ignore::Error::Loop { child, .. } => {
                let shown = repository.relative(child).ok()?;
                return Some((shown, ReadError::Loop));
            }
            ignore::Error::Io(io) => {
                let path = path?;
                let shown =
                    repository.relative(&path).unwrap_or_else(|_| path.to_string_lossy().into_owned());
                return Some((shown, ReadError::from_io(io)));
            }
            // A glob that an ignore file gets wrong is git's business, not ours.
            _ => return None,
        };
    }
}
