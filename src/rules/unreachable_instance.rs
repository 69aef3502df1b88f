//! A resource or a module call never has an instance: its `count` is 0 or its `for_each` empty, whatever is passed in.
//!
//! What hangs on a variable, on the workspace or on a file is somebody's decision and is not reported, though it may be
//! empty everywhere today.
//!
//! ## Why
//! It is commented out without looking so: it is read, reviewed and upgraded like the rest, and breaks unnoticed, since
//! nothing evaluates what stands in it.
//!
//! ## Example
//! ```hcl
//! locals {
//!   replicas = []
//! }
//!
//! resource "aws_db_instance" "replica" {
//!   for_each            = toset(local.replicas)
//!   replicate_source_db = aws_db_instance.main.identifier
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "replicas" {
//!   description = "Names of the read replicas."
//!   type        = set(string)
//!   default     = []
//! }
//!
//! resource "aws_db_instance" "replica" {
//!   for_each            = var.replicas
//!   replicate_source_db = aws_db_instance.main.identifier
//! }
//! ```

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{InstanceSubject, Looks, Rule, Sink, Verdict, written};
use crate::finding::Place;
use crate::model::{ExprAt, Model, Module, Target};
use crate::syntax::{ExprId, ExprKind, Tree};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnreachableInstance {}

impl Rule for UnreachableInstance {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn instance(&self, subject: &InstanceSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let (module, instance) = (subject.module, subject.instance);
        let made: FxHashSet<u32> = instance.resources.iter().map(|resource| resource.declaration).collect();
        for (index, resource) in module.resources.iter().enumerate() {
            if !made.contains(&(index as u32)) {
                judge(subject, resource.count, resource.for_each, &resource.address(), sink);
            }
        }
        for (call, made) in module.calls.iter().zip(&instance.calls) {
            // Of a module that is not at hand, the model has no instances.
            let empty = match made.target {
                Target::Module(_) => made.instances.is_empty() && !made.symbolic,
                _ => call.count.or(call.for_each).is_some_and(|at| is_written_empty(subject.model(), at)),
            };
            if empty {
                judge(subject, call.count, call.for_each, &format!("module.{}", call.named.name), sink);
            }
        }
        Ok(())
    }
}

fn judge(
    subject: &InstanceSubject<'_>,
    count: Option<ExprAt>,
    for_each: Option<ExprAt>,
    address: &str,
    sink: &mut Sink<'_>,
) {
    let (model, module) = (subject.model(), subject.module);
    let Some(at) = count.or(for_each) else { return };
    if !is_fixed(model, module, at) || is_wrong(model, at) {
        return;
    }
    let why = if count.is_some() { "its `count` is always 0" } else { "its `for_each` is always empty" };
    sink.report(model.location(at), format!("`{address}` never has an instance: {why}"))
        .help("take it away, or let a variable decide")
        .about(Place::in_module(module.dir.clone()).with_resource(address))
        .attribute(if count.is_some() { "count" } else { "for_each" });
}

/// Whether an expression has the same value in every instance of the module: it refers to nothing but locals that do.
fn is_fixed(model: &Model, module: &Module, at: ExprAt) -> bool {
    let mut seen = FxHashSet::default();
    let mut next = vec![at];
    while let Some(at) = next.pop() {
        let Some(tree) = model.tree(at.file) else { return false };
        let mut fixed = !reads_files(tree, at.expr);
        written::references_in(tree, at.expr, &mut |root, steps| {
            let local = steps.first().filter(|_| root == "local").and_then(|name| module.local(name));
            match local.and_then(|index| module.locals.get(index)) {
                Some(local) if seen.insert(local.value) => next.push(local.value),
                Some(_) => {}
                None => fixed = false,
            }
        });
        if !fixed {
            return false;
        }
    }
    true
}

/// `0`, `[]`, `{}`, `toset([])`
fn is_written_empty(model: &Model, at: ExprAt) -> bool {
    let Some(tree) = model.tree(at.file) else { return false };
    match tree.kind(at.expr) {
        ExprKind::Number => tree.slice(tree.span(at.expr)) == "0",
        ExprKind::Tuple(list) | ExprKind::Object(list) => tree.list(list).len() == 0,
        ExprKind::Call { args, expand: false, .. } => {
            let mut args = tree.list(args);
            let only = args.next().filter(|_| args.len() == 0);
            only.is_some_and(
                |arg| matches!(tree.kind(arg), ExprKind::Tuple(list) if tree.list(list).len() == 0),
            )
        }
        _ => false,
    }
}

/// Whether a function looks at files.
fn reads_files(tree: &Tree, expr: ExprId) -> bool {
    let mut found = false;
    tree.walk(expr, &mut |expr| {
        if let ExprKind::Call { name, .. } = tree.kind(expr) {
            let name = tree.slice(name).trim_start_matches("core::");
            found |= name.starts_with("file") || name == "templatefile";
        }
    });
    found
}

/// Whether evaluating the expression met a problem, so that nothing is known of it.
fn is_wrong(model: &Model, at: ExprAt) -> bool {
    let location = Some(model.location(at));
    let from = model.problems.partition_point(|problem| problem.problem.location < location);
    model.problems.get(from).is_some_and(|problem| problem.problem.location == location)
}
