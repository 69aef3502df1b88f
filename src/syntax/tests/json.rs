//! The JSON form.

use std::sync::Arc;

use super::mistakes::describe;
use super::printer;
use crate::source::FileId;
use crate::syntax::{BlockSchema, ExprKind, Schema, Tree, parse_json, parse_json_values};

static LIFECYCLE: Schema =
    Schema { blocks: &[BlockSchema { kind: "lifecycle", labels: 0, body: &Schema::NONE }] };
static ROOT: Schema = Schema {
    blocks: &[
        BlockSchema { kind: "resource", labels: 2, body: &LIFECYCLE },
        BlockSchema { kind: "locals", labels: 0, body: &Schema::NONE },
    ],
};

fn parse(source: &str) -> Tree {
    parse_json(FileId(0), Arc::from(source), &ROOT)
}

#[track_caller]
fn reads(source: &str, expected: &str) -> Tree {
    let tree = parse(source);
    assert!(tree.errors.is_empty(), "{source}: {:?}", tree.errors);
    assert_eq!(printer::body(&tree, tree.root).trim_end(), expected, "{source}");
    tree
}

#[track_caller]
fn is_wrong(source: &str, expected: &str) {
    let tree = parse(source);
    assert_eq!(describe(source, &tree.errors), expected, "{source}");
}

