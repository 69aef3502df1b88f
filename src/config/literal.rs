use super::{Entry, Setting, SettingKind};
use crate::eval::Problem;
use crate::source::{Location, Span};
use crate::syntax::{ExprId, ExprKind, Tree, UnaryOp};

/// Reads an expression of a configuration file. Literals, lists and maps of them may stand there; nothing that would
/// need an evaluation, so that a configuration means the same wherever it is read.
pub(super) fn read(tree: &Tree, expr: ExprId, problems: &mut Vec<Problem>) -> Option<Setting> {
    let location = Location::new(tree.file, tree.span(expr));
    let kind = match tree.kind(expr) {
        ExprKind::Null => SettingKind::Null,
        ExprKind::Bool(value) => SettingKind::Bool(value),
        ExprKind::Number => number(tree.slice(tree.span(expr))),
        ExprKind::Unary { op: UnaryOp::Negate, operand } if tree.kind(operand) == ExprKind::Number => {
            number(&format!("-{}", tree.slice(tree.span(operand))))
        }
        ExprKind::String(text) | ExprKind::JsonString { text, .. } => {
            SettingKind::String(tree.text(text).into())
        }
        ExprKind::Paren(inner) => return read(tree, inner, problems),
        ExprKind::Tuple(elements) => {
            let elements: Vec<Option<Setting>> =
                tree.list(elements).map(|element| read(tree, element, problems)).collect();
            SettingKind::List(elements.into_iter().flatten().collect())
        }
        ExprKind::Object(pairs) => {
            let mut entries: Vec<Entry> = Vec::new();
            for (key, value) in tree.pairs(pairs) {
                let entry = map_entry(tree, key, value, problems);
                if let Some(entry) = entry {
                    add(&mut entries, entry, problems);
                }
            }
            SettingKind::Map(entries)
        }
        // What is broken was reported by the parser.
        ExprKind::Error => return None,
        ExprKind::Name => {
            let name = tree.slice(tree.span(expr));
            let problem = Problem::new(location, format!("`{name}` is not a value"));
            problems.push(problem.with_help(format!("write text in quotes: \"{name}\"")));
            return None;
        }
        _ => {
            let problem = Problem::new(location, "only plain values may stand in a configuration file");
            problems.push(problem.with_help("write the text, number, list or map itself"));
            return None;
        }
    };
    Some(Setting::at(location, kind))
}

/// Adds an entry, unless its key is there already.
pub(super) fn add(entries: &mut Vec<Entry>, entry: Entry, problems: &mut Vec<Problem>) {
    match (entries.iter().find(|other| other.key == entry.key), entry.key_location) {
        (Some(first), Some(location)) => {
            let problem = Problem::new(location, format!("`{}` is set twice", entry.key));
            problems.push(match first.key_location {
                Some(first) => problem.with_label(first, "set first here"),
                None => problem,
            });
        }
        _ => entries.push(entry),
    }
}

fn map_entry(tree: &Tree, key: ExprId, value: ExprId, problems: &mut Vec<Problem>) -> Option<Entry> {
    let span = tree.span(key);
    let key_location = Some(Location::new(tree.file, span));
    let key = match tree.kind(key) {
        ExprKind::Key => tree.slice(span).into(),
        _ => match read(tree, key, problems)?.kind {
            SettingKind::String(text) => text,
            SettingKind::Int(number) => number.to_string().into(),
            SettingKind::Bool(value) => value.to_string().into(),
            _ => {
                problems.push(Problem::new(Location::new(tree.file, span), "a key must be a string"));
                return None;
            }
        },
    };
    Some(Entry { key, key_location, value: read(tree, value, problems)? })
}

fn number(text: &str) -> SettingKind {
    match text.parse::<i64>() {
        Ok(number) => SettingKind::Int(number),
        Err(_) => SettingKind::Float(text.parse().unwrap_or(f64::NAN)),
    }
}

/// The whole header and body of something in a tree, as a location.
pub(super) fn at(tree: &Tree, span: Span) -> Location {
    Location::new(tree.file, span)
}
