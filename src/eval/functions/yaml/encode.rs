//! Writing YAML as libyaml's emitter does, for the few styles that `yamlencode` asks it for: strings in double quotes
//! or, with line breaks, as literal blocks; all else plain; collections as blocks.

use super::super::{Fault, results};
use crate::eval::bounds;
use crate::value::{Kind, Value};

const WIDTH: usize = 80;
const INDENT: usize = 2;
/// A longer key is written behind a question mark.
const SIMPLE_KEY: usize = 128;

/// Writes a value that is wholly known.
pub(super) fn encode(value: &Value) -> Result<String, Fault> {
    let mut emitter = Emitter {
        out: String::new(),
        column: 0,
        indent: None,
        whitespace: true,
        indention: true,
        open_ended: false,
    };
    emitter.node(value, Place::Root, 0)?;
    emitter.line();
    if emitter.open_ended {
        emitter.indicator("...", true, false, false);
        emitter.line();
    }
    Ok(emitter.out)
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Sequence,
    Mapping,
    SimpleKey,
}

struct Emitter {
    out: String,
    column: usize,
    /// `None` outside of everything.
    indent: Option<usize>,
    /// Whether the last character was a space or an indicator that needs none behind it.
    whitespace: bool,
    /// Whether the line holds only spaces and indicators that indent.
    indention: bool,
    /// Whether the document's end has to be marked.
    open_ended: bool,
}

impl Emitter {
    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// Goes to a line of its own at the current indentation, unless there already.
    fn line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, needs_space: bool, is_space: bool, indents: bool) {
        if needs_space && !self.whitespace {
            self.put(' ');
        }
        text.chars().for_each(|c| self.put(c));
        self.whitespace = is_space;
        self.indention = self.indention && indents;
        self.open_ended = false;
    }

    fn node(&mut self, value: &Value, place: Place, depth: usize) -> Result<(), Fault> {
        if depth > bounds::VALUE_DEPTH {
            return Err(Fault::new(format!("the value nests deeper than {}", bounds::VALUE_DEPTH)));
        }
        results::within_bytes(self.out.len())?;
        let outer = self.indent;
        match value.kind() {
            Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
                let elements = value.elements().unwrap_or_default();
                if elements.is_empty() {
                    self.indicator("[]", true, false, false);
                    return Ok(());
                }
                // In a mapping, the dashes stand below the key.
                let indentless = place == Place::Mapping && !self.indention;
                self.indent =
                    Some(outer.map_or(0, |indent| if indentless { indent } else { indent + INDENT }));
                for element in elements {
                    self.line();
                    self.indicator("-", true, false, true);
                    self.node(element, Place::Sequence, depth + 1)?;
                }
            }
            Kind::Map(_) | Kind::Object(_) => {
                let entries = value.entries().unwrap_or_default();
                if entries.is_empty() {
                    self.indicator("{}", true, false, false);
                    return Ok(());
                }
                self.indent = Some(outer.map_or(0, |indent| indent + INDENT));
                for (key, element) in entries {
                    self.line();
                    if key.len() <= SIMPLE_KEY && !key.chars().any(is_break) {
                        self.text(key, Place::SimpleKey);
                        self.indicator(":", false, false, false);
                    } else {
                        self.indicator("?", true, false, true);
                        self.text(key, Place::Mapping);
                        self.line();
                        self.indicator(":", true, false, true);
                    }
                    self.node(element, Place::Mapping, depth + 1)?;
                }
            }
            Kind::String(text) => self.text(text, place),
            Kind::Null(_) => self.plain("null", place),
            Kind::Bool(truth) => self.plain(if *truth { "true" } else { "false" }, place),
            Kind::Number(number) => self.plain(&number.to_string(), place),
            Kind::Unknown(_) => return Err(Fault::new("a value that is not known cannot be written")),
        }
        self.indent = outer;
        Ok(())
    }

    fn plain(&mut self, text: &str, place: Place) {
        if !self.whitespace {
            self.put(' ');
        }
        text.chars().for_each(|c| self.put(c));
        self.whitespace = false;
        self.indention = false;
        self.open_ended |= place == Place::Root;
    }

    fn text(&mut self, text: &str, place: Place) {
        let outer = self.indent;
        self.indent = Some(outer.map_or(INDENT, |indent| indent + INDENT));
        if text.contains('\n') && place != Place::SimpleKey && can_be_literal(text) {
            self.literal(text);
        } else {
            self.quoted(text, place != Place::SimpleKey);
        }
        self.indent = outer;
    }

    fn quoted(&mut self, text: &str, folds: bool) {
        self.indicator("\"", true, false, false);
        let mark_first = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut rest = text.chars();
        let mut first = true;
        while let Some(c) = rest.next() {
            let behind = rest.as_str();
            if c == ' ' && !mark_first {
                if folds && !after_space && self.column > WIDTH && !first && !behind.is_empty() {
                    self.line();
                    if behind.starts_with(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                after_space = true;
            } else {
                if mark_first || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                    escape(c).chars().for_each(|c| self.put(c));
                } else {
                    self.put(c);
                }
                after_space = false;
            }
            first = false;
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(' ') || text.starts_with(is_break) {
            self.indicator("2", false, false, false);
        }
        let trailing = text.chars().rev().take(2).take_while(|c| is_break(*c)).count();
        if trailing == 0 {
            self.indicator("-", false, false, false);
        } else if trailing == 2 || text.chars().nth(1).is_none() {
            self.indicator("+", false, false, false);
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        let mut begins = true;
        for c in text.chars() {
            if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                begins = true;
            } else {
                if begins {
                    self.line();
                }
                self.put(c);
                self.indention = false;
                begins = false;
            }
        }
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What the emitter writes as it is; code points beyond the first plane are not among it.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Whether a literal block can hold the text: nothing to escape, no space at a line's end.
fn can_be_literal(text: &str) -> bool {
    let mut before = None;
    for c in text.chars() {
        if !is_printable(c) || (is_break(c) && before == Some(' ')) {
            return false;
        }
        before = Some(c);
    }
    before != Some(' ')
}

fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match u32::from(c) {
                code @ 0..=0xff => format!("\\x{code:02X}"),
                code @ 0x100..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
