//! Structure compared with `hcl-edit`, over what it reads rightly. Left out is what it does not: line ends around `?` and
//! `:` within the braces of a `for`, a repeated key of an object, and where templates trim (it leaves that to others).

use std::sync::Arc;

use hcl_edit::expr::{Expression, ForExpr, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Directive, Element};
use proptest::prelude::*;

use super::printer;
use crate::source::FileId;
use crate::syntax::{parse_expression, parse_hcl, parse_template};

fn join<T>(items: impl IntoIterator<Item = T>, show: impl Fn(T) -> String) -> String {
    items.into_iter().map(|item| format!(" {}", show(item))).collect()
}

fn expression(expr: &Expression) -> String {
    match expr {
        Expression::Null(_) => "null".into(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(number) => number.value().to_string(),
        Expression::String(text) => format!("{:?}", text.value()),
        Expression::Array(array) => format!("(tuple{})", join(array.iter(), expression)),
        Expression::Object(object) => format!(
            "(object{})",
            join(object.iter(), |(key, value)| {
                let key = match key {
                    ObjectKey::Ident(name) => format!("'{}", name.value().as_str()),
                    ObjectKey::Expression(Expression::Variable(name)) => {
                        format!("'{}", name.value().as_str())
                    }
                    ObjectKey::Expression(key) => expression(key),
                };
                format!("{key} {}", expression(value.expr()))
            })
        ),
        Expression::StringTemplate(template) => elements(template.iter(), true),
        Expression::HeredocTemplate(heredoc) => elements(heredoc.template.iter(), true),
        Expression::Parenthesis(inner) => format!("(paren {})", expression(inner.inner())),
        Expression::Variable(name) => name.value().as_str().into(),
        Expression::Conditional(c) => {
            format!(
                "(? {} {} {})",
                expression(&c.cond_expr),
                expression(&c.true_expr),
                expression(&c.false_expr)
            )
        }
        Expression::FuncCall(call) => {
            let namespace: String =
                call.name.namespace.iter().map(|name| format!("{}::", name.as_str())).collect();
            let expand = if call.args.expand_final() { " ..." } else { "" };
            format!("({namespace}{}{}{expand})", call.name.name.as_str(), join(call.args.iter(), expression))
        }
        Expression::Traversal(traversal) => {
            let operators: Vec<_> = traversal.operators.iter().map(|operator| operator.value()).collect();
            steps(expression(&traversal.expr), &operators)
        }
        Expression::UnaryOp(op) => {
            let sign = if *op.operator.value() == UnaryOperator::Not { "!" } else { "neg" };
            format!("({sign} {})", expression(&op.expr))
        }
        Expression::BinaryOp(op) => {
            format!("({} {} {})", op.operator.value(), expression(&op.lhs_expr), expression(&op.rhs_expr))
        }
        Expression::ForExpr(each) => for_expression(each),
    }
}

fn for_expression(each: &ForExpr) -> String {
    let mut text = String::from("(for");
    if let Some(key) = &each.intro.key_var {
        text += &format!(" {},", key.as_str());
    }
    text += &format!(" {} in {} :", each.intro.value_var.as_str(), expression(&each.intro.collection_expr));
    if let Some(key) = &each.key_expr {
        text += &format!(" {} =>", expression(key));
    }
    text += &format!(" {}", expression(&each.value_expr));
    if each.grouping {
        text += " ...";
    }
    if let Some(condition) = &each.cond {
        text += &format!(" if {}", expression(&condition.expr));
    }
    text + ")"
}

/// Steps behind a term: a full splat takes all that follow it, an attribute splat the attributes.
fn steps(mut base: String, operators: &[&TraversalOperator]) -> String {
    let mut rest = operators;
    while let [operator, after @ ..] = rest {
        rest = after;
        base = match operator {
            TraversalOperator::GetAttr(name) => format!("{base}.{}", name.as_str()),
            TraversalOperator::Index(key) => format!("{base}[{}]", expression(key)),
            TraversalOperator::LegacyIndex(index) => format!("{base}.<{}>", index.value()),
            TraversalOperator::FullSplat(_) => return format!("([*] {base} {})", steps("@".into(), rest)),
            TraversalOperator::AttrSplat(_) => {
                let attribute = |o: &&TraversalOperator| {
                    matches!(o, TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_))
                };
                let taken = rest.iter().take_while(|operator| attribute(operator)).count();
                let each = steps("@".into(), &rest[..taken]);
                rest = &rest[taken..];
                format!("(.* {base} {each})")
            }
        };
    }
    base
}

