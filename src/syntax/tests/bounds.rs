//! Input cannot exhaust the parser: not its stack, not its time.

use std::sync::Arc;

use super::soundness::check;
use crate::source::FileId;
use crate::syntax::{Schema, Tree, parse_hcl, parse_json};

/// Runs on a stack of the size that threads have by default.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

const TIMES: usize = 5_000;

fn native(source: &str) -> Tree {
    parse_hcl(FileId(0), Arc::from(source))
}

#[test]
fn nesting_is_bounded() {
    on_a_small_stack(|| {
        for unit in [
            "[",
            "(",
            "{a=",
            "{\n",
            "a[",
            "f(",
            "\"${",
            "!",
            "-",
            "b?",
            "b?b:",
            "[for x in ",
            "{for x in y : x => ",
            "x[*].a[",
            "<<A\n${",
            "\"%{ if a }%{ if b }",
            "f([{a=(\"${",
            "x[*]",
        ] {
            let tree = native(&format!("before = 1\na = {}\nb {{\n  c = 1\n}}\n", unit.repeat(TIMES)));
            assert!(!tree.errors.is_empty(), "{unit}");
            assert!(tree.errors.len() < 5, "{unit}: {:?}", &tree.errors[..5]);
            assert_eq!(tree.slice(tree.attributes(tree.root).next().unwrap().span), "before = 1");
            check(&tree);
        }
        for unit in ["a {\n", "a \"b\" {\n  c = 1\n"] {
            let tree = native(&unit.repeat(TIMES));
            assert!(!tree.errors.is_empty());
            check(&tree);
        }
        for unit in ["[", "{\"a\":", "[{\"a\":[", "{\"a\":\"${[\","] {
            let tree = parse_json(FileId(0), Arc::from(unit.repeat(TIMES)), &Schema::NONE);
            assert!((1..5).contains(&tree.errors.len()), "{unit}: {:?}", tree.errors);
            check(&tree);
        }
    });
}

#[test]
fn chains_are_bounded() {
    on_a_small_stack(|| {
        for unit in [" + 1", ".b", "[0]", ".0", ".*", "[*]", " || c", ".*.b"] {
            let tree = native(&format!("a = 1{}\nb = 2\n", unit.repeat(TIMES)));
            assert_eq!(tree.errors.len(), 1, "{unit}: {:?}", tree.errors);
            assert!(tree.attribute(tree.root, "b").is_some());
            check(&tree);
        }
    });
}

#[test]
fn long_files_of_mistakes_end_soon() {
    on_a_small_stack(|| {
        for line in [
            "a = [\n",
            "}\n",
            "a = \"\n",
            "a = <<EOT\n",
            "a b\n",
            "a = 'x'\n",
            "a \"b {\n",
            "a = {\n",
            "? b\n",
            "<<A\n${",
            "a = <<\"A\"\n",
            "b <<A\n",
            "/*",
            "a {\n",
            "a = (\n",
        ] {
            let tree = native(&line.repeat(5_000));
            assert!(!tree.errors.is_empty(), "{line}");
            assert!(tree.errors.len() <= 1_000);
            check(&tree);
        }
    });
}
