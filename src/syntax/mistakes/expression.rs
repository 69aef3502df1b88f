//! Mistakes in expressions.

use super::super::parser::{Broken, Node, Parsed, Parser};
use crate::source::Span;

const CONDITIONAL: &str = "write condition ? when_true : when_false";

impl Parser<'_> {
    /// There is no expression where one has to stand.
    #[cold]
    pub(in super::super) fn missing_expression<T>(&mut self) -> Parsed<T> {
        let span = self.thing_here();
        match self.char_here() {
            _ if self.bytes[..self.pos].ends_with(b"%") => {
                let sign = self.byte_span(self.pos - 1);
                self.report(sign, "a value is missing behind `%`, which takes a remainder")
                    .help("a percentage stands in quotes: \"50%\"");
            }
            _ if self.at_end() || self.at_newline() => {
                let found = self.found();
                self.report(Span::at(self.pos as u32), format!("a value is missing before {found}"));
            }
            Some('\'') => {
                let line = self.line_rest();
                let length = line[1..].find('\'').map_or(1, |at| at + 2);
                let span = self.span_here(length);
                self.report(span, "a string stands in double quotes, not in single ones")
                    .help("write \"…\" in place of '…'");
            }
            Some('“' | '”' | '„' | '‘' | '’' | '«' | '»') => {
                self.report(span, "this is a typographic quote, which the language does not know")
                    .help("replace it by a plain double quote: \"");
            }
            Some('`') => {
                self.report(span, "a string stands in double quotes, not in backticks")
                    .help("write \"…\", or a heredoc (<<EOT) for more than one line");
            }
            Some('$' | '%') if self.peek_at(1) == b'{' => {
                self.report(self.span_here(2), "`${` means something within a string only")
                    .help("outside a string the expression stands alone: var.name");
            }
            Some('=') => {
                let before = self.bytes[..self.pos].ends_with(b"==");
                if before {
                    let span = Span::new(span.start - 2, span.end);
                    self.report(span, "`===` is no operator").help("write `==`");
                } else {
                    self.report(span, "there is an `=` where a value has to stand");
                }
            }
            Some('.') if self.peek_at(1).is_ascii_digit() => {
                self.report(span, "a number begins with a digit").help("write 0.5 in place of .5");
            }
            Some('+') => {
                self.report(span, "there is a `+` where a value has to stand")
                    .help("a positive number has no sign, and there is no `++`");
            }
            Some('}' | ']' | ')' | ',') => {
                let found = self.found();
                self.report(span, format!("a value is missing before {found}"));
            }
            Some('\u{feff}') => {
                self.report(span, "there is an invisible byte-order mark here").help("delete it");
            }
            _ => {
                let found = self.found();
                self.report(span, format!("a value has to stand here, not {found}"));
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_else(&mut self, question: Span) -> Parsed {
        let found = self.found();
        let span = self.thing_here();
        self.report(span, format!("`:` and the value for false are missing before {found}"))
            .label(question, "the condition is asked here")
            .help("a conditional has three parts: condition ? when_true : when_false");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_name_after_dot(&mut self, dot: usize) -> Parsed {
        let found = self.found();
        let span = self.byte_span(dot);
        let before = self.bytes[..dot].last().copied().unwrap_or(0);
        if before.is_ascii_digit() && (self.at_newline() || self.at_end()) {
            self.report(span, "a number does not end with a dot").help("delete the dot");
            return Err(Broken);
        }
        self.report(span, format!("a name has to follow this dot, not {found}"))
            .help("write .name, or [\"name\"] for one that is no identifier");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn chained_legacy_index(&mut self, number: Span) -> Parsed {
        let text = self.text_of(number).to_owned();
        let brackets: String = text.split('.').map(|index| format!("[{index}]")).collect();
        self.report(number, "two indexes in a row cannot be written with dots")
            .help(format!("write {brackets} in place of .{text}"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn nested_splat(&mut self) -> Parsed {
        let span = self.span_here(1);
        self.report(span, "`.*` cannot stand behind another `.*`").help("write [*] for both");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_index(&mut self, open: usize) -> Parsed {
        if self.body_goes_on(open) || self.at_end() || matches!(self.peek(), b'}' | b')') {
            return self.unclosed_bracket(open, ']');
        }
        let found = self.found();
        let (span, bracket) = (self.thing_here(), self.byte_span(open));
        self.report(span, format!("`]` is missing before {found}")).label(bracket, "it closes this bracket");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn empty_index(&mut self, open: usize) -> Parsed {
        let span = Span::new(open as u32, self.pos as u32 + 1);
        self.report(span, "this index is empty").help("write an index or key, or [*] for all elements");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn invalid_number(&mut self, number: Span) -> Parsed {
        let text = self.text_of(number).to_owned();
        self.report(number, format!("`{text}` is no number"))
            .help("a number has one decimal point at most; anything else stands in quotes");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_paren(&mut self, open: usize) -> Parsed {
        let paren = self.byte_span(open);
        if self.body_goes_on(open) || self.at_end() || matches!(self.peek(), b'}' | b']') {
            return self.unclosed_bracket(open, ')');
        }
        if self.not_an_operator() {
            return Err(Broken);
        }
        let found = self.found();
        let span = self.thing_here();
        self.report(span, format!("`)` is missing before {found}"))
            .label(paren, "it closes this parenthesis");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_function_name(&mut self, name: Span) -> Parsed {
        let found = self.found();
        let span = name.to(self.thing_here());
        self.report(span, format!("a function's name has to follow `::`, not {found}"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_call_paren(&mut self, name: Span) -> Parsed {
        let found = self.found();
        self.report(name, format!("a name with `::` is a function's: `(` has to follow, not {found}"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn more_after_expansion(&mut self) -> Parsed<(bool, u32)> {
        let span = self.thing_here();
        self.report(span, "nothing may follow `...` but the closing parenthesis")
            .help("only the last argument can be expanded; no comma stands behind it");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_argument_comma(&mut self, open: usize) -> Parsed<()> {
        if self.body_goes_on(open) || self.at_end() {
            return self.unclosed_bracket(open, ')');
        }
        self.missing_comma(open, ')', "argument")
    }

    /// Words and signs of other languages in place of an operator: reported, if that is what stands here.
    #[cold]
    pub(in super::super) fn not_an_operator(&mut self) -> bool {
        let span = self.thing_here();
        let before = self.word_before();
        let adjacent = before.end as usize == self.pos && !span.is_empty();
        if adjacent && self.text_of(before).starts_with(|c: char| c.is_ascii_digit()) {
            let number = before.to(span);
            let text = self.text_of(number).to_owned();
            self.report(number, format!("`{text}` is no number"))
                .help("numbers are decimal, without separators; anything else stands in quotes");
            return true;
        }
        let foreign = match self.text_of(before) {
            "not" => Some(("`not` is no operator", "write `!`")),
            "if" => Some(("a condition is not written with `if` here", CONDITIONAL)),
            _ => None,
        };
        if let Some((message, help)) = foreign {
            self.report(before, message).help(help);
            return true;
        }
        let (message, help) = match self.text_of(span) {
            "and" => ("`and` is no operator", "write `&&`"),
            "or" => ("`or` is no operator", "write `||`"),
            "not" => ("`not` is no operator", "write `!`"),
            "is" | "eq" => ("there is no such operator", "write `==`"),
            "if" | "else" => (
                "a condition is not written with `if` and `else` here",
                "write condition ? when_true : when_false",
            ),
            "&" => ("`&` is no operator", "write `&&`"),
            "|" => ("`|` is no operator", "write `||`"),
            "^" => ("`^` is no operator", "for powers there is pow(base, exponent)"),
            ";" => ("`;` ends nothing in this language", "end the line instead"),
            "*" if self.peek_at(1) == b'*' => {
                ("`**` is no operator", "for powers there is pow(base, exponent)")
            }
            "===" => ("`===` is no operator", "write `==`"),
            _ => return false,
        };
        self.report(span, message).help(help);
        true
    }

    #[cold]
    pub(in super::super) fn more_after_expression(&mut self) -> Parsed {
        if !self.not_an_operator() {
            let found = self.found();
            let span = self.thing_here();
            self.report(span, format!("the expression ends before {found}"));
        }
        Err(Broken)
    }

    /// A node for what could not be read.
    pub(in super::super) fn hole(&mut self, span: Span) -> Node {
        self.leaf(super::super::tree::ExprKind::Error, span)
    }
}
