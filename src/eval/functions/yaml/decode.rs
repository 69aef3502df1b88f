//! From events to a value.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::scalar::{Tag, resolve};
use crate::eval::bounds;
use crate::value::{Kind, Type, Value, convert};

/// Reads the one document of a text.
///
/// # Errors
/// What is wrong with it, and the line.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    if root_is_odd(text) {
        return Err(
            "a value must be indented below its block's header, and a document must not begin with its end"
                .to_owned(),
        );
    }
    let mut reader = Reader {
        events: Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)),
        line: 1,
        unended: (!text.ends_with(['\n', '\r'])).then(|| text.chars().count()),
        end: 0,
        nodes: 0,
        anchors: FxHashMap::default(),
    };
    match reader.event()? {
        Event::StreamStart => {}
        _ => return Err("it does not begin as a document".to_owned()),
    }
    match reader.event()? {
        Event::DocumentStart(_) => {}
        _ => return Err("it has no document".to_owned()),
    }
    let first = reader.event()?;
    let value = reader.node(first, 0)?;
    match reader.event()? {
        Event::DocumentEnd => {}
        _ => return reader.fail("something follows the value"),
    }
    match reader.event()? {
        Event::StreamEnd => Ok(value),
        _ => reader.fail("only one document is allowed"),
    }
}

/// Whether the document begins in a way that newer versions of YAML allow and libyaml does not: with the mark of its end,
/// or with a block whose text is not indented.
fn root_is_odd(text: &str) -> bool {
    let blank = |line: &&str| line.trim().is_empty() || line.starts_with('#');
    let mut lines = text.lines().skip_while(blank);
    let mut first = lines.next().unwrap_or_default();
    if first.starts_with("...") {
        return true;
    }
    if first.starts_with("---") {
        first = first.trim_start_matches('-');
        if first.trim().is_empty() {
            first = lines.by_ref().find(|line| !blank(line)).unwrap_or_default();
        }
    }
    let header = first.trim_start().starts_with(['|', '>']);
    header && lines.find(|line| !line.trim().is_empty()).is_some_and(|line| !line.starts_with([' ', '.']))
}

type Anchor = (Value, usize);

struct Reader<I> {
    events: I,
    line: usize,
    /// How long a text is that ends within a line.
    unended: Option<usize>,
    /// Where the last event ends.
    end: usize,
    nodes: usize,
    /// What anchors stand for, and how many nodes that is.
    anchors: FxHashMap<usize, Anchor>,
}

impl<'a, I: Iterator<Item = Result<(Event<'a>, Span), ScanError>>> Reader<I> {
    fn fail<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("{what} (line {})", self.line))
    }

    fn event(&mut self) -> Result<Event<'a>, String> {
        loop {
            match self.events.next() {
                Some(Ok((Event::Nothing, _))) => {}
                Some(Ok((event, span))) => {
                    self.line = span.start.line();
                    self.end = span.end.index();
                    return Ok(event);
                }
                Some(Err(error)) => {
                    return Err(format!("{} (line {})", error.info(), error.marker().line()));
                }
                None => return Ok(Event::StreamEnd),
            }
        }
    }

    fn count(&mut self, nodes: usize) -> Result<(), String> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > bounds::YAML_NODES { self.fail("aliases make too much of it") } else { Ok(()) }
    }

    /// The node that an event begins.
    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<Value, String> {
        if depth > bounds::VALUE_DEPTH {
            return self.fail("values nest too deeply");
        }
        let before = self.nodes;
        self.count(1)?;
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                let Some((value, nodes)) = self.anchors.get(&anchor).cloned() else {
                    return self.fail("an anchor is referred to from inside of what it names");
                };
                self.count(nodes)?;
                return Ok(value);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.scalar_tag(tag.as_deref())?;
                (anchor, self.scalar(&text, style, tag)?)
            }
            Event::SequenceStart(anchor, tag) => {
                self.only("seq", tag.as_deref())?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.only("map", tag.as_deref())?;
                (anchor, self.mapping(depth)?)
            }
            _ => return self.fail("a value is expected"),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), self.nodes - before));
        }
        Ok(value)
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Tag) -> Result<Value, String> {
        // A block that the text's last line belongs to has no line end that is not there.
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let cut = block && self.unended.is_some_and(|length| self.end >= length);
        let text = if cut { text.strip_suffix('\n').unwrap_or(text) } else { text };
        let value = resolve(text, style, tag).or_else(|why| self.fail(&why))?;
        // A block scalar is a text, but one that is made from what its content means.
        if block && tag == Tag::None { self.as_text(value) } else { Ok(value) }
    }

    fn as_text(&self, value: Value) -> Result<Value, String> {
        convert(&value, &Type::String).or_else(|_| self.fail("a text is expected"))
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, String> {
        let mut values = Vec::new();
        loop {
            match self.event()? {
                Event::SequenceEnd => return Ok(Value::tuple(values)),
                event => values.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, String> {
        let mut entries: Vec<(ArcStr, Value)> = Vec::new();
        loop {
            let (text, style, tag) = match self.event()? {
                Event::MappingEnd => return Ok(Value::object(entries)),
                Event::Scalar(text, style, _, tag) => (text, style, tag),
                _ => return self.fail("only texts are allowed as keys"),
            };
            let merge = match tag.as_deref() {
                None => &*text == "<<",
                Some(tag) => tag.is_yaml_core_schema() && tag.suffix == "merge",
            };
            if merge {
                let event = self.event()?;
                let merged = self.node(event, depth + 1)?;
                self.merge(&merged, &mut entries)?;
                continue;
            }
            let tag = self.scalar_tag(tag.as_deref())?;
            let key = resolve(&text, style, tag).or_else(|why| self.fail(&why))?;
            let Kind::String(key) = self.as_text(key)?.into_kind() else {
                return self.fail("a key must not be null");
            };
            let event = self.event()?;
            let value = self.node(event, depth + 1)?;
            entries.push((key, value));
        }
    }

    /// Takes over the entries of a mapping, or of each of a sequence of them.
    fn merge(&mut self, merged: &Value, entries: &mut Vec<(ArcStr, Value)>) -> Result<(), String> {
        let one = std::slice::from_ref(merged);
        let mappings = match merged.kind() {
            Kind::Tuple(values) => values.as_slice(),
            _ => one,
        };
        for mapping in mappings {
            let Some(from) = mapping.entries() else { return self.fail("only mappings can be merged") };
            self.count(from.len())?;
            entries.extend(from.iter().cloned());
        }
        Ok(())
    }

    fn only(&self, suffix: &str, tag: Option<&saphyr_parser::Tag>) -> Result<(), String> {
        match tag {
            Some(tag) if !tag.is_yaml_core_schema() || tag.suffix != suffix => {
                self.fail(&format!("the tag {tag} is not supported here"))
            }
            _ => Ok(()),
        }
    }

    fn scalar_tag(&self, tag: Option<&saphyr_parser::Tag>) -> Result<Tag, String> {
        let Some(tag) = tag else { return Ok(Tag::None) };
        let known = if tag.is_yaml_core_schema() { tag.suffix.as_str() } else { "" };
        Ok(match known {
            "str" => Tag::Str,
            "binary" => Tag::Binary,
            "bool" => Tag::Bool,
            "int" | "float" => Tag::Number,
            "timestamp" => Tag::Timestamp,
            "null" => Tag::Null,
            _ => return self.fail(&format!("the tag {tag} is not supported")),
        })
    }
}
