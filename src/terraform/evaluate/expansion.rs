//! `count` and `for_each`: how many instances there are, and what `each` and `count` are in them.

use arcstr::ArcStr;

use super::instance::Shape;
use super::unknown::derived;
use super::{Instance, InstanceScope, Repetition, Run};
use crate::eval::Problem;
use crate::model::{ExprAt, Key, ProblemKind};
use crate::source::Location;
use crate::terraform::bounds::{INSTANCES_OF_ONE, INSTANCES_OF_ROOT};
use crate::value::{Kind, Type, Value};
use std::rc::Rc;

/// The instances that something has.
pub(super) struct Expansion {
    pub(super) shape: Shape,
    pub(super) each: Vec<(Key, Repetition)>,
}

/// The arguments that say how many.
#[derive(Clone, Copy, Default)]
pub(super) struct Repeated {
    pub(super) count: Option<ExprAt>,
    pub(super) for_each: Option<ExprAt>,
    /// `lifecycle.enabled`
    pub(super) enabled: Option<ExprAt>,
}

impl Expansion {
    fn one() -> Self {
        Self { shape: Shape::One, each: vec![(Key::None, Repetition::None)] }
    }

    /// One that stands for all.
    fn symbolic(repetition: Repetition) -> Self {
        Self { shape: Shape::Symbolic, each: vec![(Key::Any, repetition)] }
    }
}

impl<'m> Run<'m> {
    /// Evaluates `count` or `for_each`. What goes wrong is reported, and one instance then stands for all.
    pub(super) fn expand(
        &self,
        instance: &Rc<Instance<'m>>,
        repeated: Repeated,
        address: &str,
        header: Location,
    ) -> Expansion {
        let scope =
            InstanceScope { run: self, instance, repetition: &Repetition::None, own: None, resource: None };
        // An override file may bring a `for_each` to a `count`: the `count` stays.
        let expansion = match repeated {
            Repeated { count: Some(at), .. } => self.count(&scope, at, address, header),
            Repeated { for_each: Some(at), .. } => self.for_each(&scope, at, address, header),
            Repeated { enabled: Some(at), .. } => match self.evaluate(&scope, at, None).map(Value::into_kind)
            {
                Some(Kind::Bool(false)) => Expansion { shape: Shape::Disabled, each: Vec::new() },
                Some(Kind::Bool(true)) => {
                    Expansion { shape: Shape::Disabled, each: vec![(Key::None, Repetition::None)] }
                }
                _ => Expansion::one(),
            },
            Repeated { .. } => self.hidden(address, header).unwrap_or_else(Expansion::one),
        };
        let count = expansion.each.len();
        if self.room_for(count) {
            return expansion;
        }
        let reason = format!("the root has more than {INSTANCES_OF_ROOT} instances");
        self.pass_over(header, address, count, reason);
        Expansion { shape: Shape::Symbolic, each: Vec::new() }
    }

    /// What broken syntax may hide: a `for_each` or a `count` that lost its `=` still says that there are several.
    fn hidden(&self, address: &str, header: Location) -> Option<Expansion> {
        let tree = self.model.tree(header.file)?;
        let damaged = tree.damage().into_iter().find(|damaged| damaged.contains(header.span))?;
        let text = tree.slice(damaged);
        let unknown = |of: &str| self.unknown(format!("{address}.{of}"));
        let repetition = if text.contains("for_each") {
            Repetition::Each(unknown("each.key"), unknown("each.value"))
        } else if text.contains("count") {
            Repetition::Count(unknown("count.index"))
        } else {
            return None;
        };
        self.because(address, "broken syntax may hide how many there are");
        Some(Expansion::symbolic(repetition))
    }

    /// The instances that a plan names, where the source does not know how many there are.
    fn planned(&self, address: &str, shape: Shape, value: &Value) -> Option<Expansion> {
        let keys = self.plan.keys.as_ref()?.get(address)?;
        let is_set = match value.kind() {
            Kind::Set(_) => true,
            Kind::Unknown(unknown) => matches!(unknown.ty, Type::Set(_)),
            _ => false,
        };
        let one = |key: &Key| {
            let repetition = match (key, shape) {
                (Key::Count(index), Shape::Count) => {
                    let index = Value::int(i64::try_from(*index).ok()?);
                    Repetition::Count(index.with_origin(value.origin()))
                }
                (Key::Each(key), Shape::Each) => {
                    let key = Value::string(key.clone()).with_origin(value.origin());
                    let element = if is_set { key.clone() } else { derived(value, Type::Dynamic) };
                    Repetition::Each(key, element)
                }
                _ => return None,
            };
            Some((key.clone(), repetition))
        };
        let each = keys.iter().map(one).collect::<Option<Vec<_>>>()?;
        (each.len() <= INSTANCES_OF_ONE).then_some(Expansion { shape, each })
    }

    fn wrong(&self, scope: &InstanceScope<'_, 'm>, at: ExprAt, message: impl Into<String>) {
        let problem = Problem::new(self.model.location(at), message);
        self.report(ProblemKind::Expression, problem, scope.instance.id, None);
    }

