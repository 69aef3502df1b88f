//! Type constraints: `list(string)`, `object({ port = optional(number, 443) })`.

use std::sync::Arc;

use arcstr::ArcStr;

use super::super::constant;
use super::super::literal;
use super::super::structure::wrong;
use crate::model::{Problem, ProblemKind};
use crate::suggest::did_you_mean as offer;
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::{AttributeDefault, Constraint, Defaults, ObjectAttribute, Type, Value};

const NAMES: [&str; 10] =
    ["any", "bool", "list", "map", "number", "object", "optional", "set", "string", "tuple"];

/// The constraint that an expression spells; `None` if it spells none, which is then a problem.
pub(super) fn constraint(tree: &Tree, expr: ExprId, problems: &mut Vec<Problem>) -> Option<Constraint> {
    // The JSON form has no other way to write a type than in a string.
    if let (ExprKind::JsonString { .. }, Some((inner, root))) = (tree.kind(expr), tree.expression_in(expr)) {
        if inner.errors.is_empty() {
            return Reader { tree: &inner, problems }.top(root);
        }
        problems.push(wrong(tree.file, tree.span(expr), "this is no type", None));
        return None;
    }
    if let Some(text) = literal::text(tree, expr) {
        let message = "a type is written without quotes";
        let help = match text {
            "list" | "map" => format!("write `{text}(string)`"),
            _ => format!("write `{text}`"),
        };
        problems.push(wrong(tree.file, tree.span(expr), message, Some(help)));
        // Old configuration means well: read it.
        let ty = match text {
            "string" => Type::String,
            "list" => Type::List(Arc::new(Type::String)),
            "map" => Type::Map(Arc::new(Type::String)),
            _ => return None,
        };
        return Some(Constraint { ty, defaults: None });
    }
    Reader { tree, problems }.top(expr)
}

