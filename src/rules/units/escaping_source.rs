//! A unit's module needs what lies beside it, and only the module itself is copied.
//!
//! ## What it does
//! Follows the calls and the files of a module that a local `source` names, and looks for those that lie outside of the directory
//! that Terragrunt copies: what stands before `//`, or the module alone where there is none.
//!
//! ## Why
//! Terragrunt runs in a copy. What the module reaches with `../` is not there: Terraform does not find it, or finds another
//! one.
//!
//! ## Example
//! ```hcl
//! # modules/app calls ../network
//! terraform {
//!   source = "../../modules/app"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! terraform {
//!   source = "../../modules//app"
//! }
//! ```
//!
//! ## Not found
//! Sources in other repositories. Paths that are computed of more than `path.module`.

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls;
use crate::model::{Model, Module, ModuleId};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::{Location, resolve};
use crate::syntax::{ExprId, ExprKind, StepKind, Tree};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct EscapingSource {}

/// How many places are shown.
const SHOWN: usize = 4;

impl Rule for EscapingSource {
    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        // Many units share a module: it is followed once.
        let mut known: FxHashMap<(ModuleId, &str), Escapes> = FxHashMap::default();
        for unit in &model.units {
            let source = unit.source().and_then(|source| Some((source, source.as_str()?)));
            let Some((value, text)) = source.filter(|(_, text)| text.starts_with(['.', '/'])) else {
                continue;
            };
            let Some(module) = unit.module.map(|id| model.module(id)) else { continue };
            let Some(copied) = copied(text, path_of(&module.dir)) else { continue };
            let found =
                known.entry((module.id, copied)).or_insert_with(|| Escapes::of(model, module, copied));
            if found.places.is_empty() {
                continue;
            }
            let unit = UnitSubject { model, unit };
            let shown = if copied.is_empty() { "." } else { copied };
            let message = format!("the module needs what lies outside of `{shown}`, which alone is copied");
            let mut report = sink
                .report(unit.origin(value), message)
                .help(help(text, copied, found))
                .about(unit.place())
                .fact(copied);
            for (at, path) in found.places.iter().take(SHOWN) {
                report = report.label(*at, format!("this is `{path}`"));
            }
        }
        Ok(())
    }
}

/// The directory that is copied: the module's, less what stands behind `//`.
fn copied<'d>(source: &str, module: &'d str) -> Option<&'d str> {
    let Some((_, below)) = source.split_once("//") else { return Some(module) };
    let below = resolve("", below)?;
    if below.is_empty() {
        return Some(module);
    }
    Some(module.strip_suffix(below.as_str())?.trim_end_matches('/'))
}

fn path_of(dir: &str) -> &str {
    if dir == "." { "" } else { dir }
}

/// What to write instead, as far as that is plain.
fn help(source: &str, copied: &str, found: &Escapes) -> String {
    let general =
        "put `//` behind the directory that holds all of it: that is what is copied then".to_owned();
    let depth = |path: &str| path.split('/').filter(|name| !name.is_empty()).count();
    let Some(up) = depth(copied).checked_sub(depth(&found.top)) else { return general };
    let plain = source.replace("//", "/");
    let names: Vec<&str> = plain.trim_end_matches('/').split('/').collect();
    let below = depth(source.split_once("//").map_or("", |(_, below)| below));
    let Some(at) = names.len().checked_sub(up + below).filter(|at| *at > 0) else { return general };
    let (before, after) = names.split_at(at);
    if after.iter().any(|name| matches!(*name, "" | "." | "..")) || source.starts_with('/') {
        return general;
    }
    format!("write `{}//{}`: what stands before `//` is copied", before.join("/"), after.join("/"))
}

/// What modules reach outside of a directory.
#[derive(Default)]
struct Escapes {
    /// Where, and what it is, relative to the repository.
    places: Vec<(Location, String)>,
    /// The directory that holds all of it.
    top: String,
}

impl Escapes {
    fn of(model: &Model, module: &Module, copied: &str) -> Self {
        let mut found = Self { places: Vec::new(), top: copied.to_owned() };
        let mut seen: FxHashSet<ModuleId> = FxHashSet::from_iter([module.id]);
        let mut next = vec![module];
        while let Some(module) = next.pop() {
            for call in &module.calls {
                let text = call.source_text.as_deref().filter(|text| text.starts_with('.'));
                let (Some(text), Some(source)) = (text, call.source) else { continue };
                let Some(target) = resolve(path_of(&module.dir), text) else { continue };
                if !is_within(&target, copied) {
                    found.add(model.location(source), target);
                } else if let Some(called) = call.local.filter(|called| seen.insert(*called)) {
                    next.push(model.module(called));
                }
            }
            for tree in module.files.iter().filter_map(|&file| model.tree(file)) {
                for call in calls::of_file(tree).filter(|call| READERS.contains(&call.name)) {
                    let path = call.args().next().and_then(|arg| Some((arg, beside_module(tree, arg)?)));
                    let Some((arg, path)) = path else { continue };
                    let target = resolve(path_of(&module.dir), path.trim_start_matches('/'));
                    if let Some(target) = target.filter(|target| !is_within(target, copied)) {
                        found.add(Location::new(tree.file, tree.span(arg)), target);
                    }
                }
            }
        }
        found.places.sort();
        found
    }

    fn add(&mut self, at: Location, path: String) {
        while !is_within(&path, &self.top) {
            self.top = crate::source::split(&self.top).0.to_owned();
        }
        self.places.push((at, path));
    }
}

fn is_within(path: &str, directory: &str) -> bool {
    let rest = path.strip_prefix(directory);
    directory.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Functions that need the file that they are given.
const READERS: &[&str] = &[
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "filemd5",
    "filesha1",
    "filesha256",
    "filesha512",
    "templatefile",
];

/// What follows `${path.module}` in a template that has nothing else in it.
fn beside_module(tree: &Tree, expr: ExprId) -> Option<&str> {
    let ExprKind::Template(list) = tree.kind(expr) else { return None };
    let mut parts = tree.list(list);
    let (first, rest) = (parts.next()?, parts.next()?);
    let traversal = tree.traversal(first)?;
    let is_module = tree.slice(traversal.root) == "path"
        && matches!(traversal.steps.as_slice(), [step] if matches!(step.kind, StepKind::Attr(name) if tree.slice(name) == "module"));
    match tree.kind(rest) {
        ExprKind::String(text) if is_module && parts.next().is_none() => Some(tree.text(text)),
        _ => None,
    }
}
