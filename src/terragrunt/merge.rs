//! How an included file and a unit's own become one.

use super::section::{Block, Section};
use crate::eval::Problem;
use crate::value::{Kind, Value};

/// Where problems go.
type Tell<'a> = dyn FnMut(Problem) + 'a;

/// Lays `child` over `parent`, by name at the top.
pub(super) fn shallow(mut parent: Section, child: Section, tell: &mut Tell<'_>) -> Section {
    for (name, value) in child.fields {
        if is_empty_text(&value) {
            continue;
        }
        let merged = match (name, parent.get(name)) {
            ("inputs", Some(below)) => over(below, &value),
            _ => value,
        };
        parent.set(name, merged);
    }
    for block in child.blocks {
        match parent.blocks.iter_mut().find(|known| known.kind == block.kind && known.label == block.label) {
            None => parent.blocks.push(block),
            Some(known) => match block.kind {
                "terraform" => terraform(known, block, false, tell),
                "dependencies" => join_paths(known, block, true),
                "generate" => tell(
                    Problem::new(block.header, format!("`generate` has the label `{}` twice", block.label))
                        .with_label(known.header, "the other is here")
                        .with_help("one file includes the other, and only `merge_strategy = \"deep\"` lets one replace the other"),
                ),
                _ => *known = block,
            },
        }
    }
    parent
}

/// Lays `child` over `parent`, by name all the way down.
pub(super) fn deep(mut parent: Section, child: Section, tell: &mut Tell<'_>) -> Section {
    for (name, value) in child.fields {
        if is_empty_text(&value) {
            continue;
        }
        let merged = match (name, parent.get(name)) {
            ("inputs", Some(below)) => match deep_values(below, &value) {
                Ok(merged) => merged,
                Err(Unlike) => {
                    let place = child.blocks.first().or(parent.blocks.first()).map(|block| block.header);
                    let message = "a list of `inputs` stands over what is none";
                    tell(Problem {
                        location: place,
                        message: message.to_owned(),
                        help: None,
                        labels: Vec::new(),
                        absent: false,
                    });
                    value
                }
            },
            _ => value,
        };
        parent.set(name, merged);
    }
    for block in child.blocks {
        match parent.blocks.iter_mut().find(|known| known.kind == block.kind && known.label == block.label) {
            None => parent.blocks.push(block),
            Some(known) => match block.kind {
                "terraform" => terraform(known, block, true, tell),
                "dependencies" => join_paths(known, block, false),
                "engine" => fields(known, block, &[]),
                "dependency" => dependency(known, block),
                "errors" => errors(known, block),
                _ => *known = block,
            },
        }
    }
    parent
}

fn is_empty_text(value: &Value) -> bool {
    value.as_str() == Some("")
}

/// The entries of both, the second's first.
fn over(below: &Value, above: &Value) -> Value {
    let (Some(parent), Some(child)) = (below.entries(), above.entries()) else { return above.clone() };
    let entries = parent.iter().chain(child).cloned().collect();
    match (below.kind(), above.kind()) {
        (Kind::Object(a), Kind::Object(b)) if a.rest.is_some() || b.rest.is_some() => {
            let rest = b.rest.clone().or_else(|| a.rest.clone());
            match rest {
                Some(rest) => Value::open_object(entries, rest),
                None => Value::object(entries),
            }
        }
        _ => Value::object(entries),
    }
    .with_origin(above.origin())
}

/// A list stands over what is none.
pub(super) struct Unlike;

/// Merges values all the way down: maps by key, lists one behind the other.
pub(super) fn deep_values(below: &Value, above: &Value) -> Result<Value, Unlike> {
    if let (Some(parent), Some(child)) = (below.entries(), above.entries()) {
        let mut merged: Vec<_> = parent.to_vec();
        for (key, value) in child {
            match merged.iter_mut().find(|(known, _)| known == key) {
                Some((_, known)) => *known = deep_values(known, value)?,
                None => merged.push((key.clone(), value.clone())),
            }
        }
        let merged = Value::object(merged);
        return Ok(over(&merged, &Value::object(Vec::new())).with_origin(above.origin()));
    }
    if let Some(child) = above.elements() {
        return match (below.elements(), below.kind()) {
            (_, _) if child.is_empty() => Ok(below.clone()),
            (Some(parent), _) => {
                let joined = parent.iter().chain(child).cloned().collect();
                Ok(Value::tuple(joined).with_origin(above.origin()))
            }
            (None, Kind::Null(_) | Kind::Unknown(_)) => Ok(above.clone()),
            (None, _) => Err(Unlike),
        };
    }
    match above.entries() {
        Some([]) => Ok(below.clone()),
        _ => Ok(above.clone()),
    }
}

