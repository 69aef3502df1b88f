//! The parser's state and what all its parts share: positions, nodes, bounds.

use std::cell::Cell;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::template::Part;
use super::tree::{
    Body, BodyId, Comment, Expr, ExprId, ExprKind, For, Item, Label, List, SyntaxError, Text, Tree,
};
use crate::source::{FileId, Span};

/// How deep brackets, blocks and templates may stand in one another.
pub const MAX_NESTING: u32 = 256;
/// How high the tree of one expression may be: long chains of operators, attributes and calls count too, so that
/// what walks a tree may recurse.
pub const MAX_HEIGHT: u32 = 500;
/// How many errors of one file are kept.
pub(super) const MAX_ERRORS: usize = 1000;

/// An expression and how high its tree is.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) id: ExprId,
    pub(super) height: u32,
}

/// The syntax is broken here; it has been reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken;

pub(super) type Parsed<T = Node> = Result<T, Broken>;

/// The arrays of the tree while they grow.
#[derive(Default)]
pub(super) struct Output {
    pub(super) errors: Vec<SyntaxError>,
    pub(super) comments: Vec<Comment>,
    pub(super) exprs: Vec<Expr>,
    pub(super) lists: Vec<u32>,
    pub(super) fors: Vec<For>,
    pub(super) bodies: Vec<Body>,
    pub(super) blocks: Vec<super::tree::Block>,
    pub(super) items: Vec<Item>,
    pub(super) labels: Vec<Label>,
    pub(super) strings: String,
}

thread_local! {
    /// The arrays that the last file of this thread grew in: warm in the processor's cache, and wide enough for the next.
    static ROOM: Cell<Output> = Cell::default();
}

/// Up to how many bytes of text the arrays are kept for the next one.
const MAX_ROOM: usize = 1 << 20;

impl Output {
    /// The arrays to read a text into; [`Output::into_tree`] gives them back.
    pub(super) fn roomy() -> Self {
        ROOM.take()
    }

    pub(super) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let id = ExprId(self.exprs.len() as u32);
        self.exprs.push(Expr { kind, span });
        id
    }

    /// Keeps a text beside the source, normalised.
    pub(super) fn own(&mut self, text: &str) -> Text {
        let start = self.strings.len();
        match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => self.strings.push_str(text),
            _ => self.strings.extend(text.nfc()),
        }
        self.owned_from(start)
    }

    /// What the strings hold from `start` on, as a text.
    pub(super) fn owned_from(&self, start: usize) -> Text {
        Text { start: start as u32 | Text::OWNED, len: (self.strings.len() - start) as u32 }
    }

    /// The tree of what was read, without room to grow: trees live as long as the run, and there are thousands.
    pub(super) fn into_tree(mut self, file: FileId, source: Arc<str>, root: BodyId) -> Tree {
        self.errors.sort_by_key(|error| (error.span.start, error.span.end));
        let keep = source.len() <= MAX_ROOM;
        let tree = Tree {
            file,
            source,
            root,
            errors: std::mem::take(&mut self.errors),
            comments: exact(&mut self.comments),
            origin_base: 0,
            exprs: exact(&mut self.exprs),
            lists: exact(&mut self.lists),
            fors: exact(&mut self.fors),
            bodies: exact(&mut self.bodies),
            blocks: exact(&mut self.blocks),
            items: exact(&mut self.items),
            labels: exact(&mut self.labels),
            strings: self.strings.as_str().into(),
        };
        self.strings.clear();
        if keep {
            ROOM.set(self);
        }
        tree
    }
}

/// The elements in an array that just holds them; the one they grew in is empty again.
fn exact<T: Copy>(grown: &mut Vec<T>) -> Box<[T]> {
    let exact = grown.as_slice().into();
    grown.clear();
    exact
}

