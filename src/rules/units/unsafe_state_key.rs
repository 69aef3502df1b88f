//! The place of a unit's state is written so that it is not the place that was meant.
//!
//! ## What it does
//! Looks at the key (`key`, `prefix`) of `remote_state`: for a brace that was left behind by a template, for a way that
//! leads up or begins at the top, and, in a file that units include, for a place that is the same for all of them.
//!
//! ## Why
//! A store of objects takes nearly any text as a key, and so nobody notices. The state of a unit lies outside of where the others
//! are, out of reach of what protects and cleans up those; and the next unit that includes the file writes over the state of the
//! first.
//!
//! ## Example
//! ```hcl
//! # root.hcl
//! remote_state {
//!   backend = "s3"
//!   config = {
//!     bucket = "state"
//!     key    = "${path_relative_to_include()}}/terraform.tfstate"
//!     region = "eu-central-1"
//!   }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! # root.hcl
//! remote_state {
//!   backend = "s3"
//!   config = {
//!     bucket = "state"
//!     key    = "${path_relative_to_include()}/terraform.tfstate"
//!     region = "eu-central-1"
//!   }
//! }
//! ```
//!
//! ## Not found
//! Units whose states do lie in one place: `duplicate-state-key` tells of those. Backends whose places are paths of a file system
//! or addresses. What hangs on a function that may answer each unit differently counts as different for each.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls;
use super::included::{self, Use};
use crate::finding::Place;
use crate::model::Model;
use crate::rules::{NotKnown, Rule, Sink, UnitSubject, Verdict};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, StepKind, Tree};
use crate::terraform::{place_arguments, state_place};
use crate::value::Value;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnsafeStateKey {}

/// Backends that keep objects under keys, and what the key is called.
const KEYS: &[(&str, &str)] =
    &[("s3", "key"), ("gcs", "prefix"), ("azurerm", "key"), ("oss", "key"), ("cos", "key"), ("oci", "key")];

fn key_of(backend: &str) -> Option<&'static str> {
    KEYS.iter().find(|(known, _)| *known == backend).map(|(_, key)| *key)
}

impl Rule for UnsafeStateKey {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(state) = unit.unit.get("remote_state") else { return Ok(()) };
        let backend = state.get("backend").and_then(Value::as_str).unwrap_or_default();
        let key = key_of(backend).and_then(|name| state.get("config")?.get(name));
        let Some(key) = key.filter(|key| !key.is_null()) else { return Ok(()) };
        let wrong = match (key.as_str(), key.as_unknown()) {
            (Some(text), _) => mistake(backend, &[text], true),
            (None, Some(unknown)) => {
                let written = unit.model.expression(key.origin());
                let parts = written.and_then(|at| literals(unit.model.tree(at.file)?, at.expr));
                let found = parts.as_ref().and_then(|(parts, begins)| mistake(backend, parts, *begins));
                if found.is_none() {
                    let (unknown, origin) = (std::sync::Arc::new(unknown.clone()), key.origin());
                    return Err(NotKnown { unknown, origin, reason: None });
                }
                found
            }
            _ => None,
        };
        if let Some((message, help)) = wrong {
            sink.report(unit.origin(key), message).help(help).attribute("remote_state.config");
        }
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        for (file, uses) in included::files(model) {
            let Some(tree) = model.tree(file) else { continue };
            let Some(written) = Written::of(tree) else { continue };
            let at = |expr| Location::new(file, tree.span(expr));
            let merged: Vec<&Use<'_>> = uses
                .iter()
                .filter(|of| {
                    of.config()
                        .is_some_and(|config| model.locate(config.origin()) == Some(at(written.config)))
                })
                .collect();
            if merged.is_empty() || !written.is_the_same_for_all(tree) {
                continue;
            }
            // Where two of them are known to share a place, that is told of them.
            let known = merged.iter().filter(|of| !of.unit.refused && of.place().is_some()).count();
            if known > 1 {
                continue;
            }
            let mut report = sink
                .report(at(written.key), "whoever includes this keeps the state in one and the same place")
                .help(
                    "let the unit's path be a part of it: `${path_relative_to_include()}/terraform.tfstate`",
                )
                .attribute("remote_state.config");
            for of in merged {
                report = report.about(Place::default().with_unit(of.unit.dir.clone()));
            }
        }
        Ok(())
    }
}