/// A template; with `whole`, literals alone are a text and a lone interpolation is one.
fn elements<'a>(elements: impl Iterator<Item = &'a Element>, whole: bool) -> String {
    let elements: Vec<_> = elements.collect();
    match elements[..] {
        [] => return "\"\"".into(),
        [Element::Literal(text)] if whole => return format!("{:?}", text.value()),
        [Element::Interpolation(inner)] if whole => return format!("(lone {})", expression(&inner.expr)),
        _ => {}
    }
    format!("(template{})", join(elements, element))
}

fn element(element: &Element) -> String {
    match element {
        Element::Literal(text) => format!("{:?}", text.value()),
        Element::Interpolation(inner) => expression(&inner.expr),
        Element::Directive(directive) => match &**directive {
            Directive::If(it) => format!(
                "(%if {} {} {})",
                expression(&it.if_expr.cond_expr),
                elements(it.if_expr.template.iter(), false),
                it.else_expr.as_ref().map_or("\"\"".into(), |other| elements(other.template.iter(), false)),
            ),
            Directive::For(it) => {
                let each = &it.for_expr;
                let key = each.key_var.as_ref().map_or(String::new(), |key| format!(" {},", key.as_str()));
                format!(
                    "(%for{key} {} in {} : {})",
                    each.value_var.as_str(),
                    expression(&each.collection_expr),
                    elements(each.template.iter(), false),
                )
            }
        },
    }
}

fn body(structures: &Body) -> String {
    structures
        .iter()
        .map(|structure| match structure {
            Structure::Attribute(attribute) => {
                format!("{} = {}; ", attribute.key.as_str(), expression(&attribute.value))
            }
            Structure::Block(block) => {
                let labels: String =
                    block.labels.iter().map(|label| format!(" {:?}", label.as_str())).collect();
                format!("{}{labels} {{ {}}}; ", block.ident.as_str(), body(&block.body))
            }
        })
        .collect()
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b_c", "d-e", "var", "é", "_x", "in", "if", "nullable"])
        .prop_map(Into::into)
}

/// Blanks, where line ends mean nothing also those and comments.
fn gap(lines: bool) -> impl Strategy<Value = &'static str> {
    prop::sample::select(if lines {
        vec![" ", "\n  ", " /* x */ ", " # y\n"]
    } else {
        vec![" ", "  ", "\t", " /* x */ "]
    })
}

fn literal() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["x", "x y", "é", "- ", "x\\n", "\\\"q\\\"", "$ ", "% "]).prop_map(Into::into)
}

/// An expression of one line, unless brackets let it go on.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => name(),
        2 => prop::sample::select(vec!["0", "1", "42", "2.5", "true", "false", "null", "\"\"", "\"s\""]).prop_map(String::from),
    ];
    leaf.prop_recursive(5, 48, 4, |inner| {
        let many = prop::collection::vec(inner.clone(), 0..4);
        let operators =
            prop::sample::select(vec!["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"]);
        let after = prop_oneof![
            name().prop_map(|name| format!(".{name}")),
            Just(".0.y".to_owned()),
            Just(".*".to_owned()),
            Just("[*]".to_owned()),
            Just("[0]".to_owned()),
            inner.clone().prop_map(|key| format!("[{key}]")),
        ];
        let binary = (inner.clone(), operators, inner.clone(), gap(false));
        let conditional = (inner.clone(), inner.clone(), inner.clone(), gap(false));
        let items = prop::collection::vec(
            (prop_oneof![name(), Just("\"k\"".into()), Just("(x)".into())], inner.clone()),
            0..4,
        );
        let template = prop::collection::vec(
            prop_oneof![
                literal(),
                inner.clone().prop_map(|inner| format!("${{ {inner} }}")),
                inner.clone().prop_map(|inner| format!("%{{ if {inner} }}y%{{ else }}${{z}}%{{ endif }}")),
                inner.clone().prop_map(|inner| format!("%{{ for k, v in {inner} }}${{v}};%{{ endfor }}")),
            ],
            0..4,
        );
        prop_oneof![
            (inner.clone(), gap(true)).prop_map(|(inner, gap)| format!("({gap}{inner}{gap})")),
            (many.clone(), gap(true))
                .prop_map(|(many, gap)| format!("[{gap}{}]", many.join(&format!(",{gap}")))),
            (many, name(), any::<bool>()).prop_map(|(many, name, expand)| {
                format!("{name}({}{})", many.join(", "), if expand && !many.is_empty() { "..." } else { "" })
            }),
            items.prop_map(|items| {
                let mut keys = std::collections::BTreeSet::new();
                let unique = items.into_iter().filter(|(key, _)| keys.insert(key.clone()));
                format!(
                    "{{{}}}",
                    unique.map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ")
                )
            }),
            binary.prop_map(|(left, op, right, gap)| format!("({left}{gap}{op}{gap}{right}{gap}{op} 1)")),
            conditional.prop_map(|(a, b, c, gap)| format!("({a}{gap}?{gap}{b}{gap}:{gap}{c})")),
            (prop::sample::select(vec!["-", "!"]), name())
                .prop_map(|(sign, name)| format!("({sign}{name} + {sign}{name}.x)")),
            (name(), prop::collection::vec(after, 1..4)).prop_map(|(name, mut after)| {
                // `.*` behind another one is no expression.
                let first = after.iter().position(|step| step == ".*");
                let mut at = 0;
                after.retain(|step| (step != ".*" || Some(at) == first, at += 1).0);
                format!("{name}{}", after.concat())
            }),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[for k, v in {a} : {b} if k]")),
            (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(a, b, group)| format!(
                "{{for v in {a} : v => {b}{}}}",
                if group { "..." } else { "" }
            )),
            template.prop_map(|parts| format!("\"{}\"", parts.concat())),
        ]
    })
}