    fn count(&self, scope: &InstanceScope<'_, 'm>, at: ExprAt, address: &str, header: Location) -> Expansion {
        let lost = |run: &Self| {
            let index = run.unknown(format!("{address}[*].count.index"));
            Expansion::symbolic(Repetition::Count(index))
        };
        let Some(value) = self.evaluate(scope, at, None) else { return lost(self) };
        let number = match crate::value::convert(&value, &Type::Number).map(Value::into_kind) {
            Ok(Kind::Number(number)) => match number.to_i64() {
                Some(number) => number,
                None => {
                    self.wrong(scope, at, "`count` must be a whole number");
                    return lost(self);
                }
            },
            Ok(Kind::Unknown(_)) => {
                if let Some(planned) = self.planned(address, Shape::Count, &value) {
                    return planned;
                }
                self.because(format!("{address}[*]"), "how many instances there are is not known");
                return Expansion::symbolic(Repetition::Count(derived(&value, Type::Number)));
            }
            Ok(Kind::Null(_)) => {
                self.wrong(scope, at, "`count` must not be null");
                return lost(self);
            }
            Ok(_) | Err(_) => {
                self.wrong(scope, at, "`count` must be a number");
                return lost(self);
            }
        };
        match usize::try_from(number) {
            Ok(count) if count <= INSTANCES_OF_ONE => Expansion {
                shape: Shape::Count,
                each: (0..count as u64)
                    .map(|index| {
                        let value = Value::int(index as i64).with_origin(value.origin());
                        (Key::Count(index), Repetition::Count(value))
                    })
                    .collect(),
            },
            Ok(count) => {
                let reason = format!("`count` yields more than {INSTANCES_OF_ONE} instances");
                self.pass_over(header, address, count, reason);
                lost(self)
            }
            Err(_) => {
                self.wrong(scope, at, "`count` must not be negative");
                lost(self)
            }
        }
    }

    fn for_each(
        &self,
        scope: &InstanceScope<'_, 'm>,
        at: ExprAt,
        address: &str,
        header: Location,
    ) -> Expansion {
        let lost = |run: &Self| {
            let key = run.unknown(format!("{address}[*].each.key"));
            let value = run.unknown(format!("{address}[*].each.value"));
            Expansion::symbolic(Repetition::Each(key, value))
        };
        let Some(value) = self.evaluate(scope, at, None) else { return lost(self) };
        if value.meta().sensitive() {
            self.wrong(scope, at, "`for_each` must not be sensitive: its keys show in addresses");
            return lost(self);
        }
        if value.meta().ephemeral() {
            self.wrong(scope, at, "`for_each` must not be ephemeral: its keys show in addresses");
            return lost(self);
        }
        let each: Vec<(ArcStr, Value)> = match value.kind() {
            Kind::Map(map) => map.entries.clone(),
            Kind::Object(object) => object.entries.clone(),
            Kind::Set(_) if !value.is_wholly_known() => {
                if let Some(planned) = self.planned(address, Shape::Each, &value) {
                    return planned;
                }
                self.because(format!("{address}[*]"), "how many instances there are is not known");
                let key = derived(&value, Type::String);
                return Expansion::symbolic(Repetition::Each(key.clone(), key));
            }
            Kind::Set(set) => {
                let mut keys = Vec::with_capacity(set.values.len());
                for element in &set.values {
                    match element.kind() {
                        Kind::String(key) => keys.push((key.clone(), element.clone())),
                        Kind::Null(_) => {
                            self.wrong(scope, at, "the set of `for_each` must not contain null");
                            return lost(self);
                        }
                        _ => {
                            let message = "the set of `for_each` must contain texts and nothing else";
                            self.wrong(scope, at, message);
                            return lost(self);
                        }
                    }
                }
                keys
            }
            Kind::Unknown(unknown) => {
                if let Some(planned) = self.planned(address, Shape::Each, &value) {
                    return planned;
                }
                self.because(format!("{address}[*]"), "how many instances there are is not known");
                let key = derived(&value, Type::String);
                let element = match &unknown.ty {
                    Type::Set(_) => key.clone(),
                    Type::Map(element) => derived(&value, (**element).clone()),
                    _ => derived(&value, Type::Dynamic),
                };
                return Expansion::symbolic(Repetition::Each(key, element));
            }
            Kind::Null(_) => {
                self.wrong(scope, at, "`for_each` must not be null");
                return lost(self);
            }
            _ => {
                let problem =
                    Problem::new(self.model.location(at), "`for_each` must be a map or a set of texts")
                        .with_help("wrap a list in `toset(...)`");
                self.report(ProblemKind::Expression, problem, scope.instance.id, None);
                return lost(self);
            }
        };
        if each.len() > INSTANCES_OF_ONE {
            let reason = format!("`for_each` yields more than {INSTANCES_OF_ONE} instances");
            self.pass_over(header, address, each.len(), reason);
            return lost(self);
        }
        let key_origin = value.origin();
        Expansion {
            shape: Shape::Each,
            each: each
                .into_iter()
                .map(|(key, element)| {
                    let text = Value::string(key.clone());
                    let origin = if element.as_str() == Some(&*key) { element.origin() } else { key_origin };
                    (Key::Each(key), Repetition::Each(text.with_origin(origin), element))
                })
                .collect(),
        }
    }
}
