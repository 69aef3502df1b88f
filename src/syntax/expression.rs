//! Expressions: operators, what follows a term, terms.

use super::lexer::{is_digit, is_number, may_start_identifier};
use super::parser::{Broken, Node, Parsed, Parser};
use super::recovery::Stop;
use super::tree::{BinaryOp, ExprKind, UnaryOp};
use crate::source::Span;

const IN_CALL: Stop = Stop { close: b')', commas: true, lines: false };

impl Parser<'_> {
    /// An expression. Ends right behind its last byte.
    pub(super) fn expression(&mut self) -> Parsed {
        let condition = self.binary(1)?;
        self.skip();
        if self.peek() == b'?' { self.nested(|p| p.conditional(condition)) } else { Ok(condition) }
    }

    fn conditional(&mut self, condition: Node) -> Parsed {
        let question = self.span_here(1);
        self.pos += 1;
        self.skip();
        let then = self.expression()?;
        self.skip();
        if self.peek() != b':' || self.peek_at(1) == b':' {
            return self.missing_else(question);
        }
        self.pos += 1;
        self.skip();
        let otherwise = self.expression()?;
        let span = self.span_of(condition).to(self.span_of(otherwise));
        let kind = ExprKind::Conditional { condition: condition.id, then: then.id, otherwise: otherwise.id };
        self.branch(kind, span, condition.height.max(then.height).max(otherwise.height))
    }

    /// A chain of operators that bind at least as strongly as `least`.
    fn binary(&mut self, least: u8) -> Parsed {
        let mut left = self.unary()?;
        loop {
            self.skip();
            let Some((op, strength, length)) = self.operator() else { return Ok(left) };
            if strength < least {
                return Ok(left);
            }
            self.pos += length;
            self.skip();
            let right = self.binary(strength + 1)?;
            let span = self.span_of(left).to(self.span_of(right));
            let kind = ExprKind::Binary { op, left: left.id, right: right.id };
            left = self.branch(kind, span, left.height.max(right.height))?;
        }
    }

    /// The operator that stands here: how strongly it binds, how long it is.
    #[inline]
    fn operator(&self) -> Option<(BinaryOp, u8, usize)> {
        let next = self.peek_at(1);
        Some(match self.peek() {
            b'|' if next == b'|' => (BinaryOp::Or, 1, 2),
            b'&' if next == b'&' => (BinaryOp::And, 2, 2),
            b'=' if next == b'=' => (BinaryOp::Equal, 3, 2),
            b'!' if next == b'=' => (BinaryOp::NotEqual, 3, 2),
            b'<' if next == b'=' => (BinaryOp::LessEqual, 4, 2),
            b'<' => (BinaryOp::Less, 4, 1),
            b'>' if next == b'=' => (BinaryOp::GreaterEqual, 4, 2),
            b'>' => (BinaryOp::Greater, 4, 1),
            b'+' => (BinaryOp::Add, 5, 1),
            b'-' => (BinaryOp::Subtract, 5, 1),
            b'*' if next != b'*' => (BinaryOp::Multiply, 6, 1),
            b'/' if next != b'*' => (BinaryOp::Divide, 6, 1),
            b'%' => (BinaryOp::Modulo, 6, 1),
            _ => return None,
        })
    }

    fn unary(&mut self) -> Parsed {
        let op = match self.peek() {
            b'-' => UnaryOp::Negate,
            b'!' => UnaryOp::Not,
            _ => {
                let term = self.term()?;
                return self.steps(term);
            }
        };
        let start = self.pos;
        self.pos += 1;
        self.skip();
        let operand = self.nested(Self::unary)?;
        let span = Span::new(start as u32, self.span_of(operand).end);
        self.branch(ExprKind::Unary { op, operand: operand.id }, span, operand.height)
    }

    /// What follows a term: attributes, indexes, splats.
    pub(super) fn steps(&mut self, mut base: Node) -> Parsed {
        loop {
            self.skip();
            base = match self.peek() {
                b'.' if self.peek_at(1) == b'.' && self.peek_at(2) == b'.' => return Ok(base),
                b'.' => {
                    let dot = self.pos;
                    self.pos += 1;
                    self.skip();
                    if self.peek() == b'*' {
                        self.pos += 1;
                        self.attribute_splat(base, dot)?
                    } else {
                        self.dotted(base, dot)?
                    }
                }
                b'[' => {
                    let open = self.pos;
                    self.pos += 1;
                    self.skip();
                    if self.peek() == b'*' {
                        self.pos += 1;
                        return self.full_splat(base, open);
                    }
                    self.index(base, open)?
                }
                _ => return Ok(base),
            };
        }
    }

    /// `.name` or the legacy `.0`, behind the dot.
    fn dotted(&mut self, base: Node, dot: usize) -> Parsed {
        let start = self.span_of(base).start;
        if let Some(name) = self.identifier() {
            let kind = ExprKind::Attr { base: base.id, name };
            return self.branch(kind, Span::new(start, name.end), base.height);
        }
        if !is_digit(self.peek()) {
            return self.missing_name_after_dot(dot);
        }
        let number = self.number_token();
        if self.bytes[number.start as usize..number.end as usize].contains(&b'.') {
            return self.chained_legacy_index(number);
        }
        let key = self.leaf(ExprKind::Number, number);
        let kind = ExprKind::Index { base: base.id, key: key.id, legacy: true };
        self.branch(kind, Span::new(start, number.end), base.height)
    }

    /// `.*` and the attributes behind it, which belong to each element.
    fn attribute_splat(&mut self, base: Node, dot: usize) -> Parsed {
        let mut each = self.leaf(ExprKind::SplatItem, self.span_from(dot));
        loop {
            let end = self.pos;
            self.skip();
            if self.peek() != b'.' || self.peek_at(1) == b'.' && self.peek_at(2) == b'.' {
                self.pos = end.max(self.pos);
                break;
            }
            let dot = self.pos;
            self.pos += 1;
            self.skip();
            if self.peek() == b'*' {
                return self.nested_splat();
            }
            each = self.dotted(each, dot)?;
        }
        self.splat(base, each, true)
    }

    /// `[*]` and all steps behind it, which belong to each element.
    fn full_splat(&mut self, base: Node, open: usize) -> Parsed {
        self.skip();
        if self.peek() != b']' {
            return self.unclosed_index(open);
        }
        self.pos += 1;
        let item = self.leaf(ExprKind::SplatItem, self.span_from(open));
        let each = self.nested(|p| p.steps(item))?;
        self.splat(base, each, false)
    }

    fn splat(&mut self, base: Node, each: Node, legacy: bool) -> Parsed {
        let span = self.span_of(base).to(self.span_of(each));
        let kind = ExprKind::Splat { base: base.id, each: each.id, legacy };
        self.branch(kind, span, base.height.max(each.height))
    }

    fn index(&mut self, base: Node, open: usize) -> Parsed {
        let key = self.with_newlines(false, |p| {
            p.skip();
            if p.peek() == b']' {
                return p.empty_index(open);
            }
            let key = p.nested(Self::expression)?;
            p.skip();
            if p.peek() != b']' {
                return p.unclosed_index(open);
            }
            Ok(key)
        })?;
        self.pos += 1;
        let span = Span::new(self.span_of(base).start, self.pos as u32);
        let kind = ExprKind::Index { base: base.id, key: key.id, legacy: false };
        self.branch(kind, span, base.height.max(key.height))
    }

    fn term(&mut self) -> Parsed {
        match self.peek() {
            b'"' => self.quoted(),
            b'0'..=b'9' => self.number(),
            b'(' => self.nested(Self::paren),
            b'[' => self.nested(Self::tuple),
            b'{' => self.nested(Self::object),
            b'<' if self.peek_at(1) == b'<' => self.heredoc(),
            byte if may_start_identifier(byte) => self.name_or_call(),
            _ => self.missing_expression(),
        }
    }

    fn number(&mut self) -> Parsed {
        let span = self.number_token();
        if !is_number(&self.bytes[span.start as usize..span.end as usize]) {
            return self.invalid_number(span);
        }
        Ok(self.leaf(ExprKind::Number, span))
    }

    fn paren(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        let inner = self.with_newlines(false, |p| {
            p.skip();
            let inner = p.expression()?;
            p.skip();
            if p.peek() == b')' { Ok(inner) } else { p.unclosed_paren(open) }
        })?;
        self.pos += 1;
        self.branch(ExprKind::Paren(inner.id), self.span_from(open), inner.height)
    }

    fn name_or_call(&mut self) -> Parsed {
        let Some(name) = self.identifier() else { return self.missing_expression() };
        self.skip();
        match self.peek() {
            b'(' => return self.nested(|p| p.call(name)),
            b':' if self.peek_at(1) == b':' => return self.nested(|p| p.namespaced(name)),
            _ => {}
        }
        let kind = match &self.bytes[name.start as usize..name.end as usize] {
            b"null" => ExprKind::Null,
            b"true" => ExprKind::Bool(true),
            b"false" => ExprKind::Bool(false),
            _ => ExprKind::Name,
        };
        Ok(self.leaf(kind, name))
    }

    /// `core::name(…)`, behind the first name.
    fn namespaced(&mut self, first: Span) -> Parsed {
        let mut name = first;
        while self.peek() == b':' && self.peek_at(1) == b':' {
            self.pos += 2;
            self.skip();
            let Some(next) = self.identifier() else { return self.missing_function_name(name) };
            name = name.to(next);
            self.skip();
        }
        if self.peek() == b'(' { self.call(name) } else { self.missing_call_paren(name) }
    }

    fn call(&mut self, name: Span) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        let mark = self.elements.len();
        let (expand, height) = self.with_newlines(false, |p| p.arguments(open))?;
        let args = self.finish_list(mark);
        let span = Span::new(name.start, self.pos as u32);
        self.branch(ExprKind::Call { name, args, expand }, span, height)
    }

    fn arguments(&mut self, open: usize) -> Parsed<(bool, u32)> {
        let mut height = 0;
        loop {
            self.skip();
            if self.peek() == b')' {
                self.pos += 1;
                return Ok((false, height));
            }
            let (start, held) = (self.pos, (self.elements.len(), self.parts.len()));
            let argument = match self.expression() {
                Ok(argument) => argument,
                Err(Broken) => self.recover_element(start, held, IN_CALL)?,
            };
            self.elements.push(argument.id.0);
            height = height.max(argument.height);
            self.skip();
            match self.peek() {
                b')' => {}
                b',' => self.pos += 1,
                b'.' if self.peek_at(1) == b'.' && self.peek_at(2) == b'.' => {
                    self.pos += 3;
                    self.skip();
                    if self.peek() != b')' {
                        return self.more_after_expansion();
                    }
                    self.pos += 1;
                    return Ok((true, height));
                }
                _ => {
                    if self.missing_argument_comma(open).is_err() {
                        self.recover_element(start, (held.0 + 1, held.1), IN_CALL)?;
                    }
                }
            }
        }
    }
}
