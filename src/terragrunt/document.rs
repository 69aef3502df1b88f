//! Files of Terragrunt, read and parsed once however many units they belong to.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::schema::{self, JSON_BARE, JSON_UNIT};
use super::structure;
use crate::eval::Problem;
use crate::model::{File, Model};
use crate::source::{FileId, FileKind, Location, ReadError, SourceFile, Workspace, is_json, split};
use crate::syntax::{Block, ExprKind, Item, Tree, parse_hcl, parse_json, parse_json_values};

/// What a file is to Terragrunt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Role {
    /// A unit, or what one includes or reads.
    Unit,
    /// A stack.
    Stack,
    /// Values: attributes and nothing else.
    Values,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) tree: Arc<Tree>,
    unit: OnceLock<Arc<[Problem]>>,
    stack: OnceLock<Arc<[Problem]>>,
}

impl Document {
    const fn new(tree: Arc<Tree>) -> Self {
        Self { tree, unit: OnceLock::new(), stack: OnceLock::new() }
    }

    /// What is wrong with it as it is written: its syntax, and what stands in it that has no place there.
    pub(super) fn mistakes(&self, role: Role) -> Arc<[Problem]> {
        let checked = |schema| {
            let tree = &*self.tree;
            let mut found: Vec<Problem> = tree.errors.iter().map(|error| problem(tree.file, error)).collect();
            found.extend(structure::check(tree, tree.root, schema));
            found.into()
        };
        match role {
            Role::Unit => self.unit.get_or_init(|| checked(&schema::UNIT)).clone(),
            Role::Stack => self.stack.get_or_init(|| checked(&schema::STACK)).clone(),
            Role::Values => self.of_values().collect(),
        }
    }

    fn of_values(&self) -> impl Iterator<Item = Problem> {
        let tree = &*self.tree;
        let block = |block: &Block| {
            let message = format!("no block `{}` is expected among values", tree.name(block.kind));
            Problem::new(self.at(block.kind.span), message)
        };
        let errors = tree.errors.iter().map(|error| problem(tree.file, error));
        errors.chain(tree.blocks(tree.root).map(block))
    }

    pub(super) fn at(&self, span: crate::source::Span) -> Location {
        Location::new(self.tree.file, span)
    }
}

/// What is wrong with a text, as a problem.
pub(super) fn problem(file: FileId, error: &crate::syntax::SyntaxError) -> Problem {
    let at = |span| Location::new(file, span);
    Problem {
        location: Some(at(error.span)),
        message: error.message.clone(),
        help: error.help.clone(),
        labels: error.labels.iter().map(|(span, text)| (at(*span), text.clone())).collect(),
        absent: false,
    }
}

type Kept = Result<Arc<Document>, ReadError>;

/// All files of a run, by where they really lie.
#[derive(Debug)]
pub(super) struct Library<'w> {
    workspace: &'w Workspace,
    /// The files of ours that the model has already.
    known: FxHashMap<String, Arc<Tree>>,
    documents: RwLock<FxHashMap<ArcStr, Kept>>,
    added: Mutex<Added>,
}

/// Files that the model does not have yet, in the order of their ids.
#[derive(Debug)]
struct Added {
    files: Vec<(SourceFile, Option<FileKind>, Arc<Tree>)>,
    by_path: FxHashMap<ArcStr, Arc<Tree>>,
    next_id: u32,
    next_origin: u32,
    /// The model has them all: what is read from now on is no part of it.
    closed: bool,
}

