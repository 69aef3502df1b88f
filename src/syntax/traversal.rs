//! Reading expressions without evaluating them: what they refer to, what they consist of.
//!
//! Nothing here recurses.

use smallvec::SmallVec;

use super::tree::{ExprId, ExprKind, Text, Tree};
use crate::source::Span;

/// A name and the steps behind it that are known without evaluation: `var.zones[0].name`.
#[derive(Clone, PartialEq, Debug)]
pub struct Traversal {
    /// The name that it begins with.
    pub root: Span,
    /// The steps behind it.
    pub steps: Steps,
    /// From the name's first byte to the last step's last.
    pub span: Span,
}

/// The steps of a [`Traversal`]: few references have more than three.
pub type Steps = SmallVec<[Step; 3]>;

/// One step of a [`Traversal`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    /// What it takes.
    pub kind: StepKind,
    /// From the root's first byte to this step's last: the expression up to here.
    pub span: Span,
}

/// What a step takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum StepKind {
    /// `.name`, the name's span.
    Attr(Span),
    /// `[0]`, `["key"]`, `.0`: a number or a plain string.
    Index(ExprId),
}

impl Tree {
    /// The text of an expression, if it is written out: a string without any sequence, in parentheses or not.
    #[must_use]
    pub fn plain_text(&self, expr: ExprId) -> Option<&str> {
        match self.kind(expr) {
            ExprKind::String(text) => Some(self.text(text)),
            ExprKind::JsonString { text, template } => match self.kind(template) {
                ExprKind::String(_) => Some(self.text(text)),
                _ => None,
            },
            ExprKind::Paren(inner) => self.plain_text(inner),
            _ => None,
        }
    }

    /// The expression as a traversal, if it is one from end to end. A lone interpolation (`"${a.b}"`) counts as what
    /// is in it.
    #[must_use]
    pub fn traversal(&self, expr: ExprId) -> Option<Traversal> {
        let mut expr = expr;
        while let ExprKind::Interpolation(inner) = self.kind(expr) {
            expr = inner;
        }
        let (base, mut steps, whole) = self.chain(expr, &mut |_| {});
        let ExprKind::Name = self.kind(base) else { return None };
        steps.reverse();
        whole.then(|| Traversal { root: self.span(base), steps, span: self.span(expr) })
    }

    /// Whether an index is known as it stands: a number or a string.
    #[must_use]
    pub fn is_constant_key(&self, key: ExprId) -> bool {
        matches!(self.kind(key), ExprKind::Number | ExprKind::String(_))
    }

    /// Goes from a chain of steps down to what it begins with; the steps come last one first. `keys` gets the keys
    /// that only evaluation knows; the steps behind such a key are left out, and the chain is not whole.
    fn chain(&self, expr: ExprId, keys: &mut dyn FnMut(ExprId)) -> (ExprId, Steps, bool) {
        let mut steps = Steps::new();
        let mut whole = true;
        let mut at = expr;
        loop {
            let node = self.expr(at);
            match node.kind {
                ExprKind::Attr { base, name } => {
                    steps.push(Step { kind: StepKind::Attr(name), span: node.span });
                    at = base;
                }
                ExprKind::Index { base, key, .. } => {
                    if self.is_constant_key(key) {
                        steps.push(Step { kind: StepKind::Index(key), span: node.span });
                    } else {
                        steps.clear();
                        whole = false;
                        keys(key);
                    }
                    at = base;
                }
                _ => return (at, steps, whole),
            }
        }
    }

