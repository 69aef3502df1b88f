//! A tree as text, close to the source but with its structure visible.

use crate::syntax::{BinaryOp, BodyId, ExprId, ExprKind, Item, Tree, UnaryOp};

/// An expression as an S-expression.
pub(super) fn expression(tree: &Tree, id: ExprId) -> String {
    let sub = |id: ExprId| expression(tree, id);
    let many =
        |ids: &mut dyn Iterator<Item = ExprId>| ids.map(|id| format!(" {}", sub(id))).collect::<String>();
    match tree.kind(id) {
        ExprKind::Error => "<error>".into(),
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number | ExprKind::Name => tree.slice(tree.span(id)).into(),
        ExprKind::Key => format!("'{}", tree.slice(tree.span(id))),
        ExprKind::String(text) => format!("{:?}", tree.text(text)),
        ExprKind::Template(list) => format!("(template{})", many(&mut tree.list(list))),
        ExprKind::Interpolation(inner) => format!("(lone {})", sub(inner)),
        ExprKind::TemplateIf { condition, then, otherwise } => {
            format!("(%if {} {} {})", sub(condition), sub(then), sub(otherwise))
        }
        ExprKind::TemplateFor(index) => format!("(%for{})", each(tree, index)),
        ExprKind::Tuple(list) => format!("(tuple{})", many(&mut tree.list(list))),
        ExprKind::Object(list) => format!("(object{})", many(&mut tree.list(list))),
        ExprKind::Attr { base, name } => format!("{}.{}", sub(base), tree.slice(name)),
        ExprKind::Index { base, key, legacy: true } => format!("{}.<{}>", sub(base), sub(key)),
        ExprKind::Index { base, key, legacy: false } => format!("{}[{}]", sub(base), sub(key)),
        ExprKind::Splat { base, each, legacy } => {
            format!("({} {} {})", if legacy { ".*" } else { "[*]" }, sub(base), sub(each))
        }
        ExprKind::SplatItem => "@".into(),
        ExprKind::Call { name, args, expand } => {
            format!(
                "({}{}{})",
                tree.slice(name),
                many(&mut tree.list(args)),
                if expand { " ..." } else { "" }
            )
        }
        ExprKind::Unary { op, operand } => {
            format!("({} {})", if op == UnaryOp::Not { "!" } else { "neg" }, sub(operand))
        }
        ExprKind::Binary { op, left, right } => format!("({} {} {})", sign(op), sub(left), sub(right)),
        ExprKind::Conditional { condition, then, otherwise } => {
            format!("(? {} {} {})", sub(condition), sub(then), sub(otherwise))
        }
        ExprKind::For(index) => format!("(for{})", each(tree, index)),
        ExprKind::Paren(inner) => format!("(paren {})", sub(inner)),
        ExprKind::JsonString { text, template } => format!("(json {:?} {})", tree.text(text), sub(template)),
    }
}

fn each(tree: &Tree, index: u32) -> String {
    let each = tree.for_expr(index);
    let mut text = String::new();
    if let Some(key) = each.key_name {
        text += &format!(" {},", tree.slice(key));
    }
    text += &format!(" {} in {} :", tree.slice(each.value_name), expression(tree, each.collection));
    if let Some(key) = each.key {
        text += &format!(" {} =>", expression(tree, key));
    }
    text += &format!(" {}", expression(tree, each.value));
    if each.group {
        text += " ...";
    }
    if let Some(condition) = each.condition {
        text += &format!(" if {}", expression(tree, condition));
    }
    text
}

pub(super) fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}

/// A body in one line: `name = expr; type "label" { … };`.
pub(super) fn body(tree: &Tree, id: BodyId) -> String {
    tree.items(id)
        .iter()
        .map(|item| match item {
            Item::Attribute(attribute) => {
                format!("{} = {}; ", tree.name(attribute.name), expression(tree, attribute.value))
            }
            Item::Block(id) => {
                let block = tree.block(*id);
                let labels: String =
                    tree.labels(block).iter().map(|label| format!(" {:?}", tree.text(label.text))).collect();
                format!("{}{labels} {{ {}}}; ", tree.name(block.kind), body(tree, block.body))
            }
        })
        .collect()
}
