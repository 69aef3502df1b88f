//! What a stack passes to a unit, or to another stack, and what that reads of its `values` differ.
//!
//! ## Why
//! A value that is read and not passed stops Terragrunt once the unit is generated. One that is passed and never read says
//! something that is not so: it may be a slip, or belong to a unit that has changed since.
//!
//! ## Example
//! ```hcl
//! # units/queue/terragrunt.hcl
//! inputs = {
//!   name = values.name
//! }
//!
//! # live/terragrunt.stack.hcl
//! unit "orders" {
//!   source = "../units/queue"
//!   path   = "orders"
//!   values = { nmae = "orders" }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! unit "orders" {
//!   source = "../units/queue"
//!   path   = "orders"
//!   values = { name = "orders" }
//! }
//! ```
//!
//! ## Not found
//! Components whose source is not at hand; values that are put together elsewhere, of which each component may read what it
//! needs; reads that stand within `try` or `can`, and values that are read as a whole.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Place, Severity};
use crate::model::{Model, Refusal, RefusalKind, StackComponent};
use crate::rules::{Rule, Sink, Verdict};
use crate::source::{FileId, Location, Span};
use crate::suggest::nearest;
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::Value;

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct StackValuesMismatch {
    /// Tell of values that are passed and never read, too.
    unread: bool,
}

impl Default for StackValuesMismatch {
    fn default() -> Self {
        Self { unread: true }
    }
}

impl Rule for StackValuesMismatch {
    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        let missing = missing(model);
        for ((at, path), (component, refusal)) in &missing {
            let name = first(path);
            let message =
                format!("`{}` reads `values.{path}`, which the stack does not pass", component.name);
            let mut report = sink
                .report(*at, message)
                .at_least(Severity::Error)
                .about(Place::default().with_unit(component.dir.clone()))
                .help(help(component, name))
                .fact(format!("{} values.{path}", component.name));
            if let Some(read) = refusal.problem.location {
                report = report.label(read, "read here");
            }
            drop(report);
        }
        if !self.unread {
            return Ok(());
        }
        let mut wanted: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for ((_, path), (component, _)) in &missing {
            wanted.entry(&component.dir).or_default().push(first(path));
        }
        let mut readers = Readers::of(model);
        for component in model.stacks.iter().flat_map(|stack| &stack.components) {
            let wanted = wanted.get(component.dir.as_str()).map(Vec::as_slice).unwrap_or_default();
            unread(model, component, &mut readers, wanted, sink);
        }
        Ok(())
    }
}

/// What to do about a value that is not passed.
fn help(component: &StackComponent, name: &str) -> String {
    let passed = component.values.as_ref().and_then(Value::entries).unwrap_or_default();
    if passed.iter().any(|(other, _)| other == name) {
        return format!("the stack passes another `{name}`");
    }
    match nearest(name, passed.iter().map(|(name, _)| name.as_str())) {
        Some(near) => format!("it passes `{near}`: did you mean `{name}`?"),
        None => format!("pass `{name}` in `values`, or read it with `try`"),
    }
}

/// What is read and not passed, by the place where it would be passed and its name.
fn missing(model: &Model) -> BTreeMap<(Location, String), (&StackComponent, &Refusal)> {
    let mut found = BTreeMap::new();
    for refusal in model.refusals.iter().filter(|refusal| refusal.kind == RefusalKind::Values) {
        let read = refusal.problem.location.and_then(|at| read_at(model.tree(at.file)?, at.span));
        let Some(path) = read else { continue };
        for component in refusal.units.iter().filter_map(|dir| model.component(dir)) {
            if model.is_template(&component.dir) {
                continue;
            }
            let at = values_of(model, component).unwrap_or(component.header);
            found.entry((at, path.clone())).or_insert((component, refusal));
        }
    }
    found
}

/// The first name of a path.
fn first(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// Tells of the values that a component is passed and never reads; `wanted` are those that it lacks.
fn unread(
    model: &Model,
    component: &StackComponent,
    readers: &mut Readers<'_>,
    wanted: &[&str],
    sink: &mut Sink<'_>,
) {
    let Some(all) = values_of(model, component) else { return };
    let passed = component.values.as_ref().and_then(Value::entries).unwrap_or_default();
    if passed.is_empty() {
        return;
    }
    let Some(reads) = readers.of_component(component) else { return };
    let is_read = |name: &str| reads.iter().any(|reads| reads.all || reads.names.contains(name));
    for (name, value) in passed.iter().filter(|(name, _)| !is_read(name)) {
        // What is put together elsewhere is for all who get it.
        let Some(key) = model.key_of(value.origin()).filter(|key| holds(all, *key)) else { continue };
        // That it is a slip was told of the value that is missing.
        if wanted.iter().any(|wanted| nearest(wanted, [name.as_str()]).is_some()) {
            continue;
        }
        let reader = if component.is_unit { "unit" } else { "stack" };
        sink.report(key, format!("`{}` never reads the value `{name}`", component.name))
            .about(Place::default().with_unit(component.dir.clone()))
            .help(format!("take it out, or let the {reader} use it"))
            .fact(format!("{} values.{name}", component.name));
    }
}

fn holds(outer: Location, inner: Location) -> bool {
    outer.file == inner.file && outer.span.contains(inner.span)
}

/// Where a component says its values.
fn values_of(model: &Model, component: &StackComponent) -> Option<Location> {
    let file = component.header.file;
    let attribute = model.tree(file)?.attribute(component.body, "values")?;
    Some(Location::new(file, attribute.span))
}

/// What a unit or stack reads of its values.
#[derive(Default)]
struct Reads<'m> {
    names: FxHashSet<&'m str>,
    /// They are read as a whole, or by a name that is computed.
    all: bool,
}

