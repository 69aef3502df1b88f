//! A change as a table that GitHub and GitLab show.

use std::fmt::Write as _;

use super::Told;
use super::human::{ATTRIBUTES, resources_of, shown, summary};
use crate::report::markdown_text as escaped;

/// Writes a change as a table: a row for each unit and root, and for each of its resources.
pub(super) fn write(told: &Told<'_>, text: &mut String) {
    let change = told.change;
    let _ = writeln!(text, "{}\n", escaped(&summary(told)));
    if !change.is_empty() {
        text.push_str("| unit | resource | what | attributes |\n| --- | --- | --- | --- |\n");
    }
    for unit in &change.units {
        let from = unit.from.as_ref().map(|from| format!(" from {}", escaped(from))).unwrap_or_default();
        let (path, attributes) = (escaped(&unit.path), named(&unit.attributes));
        let _ = writeln!(text, "| {path} | | {}{from} | {attributes} |", unit.action.name());
        for resource in resources_of(change, unit) {
            let from =
                resource.from.as_ref().map(|from| format!(" from {}", escaped(from))).unwrap_or_default();
            let (address, attributes) = (escaped(&shown(resource)), named(&resource.attributes));
            let _ =
                writeln!(text, "| {path} | {address} | {}{from} | {attributes} |", resource.action.name());
        }
    }
    for unread in &change.unread {
        let side = if unread.in_head { "head" } else { "base" };
        let _ = writeln!(text, "\n{} of {side} {}", escaped(&unread.path), escaped(&unread.reason));
    }
}

fn named(attributes: &[String]) -> String {
    let mut names: Vec<String> = attributes.iter().take(ATTRIBUTES).map(|name| escaped(name)).collect();
    if attributes.len() > ATTRIBUTES {
        names.push(format!("{} more", attributes.len() - ATTRIBUTES));
    }
    names.join(", ")
}
