//! Type constraints: `list(string)`, `object({ port = optional(number, 443) })`.

use std::sync::Arc;

use arcstr::ArcStr;

use super::{Evaluator, Failed, Log, Problem, Scope};
use crate::source::Location;
use crate::suggest::did_you_mean;
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::{AttributeDefault, Constraint, Defaults, ObjectAttribute, Type, Value};

const NAMES: [&str; 10] =
    ["any", "bool", "list", "map", "number", "object", "optional", "set", "string", "tuple"];

/// A type, and the defaults in it.
type Read = (Type, Option<Defaults>);

/// What is wrong with a constraint.
#[derive(Default, Debug)]
pub struct ConstraintLog {
    /// With the types it spells.
    pub types: Log,
    /// With the defaults of optional attributes.
    pub defaults: Log,
}

/// The constraint that an expression spells; names in the defaults of optional attributes mean what the scope says.
///
/// # Errors
/// [`Failed`] if it spells none; the log says why, unless the parser has.
pub fn constraint(
    tree: &Tree,
    expr: ExprId,
    scope: &dyn Scope,
    log: &mut ConstraintLog,
) -> Result<Constraint, Failed> {
    let (ty, defaults) = Reader { tree, scope, log }.ty(expr)?;
    Ok(Constraint { ty, defaults })
}

struct Reader<'a> {
    tree: &'a Tree,
    scope: &'a dyn Scope,
    log: &'a mut ConstraintLog,
}

impl Reader<'_> {
    fn wrong<T>(
        &mut self,
        expr: ExprId,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Result<T, Failed> {
        let location = Location::new(self.tree.file, self.tree.span(expr));
        Err(self.log.types.report(Problem { help, ..Problem::new(location, message) }))
    }

    fn ty(&mut self, expr: ExprId) -> Result<Read, Failed> {
        let tree = self.tree;
        match tree.kind(expr) {
            // Reported by the parser.
            ExprKind::Error => Err(Failed),
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
                name => self.wrong(expr, format!("there is no type `{name}`"), did_you_mean(name, NAMES)),
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
                        return self.wrong(expr, message, did_you_mean(name, NAMES));
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
                        Ok((ty, defaults.map(|defaults| Defaults::Elements(Box::new(defaults)))))
                    }
                }
            }
            _ => {
                self.wrong(expr, "this is no type", Some("write one like `string` or `list(string)`".into()))
            }
        }
    }

    fn tuple(&mut self, expr: ExprId) -> Result<Read, Failed> {
        let Some(elements) = elements(self.tree, expr) else {
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
        Ok((Type::tuple(types), defaults))
    }

    fn object(&mut self, expr: ExprId) -> Result<Read, Failed> {
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
                _ => match text(tree, key) {
                    Some(name) => name,
                    None => return self.wrong(key, "the name of an attribute must be plain text", None),
                },
            };
            let Ok((attribute, default, within)) = self.attribute(name.clone(), value) else {
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
        if sound { Ok((Type::object_of(attributes), defaults)) } else { Err(Failed) }
    }

    fn attribute(
        &mut self,
        name: ArcStr,
        expr: ExprId,
    ) -> Result<(ObjectAttribute, Option<Value>, Option<Defaults>), Failed> {
        let tree = self.tree;
        let ExprKind::Call { name: function, args, .. } = tree.kind(expr) else {
            let (ty, inner) = self.ty(expr)?;
            return Ok((ObjectAttribute { name, ty, optional: false }, None, inner));
        };
        if tree.slice(function) != "optional" {
            let (ty, inner) = self.ty(expr)?;
            return Ok((ObjectAttribute { name, ty, optional: false }, None, inner));
        }
        let args: Vec<ExprId> = tree.list(args).collect();
        let (ty, default) = match args.as_slice() {
            [ty] => (*ty, None),
            [ty, default] => (*ty, Some(*default)),
            _ => return self.wrong(expr, "`optional` takes a type and, if you like, a default", None),
        };
        let (ty, inner) = self.ty(ty)?;
        let constraint = Constraint { ty, defaults: inner };
        let default = match default {
            None => None,
            Some(default) => Some(self.default(default, &constraint)?).filter(|value| !value.is_null()),
        };
        let Constraint { ty, defaults: inner } = constraint;
        Ok((ObjectAttribute { name, ty, optional: true }, default, inner))
    }

    fn default(&mut self, expr: ExprId, constraint: &Constraint) -> Result<Value, Failed> {
        let tree = self.tree;
        let value = Evaluator::new(tree, self.scope, &mut self.log.defaults).evaluate(expr, None)?;
        constraint.apply(&value).map_err(|error| {
            let location = Location::new(tree.file, tree.span(expr));
            self.log.defaults.report(Problem::new(location, error.to_string()))
        })
    }
}

/// The elements of a list that is written out.
fn elements(tree: &Tree, expr: ExprId) -> Option<Vec<ExprId>> {
    match tree.kind(expr) {
        ExprKind::Tuple(list) => Some(tree.list(list).collect()),
        ExprKind::Paren(inner) => elements(tree, inner),
        _ => None,
    }
}

/// The text, if it is a literal one.
fn text(tree: &Tree, expr: ExprId) -> Option<ArcStr> {
    match tree.kind(expr) {
        ExprKind::String(text) => Some(tree.text(text).into()),
        ExprKind::JsonString { text, template } if matches!(tree.kind(template), ExprKind::String(_)) => {
            Some(tree.text(text).into())
        }
        ExprKind::Paren(inner) => self::text(tree, inner),
        _ => None,
    }
}

fn plain(ty: Type) -> Result<Read, Failed> {
    Ok((ty, None))
}
