//! `for` and splats.

use arcstr::ArcStr;

use super::evaluator::{Evaluator, Frames, Outcome};
use super::reference::SPLAT_ITEM;
use super::{Failed, Frame, bounds};
use crate::source::Span;
use crate::syntax::{ExprId, For};
use crate::value::{Identity, Kind, Meta, Refinement, Step, Type, Unknown, Value};

/// What a loop goes over.
enum Items {
    /// Keys and values.
    Known(Vec<(Value, Value)>),
    /// It is not known what there is.
    Unknown,
}

/// What a pass of a loop leaves.
enum Passed {
    /// The condition leaves it out.
    Out,
    /// The condition or the key is not known.
    Unknown,
    /// The key (if wanted) and the value.
    In(Option<ArcStr>, Value),
}

/// What the passes of a loop amount to, besides values.
struct Tally {
    marks: Meta,
    /// What is unknown of which items there are.
    unknown: Vec<Identity>,
}

impl Evaluator<'_> {
    pub(super) fn for_expr(&mut self, expr: ExprId, index: u32, frames: Frames<'_>) -> Outcome {
        let each = *self.tree.for_expr(index);
        let (collection, passed, tally) = match self.iterate(expr, &each, frames)? {
            Some(passes) => passes,
            None => return Err(Failed),
        };
        let value = match passed {
            None => {
                let mut identities = tally.unknown;
                collection.collect_identities(&mut identities);
                Value::unknown(Unknown::new(Identity::derived(&identities)))
            }
            Some(passed) if each.key.is_none() => {
                Value::tuple(passed.into_iter().map(|(_, value)| value).collect())
            }
            Some(passed) if each.group => grouped(passed),
            Some(passed) => self.keyed(&each, passed, tally.marks.sensitive())?,
        };
        let value = self.written(value.with_marks_of(tally.marks), expr);
        self.bounded(value, expr)
    }

    /// The texts of a loop in a template, joined by who asks.
    pub(super) fn iterate_values(
        &mut self,
        expr: ExprId,
        each: &For,
        frames: Frames<'_>,
    ) -> Result<(Value, Option<Vec<Value>>, Meta), Failed> {
        match self.iterate(expr, each, frames)? {
            Some((collection, passed, tally)) => {
                let values = passed.map(|passed| passed.into_iter().map(|(_, value)| value).collect());
                Ok((collection, values, tally.marks))
            }
            None => Err(Failed),
        }
    }

    /// All passes: the collection, what they leave (`None` if that hangs on what is unknown), and what they tell.
    #[expect(clippy::type_complexity, reason = "named once, read once")]
    fn iterate(
        &mut self,
        expr: ExprId,
        each: &For,
        frames: Frames<'_>,
    ) -> Result<Option<(Value, Option<Vec<(Option<ArcStr>, Value)>>, Tally)>, Failed> {
        let collection = self.evaluate(each.collection, frames)?;
        let mut tally =
            Tally { marks: Meta::default().with_marks_of(collection.meta()), unknown: Vec::new() };
        let items = match self.items(each.collection, &collection)? {
            Items::Known(items) if !items.is_empty() => items,
            items => {
                self.check_condition(each, frames, &mut tally)?;
                let passed = matches!(items, Items::Known(_)).then(Vec::new);
                return Ok(Some((collection, passed, tally)));
            }
        };
        let mut passed = Vec::with_capacity(items.len());
        let mut failed = false;
        for (key, value) in &items {
            self.spend(expr, bounds::PASS)?;
            match self.pass_over(each, key, value, frames, &mut tally) {
                Ok(Passed::Out | Passed::Unknown) => {}
                Ok(Passed::In(key, value)) => passed.push((key, value)),
                // The other passes would most likely fail alike.
                Err(Failed) => {
                    failed = true;
                    break;
                }
            }
        }
        if failed {
            return Ok(None);
        }
        let passed = tally.unknown.is_empty().then_some(passed);
        Ok(Some((collection, passed, tally)))
    }

    /// One pass: the condition, the key and the value, where the loop's names are these.
    fn pass_over(
        &mut self,
        each: &For,
        key: &Value,
        value: &Value,
        frames: Frames<'_>,
        tally: &mut Tally,
    ) -> Result<Passed, Failed> {
        let tree = self.tree;
        let key_frame =
            each.key_name.map(|name| Frame { name: tree.slice(name), value: key, parent: frames });
        let outer = key_frame.as_ref().or(frames);
        let frame = Frame { name: tree.slice(each.value_name), value, parent: outer };
        let frames = Some(&frame);
        if let Some(condition) = each.condition {
            let included = self.condition(condition, frames)?;
            tally.marks = tally.marks.with_marks_of(included.meta());
            match included.kind() {
                Kind::Bool(true) => {}
                Kind::Bool(false) => return Ok(Passed::Out),
                _ => {
                    included.collect_identities(&mut tally.unknown);
                    return Ok(Passed::Unknown);
                }
            }
        }
        let name = match each.key {
            None => None,
            Some(key) => {
                let name = self.key(key, frames)?;
                tally.marks = tally.marks.with_marks_of(name.meta());
                match name.kind() {
                    Kind::String(name) => Some(name.clone()),
                    _ => {
                        name.collect_identities(&mut tally.unknown);
                        // What is unknown without an identity still leaves the whole unknown.
                        if tally.unknown.is_empty() {
                            tally.unknown.push(Identity::derived([]));
                        }
                        return Ok(Passed::Unknown);
                    }
                }
            }
        };
        Ok(Passed::In(name, self.evaluate(each.value, frames)?))
    }

    /// The condition is checked even if no item is known, with names that could be anything.
    fn check_condition(&mut self, each: &For, frames: Frames<'_>, tally: &mut Tally) -> Result<(), Failed> {
        let Some(condition) = each.condition else { return Ok(()) };
        let any = Value::unknown(Unknown::new(Identity::derived([])));
        let tree = self.tree;
        let key_frame =
            each.key_name.map(|name| Frame { name: tree.slice(name), value: &any, parent: frames });
        let outer = key_frame.as_ref().or(frames);
        let frame = Frame { name: tree.slice(each.value_name), value: &any, parent: outer };
        let included = self.condition(condition, Some(&frame))?;
        tally.marks = tally.marks.with_marks_of(included.meta());
        Ok(())
    }

    /// The keys and values of what is iterated.
    fn items(&mut self, expr: ExprId, collection: &Value) -> Result<Items, Failed> {
        let numbered = |values: &[Value]| {
            Items::Known(
                values.iter().enumerate().map(|(at, value)| (Value::int(at as i64), value.clone())).collect(),
            )
        };
        Ok(match collection.kind() {
            Kind::List(list) => numbered(&list.values),
            Kind::Tuple(values) => numbered(values),
            Kind::Set(set) => {
                Items::Known(set.values.iter().map(|value| (value.clone(), value.clone())).collect())
            }
            Kind::Object(object) if object.rest.is_some() => Items::Unknown,
            Kind::Map(_) | Kind::Object(_) => {
                let entries = collection.entries().unwrap_or_default().iter();
                Items::Known(
                    entries.map(|(key, value)| (Value::string(key.clone()), value.clone())).collect(),
                )
            }
            Kind::Unknown(unknown) if !unknown.ty.is_primitive() => Items::Unknown,
            Kind::Null(_) => return Err(self.fail(self.tree.span(expr), "null cannot be iterated over")),
            _ => {
                let message = format!("a {} cannot be iterated over", collection.ty());
                let help = "a list, a set, a tuple, a map or an object can";
                return Err(self.fail_with_help(self.tree.span(expr), message, help));
            }
        })
    }

    /// An object of the values by their keys, each of which may be there once.
    fn keyed(&mut self, each: &For, passed: Vec<(Option<ArcStr>, Value)>, hide: bool) -> Outcome {
        let mut entries: Vec<(ArcStr, Value)> =
            passed.into_iter().filter_map(|(key, value)| Some((key?, value))).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        if let Some(((key, _), _)) = entries.iter().zip(entries.iter().skip(1)).find(|(a, b)| a.0 == b.0) {
            let message = match hide {
                true => "two items have the same key".to_owned(),
                false => format!("two items have the same key, `{key}`"),
            };
            let span = each.key.map_or(Span::at(0), |key| self.tree.span(key));
            let help = "write `...` behind the value to collect the values of each key in a list";
            return Err(self.fail_with_help(span, message, help));
        }
        Ok(Value::object(entries))
    }

    pub(super) fn splat(
        &mut self,
        expr: ExprId,
        (base, each): (ExprId, ExprId),
        frames: Frames<'_>,
    ) -> Outcome {
        let source = self.evaluate(base, frames)?;
        let marks = Meta::default().with_marks_of(source.meta());
        let value = match source.kind() {
            Kind::Null(ty) => match ty.as_deref() {
                Some(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                    return Err(self.fail(self.tree.span(base), "null has no elements for a splat"));
                }
                _ => Value::tuple(Vec::new()),
            },
            Kind::List(list) | Kind::Set(list) => {
                let values = self.splat_each(expr, each, &list.values, frames)?;
                self.splat_list(expr, each, &list.element, values, frames)?
            }
            Kind::Tuple(values) => Value::tuple(self.splat_each(expr, each, values, frames)?),
            Kind::Unknown(unknown) => self.splat_unknown(expr, each, unknown, frames)?,
            // Anything else is taken for a list of itself.
            _ => {
                let only = source.clone().unmarked();
                Value::tuple(self.splat_each(expr, each, &[only], frames)?)
            }
        };
        let value = self.written(value.with_marks_of(marks), expr);
        self.bounded(value, expr)
    }

    fn splat_each(
        &mut self,
        expr: ExprId,
        each: ExprId,
        values: &[Value],
        frames: Frames<'_>,
    ) -> Result<Vec<Value>, Failed> {
        let mut results = Vec::with_capacity(values.len().min(bounds::COLLECTION_ELEMENTS));
        for value in values {
            self.spend(expr, bounds::PASS)?;
            let frame = Frame { name: SPLAT_ITEM, value, parent: frames };
            results.push(self.evaluate(each, Some(&frame))?);
        }
        Ok(results)
    }

    /// A splat over a list or set is a list, whose elements must have one type.
    fn splat_list(
        &mut self,
        expr: ExprId,
        each: ExprId,
        element: &Type,
        values: Vec<Value>,
        frames: Frames<'_>,
    ) -> Outcome {
        if values.is_empty() {
            let any = Value::unknown(Unknown { ty: element.clone(), ..Unknown::new(Identity::derived([])) });
            let frame = Frame { name: SPLAT_ITEM, value: &any, parent: frames };
            let ty = self.evaluate(each, Some(&frame))?.ty();
            return Ok(Value::list(ty, values));
        }
        let mut types: Vec<Type> = values.iter().map(Value::ty).filter(|ty| *ty != Type::Dynamic).collect();
        types.dedup();
        match types.as_slice() {
            [] => Ok(Value::list(Type::Dynamic, values)),
            [only] => Ok(Value::list(only.clone(), values)),
            _ => Err(self.fail_with_help(
                self.tree.span(expr),
                "the elements of this splat have different types, so they make no list",
                "use `[for … in … : …]`, which makes a tuple",
            )),
        }
    }

    /// A splat over what is not known is not known either, but which value it is stays known.
    fn splat_unknown(
        &mut self,
        expr: ExprId,
        each: ExprId,
        unknown: &Unknown,
        frames: Frames<'_>,
    ) -> Outcome {
        let element = match &unknown.ty {
            Type::List(element) | Type::Set(element) => (**element).clone(),
            _ => Type::Dynamic,
        };
        let identity = match &unknown.identity {
            Identity::Exact(exact) => Identity::Exact(exact.step(Step::Any).into()),
            derived @ Identity::Derived(_) => derived.clone(),
        };
        let scalar = !matches!(unknown.ty, Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Tuple(_));
        if scalar && unknown.refinement.not_null {
            let only = Value::unknown(unknown.clone());
            return Ok(Value::tuple(self.splat_each(expr, each, &[only], frames)?));
        }
        if let Type::Tuple(types) = &unknown.ty {
            let values = types
                .iter()
                .map(|ty| Value::unknown(Unknown { ty: ty.clone(), ..Unknown::new(identity.clone()) }));
            let values: Vec<Value> = values.collect();
            let types = self.splat_each(expr, each, &values, frames)?.iter().map(Value::ty).collect();
            return Ok(Value::unknown_of(Type::tuple(types), unknown.identity.clone()));
        }
        let item = Value::unknown(Unknown { ty: element, ..Unknown::new(identity) });
        let frame = Frame { name: SPLAT_ITEM, value: &item, parent: frames };
        let result = self.evaluate(each, Some(&frame))?;
        let ty = match &unknown.ty {
            Type::List(_) | Type::Set(_) => Type::list(result.ty()),
            _ => Type::Dynamic,
        };
        let refinement =
            Refinement { not_null: ty != Type::Dynamic, prefix: None, length: unknown.refinement.length };
        let identity = match result.as_unknown() {
            Some(result) => result.identity.clone(),
            None => Value::derived([&result, &item]),
        };
        Ok(Value::unknown(Unknown { ty, identity, refinement }))
    }
}

/// An object of tuples: the values of each key, in their order.
fn grouped(passed: Vec<(Option<ArcStr>, Value)>) -> Value {
    let mut entries: Vec<(ArcStr, Value)> =
        passed.into_iter().filter_map(|(key, value)| Some((key?, value))).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let mut groups: Vec<(ArcStr, Vec<Value>)> = Vec::new();
    for (key, value) in entries {
        match groups.last_mut() {
            Some((last, values)) if *last == key => values.push(value),
            _ => groups.push((key, vec![value])),
        }
    }
    Value::object(groups.into_iter().map(|(key, values)| (key, Value::tuple(values))).collect())
}