/// Attributes of the child over the parent's, `joined` ones one behind the other: the child's first.
fn fields(known: &mut Block, block: Block, joined: &[&str]) {
    known.header = block.header;
    for (name, value) in block.section.fields {
        let merged = match known.section.get(name) {
            Some(below) if joined.contains(&name) => lists(&value, below),
            _ => value,
        };
        known.section.set(name, merged);
    }
}

/// Two lists of one type as one.
fn lists(first: &Value, second: &Value) -> Value {
    match (first.kind(), second.kind()) {
        (Kind::List(a), Kind::List(b)) => {
            let values = a.values.iter().chain(&b.values).cloned().collect();
            Value::list(a.element.clone(), values).with_origin(first.origin())
        }
        _ => first.clone(),
    }
}

fn join_paths(known: &mut Block, block: Block, once: bool) {
    let (Some(below), Some(above)) = (known.section.get("paths"), block.section.get("paths")) else {
        *known = block;
        return;
    };
    let mut joined = lists(below, above);
    if once && let Kind::List(list) = joined.kind() {
        let mut values: Vec<Value> = Vec::new();
        for value in &list.values {
            if value.as_unknown().is_some() || !values.contains(value) {
                values.push(value.clone());
            }
        }
        joined = Value::list(list.element.clone(), values).with_origin(joined.origin());
    }
    known.section.set("paths", joined);
    known.header = block.header;
}

/// `terraform` on both sides: attributes of the child, arguments and hooks by label.
fn terraform(known: &mut Block, block: Block, deep: bool, _: &mut Tell<'_>) {
    let copied: &[&str] = &["include_in_copy", "exclude_from_copy"];
    for (name, value) in block.section.fields {
        if is_empty_text(&value) {
            continue;
        }
        let merged = match known.section.get(name) {
            Some(below) if deep && copied.contains(&name) => lists(&value, below),
            // These are the parent's, whatever the child says.
            _ if !deep && copied.contains(&name) => continue,
            _ => value,
        };
        known.section.set(name, merged);
    }
    for inner in block.section.blocks {
        let same = |other: &&mut Block| other.kind == inner.kind && other.label == inner.label;
        match known.section.blocks.iter_mut().find(same) {
            Some(replaced) => *replaced = inner,
            None => known.section.blocks.push(inner),
        }
    }
    known.header = block.header;
}

fn dependency(known: &mut Block, block: Block) {
    known.header = block.header;
    for (name, value) in block.section.fields {
        let merged = match (name, known.section.get(name)) {
            ("mock_outputs", Some(below)) => deep_values(below, &value).unwrap_or(value),
            ("mock_outputs_allowed_terraform_commands", Some(below)) => lists(below, &value),
            _ => value,
        };
        known.section.set(name, merged);
    }
}

fn errors(known: &mut Block, block: Block) {
    known.header = block.header;
    for inner in block.section.blocks {
        let same = |other: &&mut Block| other.kind == inner.kind && other.label == inner.label;
        match known.section.blocks.iter_mut().find(same) {
            Some(other) => fields(other, inner, &["retryable_errors", "ignorable_errors"]),
            None => known.section.blocks.push(inner),
        }
    }
}

/// Several values merged all the way down, as the function `deep_merge` does: null changes nothing but replaces.
pub(super) fn deep_all(values: &[Value]) -> Result<Value, Unlike> {
    let mut merged = Value::object(Vec::new());
    for value in values.iter().filter(|value| !value.is_null()) {
        merged = deep_values(&merged, value)?;
    }
    Ok(merged)
}
