//! From a text whose escapes were resolved back to the file's bytes.

use super::parser::{Output, Parser};
use super::tree::ExprKind;
use crate::source::Span;

/// Where a decoded text and the file come apart.
#[derive(Default)]
pub(super) struct Places {
    /// Around each escape: an offset in the decoded text, the same place's offset in the file.
    marks: Vec<(u32, u32)>,
}

/// How much an [`Output`] held at some point.
#[derive(Clone, Copy)]
pub(super) struct Held {
    exprs: usize,
    fors: usize,
    errors: usize,
    comments: usize,
}

impl Output {
    pub(super) fn held(&self) -> Held {
        Held {
            exprs: self.exprs.len(),
            fors: self.fors.len(),
            errors: self.errors.len(),
            comments: self.comments.len(),
        }
    }
}

impl Places {
    /// Places of a text that begins at `start` of the file.
    pub(super) fn from(start: u32) -> Self {
        Self { marks: vec![(0, start)] }
    }

    /// Says that `decoded` and `file` are the same place.
    pub(super) fn mark(&mut self, decoded: usize, file: usize) {
        self.marks.push((decoded as u32, file as u32));
    }

    /// The place in the file of an offset in the decoded text.
    fn place(&self, offset: u32) -> u32 {
        let behind = self.marks.partition_point(|&(decoded, _)| decoded <= offset);
        match behind.checked_sub(1).and_then(|at| self.marks.get(at)) {
            Some(&(decoded, file)) => file + (offset - decoded),
            None => offset,
        }
    }

    fn span(&self, span: Span) -> Span {
        let start = self.place(span.start);
        Span::new(start, self.place(span.end).max(start))
    }
}

impl Parser<'_> {
    /// Moves the spans of what came behind `held` from a decoded text to the file's bytes.
    pub(super) fn move_to_file(&mut self, places: &Places, held: Held) {
        let mut escaped_name = None;
        // A name is read from its span, so its bytes have to be the file's.
        let mut name = |span: &mut Span| {
            let length = span.len();
            *span = places.span(*span);
            if span.len() != length {
                escaped_name = Some(*span);
            }
        };
        for expr in &mut self.out.exprs[held.exprs..] {
            match &mut expr.kind {
                ExprKind::Name | ExprKind::Key | ExprKind::Number => {
                    name(&mut expr.span);
                    continue;
                }
                ExprKind::Attr { name: attribute, .. } => name(attribute),
                ExprKind::Call { name: function, .. } => name(function),
                _ => {}
            }
            expr.span = places.span(expr.span);
        }
        for each in &mut self.out.fors[held.fors..] {
            name(&mut each.value_name);
            if let Some(key) = &mut each.key_name {
                name(key);
            }
        }
        for comment in &mut self.out.comments[held.comments..] {
            comment.span = places.span(comment.span);
        }
        for error in &mut self.out.errors[held.errors..] {
            error.span = places.span(error.span);
            for (span, _) in &mut error.labels {
                *span = places.span(*span);
            }
        }
        if let Some(span) = escaped_name {
            self.report(span, "names within a string's expressions are written without escapes");
        }
    }
}
