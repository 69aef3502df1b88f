//! In which attributes two states of an object differ: names only, since values may be secrets.

use crate::value::{Kind, Value};

/// How deep maps are looked into.
const DEPTH: usize = 4;

/// The attributes in which two objects differ, maps and objects key by key; sorted. What will be is different where it is
/// not known.
pub(super) fn attributes(before: &Value, after: &Value) -> Vec<Vec<String>> {
    different(before, after, &|before, after| before == after)
}

/// The same, but for what differs in its form alone: providers read null back as something empty, and write JSON anew.
pub(super) fn attributes_by_meaning(before: &Value, after: &Value) -> Vec<Vec<String>> {
    different(before, after, &mean_the_same)
}

type Same<'s> = &'s dyn Fn(&Value, &Value) -> bool;

fn different(before: &Value, after: &Value, same: Same<'_>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    compare(before, after, same, &mut Vec::new(), &mut found);
    found.sort();
    found
}

fn compare(
    before: &Value,
    after: &Value,
    same: Same<'_>,
    path: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) {
    if path.len() < DEPTH
        && let (Kind::Object(_), Kind::Object(_)) = (before.kind(), after.kind())
    {
        let (old, new) = (before.entries().unwrap_or_default(), after.entries().unwrap_or_default());
        for (name, value) in new {
            match before.get(name) {
                Some(was) => {
                    path.push(name.to_string());
                    compare(was, value, same, path, found);
                    path.pop();
                }
                None if same(&Value::null(), value) => {}
                None => found.push([path.as_slice(), &[name.to_string()]].concat()),
            }
        }
        let gone = old.iter().filter(|(name, was)| after.get(name).is_none() && !same(was, &Value::null()));
        found.extend(gone.map(|(name, _)| [path.as_slice(), &[name.to_string()]].concat()));
    } else if !path.is_empty() && !same(before, after) {
        found.push(path.clone());
    }
}

fn mean_the_same(before: &Value, after: &Value) -> bool {
    if before == after || is_empty(before) && is_empty(after) {
        return true;
    }
    if let (Some(old), Some(new)) = (before.entries(), after.entries()) {
        let in_other = |other: &Value, name: &str, value: &Value| match other.get(name) {
            Some(found) => mean_the_same(value, found),
            None => is_empty(value),
        };
        return old.iter().all(|(name, value)| in_other(after, name, value))
            && new.iter().all(|(name, value)| before.get(name).is_some() || is_empty(value));
    }
    if let (Some(old), Some(new)) = (before.elements(), after.elements()) {
        return old.len() == new.len() && old.iter().zip(new).all(|(old, new)| mean_the_same(old, new));
    }
    match (before.as_str(), after.as_str()) {
        (Some(old), Some(new)) => document(old).is_some_and(|old| document(new) == Some(old)),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_str() == Some("")
        || value.elements().is_some_and(<[Value]>::is_empty)
        || value.entries().is_some_and(<[_]>::is_empty)
}

/// The JSON document in a text.
fn document(text: &str) -> Option<serde_json::Value> {
    let document = text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str(text).ok());
    document.flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(entries: &[(&str, Value)]) -> Value {
        Value::object(entries.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
    }

    #[test]
    fn maps_differ_key_by_key() {
        let tags = |owner: &str| object(&[("Name", Value::text("a")), ("Owner", Value::text(owner))]);
        let before = object(&[("tags", tags("x")), ("size", Value::int(1)), ("gone", Value::null())]);
        let after = object(&[("tags", tags("y")), ("size", Value::int(1)), ("new", Value::bool(true))]);
        assert_eq!(
            attributes(&before, &after),
            [vec!["new".to_owned()], vec!["tags".into(), "Owner".into()]]
        );
        assert!(attributes(&before, &before).is_empty());
    }

    #[test]
    fn what_differs_in_form_alone_means_the_same() {
        let empty = || Value::tuple(Vec::new());
        let disk = |tags: Value| Value::tuple(vec![object(&[("size", Value::int(8)), ("tags", tags)])]);
        let before = object(&[
            ("tags", Value::null()),
            ("rules", Value::text("")),
            ("disk", disk(Value::null())),
            ("policy", Value::text("{ \"a\": 1, \"b\": [2] }")),
            ("size", Value::int(1)),
        ]);
        let after = object(&[
            ("tags", object(&[])),
            ("rules", empty()),
            ("disk", disk(object(&[]))),
            ("policy", Value::text("{\"b\":[2],\"a\":1}")),
            ("size", Value::int(0)),
            ("more", empty()),
        ]);
        assert_eq!(attributes_by_meaning(&before, &after), [vec!["size".to_owned()]]);
        assert_eq!(attributes(&before, &after).len(), 6);
        let changed = object(&[("policy", Value::text("{\"a\":2}"))]);
        assert_eq!(
            attributes_by_meaning(&object(&[("policy", Value::text("{\"a\":1}"))]), &changed).len(),
            1
        );
    }
}
