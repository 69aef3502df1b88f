use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::ignored::Ignored;
use super::{Entry, EntryKind, FileKind, OnDisk, ReadError, Reader, Repository, join};

/// Directories that tools fill with copies; nothing in them was written by hand.
const NEVER_ENTERED: [&str; 3] = [".git", ".terraform", ".terragrunt-cache"];

/// Which files to look for.
#[derive(Clone, Default, Debug)]
pub struct Walk {
    /// Enter hidden directories too.
    pub hidden: bool,
    /// Do not honour `.gitignore` and `.plangateignore`.
    pub no_ignore: bool,
    /// All of it is tracked, as in a commit: what `.gitignore` says leaves none of it out.
    pub tracked: bool,
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

/// A directory to look at, and what is left out of it.
struct Visit {
    directory: String,
    /// It lies in a hidden directory, of which only units are looked at.
    hidden: bool,
    ignored: Option<Arc<Ignored>>,
}

impl Walk {
    /// Walks these files and directories of the repository, in parallel.
    ///
    /// A file that is named is taken even where an ignore file would leave it out. Symbolic links in directories are
    /// followed when they lead to files of the repository; those to directories are not entered (what they lead to is
    /// found at its own place), and those that lead elsewhere are reported.
    #[must_use]
    pub fn run(&self, repository: &Repository, reader: &dyn Reader, paths: &[PathBuf]) -> Walked {
        let mut walked = Walked::default();
        let mut level = Vec::new();
        for path in paths {
            match named(repository, reader, path) {
                Ok(Named::Directory(directory)) => {
                    let ignored =
                        if self.no_ignore { None } else { Ignored::above(reader, &directory, self.tracked) };
                    level.push(Visit { directory, hidden: false, ignored });
                }
                Ok(Named::File(found)) => walked.files.extend(found),
                Err(error) => {
                    let shown =
                        repository.relative(path).unwrap_or_else(|_| path.to_string_lossy().into_owned());
                    walked.skipped.push((shown, error));
                }
            }
        }
        // Level by level: no depth of directories can exhaust a stack.
        while !level.is_empty() {
            let visited: Vec<(Walked, Vec<Visit>)> =
                level.into_par_iter().map(|visit| self.visit(reader, visit)).collect();
            level = Vec::with_capacity(visited.iter().map(|(_, below)| below.len()).sum());
            for (mut found, below) in visited {
                walked.files.append(&mut found.files);
                walked.skipped.append(&mut found.skipped);
                level.extend(below);
            }
        }
        walked.files.sort_unstable();
        walked.files.dedup();
        walked.skipped.sort_by(|a, b| a.0.cmp(&b.0));
        walked.skipped.dedup();
        walked
    }

    /// What lies in a directory: our files, and the directories to visit next.
    fn visit(
        &self,
        reader: &dyn Reader,
        Visit { directory, hidden: within, ignored }: Visit,
    ) -> (Walked, Vec<Visit>) {
        let mut walked = Walked::default();
        let entries = match reader.list(&directory) {
            Ok(entries) => entries,
            Err(error) => {
                if !within {
                    walked.skipped.push((directory, error));
                }
                return (walked, Vec::new());
            }
        };
        let ignored = if self.no_ignore {
            None
        } else {
            Ignored::in_directory(reader, &directory, &entries, ignored, self.tracked)
        };
        let mut below = Vec::new();
        for entry in entries.iter() {
            let kind = FileKind::of(&entry.name);
            let is_directory = entry.on_disk == OnDisk::Directory;
            if kind.is_none() && entry.on_disk == OnDisk::File || is_directory && self.never_entered(entry) {
                continue;
            }
            let path = join(&directory, &entry.name);
            let verdict = ignored.as_ref().and_then(|ignored| ignored.verdict(&path, is_directory));
            // Units in hidden directories are units like others; whatever else lies there is not looked at.
            let hidden = within || !self.hidden && entry.name.starts_with('.') && verdict.is_none();
            if verdict == Some(true) || hidden && !is_directory && !is_unit(&entry.name) {
                continue;
            }
            match (kind, &entry.kind) {
                (Some(kind), Ok(EntryKind::File)) => walked.files.push(Found { path, kind }),
                (kind, Ok(EntryKind::Directory)) if is_directory => {
                    // A directory `x.hcl` is odd but harmless; one that a module's file should be is worth a word.
                    if kind.is_some_and(|kind| kind != FileKind::Terragrunt) && !hidden {
                        walked.skipped.push((path.clone(), ReadError::Directory));
                    }
                    below.push(Visit { directory: path, hidden, ignored: ignored.clone() });
                }
                (_, Err(_)) if hidden => {}
                (_, Err(error @ (ReadError::Outside | ReadError::Loop))) => {
                    walked.skipped.push((path, error.clone()));
                }
                (kind, Err(error)) if kind.is_some() || is_directory => {
                    walked.skipped.push((path, error.clone()));
                }
                _ => {}
            }
        }
        (walked, below)
    }

    fn never_entered(&self, entry: &Entry) -> bool {
        NEVER_ENTERED.contains(&entry.name.as_str())
    }
}

/// Whether a file makes its directory a unit or a stack.
fn is_unit(name: &str) -> bool {
    matches!(name, "terragrunt.hcl" | "terragrunt.hcl.json" | "terragrunt.stack.hcl")
}

enum Named {
    Directory(String),
    File(Option<Found>),
}

fn named(repository: &Repository, reader: &dyn Reader, path: &Path) -> Result<Named, ReadError> {
    let relative = repository.relative(path)?;
    if reader.kind(&relative)? == EntryKind::Directory {
        return Ok(Named::Directory(relative));
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Ok(Named::File(FileKind::of(name).map(|kind| Found { path: relative, kind })))
}
