//! The one provider that is built into the language: `terraform_data`, and states of other roots.

use std::sync::Arc;

use arcstr::ArcStr;

use super::unknown::{attribute, identified, present};
use super::{InstanceScope, Run};
use crate::model::{Mode, Resource};
use crate::terraform::builtin::is_closed;
use crate::value::{Exact, Type, Value};

impl<'m> Run<'m> {
    /// The attributes of a resource, from those that are written.
    pub(super) fn attributes(
        &self,
        scope: &InstanceScope<'_, 'm>,
        resource: &Resource,
        entries: Vec<(ArcStr, Value)>,
        identity: &Exact,
    ) -> Value {
        if is_closed(resource.mode, &resource.ty) {
            return self.terraform_data(scope, entries, identity);
        }
        if resource.mode == Mode::Data && resource.ty == "terraform_remote_state" {
            return self.remote_state(entries, identity);
        }
        let mut entries = entries;
        if let Some(id) = self.imported(scope, identity) {
            entries.push(("id".into(), id));
        }
        Value::open_object(entries, Arc::new(identity.clone()))
    }

    fn terraform_data(
        &self,
        scope: &InstanceScope<'_, 'm>,
        entries: Vec<(ArcStr, Value)>,
        identity: &Exact,
    ) -> Value {
        let written = |name: &str| {
            let found = entries.iter().find(|(known, _)| known == name);
            found.map_or_else(Value::null, |(_, value)| value.clone())
        };
        let input = written("input");
        let imported = self.imported(scope, identity);
        // What is imported is read first: its output is then the one it had.
        let output = if input.is_null() && imported.is_none() {
            Value::null()
        } else {
            identified(
                attribute(identity, "output"),
                if input.is_null() { Type::Dynamic } else { input.ty() },
            )
        };
        let id = imported.unwrap_or_else(|| present(attribute(identity, "id"), Type::String));
        Value::object(vec![
            ("id".into(), id),
            ("input".into(), input),
            ("output".into(), output),
            ("triggers_replace".into(), written("triggers_replace")),
        ])
    }

    /// The outputs of the root whose state it is, if that is one of ours.
    fn remote_state(&self, mut entries: Vec<(ArcStr, Value)>, identity: &Exact) -> Value {
        let text = |name: &str| {
            entries
                .iter()
                .find(|(known, _)| known == name)
                .and_then(|(_, value)| value.as_str())
                .map(str::to_owned)
        };
        let config = entries.iter().find(|(known, _)| known == "config").map(|(_, value)| value.clone());
        let workspace = text("workspace").or_else(|| self.plan.workspace.as_ref().map(ToString::to_string));
        let outputs = text("backend").zip(config).and_then(|(backend, config)| {
            self.states.outputs(&backend, &config, workspace.as_deref(), self.root)
        });
        match outputs {
            Some(outputs) => entries.push(("outputs".into(), outputs)),
            None => {
                let outputs = attribute(identity, "outputs");
                self.because(outputs.to_string(), "the state is not one of a root module that was read");
            }
        }
        Value::open_object(entries, Arc::new(identity.clone()))
    }
}
