//! Mistakes in strings, templates and heredocs.

use super::super::parser::{Broken, Parsed, Parser};
use super::super::template::Part;
use super::super::tree::Text;
use crate::source::Span;

impl Parser<'_> {
    #[cold]
    pub(in super::super) fn unclosed_string<T>(&mut self, open: usize) -> Parsed<T> {
        let span = self.span_from(open);
        self.report(span, "this string has no closing quote on its line")
            .help("close it with \", or use a heredoc (<<EOT) for a text of several lines");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unknown_escape(&mut self, text: &str, place: u32) -> Parsed<usize> {
        let next = text.chars().nth(1);
        let length = 1 + next.map_or(0, char::len_utf8) as u32;
        let shown = next.map_or(String::new(), String::from);
        self.report(Span::new(place, place + length), format!("`\\{shown}` is no escape sequence")).help(
            format!("there are \\n, \\r, \\t, \\\", \\\\, \\u and \\U; for a backslash write \\\\{shown}"),
        );
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn short_unicode_escape(
        &mut self,
        text: &str,
        place: u32,
        digits: usize,
    ) -> Parsed<usize> {
        let letter = &text[1..2];
        self.report(Span::new(place, place + 2), format!("`\\{letter}` needs {digits} hexadecimal digits"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn no_character(&mut self, place: u32, digits: usize) -> Parsed<usize> {
        let span = Span::new(place, place + 2 + digits as u32);
        self.report(span, "there is no character of that number")
            .help("numbers go up to 10ffff; those from d800 to dfff belong to another encoding");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn lone_carriage_return(&mut self, at: usize) -> Parsed<Text> {
        let span = self.byte_span(at);
        self.report(span, "a carriage return stands here without a line feed")
            .help("end the file's lines with \\n or \\r\\n");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn empty_interpolation(&mut self, start: usize) -> Parsed<bool> {
        let span = Span::new(start as u32, self.pos as u32 + 1);
        self.report(span, "there is no expression in this interpolation")
            .help("write $${ for the characters themselves");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_sequence(&mut self, start: usize) -> Parsed<bool> {
        if self.not_an_operator() {
            return Err(Broken);
        }
        let found = self.found();
        let (span, opening) = (self.thing_here(), Span::new(start as u32, start as u32 + 2));
        let sign = self.text_of(opening).to_owned();
        self.report(span, format!("`}}` is missing before {found}"))
            .label(opening, format!("it closes this `{sign}`"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_directive(&mut self, start: usize) -> Parsed<bool> {
        let span = Span::new(start as u32, start as u32 + 2);
        self.report(span, "a directive's name has to follow `%{`")
            .help("there are if, else, endif, for and endfor; write %%{ for the characters themselves");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unknown_directive(&mut self, name: Span) -> Parsed<bool> {
        let word = self.text_of(name).to_owned();
        let error = self.report(name, format!("there is no directive `{word}`"));
        match word.as_str() {
            "elseif" | "elif" | "elsif" => {
                error.help("put another %{ if … } within the %{ else }");
            }
            "end" => {
                error.help("write %{ endif } or %{ endfor }");
            }
            _ => {
                error.help("there are if, else, endif, for and endfor");
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn stray_directive(&mut self, span: Span, name: &str) -> Parsed {
        let opener = if name == "endfor" { "for" } else { "if" };
        self.report(span, format!("no `%{{ {opener} }}` is open for this `{name}`"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn second_else(&mut self, span: Span) -> Parsed {
        self.report(span, "this `if` has an `else` already");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_directive(&mut self, part: Part) -> Parsed {
        let (span, name) = match part {
            Part::For { span, .. } => (span, "for"),
            Part::If { span, .. } => (span, "if"),
            _ => (Span::at(self.pos as u32), "if"),
        };
        self.report(span, format!("`%{{ end{name} }}` is missing for this directive"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn template_in_label(&mut self) -> Parsed<Text> {
        let span = self.span_here(2);
        self.report(span, "a block's label is a plain text: nothing can be inserted here")
            .help("write $${ for the characters themselves");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_label(&mut self, open: usize) -> Parsed<Text> {
        let line = self.bytes[..open].len()
            - memchr::memrchr_iter(b'\n', &self.bytes[..open]).next().map_or(0, |at| at + 1);
        let header = Span::new((open - line) as u32, self.bytes[..self.pos].trim_ascii_end().len() as u32);
        let quotes = self.text_of(header).matches('"').count();
        let text = self.text_of(header).trim_end_matches('{').trim_end().to_owned();
        let span = self.span_from(open);
        self.report(span, "a quote is missing in this block's header")
            .label(header, format!("an odd number of quotes: {quotes}"))
            .help(format!("every label stands between two quotes, as in {}", example_header(&text)));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn bad_heredoc_start(&mut self, open: usize) -> Parsed {
        let line_end = self.line_end(open);
        let line = self.text_of(Span::new(open as u32, line_end as u32)).trim_end();
        let span = Span::new(open as u32, (open + line.len()) as u32);
        let marker: String = line
            .trim_start_matches(['<', '-', ' ', '\t', '"', '\''])
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let error =
            self.report(span, "a heredoc begins with `<<` and a marker, right at the end of the line");
        error.help("write <<EOT, with nothing behind it, not even a space or quotes");
        // What was meant to be the text is no syntax.
        let mut start = line_end + 1;
        while !marker.is_empty() && start < self.bytes.len() {
            let end = self.line_end(start);
            if self.text_of(Span::new(start as u32, end as u32)).trim() == marker {
                self.pos = end;
                break;
            }
            start = end + 1;
        }
        self.skimmed += start.saturating_sub(line_end);
        Err(Broken)
    }

    fn line_end(&self, start: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |at| start + at)
    }

    #[cold]
    pub(in super::super) fn unclosed_heredoc(&mut self, open: usize, marker: &[u8]) -> Parsed {
        let span = Span::new(open as u32, self.line_end(open) as u32);
        let name = String::from_utf8_lossy(marker).into_owned();
        let (near, next) = self.heredoc_rest(open, marker);
        let error = self.report(span, format!("this heredoc never ends: no line holds `{name}` alone"));
        match near {
            Some(near) => {
                error
                    .label(
                        near,
                        "this line does not end it: nothing may follow the marker, and a line end must",
                    )
                    .help("put what follows the marker on the next line");
            }
            None => {
                error.help(format!("add a line with {name} where the text ends"));
            }
        }
        self.skimmed += self.bytes.len() - open;
        self.pos = next;
        Err(Broken)
    }

    /// In the text of a heredoc that never ends: the line that was probably meant to end it, and where reading can go
    /// on, which otherwise is the line that looks most like the next item.
    fn heredoc_rest(&self, open: usize, marker: &[u8]) -> (Option<Span>, usize) {
        let indent = self.indentation(self.item_start);
        let mut next = None;
        let mut left = false;
        let mut line = self.line_end(open) + 1;
        while line < self.bytes.len() {
            let end = self.line_end(line);
            let text = &self.bytes[line..end];
            let own = self.indentation(line + (text.len() - text.trim_ascii_start().len()));
            let content = text.trim_ascii();
            // Behind the end of the block, the marker is another heredoc's.
            if content.starts_with(marker) && !left {
                return (
                    Some(Span::new((line + own) as u32, (line + text.trim_ascii_end().len()) as u32)),
                    end,
                );
            }
            let item = own == indent && self.looks_like_item(line + own);
            let end_of_block = content == b"}" && own < indent || own == 0 && self.is_labelled_header(line);
            left |= end_of_block;
            if next.is_none() && (item || end_of_block) {
                next = Some(line - 1);
            }
            line = end + 1;
        }
        (None, next.unwrap_or(self.bytes.len()))
    }
}

/// A header with its labels in quotes, made of one in which a quote is missing.
fn example_header(header: &str) -> String {
    let mut words = header.split(|c: char| c == '"' || c.is_whitespace()).filter(|word| !word.is_empty());
    let kind = words.next().unwrap_or("resource").to_owned();
    words.fold(kind, |text, label| format!("{text} \"{label}\"")) + " {"
}
