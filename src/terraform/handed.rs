//! What units give the variables of their modules: values on their way through the environment, as texts.

use std::sync::Arc;

use super::constant;
use crate::eval::Log;
use crate::source::FileId;
use crate::syntax::parse_expression;
use crate::value::{Constraint, Kind, Origin, Step, Type, Value, convert};

/// Why a variable cannot take what a unit gives it.
#[derive(Clone, PartialEq, Debug)]
pub struct Misfit {
    /// Where in the value.
    pub path: Vec<Step>,
    /// Who wrote what is there, behind those who wrote what it is in.
    pub origins: Vec<Origin>,
    /// Why: lower case, no full stop. Tells types and names, but not what a value is.
    pub message: String,
}

/// The value as a variable gets it. Terragrunt hands over texts as they are, and everything else as JSON; Terraform takes that
/// as it is where the variable is a text, a number or a bool, and else reads it as an expression.
///
/// # Errors
/// Why it cannot take it.
pub fn hand_over(value: &Value, constraint: &Constraint) -> Result<Value, Misfit> {
    let error = match constraint.apply(value) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    through_environment(value, constraint).map(|taken| taken.with_meta(value.meta())).ok_or_else(|| {
        let mut misfit = Misfit { path: Vec::new(), origins: Vec::new(), message: error.to_string() };
        narrow(value, &constraint.ty, &mut misfit);
        misfit
    })
}

/// What becomes of a value of another type than the variable's; `None` if nothing does.
fn through_environment(value: &Value, constraint: &Constraint) -> Option<Value> {
    match (value.kind(), &constraint.ty) {
        // As a text `1` is a bool, and `true` is.
        (Kind::Number(_) | Kind::Bool(_), ty) if ty.is_primitive() => {
            convert(&Value::string(value.to_json()?), ty).ok()
        }
        (Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) | Kind::Map(_) | Kind::Object(_), Type::String) => {
            Some(match value.to_json() {
                Some(text) => Value::string(text),
                None => Value::unknown_of(Type::String, Value::derived([value])),
            })
        }
        (Kind::String(text), ty) if !ty.is_primitive() => {
            let (tree, expr) = parse_expression(FileId(0), Arc::from(text.as_str()));
            if !tree.errors.is_empty() {
                return None;
            }
            let read = constant::value(&tree, expr, &mut Log::default()).ok()?;
            constraint.apply(&written_by(&read, value.origin())?).ok()
        }
        _ => None,
    }
}

/// Who wrote a text wrote all that is in it. `None` for what only functions make, which are not called there.
fn written_by(value: &Value, origin: Origin) -> Option<Value> {
    let written = match value.kind() {
        Kind::Tuple(values) => {
            Value::tuple(values.iter().map(|value| written_by(value, origin)).collect::<Option<_>>()?)
        }
        Kind::Object(object) => {
            let entries = object.entries.iter();
            let entry =
                |(key, value): &(arcstr::ArcStr, Value)| Some((key.clone(), written_by(value, origin)?));
            Value::object(entries.map(entry).collect::<Option<_>>()?)
        }
        Kind::List(_) | Kind::Set(_) | Kind::Map(_) | Kind::Unknown(_) => return None,
        _ => value.clone(),
    };
    Some(written.with_origin(origin))
}

/// Finds the innermost part of a value that does not convert.
fn narrow(value: &Value, ty: &Type, misfit: &mut Misfit) {
    misfit.origins.push(value.origin());
    // What is in it is no less sensitive.
    if value.meta().sensitive() {
        return;
    }
    let wrong = parts(value, ty).into_iter().find(|(_, part, ty)| convert(part, ty).is_err());
    match wrong {
        Some((step, part, ty)) => {
            misfit.path.push(step);
            narrow(part, &ty, misfit);
        }
        None => {
            if let Err(error) = convert(value, ty) {
                misfit.message = error.message;
            }
        }
    }
}

/// The parts of a value, each with the type that it should have.
fn parts<'v>(value: &'v Value, ty: &Type) -> Vec<(Step, &'v Value, Type)> {
    let elements = value.elements().unwrap_or_default();
    let entries = value.entries().unwrap_or_default();
    match ty {
        Type::List(element) | Type::Set(element) => {
            let part = |(index, part)| (Step::Index(index as u64), part, Type::clone(element));
            elements.iter().enumerate().map(part).collect()
        }
        Type::Tuple(types) if types.len() == elements.len() => {
            let part = |(index, (part, ty)): (usize, (&'v Value, &Type))| {
                (Step::Index(index as u64), part, ty.clone())
            };
            elements.iter().zip(types.iter()).enumerate().map(part).collect()
        }
        Type::Map(element) => {
            let part = |(key, part): &'v (arcstr::ArcStr, Value)| {
                (Step::Key(key.clone()), part, Type::clone(element))
            };
            entries.iter().map(part).collect()
        }
        Type::Object(attributes) => {
            let part = |(key, part): &'v (arcstr::ArcStr, Value)| {
                let wanted = attributes.iter().find(|wanted| wanted.name == *key)?;
                Some((Step::Attr(key.clone()), part, wanted.ty.clone()))
            };
            entries.iter().filter_map(part).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        let (tree, expr) = parse_expression(FileId(0), Arc::from(text));
        constant::value(&tree, expr, &mut Log::default()).expect("a value")
    }

    #[test]
    fn values_arrive_as_terraform_takes_them_from_the_environment() {
        let list = || Type::list(Type::String);
        let table = [
            ("1", Type::Bool, Some("true")),
            ("2", Type::Bool, None),
            ("true", Type::Number, None),
            ("\"3\"", Type::Number, Some("3")),
            ("\"three\"", Type::Number, None),
            ("[\"a\"]", Type::Number, None),
            ("[\"a\"]", Type::String, Some("\"[\\\"a\\\"]\"")),
            ("\"[1, 2]\"", list(), Some("[\"1\",\"2\"]")),
            ("\"a\"", list(), None),
            ("\"\"", list(), None),
            ("{ a = 1 }", list(), None),
            ("null", list(), Some("null")),
        ];
        for (given, ty, wanted) in table {
            let handed = hand_over(&read(given), &Constraint::new(ty)).ok();
            assert_eq!(handed.and_then(|value| value.to_json()).as_deref(), wanted, "{given}");
        }
    }

    #[test]
    fn the_innermost_part_is_told() {
        let subnet =
            Type::object([("cidr".into(), Type::String), ("zones".into(), Type::list(Type::Number))]);
        let given = read("[{ cidr = \"a\", zones = [] }, { cidr = \"b\", zones = [1, \"two\"] }]");
        let misfit = hand_over(&given, &Constraint::new(Type::list(subnet))).expect_err("a misfit");
        let path: String = misfit.path.iter().map(ToString::to_string).collect();
        assert_eq!((path.as_str(), misfit.message.as_str()), ("[1].zones[1]", "a number is required"));
    }
}
