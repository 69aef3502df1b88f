//! The tree that a template's literals, interpolations and directives make.

use super::parser::{Broken, Node, Parsed, Parser};
use super::template::Part;
use super::tree::{ExprId, ExprKind, For, Text};
use crate::source::Span;

/// A directive whose end has not come yet.
struct Open {
    /// The `if` or `for`.
    part: Part,
    /// The first arm, once `else` was seen.
    then: Option<Node>,
    /// Where this arm's elements begin.
    mark: usize,
    height: u32,
    /// Where this arm begins.
    start: u32,
}

impl Parser<'_> {
    /// Makes the expression that the parts since `mark` are.
    pub(super) fn finish_template(&mut self, mark: usize, span: Span) -> Parsed {
        let result = match &self.parts[mark..] {
            [] => Ok(self.leaf(ExprKind::String(Text { start: 0, len: 0 }), span)),
            &[Part::Literal { text, .. }] => Ok(self.leaf(ExprKind::String(text), span)),
            &[Part::Interpolation { value, .. }] => {
                self.branch(ExprKind::Interpolation(value.id), span, value.height)
            }
            _ => self.assemble(mark, span),
        };
        self.parts.truncate(mark);
        result
    }

    fn assemble(&mut self, mark: usize, span: Span) -> Parsed {
        let base = self.elements.len();
        let mut open: Vec<Open> = Vec::new();
        let mut height = 0;
        let mut at = mark;
        while let Some(&part) = self.parts.get(at) {
            at += 1;
            match part {
                Part::Literal { span, text } => {
                    let (mut span, mut text) = (span, text);
                    while let Some(&Part::Literal { span: more, text: next }) = self.parts.get(at) {
                        text = self.meld(text, next);
                        span = span.to(more);
                        at += 1;
                    }
                    let node = self.leaf(ExprKind::String(text), span);
                    self.elements.push(node.id.0);
                    height = height.max(1);
                }
                Part::Interpolation { value, .. } => {
                    self.elements.push(value.id.0);
                    height = height.max(value.height);
                }
                Part::If { span, .. } | Part::For { span, .. } => {
                    let mark = self.elements.len();
                    open.push(Open { part, then: None, mark, height, start: span.end });
                    height = 0;
                }
                Part::Else { span } => {
                    let Some(last) = open.last_mut().filter(|o| matches!(o.part, Part::If { .. })) else {
                        return self.stray_directive(span, "else");
                    };
                    if last.then.is_some() {
                        return self.second_else(span);
                    }
                    let arm = Span::new(last.start, span.start);
                    last.start = span.end;
                    let mark = last.mark;
                    let then = self.arm(mark, arm, height)?;
                    height = 0;
                    if let Some(last) = open.last_mut() {
                        last.then = Some(then);
                    }
                }
                Part::EndIf { span } | Part::EndFor { span } => {
                    let is_if = matches!(part, Part::EndIf { .. });
                    let Some(last) = open.pop().filter(|o| matches!(o.part, Part::If { .. }) == is_if) else {
                        return self.stray_directive(span, if is_if { "endif" } else { "endfor" });
                    };
                    let arm = self.arm(last.mark, Span::new(last.start, span.start), height)?;
                    let node = self.close_directive(&last, arm, span)?;
                    self.elements.push(node.id.0);
                    height = last.height.max(node.height);
                }
            }
        }
        if let Some(last) = open.last() {
            return self.unclosed_directive(last.part);
        }
        // A template of several literals only is a text.
        if let &[only] = &self.elements[base..]
            && let Some(expr) = self.out.exprs.get_mut(only as usize)
            && matches!(expr.kind, ExprKind::String(_))
            && self.parts[mark..].iter().all(|part| matches!(part, Part::Literal { .. }))
        {
            expr.span = span;
            self.elements.truncate(base);
            return Ok(Node { id: ExprId(only), height: 1 });
        }
        let list = self.finish_list(base);
        self.branch(ExprKind::Template(list), span, height)
    }

    fn close_directive(&mut self, open: &Open, arm: Node, end: Span) -> Parsed {
        match open.part {
            Part::If { span, condition } => {
                let (then, otherwise) = match open.then {
                    Some(then) => (then, arm),
                    None => {
                        let nothing = ExprKind::String(Text { start: 0, len: 0 });
                        (arm, self.leaf(nothing, Span::at(end.start)))
                    }
                };
                let height = condition.height.max(then.height).max(otherwise.height);
                let kind =
                    ExprKind::TemplateIf { condition: condition.id, then: then.id, otherwise: otherwise.id };
                self.branch(kind, span.to(end), height)
            }
            Part::For { span, key_name, value_name, collection } => {
                let index = self.out.fors.len() as u32;
                self.out.fors.push(For {
                    key_name,
                    value_name,
                    collection: collection.id,
                    key: None,
                    value: arm.id,
                    condition: None,
                    group: false,
                });
                let height = collection.height.max(arm.height);
                self.branch(ExprKind::TemplateFor(index), span.to(end), height)
            }
            _ => Err(Broken),
        }
    }

    /// The elements since `mark` as the arm of a directive: a text or a template, never a lone interpolation.
    fn arm(&mut self, mark: usize, span: Span, height: u32) -> Parsed {
        match self.elements[mark..] {
            [] => Ok(self.leaf(ExprKind::String(Text { start: 0, len: 0 }), span)),
            _ => {
                let list = self.finish_list(mark);
                self.branch(ExprKind::Template(list), span, height)
            }
        }
    }

    /// Two texts that follow one another, as one.
    fn meld(&mut self, first: Text, second: Text) -> Text {
        if first.len == 0 {
            return second;
        }
        if second.len == 0 {
            return first;
        }
        if first.start + first.len == second.start {
            return Text { start: first.start, len: first.len + second.len };
        }
        let at_end = (self.out.strings.len() as u32) | Text::OWNED;
        let start = if first.start & Text::OWNED != 0 && first.start + first.len == at_end {
            (first.start & !Text::OWNED) as usize
        } else {
            let start = self.out.strings.len();
            self.append(first);
            start
        };
        self.append(second);
        self.out.owned_from(start)
    }

    fn append(&mut self, text: Text) {
        let start = (text.start & !Text::OWNED) as usize;
        let range = start..start + text.len as usize;
        if text.start & Text::OWNED == 0 {
            self.out.strings.push_str(&self.text[range]);
        } else {
            self.out.strings.extend_from_within(range);
        }
    }
}
