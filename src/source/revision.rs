use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use gix::ObjectId;
use gix::objs::tree::EntryKind as Mode;
use rustc_hash::FxHashMap;

use super::mirror::Mirror;
use super::{Entry, EntryKind, OnDisk, ReadError, Reader, bounds, join};

/// How many symbolic links one path may lead through.
const LINKS: usize = 40;

/// What every git LFS pointer begins with, and the most bytes that one has.
const POINTER: (&[u8], usize) = (b"version https://git-lfs.github.com/spec/", 1024);

/// The files of one revision of a git repository, read from its objects. Symbolic links are followed as far as the
/// revision goes.
#[derive(Debug)]
pub struct Revision {
    mirror: Arc<Mirror>,
    tree: ObjectId,
    /// Directories that were looked at.
    directories: RwLock<FxHashMap<ObjectId, Listing>>,
}

/// What lies in a directory, sorted by name.
type Listing = Result<Arc<[Item]>, ReadError>;

#[derive(Debug)]
struct Item {
    /// `None` if it is not UTF-8.
    name: Option<String>,
    mode: Mode,
    id: ObjectId,
}

impl Revision {
    pub(super) fn new(mirror: Arc<Mirror>, tree: ObjectId) -> Self {
        Self { mirror, tree, directories: RwLock::default() }
    }

    fn items(&self, id: ObjectId) -> Listing {
        if let Some(known) = self.directories.read().ok().and_then(|known| known.get(&id).cloned()) {
            return known;
        }
        let listing = self.decoded(id);
        if let Ok(mut known) = self.directories.write() {
            known.insert(id, listing.clone());
        }
        listing
    }

    fn decoded(&self, id: ObjectId) -> Listing {
        let repository = self.mirror.local();
        let tree = repository.find_tree(id).map_err(|_| ReadError::Object)?;
        let mut items = Vec::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|_| ReadError::Object)?;
            let name = std::str::from_utf8(entry.filename()).ok().map(str::to_owned);
            items.push(Item { name, mode: entry.mode().kind(), id: entry.object_id() });
        }
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(items.into())
    }

    /// The paths of files that are not the same in another revision, sorted; links are told apart by where they lead.
    pub(super) fn changed(&self, other: &Self) -> Result<Vec<String>, ReadError> {
        let mut found = Vec::new();
        let mut work = vec![(String::new(), Some(self.tree), Some(other.tree))];
        while let Some((directory, one, two)) = work.pop() {
            if one == two {
                continue;
            }
            let items =
                |side: &Self, id: Option<ObjectId>| id.map_or(Ok(Vec::new().into()), |id| side.items(id));
            let (one, two) = (items(self, one)?, items(other, two)?);
            let known: FxHashMap<&str, &Item> =
                one.iter().filter_map(|item| Some((item.name.as_deref()?, item))).collect();
            let here: FxHashMap<&str, &Item> =
                two.iter().filter_map(|item| Some((item.name.as_deref()?, item))).collect();
            for name in known.keys().chain(here.keys().filter(|name| !known.contains_key(*name))) {
                let (before, after) = (known.get(name), here.get(name));
                let is = |item: Option<&&Item>| item.map(|item| (item.mode, item.id));
                if is(before) == is(after) {
                    continue;
                }
                let path = join(&directory, name);
                let tree =
                    |item: Option<&&Item>| item.filter(|item| item.mode == Mode::Tree).map(|item| item.id);
                let (inner, outer) = (tree(before), tree(after));
                if before.is_some() != inner.is_some() || after.is_some() != outer.is_some() {
                    found.push(path.clone());
                }
                if inner.is_some() || outer.is_some() {
                    work.push((path, inner, outer));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// What lies at a path, links followed.
    fn find(&self, path: &str) -> Result<(Mode, ObjectId), ReadError> {
        let mut waiting: Vec<String> = parts(path).rev().collect();
        // The way so far: the names, and the directories that they lead to.
        let mut way: Vec<ObjectId> = Vec::new();
        let mut links = 0;
        while let Some(part) = waiting.pop() {
            if part == ".." {
                way.pop().ok_or(ReadError::Outside)?;
                continue;
            }
            let here = way.last().copied().unwrap_or(self.tree);
            let items = self.items(here)?;
            let at = items.binary_search_by(|item| item.name.as_deref().cmp(&Some(part.as_str())));
            let item = at.ok().and_then(|at| items.get(at));
            let item = item.ok_or(if links == 0 { ReadError::Missing } else { ReadError::Dangling })?;
            match item.mode {
                Mode::Tree => way.push(item.id),
                Mode::Commit => return Err(ReadError::Submodule),
                Mode::Blob | Mode::BlobExecutable if waiting.is_empty() => return Ok((item.mode, item.id)),
                Mode::Blob | Mode::BlobExecutable => return Err(ReadError::NotDirectory),
                Mode::Link => {
                    links += 1;
                    if links > LINKS {
                        return Err(ReadError::Loop);
                    }
                    let target = String::from_utf8(self.blob(item.id)?).map_err(|_| ReadError::Name)?;
                    if target.starts_with('/') {
                        return Err(ReadError::Outside);
                    }
                    waiting.extend(parts(&target).rev());
                }
            }
        }
        Ok((Mode::Tree, way.last().copied().unwrap_or(self.tree)))
    }

    fn blob(&self, id: ObjectId) -> Result<Vec<u8>, ReadError> {
        let repository = self.mirror.local();
        let header = repository.find_header(id).map_err(|_| ReadError::Object)?;
        if header.size() > bounds::FILE_BYTES {
            return Err(ReadError::TooLarge);
        }
        let mut blob = repository.find_blob(id).map_err(|_| ReadError::Object)?;
        let bytes = blob.take_data();
        let (beginning, longest) = POINTER;
        if bytes.len() <= longest && bytes.starts_with(beginning) {
            return Err(ReadError::Pointer);
        }
        Ok(bytes)
    }
}

fn parts(path: &str) -> impl DoubleEndedIterator<Item = String> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned)
}

impl Reader for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.find(path)? {
            (Mode::Tree, _) => Err(ReadError::Directory),
            (_, id) => self.blob(id),
        }
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        let (Mode::Tree, id) = self.find(directory)? else { return Err(ReadError::NotDirectory) };
        let items = self.items(id)?;
        let entry = |item: &Item| {
            let Some(name) = item.name.clone() else {
                return Entry {
                    name: "\u{fffd}".to_owned(),
                    on_disk: OnDisk::Special,
                    kind: Err(ReadError::Name),
                };
            };
            let (on_disk, kind) = match item.mode {
                Mode::Tree => (OnDisk::Directory, Ok(EntryKind::Directory)),
                Mode::Blob | Mode::BlobExecutable => (OnDisk::File, Ok(EntryKind::File)),
                Mode::Commit => (OnDisk::Directory, Err(ReadError::Submodule)),
                Mode::Link => (OnDisk::Link, self.kind(&join(directory, &name))),
            };
            Entry { name, on_disk, kind }
        };
        let mut entries: Vec<Entry> = items.iter().map(entry).collect();
        entries.sort_unstable();
        Ok(entries.into())
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        Ok(if self.find(path)?.0 == Mode::Tree { EntryKind::Directory } else { EntryKind::File })
    }

    fn absolute(&self, _: &str) -> Option<PathBuf> {
        None
    }
}
