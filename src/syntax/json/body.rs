//! Which values of a JSON file are bodies, blocks and attributes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::parser::Node;
use super::super::schema::{BlockSchema, Schema};
use super::super::tree::{Attribute, Block, BlockId, BodyId, Comment, ExprId, ExprKind, Item, Label, Name};
use super::Json;
use crate::source::Span;

/// A block whose labels are being collected.
struct Pending<'a> {
    kind: Name,
    schema: &'a BlockSchema,
    labels: Vec<Label>,
}

impl Json<'_> {
    /// The file's body: one object, or an array of objects that count as one.
    pub(super) fn root(&mut self, value: Node, schema: &'static Schema, whole: Span) -> BodyId {
        let mut structural = FxHashSet::default();
        let mark = self.parser.items.len();
        let mut seen = FxHashMap::default();
        match self.kind(value.id) {
            ExprKind::Object(_) => self.members(value.id, schema, mark, &mut seen, &mut structural),
            ExprKind::Tuple(_) => {
                for object in self.elements(value.id) {
                    if matches!(self.kind(object), ExprKind::Object(_)) {
                        self.members(object, schema, mark, &mut seen, &mut structural);
                    } else {
                        self.root_is_no_object(object);
                    }
                }
            }
            _ => self.root_is_no_object(value.id),
        }
        let root = self.parser.finish_body(mark, whole);
        for repeated in std::mem::take(&mut self.repeated) {
            if !structural.contains(&repeated.object) {
                self.repeated_key(repeated.key, repeated.first);
            }
        }
        root
    }

    fn kind(&self, id: ExprId) -> ExprKind {
        self.parser.out.exprs[id.0 as usize].kind
    }

    fn span(&self, id: ExprId) -> Span {
        self.parser.out.exprs[id.0 as usize].span
    }

    /// What an array holds, or an object's keys and values in turn.
    fn elements(&self, id: ExprId) -> Vec<ExprId> {
        let (ExprKind::Tuple(list) | ExprKind::Object(list)) = self.kind(id) else { return Vec::new() };
        let start = list.0 as usize;
        let lists = &self.parser.out.lists;
        lists[start + 1..start + 1 + lists[start] as usize].iter().map(|&id| ExprId(id)).collect()
    }

    /// Sorts an object's members into attributes and blocks.
    fn members(
        &mut self,
        object: ExprId,
        schema: &Schema,
        mark: usize,
        seen: &mut FxHashMap<String, Span>,
        structural: &mut FxHashSet<ExprId>,
    ) {
        structural.insert(object);
        for pair in self.elements(object).chunks_exact(2) {
            let (key, value) = (pair[0], pair[1]);
            let text = self.text_of(key);
            let name = Name { text, span: self.span(key) };
            let word = self.parser.read_text(text).to_owned();
            let span = name.span.to(self.span(value));
            if word == "//" {
                self.parser.out.comments.push(Comment { span, own_line: true });
                continue;
            }
            if let Some(block) = schema.blocks.iter().find(|block| block.kind == word) {
                let pending = Pending { kind: name, schema: block, labels: Vec::new() };
                self.blocks(&pending, value, structural);
                continue;
            }
            if let Some(&first) = seen.get(&word) {
                self.repeated_key(name.span, first);
            } else {
                seen.insert(word, name.span);
            }
            self.parser.items.push(Item::Attribute(Attribute { name, value, span }));
        }
        debug_assert!(self.parser.items.len() >= mark);
    }

    /// The blocks that `value` holds once all labels are taken from its keys.
    fn blocks(&mut self, pending: &Pending<'_>, value: ExprId, structural: &mut FxHashSet<ExprId>) {
        let labels_left = pending.labels.len() < pending.schema.labels;
        match self.kind(value) {
            ExprKind::Null => {}
            ExprKind::Tuple(_) => {
                for element in self.elements(value) {
                    self.blocks(pending, element, structural);
                }
            }
            ExprKind::Object(_) if labels_left => {
                structural.insert(value);
                for pair in self.elements(value).chunks_exact(2) {
                    let mut labels = pending.labels.clone();
                    labels.push(Label { text: self.text_of(pair[0]), span: self.span(pair[0]) });
                    let inner = Pending { kind: pending.kind, schema: pending.schema, labels };
                    self.blocks(&inner, pair[1], structural);
                }
            }
            ExprKind::Object(_) => self.block(pending, value, structural),
            ExprKind::Error => {}
            _ => self.no_block(value, pending.kind.span, labels_left),
        }
    }

    fn block(&mut self, pending: &Pending<'_>, object: ExprId, structural: &mut FxHashSet<ExprId>) {
        let mark = self.parser.items.len();
        let braces = self.span(object);
        self.members(object, pending.schema.body, mark, &mut FxHashMap::default(), structural);
        let inner = Span::new(braces.start + 1, braces.end - 1);
        let body = self.parser.finish_body(mark, inner);
        let out = &mut self.parser.out;
        let start = out.labels.len() as u32;
        out.labels.extend_from_slice(&pending.labels);
        let header = pending.labels.last().map_or(pending.kind.span, |label| label.span);
        let id = BlockId(out.blocks.len() as u32);
        out.blocks.push(Block {
            kind: pending.kind,
            labels: (start, out.labels.len() as u32),
            body,
            span: header.to(braces),
            header,
        });
        self.parser.items.push(Item::Block(id));
    }

    fn root_is_no_object(&mut self, id: ExprId) {
        if self.kind(id) != ExprKind::Error {
            let span = self.span(id);
            self.parser
                .report(Span::new(span.start, span.start + 1), "a configuration is a JSON object")
                .help("put everything into { … }");
        }
    }

    fn no_block(&mut self, value: ExprId, kind: Span, labels_left: bool) {
        let word = self.parser.text_of(kind).to_owned();
        let what =
            if labels_left { "an object with its labels as keys" } else { "an object or an array of them" };
        let span = self.span(value);
        self.parser
            .report(span, format!("{word} is a block: {what} has to stand here"))
            .label(kind, "the block's type");
    }

    fn repeated_key(&mut self, key: Span, first: Span) {
        let word = self.parser.text_of(key).to_owned();
        self.parser
            .report(key, format!("the key {word} stands here twice"))
            .label(first, "it was set here first")
            .help("delete one of them");
    }
}
