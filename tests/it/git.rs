//! Git repositories for tests, written object by object: no git program is needed, and every hash is the same each time.

use std::collections::BTreeMap;
use std::path::Path;

use gix::objs::tree::{Entry, EntryKind};
use gix::{ObjectId, create};

/// What lies at a path.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    Text(&'a str),
    /// A symbolic link.
    Link(&'a str),
    /// A submodule.
    Submodule,
}

pub(crate) struct Git {
    repository: gix::Repository,
}

const AUTHOR: &str = "Test <test@example.local> 1700000000 +0000";

impl Git {
    /// A bare repository.
    pub(crate) fn bare(path: &Path) -> Self {
        Self::init(path, create::Kind::Bare)
    }

    /// One with a work tree, which stays empty.
    pub(crate) fn with_work_tree(path: &Path) -> Self {
        Self::init(path, create::Kind::WithWorktree)
    }

    fn init(path: &Path, kind: create::Kind) -> Self {
        std::fs::create_dir_all(path).expect("a directory");
        let options = gix::open::Options::isolated();
        let repository =
            gix::ThreadSafeRepository::init_opts(path, kind, create::Options::default(), options)
                .expect("a repository");
        Self { repository: repository.to_thread_local() }
    }

    /// Writes a commit of these files.
    pub(crate) fn commit(&self, files: &[(&str, Content<'_>)]) -> ObjectId {
        self.commit_on(&[], files)
    }

    /// The same, behind these commits.
    pub(crate) fn commit_on(&self, parents: &[ObjectId], files: &[(&str, Content<'_>)]) -> ObjectId {
        let commit = gix::objs::Commit {
            tree: self.tree(files),
            parents: parents.iter().copied().collect(),
            author: signature(),
            committer: signature(),
            encoding: None,
            message: "a change".into(),
            extra_headers: Vec::new(),
        };
        self.repository.write_object(&commit).expect("written").detach()
    }

    /// The same for files of text.
    pub(crate) fn texts(&self, files: &[(&str, &str)]) -> ObjectId {
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, Content::Text(text))).collect();
        self.commit(&files)
    }

    fn tree(&self, files: &[(&str, Content<'_>)]) -> ObjectId {
        let mut directories: BTreeMap<&str, Vec<(&str, Content<'_>)>> = BTreeMap::new();
        let mut tree = gix::objs::Tree::empty();
        let mut add = |kind: EntryKind, name: &str, oid: ObjectId| {
            tree.entries.push(Entry { mode: kind.into(), filename: name.into(), oid });
        };
        for (path, content) in files {
            let blob = |text: &str| self.repository.write_blob(text).expect("written").detach();
            match (path.split_once('/'), content) {
                (Some((directory, rest)), _) => {
                    directories.entry(directory).or_default().push((rest, *content))
                }
                (None, Content::Text(text)) => add(EntryKind::Blob, path, blob(text)),
                (None, Content::Link(target)) => add(EntryKind::Link, path, blob(target)),
                (None, Content::Submodule) => {
                    let commit = ObjectId::from_hex(&[b'1'; 40]).expect("a hash");
                    add(EntryKind::Commit, path, commit)
                }
            }
        }
        for (name, files) in directories {
            add(EntryKind::Tree, name, self.tree(&files));
        }
        tree.entries.sort();
        self.repository.write_object(&tree).expect("written").detach()
    }

    /// Lets a reference, named in full, point to an object.
    pub(crate) fn reference(&self, name: &str, id: ObjectId) {
        self.write(name, &format!("{id}\n"));
    }

    /// A tag with a message of its own.
    pub(crate) fn annotated(&self, name: &str, commit: ObjectId) {
        let tag = gix::objs::Tag {
            target: commit,
            target_kind: gix::objs::Kind::Commit,
            name: name.into(),
            tagger: Some(signature()),
            message: "a release".into(),
            signature: None,
        };
        let id = self.repository.write_object(&tag).expect("written").detach();
        self.reference(&format!("refs/tags/{name}"), id);
    }

    /// Writes one of git's own files.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.directory().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        std::fs::write(path, text).expect("written");
    }

    /// Where git keeps what it keeps.
    pub(crate) fn directory(&self) -> &Path {
        self.repository.git_dir()
    }
}

fn signature() -> gix::actor::Signature {
    let signature = gix::actor::SignatureRef::from_bytes(AUTHOR.as_bytes()).expect("a signature");
    signature.to_owned().expect("a time")
}
