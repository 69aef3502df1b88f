//! What readers of the language get wrong: each trap once.

use std::sync::Arc;

use super::printer;
use crate::source::FileId;
use crate::syntax::{parse_expression, parse_hcl, parse_template};

/// The structure of an expression that is right.
#[track_caller]
fn reads(source: &str, expected: &str) {
    let (tree, id) = parse_expression(FileId(0), Arc::from(source));
    assert!(tree.errors.is_empty(), "{source}: {:?}", tree.errors);
    assert_eq!(printer::expression(&tree, id), expected, "{source}");
}

/// The structure of a file that is right.
#[track_caller]
fn file(source: &str, expected: &str) {
    let tree = parse_hcl(FileId(0), Arc::from(source));
    assert!(tree.errors.is_empty(), "{source}: {:?}", tree.errors);
    assert_eq!(printer::body(&tree, tree.root).trim_end(), expected, "{source}");
}

#[track_caller]
fn is_wrong(source: &str) {
    let tree = parse_hcl(FileId(0), Arc::from(source));
    assert!(!tree.errors.is_empty(), "{source:?} should be wrong");
}

#[track_caller]
fn template(source: &str, expected: &str) {
    let (tree, id) = parse_template(FileId(0), Arc::from(source));
    assert!(tree.errors.is_empty(), "{source}: {:?}", tree.errors);
    assert_eq!(printer::expression(&tree, id), expected, "{source}");
}

#[test]
fn byte_order_marks_and_line_ends() {
    file("\u{feff}a = 1\n", "a = 1;");
    is_wrong("a = 1\n\u{feff}b = 2\n");
    is_wrong("a = \u{feff}1\n");
    file("a = 1\r\nb = 2\r\n", "a = 1; b = 2;");
    is_wrong("a = 1\rb = 2\r");
    file("a = <<EOT\r\nx\r\nEOT\r\n", "a = \"x\\r\\n\";");
    is_wrong("a = <<EOT\nx\ry\nEOT\n");
    file("a = 1", "a = 1;");
    file("# only a comment", "");
    file("", "");
}

#[test]
fn heredocs() {
    is_wrong("a = <<EOT \nx\nEOT\n");
    is_wrong("a = << EOT\nx\nEOT\n");
    file("a = <<EOT\n  x\n  EOT\n", "a = \"  x\\n\";");
    file("a = <<-EOT\n  x\n  EOT\n", "a = \"x\\n\";");
    is_wrong("a = <<EOT\nx\nEOT");
    is_wrong("b {\n  a = <<EOT\nx\nEOT }\n");
    file("a = <<EOT\nEOT\"\nEOTX\nEOT\n", "a = \"EOT\\\"\\nEOTX\\n\";");
    file("a = <<EOT\nEOT\n", "a = \"\";");
    file("a = <<EOT\n\\n\\q $${x} %%{x} $x %x\nEOT\n", "a = \"\\\\n\\\\q ${x} %{x} $x %x\\n\";");
    file("a = [<<A\nx\nA\n, <<B\ny\nB\n]\n", "a = (tuple \"x\\n\" \"y\\n\");");
    file("a = f(<<-A\n  x\n  A\n)\n", "a = (f \"x\\n\");");
    file("a = <<A\n${f(<<B\ny\nB\n)}z\nA\n", "a = (template (f \"y\\n\") \"z\\n\");");
    file("a = <<A\nx\nA  \nb = 1\n", "a = \"x\\n\"; b = 1;");
}

#[test]
fn flush_heredocs() {
    file("a = <<-A\n    x\n      y\n    A\n", "a = \"x\\n  y\\n\";");
    file("a = <<-A\n\tx\n\t\ty\nA\n", "a = \"x\\n\\ty\\n\";");
    file("a = <<-A\n    x\n\n    y\n A\n", "a = \"x\\n\\ny\\n\";");
    // A line of blanks alone neither counts nor changes.
    file("a = <<-A\n    x\n  \n    y\nA\n", "a = \"x\\n  \\ny\\n\";");
    file("a = <<-A\n    x\n${y}\nA\n", "a = (template \"    x\\n\" y \"\\n\");");
    file("a = <<-A\n    x\n    ${y}\nA\n", "a = (template \"x\\n\" y \"\\n\");");
    // The trim takes the line end before the indentation is counted, so that the next line is no line of its own.
    file("a = <<-A\n    ${x ~}\n      y\nA\n", "a = (template \"\" x \"      y\\n\");");
    // The trimmed blanks are no indentation any more.
    file("a = <<-A\n    x\n    ${~ y}\nA\n", "a = (template \"    x\\n\" y \"\\n\");");
}

