//! One file as one unit sees it.

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::document::Document;
use super::section::Section;
use super::trace::Trace;
use crate::syntax::{Attribute, BodyId};
use crate::value::Value;

/// From how many locals on they are looked up and not looked for.
const MANY: usize = 32;

/// A file as one unit sees it: its own, an included one, or what a stack adds.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) document: Arc<Document>,
    /// The body that is the configuration: the file's own, or that of an `autoinclude`.
    pub(super) body: BodyId,
    /// The directory of the file: that against which `file()` resolves.
    pub(super) beside: ArcStr,
    /// The directory of the file that includes it, if one does: that of an include's own file.
    pub(super) included: Option<ArcStr>,
    /// What `values` is, if there is such a thing.
    pub(super) values: Option<Value>,
    /// Names that mean something else than in a unit's own file.
    pub(super) outer: Vec<(&'static str, Value)>,
    /// Its values may be those that it had for another unit.
    pub(super) shared: bool,
    /// The directory that path functions start from, if that is not the unit's.
    pub(super) functions_at: Option<ArcStr>,
    /// Whether locals that are not there show only where they are used.
    pub(super) lenient: bool,
    /// Whether `dependency` means something late.
    pub(super) sees_dependencies: bool,
    /// Whether `include` means something: in the file that includes alone.
    pub(super) sees_includes: bool,
    locals: Option<BodyId>,
    /// The locals by name, where they are many.
    by_name: OnceCell<FxHashMap<ArcStr, Attribute>>,
    pub(super) states: RefCell<FxHashMap<u32, State>>,
    pub(super) section: RefCell<Sections>,
    pub(super) base: OnceCell<PathBuf>,
}

/// What is known of a local.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// It is being evaluated.
    Busy,
    /// It has a value, or failed, which was told; and what it hangs on.
    Done(Option<Value>, Rc<Trace>),
}

/// What is known of a whole file.
#[derive(Clone, Debug, Default)]
pub(super) enum Sections {
    #[default]
    Open,
    Busy,
    Done(Rc<Section>),
}

impl Config {
    pub(super) fn new(document: Arc<Document>, beside: ArcStr, values: Option<Value>) -> Self {
        let body = document.tree.root;
        Self::within(document, body, beside, values)
    }

    /// One that is a block's body.
    pub(super) fn within(
        document: Arc<Document>,
        body: BodyId,
        beside: ArcStr,
        values: Option<Value>,
    ) -> Self {
        let locals = document.tree.blocks_of(body, "locals").next().map(|block| block.body);
        Self {
            document,
            body,
            beside,
            included: None,
            values,
            outer: Vec::new(),
            shared: false,
            functions_at: None,
            lenient: false,
            sees_dependencies: true,
            sees_includes: true,
            locals,
            by_name: OnceCell::new(),
            states: RefCell::default(),
            section: RefCell::default(),
            base: OnceCell::new(),
        }
    }

    /// The local of that name as it is written.
    pub(super) fn local(&self, name: &str) -> Option<Attribute> {
        let (tree, body) = (&self.document.tree, self.locals?);
        if tree.items(body).len() < MANY {
            return tree.attribute(body, name);
        }
        let by_name = self.by_name.get_or_init(|| {
            // Of one name the first counts.
            let all: Vec<Attribute> = tree.attributes(body).collect();
            all.into_iter().rev().map(|local| (tree.name(local.name).into(), local)).collect()
        });
        by_name.get(name).copied()
    }

    /// All locals as they are written.
    pub(super) fn locals(&self) -> Vec<Attribute> {
        self.locals.map(|body| self.document.tree.attributes(body).collect()).unwrap_or_default()
    }

    pub(super) fn has_locals(&self) -> bool {
        self.locals.is_some()
    }

    /// Whether it declares dependencies of either kind.
    pub(super) fn has_dependencies(&self) -> bool {
        let tree = &self.document.tree;
        tree.blocks(self.body).any(|block| matches!(tree.name(block.kind), "dependency" | "dependencies"))
    }
}
