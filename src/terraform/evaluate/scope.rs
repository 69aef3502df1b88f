//! What names mean in an instance.

use std::rc::Rc;

use arcstr::ArcStr;

use super::instance::Called;
use super::instance::Shape;
use super::unknown::{identified, present};
use super::{Expanded, Instance, Repetition, Resources, Run};
use crate::eval::{Access, Failed, Log, Reference, Resolved, Scope, World};
use crate::model::{Key, Mode};
use crate::source::Location;
use crate::value::{Kind, Type, Value};

/// The names of a module instance, and those of the block that an expression stands in.
pub(in super::super) struct InstanceScope<'a, 'm> {
    pub(super) run: &'a Run<'m>,
    pub(super) instance: &'a Rc<Instance<'m>>,
    /// What `each` and `count` are.
    pub(super) repetition: &'a Repetition,
    /// What `self` is.
    pub(super) own: Option<&'a Value>,
    /// The address of the resource instance that problems are about.
    pub(super) resource: Option<&'a ArcStr>,
}

impl Scope for InstanceScope<'_, '_> {
    fn resolve(&self, reference: &Reference<'_>, _: &mut Log) -> Result<Resolved, Failed> {
        let mut first = [""; 2];
        let written = reference.steps.iter().map_while(|step| match step {
            Access::Attr(name, _) => Some(*name),
            Access::Index(..) => None,
        });
        let mut count = 0;
        for (slot, name) in first.iter_mut().zip(written) {
            *slot = name;
            count += 1;
        }
        let at = reference.location;
        let found = match (reference.root, first.get(..count).unwrap_or_default()) {
            ("var", [name, ..]) => self.variable(name, at),
            ("local", [name, ..]) => self.local(name, at),
            ("each", [name, ..]) => (self.each(name), 1),
            ("count", ["index", ..]) => (self.count(), 1),
            ("self", _) => (self.own.cloned().unwrap_or_else(|| self.run.unknown("self")), 0),
            ("path", [name, ..]) => (self.path(name), 1),
            ("terraform" | "tofu", [name, ..]) => (self.terraform(name), 1),
            ("module", [name, ..]) => self.module(name, reference),
            ("data", [ty, name, ..]) => self.resource(Mode::Data, ty, name, 2, reference),
            ("ephemeral", [ty, name, ..]) => self.resource(Mode::Ephemeral, ty, name, 2, reference),
            ("resource", [ty, name, ..]) => self.resource(Mode::Managed, ty, name, 2, reference),
            (ty, [name, ..]) => self.resource(Mode::Managed, ty, name, 1, reference),
            (word, []) => (self.nobody(word), 0),
        };
        Ok(Resolved { value: found.0, consumed: found.1 })
    }

    fn world(&self) -> &dyn World {
        &self.run.files
    }
}

