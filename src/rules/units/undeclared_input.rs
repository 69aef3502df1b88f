//! A unit gives its module an input that the module does not declare as a variable.
//!
//! ## Why
//! Terragrunt hands it over all the same, as `TF_VAR_…` in the environment, and Terraform passes over what it does not know: the
//! value has no effect, and nothing says so. Often it is a slip, and the variable that was meant keeps its default.
//!
//! ## Example
//! ```hcl
//! # The module declares `instance_type`, which has a default.
//! inputs = {
//!   instance_typ = "t3.large"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! inputs = {
//!   instance_type = "t3.large"
//! }
//! ```
//!
//! ## Shared files
//! A file that many units include gives all of them what some of their modules need. Of its inputs only those are told that are
//! slips: where a unit's module needs a variable of nearly that name, and is not given it. `shared = "every"` tells of each that
//! a unit's module does not declare.
//!
//! ## Not found
//! Inputs of modules that are not at hand, or may get more files: by a hook that copies some, by `generate` with contents that
//! are not known. Inputs that other files read (`….inputs.name`), that a hook reads as `TF_VAR_name`, and those that come from
//! another file by way of `read_terragrunt_config`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Given, InputKey, Interface};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::FileId;
use crate::suggest::nearest;

/// What to tell of inputs of files that units include.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Shared {
    /// Those that are slips.
    #[default]
    Misspelt,
    /// Every one that a unit's module does not declare.
    Every,
}

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UndeclaredInput {
    /// Names of inputs that may be given to modules that do not declare them.
    allow: Vec<String>,
    /// What to tell of inputs of files that units include.
    shared: Shared,
}

impl Rule for UndeclaredInput {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        if unit.unit.template {
            return Ok(());
        }
        let interface = unit.model.interface(unit.unit).filter(Interface::shows_variables);
        let Some(interface) = interface else { return Ok(()) };
        for (tree, body) in unit.model.bodies(unit.unit).filter(|(tree, _)| is_merged(unit, tree.file)) {
            for key in unit.model.input_keys(tree.file, body) {
                let name = key.name.as_str();
                let is_fine = interface.takes(name)
                    || self.allow.iter().any(|allowed| allowed == name)
                    || unit.model.inputs_read.contains(name)
                    || tree.file != unit.unit.file && !self.tells(unit, name, &interface)
                    || is_named(unit, name);
                if !is_fine {
                    report(unit, &key, &interface, sink);
                }
            }
        }
        Ok(())
    }
}

impl UndeclaredInput {
    /// Whether an input of an included file is told.
    fn tells(&self, unit: &UnitSubject<'_>, name: &str, interface: &Interface<'_>) -> bool {
        self.shared == Shared::Every || nearest(name, lacking(unit, interface)).is_some()
    }
}

fn report(unit: &UnitSubject<'_>, key: &InputKey, interface: &Interface<'_>, sink: &mut Sink<'_>) {
    let name = &key.name;
    let message = format!("the module in `{}` declares no variable `{name}`", interface.module.dir);
    // What is given already was not meant.
    let inputs = unit.unit.inputs();
    let is_open = |variable: &&str| inputs.is_none_or(|inputs| inputs.get(variable).is_none());
    let near = nearest(name, interface.variables().filter(is_open));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take it out: it has no effect".to_owned(),
    };
    let report = sink.report(key.at, message).help(help).fact(format!("input {name}"));
    let meant = near.and_then(|near| interface.module.variables.iter().find(|one| one.named.name == near));
    if let Some(meant) = meant {
        report.label(meant.named.location(), "this one is declared");
    }
}

/// Whether a file's inputs become the unit's: an include may be there to be read only.
fn is_merged(unit: &UnitSubject<'_>, file: FileId) -> bool {
    let path = unit.model.sources.get(file).path.as_str();
    let includes = unit.unit.includes.iter();
    let mut of_file = includes.filter(|include| include.path.as_deref() == Some(path)).peekable();
    of_file.peek().is_none() || of_file.any(|include| include.merge_strategy != "no_merge")
}

/// The variables that a unit's module needs and is not given.
fn lacking<'m>(unit: &UnitSubject<'m>, interface: &Interface<'m>) -> impl Iterator<Item = &'m str> {
    let model = unit.model;
    let root = unit.unit.root.map(|id| model.root(id));
    let given = root.and_then(|root| root.instances.first()).map(|instance| instance.given.as_slice());
    let variables = interface.module.variables.iter().zip(given.unwrap_or_default());
    let lacking = variables.filter(move |(variable, given)| {
        **given == Given::Missing && variable.default.is_none() && !model.is_damaged(&variable.named)
    });
    lacking.map(|(variable, _)| variable.named.name.as_str())
}

/// Whether the unit's files speak of the variable of the environment: a hook may read it.
fn is_named(unit: &UnitSubject<'_>, name: &str) -> bool {
    let name = format!("TF_VAR_{name}");
    let mut trees = unit.model.bodies(unit.unit).map(|(tree, _)| tree);
    trees.any(|tree| memchr::memmem::find(tree.source.as_bytes(), name.as_bytes()).is_some())
}
