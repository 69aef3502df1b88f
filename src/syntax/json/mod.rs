//! The JSON form of the language: first values, then, by a [`Schema`], which of them are blocks.

mod body;
mod mistakes;
mod string;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::native::too_long;
use super::parser::{Broken, Node, Output, Parsed, Parser};
use super::schema::Schema;
use super::tree::{ExprId, ExprKind, Text, Tree, UnaryOp};
use crate::source::{FileId, Span};

/// Reads a file of the JSON form; `schema` says which members are blocks. Strings are templates.
#[must_use]
pub fn parse_json(file: FileId, source: Arc<str>, schema: &'static Schema) -> Tree {
    parse(file, source, schema, true)
}

/// Reads a JSON file whose strings mean themselves, as in `.tfvars.json`: every member is an attribute.
#[must_use]
pub fn parse_json_values(file: FileId, source: Arc<str>) -> Tree {
    parse(file, source, &Schema::NONE, false)
}

fn parse(file: FileId, source: Arc<str>, schema: &'static Schema, templates: bool) -> Tree {
    if let Some(tree) = too_long(file, &source) {
        return tree;
    }
    let mut json = Json { parser: Parser::new(&source, Output::roomy()), templates, repeated: Vec::new() };
    json.parser.newlines = false;
    json.parser.pass_byte_order_mark();
    let whole = Span::new(0, source.len() as u32);
    let root = match json.file() {
        Ok(value) => json.root(value, schema, whole),
        Err(Broken) => json.parser.empty_body(whole),
    };
    std::mem::take(&mut json.parser.out).into_tree(file, source.clone(), root)
}

/// A key that an object has already.
struct Repeated {
    object: ExprId,
    key: Span,
    first: Span,
}

/// Reads JSON values; the nodes, bounds and errors are the parser's.
struct Json<'s> {
    parser: Parser<'s>,
    /// Whether strings are templates.
    templates: bool,
    /// Errors if their objects turn out to be expressions.
    repeated: Vec<Repeated>,
}

impl<'s> Json<'s> {
    fn file(&mut self) -> Parsed {
        self.blanks();
        if self.parser.at_end() {
            return self.empty_file();
        }
        let value = self.value()?;
        self.blanks();
        if !self.parser.at_end() {
            self.more_after_root();
        }
        Ok(value)
    }

    /// Passes white space.
    fn blanks(&mut self) {
        while matches!(self.parser.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.parser.pos += 1;
        }
    }

    fn value(&mut self) -> Parsed {
        match self.parser.peek() {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        // The bound is the parser's own.
        self.parser.nested(|_| Ok(()))?;
        self.parser.nesting += 1;
        let result = read(self);
        self.parser.nesting -= 1;
        result
    }

    fn word(&mut self) -> Parsed {
        for (word, kind) in
            [("null", ExprKind::Null), ("true", ExprKind::Bool(true)), ("false", ExprKind::Bool(false))]
        {
            if self.parser.at_word(word) {
                let span = self.parser.span_here(word.len());
                self.parser.pos += word.len();
                return Ok(self.parser.leaf(kind, span));
            }
        }
        self.no_value()
    }

    fn number(&mut self) -> Parsed {
        let start = self.parser.pos;
        let negative = self.parser.peek() == b'-';
        let digits = start + usize::from(negative);
        let rest = &self.parser.bytes[digits..];
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_'))
            .count();
        self.parser.pos = digits + length;
        if !is_json_number(&rest[..length]) {
            return self.not_a_number(start);
        }
        let number = self.parser.leaf(ExprKind::Number, self.parser.span_from(digits));
        if !negative {
            return Ok(number);
        }
        let kind = ExprKind::Unary { op: UnaryOp::Negate, operand: number.id };
        self.parser.branch(kind, self.parser.span_from(start), number.height)
    }

    fn array(&mut self) -> Parsed {
        let open = self.parser.pos;
        self.parser.pos += 1;
        let mark = self.parser.elements.len();
        let mut height = 0;
        self.blanks();
        while self.parser.peek() != b']' {
            let element = self.value()?;
            self.parser.elements.push(element.id.0);
            height = height.max(element.height);
            self.separator(open, b']')?;
        }
        self.parser.pos += 1;
        let list = self.parser.finish_list(mark);
        self.parser.branch(ExprKind::Tuple(list), self.parser.span_from(open), height)
    }

    fn object(&mut self) -> Parsed {
        let open = self.parser.pos;
        self.parser.pos += 1;
        let mark = self.parser.elements.len();
        let mut height = 0;
        self.blanks();
        while self.parser.peek() != b'}' {
            let key = self.key(open)?;
            self.blanks();
            self.colon(key)?;
            self.blanks();
            let value = self.value()?;
            self.parser.elements.extend([key.id.0, value.id.0]);
            height = height.max(key.height).max(value.height);
            self.separator(open, b'}')?;
        }
        self.parser.pos += 1;
        let repeated = self.repeated_keys(mark);
        let list = self.parser.finish_list(mark);
        let node = self.parser.branch(ExprKind::Object(list), self.parser.span_from(open), height)?;
        self.repeated.extend(repeated.into_iter().map(|(key, first)| Repeated {
            object: node.id,
            key,
            first,
        }));
        Ok(node)
    }

    fn key(&mut self, open: usize) -> Parsed {
        if self.parser.peek() == b'"' { self.string() } else { self.no_key(open) }
    }

    fn colon(&mut self, key: Node) -> Parsed<()> {
        if self.parser.peek() != b':' {
            self.no_colon(key)?;
        }
        self.parser.pos += 1;
        Ok(())
    }

    /// What stands between elements; leaves the closing bracket.
    fn separator(&mut self, open: usize, close: u8) -> Parsed<()> {
        self.blanks();
        if self.parser.peek() == b',' {
            let comma = self.parser.pos;
            self.parser.pos += 1;
            self.blanks();
            if self.parser.peek() == close {
                self.trailing_comma(comma);
            }
            return Ok(());
        }
        if self.parser.peek() == close { Ok(()) } else { self.no_separator(open, close) }
    }

    /// The keys since `mark` that stand there twice, each with its first place.
    fn repeated_keys(&self, mark: usize) -> Vec<(Span, Span)> {
        let keys = self.parser.elements[mark..].iter().step_by(2).map(|&id| ExprId(id));
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        let mut repeated = Vec::new();
        for key in keys {
            let span = self.parser.out.exprs[key.0 as usize].span;
            match seen.entry(self.parser.read_text(self.text_of(key))) {
                std::collections::hash_map::Entry::Occupied(first) => repeated.push((span, *first.get())),
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(span);
                }
            }
        }
        repeated
    }

    /// The plain text of a string.
    fn text_of(&self, string: ExprId) -> Text {
        match self.parser.out.exprs[string.0 as usize].kind {
            ExprKind::JsonString { text, .. } => text,
            _ => Text { start: 0, len: 0 },
        }
    }
}

/// Whether the digits of a number are JSON's: no leading zero, digits on both sides of the dot.
fn is_json_number(digits: &[u8]) -> bool {
    let count = |from: usize| digits[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = count(0);
    if at == 0 || at > 1 && digits[0] == b'0' {
        return false;
    }
    if digits.get(at) == Some(&b'.') {
        let fraction = count(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    super::lexer::is_number(digits) && (at == digits.len() || matches!(digits[at], b'e' | b'E'))
}