#[test]
fn trim_markers() {
    reads("\" ${~ x ~} \"", "(template \"\" x \"\")");
    reads("\"${~ x ~}\"", "(lone x)");
    reads("\"a ${x ~} \\n b\"", "(template \"a \" x \"b\")");
    template("a\n${~ x ~}\n\n b", "(template \"a\" x \"\\n b\")");
    template("${x}", "(lone x)");
    template("", "\"\"");
    template("say \"hi\" \\n\n", "\"say \\\"hi\\\" \\\\n\\n\"");
    template(
        "%{ if x ~}\n a\n%{~ else ~}\n b\n%{~ endif }\n",
        "(template (%if x (template \" a\") (template \" b\")) \"\\n\")",
    );
}

#[test]
fn newlines_and_separators() {
    is_wrong("a = [\n1\n2\n]\n");
    file("a = [\n1,\n2,\n]\n", "a = (tuple 1 2);");
    file("a = {\nx = 1\ny = 2, z = 3,\n}\n", "a = (object 'x 1 'y 2 'z 3);");
    is_wrong("a = {\nx = 1\n, y = 2\n}\n");
    is_wrong("a = {\nx = 1\n+ 2\n}\n");
    file("a = {\nx = (1\n+ 2)\n}\n", "a = (object 'x (paren (+ 1 2)));");
    file("a = { for k in x : k => b\n? c\n: d }\n", "a = (for k in x : k => (? b c d));");
    // An object within goes by its own lines again.
    is_wrong("a = { for k in x : k => { z = b\n? c\n: d } }\n");
    is_wrong("a =\n1\n");
    is_wrong("b \"x\"\n{\n}\n");
    file("a = f(1,\n2,\n)\n", "a = (f 1 2);");
    file("a = f(x...)\n", "a = (f x ...);");
    is_wrong("a = f(x..., )\n");
    file("b { a = 1 }\n", "b { a = 1; };");
    is_wrong("b { a = 1, c = 2 }\n");
    is_wrong("b { c {} }\n");
    is_wrong("b { a = 1\n}\n");
    file("b x \"y\" z {\n}", "b \"x\" \"y\" \"z\" { };");
    file("a = x /* one\ntwo */ + 1\n", "a = (+ x 1);");
    is_wrong("a = 1 /* one\ntwo */ b = 2\n");
}

#[test]
fn indexes_and_splats() {
    reads("a.0.b", "a.<0>.b");
    is_wrong("x = a.0.1\n");
    reads("a.*.b", "(.* a @.b)");
    reads("x.*.a[0]", "(.* x @.a)[0]");
    reads("x[*].a[0]", "([*] x @.a[0])");
    reads("x.*.a.0.b", "(.* x @.a.<0>.b)");
    reads("x[*].a[*].b", "([*] x ([*] @.a @.b))");
    is_wrong("x = a.*.b.*.c\n");
    reads("x.*", "(.* x @)");
    reads("null[*]", "([*] null @)");
    reads("a[b[0]].c", "a[b[0]].c");
    reads("f(x)[0].y", "(f x)[0].y");
    reads("\"a\".b", "\"a\".b");
    reads("(\n a\n .b\n [0]\n)", "(paren a.b[0])");
    reads("f(x.*...)", "(f (.* x @) ...)");
}

#[test]
fn object_keys() {
    reads(
        "{ a = 1, \"b\" = 2, (c) = 3, 4 = 5, true = 6, null = 7 }",
        "(object 'a 1 \"b\" 2 (paren c) 3 4 5 'true 6 'null 7)",
    );
    reads("{ a:1 }", "(object 'a 1)");
    reads("{ a = 1, a = 2 }", "(object 'a 1 'a 2)");
    reads("{ \"${a}\" = 1, \"x-${a}\" : 2 }", "(object (lone a) 1 (template \"x-\" a) 2)");
    reads("{ a.b = 1 }", "(object a.b 1)");
    reads("{ a ? b : c = 1 }", "(object (? a b c) 1)");
    is_wrong("x = { for = 1 }\n");
    reads("{ \"for\" = 1 }", "(object \"for\" 1)");
    reads("{ (for) = 1 }", "(object (paren for) 1)");
}

#[test]
fn for_expressions() {
    reads("[for v in a : v]", "(for v in a : v)");
    reads("{for k, v in a : k => v... if k != null}", "(for k, v in a : k => v ... if (!= k null))");
    reads("[\nfor v in a :\nv\nif v\n]", "(for v in a : v if v)");
    is_wrong("x = [for v in a : v => v]\n");
    is_wrong("x = {for v in a : v}\n");
    is_wrong("x = [for v in a : v...]\n");
    reads("[fore, b]", "(tuple fore b)");
    reads("[for-x]", "(tuple for-x)");
}