impl<'m> InstanceScope<'_, 'm> {
    /// What nobody declares: the check of references has said so.
    fn nobody(&self, address: &str) -> Value {
        let address = self.instance.inside(&[address]);
        self.run.because(address.as_str(), format!("`{address}` is not declared"));
        self.run.unknown(address)
    }

    fn variable(&self, name: &str, at: Location) -> (Value, usize) {
        let value = match self.instance.module.variable(name) {
            Some(index) => self.run.variable(self.instance, index, Some(at)),
            None => self.nobody(&format!("var.{name}")),
        };
        (value, 1)
    }

    fn local(&self, name: &str, at: Location) -> (Value, usize) {
        let value = match self.instance.module.local(name) {
            Some(index) => self.run.local(self.instance, index, Some(at)),
            None => self.nobody(&format!("local.{name}")),
        };
        (value, 1)
    }

    fn each(&self, name: &str) -> Value {
        match (self.repetition, name) {
            (Repetition::Each(key, _), "key") => key.clone(),
            (Repetition::Each(_, value), "value") => value.clone(),
            _ => self.nobody(&format!("each.{name}")),
        }
    }

    fn count(&self) -> Value {
        match self.repetition {
            Repetition::Count(index) => index.clone(),
            _ => self.nobody("count.index"),
        }
    }

    fn path(&self, name: &str) -> Value {
        match name {
            "module" => Value::string(self.run.files.relative(&self.instance.module.dir)),
            "root" => Value::string("."),
            "cwd" => Value::string(self.run.files.base_text()),
            _ => self.nobody(&format!("path.{name}")),
        }
    }

    fn terraform(&self, name: &str) -> Value {
        match name {
            "workspace" => match &self.run.plan.workspace {
                Some(workspace) => Value::text(workspace.as_str()),
                None => {
                    self.run.because("terraform.workspace", "no workspace is named");
                    present(self.run.exact("terraform.workspace"), Type::String)
                }
            },
            "applying" => identified(self.run.exact("terraform.applying"), Type::Bool),
            _ => self.nobody(&format!("terraform.{name}")),
        }
    }

    fn module(&self, name: &str, reference: &Reference<'_>) -> (Value, usize) {
        let Some(index) = self.instance.module.call(name) else {
            return (self.nobody(&format!("module.{name}")), 1);
        };
        let at = reference.location;
        let expanded = self.run.call(self.instance, index, Some(at));
        let rest = reference.steps.get(1..).unwrap_or_default();
        let (called, taken) = match (expanded.shape, rest) {
            (Shape::One | Shape::Disabled, _) => (expanded.instances.first(), 0),
            (_, [Access::Index(key, _), ..]) => (find(&expanded.instances, key, |called| &called.key), 1),
            _ => (None, 0),
        };
        let Some(called) = called else {
            return (self.whole_module(&expanded, name, at), 1);
        };
        match (rest.get(taken), &called.instance) {
            (Some(Access::Attr(output, _)), Some(instance)) => match instance.module.output(output) {
                Some(output) => (self.run.output(instance, output, Some(at)).value, taken + 2),
                None => {
                    let address = format!("{}.{output}", called.address);
                    self.run.because(address.as_str(), format!("`{address}` is not declared"));
                    (self.run.unknown(address), taken + 2)
                }
            },
            _ => (self.one_module(called, at), taken + 1),
        }
    }

    /// All outputs of one instance.
    fn one_module(&self, called: &Called<'m>, at: Location) -> Value {
        let Some(instance) = &called.instance else { return self.run.unknown(called.address.clone()) };
        let outputs = instance.module.outputs.iter().enumerate();
        Value::object(
            outputs
                .map(|(index, output)| {
                    (output.named.name.clone(), self.run.output(instance, index, Some(at)).value)
                })
                .collect(),
        )
    }

    fn whole_module(&self, expanded: &Expanded<'m>, name: &str, at: Location) -> Value {
        collection(
            expanded.shape,
            expanded.instances.iter().map(|called| (&called.key, self.one_module(called, at))),
            || self.run.unknown(self.instance.inside(&["module.", name])),
        )
    }

    fn resource(
        &self,
        mode: Mode,
        ty: &str,
        name: &str,
        names: usize,
        reference: &Reference<'_>,
    ) -> (Value, usize) {
        let Some(index) = self.instance.module.resource(mode, ty, name) else {
            return (self.nobody(&format!("{}{ty}.{name}", mode.prefix())), names);
        };
        let resources = self.run.resources(self.instance, index, Some(reference.location));
        if matches!(resources.shape, Shape::Count | Shape::Each | Shape::Symbolic)
            && let Some(Access::Index(key, _)) = reference.steps.get(names)
            && let Some(found) = find(&resources.instances, key, |found| &found.key)
        {
            return (marked_by(found.attributes.clone(), key), names + 1);
        }
        (self.all(&resources, mode, ty, name), names)
    }

    fn all(&self, resources: &Resources, mode: Mode, ty: &str, name: &str) -> Value {
        let whole = resources.whole.get_or_init(|| {
            collection(
                resources.shape,
                resources.instances.iter().map(|found| (&found.key, found.attributes.clone())),
                || self.run.unknown(self.instance.inside(&[mode.prefix(), ty, ".", name])),
            )
        });
        whole.clone()
    }
}

/// What is found by a marked key is marked too.
fn marked_by(value: Value, key: &Value) -> Value {
    let meta = value.meta().with_marks_of(key.meta());
    value.with_meta(meta)
}

/// The instance of that key; of a symbolic one, the one that stands for all.
fn find<'i, T>(instances: &'i [T], key: &Value, key_of: impl Fn(&T) -> &Key) -> Option<&'i T> {
    let fits = |known: &Key| match (known, key.kind()) {
        (Key::Any, _) => true,
        (Key::Count(index), Kind::Number(number)) => number.to_i64() == i64::try_from(*index).ok(),
        (Key::Count(index), Kind::String(text)) => text.parse() == Ok(*index),
        (Key::Each(known), Kind::String(text)) => known == text,
        (Key::Each(known), Kind::Number(number)) => {
            number.to_i64().is_some() && known.parse().ok() == number.to_i64()
        }
        _ => false,
    };
    instances.iter().find(|instance| fits(key_of(instance)))
}

/// All instances as one value.
fn collection<'k>(
    shape: Shape,
    instances: impl Iterator<Item = (&'k Key, Value)>,
    unknown: impl FnOnce() -> Value,
) -> Value {
    match shape {
        Shape::One | Shape::Disabled => instances.map(|(_, value)| value).next().unwrap_or_else(Value::null),
        Shape::Count => Value::tuple(instances.map(|(_, value)| value).collect()),
        Shape::Each => Value::object(
            instances
                .filter_map(|(key, value)| match key {
                    Key::Each(key) => Some((key.clone(), value)),
                    _ => None,
                })
                .collect(),
        ),
        Shape::Symbolic => unknown(),
    }
}
