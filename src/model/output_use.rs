//! Where a unit's configuration speaks of outputs of other units.

use super::{Model, Unit};
use crate::source::{Location, Span};
use crate::syntax::{BodyId, ExprId, ExprKind, Item, Tree};

/// A use of outputs: `dependency.label.outputs` and the steps behind it.
#[derive(Clone, PartialEq, Debug)]
pub struct OutputUse<'t> {
    /// The label of the dependency.
    pub label: &'t str,
    /// The steps behind `outputs`, as far as they are known as they are written.
    pub steps: Vec<UseStep<'t>>,
    /// Where each of the steps stands.
    pub spans: Vec<Location>,
    /// What becomes of it where there is no such output.
    pub guard: Guard,
}

/// A step of an [`OutputUse`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UseStep<'t> {
    /// `.name`, `["name"]`
    Key(&'t str),
    /// `[0]`
    Index(usize),
    /// `[*]`: each element.
    Each,
}

/// What becomes of a use where there is no such output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Guard {
    /// It fails.
    None,
    /// It fails if this arm of a conditional is taken.
    Arm,
    /// Something else takes its place: it is within `try` or `can`.
    Caught,
}

impl Model {
    /// The uses of outputs in a unit's configuration, in the order of its files and of their text.
    #[must_use]
    pub fn output_uses<'m>(&'m self, unit: &'m Unit) -> Vec<OutputUse<'m>> {
        let mut uses = Vec::new();
        if !unit.dependencies.is_empty() {
            for (tree, body) in self.bodies(unit) {
                let mut reader = Reader { tree, uses: &mut uses };
                reader.body(body);
            }
        }
        uses
    }
}

/// Reads the uses in a file. The bounds of the syntax bound how deep it goes.
struct Reader<'a, 't> {
    tree: &'t Tree,
    uses: &'a mut Vec<OutputUse<'t>>,
}

impl<'t> Reader<'_, 't> {
    fn body(&mut self, body: BodyId) {
        for item in self.tree.items(body) {
            match item {
                Item::Attribute(attribute) => self.expr(attribute.value, Guard::None),
                Item::Block(block) => self.body(self.tree.block(*block).body),
            }
        }
    }

    fn expr(&mut self, expr: ExprId, guard: Guard) {
        let tree = self.tree;
        match tree.kind(expr) {
            ExprKind::Name | ExprKind::Attr { .. } | ExprKind::Index { .. } | ExprKind::Splat { .. } => {
                let mut way = Way::default();
                self.follow(expr, &mut way, guard);
                self.uses.extend(way.into_use(tree, guard));
            }
            ExprKind::Call { name, args, .. } => {
                let last = tree.list(args).len().saturating_sub(1);
                for (index, arg) in tree.list(args).enumerate() {
                    let caught = match tree.slice(name) {
                        "try" => index < last,
                        "can" => true,
                        _ => false,
                    };
                    self.expr(arg, if caught { Guard::Caught } else { guard });
                }
            }
            ExprKind::Conditional { condition, then, otherwise }
            | ExprKind::TemplateIf { condition, then, otherwise } => {
                self.expr(condition, guard);
                [then, otherwise].into_iter().for_each(|arm| self.expr(arm, guard.max(Guard::Arm)));
            }
            _ => tree.each_child(expr, |child| self.expr(child, guard)),
        }
    }

    /// Follows a chain of steps down to the name that it begins with, which comes first in `way`. What else is in it is
    /// read for itself.
    fn follow(&mut self, expr: ExprId, way: &mut Way<'t>, guard: Guard) {
        let tree = self.tree;
        match tree.kind(expr) {
            ExprKind::Name => way.root = Some(tree.span(expr)),
            ExprKind::SplatItem => {}
            ExprKind::Attr { base, name } => {
                self.follow(base, way, guard);
                way.push(UseStep::Key(tree.slice(name)), name, tree);
            }
            ExprKind::Index { base, key, .. } => {
                self.follow(base, way, guard);
                match (tree.plain_text(key), tree.kind(key)) {
                    (Some(text), _) => way.push(UseStep::Key(text), tree.span(key), tree),
                    (None, ExprKind::Number) => match tree.slice(tree.span(key)).parse() {
                        Ok(index) => way.push(UseStep::Index(index), tree.span(key), tree),
                        Err(_) => way.stop(),
                    },
                    _ => {
                        way.stop();
                        self.expr(key, guard);
                    }
                }
            }
            ExprKind::Splat { base, each, .. } => {
                self.follow(base, way, guard);
                way.push(UseStep::Each, tree.span(base), tree);
                self.follow(each, way, guard);
            }
            ExprKind::Paren(inner) => self.follow(inner, way, guard),
            _ => {
                way.stop();
                self.expr(expr, guard);
            }
        }
    }
}

/// A chain of steps.
#[derive(Default)]
struct Way<'t> {
    root: Option<Span>,
    steps: Vec<(UseStep<'t>, Location)>,
    /// What comes further on is not known.
    stopped: bool,
}

impl<'t> Way<'t> {
    fn push(&mut self, step: UseStep<'t>, span: Span, tree: &Tree) {
        if !self.stopped {
            self.steps.push((step, Location::new(tree.file, span)));
        }
    }

    fn stop(&mut self) {
        self.stopped = true;
    }

    fn into_use(self, tree: &'t Tree, guard: Guard) -> Option<OutputUse<'t>> {
        self.root.filter(|&root| tree.slice(root) == "dependency")?;
        let mut steps = self.steps.into_iter();
        let Some((UseStep::Key(label), _)) = steps.next() else { return None };
        let Some((UseStep::Key("outputs"), _)) = steps.next() else { return None };
        let (steps, spans) = steps.unzip();
        Some(OutputUse { label, steps, spans, guard })
    }
}
