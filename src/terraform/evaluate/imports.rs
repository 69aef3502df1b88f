//! `import` blocks: they make an id known.

use std::rc::Rc;

use super::{Instance, InstanceScope, Repetition, Run};
use crate::model::{ExprAt, Import, Key};
use crate::terraform::reference::{Part, parts};
use crate::value::{Exact, Kind, Value};

impl<'m> Run<'m> {
    /// Evaluates the import blocks of an instance, so that what is wrong with them is reported.
    pub(super) fn imports(&self, instance: &Rc<Instance<'m>>) {
        for import in &instance.module.imports {
            for repetition in self.import_instances(instance, import) {
                let scope =
                    InstanceScope { run: self, instance, repetition: &repetition, own: None, resource: None };
                if let Some(id) = import.id {
                    self.evaluate(&scope, id, None);
                }
            }
        }
    }

    fn import_instances(&self, instance: &Rc<Instance<'m>>, import: &Import) -> Vec<Repetition> {
        let Some(at) = import.for_each else { return vec![Repetition::None] };
        let Some(value) = self.evaluate(&self.scope(instance), at, None) else { return Vec::new() };
        let each = |(key, value): (Value, Value)| Repetition::Each(key, value);
        match value.kind() {
            Kind::Map(map) => map
                .entries
                .iter()
                .map(|(key, value)| each((Value::string(key.clone()), value.clone())))
                .collect(),
            Kind::Object(object) => object
                .entries
                .iter()
                .map(|(key, value)| each((Value::string(key.clone()), value.clone())))
                .collect(),
            Kind::Set(set) => set.values.iter().map(|key| each((key.clone(), key.clone()))).collect(),
            _ => Vec::new(),
        }
    }

    /// The id that an import block of the root module gives to the resource instance of that identity.
    pub(super) fn imported(&self, scope: &InstanceScope<'_, 'm>, identity: &Exact) -> Option<Value> {
        let _ = scope;
        let module = self.model.module(self.plan.module);
        if module.imports.is_empty() {
            return None;
        }
        let top = self.instance(crate::model::InstanceId(0))?;
        for import in &module.imports {
            let Some(to) = import.to else { continue };
            // Only what may be meant is evaluated: an id may hang on other resources.
            if !self.may_be(to, &identity.address) {
                continue;
            }
            for repetition in self.import_instances(&top, import) {
                let scope = InstanceScope {
                    run: self,
                    instance: &top,
                    repetition: &repetition,
                    own: None,
                    resource: None,
                };
                if self.target_address(&scope, to).as_deref() == Some(identity.address.as_str()) {
                    let id = import.id.and_then(|at| self.evaluate(&scope, at, None))?;
                    return id.is_wholly_known().then_some(id);
                }
            }
        }
        None
    }

    /// Whether an address names the resource, whatever its keys.
    fn may_be(&self, to: ExprAt, address: &str) -> bool {
        let Some(tree) = self.model.tree(to.file) else { return false };
        let Some(parts) = parts(tree, to.expr) else { return false };
        let names: Vec<&str> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Name(name) => Some(*name),
                Part::Key(_) => None,
            })
            .collect();
        without_keys(address) == names.join(".")
    }

    fn target_address(&self, scope: &InstanceScope<'_, 'm>, to: ExprAt) -> Option<String> {
        let tree = self.model.tree(to.file)?;
        let mut address = String::new();
        for part in parts(tree, to.expr)? {
            match part {
                Part::Name(name) => {
                    if !address.is_empty() {
                        address.push('.');
                    }
                    address.push_str(name);
                }
                Part::Key(expr) => {
                    let key = self.evaluate(scope, ExprAt { file: to.file, expr }, None)?;
                    let key = match key.kind() {
                        Kind::String(text) => Key::Each(text.clone()),
                        Kind::Number(number) => Key::Count(u64::try_from(number.to_i64()?).ok()?),
                        _ => return None,
                    };
                    address.push_str(&key.to_string());
                }
            }
        }
        Some(address)
    }
}

/// An address without its keys.
fn without_keys(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    let mut quoted = false;
    let mut inside = false;
    let mut escaped = false;
    for character in address.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if inside => quoted = !quoted,
            '[' if !inside => inside = true,
            ']' if inside && !quoted => inside = false,
            other if !inside => plain.push(other),
            _ => {}
        }
    }
    plain
}
