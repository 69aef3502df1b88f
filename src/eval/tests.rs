use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::source::FileId;
use crate::syntax::parse_expression;
use crate::value::{Exact, Identity, Kind, Meta, Type, Unknown, Value, arbitrary};

/// Names with values, and no files.
struct Names(Vec<(&'static str, Value)>);

impl Scope for Names {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        match self.0.iter().find(|(name, _)| *name == reference.root) {
            Some((_, value)) => Ok(Resolved { value: value.clone(), consumed: 0 }),
            None => {
                let message = format!("`{}` is not declared", reference.root);
                Err(log.report(Problem::new(reference.location, message)))
            }
        }
    }

    fn world(&self) -> &dyn World {
        self
    }
}

impl World for Names {
    fn base(&self) -> &Path {
        Path::new("/")
    }

    fn read(&self, _: &Path) -> Result<Arc<[u8]>, String> {
        Err("there is no such file".to_owned())
    }

    fn is_file(&self, _: &Path) -> Result<bool, String> {
        Ok(false)
    }

    fn files_below(&self, _: &Path) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

fn names() -> Names {
    let exact = |address: &str| Unknown::new(Identity::Exact(Exact::new(".", address).into()));
    let db = Value::open_object(
        vec![("port".into(), Value::int(5432))],
        Exact::new(".", "aws_db_instance.this").into(),
    );
    let secret = Value::string("hunter2").with_meta(Meta::default().with_sensitive(true));
    Names(vec![
        ("db", db),
        ("unknown", Value::unknown(exact("var.x"))),
        ("ids", Value::unknown(Unknown { ty: Type::list(Type::String), ..exact("var.ids") })),
        ("name", Value::unknown(Unknown { ty: Type::String, ..exact("var.name") })),
        ("secret", secret),
        ("list", Value::list(Type::String, vec![Value::string("a"), Value::string("b")])),
    ])
}

fn evaluate(text: &str) -> (Result<Value, Failed>, Vec<Problem>) {
    let (mut tree, expr) = parse_expression(FileId(0), text.into());
    assert!(tree.errors.is_empty(), "{text}: {:?}", tree.errors);
    tree.origin_base = 1;
    let mut log = Log::default();
    let scope = names();
    let value = Evaluator::new(&tree, &scope, &mut log).evaluate(expr, None);
    (value, log.problems)
}

/// A value as JSON, or which unknown it is.
fn show(text: &str) -> String {
    let (value, problems) = evaluate(text);
    let value = match value {
        Ok(value) => value,
        Err(Failed) => {
            return problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ");
        }
    };
    assert!(problems.is_empty(), "{text}: {problems:?}");
    match value.as_unknown() {
        Some(Unknown { identity: Identity::Exact(exact), ty, .. }) => format!("{exact}: {ty}"),
        Some(Unknown { identity: Identity::Derived(from), ty, .. }) => {
            let from: Vec<_> = from.iter().map(ToString::to_string).collect();
            format!("from {}: {ty}", from.join(", "))
        }
        None => value.to_json().unwrap_or_else(|| "partly unknown".to_owned()),
    }
}

#[test]
fn an_identity_is_kept_until_something_is_computed() {
    for (text, shown) in [
        ("db.address", "aws_db_instance.this.address: any"),
        ("\"${db.address}\"", "aws_db_instance.this.address: any"),
        ("(db.endpoint[0])", "aws_db_instance.this.endpoint[0]: any"),
        ("db.port", "5432"),
        ("ids[1]", "var.ids[1]: string"),
        ("unknown[*].id", "var.x[*].id: any"),
        ("true ? db.address : \"x\"", "aws_db_instance.this.address: any"),
        ("\"${db.address}.\"", "from aws_db_instance.this.address: string"),
        ("\"${name}-${db.id}\"", "from aws_db_instance.this.id, var.name: string"),
        ("unknown ? 1 : 2", "from var.x: number"),
        ("unknown == db.address", "from aws_db_instance.this.address, var.x: bool"),
        ("[for id in ids : id]", "from var.ids: any"),
        ("{ (name) = 1 }", "from var.name: any"),
        ("[for k, v in { a = unknown, b = 2 } : k]", "[\"a\",\"b\"]"),
        ("[for v in [1, unknown] : v if v > 1]", "from var.x: any"),
    ] {
        assert_eq!(show(text), shown, "{text}");
    }
}

#[test]
fn what_is_known_of_the_unknown_decides() {
    for (text, shown) in [
        ("\"a-${name}\" == \"b\"", "false"),
        ("\"a-${name}\" != null", "true"),
        ("name == null", "from var.name: bool"),
        ("name == 1", "false"),
        ("false && unknown", "false"),
        ("unknown && false", "false"),
        ("true || unknown.x", "true"),
        ("true && unknown", "from var.x: bool"),
        ("false && 1 / 0 > [] [0]", "false"),
    ] {
        assert_eq!(show(text), shown, "{text}");
    }
}

#[test]
fn an_arm_that_is_not_chosen_may_fail() {
    assert_eq!(show("true ? 1 : [][0]"), "1");
    assert_eq!(show("false ? nope : 2"), "2");
    assert_eq!(show("\"%{ if true }a%{ else }${null}%{ endif }\""), "\"a\"");
    assert_eq!(show("try(nope, [][0], 3)"), "3");
    assert_eq!(show("can(nope)"), "false");
}

#[test]
fn a_type_may_be_written_in_a_call() {
    assert_eq!(show("convert([\"1\", 2], list(number))"), "[1,2]");
    assert_eq!(show("convert({}, object({ a = optional(string, \"x\") }))"), "{\"a\":\"x\"}");
    assert_eq!(show("convert(db.address, string)"), "aws_db_instance.this.address: string");
    assert_eq!(show("convert(1, numbr)"), "there is no type `numbr`");
    let (tree, expr) = parse_expression(FileId(0), "convert(x, map(string))".into());
    assert_eq!(tree.references(expr).count(), 1);
}

#[test]
fn functions_keep_what_they_only_pass_on() {
    for (text, shown) in [
        ("one([db.address])", "aws_db_instance.this.address: any"),
        ("join(\"\", [db.address])", "aws_db_instance.this.address: string"),
        ("tostring(db.address)", "aws_db_instance.this.address: string"),
        ("join(\".\", [db.address, \"x\"])", "from aws_db_instance.this.address: string"),
        ("coalesce(\"k\", unknown)", "\"k\""),
        ("length([unknown, 1])", "2"),
        ("startswith(\"pre-${name}\", \"pre-\")", "true"),
        ("try(unknown, 1)", "var.x: any"),
        ("try(unknown, null, \"\")", "var.x: any"),
        ("try(unknown, db.address)", "from var.x: any"),
        ("try([unknown], 1)", "from var.x: any"),
        ("keys({ a = unknown })", "[\"a\"]"),
        ("upper(name)", "from var.name: string"),
        ("provider::aws::f(name)", "from var.name: any"),
        ("max(unknown...)", "from var.x: any"),
    ] {
        assert_eq!(show(text), shown, "{text}");
    }
}

#[test]
fn every_problem_is_told() {
    let (value, problems) = evaluate("[nope, list.x, 1 + \"a\"]");
    assert_eq!(value, Err(Failed));
    let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        ["`nope` is not declared", "a list of string has no attributes", "a number is required"]
    );
    assert_eq!(problems[1].location.unwrap().span, crate::source::Span::new(12, 13));
}

#[test]
fn secrets_are_marked_and_never_told() {
    for text in [
        "\"x${secret}\"",
        "secret == \"a\"",
        "[for c in [secret] : c if c == \"hunter2\"]",
        "[1, 2][secret == \"\" ? 0 : 1]",
    ] {
        let (value, problems) = evaluate(text);
        assert!(value.unwrap().marks_within().sensitive(), "{text}");
        assert!(problems.is_empty());
    }
    for text in [
        "1 + secret",
        "list[secret]",
        "{ a = 1 }[secret]",
        "true ? { (secret) = 1 } : [true]",
        "\"%{ if (null ? { a = { (secret) = 1 } } : true) }%{ endif }\"",
        "{ for x in [1, 2] : secret => x }",
        "secret ? 1 : 2",
    ] {
        let (value, problems) = evaluate(text);
        assert!(value.is_err(), "{text}");
        assert!(problems.iter().all(|problem| !problem.message.contains("hunter2")), "{text}: {problems:?}");
    }
}

#[test]
fn a_value_knows_the_expression_that_wrote_it() {
    let (value, _) = evaluate("true ? [for x in [1, 2] : x] : []");
    let value = value.unwrap();
    let (tree, _) = parse_expression(FileId(0), "true ? [for x in [1, 2] : x] : []".into());
    let written =
        |value: &Value| tree.slice(tree.span(crate::syntax::ExprId(value.origin().number() - 1))).to_owned();
    assert_eq!(written(&value), "[for x in [1, 2] : x]");
    assert_eq!(value.children().map(written).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn growth_is_bounded() {
    let mut text = "[1, 1]".to_owned();
    for name in 'a'..='z' {
        text = format!("[for {name} in [{text}] : [{name}, {name}]]");
    }
    assert!(show(&text).starts_with("this value consists of more than"), "{}", show(&text));
    let mut deep = "1".to_owned();
    for _ in 0..10 {
        deep = format!("[for x in [{deep}] : {}x{}][0]", "[".repeat(100), "]".repeat(100));
    }
    assert!(show(&deep).contains("levels deep"), "{}", show(&deep));
    // Nothing is evaluated twice, or this would never end.
    assert_eq!(show(&format!("{}unknown{}", "max(".repeat(100), "...)".repeat(100))), "from var.x: any");
    let loops = "[for a in x : [for b in x : [for c in x : [for d in x : [for e in x : 1]]]]]";
    let hundred = format!("[{}]", vec!["1"; 100].join(", "));
    assert!(show(&loops.replace('x', &hundred)).contains("more work"));
}

#[test]
fn deep_and_long_expressions_fit_the_stack() {
    for text in [
        format!("1{}", " + 1".repeat(400)),
        format!("{}1{}", "[".repeat(200), "]".repeat(200)),
        format!("{}1{}", "(".repeat(200), ")".repeat(200)),
        format!("{}true", "!".repeat(200)),
        format!("unknown{}", ".a".repeat(400)),
        format!("unknown{}", "[*]".repeat(200)),
        format!("{}1{}", "true ? ".repeat(100), " : 0".repeat(100)),
        format!("{}1{}", "\"${".repeat(100), "}\"".repeat(100)),
        format!("{}\"{}", "\"${".repeat(100), "}\"".repeat(100)),
    ] {
        let (tree, expr) = parse_expression(FileId(0), text.as_str().into());
        let mut log = Log::default();
        let _ = Evaluator::new(&tree, &names(), &mut log).evaluate(expr, None);
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null"),
        Just("true"),
        Just("false"),
        Just("0"),
        Just("-1.5"),
        Just("1e400"),
        Just("\"a\""),
        Just("\"1\""),
        Just("x"),
        Just("y"),
        Just("unknown"),
        Just("ids"),
        Just("db"),
        Just("secret"),
        Just("list"),
        Just("[]"),
        Just("{}"),
        Just("nope"),
    ]
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 32, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            (
                pair.clone(),
                prop_oneof![
                    Just("+"),
                    Just("-"),
                    Just("*"),
                    Just("/"),
                    Just("%"),
                    Just("=="),
                    Just("!="),
                    Just("<"),
                    Just(">="),
                    Just("&&"),
                    Just("||"),
                ]
            )
                .prop_map(|((a, b), op)| format!("({a} {op} {b})")),
            three.clone().prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            pair.clone().prop_map(|(a, b)| format!("[{a}, {b}]")),
            pair.clone().prop_map(|(a, b)| format!("{{ a = {a}, ({b}) = 1 }}")),
            pair.clone().prop_map(|(a, b)| format!("{a}[{b}]")),
            inner.clone().prop_map(|a| format!("({a}).a")),
            inner.clone().prop_map(|a| format!("({a})[*].a")),
            inner.clone().prop_map(|a| format!("({a}).*.a[0]")),
            inner.clone().prop_map(|a| format!("!({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            three.clone().prop_map(|(a, b, c)| format!("[for x, y in {a} : {b} if {c}]")),
            three.prop_map(|(a, b, c)| format!("{{ for x, y in {a} : {b} => {c}... }}")),
            pair.clone().prop_map(|(a, b)| format!("\"${{{a}}}-${{{b}}}\"")),
            pair.clone().prop_map(|(a, b)| format!("\"%{{ if {a} }}${{{b}}}%{{ endif }}\"")),
            pair.clone().prop_map(|(a, b)| format!("\"%{{ for y in {a} }}${{{b}}}%{{ endfor }}\"")),
            pair.prop_map(|(a, b)| format!("try({a}, can({b}))")),
        ]
    })
}

proptest! {
    #[test]
    fn evaluation_ends_and_says_what_is_wrong(text in expression(), x in arbitrary::value(), y in arbitrary::value()) {
        let (tree, expr) = parse_expression(FileId(0), text.as_str().into());
        let mut scope = names();
        scope.0.extend([("x", x), ("y", y)]);
        let mut log = Log::default();
        let result = Evaluator::new(&tree, &scope, &mut log).evaluate(expr, None);
        prop_assert_eq!(result.is_err(), !(log.problems.is_empty() && tree.errors.is_empty()), "{:?}", log.problems);
        prop_assert!(log.problems.iter().all(|problem| !problem.message.contains("hunter2")), "{:?}", log.problems);
        if let Ok(value) = result && let Kind::List(list) = value.kind() {
            prop_assert!(list.values.iter().all(|value| value.ty().conforms(&list.element)));
        }
    }
}
