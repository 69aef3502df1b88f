//! The syntax of one file as flat arrays indexed by `u32`: an arena without lifetimes.
//!
//! A node is 24 bytes, its children are ids, lists of children lie length-prefixed in one array of
//! their own. Texts are slices of the source wherever that is possible; only strings with escapes (or
//! with line endings or indentation that the language takes away) are kept beside it.

use std::sync::Arc;

use crate::source::{FileId, Span};

/// An expression of a [`Tree`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExprId(pub u32);

/// A body of a [`Tree`]: the file's own, or a block's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BodyId(pub u32);

/// A block of a [`Tree`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlockId(pub u32);

/// A list of expressions, kept length-prefixed in the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct List(pub(super) u32);

/// A text: a slice of the source, or (with the highest bit of `start` set) of the tree's own strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Text {
    pub(super) const OWNED: u32 = 1 << 31;

    /// The text that stands at `span` of the source.
    #[must_use]
    pub const fn at(span: Span) -> Self {
        Self { start: span.start, len: span.end - span.start }
    }
}

/// One node: what it is and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, quotes and brackets included.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum ExprKind {
    /// A hole: the syntax here is broken (reported already) and nothing is known about it.
    Error,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number; its text is the node's span.
    Number,
    /// A text without any sequence: a quoted string, a heredoc, the literal part of a template.
    String(Text),
    /// A template of more than one part, or of one directive: literals ([`ExprKind::String`]), directives and
    /// interpolated expressions in turn. Trim markers and a flush heredoc's indentation are taken away already.
    Template(List),
    /// `"${x}"`: a template of a lone interpolation, which keeps the type of `x`.
    Interpolation(ExprId),
    /// `%{ if c }…%{ else }…%{ endif }` in a template; both arms are templates (an absent one is an empty string).
    TemplateIf {
        /// The condition.
        condition: ExprId,
        /// A template.
        then: ExprId,
        /// A template.
        otherwise: ExprId,
    },
    /// `%{ for v in c }…%{ endfor }` in a template: the index of a [`For`] whose `value` is a template.
    TemplateFor(u32),
    /// `[a, b]`
    Tuple(List),
    /// `{ k = v }`: keys and values in turn. A bare identifier as a key is an [`ExprKind::Key`].
    Object(List),
    /// A bare identifier as the key of an object: a literal text, the node's span.
    Key,
    /// A bare name, the node's span: `var`, `local`, `aws_instance`, a variable of a `for`.
    Name,
    /// `base.name`
    Attr {
        /// What stands before the dot.
        base: ExprId,
        /// The name behind it.
        name: Span,
    },
    /// `base[key]`; with `legacy`, `base.0`.
    Index {
        /// What stands before the bracket.
        base: ExprId,
        /// The key.
        key: ExprId,
        /// Written `.0`.
        legacy: bool,
    },
    /// `base[*]…`; with `legacy`, `base.*…`. `each` is what is done with each element: the same kinds of node,
    /// rooted in a [`ExprKind::SplatItem`].
    Splat {
        /// What is iterated.
        base: ExprId,
        /// The expression over one element.
        each: ExprId,
        /// Written `.*`.
        legacy: bool,
    },
    /// The element that a splat is at.
    SplatItem,
    /// `name(args)`, `core::name(args)`; with `expand`, the last argument is followed by `...`.
    Call {
        /// The name with its namespaces.
        name: Span,
        /// The arguments.
        args: List,
        /// Whether the last one is expanded.
        expand: bool,
    },
    /// `-a`, `!a`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: ExprId,
    },
    /// `a + b`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left operand.
        left: ExprId,
        /// The right operand.
        right: ExprId,
    },
    /// `c ? a : b`
    Conditional {
        /// The condition.
        condition: ExprId,
        /// If true.
        then: ExprId,
        /// If false.
        otherwise: ExprId,
    },
    /// `[for …]`, `{for …}`: the index of a [`For`].
    For(u32),
    /// `(a)`
    Paren(ExprId),
    /// A string of the JSON syntax. As an expression it is `template`; where the language wants plain text it is
    /// `text`, in which `${` has no meaning.
    JsonString {
        /// The string, its JSON escapes resolved.
        text: Text,
        /// The string read as a template.
        template: ExprId,
    },
}

impl ExprKind {
    /// Whether it is written out: it refers to nothing, and nothing is in it.
    #[must_use]
    pub const fn is_literal(self) -> bool {
        matches!(
            self,
            Self::Error
                | Self::Null
                | Self::Bool(_)
                | Self::Number
                | Self::String(_)
                | Self::Key
                | Self::SplatItem
        )
    }
}

/// A `for` expression or directive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct For {
    /// The name for the key, if there are two names.
    pub key_name: Option<Span>,
    /// The name for the value.
    pub value_name: Span,
    /// What is iterated.
    pub collection: ExprId,
    /// The key of the result: then it is an object.
    pub key: Option<ExprId>,
    /// The value of the result.
    pub value: ExprId,
    /// What follows `if`.
    pub condition: Option<ExprId>,
    /// `...`: values of one key are grouped.
    pub group: bool,
}

/// An operator with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum UnaryOp {
    Negate,
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A name and where it stands: of an attribute, a block's type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Name {
    /// The name.
    pub text: Text,
    /// Where it stands (in JSON with its quotes).
    pub span: Span,
}

/// `name = value` in a body.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Name,
    /// The value.
    pub value: ExprId,
    /// From the name's first byte to the value's last.
    pub span: Span,
}