#[test]
fn blocks_are_found_by_the_schema() {
    reads(
        r#"{"resource": {"a": {"b": {"x": 1, "lifecycle": {"y": true}}, "c": [{"x": 2}, {"x": 3}]}}}"#,
        r#"resource "a" "b" { x = 1; lifecycle { y = true; }; }; resource "a" "c" { x = 2; }; resource "a" "c" { x = 3; };"#,
    );
    reads(
        r#"{"resource": [{"a": {"b": {}}}, {"a": {"b": {}}}]}"#,
        r#"resource "a" "b" { }; resource "a" "b" { };"#,
    );
    reads(
        r#"[{"locals": {"a": null}}, {"locals": [{"b": 1}], "z": {"q": []}}]"#,
        r#"locals { a = null; }; locals { b = 1; }; z = (object (json "q" "q") (tuple));"#,
    );
    // Blocks of one type may stand under a repeated key; expressions and arguments may not.
    reads(r#"{"locals": {"a": 1}, "locals": {"b": 2}}"#, "locals { a = 1; }; locals { b = 2; };");
    reads(r#"{"resource": null}"#, "");
    is_wrong(
        r#"{"a": {"k": 1, "k": 2}, "a": 3}"#,
        "1:16-19 the key \"k\" stands here twice\n  1:8-11 it was set here first\n  help: delete one of them\n\
         1:25-28 the key \"a\" stands here twice\n  1:2-5 it was set here first\n  help: delete one of them\n",
    );
    is_wrong(
        r#"{"locals": 1}"#,
        "1:12-13 \"locals\" is a block: an object or an array of them has to stand here\n  1:2-10 the block's type\n",
    );
    is_wrong("1", "1:1-2 a configuration is a JSON object\n  help: put everything into { … }\n");
}

#[test]
fn comments_stand_in_bodies_only() {
    let tree = reads(r#"{"//": "why", "a": {"//": 1}}"#, r#"a = (object (json "//" "//") 1);"#);
    assert_eq!(tree.comments.len(), 1);
    assert_eq!(tree.slice(tree.comments[0].span), r#""//": "why""#);
}

#[test]
fn strings_are_templates() {
    reads(r#"{"a": "x${var.y}"}"#, r#"a = (json "x${var.y}" (template "x" var.y));"#);
    reads(r#"{"a": "${f(\"x\")}"}"#, r#"a = (json "${f(\"x\")}" (lone (f "x")));"#);
    reads(r#"{"${a}": "\u00e9 $${"}"#, r#"${a} = (json "é $${" "é ${");"#);
    reads(r#"{"a": -1.5e3}"#, "a = (neg 1.5e3);");
    let tree = parse_json_values(FileId(0), Arc::from(r#"{"a": "$${x} ${"}"#));
    assert!(tree.errors.is_empty());
    assert_eq!(printer::body(&tree, tree.root), r#"a = (json "$${x} ${" "$${x} ${"); "#);
}

#[test]
fn spans_lead_back_behind_escapes() {
    let source = r#"{"a": "\u00e9\n${lookup(var.map, \"k\\u00e9\")} ${local.b}"}"#;
    let tree = reads(
        source,
        r#"a = (json "é\n${lookup(var.map, \"k\\u00e9\")} ${local.b}" (template "é\n" (lookup var.map "ké") " " local.b));"#,
    );
    let value = tree.attribute(tree.root, "a").unwrap().value;
    let references: Vec<_> =
        tree.references(value).map(|reference| tree.slice(reference.span).to_owned()).collect();
    assert_eq!(references, ["var.map", "local.b"]);
    let tree = parse(r#"{"a": "\n${var.}"}"#);
    assert_eq!(tree.slice(tree.errors[0].span), ".");
}

#[test]
fn strings_may_hold_expressions() {
    let tree = parse(r#"{"a": ["b.c", "d[\"k\"].e", "f g"]}"#);
    let ExprKind::Tuple(list) = tree.kind(tree.attribute(tree.root, "a").unwrap().value) else { panic!() };
    let inner: Vec<_> = tree
        .list(list)
        .map(|id| {
            let (tree, id) = tree.expression_in(id).unwrap();
            let errors =
                tree.errors.iter().map(|error| tree.slice(error.span).to_owned()).collect::<Vec<_>>();
            (printer::expression(&tree, id), tree.slice(tree.span(id)).to_owned(), errors)
        })
        .collect();
    assert_eq!(inner[0], ("b.c".into(), "b.c".into(), vec![]));
    assert_eq!(inner[1], ("d[\"k\"].e".into(), "d[\\\"k\\\"].e".into(), vec![]));
    assert_eq!(inner[2].2, ["g"]);
}

#[test]
fn mistakes_are_said_in_plain_words() {
    is_wrong(
        "{\n  \"a\": 1,\n}",
        "2:9-10 JSON allows no comma behind the last element\n  help: delete the comma\n",
    );
    is_wrong(
        "{\"a\": 1 \"b\": 2}",
        "1:8-8 a comma is missing between this element and the next\n  1:9-10 the next element begins here\n",
    );
    is_wrong(
        "{\"a\" = 1}",
        "1:6-7 `:` has to stand between a key and its value, not `=`\n  1:2-5 behind this key\n",
    );
    is_wrong(
        "{a: 1}",
        "1:2-3 a key in quotes has to stand here, not `a`\n  1:1-2 within this object\n  help: write \"a\"\n",
    );
    is_wrong("{\"a\": 'x'}", "1:7-8 a string stands in double quotes, not in single ones\n");
    is_wrong(
        "{\"a\": True}",
        "1:7-11 a value has to stand here, not `True`\n  help: JSON writes true, false and null\n",
    );
    is_wrong(
        "{\"a\": \"x\n}",
        "1:7-9 this string has no closing quote on its line\n  help: close it with \", and write a line end within it as \\n\n",
    );
    is_wrong(
        "{\"a\": 01}",
        "1:7-9 `01` is no number in JSON\n  help: a number has no leading zero, and digits on both sides of its point\n",
    );
    is_wrong("{\"a\": [1", "1:7-8 this bracket is never closed: `]` is missing\n");
    is_wrong("{} {}", "1:4-5 the file should end behind its one value, but `{` follows\n");
    is_wrong("", "1:1-1 a JSON file cannot be empty\n  help: write {} for no configuration\n");
    is_wrong(
        "{\n// x\n}",
        "2:1-2 JSON has no comments\n  help: in a body, a member named \"//\" is a comment\n",
    );
}
