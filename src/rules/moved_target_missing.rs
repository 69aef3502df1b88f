//! A `moved`, `removed` or `import` block does not fit what is declared.
//!
//! A `moved` block leads to something that is not declared, or comes from something that still is; a `removed` block is
//! about something that is still declared; an `import` block leads to nothing. Addresses are followed through the calls
//! of modules that are at hand, and from one `moved` block to the next.
//!
//! ## Why
//! What is moved to an address that nothing declares is destroyed by the next apply: the opposite of what the block is
//! there for. In the other cases Terraform refuses to plan.
//!
//! ## Example
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   instance_class = "db.t4g.medium"
//! }
//!
//! moved {
//!   from = aws_db_instance.main
//!   to   = aws_db_instance.order
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   instance_class = "db.t4g.medium"
//! }
//!
//! moved {
//!   from = aws_db_instance.main
//!   to   = aws_db_instance.orders
//! }
//! ```
//!
//! ## Not found
//! Addresses in modules that are not at hand, and in the directory of a Terragrunt unit whose module is elsewhere. Keys: whether `aws_instance.web["a"]` is one of the instances.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::written::{self, Part};
use super::{ModuleSubject, Rule, Sink, Verdict, unit};
use crate::model::{ExprAt, Mode, Model, Module};
use crate::source::Location;
use crate::suggest::did_you_mean;

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MovedTargetMissing {}

impl Rule for MovedTargetMissing {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let &ModuleSubject { model, module } = subject;
        let any = !(module.moved.is_empty() && module.removed.is_empty() && module.imports.is_empty());
        if any && unit::is_overlay(model, module) {
            return Ok(());
        }
        let address = |at: Option<ExprAt>| at.and_then(|at| Some((at, address(model, at)?)));
        for moved in &module.moved {
            let (from, to) = (address(moved.from), address(moved.to));
            if let Some((at, to)) = &to {
                target(model, module, *at, to, sink);
            }
            if let Some((at, from)) = from
                // Another key of the same thing: it stays declared.
                && to.is_none_or(|(_, to)| names(&to) != names(&from))
            {
                source(model, module, at, &from, "moved away", sink);
            }
        }
        for removed in &module.removed {
            if let Some((at, from)) = address(removed.from) {
                source(model, module, at, &from, "removed", sink);
            }
        }
        for import in &module.imports {
            if let Some((at, to)) = address(import.to)
                && let Found::Missing { what, near, .. } = find(model, module, &to)
            {
                let message = format!("`{what}` is imported, but not declared");
                let help = near.unwrap_or_else(|| "declare it, or take the block away".to_owned());
                sink.report(model.location(at), message).help(help).fact(format!("import {}", shown(&to)));
            }
        }
        Ok(())
    }
}

fn address(model: &Model, at: ExprAt) -> Option<Vec<Part>> {
    written::address(model.tree(at.file)?, at.expr)
}

fn names(parts: &[Part]) -> Vec<&str> {
    parts.iter().map(|part| part.name.as_str()).collect()
}

fn shown(parts: &[Part]) -> String {
    names(parts).join(".")
}

/// Whether broken syntax speaks of an address: it may go on from there.
fn is_in_damage(model: &Model, module: &Module, address: &str) -> bool {
    let mut trees = module.files.iter().filter_map(|&file| model.tree(file));
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let speaks = |text: &str| {
        text.match_indices(address)
            .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + address.len()..].starts_with(is_part))
    };
    trees.any(|tree| tree.damaged_text().any(speaks))
}

/// Judges where something is moved to.
fn target(model: &Model, module: &Module, at: ExprAt, to: &[Part], sink: &mut Sink<'_>) {
    let Found::Missing { what, module: inner, rest, near } = find(model, module, to) else { return };
    if goes_on(model, module, to) || goes_on(model, inner, rest) || is_in_damage(model, module, &shown(to)) {
        return;
    }
    let message = format!("something is moved to `{what}`, which is not declared");
    let help =
        near.unwrap_or_else(|| "name what is declared, or say with `removed` what becomes of it".to_owned());
    sink.report(model.location(at), message)
        .help(help)
        .primary_label("whatever is moved here is destroyed")
        .fact(format!("moved to {}", shown(to)));
}

/// Judges what is said to be gone.
fn source(model: &Model, module: &Module, at: ExprAt, from: &[Part], what: &str, sink: &mut Sink<'_>) {
    // One instance of something may go while others stay.
    if from.iter().any(|part| part.keyed) {
        return;
    }
    if let Found::Declared(declared) = find(model, module, from) {
        let from = shown(from);
        sink.report(model.location(at), format!("`{from}` is {what}, but still declared"))
            .help("take the declaration away, or this block")
            .label(declared, "declared here")
            .fact(format!("{what} {from}"));
    }
}

/// Whether another block of the module takes it from there.
fn goes_on(model: &Model, module: &Module, to: &[Part]) -> bool {
    let to = names(to);
    let from = module.moved.iter().filter_map(|moved| moved.from);
    let mut from = from.chain(module.removed.iter().filter_map(|removed| removed.from));
    from.any(|at| address(model, at).is_some_and(|from| to.starts_with(&names(&from))))
}

/// What an address leads to.
enum Found<'a> {
    Declared(Location),
    Missing {
        what: String,
        /// The module in which it is missing, and the address from there.
        module: &'a Module,
        rest: &'a [Part],
        near: Option<String>,
    },
    /// A module that is not at hand, or no address of something managed.
    Unknown,
}

fn find<'a>(model: &'a Model, module: &'a Module, address: &'a [Part]) -> Found<'a> {
    let (mut module, mut rest) = (module, address);
    while let [word, call, ..] = rest
        && word.name == "module"
    {
        let Some(found) = module.call(&call.name).and_then(|index| module.calls.get(index)) else {
            let near = did_you_mean(&call.name, module.calls.iter().map(|call| call.named.name.as_str()));
            let what = shown(&address[..address.len() - rest.len() + 2]);
            return Found::Missing { what, module, rest, near };
        };
        rest = rest.get(2..).unwrap_or_default();
        if rest.is_empty() {
            return Found::Declared(found.named.location());
        }
        let Some(id) = found.local else { return Found::Unknown };
        module = model.module(id);
    }
    let [ty, name] = rest else { return Found::Unknown };
    match module.resource(Mode::Managed, &ty.name, &name.name).and_then(|index| module.resources.get(index)) {
        Some(resource) => Found::Declared(resource.named.location()),
        None => {
            let same = module.resources.iter().filter(|it| it.mode == Mode::Managed && it.ty == ty.name);
            let near = did_you_mean(&name.name, same.map(|resource| resource.named.name.as_str()));
            Found::Missing { what: shown(address), module, rest, near }
        }
    }
}
