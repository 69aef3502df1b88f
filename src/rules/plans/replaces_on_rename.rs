//! A plan deletes something and makes the same again under another address.
//!
//! Found are pairs of one type whose attributes, as far as the configuration sets them and they are known, are equal.
//!
//! ## Why
//! Whoever renames a resource or a module, or puts a `for_each` on it, means the same object. Terraform cannot know, and
//! destroys it.
//!
//! ## Example
//! ```hcl
//! resource "aws_kinesis_stream" "clicks" {   # was "events"
//!   name        = "events"
//!   shard_count = 1
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_kinesis_stream" "clicks" {
//!   name        = "events"
//!   shard_count = 1
//! }
//!
//! moved {
//!   from = aws_kinesis_stream.events
//!   to   = aws_kinesis_stream.clicks
//! }
//! ```
//!
//! ## Not found
//! Objects that also differ in an attribute. What is deleted because somebody asked to destroy it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::planned;
use crate::plan::{Action, Plan, ResourceChange};
use crate::rules::{PlanSubject, Rule, Sink, Verdict};
use crate::source::Location;
use crate::value::{Kind, Value};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct ReplacesOnRename {}

/// How many objects of one type are compared with how many others.
const COMPARED: usize = 200;

/// Attributes that are alike in objects that have nothing to do with each other.
const TELLING_NOTHING: &[&str] = &["region", "tags", "tags_all", "labels", "project", "location"];

impl Rule for ReplacesOnRename {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let mut groups: BTreeMap<(String, String), Vec<&ResourceChange>> = BTreeMap::new();
        let mut verdict = Ok(());
        for (deleted, created) in candidates(subject.plan).into_values() {
            if deleted.is_empty() || created.is_empty() {
                continue;
            }
            if deleted.len() > COMPARED || created.len() > COMPARED {
                let why = "more objects of one type come and go than are compared";
                verdict = Err(planned::not_known(subject.plan, "resource_changes", why));
            }
            for (from, to) in pairs(subject.plan, &deleted, &created) {
                groups.entry(moved(from, to)).or_default().push(to);
            }
        }
        for ((from, to), objects) in groups {
            report(subject, &from, &to, &objects, sink);
        }
        verdict
    }
}

type Candidates<'p> = BTreeMap<&'p str, (Vec<&'p ResourceChange>, Vec<&'p ResourceChange>)>;

/// What is deleted because the code no longer has it, and what is made, by type.
fn candidates(plan: &Plan) -> Candidates<'_> {
    let mut by_type: Candidates<'_> = BTreeMap::new();
    for change in planned::managed(plan) {
        match change.action {
            // A reason says that nobody asked for it.
            Action::Delete if change.action_reason.is_some() => {
                by_type.entry(&change.ty).or_default().0.push(change)
            }
            Action::Create if change.importing.is_none() => {
                by_type.entry(&change.ty).or_default().1.push(change)
            }
            _ => {}
        }
    }
    by_type
}

/// Objects that are the same under two addresses; each once. The most alike addresses are taken first.
fn pairs<'p>(
    plan: &Plan,
    deleted: &[&'p ResourceChange],
    created: &[&'p ResourceChange],
) -> Vec<(&'p ResourceChange, &'p ResourceChange)> {
    let mut olds: Vec<(&ResourceChange, Value)> =
        deleted.iter().take(COMPARED).map(|&change| (change, plan.before(change))).collect();
    let mut found = Vec::new();
    for &to in created.iter().take(COMPARED) {
        let after = plan.after(to);
        let same = olds.iter().enumerate().filter(|(_, (_, before))| is_same(plan, to, before, &after));
        let best = same.max_by_key(|(index, (from, _))| {
            (from.key == to.key, from.name == to.name, from.module == to.module, std::cmp::Reverse(*index))
        });
        if let Some((index, _)) = best {
            found.push((olds.remove(index).0, to));
        }
    }
    found
}

/// Whether everything that the configuration sets and that is known was so before, and says enough to tell objects apart.
fn is_same(plan: &Plan, to: &ResourceChange, before: &Value, after: &Value) -> bool {
    let configured = planned::configured(plan, to);
    let is_set = |name: &str| configured.is_none_or(|resource| resource.expressions.get(name).is_some());
    let mut telling = false;
    for (name, value) in after.entries().unwrap_or_default() {
        if !is_set(name) || value.is_null() || !value.is_wholly_known() {
            continue;
        }
        if before.get(name) != Some(value) {
            return false;
        }
        let empty = value.elements().is_some_and(<[Value]>::is_empty);
        telling |= !TELLING_NOTHING.contains(&name.as_str())
            && !empty
            && matches!(value.kind(), Kind::String(text) if !text.is_empty());
    }
    telling
}

/// What moves, said as generally as it is true: a module, a resource with all its instances, or one instance.
fn moved(from: &ResourceChange, to: &ResourceChange) -> (String, String) {
    let inside = |module: &str, rest: &str| {
        if module.is_empty() { rest.to_owned() } else { format!("{module}.{rest}") }
    };
    let resource =
        |change: &ResourceChange| inside(&change.module, &format!("{}.{}", change.ty, change.name));
    if from.key != to.key {
        return (from.address.to_string(), to.address.to_string());
    }
    if from.name != to.name || from.module.is_empty() || to.module.is_empty() {
        return (resource(from), resource(to));
    }
    // What lies in both in the same place moves along.
    let (mut old, mut new) = (from.module.as_str(), to.module.as_str());
    while let (Some((above, last)), Some((other, same))) =
        (old.rsplit_once(".module."), new.rsplit_once(".module."))
    {
        if last != same || last.contains('"') {
            break;
        }
        (old, new) = (above, other);
    }
    (old.to_owned(), new.to_owned())
}

fn report(subject: &PlanSubject<'_>, from: &str, to: &str, objects: &[&ResourceChange], sink: &mut Sink<'_>) {
    let Some(first) = objects.first() else { return };
    let at = called(subject, to).unwrap_or_else(|| subject.location(first));
    let mut report = sink
        .report(at, format!("`{from}` is deleted and made again as `{to}`"))
        .help(format!("say that it is the same:\nmoved {{\n  from = {from}\n  to   = {to}\n}}"))
        .fact(format!("{from} is {to}"));
    for change in objects {
        report = report.about(subject.place_of(change));
    }
}

/// Where the module instance of that address is called.
fn called(subject: &PlanSubject<'_>, address: &str) -> Option<Location> {
    let root = subject.root?;
    let made = root.root.instances.iter().find(|made| !made.address.is_empty() && made.address == address)?;
    let (caller, index) = made.caller?;
    let calling = root.root.instances.get(caller.0 as usize)?;
    Some(subject.model.module(calling.module).calls.get(index as usize)?.named.location())
}
