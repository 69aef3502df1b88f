//! Where the inputs of units are written, by name.

use arcstr::ArcStr;
use memchr::memmem;
use rayon::prelude::*;

use super::Model;
use crate::source::{FileId, Location};
use crate::syntax::{BodyId, ExprId, ExprKind, Tree};

/// How far `inputs` is followed: through locals, `merge` and conditionals.
const DEPTH: usize = 16;

/// A key of `inputs` as a file has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputKey {
    /// The name of the input.
    pub name: String,
    /// Where it stands.
    pub at: Location,
}

impl Model {
    /// The inputs that a file gives the units that it is a part of, as far as they are written there with their names.
    #[must_use]
    pub fn input_keys(&self, file: FileId, body: BodyId) -> Vec<InputKey> {
        let mut keys = Vec::new();
        if let Some(tree) = self.tree(file)
            && let Some(inputs) = tree.attribute(body, "inputs")
        {
            Reader { tree, body, keys: &mut keys }.read(inputs.value, 0);
        }
        keys
    }

    /// Notes which inputs files read of others, by name: `include.root.inputs.name`, `local.network.inputs["name"]`.
    pub(crate) fn note_inputs_read(&mut self) {
        let mentions = |tree: &&Tree| memmem::find(tree.source.as_bytes(), b".inputs").is_some();
        let trees = self.files.par_iter().filter(|file| file.configures);
        let trees = trees.filter_map(|file| file.tree.as_deref()).filter(mentions);
        self.inputs_read = trees.flat_map_iter(inputs_read).collect();
    }
}

fn inputs_read(tree: &Tree) -> impl Iterator<Item = ArcStr> {
    let is_inputs =
        |expr: ExprId| matches!(tree.kind(expr), ExprKind::Attr { name, .. } if tree.slice(name) == "inputs");
    (0..tree.expr_count()).map(ExprId).filter_map(move |expr| match tree.kind(expr) {
        ExprKind::Attr { base, name } if is_inputs(base) => Some(tree.slice(name).into()),
        ExprKind::Index { base, key, .. } if is_inputs(base) => tree.plain_text(key).map(ArcStr::from),
        _ => None,
    })
}

struct Reader<'t> {
    tree: &'t Tree,
    body: BodyId,
    keys: &'t mut Vec<InputKey>,
}

impl Reader<'_> {
    fn read(&mut self, expr: ExprId, depth: usize) {
        if depth >= DEPTH {
            return;
        }
        let tree = self.tree;
        match tree.kind(expr) {
            ExprKind::Object(list) => {
                for (key, _) in tree.pairs(list) {
                    let name = match tree.kind(key) {
                        ExprKind::Key => Some(tree.slice(tree.span(key))),
                        _ => tree.plain_text(key),
                    };
                    if let Some(name) = name {
                        let at = Location::new(tree.file, tree.span(key));
                        self.keys.push(InputKey { name: name.to_owned(), at });
                    }
                }
            }
            ExprKind::Paren(inner) => self.read(inner, depth + 1),
            ExprKind::Conditional { then, otherwise, .. } => {
                self.read(then, depth + 1);
                self.read(otherwise, depth + 1);
            }
            ExprKind::Call { name, args, .. } if tree.slice(name) == "merge" => {
                let args: Vec<ExprId> = tree.list(args).collect();
                args.into_iter().for_each(|arg| self.read(arg, depth + 1));
            }
            ExprKind::Attr { base, name } if is_local(tree, base) => {
                let local = tree
                    .blocks_of(self.body, "locals")
                    .find_map(|block| tree.attribute(block.body, tree.slice(name)));
                if let Some(local) = local {
                    self.read(local.value, depth + 1);
                }
            }
            _ => {}
        }
    }
}

fn is_local(tree: &Tree, expr: ExprId) -> bool {
    tree.kind(expr) == ExprKind::Name && tree.slice(tree.span(expr)) == "local"
}
