//! The commonest mistakes and the exact words about them: `mistakes.txt` holds each as a title, a source and, behind
//! `---`, what is said. With `PLANGATE_REWRITE` set the file is written anew.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::source::{FileId, SourceFile, Span};
use crate::syntax::{SyntaxError, parse_hcl};

fn place(file: &SourceFile, span: Span) -> String {
    let (start, end) = (file.line_column(span.start), file.line_column(span.end));
    if start.line == end.line {
        format!("{}:{}-{}", start.line, start.column, end.column)
    } else {
        format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    }
}

pub(super) fn describe(source: &str, errors: &[SyntaxError]) -> String {
    let file = SourceFile::new("main.tf", None, Arc::from(source));
    let mut text = String::new();
    for error in errors {
        writeln!(text, "{} {}", place(&file, error.span), error.message).unwrap();
        for (span, label) in &error.labels {
            writeln!(text, "  {} {label}", place(&file, *span)).unwrap();
        }
        if let Some(help) = &error.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    text
}

#[test]
fn mistakes_are_said_in_these_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/syntax/tests/mistakes.txt");
    let table = std::fs::read_to_string(&path).unwrap();
    let mut fresh = String::new();
    for case in format!("\n{table}").split("\n=== ").skip(1) {
        let (title, rest) = case.split_once('\n').unwrap();
        let source = rest.split("---\n").next().unwrap();
        let tree = parse_hcl(FileId(0), Arc::from(source));
        assert!(!tree.errors.is_empty(), "{title} is no mistake");
        let source_lines = source.trim_end_matches('\n');
        write!(fresh, "=== {title}\n{source_lines}\n---\n{}", describe(source, &tree.errors)).unwrap();
    }
    if std::env::var_os("PLANGATE_REWRITE").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert_eq!(table, fresh, "rewrite with PLANGATE_REWRITE=1");
}

#[test]
fn every_message_is_lower_case_and_has_no_full_stop() {
    let table = include_str!("mistakes.txt");
    for line in table.lines() {
        let message = line.strip_prefix("  help: ").or_else(|| {
            let (place, message) = line.trim_start().split_once(' ')?;
            place.starts_with(|c: char| c.is_ascii_digit()).then_some(message)
        });
        if let Some(message) = message.filter(|_| !line.contains(" = ")) {
            assert!(!message.starts_with(|c: char| c.is_uppercase()), "{line}");
            assert!(!message.ends_with('.'), "{line}");
        }
    }
}
