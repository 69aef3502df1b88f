//! `c ? a : b`

use super::Failed;
use super::evaluator::{Evaluator, Frames, Outcome};
use crate::syntax::ExprId;
use crate::value::{Kind, Meta, Refinement, Type, Unknown, Value, convert, unify};

impl Evaluator<'_> {
    /// Both arms are evaluated, because they must have a type in common; the one that is not chosen may fail.
    pub(super) fn conditional(
        &mut self,
        expr: ExprId,
        condition: ExprId,
        (then, otherwise): (ExprId, ExprId),
        frames: Frames<'_>,
    ) -> Outcome {
        let arms = self.arms((then, otherwise), |this, arm| this.evaluate(arm, frames));
        let common = match (&arms.then, &arms.otherwise) {
            (Ok(a), Ok(b)) => match common(a, b) {
                Some(common) => common,
                None => return Err(self.inconsistent(expr, a, b)),
            },
            _ => Common::AsTheyAre,
        };
        let (chosen, marks) = self.choose(&arms, condition, frames)?;
        let value = match chosen {
            Chosen::Then => self.arm(arms.then?, then, &common)?,
            Chosen::Otherwise => self.arm(arms.otherwise?, otherwise, &common)?,
            Chosen::Unknown(value) => {
                let (a, b) = (arms.then.as_ref().ok(), arms.otherwise.as_ref().ok());
                self.written(undecided(&value, a, b, &common), expr)
            }
        };
        Ok(value.with_marks_of(marks))
    }

    /// Evaluates both arms in the same way.
    pub(super) fn arms(
        &mut self,
        (then, otherwise): (ExprId, ExprId),
        mut evaluate: impl FnMut(&mut Self, ExprId) -> Outcome,
    ) -> Arms {
        let start = self.log.mark();
        let then = evaluate(self, then);
        let middle = self.log.mark();
        let otherwise = evaluate(self, otherwise);
        Arms { then, otherwise, problems: [start, middle, self.log.mark()] }
    }

    /// Which arm a condition chooses, and the marks of all three. Of the arms' problems those of the chosen one stay.
    pub(super) fn choose(
        &mut self,
        arms: &Arms,
        condition: ExprId,
        frames: Frames<'_>,
    ) -> Result<(Chosen, Meta), Failed> {
        let [start, middle, end] = arms.problems;
        let value = match self.condition(condition, frames) {
            Ok(value) => value,
            Err(failed) => {
                self.log.problems.drain(start..end);
                return Err(failed);
            }
        };
        let marks = [&arms.then, &arms.otherwise]
            .into_iter()
            .flatten()
            .fold(Meta::default().with_marks_of(value.meta()), |marks, arm| marks.with_marks_of(arm.meta()));
        let chosen = match value.kind() {
            Kind::Bool(true) => {
                self.log.problems.drain(middle..end);
                Chosen::Then
            }
            Kind::Bool(false) => {
                self.log.problems.drain(start..middle);
                Chosen::Otherwise
            }
            _ => {
                self.log.rewind(start);
                Chosen::Unknown(value)
            }
        };
        Ok((chosen, marks))
    }

    fn arm(&mut self, value: Value, expr: ExprId, common: &Common) -> Outcome {
        match common {
            Common::Type(ty) => convert(&value, ty).map_err(|error| {
                let message = format!("the arms of a conditional must have one type, {ty}: {error}");
                self.fail(self.tree.span(expr), message)
            }),
            Common::AsTheyAre => Ok(value),
        }
    }

    fn inconsistent(&mut self, expr: ExprId, a: &Value, b: &Value) -> Failed {
        // The names of what is sensitive may be made of it.
        let shown = |value: &Value| {
            if value.marks_within().sensitive() {
                kind_in_words(&value.ty()).to_owned()
            } else {
                brief(&value.ty())
            }
        };
        let (a, b) = (shown(a), shown(b));
        self.fail_with_help(
            self.tree.span(expr),
            format!("the arms of a conditional must have one type, but they are {} and {}", a, b),
            "convert one of them, or give both the same attributes",
        )
    }
}