/// A label of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label {
    /// The label, its escapes resolved.
    pub text: Text,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// `type "label" { … }`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// The block's type.
    pub kind: Name,
    pub(super) labels: (u32, u32),
    /// What stands in its braces.
    pub body: BodyId,
    /// From the type's first byte to the closing brace.
    pub span: Span,
    /// From the type's first byte to the last label's last: where findings about the block point.
    pub header: Span,
}

/// What stands in a body, in the order of the text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Item {
    /// `name = value`
    Attribute(Attribute),
    /// A block.
    Block(BlockId),
}

/// The items between two braces, or of a whole file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Body {
    pub(super) items: (u32, u32),
    /// From after the opening brace to before the closing one; the whole file.
    pub span: Span,
}

/// A comment, its marks included, its line ending not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// Whether only white space stands before it on its line.
    pub own_line: bool,
}

/// What is wrong with the syntax, in plain words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Places that belong to the story (where the brace was opened), each with what it is.
    pub labels: Vec<(Span, String)>,
}

/// The syntax of one file.
#[derive(Debug)]
pub struct Tree {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub source: Arc<str>,
    /// The file's own body.
    pub root: BodyId,
    /// Errors, in the order of the text.
    pub errors: Vec<SyntaxError>,
    /// Comments, in the order of the text.
    pub comments: Box<[Comment]>,
    /// The id of the origin of expression 0: see [`crate::value::Origin`].
    pub origin_base: u32,
    pub(super) exprs: Box<[Expr]>,
    pub(super) lists: Box<[u32]>,
    pub(super) fors: Box<[For]>,
    pub(super) bodies: Box<[Body]>,
    pub(super) blocks: Box<[Block]>,
    pub(super) items: Box<[Item]>,
    pub(super) labels: Box<[Label]>,
    pub(super) strings: Box<str>,
}

impl Tree {
    /// The node of an expression.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.0 as usize]
    }

    /// What an expression is.
    #[must_use]
    pub fn kind(&self, id: ExprId) -> ExprKind {
        self.exprs[id.0 as usize].kind
    }

    /// Where an expression stands.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.exprs[id.0 as usize].span
    }

    /// How many expressions there are; their ids count from 0.
    #[must_use]
    pub fn expr_count(&self) -> u32 {
        self.exprs.len() as u32
    }

    /// The elements of a list.
    #[must_use]
    pub fn list(
        &self,
        list: List,
    ) -> impl ExactSizeIterator<Item = ExprId> + DoubleEndedIterator + Clone + '_ {
        let start = list.0 as usize;
        let len = self.lists[start] as usize;
        self.lists[start + 1..start + 1 + len].iter().map(|&id| ExprId(id))
    }

    /// The keys and values of an [`ExprKind::Object`].
    #[must_use]
    pub fn pairs(&self, list: List) -> impl ExactSizeIterator<Item = (ExprId, ExprId)> + '_ {
        let start = list.0 as usize;
        let len = self.lists[start] as usize;
        self.lists[start + 1..start + 1 + len].chunks_exact(2).map(|pair| (ExprId(pair[0]), ExprId(pair[1])))
    }

    /// The `for` of that index.
    #[must_use]
    pub fn for_expr(&self, index: u32) -> &For {
        &self.fors[index as usize]
    }

    /// A text.
    #[must_use]
    pub fn text(&self, text: Text) -> &str {
        let start = (text.start & !Text::OWNED) as usize;
        let from = if text.start & Text::OWNED == 0 { &*self.source } else { &self.strings };
        &from[start..start + text.len as usize]
    }

    /// Where a text stands, if it stands in the source as it is (without escapes and the like).
    #[must_use]
    pub fn text_span(&self, text: Text) -> Option<Span> {
        (text.start & Text::OWNED == 0).then(|| Span::new(text.start, text.start + text.len))
    }

    /// The source at a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.source[span.start as usize..span.end as usize]
    }

    /// A name's text.
    #[must_use]
    pub fn name(&self, name: Name) -> &str {
        self.text(name.text)
    }

    /// A body.
    #[must_use]
    pub fn body(&self, id: BodyId) -> &Body {
        &self.bodies[id.0 as usize]
    }

    /// What stands in a body, in the order of the text.
    #[must_use]
    pub fn items(&self, id: BodyId) -> &[Item] {
        let (start, end) = self.bodies[id.0 as usize].items;
        &self.items[start as usize..end as usize]
    }

    /// The attributes of a body.
    pub fn attributes(&self, id: BodyId) -> impl Iterator<Item = Attribute> + '_ {
        self.items(id).iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(*attribute),
            Item::Block(_) => None,
        })
    }

    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, id: BodyId, name: &str) -> Option<Attribute> {
        self.attributes(id).find(|attribute| self.name(attribute.name) == name)
    }

    /// The blocks of a body.
    pub fn blocks(&self, id: BodyId) -> impl Iterator<Item = &Block> + '_ {
        self.items(id).iter().filter_map(|item| match item {
            Item::Attribute(_) => None,
            Item::Block(block) => Some(&self.blocks[block.0 as usize]),
        })
    }

    /// The blocks of that type.
    pub fn blocks_of<'a>(&'a self, id: BodyId, kind: &'a str) -> impl Iterator<Item = &'a Block> + 'a {
        self.blocks(id).filter(move |block| self.name(block.kind) == kind)
    }

    /// A block.
    #[must_use]
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    /// A block's labels.
    #[must_use]
    pub fn labels(&self, block: &Block) -> &[Label] {
        &self.labels[block.labels.0 as usize..block.labels.1 as usize]
    }

    /// The text of a block's label.
    #[must_use]
    pub fn label(&self, block: &Block, index: usize) -> Option<&str> {
        self.labels(block).get(index).map(|label| self.text(label.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_24_bytes() {
        assert_eq!(size_of::<Expr>(), 24);
    }
}