impl<'w> Library<'w> {
    pub(super) fn new(workspace: &'w Workspace, model: &Model) -> Self {
        let ours = |file: &&File| {
            matches!(file.kind, Some(FileKind::Terragrunt | FileKind::Variables(_))) && !file.is_given()
        };
        let files = model.files.iter().zip(model.sources.iter()).filter(|(file, _)| ours(file));
        let known = files.filter_map(|(file, (_, source))| Some((source.path.clone(), file.tree.clone()?)));
        let next_origin = model.files.last().map_or(1, |file| {
            file.origin_base.saturating_add(file.tree.as_ref().map_or(0, |tree| tree.expr_count()))
        });
        let added = Added {
            files: Vec::new(),
            by_path: FxHashMap::default(),
            next_id: model.files.len() as u32,
            next_origin,
            closed: false,
        };
        Self { workspace, known: known.collect(), documents: RwLock::default(), added: Mutex::new(added) }
    }

    /// The file at that path.
    pub(super) fn document(&self, path: &str) -> Kept {
        let held = self.documents.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(kept) = held {
            return kept;
        }
        let path = ArcStr::from(path);
        let read = self.read(&path);
        let mut documents = self.documents.write().unwrap_or_else(PoisonError::into_inner);
        documents.entry(path).or_insert(read).clone()
    }

    /// Whether the file was asked for.
    pub(super) fn is_selected(&self, path: &str) -> bool {
        self.workspace.is_selected(path)
    }

    /// The file at that path, which nobody else will ask for.
    pub(super) fn lone_document(&self, path: &str) -> Kept {
        match self.known.get(path) {
            Some(tree) => Ok(Arc::new(Document::new(tree.clone()))),
            None => self.document(path),
        }
    }

    fn read(&self, path: &ArcStr) -> Kept {
        if let Some(tree) = self.known.get(path.as_str()) {
            return Ok(Arc::new(Document::new(tree.clone())));
        }
        let source = self.workspace.read(path)?;
        let mut tree = parse(path, source.text.clone());
        let mut added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        // Two may have read it at once: the first counts.
        if let Some(tree) = added.by_path.get(path) {
            return Ok(Arc::new(Document::new(tree.clone())));
        }
        if added.closed {
            // No value is to look as if a file of the run had written it.
            tree.origin_base = u32::MAX;
            return Ok(Arc::new(Document::new(Arc::new(tree))));
        }
        tree.file = FileId(added.next_id);
        tree.origin_base = added.next_origin;
        added.next_id += 1;
        added.next_origin = added.next_origin.saturating_add(tree.expr_count());
        let tree = Arc::new(tree);
        added.files.push((source, FileKind::of(split(path).1), tree.clone()));
        added.by_path.insert(path.clone(), tree.clone());
        Ok(Arc::new(Document::new(tree)))
    }

    /// The files that the model does not have yet, in the order of their ids. What is read afterwards has no place in it.
    pub(super) fn take_added(&self) -> Vec<(SourceFile, File)> {
        let workspace = self.workspace;
        let mut added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        added.closed = true;
        let files = std::mem::take(&mut added.files).into_iter().map(|(source, kind, tree)| {
            let dir = match split(&source.path).0 {
                "" => ".",
                dir => dir,
            };
            let selected = workspace.is_selected(&source.path);
            let file = File::new(dir, kind.or(Some(FileKind::Terragrunt)), None, selected);
            (source, file.with_tree(tree))
        });
        files.collect()
    }
}

fn parse(path: &str, text: Arc<str>) -> Tree {
    let file = FileId(0);
    if !is_json(path) {
        return parse_hcl(file, text);
    }
    if split(path).1.contains(".tfvars") {
        return parse_json_values(file, text);
    }
    // An `include` without a label looks like one that has: only what stands in it tells.
    let bare = parse_json(file, text.clone(), &JSON_BARE);
    let is_bare = bare.blocks_of(bare.root, "include").any(|block| {
        bare.items(block.body).iter().any(|item| match item {
            Item::Attribute(attribute) => {
                bare.name(attribute.name) == "path"
                    && !matches!(bare.kind(attribute.value), ExprKind::Object(_))
            }
            Item::Block(_) => false,
        })
    });
    if is_bare { bare } else { parse_json(file, text, &JSON_UNIT) }
}
