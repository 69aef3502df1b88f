use super::{Failed, Frame, Log, Problem, Scope, bounds};
use crate::source::{Location, Span};
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::{Number, Origin, Value, name};

/// Evaluates expressions of one tree where names mean what a scope says.
pub struct Evaluator<'a> {
    pub(super) tree: &'a Tree,
    pub(super) scope: &'a dyn Scope,
    pub(super) log: &'a mut Log,
    /// What kind of template the tree is, if it is one.
    pub(super) within: super::functions::Within,
    /// What loops and calls have cost.
    spent: usize,
}

/// The frames around an expression.
pub(super) type Frames<'f> = Option<&'f Frame<'f>>;
pub(super) type Outcome = Result<Value, Failed>;

impl<'a> Evaluator<'a> {
    /// An evaluator for the expressions of `tree`.
    #[must_use]
    pub fn new(tree: &'a Tree, scope: &'a dyn Scope, log: &'a mut Log) -> Self {
        Self { tree, scope, log, within: super::functions::Within::Module, spent: 0 }
    }

    /// The value of an expression, in which the frames' names hide the scope's. Its origin is the expression that wrote
    /// it, wherever that stands.
    ///
    /// # Errors
    /// [`Failed`] if it has none. The log says why, unless that was said before: of broken syntax by the parser, of a
    /// declaration that failed by the scope.
    pub fn evaluate(&mut self, expr: ExprId, frames: Option<&Frame<'_>>) -> Result<Value, Failed> {
        // Frames of this function are on the stack once for each level of the tree: the work is done elsewhere.
        let tree = self.tree;
        match tree.kind(expr) {
            ExprKind::Error => Err(Failed),
            ExprKind::Null => Ok(self.written(Value::null(), expr)),
            ExprKind::Bool(value) => Ok(self.written(Value::bool(value), expr)),
            ExprKind::Number => self.number(expr),
            ExprKind::String(text) => Ok(self.written(Value::text(tree.text(text)), expr)),
            ExprKind::Key => Ok(self.written(Value::string(name(tree.slice(tree.span(expr)))), expr)),
            ExprKind::Interpolation(inner)
            | ExprKind::Paren(inner)
            | ExprKind::JsonString { template: inner, .. } => self.evaluate(inner, frames),
            ExprKind::Name | ExprKind::Attr { .. } | ExprKind::Index { .. } | ExprKind::SplatItem => {
                self.reference(expr, frames)
            }
            ExprKind::Splat { base, each, .. } => self.splat(expr, (base, each), frames),
            ExprKind::Template(parts) => self.template(expr, parts, frames),
            ExprKind::TemplateIf { condition, then, otherwise } => {
                self.template_if(expr, condition, (then, otherwise), frames)
            }
            ExprKind::TemplateFor(index) => self.template_for(expr, index, frames),
            ExprKind::Tuple(list) => self.tuple(expr, list, frames),
            ExprKind::Object(list) => self.object(expr, list, frames),
            ExprKind::For(index) => self.for_expr(expr, index, frames),
            ExprKind::Call { name, args, expand } => self.call(expr, (name, args, expand), frames),
            ExprKind::Unary { op, operand } => self.unary(expr, op, operand, frames),
            ExprKind::Binary { op, left, right } => self.binary(expr, op, (left, right), frames),
            ExprKind::Conditional { condition, then, otherwise } => {
                self.conditional(expr, condition, (then, otherwise), frames)
            }
        }
    }

    fn number(&mut self, expr: ExprId) -> Outcome {
        let span = self.tree.span(expr);
        match Number::parse(self.tree.slice(span)) {
            Some(number) => Ok(self.written(Value::number(number), expr)),
            None => Err(self.fail(span, "this is no number")),
        }
    }

    /// The origin that an expression is.
    pub(super) fn origin(&self, expr: ExprId) -> Origin {
        Origin::new(self.tree.origin_base.saturating_add(expr.0))
    }

    /// The value, written by the expression.
    pub(super) fn written(&self, value: Value, expr: ExprId) -> Value {
        value.with_origin(self.origin(expr))
    }

    /// The value, written by the expression unless it was written before.
    pub(super) fn written_if_new(&self, value: Value, expr: ExprId) -> Value {
        if value.origin() == Origin::NONE { self.written(value, expr) } else { value }
    }

    pub(super) fn location(&self, span: Span) -> Location {
        Location::new(self.tree.file, span)
    }

    pub(super) fn place(&self, expr: ExprId) -> Location {
        self.location(self.tree.span(expr))
    }

    pub(super) fn fail(&mut self, span: Span, message: impl Into<String>) -> Failed {
        let location = self.location(span);
        self.log.report(Problem::new(location, message))
    }

    pub(super) fn fail_with_help(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Failed {
        let location = self.location(span);
        self.log.report(Problem::new(location, message).with_help(help))
    }

    /// Counts work that may come again and again.
    pub(super) fn spend(&mut self, expr: ExprId, work: usize) -> Result<(), Failed> {
        self.spent = self.spent.saturating_add(work);
        if self.spent <= bounds::WORK {
            return Ok(());
        }
        let help = "split the expression, or iterate over less";
        Err(self.fail_with_help(self.tree.span(expr), "this takes more work than an expression may", help))
    }

    /// A collection that was just made, unless it has grown too large.
    pub(super) fn bounded(&mut self, value: Value, expr: ExprId) -> Outcome {
        let nested = value.children().any(|child| child.children().next().is_some());
        if nested && !value.is_within(bounds::VALUE_NODES, bounds::VALUE_DEPTH) {
            let message = format!(
                "this value consists of more than {} values, or nests more than {} levels deep",
                bounds::VALUE_NODES,
                bounds::VALUE_DEPTH
            );
            return Err(self.fail(self.tree.span(expr), message));
        }
        Ok(value)
    }
}
