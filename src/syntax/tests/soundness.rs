//! What holds for every tree, whatever the text was.

use std::sync::Arc;

use proptest::prelude::*;

use crate::source::{FileId, Span};
use crate::syntax::{
    BlockSchema, BodyId, ExprId, ExprKind, Item, Schema, Tree, parse_expression, parse_hcl, parse_json,
    parse_json_values, parse_template,
};

/// Spans lie in the file and within those of what is around, texts can be read, trees are not too high.
pub(super) fn check(tree: &Tree) {
    let whole = Span::new(0, tree.source.len() as u32);
    let fits = |span: Span| {
        span.start <= span.end
            && whole.contains(span)
            && tree.source.is_char_boundary(span.start as usize)
            && tree.source.is_char_boundary(span.end as usize)
    };
    let mut children = Vec::new();
    let mut height = vec![0u32; tree.expr_count() as usize];
    for id in (0..tree.expr_count()).map(ExprId) {
        let span = tree.span(id);
        assert!(fits(span), "{span:?} of {:?}", tree.kind(id));
        if let ExprKind::String(text) | ExprKind::JsonString { text, .. } = tree.kind(id) {
            let _ = tree.text(text);
        }
        children.clear();
        tree.children(id, &mut children);
        for child in &children {
            assert!(child.0 < id.0, "children come first");
            assert!(span.contains(tree.span(*child)), "{:?} holds {:?}", tree.expr(id), tree.expr(*child));
            height[id.0 as usize] = height[id.0 as usize].max(height[child.0 as usize] + 1);
        }
        assert!(height[id.0 as usize] <= crate::syntax::MAX_HEIGHT);
        if let ExprKind::Attr { name, .. } | ExprKind::Call { name, .. } = tree.kind(id) {
            assert!(span.contains(name));
        }
    }
    let mut inner = vec![false; tree.expr_count() as usize];
    for id in (0..tree.expr_count()).map(ExprId) {
        children.clear();
        tree.children(id, &mut children);
        children.iter().for_each(|child| inner[child.0 as usize] = true);
    }
    for id in (0..tree.expr_count()).map(ExprId).filter(|id| !inner[id.0 as usize]) {
        assert!(tree.references(id).all(|reference| tree.span(id).contains(reference.span)));
    }
    check_body(tree, tree.root, whole);
    for error in &tree.errors {
        assert!(fits(error.span), "{error:?}");
        assert!(error.labels.iter().all(|(span, _)| fits(*span)), "{error:?}");
    }
    for comment in &tree.comments {
        assert!(fits(comment.span) && !comment.span.is_empty());
    }
    assert!(tree.errors.is_sorted_by_key(|error| error.span.start));
}

fn check_body(tree: &Tree, body: BodyId, around: Span) {
    assert!(around.contains(tree.body(body).span));
    for item in tree.items(body) {
        match item {
            Item::Attribute(attribute) => {
                assert!(around.contains(attribute.span) && around.contains(attribute.name.span));
                let _ = tree.name(attribute.name);
            }
            Item::Block(id) => {
                let block = tree.block(*id);
                let _ = (tree.name(block.kind), tree.label(block, 0));
                assert!(block.span.contains(tree.body(block.body).span), "{block:?}");
                check_body(tree, block.body, tree.body(block.body).span);
            }
        }
    }
}

static NESTED: Schema = Schema { blocks: &[BlockSchema { kind: "b", labels: 0, body: &Schema::NONE }] };
static SCHEMA: Schema = Schema {
    blocks: &[
        BlockSchema { kind: "a", labels: 2, body: &NESTED },
        BlockSchema { kind: "b", labels: 0, body: &NESTED },
    ],
};

fn check_all(text: &str) {
    let text: Arc<str> = Arc::from(text);
    check(&parse_hcl(FileId(0), text.clone()));
    check(&parse_expression(FileId(0), text.clone()).0);
    check(&parse_template(FileId(0), text.clone()).0);
    for tree in [parse_json(FileId(0), text.clone(), &SCHEMA), parse_json_values(FileId(0), text)] {
        check(&tree);
        for id in (0..tree.expr_count()).map(ExprId) {
            if let Some((inner, _)) = tree.expression_in(id) {
                check(&inner);
            }
        }
    }
}

/// Pieces of which texts are made that come close to being right.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "é",
        "var.x",
        "1",
        "2.5",
        "\"",
        "\"s\"",
        "\\",
        "\\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "$",
        "%",
        "${",
        "%{",
        "$${",
        "~}",
        "}",
        "{",
        "[",
        "]",
        "(",
        ")",
        "=",
        "==",
        "=>",
        ":",
        "::",
        ",",
        ".",
        "...",
        ".*",
        "[*]",
        "?",
        "+",
        "-",
        "!",
        "&&",
        "||",
        "<",
        "<<EOT\n",
        "<<-EOT\n",
        "\nEOT\n",
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "  ",
        "#",
        "//",
        "/*",
        "*/",
        "for ",
        " in ",
        "if ",
        "else",
        "endif",
        "endfor",
        "for x in y : ",
        "resource \"a\" \"b\" {\n",
        "  a = 1\n",
        "}\n",
        "\u{feff}",
        "'",
        "`",
        "“",
        "\0",
        "\u{301}",
        "<<<<<<< HEAD\n",
        "a = ",
        "{\"a\":",
        "[\"",
        "\"//\": \"x\"",
        "null",
        "true",
        "%{ if x }",
        "%{ else }",
        "%{ endif }",
        "%{ for a in b }",
        "%{ endfor }",
        ";",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_pieces_make_a_sound_tree(text in pieces()) {
        check_all(&text);
    }

    #[test]
    fn any_characters_make_a_sound_tree(text in any::<String>()) {
        check_all(&text);
    }

    /// Cutting a right file anywhere, or taking a byte out of it, leaves a tree that is sound.
    #[test]
    fn damaged_files_make_a_sound_tree(from in 0usize..400, length in 0usize..20) {
        let text = include_str!("mistakes.txt");
        let from = (0..=from * 20).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let mut end = (from + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let (from, end) = (from.min(text.len()), end.max(from.min(text.len())));
        check_all(&format!("{}{}", &text[..from], &text[end..]));
        check_all(&text[from..]);
    }
}
