//! A change as JSON.

use serde::Serialize;

use super::Told;
use crate::source::Commit;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    base: State<'a>,
    head: State<'a>,
    change: Shown<'a>,
}

#[derive(Serialize)]
struct State<'a> {
    name: &'a str,
    commit: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    units: Vec<Unit<'a>>,
    resources: Vec<Resource<'a>>,
    files: Vec<File<'a>>,
    unread: Vec<Unread<'a>>,
}

#[derive(Serialize)]
struct Unit<'a> {
    path: &'a str,
    kind: &'static str,
    action: &'static str,
    from: Option<&'a str>,
    attributes: &'a [String],
}

#[derive(Serialize)]
struct Resource<'a> {
    address: &'a str,
    unit: &'a str,
    variant: Option<&'a str>,
    r#type: Option<&'a str>,
    action: &'static str,
    from: Option<&'a str>,
    attributes: &'a [String],
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    action: &'static str,
}

#[derive(Serialize)]
struct Unread<'a> {
    path: &'a str,
    side: &'static str,
    reason: &'a str,
}

/// Writes a change as one document.
pub(super) fn write(told: &Told<'_>, text: &mut String) {
    let change = told.change;
    let state = |commit: Option<&'_ Commit>| match commit {
        Some(commit) => (commit.name.clone(), Some(commit.hash())),
        None => (super::WORKTREE.to_owned(), None),
    };
    let (base, head) = (state(Some(told.base)), state(told.head));
    let document = Document {
        version: 1,
        base: State { name: &base.0, commit: base.1.clone() },
        head: State { name: &head.0, commit: head.1.clone() },
        change: Shown {
            units: change
                .units
                .iter()
                .map(|unit| Unit {
                    path: &unit.path,
                    kind: if unit.is_unit { "unit" } else { "root" },
                    action: unit.action.name(),
                    from: unit.from.as_deref(),
                    attributes: &unit.attributes,
                })
                .collect(),
            resources: change
                .resources
                .iter()
                .map(|resource| Resource {
                    address: &resource.address,
                    unit: &resource.unit,
                    variant: resource.variant.as_deref(),
                    r#type: Some(resource.ty.as_str()).filter(|ty| !ty.is_empty()),
                    action: resource.action.name(),
                    from: resource.from.as_deref(),
                    attributes: &resource.attributes,
                })
                .collect(),
            files: change
                .files
                .iter()
                .map(|file| File { path: &file.path, action: file.action.name() })
                .collect(),
            unread: change
                .unread
                .iter()
                .map(|unread| Unread {
                    path: &unread.path,
                    side: if unread.in_head { "head" } else { "base" },
                    reason: &unread.reason,
                })
                .collect(),
        },
    };
    // Texts and lists alone: nothing in it can fail.
    text.push_str(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
}
