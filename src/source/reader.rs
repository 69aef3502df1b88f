use std::cell::RefCell;
use std::fs::{self, File, FileType};
use std::io::{ErrorKind, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileKind, ReadError, bounds};

/// What lies at a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
}

/// What an entry of a directory is itself, before any link is followed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OnDisk {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A pipe, a socket, a device.
    Special,
}

/// Something in a directory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// Its name, without the directory's.
    pub name: String,
    /// What it is itself.
    pub on_disk: OnDisk,
    /// What it leads to; symbolic links are followed as far as the repository goes.
    pub kind: Result<EntryKind, ReadError>,
}

impl Entry {
    /// A regular file of that name.
    #[must_use]
    pub fn file(name: impl Into<String>) -> Self {
        Self { name: name.into(), on_disk: OnDisk::File, kind: Ok(EntryKind::File) }
    }

    /// A directory of that name.
    #[must_use]
    pub fn directory(name: impl Into<String>) -> Self {
        Self { name: name.into(), on_disk: OnDisk::Directory, kind: Ok(EntryKind::Directory) }
    }
}

/// A repository's files, wherever they are kept: on disk, or in git's objects.
///
/// Paths are relative to the repository's top, with `/`, without `.` and `..`; the top itself is the empty path.
pub trait Reader: Send + Sync + std::fmt::Debug {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why they cannot be had. Never blocks on pipes and devices, never reads more than [`bounds::FILE_BYTES`].
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// What lies in a directory, sorted by name.
    ///
    /// # Errors
    /// Why it cannot be listed.
    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError>;

    /// What lies at a path.
    ///
    /// # Errors
    /// [`ReadError::Missing`] if nothing does; else why it is neither a file nor a directory to us.
    fn kind(&self, path: &str) -> Result<EntryKind, ReadError>;

    /// Where the path lies on disk, if it lies there at all.
    fn absolute(&self, path: &str) -> Option<PathBuf>;
}

/// The files on disk below one directory, and nothing else.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    /// Directories that no symbolic link leads to, so that reading a tree does not ask again for each of its files.
    plain: RwLock<FxHashSet<String>>,
    /// What was listed in such directories: each is listed once in a run, and what it holds needs no second look. Only
    /// names that were listed count: to some file systems, another spelling may name a link.
    listed: RwLock<FxHashMap<String, Arc<[Entry]>>>,
}

impl Disk {
    /// The files below `root`, which must be canonical: absolute and without symbolic links.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root, plain: RwLock::default(), listed: RwLock::default() }
    }

    /// The canonical directory that nothing leaves.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn place(&self, path: &str) -> Result<PathBuf, ReadError> {
        let outside =
            |component| matches!(component, Component::ParentDir | Component::RootDir | Component::Prefix(_));
        if Path::new(path).components().any(outside) {
            return Err(ReadError::Outside);
        }
        Ok(if path.is_empty() { self.root.clone() } else { self.root.join(path) })
    }

    /// Whether a path leads to a directory without any symbolic link on the way: what is in it, is in the repository.
    fn is_plain(&self, directory: &str) -> bool {
        if directory.is_empty() || self.is_known(directory) {
            return true;
        }
        let ends = directory.match_indices('/').map(|(at, _)| at).chain([directory.len()]);
        ends.filter_map(|end| directory.get(..end)).filter(|above| !above.is_empty()).all(|above| {
            self.is_known(above) || {
                let plain = self.listed(above).map(|on_disk| on_disk == OnDisk::Directory);
                let plain = plain.unwrap_or_else(|| {
                    let place = self.place(above).and_then(|place| {
                        fs::symlink_metadata(place).map_err(|error| ReadError::from_io(&error))
                    });
                    place.is_ok_and(|metadata| metadata.is_dir())
                });
                if plain && let Ok(mut known) = self.plain.write() {
                    known.insert(above.to_owned());
                }
                plain
            }
        })
    }

    fn is_known(&self, directory: &str) -> bool {
        self.plain.read().is_ok_and(|known| known.contains(directory))
    }

    /// What is listed there by this very name, in a directory that no link leads to.
    fn listed(&self, path: &str) -> Option<OnDisk> {
        let (directory, name) = split(path);
        let listed = self.listed.read().ok()?;
        let entries = listed.get(directory)?;
        let at = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        entries.get(at).map(|entry| entry.on_disk)
    }

    /// Follows symbolic links, but not out of the repository.
    fn resolve(&self, path: &str) -> Result<(PathBuf, FileType), ReadError> {
        let place = self.place(path)?;
        if self.is_plain(split(path).0) {
            let kind = fs::symlink_metadata(&place).map_err(|error| ReadError::from_io(&error))?.file_type();
            if !kind.is_symlink() {
                return Ok((place, kind));
            }
        }
        let resolved = fs::canonicalize(&place).map_err(|error| broken_link(&place, &error))?;
        if !resolved.starts_with(&self.root) {
            return Err(ReadError::Outside);
        }
        let kind = fs::metadata(&resolved).map_err(|error| ReadError::from_io(&error))?.file_type();
        Ok((resolved, kind))
    }
}

thread_local! {
    /// Where files are read to first, so that each is kept in just the bytes that it takes.
    static FIRST: RefCell<Box<[u8]>> = RefCell::new(vec![0; 1 << 16].into());
}

