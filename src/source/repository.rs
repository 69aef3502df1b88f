use std::path::{Path, PathBuf};

use super::ReadError;

/// The directory that nothing leaves, and how it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repository {
    /// Canonical: absolute and without symbolic links.
    pub root: PathBuf,
    /// Whether a `.git` marks it; else it is the directory above everything that was asked for.
    pub marked: bool,
}

impl Repository {
    /// The repository that holds all these paths (relative ones as seen from `current`): the nearest directory with a
    /// `.git` above the first of them, or else the nearest directory above all of them and `current`.
    ///
    /// # Errors
    /// Why one of the paths, named, cannot be found.
    pub fn around(current: &Path, paths: &[PathBuf]) -> Result<Self, (PathBuf, ReadError)> {
        let canonical = |path: &Path| {
            std::fs::canonicalize(path).map_err(|error| (path.to_owned(), ReadError::from_io(&error)))
        };
        let current = canonical(current)?;
        let mut common: Option<PathBuf> = None;
        for path in paths {
            // The link itself is what was asked for, where it leads is judged when it is read.
            let joined = current.join(path);
            let place = match (joined.parent(), joined.file_name()) {
                (Some(parent), Some(name)) if joined.is_symlink() => canonical(parent)?.join(name),
                _ => canonical(&joined).map_err(|(_, error)| (path.clone(), error))?,
            };
            let place = if place.is_dir() && !place.is_symlink() {
                place
            } else {
                place.parent().map_or_else(|| place.clone(), Path::to_path_buf)
            };
            common = Some(match common {
                None => place,
                Some(other) => shared(&other, &place),
            });
        }
        let asked = common.unwrap_or_else(|| current.clone());
        if let Some(root) = asked.ancestors().find(|directory| directory.join(".git").exists()) {
            return Ok(Self { root: root.to_owned(), marked: true });
        }
        let root = if asked.starts_with(&current) { current } else { asked };
        Ok(Self { root, marked: false })
    }

    /// A path on disk as one of the repository's: relative to its top, with `/`.
    ///
    /// # Errors
    /// [`ReadError::Outside`] if it lies elsewhere, [`ReadError::Name`] if it is not UTF-8.
    pub fn relative(&self, path: &Path) -> Result<String, ReadError> {
        let inside = path.strip_prefix(&self.root).map_err(|_| ReadError::Outside)?;
        let text = inside.to_str().ok_or(ReadError::Name)?;
        Ok(if std::path::MAIN_SEPARATOR == '/' { text.to_owned() } else { text.replace('\\', "/") })
    }
}

fn shared(one: &Path, other: &Path) -> PathBuf {
    one.components().zip(other.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}
