//! What the declarations of a module refer to, as it is written.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::model::{Body, Condition, ExprAt, Mode, Model, Module};
use crate::syntax::{BlockId, ExprId, Item, StepKind, Traversal, Tree};

/// Something that an expression refers to; numbers are places in the module's lists.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Mention {
    Resource(usize),
    Variable(usize),
    Local(usize),
    /// An output of a call; without a name all that the call makes.
    Output(usize, Option<ArcStr>),
}

/// What the declarations of a module refer to; each list is as long as the module's own.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    pub(super) resources: Vec<Vec<Mention>>,
    pub(super) locals: Vec<Vec<Mention>>,
    pub(super) outputs: Vec<Vec<Mention>>,
    pub(super) calls: Vec<CallMentions>,
}

/// What a call refers to.
#[derive(Debug, Default)]
pub(super) struct CallMentions {
    /// By the names of the variables that it gives.
    pub(super) arguments: FxHashMap<ArcStr, Vec<Mention>>,
    /// In what says how often, and after what, all is made that it makes.
    pub(super) whole: Vec<Mention>,
}

/// Arguments of a call that are for all that it makes.
const OF_WHOLE_CALL: &[&str] = &["count", "for_each", "depends_on"];
/// Arguments of a call that refer to no values.
const OF_NO_VALUE: &[&str] = &["source", "version", "providers"];

impl Mentions {
    pub(super) fn of(model: &Model, module: &Module) -> Self {
        let reader = Reader { model, module };
        let resources = module.resources.iter().map(|resource| {
            let mut found = Vec::new();
            reader.body(&resource.body, &mut found);
            reader.body(&resource.lifecycle, &mut found);
            reader.conditions(&resource.preconditions, &mut found);
            reader.conditions(&resource.postconditions, &mut found);
            once_each(found)
        });
        let outputs = module.outputs.iter().map(|output| {
            let mut found = Vec::new();
            reader.body(&output.body, &mut found);
            once_each(found)
        });
        Self {
            resources: resources.collect(),
            locals: module.locals.iter().map(|local| once_each(reader.at(local.value))).collect(),
            outputs: outputs.collect(),
            calls: module.calls.iter().map(|call| reader.call(&call.body)).collect(),
        }
    }
}

fn once_each(found: Vec<Mention>) -> Vec<Mention> {
    let mut known = rustc_hash::FxHashSet::default();
    found.into_iter().filter(|mention| known.insert(mention.clone())).collect()
}

struct Reader<'m> {
    model: &'m Model,
    module: &'m Module,
}

impl Reader<'_> {
    fn at(&self, at: ExprAt) -> Vec<Mention> {
        let mut found = Vec::new();
        if let Some(tree) = self.model.tree(at.file) {
            self.expression(tree, at.expr, &mut found);
        }
        found
    }

    fn expression(&self, tree: &Tree, expr: ExprId, found: &mut Vec<Mention>) {
        found.extend(tree.references(expr).filter_map(|reference| self.mention(tree, &reference)));
    }

    fn conditions(&self, conditions: &[Condition], found: &mut Vec<Mention>) {
        for condition in conditions {
            found.extend(condition.condition.into_iter().flat_map(|at| self.at(at)));
        }
    }

    fn body(&self, body: &Body, found: &mut Vec<Mention>) {
        for argument in &body.arguments {
            found.extend(self.at(argument.value()));
        }
        for block in &body.blocks {
            if let Some(tree) = self.model.tree(block.file) {
                self.block(tree, block.block, found);
            }
        }
    }

    /// The expressions of a nested block. Blocks nest no deeper than the parser lets them.
    fn block(&self, tree: &Tree, block: BlockId, found: &mut Vec<Mention>) {
        for item in tree.items(tree.block(block).body) {
            match item {
                Item::Attribute(attribute) => self.expression(tree, attribute.value, found),
                Item::Block(inner) => self.block(tree, *inner, found),
            }
        }
    }

    fn call(&self, body: &Body) -> CallMentions {
        let mut mentions = CallMentions::default();
        for argument in &body.arguments {
            let Some(tree) = self.model.tree(argument.file) else { continue };
            let name = tree.name(argument.attribute.name);
            let found = once_each(self.at(argument.value()));
            if OF_WHOLE_CALL.contains(&name) {
                mentions.whole.extend(found);
            } else if !OF_NO_VALUE.contains(&name) {
                mentions.arguments.insert(name.into(), found);
            }
        }
        mentions
    }

    fn mention(&self, tree: &Tree, reference: &Traversal) -> Option<Mention> {
        let attr = |index: usize| match reference.steps.get(index)?.kind {
            StepKind::Attr(name) => Some(tree.slice(name)),
            StepKind::Index(_) => None,
        };
        let module = self.module;
        let resource =
            |mode: Mode, ty: &str, name: &str| module.resource(mode, ty, name).map(Mention::Resource);
        match tree.slice(reference.root) {
            "var" => module.variable(attr(0)?).map(Mention::Variable),
            "local" => module.local(attr(0)?).map(Mention::Local),
            "module" => {
                let call = module.call(attr(0)?)?;
                // `module.name[key].output`: a key that only evaluation knows hides what is behind it.
                let output = attr(1).or_else(|| attr(2));
                Some(Mention::Output(call, output.map(ArcStr::from)))
            }
            "data" => resource(Mode::Data, attr(0)?, attr(1)?),
            "ephemeral" => resource(Mode::Ephemeral, attr(0)?, attr(1)?),
            "resource" => resource(Mode::Managed, attr(0)?, attr(1)?),
            ty => resource(Mode::Managed, ty, attr(0)?),
        }
    }
}