/// Bodies with blocks in one another.
fn bodies() -> impl Strategy<Value = String> {
    let item = (name(), expressions()).prop_map(|(name, value)| format!("{name} = {value}\n"));
    let body = prop::collection::vec(item, 0..3);
    let labels =
        prop::collection::vec(prop_oneof![name(), Just("\"l m\"".into()), Just("\"\\n\"".into())], 0..3);
    let unique = |items: Vec<String>| {
        let mut names = std::collections::BTreeSet::new();
        let first = |item: &String| names.insert(item.split(' ').next().unwrap_or("").to_owned());
        items.into_iter().filter(first).collect::<String>()
    };
    body.prop_map(unique).prop_recursive(3, 12, 3, move |inner| {
        (name(), labels.clone(), prop::collection::vec(inner, 0..3), gap(false)).prop_map(
            |(name, labels, inner, gap)| {
                let blocks: String = inner.iter().map(|inner| format!("block {{\n{inner}}}\n")).collect();
                format!("{name}{gap}{} {{\n# a comment\n{blocks}}}\n\n", labels.join(" "))
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn expressions_have_the_structure_that_hcl_edit_sees(source in expressions()) {
        let (tree, id) = parse_expression(FileId(0), Arc::from(source.as_str()));
        match hcl_edit::parser::parse_expr(&source) {
            Ok(theirs) => {
                prop_assert!(tree.errors.is_empty(), "{:?}", tree.errors);
                prop_assert_eq!(printer::expression(&tree, id), expression(&theirs));
            }
            Err(error) => prop_assert!(!tree.errors.is_empty(), "they reject it: {}", error),
        }
    }

    #[test]
    fn templates_have_the_structure_that_hcl_edit_sees(
        parts in prop::collection::vec(prop_oneof![
            Just("line\n".to_owned()), Just("\"q\" \\n ".to_owned()), expressions().prop_map(|inner| format!("${{{inner}}}")),
            expressions().prop_map(|inner| format!("%{{ if {inner} }}a\nb%{{ endif }}")),
        ], 0..4)
    ) {
        let source = parts.concat();
        let (tree, id) = parse_template(FileId(0), Arc::from(source.as_str()));
        if let Ok(theirs) = hcl_edit::parser::parse_template(&source) {
            prop_assert!(tree.errors.is_empty(), "{:?}", tree.errors);
            prop_assert_eq!(printer::expression(&tree, id), elements(theirs.iter(), true));
        } else {
            prop_assert!(!tree.errors.is_empty());
        }
    }

    #[test]
    fn bodies_have_the_structure_that_hcl_edit_sees(source in bodies()) {
        let tree = parse_hcl(FileId(0), Arc::from(source.as_str()));
        match hcl_edit::parser::parse_body(&source) {
            Ok(theirs) => {
                prop_assert!(tree.errors.is_empty(), "{:?}", tree.errors);
                prop_assert_eq!(printer::body(&tree, tree.root), body(&theirs));
            }
            Err(error) => prop_assert!(!tree.errors.is_empty(), "they reject it: {}", error),
        }
    }
}
