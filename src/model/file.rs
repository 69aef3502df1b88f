use std::sync::{Arc, OnceLock};

use arcstr::ArcStr;

use super::{Model, Root};
use crate::secret::Secret;
use crate::source::{FileId, FileKind, Location, SourceFile, Span, split};
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
    /// Where its text is written, if it is no file but what one would be generated with.
    pub written: Option<Location>,
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
        let (shadowed, configures, written) = (false, false, None);
        let tree = tree.map(Arc::new);
        Self { kind, dir: dir.into(), tree, origin_base: 0, shadowed, configures, written, selected, secrets }
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

    /// Where something is written. What stands in a generated file is written in the text that it is generated with: at the
    /// line, if that line is there word for word and once.
    #[must_use]
    pub fn written_at(&self, at: Location) -> Location {
        let Some(text) = self.files.get(at.file.0 as usize).and_then(|file| file.written) else { return at };
        let generated = &self.sources.get(at.file).text;
        let (before, from) = generated.split_at_checked(at.span.start as usize).unwrap_or((generated, ""));
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = from.find('\n').map_or(generated.len(), |at| before.len() + at);
        let line = generated.get(start..end).unwrap_or_default().trim();
        let whole = self.sources.get(text.file).slice(text.span);
        let mut found = whole.match_indices(line).filter(|_| !line.is_empty());
        match (found.next(), found.next()) {
            (Some((at, line)), None) => {
                let start = text.span.start + at as u32;
                Location::new(text.file, Span::new(start, start + line.len() as u32))
            }
            _ => text,
        }
    }

    /// The texts that a root's evaluation read.
    pub fn texts_of<'m>(&'m self, root: &'m Root) -> impl Iterator<Item = (FileId, &'m SourceFile)> {
        let files = self.files.iter().zip(self.sources.iter()).filter(|(file, _)| file.is_text());
        files.map(|(_, source)| source).filter(|(_, source)| root.reads.holds_file(&source.path))
    }
}