    /// Everything that an expression refers to, in the order of the text: names that no `for` around them declares,
    /// each with its known steps.
    #[must_use]
    pub fn references(&self, expr: ExprId) -> References<'_> {
        References { tree: self, next: Some(expr), work: SmallVec::new(), scope: SmallVec::new() }
    }

    /// Calls `visit` with an expression and everything within it, outermost first, in the order of the text.
    pub fn walk(&self, expr: ExprId, visit: &mut dyn FnMut(ExprId)) {
        let mut work = vec![expr];
        while let Some(id) = work.pop() {
            visit(id);
            let mark = work.len();
            self.children(id, &mut work);
            work[mark..].reverse();
        }
    }

    /// Adds the expressions directly within one, in the order of the text.
    pub fn children(&self, expr: ExprId, children: &mut Vec<ExprId>) {
        self.each_child(expr, |child| children.push(child));
    }

    /// Calls `visit` with the expressions directly within one, in the order of the text.
    #[inline]
    pub fn each_child(&self, expr: ExprId, mut visit: impl FnMut(ExprId)) {
        match self.kind(expr) {
            ExprKind::Error
            | ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number
            | ExprKind::String(_)
            | ExprKind::Key
            | ExprKind::Name
            | ExprKind::SplatItem => {}
            ExprKind::Template(list)
            | ExprKind::Tuple(list)
            | ExprKind::Object(list)
            | ExprKind::Call { args: list, .. } => self.list(list).for_each(visit),
            ExprKind::Interpolation(inner)
            | ExprKind::Paren(inner)
            | ExprKind::Attr { base: inner, .. }
            | ExprKind::JsonString { template: inner, .. }
            | ExprKind::Unary { operand: inner, .. } => visit(inner),
            ExprKind::Index { base: first, key: second, .. }
            | ExprKind::Splat { base: first, each: second, .. }
            | ExprKind::Binary { left: first, right: second, .. } => {
                visit(first);
                visit(second);
            }
            ExprKind::TemplateIf { condition, then, otherwise }
            | ExprKind::Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(visit);
            }
            ExprKind::TemplateFor(index) | ExprKind::For(index) => {
                let each = self.for_expr(index);
                visit(each.collection);
                each.key.into_iter().for_each(&mut visit);
                visit(each.value);
                each.condition.into_iter().for_each(visit);
            }
        }
    }

    /// The expression that a plain string holds, for places where the language reads a string as an expression
    /// (`depends_on`, `provider`, `type`, `ignore_changes` of the JSON form, and quoted references of old code). It
    /// comes in a tree of its own, whose spans are this file's; what is wrong in it is in that tree's errors. `None` if
    /// there is no plain string in quotes.
    #[must_use]
    pub fn expression_in(&self, string: ExprId) -> Option<(Self, ExprId)> {
        match self.kind(string) {
            ExprKind::String(text) | ExprKind::JsonString { text, .. } => {
                if text.start & Text::OWNED == 0 {
                    let inner = Span::new(text.start, text.start + text.len);
                    return Some(super::native::parse_range(self.file, &self.source, inner));
                }
                let json = matches!(self.kind(string), ExprKind::JsonString { .. });
                let span = self.span(string);
                let quoted = span.len() >= 2 && self.slice(span).starts_with('"');
                quoted.then(|| super::native::parse_escaped(self.file, &self.source, span, json))
            }
            _ => None,
        }
    }
}

/// What [`References`] still has to do.
#[derive(Clone, Copy)]
enum Work {
    Visit(ExprId),
    /// A name that holds from here on.
    Declare(Span),
    /// That many names hold no longer.
    Forget(usize),
}

/// What an expression refers to: see [`Tree::references`].
pub struct References<'t> {
    tree: &'t Tree,
    /// What comes before all that is left: most expressions are literals or lone references, and need no list.
    next: Option<ExprId>,
    /// What is left, next one last.
    work: SmallVec<[Work; 12]>,
    /// Names of the `for` expressions around.
    scope: SmallVec<[Span; 2]>,
}

impl References<'_> {
    /// A `for`: its collection outside its scope, the rest within.
    fn open_for(&mut self, index: u32) {
        let each = *self.tree.for_expr(index);
        self.work.push(Work::Forget(1 + usize::from(each.key_name.is_some())));
        self.work.extend(each.condition.map(Work::Visit));
        self.work.push(Work::Visit(each.value));
        self.work.extend(each.key.map(Work::Visit));
        self.work.extend(each.key_name.map(Work::Declare));
        self.work.push(Work::Declare(each.value_name));
        self.work.push(Work::Visit(each.collection));
    }

    fn visit(&mut self, expr: ExprId) -> Option<Traversal> {
        let tree = self.tree;
        match tree.kind(expr) {
            ExprKind::For(index) | ExprKind::TemplateFor(index) => self.open_for(index),
            ExprKind::Name | ExprKind::Attr { .. } | ExprKind::Index { .. } => {
                let mark = self.work.len();
                let (base, mut steps, _) = tree.chain(expr, &mut |key| self.work.push(Work::Visit(key)));
                // Keys came last one first, which is the order in which this stack wants them.
                debug_assert!(self.work.len() >= mark);
                if tree.kind(base) != ExprKind::Name {
                    if !matches!(tree.kind(base), ExprKind::SplatItem) {
                        self.work.push(Work::Visit(base));
                    }
                    return None;
                }
                let root = tree.span(base);
                let name = tree.slice(root);
                if self.scope.iter().any(|&declared| tree.slice(declared) == name) {
                    return None;
                }
                steps.reverse();
                let span = steps.last().map_or(root, |step| step.span);
                return Some(Traversal { root, steps, span });
            }
            // `convert(value, type)`: the names in a type are types'.
            ExprKind::Call { name, args, .. } if matches!(tree.slice(name), "convert" | "core::convert") => {
                self.work.extend(tree.list(args).next().map(Work::Visit));
            }
            _ => {
                let mark = self.work.len();
                tree.each_child(expr, |child| {
                    if !tree.kind(child).is_literal() {
                        self.work.push(Work::Visit(child));
                    }
                });
                self.work[mark..].reverse();
            }
        }
        None
    }
}

impl Iterator for References<'_> {
    type Item = Traversal;

    fn next(&mut self) -> Option<Traversal> {
        while let Some(work) = self.next.take().map(Work::Visit).or_else(|| self.work.pop()) {
            match work {
                Work::Declare(name) => self.scope.push(name),
                Work::Forget(names) => self.scope.truncate(self.scope.len().saturating_sub(names)),
                Work::Visit(expr) => {
                    if let Some(traversal) = self.visit(expr) {
                        return Some(traversal);
                    }
                }
            }
        }
        None
    }
}