/// Reads one text (or a part of one) into an [`Output`].
pub(super) struct Parser<'s> {
    pub(super) text: &'s str,
    /// The same text as bytes; its end is where this parser's text ends.
    pub(super) bytes: &'s [u8],
    pub(super) pos: usize,
    /// Whether a line end means something here.
    pub(super) newlines: bool,
    pub(super) nesting: u32,
    /// The text is not the file's own (its escapes were resolved), so that no text may point into it.
    pub(super) detached: bool,
    /// Take indentation as a sign of where an unclosed block ends: set for the second look at a file that the first
    /// found unclosed.
    pub(super) by_indentation: bool,
    /// A brace was never closed: worth that second look.
    pub(super) unclosed: bool,
    /// The first byte of the body's item that is being read.
    pub(super) item_start: usize,
    /// The item whose line's indentation is known, and that.
    pub(super) item_indent: Option<(usize, usize)>,
    /// Nothing more can be read of this item: a bound was met, or a bracket is never closed.
    pub(super) exhausted: bool,
    /// There were too many errors: no more is read of the file.
    pub(super) gave_up: bool,
    /// How many bytes were skimmed for the ends of broken elements.
    pub(super) skimmed: usize,
    pub(super) out: Output,
    /// Elements of the lists that are being read.
    pub(super) elements: Vec<u32>,
    /// Items of the bodies that are being read.
    pub(super) items: Vec<Item>,
    /// Parts of the templates that are being read.
    pub(super) parts: Vec<Part>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(text: &'s str, out: Output) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            newlines: true,
            nesting: 0,
            detached: false,
            by_indentation: false,
            unclosed: false,
            item_start: 0,
            item_indent: None,
            exhausted: false,
            gave_up: false,
            skimmed: 0,
            out,
            elements: Vec::with_capacity(64),
            items: Vec::with_capacity(32),
            parts: Vec::new(),
        }
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start as u32, self.pos as u32)
    }

    /// The span of the next `length` bytes.
    pub(super) fn span_here(&self, length: usize) -> Span {
        Span::new(self.pos as u32, (self.pos + length).min(self.bytes.len()) as u32)
    }

    #[inline]
    pub(super) fn leaf(&mut self, kind: ExprKind, span: Span) -> Node {
        Node { id: self.out.push(kind, span), height: 1 }
    }

    /// A node over children of which the highest has that height.
    #[inline]
    pub(super) fn branch(&mut self, kind: ExprKind, span: Span, height: u32) -> Parsed {
        if height >= MAX_HEIGHT {
            return self.too_high(span);
        }
        Ok(Node { id: self.out.push(kind, span), height: height + 1 })
    }

    #[cold]
    fn too_high(&mut self, span: Span) -> Parsed {
        let place = Span::new(span.end.saturating_sub(1), span.end);
        self.report(place, format!("this expression chains more than {MAX_HEIGHT} operations"))
            .help("split it into several locals");
        self.exhausted = true;
        Err(Broken)
    }

    #[inline]
    pub(super) fn span_of(&self, node: Node) -> Span {
        self.out.exprs[node.id.0 as usize].span
    }

    /// Runs `read` one level deeper.
    #[inline]
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= MAX_NESTING {
            let place = self.span_here(1);
            self.report(place, format!("this is nested more than {MAX_NESTING} levels deep"))
                .help("move inner parts into locals");
            self.exhausted = true;
            return Err(Broken);
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    /// Runs `read` where line ends mean something (or nothing).
    #[inline]
    pub(super) fn with_newlines<T>(&mut self, newlines: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.newlines, newlines);
        let result = read(self);
        self.newlines = before;
        result
    }

    /// Moves the elements read since `mark` into a list of the tree.
    pub(super) fn finish_list(&mut self, mark: usize) -> List {
        let at = self.out.lists.len() as u32;
        self.out.lists.push((self.elements.len() - mark) as u32);
        self.out.lists.extend_from_slice(&self.elements[mark..]);
        self.elements.truncate(mark);
        List(at)
    }

    /// The text that stands at `span`, normalised where it has to be.
    #[inline]
    pub(super) fn text_at(&mut self, span: Span, ascii: bool) -> Text {
        if ascii && !self.detached {
            return Text::at(span);
        }
        let text = &self.text[span.start as usize..span.end as usize];
        if self.detached || is_nfc_quick(text.chars()) != IsNormalized::Yes {
            return self.out.own(text);
        }
        Text::at(span)
    }

    /// An empty body, for a text that has none.
    pub(super) fn empty_body(&mut self, span: Span) -> BodyId {
        self.out.bodies.push(Body { items: (0, 0), span });
        BodyId(self.out.bodies.len() as u32 - 1)
    }

    /// Takes the `detached` text of a [`Text`] or of the file.
    pub(super) fn read_text(&self, text: Text) -> &str {
        let start = (text.start & !Text::OWNED) as usize;
        let from = if text.start & Text::OWNED == 0 { self.text } else { &self.out.strings };
        &from[start..start + text.len as usize]
    }
}
