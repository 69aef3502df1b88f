//! A change for people.

use std::fmt::Write as _;

use super::Told;
use crate::change::{Action, Change, ResourceChange, UnitChange};
use crate::report::visible;

/// How many attributes a line names.
pub(super) const ATTRIBUTES: usize = 6;

/// Writes a change: every unit and root that it reaches, and below each its resources.
pub(super) fn write(told: &Told<'_>, text: &mut String) {
    let change = told.change;
    for unit in &change.units {
        let _ = writeln!(text, "{} {}{}", sign(unit.action), visible(&unit.path), of_unit(unit));
        for resource in resources_of(change, unit) {
            let _ = writeln!(
                text,
                "  {} {}{}",
                sign(resource.action),
                visible(&shown(resource)),
                of_resource(resource)
            );
        }
    }
    for unread in &change.unread {
        let side = if unread.in_head { "head" } else { "base" };
        let _ = writeln!(text, "? {} of {side} {}", visible(&unread.path), visible(&unread.reason));
    }
    let blank = if change.is_empty() && change.unread.is_empty() { "" } else { "\n" };
    let _ = writeln!(text, "{blank}{}", visible(&summary(told)));
}

/// What has changed, in one sentence.
pub(super) fn summary(told: &Told<'_>) -> String {
    let change = told.change;
    let head = match told.head {
        Some(head) => format!("{} ({})", head.name, head.short_hash()),
        None => "what lies on disk".to_owned(),
    };
    let between = format!("from {} ({}) to {head}", told.base.name, told.base.short_hash());
    if change.is_empty() {
        let files = match change.files.len() {
            0 => "nothing has changed",
            1 => "a file has changed, and nothing that it makes",
            _ => "files have changed, and nothing that they make",
        };
        return format!("{files}, {between}");
    }
    let units = counted(change.units.iter().map(|unit| unit.action));
    let resources = counted(change.resources.iter().map(|resource| resource.action));
    format!("units and roots: {units}; resources: {resources}; {between}")
}

/// How often what was done.
fn counted(actions: impl Iterator<Item = Action>) -> String {
    let mut counts = [0_usize; 4];
    for action in actions {
        counts[action as usize] += 1;
    }
    let all = [Action::Added, Action::Removed, Action::Altered, Action::Moved];
    let told = all.iter().zip(counts).filter(|(_, count)| *count > 0);
    let told: Vec<String> = told.map(|(action, count)| format!("{count} {}", action.name())).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

pub(super) const fn sign(action: Action) -> char {
    match action {
        Action::Added => '+',
        Action::Removed => '-',
        Action::Altered => '~',
        Action::Moved => '>',
    }
}

/// The resources of a unit or root.
pub(super) fn resources_of<'c>(
    change: &'c Change,
    unit: &'c UnitChange,
) -> impl Iterator<Item = &'c ResourceChange> {
    let from = change.resources.partition_point(|resource| resource.unit < unit.path);
    change.resources.iter().skip(from).take_while(move |resource| resource.unit == unit.path)
}

/// An address, and the variant under which it is another.
pub(super) fn shown(resource: &ResourceChange) -> String {
    match &resource.variant {
        Some(variant) => format!("{} ({variant})", resource.address),
        None => resource.address.to_string(),
    }
}

fn of_unit(unit: &UnitChange) -> String {
    let from = unit.from.as_ref().map(|from| format!(" was {}", visible(from))).unwrap_or_default();
    format!("{from}{}", named(&unit.attributes))
}

fn of_resource(resource: &ResourceChange) -> String {
    let from = resource.from.as_ref().map(|from| format!(" was {}", visible(from))).unwrap_or_default();
    let opaque = if resource.ty.is_empty() { " (not at hand)" } else { "" };
    format!("{opaque}{from}{}", named(&resource.attributes))
}

/// The first few attributes.
fn named(attributes: &[String]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let mut text: Vec<String> =
        attributes.iter().take(ATTRIBUTES).map(|name| visible(name).into_owned()).collect();
    if attributes.len() > ATTRIBUTES {
        text.push(format!("{} more", attributes.len() - ATTRIBUTES));
    }
    format!(": {}", text.join(", "))
}