/// Both arms, and where the problems of each begin and end in the log.
pub(super) struct Arms {
    pub(super) then: Outcome,
    pub(super) otherwise: Outcome,
    problems: [usize; 3],
}

/// What a condition says.
pub(super) enum Chosen {
    Then,
    Otherwise,
    /// The condition, which is not known.
    Unknown(Value),
}

/// What the arms become.
enum Common {
    Type(Type),
    /// The type of one is not known.
    AsTheyAre,
}

fn common(a: &Value, b: &Value) -> Option<Common> {
    let untyped_null = |value: &Value| matches!(value.kind(), Kind::Null(None));
    let same_scalars = matches!(
        (a.kind(), b.kind()),
        (Kind::String(_), Kind::String(_))
            | (Kind::Number(_), Kind::Number(_))
            | (Kind::Bool(_), Kind::Bool(_))
    );
    if same_scalars {
        return Some(Common::AsTheyAre);
    }
    let (from, to) = (a.ty(), b.ty());
    if untyped_null(a) {
        return Some(Common::Type(to));
    }
    if untyped_null(b) {
        return Some(Common::Type(from));
    }
    if from == Type::Dynamic || to == Type::Dynamic {
        return Some(Common::AsTheyAre);
    }
    match unify(&[from, to], true)? {
        Type::Dynamic => Some(Common::AsTheyAre),
        ty => Some(Common::Type(ty)),
    }
}

/// The value where the condition is not known.
fn undecided(condition: &Value, a: Option<&Value>, b: Option<&Value>, common: &Common) -> Value {
    let identity = Value::derived([Some(condition), a, b].into_iter().flatten());
    let (Some(a), Some(b)) = (a, b) else { return Value::unknown(Unknown::new(identity)) };
    let ty = match common {
        Common::Type(ty) => ty.clone(),
        Common::AsTheyAre if a.ty() == b.ty() => a.ty(),
        Common::AsTheyAre => Type::Dynamic,
    };
    if a.is_null() && b.is_null() {
        return Value::null_of(ty);
    }
    let length = match (length(a), length(b)) {
        (Some((least, most)), Some((other_least, other_most))) if a.ty() == b.ty() => {
            let most = most.zip(other_most).map(|(a, b)| a.max(b));
            Some((least.min(other_least), most))
        }
        _ => None,
    };
    let refinement = Refinement { not_null: not_null(a) && not_null(b), prefix: None, length };
    Value::unknown(Unknown { ty, identity, refinement })
}

fn not_null(value: &Value) -> bool {
    match value.kind() {
        Kind::Null(_) => false,
        Kind::Unknown(unknown) => unknown.refinement.not_null,
        _ => true,
    }
}

/// The bounds of a collection's length.
fn length(value: &Value) -> Option<(u64, Option<u64>)> {
    let len = match value.kind() {
        Kind::List(list) => list.values.len(),
        Kind::Map(map) => map.entries.len(),
        Kind::Set(set) if set.values.len() < 2 || value.is_wholly_known() => set.values.len(),
        Kind::Set(set) => return Some((1, Some(set.values.len() as u64))),
        Kind::Unknown(unknown) => return unknown.refinement.length,
        _ => return None,
    };
    Some((len as u64, Some(len as u64)))
}

/// A type in a message: long ones by their kind alone.
pub(super) fn brief(ty: &Type) -> String {
    let whole = ty.to_string();
    if whole.len() <= 80 {
        return whole;
    }
    kind_in_words(ty).to_owned()
}

/// A type without what it is made of.
fn kind_in_words(ty: &Type) -> &'static str {
    match ty {
        Type::Object(_) => "an object",
        Type::Tuple(_) => "a tuple",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map(_) => "a map",
        Type::String => "a string",
        Type::Number => "a number",
        Type::Bool => "a bool",
        _ => "of any type",
    }
}
