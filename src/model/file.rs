use std::sync::{Arc, OnceLock};

use arcstr::ArcStr;

use super::{Model, Root};
use crate::secret::Secret;
use crate::source::{FileId, FileKind, SourceFile, split};
use crate::syntax::Tree;

/// A file of the run.
#[derive(Debug)]
pub struct File {
    /// What it is; `None` for what is no file of ours (a template, the command line).
    pub kind: Option<FileKind>,
    /// The directory it lies in, relative to the repository, `.` for its top.
    pub dir: ArcStr,
    /// Its syntax, if it has one.
    pub tree: Option<Arc<Tree>>,
    /// The origin number of its first expression.
    pub origin_base: u32,
    /// An OpenTofu file beside it takes its place (`main.tofu` that of `main.tf`).
    pub shadowed: bool,
    /// A Terragrunt unit or stack reads it as a part of its configuration.
    pub configures: bool,
    /// It was asked for: findings stand in these only.
    pub selected: bool,
    /// The secrets in it, once somebody asked for them.
    pub(super) secrets: OnceLock<Vec<Secret>>,
}

impl File {
    /// A file whose expressions have no numbers yet.
    #[must_use]
    pub fn new(dir: impl Into<ArcStr>, kind: Option<FileKind>, tree: Option<Tree>, selected: bool) -> Self {
        let secrets = OnceLock::new();
        let (shadowed, configures) = (false, false);
        let tree = tree.map(Arc::new);
        Self { kind, dir: dir.into(), tree, origin_base: 0, shadowed, configures, selected, secrets }
    }

    /// The same with this syntax, whose expressions have their numbers already.
    #[must_use]
    pub fn with_tree(self, tree: Arc<Tree>) -> Self {
        Self { origin_base: tree.origin_base, tree: Some(tree), ..self }
    }

    /// Whether it is no file, but a text that was given: as an argument, in a variable of the environment.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.kind.is_none() && self.tree.is_some()
    }

    /// Whether it is text to us: it was read, and is none of our files.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.kind.is_none() && self.tree.is_none()
    }
}

impl Model {
    /// Adds a file without syntax.
    pub fn add_text(&mut self, source: SourceFile, selected: bool) -> FileId {
        self.add_last(source, None, None, selected)
    }

    /// Adds a file that nobody evaluates, read for what it says.
    pub fn add_read(&mut self, source: SourceFile, kind: FileKind, tree: Tree) -> FileId {
        self.add_last(source, Some(kind), Some(tree), false)
    }

    fn add_last(
        &mut self,
        source: SourceFile,
        kind: Option<FileKind>,
        mut tree: Option<Tree>,
        selected: bool,
    ) -> FileId {
        let dir = split(&source.path).0;
        let dir = if dir.is_empty() { "." } else { dir };
        // Its numbers begin where those of the files before it end.
        let origin_base = self
            .files
            .last()
            .map_or(1, |file| file.origin_base + file.tree.as_ref().map_or(0, |tree| tree.expr_count()));
        let file = FileId(self.files.len() as u32);
        if let Some(tree) = &mut tree {
            (tree.file, tree.origin_base) = (file, origin_base);
        }
        self.files.push(File { origin_base, ..File::new(dir, kind, tree, selected) });
        self.sources.add(source)
    }

    /// The texts that a root's evaluation read.
    pub fn texts_of<'m>(&'m self, root: &'m Root) -> impl Iterator<Item = (FileId, &'m SourceFile)> {
        let files = self.files.iter().zip(self.sources.iter()).filter(|(file, _)| file.is_text());
        files.map(|(_, source)| source).filter(|(_, source)| root.reads.holds_file(&source.path))
    }
}
