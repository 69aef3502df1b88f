//! A unit uses an output of another unit for which its mocks have nothing to stand in.
//!
//! ## Why
//! Before the other unit is applied, mocks are all there is: one that is missing fails the plan of a new environment, while every
//! tree that is there already plans well.
//!
//! ## Example
//! ```hcl
//! dependency "network" {
//!   config_path  = "../network"
//!   mock_outputs = { vpc_id = "vpc-00000000" }
//! }
//!
//! inputs = {
//!   vpc_id  = dependency.network.outputs.vpc_id
//!   subnets = dependency.network.outputs.subnets[*].id
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! dependency "network" {
//!   config_path  = "../network"
//!   mock_outputs = {
//!     vpc_id  = "vpc-00000000"
//!     subnets = [{ id = "subnet-00000000" }]
//!   }
//! }
//!
//! inputs = {
//!   vpc_id  = dependency.network.outputs.vpc_id
//!   subnets = dependency.network.outputs.subnets[*].id
//! }
//! ```
//!
//! ## Not found
//! Dependencies without any mocks, unless `every_dependency` is set. Uses within `try` and `can` or in an arm of a conditional, and
//! keys that are computed.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Guard, UnitDependency, UseStep};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::suggest::did_you_mean;
use crate::value::{Kind, Value};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnmockedOutput {
    /// Tell of dependencies whose outputs are used and that have no mocks at all, too: where environments are planned before
    /// they are applied.
    every_dependency: bool,
}

impl Rule for UnmockedOutput {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let asked: Vec<&UnitDependency> =
            unit.unit.dependencies.iter().filter(|dependency| is_asked(unit, dependency)).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let mut bare: Vec<&str> = Vec::new();
        for one in unit.model.output_uses(unit.unit) {
            let Some(dependency) = asked.iter().find(|dependency| dependency.label == one.label) else {
                continue;
            };
            if one.guard > Guard::None {
                continue;
            }
            let mocks = unit.dependency(one.label).and_then(|written| written.get("mock_outputs"));
            let Some(mocks) = mocks.filter(|mocks| !mocks.is_null()) else {
                if self.every_dependency && !bare.contains(&one.label) {
                    bare.push(one.label);
                    let message = format!("no mocks stand for the outputs of `{}`", one.label);
                    sink.report(dependency.header, message)
                        .help("add `mock_outputs`, and the commands that may have them")
                        .fact(format!("dependency {}", one.label));
                }
                continue;
            };
            let Some(missing) = follow(mocks, &one.steps, 0) else { continue };
            let Some(at) = one.spans.get(missing.step) else { continue };
            let taken = one.steps.get(..=missing.step).unwrap_or_default();
            let path = path(taken);
            let message = format!("no mock stands for the output `{path}` of `{}`", one.label);
            let report = sink.report(*at, message).fact(format!("dependency {} {path}", one.label));
            let report = match taken.last() {
                Some(UseStep::Key(name)) => match did_you_mean(name, missing.names.iter().copied()) {
                    Some(help) => report.help(help),
                    None => report.help("add it to `mock_outputs`"),
                },
                _ => report.help("add it to `mock_outputs`"),
            };
            report.label(dependency.header, "the dependency and its mocks");
        }
        Ok(())
    }
}

/// Whether the outputs of a dependency are asked for when the unit is run.
fn is_asked(unit: &UnitSubject<'_>, dependency: &UnitDependency) -> bool {
    let Some(written) = unit.dependency(&dependency.label) else { return false };
    // A flag that is not known may be set.
    let skip = written.get("skip").is_some_and(|skip| !skip.is_null() && skip.as_bool() != Some(false));
    let certain = written.get("enabled").is_none_or(|enabled| enabled.as_unknown().is_none());
    dependency.enabled && certain && !skip
}

/// What mocks lack.
struct Missing<'v> {
    /// The step that leads nowhere.
    step: usize,
    /// What is there instead.
    names: Vec<&'v str>,
}

/// Follows steps into mocks; `None` if they lead somewhere, or that is not known.
fn follow<'v>(value: &'v Value, steps: &[UseStep<'_>], step: usize) -> Option<Missing<'v>> {
    let nothing = Some(Missing { step, names: Vec::new() });
    match (steps.get(step)?, value.kind()) {
        (UseStep::Each, Kind::List(_) | Kind::Tuple(_) | Kind::Set(_)) => {
            let elements = value.elements().unwrap_or_default();
            elements.iter().find_map(|element| follow(element, steps, step + 1))
        }
        (_, Kind::Unknown(_)) | (UseStep::Each, Kind::Null(_)) => None,
        // A splat takes what is no list for a list of one.
        (UseStep::Each, _) => follow(value, steps, step + 1),
        (UseStep::Key(name), Kind::Object(_) | Kind::Map(_)) => match value.get(name) {
            Some(value) => follow(value, steps, step + 1),
            None if matches!(value.kind(), Kind::Object(object) if object.rest.is_some()) => None,
            None => {
                let names = value.entries().unwrap_or_default().iter().map(|(name, _)| name.as_str());
                Some(Missing { step, names: names.collect() })
            }
        },
        (UseStep::Index(index), Kind::List(_) | Kind::Tuple(_)) => match value.elements()?.get(*index) {
            Some(value) => follow(value, steps, step + 1),
            None => nothing,
        },
        (_, Kind::Null(_) | Kind::String(_) | Kind::Number(_) | Kind::Bool(_)) => nothing,
        // By another kind of key: what that means is not for a mock to say.
        _ => None,
    }
}

/// Steps as they are written.
fn path(steps: &[UseStep<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        let _ = match step {
            UseStep::Key(name) if path.is_empty() => write!(path, "{name}"),
            UseStep::Key(name) => write!(path, ".{name}"),
            UseStep::Index(index) => write!(path, "[{index}]"),
            UseStep::Each => write!(path, "[*]"),
        };
    }
    path
}
