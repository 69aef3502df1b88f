//! A `dependency` of a Terragrunt unit whose outputs nobody uses.
//!
//! ## What it does
//! Looks for uses of each dependency in the unit, in what it includes, and in what a stack adds to it. One that a file
//! declares for all who include it is used if any of those units uses it.
//!
//! ## Why
//! Terragrunt reads the outputs of every dependency before it does anything, and runs the units one behind the other. What
//! is not used costs time, and lets one unit fail because of another that it does not need.
//!
//! ## Example
//! ```hcl
//! dependency "network" {
//!   config_path = "../network"
//! }
//!
//! inputs = {
//!   name = "service"
//! }
//! ```
//!
//! ## Instead
//! Take the block out, or say what it is for: `dependencies` is for the order alone.
//! ```hcl
//! dependencies {
//!   paths = ["../network"]
//! }
//! ```
//!
//! ## Not found
//! A dependency with `skip_outputs = true`, which is there for the order, and one that is switched off. Where dependencies
//! are used as a whole (`keys(dependency)`) all of them are.

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Place;
use crate::model::{Model, UnitDependency};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::Value;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnusedDependency {}

impl Rule for UnusedDependency {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for dependency in unused(unit).filter(|dependency| dependency.header.file == unit.unit.file) {
            report(dependency, sink);
        }
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        // What a file declares for others is judged by all of them.
        let mut shared: FxHashMap<Location, (&UnitDependency, bool, Vec<Place>)> = FxHashMap::default();
        for unit in &model.units {
            let subject = UnitSubject { model, unit };
            let idle: FxHashSet<Location> = unused(&subject).map(|dependency| dependency.header).collect();
            for dependency in unit.dependencies.iter().filter(|one| one.header.file != unit.file) {
                let (_, used, places) =
                    shared.entry(dependency.header).or_insert((dependency, false, Vec::new()));
                *used |= !idle.contains(&dependency.header);
                places.push(subject.place());
            }
        }
        let mut shared: Vec<_> = shared.into_values().filter(|(_, used, _)| !used).collect();
        shared.sort_by_key(|(dependency, ..)| dependency.header);
        for (dependency, _, places) in shared {
            let mut told = report(dependency, sink);
            for place in places {
                told = told.about(place);
            }
        }
        Ok(())
    }
}

fn report<'s>(dependency: &UnitDependency, sink: &'s mut Sink<'_>) -> crate::rules::Report<'s> {
    let message = format!("nothing uses the outputs of the dependency `{}`", dependency.label);
    sink.report(dependency.header, message)
        .help("take it out, or put its path into `dependencies` if it is there for the order")
        .fact(format!("dependency {}", dependency.label))
}

/// The dependencies whose outputs a unit does not use.
fn unused<'a>(subject: &UnitSubject<'a>) -> impl Iterator<Item = &'a UnitDependency> + use<'a> {
    let unit = subject.unit;
    let mut uses = Uses::default();
    if !unit.dependencies.is_empty() {
        subject.trees().for_each(|tree| uses.look(tree));
    }
    unit.dependencies.iter().filter(move |dependency| {
        let written = unit.get("dependency").and_then(|all| all.get(&dependency.label));
        let skip = written.and_then(|one| one.get("skip"));
        // A flag that is not known may be set.
        let skips = skip.is_some_and(|skip| !skip.is_null() && skip.as_bool() != Some(false));
        let certain = written.is_none_or(|one| one.get("enabled").is_none_or(is_known));
        dependency.enabled && certain && !skips && !uses.hold(&dependency.label)
    })
}

fn is_known(value: &Value) -> bool {
    value.as_unknown().is_none()
}

/// The dependencies that files speak of.
#[derive(Default)]
struct Uses<'t> {
    labels: FxHashSet<&'t str>,
    /// They speak of all at once.
    all: bool,
}

impl<'t> Uses<'t> {
    fn hold(&self, label: &str) -> bool {
        self.all || self.labels.contains(label)
    }

    fn look(&mut self, tree: &'t Tree) {
        let mut named: FxHashSet<ExprId> = FxHashSet::default();
        let mut bare: Vec<ExprId> = Vec::new();
        for expr in (0..tree.expr_count()).map(ExprId) {
            match tree.kind(expr) {
                ExprKind::Attr { base, name } if is_dependency(tree, base) => {
                    self.labels.insert(tree.slice(name));
                    named.insert(base);
                }
                ExprKind::Index { base, key, .. } if is_dependency(tree, base) => {
                    if let Some(label) = tree.plain_text(key) {
                        self.labels.insert(label);
                        named.insert(base);
                    }
                }
                _ => {}
            }
            if is_dependency(tree, expr) {
                bare.push(expr);
            }
        }
        self.all |= bare.iter().any(|expr| !named.contains(expr));
    }
}

/// Whether an expression is `dependency`, or that of an exposed include.
fn is_dependency(tree: &Tree, expr: ExprId) -> bool {
    match tree.kind(expr) {
        ExprKind::Name => tree.slice(tree.span(expr)) == "dependency",
        ExprKind::Attr { name, base } => {
            tree.slice(name) == "dependency" && !matches!(tree.kind(base), ExprKind::SplatItem)
        }
        _ => false,
    }
}
