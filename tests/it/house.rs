//! The rules of the house: rooms import downwards, files stay small, nothing is left open.

use std::path::{Path, PathBuf};

use crate::blessed::project;

/// The rooms, from the lowest. A room may import those before it.
const ROOMS: &[&str] = &[
    "suggest",
    "exit",
    "source",
    "syntax",
    "secret",
    "value",
    "eval",
    "finding",
    "config",
    "model",
    "terraform",
    "terragrunt",
    "plan",
    "graph",
    "change",
    "rules",
    "engine",
    "triage",
    "report",
    "catalog",
    "request",
    "inputs",
    "outcome",
    "comparison",
    "cli",
];

const MOST_LINES: usize = 500;

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a directory of the project").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    files_below(&project().join("src"), &mut files);
    files.sort();
    let read = |path: &PathBuf| {
        let relative =
            path.strip_prefix(project()).expect("it is in the project").to_string_lossy().into_owned();
        (relative, std::fs::read_to_string(path).expect("a source file"))
    };
    files.iter().map(read).collect()
}

/// The room that a file belongs to; `None` for `main.rs` and `lib.rs`, which stand above all.
fn room_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let room = inside.split('/').next()?.trim_end_matches(".rs");
    (room != "main" && room != "lib").then_some(room)
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[test]
fn rooms_import_downwards() {
    let rank = |room: &str| ROOMS.iter().position(|other| *other == room);
    for (path, text) in sources() {
        let Some(room) = room_of(&path) else { continue };
        let own = rank(room).unwrap_or_else(|| panic!("{path}: `{room}` is no room of the table"));
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if is_test(&path) {
            continue;
        }
        let code =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
                None => vec![rest],
            };
            for name in names {
                let name: String = name
                    .trim()
                    .chars()
                    .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
                    .collect();
                let Some(other) = rank(&name) else { continue };
                assert!(other <= own, "{path} imports from `{name}`, which is above `{room}`");
            }
        }
    }
}

#[test]
fn the_page_shows_the_same_rooms() {
    let page = std::fs::read_to_string(project().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let order = page.lines().find(|line| line.starts_with("`suggest <")).expect("the order of the rooms");
    let shown: Vec<&str> = order.trim_matches(|letter| letter == '`' || letter == '.').split(" < ").collect();
    let rooms: Vec<&str> = ROOMS.iter().copied().filter(|room| shown.contains(room)).collect();
    assert_eq!(shown, rooms, "ARCHITECTURE.md and the table of the rooms differ");
}

#[test]
fn files_stay_small() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{path} has {lines} lines; split it by noun");
    }
}

#[test]
fn nothing_is_named_after_nothing() {
    for (path, _) in sources() {
        for name in ["utils", "util", "helpers", "helper", "common", "misc"] {
            let named = path.split('/').any(|part| part.trim_end_matches(".rs") == name);
            assert!(!named, "{path}: `{name}` is no noun of the domain");
        }
    }
}

#[test]
fn nothing_is_left_open() {
    // Spelt in two parts, so that this file does not hold them itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ign", "ore"),
    ];
    for (path, text) in sources() {
        for word in words {
            assert!(!text.contains(word), "{path} holds `{word}`");
        }
    }
}
