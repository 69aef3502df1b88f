//! References, and addresses of modules, as a plan writes them.

use arcstr::ArcStr;
use rustc_hash::FxHashSet;

use crate::model::Key;
use crate::value::Step;

/// A reference, taken apart: `module.dns.names["a"]`.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::plan) struct Reference {
    pub(super) steps: Vec<Step>,
}

impl Reference {
    /// Takes a text apart; `None` if it is no reference.
    pub(in crate::plan) fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix("[\"") {
                let (key, behind) = quoted(inner)?;
                steps.push(Step::Key(key));
                rest = behind.strip_prefix(']')?;
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (index, behind) = inner.split_once(']')?;
                steps.push(if index == "*" { Step::Any } else { Step::Index(index.parse().ok()?) });
                rest = behind;
            } else {
                let name = if steps.is_empty() { rest } else { rest.strip_prefix('.')? };
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (name, behind) = name.split_at_checked(end)?;
                if name.is_empty() {
                    return None;
                }
                steps.push(Step::Attr(name.into()));
                rest = behind;
            }
        }
        Some(Self { steps })
    }

    /// The name at that place.
    pub(in crate::plan) fn name(&self, at: usize) -> Option<&ArcStr> {
        match self.steps.get(at)? {
            Step::Attr(name) => Some(name),
            _ => None,
        }
    }

    /// The key at that place, if one stands there.
    pub(in crate::plan) fn key(&self, at: usize) -> Option<Key> {
        match self.steps.get(at)? {
            Step::Index(index) => Some(Key::Count(*index)),
            Step::Key(key) => Some(Key::Each(key.clone())),
            _ => None,
        }
    }

    /// What stands from that place on.
    pub(super) fn behind(&self, at: usize) -> &[Step] {
        self.steps.get(at..).unwrap_or_default()
    }
}

/// A text up to its closing quote, and what stands behind that.
fn quoted(text: &str) -> Option<(ArcStr, &str)> {
    let mut key = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((key.into(), text.get(at + 1..)?)),
            '\\' => key.push(match letters.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            // What would begin a template is doubled.
            '$' | '%' => {
                key.push(letter);
                let doubled = text.get(at + 1..)?;
                if doubled.starts_with(letter) && doubled.get(1..)?.starts_with('{') {
                    letters.next();
                }
            }
            other => key.push(other),
        }
    }
    None
}

/// Those references that are no prefix of another, each once, in their order.
pub(super) fn longest(references: &[ArcStr]) -> Vec<&str> {
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for reference in references {
        let ends = reference.char_indices().filter(|(at, letter)| *at > 0 && matches!(letter, '.' | '['));
        seen.extend(ends.filter_map(|(end, _)| reference.get(..end)));
    }
    references.iter().map(ArcStr::as_str).filter(|reference| seen.insert(reference)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let attr = |name: &str| Step::Attr(name.into());
        let table: &[(&str, Option<Vec<Step>>)] = &[
            ("aws_lb.a.dns_name", Some(vec![attr("aws_lb"), attr("a"), attr("dns_name")])),
            ("aws_lb.a[0].id", Some(vec![attr("aws_lb"), attr("a"), Step::Index(0), attr("id")])),
            ("m[\"a.b\\\"]\"].x", Some(vec![attr("m"), Step::Key("a.b\"]".into()), attr("x")])),
            ("m[\"$${a}%%{b}$$\"]", Some(vec![attr("m"), Step::Key("${a}%{b}$$".into())])),
            ("m[*]", Some(vec![attr("m"), Step::Any])),
            ("a..b", None),
            ("a[", None),
            ("a[\"b", None),
            ("a[b]", None),
        ];
        for (text, expected) in table {
            assert_eq!(Reference::parse(text).map(|reference| reference.steps), *expected, "{text}");
        }
    }

    #[test]
    fn prefixes_say_nothing_more() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| ArcStr::from(text)).collect::<Vec<_>>();
        assert_eq!(longest(&texts(&["a.b.c", "a.b", "a.b.c"])), ["a.b.c"]);
        assert_eq!(longest(&texts(&["a.b", "a.b.c", "a.bc"])), ["a.b.c", "a.bc"]);
        assert_eq!(longest(&texts(&["m[\"k\"].x", "m[\"k\"]", "m"])), ["m[\"k\"].x"]);
    }
}