/// The bytes of a file. Most fit into the first room, and need not be asked for their size.
fn all_of(mut file: File) -> Result<Vec<u8>, ReadError> {
    let failed = |error: std::io::Error| ReadError::from_io(&error);
    let (mut bytes, whole) = FIRST.with_borrow_mut(|room| beginning_of(&mut file, room)).map_err(failed)?;
    if whole {
        return Ok(bytes);
    }
    let size = file.metadata().map_err(failed)?.len();
    if size > bounds::FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    bytes.reserve((size as usize + 1).saturating_sub(bytes.len()));
    // The file may grow while it is read: the bound holds for what comes, not for what was announced.
    let left = (bounds::FILE_BYTES + 1).saturating_sub(bytes.len() as u64);
    file.take(left).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > bounds::FILE_BYTES { Err(ReadError::TooLarge) } else { Ok(bytes) }
}

/// What of a file fits into a room, and whether that is all of it.
fn beginning_of(file: &mut File, room: &mut [u8]) -> std::io::Result<(Vec<u8>, bool)> {
    let mut filled = 0;
    while let Some(free) = room.get_mut(filled..).filter(|free| !free.is_empty()) {
        match file.read(free) {
            Ok(0) => return Ok((room[..filled].to_vec(), true)),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((room.to_vec(), false))
}

/// A link to nothing and a link to itself are told apart from a file that is not there.
fn broken_link(place: &Path, error: &std::io::Error) -> ReadError {
    let is_link = fs::symlink_metadata(place).is_ok_and(|metadata| metadata.is_symlink());
    match ReadError::from_io(error) {
        ReadError::Missing if is_link => ReadError::Dangling,
        other => other,
    }
}

fn on_disk(kind: FileType) -> OnDisk {
    if kind.is_symlink() {
        OnDisk::Link
    } else if kind.is_dir() {
        OnDisk::Directory
    } else if kind.is_file() {
        OnDisk::File
    } else {
        OnDisk::Special
    }
}

pub(super) fn entry_kind(kind: FileType) -> Result<EntryKind, ReadError> {
    if kind.is_file() {
        return Ok(EntryKind::File);
    }
    if kind.is_dir() {
        return Ok(EntryKind::Directory);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Err(ReadError::Special("a named pipe"));
        }
        if kind.is_socket() {
            return Err(ReadError::Special("a socket"));
        }
    }
    Err(ReadError::Special("a device"))
}

impl Reader for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let place = if self.listed(path) == Some(OnDisk::File) {
            self.place(path)?
        } else {
            let (place, kind) = self.resolve(path)?;
            if entry_kind(kind)? == EntryKind::Directory {
                return Err(ReadError::Directory);
            }
            place
        };
        let file = File::open(&place).map_err(|error| ReadError::from_io(&error))?;
        all_of(file)
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        if let Some(entries) = self.listed.read().ok().and_then(|listed| listed.get(directory).cloned()) {
            return Ok(entries);
        }
        let plain = self.is_plain(directory);
        let place = if plain {
            self.place(directory)?
        } else {
            let (place, kind) = self.resolve(directory)?;
            if entry_kind(kind)? != EntryKind::Directory {
                return Err(ReadError::NotDirectory);
            }
            place
        };
        let failed = |error: std::io::Error| ReadError::from_io(&error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(place).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let file_type = entry.file_type().map_err(failed)?;
            let on_disk = on_disk(file_type);
            let (name, kind) = match entry.file_name().into_string() {
                Err(name) => (name.to_string_lossy().into_owned(), Err(ReadError::Name)),
                Ok(name) if on_disk == OnDisk::Link => {
                    let kind = self.kind(&join(directory, &name));
                    (name, kind)
                }
                Ok(name) => (name, entry_kind(file_type)),
            };
            entries.push(Entry { name, on_disk, kind });
        }
        entries.sort_unstable();
        let entries: Arc<[Entry]> = entries.into();
        if plain && let Ok(mut listed) = self.listed.write() {
            listed.insert(directory.to_owned(), entries.clone());
        }
        Ok(entries)
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        match self.listed(path) {
            Some(OnDisk::File) => Ok(EntryKind::File),
            Some(OnDisk::Directory) => Ok(EntryKind::Directory),
            _ => self.resolve(path).and_then(|(_, kind)| entry_kind(kind)),
        }
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        self.place(path).ok()
    }
}

/// Another repository with one file's text put in place: what an editor has not saved yet.
#[derive(Debug)]
pub struct Overlay {
    inner: Arc<dyn Reader>,
    path: String,
    bytes: Arc<[u8]>,
    alone: bool,
}

impl Overlay {
    /// `inner` with these bytes at `path`.
    #[must_use]
    pub fn new(inner: Arc<dyn Reader>, path: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { inner, path: path.into(), bytes: bytes.into(), alone: false }
    }

    /// The same, with the other files of that directory's module and their values out of sight: the file is a module of
    /// its own, from which everything else can still be read.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { alone: true, ..self }
    }
}

impl Reader for Overlay {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if path == self.path { Ok(self.bytes.to_vec()) } else { self.inner.read(path) }
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        let entries = self.inner.list(directory)?;
        let (parent, name) = split(&self.path);
        if parent != directory {
            return Ok(entries);
        }
        let hidden = |entry: &Entry| {
            let kind = FileKind::of(&entry.name).filter(|_| self.alone);
            kind.is_some_and(|kind| kind.is_module() || matches!(kind, FileKind::Variables(_)))
        };
        let others = entries.iter().filter(|entry| entry.name != name && !hidden(entry));
        let mut entries: Vec<Entry> = others.cloned().chain([Entry::file(name)]).collect();
        entries.sort_unstable();
        Ok(entries.into())
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        if path == self.path { Ok(EntryKind::File) } else { self.inner.kind(path) }
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        self.inner.absolute(path)
    }
}

/// The path of `name` in `directory`, which may be the top (the empty path).
#[must_use]
pub fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// A path's directory (empty for the top) and its last name.
#[must_use]
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `path` as seen from `directory`, its `.` and `..` resolved; `None` if it leaves the top or is absolute.
#[must_use]
pub fn resolve(directory: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
