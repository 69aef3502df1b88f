//! Reading expressions without evaluating them, and what broken files keep.

use std::sync::Arc;

use super::printer;
use crate::source::FileId;
use crate::syntax::{StepKind, is_identifier, parse_expression, parse_hcl};

fn references(source: &str) -> Vec<String> {
    let (tree, id) = parse_expression(FileId(0), Arc::from(source));
    assert!(tree.errors.is_empty(), "{:?}", tree.errors);
    tree.references(id).map(|reference| tree.slice(reference.span).to_owned()).collect()
}

#[test]
fn references_are_found_in_the_order_of_the_text() {
    assert_eq!(references("a.b[0].c + f(d[e.f].g, \"x${h.i}\")"), ["a.b[0].c", "d", "e.f", "h.i"]);
    assert_eq!(references("a[\"k\"].b.0"), ["a[\"k\"].b.0"]);
    assert_eq!(references("a.b[*].c[d]"), ["a.b", "d"]);
    assert_eq!(references("{ a = b, (c) = d }"), ["b", "c", "d"]);
    assert_eq!(references("a ? b : !c"), ["a", "b", "c"]);
    assert_eq!(references("(a.b).c"), ["a.b"]);
}

#[test]
fn names_of_a_for_are_no_references_within_it() {
    assert_eq!(references("[for v in v.list : v.name if w]"), ["v.list", "w"]);
    assert_eq!(references("{for k, v in m : k => [for k in v : k.x + z]}"), ["m", "z"]);
    assert_eq!(references("[for v in m : v] == v"), ["m", "v"]);
    assert_eq!(references("\"%{ for v in m }${v}${w}%{ endfor }${v}\""), ["m", "w", "v"]);
}

#[test]
fn traversals_are_whole_or_none() {
    let traversal = |source: &str| {
        let (tree, id) = parse_expression(FileId(0), Arc::from(source));
        let traversal = tree.traversal(id)?;
        let steps: Vec<_> = traversal
            .steps
            .iter()
            .map(|step| match step.kind {
                StepKind::Attr(name) => tree.slice(name).to_owned(),
                StepKind::Index(key) => printer::expression(&tree, key),
            })
            .collect();
        Some((tree.slice(traversal.root).to_owned(), steps))
    };
    assert_eq!(traversal("a.b[0]"), Some(("a".into(), vec!["b".into(), "0".into()])));
    assert_eq!(traversal("\"${a.b}\""), Some(("a".into(), vec!["b".into()])));
    assert_eq!(traversal("a[\"x\"]"), Some(("a".into(), vec!["\"x\"".into()])));
    assert_eq!(traversal("a[b].c"), None);
    assert_eq!(traversal("f().c"), None);
    assert_eq!(traversal("a[*]"), None);
}

#[test]
fn everything_is_walked_once_in_order() {
    let (tree, id) = parse_expression(FileId(0), Arc::from("[a, {b = c}, \"d${e}\"]"));
    let mut seen = Vec::new();
    tree.walk(id, &mut |id| seen.push(tree.slice(tree.span(id)).to_owned()));
    assert_eq!(seen, ["[a, {b = c}, \"d${e}\"]", "a", "{b = c}", "b", "c", "\"d${e}\"", "d", "e"]);
}

#[test]
fn quoted_strings_may_hold_expressions() {
    let tree = parse_hcl(FileId(0), Arc::from("type = \"list(map(string))\"\n"));
    let (inner, id) = tree.expression_in(tree.attribute(tree.root, "type").unwrap().value).unwrap();
    assert_eq!(printer::expression(&inner, id), "(list (map string))");
    assert_eq!(inner.slice(inner.span(id)), "list(map(string))");
}

#[test]
fn identifiers() {
    assert!(["a", "_", "a-b", "é1"].iter().all(|name| is_identifier(name)));
    assert!(["", "1a", "-a", "a b", "a.b"].iter().all(|name| !is_identifier(name)));
}

/// Breaks one of three blocks and says what is left of the others.
#[track_caller]
fn survives(broken: &str) {
    let source = format!("one \"x\" {{\n  a = 1\n}}\n\n{broken}\nthree \"x\" {{\n  a = 3\n}}\n");
    let tree = parse_hcl(FileId(0), Arc::from(source.as_str()));
    assert!(!tree.errors.is_empty(), "{broken}");
    let shown = printer::body(&tree, tree.root);
    assert!(
        shown.starts_with("one \"x\" { a = 1; };") && shown.ends_with("three \"x\" { a = 3; }; "),
        "{broken}: {shown}"
    );
    assert!(tree.errors.len() <= 2, "{broken}: {:?}", tree.errors);
}

#[test]
fn intact_blocks_survive_a_broken_one() {
    for broken in [
        "two \"x\" {\n  a = 2\n",
        "two \"x\" {\n  a = [1, 2\n}\n",
        "two \"x\" {\n  a = (1\n}\n",
        "two \"x\" {\n  a = f(1\n}\n",
        "two \"x\" {\n  a = {\n    b = 1\n}\n",
        "two \"x\" {\n  a = \"b\n}\n",
        "two \"x\" {\n  a = \"b${c\"\n}\n",
        "two \"x {\n  a = 2\n}\n",
        "two \"x\" {\n  a = <<EOT\n  text\n}\n",
        "two \"x\" \n  a = 2\n}\n",
        "two \"x\" {\n  b {\n    a = 1\n}\n",
        "two \"x\" {\n  a = 1 +\n}\n",
        "two \"x\" {\n  a = {\n    b = [\n  }\n}\n",
        "two \"x\" {\n  a = \"%{ if b }\"\n}\n",
        "two \"x\" {\n  a = 'b'\n}\n",
        "two \"x\" {\n  a b c\n}\n",
        "}\n",
        "@@@\n",
        "two = \"x\" {\n",
    ] {
        survives(broken);
    }
}
