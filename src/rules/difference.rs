//! In which attributes two states of an object differ: names only, since values may be secrets.

use crate::value::{Kind, Value};

/// How deep maps are looked into.
const DEPTH: usize = 4;

/// The attributes in which two objects differ, maps and objects key by key; sorted. What will be is different where it is
/// not known.
pub(super) fn attributes(before: &Value, after: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    compare(before, after, &mut Vec::new(), &mut found);
    found.sort();
    found
}

fn compare(before: &Value, after: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if path.len() < DEPTH
        && let (Kind::Object(_), Kind::Object(_)) = (before.kind(), after.kind())
    {
        let (old, new) = (before.entries().unwrap_or_default(), after.entries().unwrap_or_default());
        for (name, value) in new {
            match before.get(name) {
                Some(was) => {
                    path.push(name.to_string());
                    compare(was, value, path, found);
                    path.pop();
                }
                None if value.is_null() => {}
                None => found.push([path.as_slice(), &[name.to_string()]].concat()),
            }
        }
        let gone = old.iter().filter(|(name, was)| !was.is_null() && after.get(name).is_none());
        found.extend(gone.map(|(name, _)| [path.as_slice(), &[name.to_string()]].concat()));
    } else if !path.is_empty() && before != after {
        found.push(path.clone());
    }
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
}