struct Reader<'a> {
    tree: &'a Tree,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn top(&mut self, expr: ExprId) -> Option<Constraint> {
        let (ty, defaults) = self.ty(expr)?;
        Some(Constraint { ty, defaults })
    }

    fn wrong<T>(&mut self, expr: ExprId, message: impl Into<String>, help: Option<String>) -> Option<T> {
        self.problems.push(wrong(self.tree.file, self.tree.span(expr), message, help));
        None
    }

    fn ty(&mut self, expr: ExprId) -> Option<(Type, Option<Defaults>)> {
        let tree = self.tree;
        match tree.kind(expr) {
            // Reported by the parser.
            ExprKind::Error => None,
            ExprKind::Paren(inner) => self.ty(inner),
            ExprKind::Name => match tree.slice(tree.span(expr)) {
                "any" => plain(Type::Dynamic),
                "bool" => plain(Type::Bool),
                "number" => plain(Type::Number),
                "string" => plain(Type::String),
                "list" => plain(Type::List(Arc::new(Type::Dynamic))),
                "map" => plain(Type::Map(Arc::new(Type::Dynamic))),
                name @ ("set" | "object" | "tuple") => {
                    let example = match name {
                        "set" => "set(string)",
                        "object" => "object({ name = string })",
                        _ => "tuple([string, number])",
                    };
                    self.wrong(expr, format!("`{name}` must say of what"), Some(format!("write `{example}`")))
                }
                name => self.wrong(expr, format!("there is no type `{name}`"), offer(name, NAMES)),
            },
            ExprKind::Call { name, args, expand } => {
                let args: Vec<ExprId> = tree.list(args).collect();
                let name = tree.slice(name);
                let inner = match (args.as_slice(), name) {
                    ([inner], "list" | "set" | "map" | "object" | "tuple") if !expand => *inner,
                    (_, "list" | "set" | "map" | "object" | "tuple") => {
                        return self.wrong(expr, format!("`{name}` takes one argument"), None);
                    }
                    (_, "optional") => {
                        let message = "`optional` is only for the attributes of an object type";
                        return self.wrong(expr, message, None);
                    }
                    _ => {
                        let message = format!("there is no type `{name}`");
                        return self.wrong(expr, message, offer(name, NAMES));
                    }
                };
                match name {
                    "object" => self.object(inner),
                    "tuple" => self.tuple(inner),
                    _ => {
                        let (ty, defaults) = self.ty(inner)?;
                        let ty = Arc::new(ty);
                        let ty = match name {
                            "list" => Type::List(ty),
                            "set" => Type::Set(ty),
                            _ => Type::Map(ty),
                        };
                        Some((ty, defaults.map(|defaults| Defaults::Elements(Box::new(defaults)))))
                    }
                }
            }
            _ => {
                self.wrong(expr, "this is no type", Some("write one like `string` or `list(string)`".into()))
            }
        }
    }

    fn tuple(&mut self, expr: ExprId) -> Option<(Type, Option<Defaults>)> {
        let Some(elements) = literal::elements(self.tree, expr) else {
            let help = "write `tuple([string, number])`".to_owned();
            return self.wrong(expr, "`tuple` takes a list of types", Some(help));
        };
        let mut types = Vec::new();
        let mut defaults = Vec::new();
        for element in elements {
            let (ty, inner) = self.ty(element)?;
            types.push(ty);
            defaults.push(inner);
        }
        let defaults = defaults.iter().any(Option::is_some).then_some(Defaults::Tuple(defaults));
        Some((Type::tuple(types), defaults))
    }

    fn object(&mut self, expr: ExprId) -> Option<(Type, Option<Defaults>)> {
        let tree = self.tree;
        let ExprKind::Object(list) = tree.kind(expr) else {
            let help = "write `object({ name = string })`".to_owned();
            return self.wrong(expr, "`object` takes its attributes and their types", Some(help));
        };
        let mut attributes: Vec<ObjectAttribute> = Vec::new();
        let mut defaults: Vec<AttributeDefault> = Vec::new();
        let mut sound = true;
        for (key, value) in tree.pairs(list) {
            let name: ArcStr = match tree.kind(key) {
                ExprKind::Key | ExprKind::Name => tree.slice(tree.span(key)).into(),
                _ => match literal::kept(tree, key) {
                    Some(name) => name,
                    None => return self.wrong(key, "the name of an attribute must be plain text", None),
                },
            };
            let Some((attribute, default, within)) = self.attribute(name.clone(), value) else {
                sound = false;
                continue;
            };
            attributes.retain(|known| known.name != name);
            defaults.retain(|known| known.name != name);
            attributes.push(attribute);
            if default.is_some() || within.is_some() {
                defaults.push(AttributeDefault { name, default, within });
            }
        }
        let defaults = (!defaults.is_empty()).then_some(Defaults::Object(defaults));
        sound.then(|| (Type::object_of(attributes), defaults))
    }

    fn attribute(
        &mut self,
        name: ArcStr,
        expr: ExprId,
    ) -> Option<(ObjectAttribute, Option<Value>, Option<Defaults>)> {
        let tree = self.tree;
        let ExprKind::Call { name: function, args, .. } = tree.kind(expr) else {
            let (ty, inner) = self.ty(expr)?;
            return Some((ObjectAttribute { name, ty, optional: false }, None, inner));
        };
        if tree.slice(function) != "optional" {
            let (ty, inner) = self.ty(expr)?;
            return Some((ObjectAttribute { name, ty, optional: false }, None, inner));
        }
        let args: Vec<ExprId> = tree.list(args).collect();
        let (ty, default) = match args.as_slice() {
            [ty] => (*ty, None),
            [ty, default] => (*ty, Some(*default)),
            _ => return self.wrong(expr, "`optional` takes a type and, if you like, a default", None),
        };
        let (ty, inner) = self.ty(ty)?;
        let default = match default {
            None => None,
            Some(default) => {
                let constraint = Constraint { ty: ty.clone(), defaults: inner.clone() };
                let value = constant::constrained(tree, default, &constraint);
                match value {
                    Ok(value) if value.is_null() => None,
                    Ok(value) => Some(value),
                    Err(problems) => {
                        self.problems.extend(problems.into_iter().map(|problem| Problem {
                            kind: ProblemKind::Expression,
                            problem,
                            contexts: Vec::new(),
                        }));
                        return None;
                    }
                }
            }
        };
        Some((ObjectAttribute { name, ty, optional: true }, default, inner))
    }
}

fn plain(ty: Type) -> Option<(Type, Option<Defaults>)> {
    Some((ty, None))
}