#[test]
fn operators_bind_as_they_should() {
    reads("a || b && c == d < e + f * g", "(|| a (&& b (== c (< d (+ e (* f g))))))");
    reads("a - b - c", "(- (- a b) c)");
    reads("-a.b * !c", "(* (neg a.b) (! c))");
    reads("- -1", "(neg (neg 1))");
    reads("a ? b : c ? d : e", "(? a b (? c d e))");
    reads("a == b ? c : d", "(? (== a b) c d)");
    reads("a-b - c -d", "(- (- a-b c) d)");
    reads("a/b//c", "(/ a b)");
    reads("1 < 2 == true", "(== (< 1 2) true)");
    is_wrong("a = b = c\n");
    is_wrong("a = b ~ c\n");
}

#[test]
fn strings() {
    reads("\"${true}\"", "(lone true)");
    reads("\"a${true}\"", "(template \"a\" true)");
    reads("\"$\"", "\"$\"");
    reads("\"$$\"", "\"$$\"");
    reads("\"$${a}\"", "\"${a}\"");
    reads("\"$$${a}\"", "\"$${a}\"");
    reads("\"%%{a}\"", "\"%{a}\"");
    reads("\"%\"", "\"%\"");
    reads("\"\\u00e9\\U0001F600\\n\\t\\\"\\\\\"", "\"é😀\\n\\t\\\"\\\\\"");
    is_wrong("a = \"\\q\"\n");
    is_wrong("a = \"\\ud800\"\n");
    is_wrong("a = \"x\ny\"\n");
    reads("\"${\n a\n}\"", "(lone a)");
    reads("\"${\"${a}\"}\"", "(lone (lone a))");
    reads("\"a${\"b\"}\"", "(template \"a\" \"b\")");
    // Strings are normalised, whether or not they hold escapes.
    reads("\"e\u{301}\"", "\"é\"");
    reads("\"e\\u0301\"", "\"é\"");
}

#[test]
fn directives() {
    reads("\"%{ if a }b%{ endif }\"", "(template (%if a (template \"b\") \"\"))");
    reads("\"%{ if a }${1}%{ else }2%{ endif }\"", "(template (%if a (template 1) (template \"2\")))");
    reads("\"%{ for k, v in a }${k}%{ endfor }\"", "(template (%for k, v in a : (template k)))");
    reads(
        "\"%{ for v in a }%{ if v }x%{ endif }%{ endfor }\"",
        "(template (%for v in a : (template (%if v (template \"x\") \"\"))))",
    );
    is_wrong("a = \"%{ if b }\"\n");
    is_wrong("a = \"%{ endif }\"\n");
    is_wrong("a = \"%{ for v in b }%{ endif }\"\n");
    is_wrong("a = \"%{ if b }%{ else }%{ else }%{ endif }\"\n");
}

#[test]
fn numbers() {
    for right in ["0", "1.5", "1e3", "1E+3", "1.5e-3", "00", "0123456789012345678901234567890"] {
        reads(right, right);
    }
    for wrong in ["1.", ".5", "0x10", "1_000", "1.2.3", "1e5e5", "1e99999999999999999999"] {
        is_wrong(&format!("a = {wrong}\n"));
    }
}

#[test]
fn identifiers() {
    reads("_a-b.ünï.c-1", "_a-b.ünï.c-1");
    reads("core::f(a, b::c())", "(core::f a (b::c))");
    reads("provider::aws::arn_parse(x)", "(provider::aws::arn_parse x)");
    file("type = string\nfor = 1\nin = 2\nif = 3\n", "type = string; for = 1; in = 2; if = 3;");
    is_wrong("a = core::f\n");
}

#[test]
fn an_attribute_stands_once() {
    is_wrong("a = 1\na = 2\n");
    file("a = 1\nb {\n a = 1\n}\nb {\n a = 2\n}\n", "a = 1; b { a = 1; }; b { a = 2; };");
    let many: String = (0..100).map(|at| format!("a{at} = {at}\n")).collect();
    assert!(parse_hcl(FileId(0), Arc::from(many.as_str())).errors.is_empty());
    is_wrong(&format!("{many}a7 = 1\n"));
}

#[test]
fn comments_are_kept() {
    let source = "# one\na = 1 // two\nb = [ /* three */ 1, # four\n]\n";
    let tree = parse_hcl(FileId(0), Arc::from(source));
    let comments: Vec<_> = tree.comments.iter().map(|c| (tree.slice(c.span), c.own_line)).collect();
    assert_eq!(comments, [("# one", true), ("// two", false), ("/* three */", false), ("# four", false)]);
}