/// What units and stacks read of their values, by their own files: many components are copies of one.
struct Readers<'m> {
    model: &'m Model,
    /// The files of Terragrunt's configuration, by directory.
    files: FxHashMap<&'m str, Vec<FileId>>,
    known: FxHashMap<FileId, Reads<'m>>,
    /// What is read by way of the stack's file: `read_terragrunt_config(…).unit.orders.values.name`.
    through: Reads<'m>,
}

impl<'m> Readers<'m> {
    fn of(model: &'m Model) -> Self {
        let mut files: FxHashMap<&str, Vec<FileId>> = FxHashMap::default();
        let mut through = Reads::default();
        if !model.stacks.is_empty() {
            for (index, file) in model.files.iter().enumerate().filter(|(_, file)| file.configures) {
                files.entry(&file.dir).or_default().push(FileId(index as u32));
                if let Some(tree) = model.tree(FileId(index as u32)) {
                    through.look(tree, is_values_of);
                }
            }
        }
        Self { model, files, known: FxHashMap::default(), through }
    }

    /// `None` if the component's files are not known.
    fn of_component(&mut self, component: &StackComponent) -> Option<[&Reads<'m>; 2]> {
        let model = self.model;
        let own = match model.unit(&component.dir) {
            Some(unit) if component.is_unit => unit.file,
            _ => model.stack(&component.dir).filter(|_| !component.is_unit)?.file,
        };
        let tree = model.tree(own)?;
        let dir = model.files.get(own.0 as usize)?.dir.as_str();
        // Files beside it have the same values.
        let beside = self.files.get(dir).into_iter().flatten().filter_map(|&file| model.tree(file));
        let reads = self.known.entry(own).or_insert_with(|| {
            // What a stack includes reads the same values, and is not looked at.
            let all = !component.is_unit && tree.blocks_of(tree.root, "include").next().is_some();
            let mut reads = Reads { all, ..Reads::default() };
            std::iter::once(tree).chain(beside).for_each(|tree| reads.look(tree, is_values));
            reads
        });
        Some([reads, &self.through])
    }
}

impl<'m> Reads<'m> {
    /// What a tree reads where `is_values` says that an expression is what is passed.
    fn look(&mut self, tree: &'m Tree, is_values: fn(&Tree, ExprId) -> bool) {
        let mut named: FxHashSet<ExprId> = FxHashSet::default();
        for expr in (0..tree.expr_count()).map(ExprId) {
            let (base, name) = match tree.kind(expr) {
                ExprKind::Attr { base, name } => (base, Some(tree.slice(name))),
                ExprKind::Index { base, key, .. } => (base, tree.plain_text(key)),
                _ => continue,
            };
            if let Some(name) = name.filter(|_| is_values(tree, base)) {
                self.names.insert(name);
                named.insert(base);
            }
        }
        let mut all = (0..tree.expr_count()).map(ExprId);
        self.all |= all.any(|expr| is_values(tree, expr) && !named.contains(&expr));
    }
}

fn is_values(tree: &Tree, expr: ExprId) -> bool {
    tree.kind(expr) == ExprKind::Name && tree.slice(tree.span(expr)) == "values"
}

/// Whether an expression is `….values`.
fn is_values_of(tree: &Tree, expr: ExprId) -> bool {
    matches!(tree.kind(expr), ExprKind::Attr { name, .. } if tree.slice(name) == "values")
}

/// What is read of `values` at a place: the names behind it.
fn read_at(tree: &Tree, span: Span) -> Option<String> {
    let ends = |expr: &ExprId| match tree.kind(*expr) {
        ExprKind::Attr { base, name } => {
            name == span || tree.span(*expr) == span || is_values(tree, base) && tree.span(base) == span
        }
        ExprKind::Index { base, key, .. } => {
            tree.span(key) == span
                || tree.span(*expr) == span
                || is_values(tree, base) && tree.span(base) == span
        }
        _ => false,
    };
    let expr = (0..tree.expr_count()).map(ExprId).find(ends)?;
    let behind = tree.slice(tree.span(expr)).strip_prefix("values")?;
    let path = behind.trim_start_matches('.').replace("[\"", ".").replace("\"]", "");
    Some(path.trim_start_matches('.').to_owned())
}