impl Use<'_> {
    fn backend(&self) -> Option<&str> {
        self.unit.get("remote_state")?.get("backend")?.as_str()
    }

    fn config(&self) -> Option<&Value> {
        self.unit.get("remote_state")?.get("config")
    }

    fn place(&self) -> Option<String> {
        state_place(self.backend()?, self.config()?)
    }
}

/// What is wrong with a key, of which these texts are known; `begins` if the first of them is its beginning.
fn mistake(backend: &str, parts: &[&str], begins: bool) -> Option<(&'static str, &'static str)> {
    if parts.iter().any(|part| part.contains(['{', '}'])) {
        return Some((
            "a brace is left over in the key of the state",
            "a template is `${…}`, with one brace at its end",
        ));
    }
    let first = parts.first().filter(|_| begins).copied().unwrap_or_default();
    let up = |part: &&str| part.contains("/../") || part.ends_with("/..");
    if first.starts_with("../") || parts.iter().any(up) {
        return Some((
            "the key of the state leads upwards",
            "a store of objects has no folders: take the path from one that lies above all units",
        ));
    }
    if first.starts_with('/') {
        return Some(("the key of the state begins with a slash", "leave the slash out"));
    }
    (backend == "s3" && parts.iter().any(|part| part.contains("//"))).then_some((
        "the key of the state has two slashes in a row, which the backend refuses",
        "leave one of them out",
    ))
}

/// What is certain of a text that is not known: the literal parts of a template, and whether it begins with the first.
fn literals(tree: &Tree, expr: ExprId) -> Option<(Vec<&str>, bool)> {
    let ExprKind::Template(list) = tree.kind(expr) else { return None };
    let text = |part| match tree.kind(part) {
        ExprKind::String(text) => Some(tree.text(text)),
        _ => None,
    };
    let parts: Vec<&str> = tree.list(list).filter_map(text).collect();
    let begins = tree.list(list).next().and_then(text).is_some();
    Some((parts, begins))
}

/// `remote_state` of a file, as it is written.
struct Written {
    config: ExprId,
    key: ExprId,
    /// What says where the state lies.
    places: Vec<ExprId>,
}

impl Written {
    fn of(tree: &Tree) -> Option<Self> {
        let block = tree.blocks_of(tree.root, "remote_state").next()?;
        let backend = tree.plain_text(tree.attribute(block.body, "backend")?.value)?;
        let key = key_of(backend)?;
        let config = tree.attribute(block.body, "config")?.value;
        let ExprKind::Object(pairs) = tree.kind(config) else { return None };
        let name = |key: ExprId| match tree.kind(key) {
            ExprKind::Key => Some(tree.slice(tree.span(key))),
            _ => tree.plain_text(key),
        };
        let entries: Vec<(&str, ExprId)> =
            tree.pairs(pairs).map(|(key, value)| Some((name(key)?, value))).collect::<Option<_>>()?;
        let of = |wanted: &str| entries.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        let places = match place_arguments(backend) {
            Some(names) => names.iter().filter_map(|name| of(name)).collect(),
            None => entries.iter().map(|(_, value)| *value).collect(),
        };
        Some(Self { config, key: of(key)?, places })
    }

    /// Whether nothing of it may be another for another unit.
    fn is_the_same_for_all(&self, tree: &Tree) -> bool {
        let mut seen: FxHashSet<ExprId> = FxHashSet::default();
        let mut next = self.places.clone();
        let locals = tree.blocks_of(tree.root, "locals").next();
        while let Some(expr) = next.pop() {
            if !seen.insert(expr) {
                continue;
            }
            if !calls::within(tree, expr).iter().all(|call| FIXED.contains(&call.name)) {
                return false;
            }
            for reference in tree.references(expr) {
                let name = reference.steps.first().and_then(|step| match step.kind {
                    StepKind::Attr(name) => Some(tree.slice(name)),
                    StepKind::Index(_) => None,
                });
                let local = name
                    .filter(|_| tree.slice(reference.root) == "local")
                    .and_then(|name| tree.attribute(locals?.body, name));
                match local {
                    Some(local) => next.push(local.value),
                    None => return false,
                }
            }
        }
        true
    }
}

/// Functions whose answer is the same for every unit that includes a file, if what they are given is.
const FIXED: &[&str] = &[
    "coalesce",
    "concat",
    "element",
    "format",
    "get_aws_account_alias",
    "get_aws_account_id",
    "get_env",
    "get_parent_terragrunt_dir",
    "get_platform",
    "join",
    "lookup",
    "lower",
    "md5",
    "merge",
    "replace",
    "sha1",
    "sha256",
    "split",
    "substr",
    "tostring",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "try",
    "upper",
];
