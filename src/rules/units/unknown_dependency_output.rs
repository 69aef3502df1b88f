//! A unit uses an output of another unit whose module does not declare it, or mocks one.
//!
//! ## Why
//! Terragrunt reads the outputs of the other unit only when it runs: a name that is not among them shows once both units are
//! about to be applied. As long as a mock of that name stands in, every plan looks fine.
//!
//! ## Example
//! ```hcl
//! # The module of ../network declares the output `vpc_id`.
//! dependency "network" {
//!   config_path  = "../network"
//!   mock_outputs = { vpcid = "vpc-00000000" }
//! }
//!
//! inputs = {
//!   vpc_id = dependency.network.outputs.vpcid
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! dependency "network" {
//!   config_path  = "../network"
//!   mock_outputs = { vpc_id = "vpc-00000000" }
//! }
//!
//! inputs = {
//!   vpc_id = dependency.network.outputs.vpc_id
//! }
//! ```
//!
//! ## Not found
//! Outputs of units whose module is not at hand, or may get more files: by a hook that copies some, by `generate` with contents
//! that are not known. Uses within `try` and `can`, and names that are computed.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::model::{Guard, Interface, Model, Unit, UnitDependency, UseStep};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::Location;
use crate::suggest::nearest;
use crate::value::Value;

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnknownDependencyOutput {
    /// Tell of mocks of outputs that do not exist, too, where nobody uses them.
    mocks: bool,
}

impl Default for UnknownDependencyOutput {
    fn default() -> Self {
        Self { mocks: true }
    }
}

impl Rule for UnknownDependencyOutput {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let known: Vec<_> = unit.unit.dependencies.iter().filter_map(|one| Targets::of(unit, one)).collect();
        if known.is_empty() {
            return Ok(());
        }
        let mut used: FxHashSet<(&str, &str)> = FxHashSet::default();
        // Those whose outputs are handed on as a whole, or by a name that is computed.
        let mut whole: FxHashSet<&str> = FxHashSet::default();
        for one in unit.model.output_uses(unit.unit) {
            let Some(targets) = known.iter().find(|targets| targets.label == one.label) else { continue };
            let Some((name, at, interface)) = targets.find(&one.steps, &one.spans) else {
                whole.insert(targets.label);
                continue;
            };
            used.insert((targets.label, name));
            if !interface.gives(name) && one.guard < Guard::Caught {
                report(name, at, interface, sink).at_least(Severity::Error);
            }
        }
        for targets in known.iter().filter(|_| self.mocks) {
            let mocks = unit.dependency(targets.label).and_then(|one| one.get("mock_outputs"));
            for (name, value, interface) in mocks.into_iter().flat_map(|mocks| targets.mocked(mocks)) {
                if !interface.gives(name) && !used.contains(&(targets.label, name)) {
                    let at = unit.key(value);
                    let report = report(name, at, interface, sink);
                    if !whole.contains(targets.label) {
                        report.primary_label("nobody uses this mock either");
                    }
                }
            }
        }
        Ok(())
    }
}

fn report<'s>(
    name: &str,
    at: Location,
    interface: &Interface<'_>,
    sink: &'s mut Sink<'_>,
) -> crate::rules::Report<'s> {
    let message = format!("the module in `{}` declares no output `{name}`", interface.module.dir);
    let near = nearest(name, interface.outputs());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => all(interface),
    };
    let meant = near.and_then(|near| interface.module.outputs.iter().find(|one| one.named.name == near));
    let report = sink.report(at, message).help(help).fact(format!("output.{name}"));
    match meant {
        Some(meant) => report.label(meant.named.location(), "this one is declared"),
        None => report,
    }
}

/// How many outputs are named.
const NAMED: usize = 8;

fn all(interface: &Interface<'_>) -> String {
    let mut names: Vec<&str> = interface.outputs().collect();
    names.sort_unstable();
    let quoted: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match (quoted.as_slice(), names.len().checked_sub(NAMED)) {
        ([], _) => "it declares no outputs".to_owned(),
        (quoted, None | Some(0)) => format!("it declares {}", quoted.join(", ")),
        (quoted, Some(more)) => format!("it declares {} and {more} more", quoted.join(", ")),
    }
}

/// What a dependency leads to: a unit, or the units of a stack by their names.
struct Targets<'a> {
    label: &'a str,
    units: Vec<(Option<&'a str>, Interface<'a>)>,
}

impl<'a> Targets<'a> {
    /// `None` if nothing is known of it.
    fn of(unit: &UnitSubject<'a>, dependency: &'a UnitDependency) -> Option<Self> {
        let path = dependency.path.as_ref().filter(|_| dependency.enabled)?;
        // Outputs that are never asked for are what the mocks are.
        let skip = unit.dependency(&dependency.label).and_then(|one| one.get("skip"));
        if skip.is_some_and(|skip| !skip.is_null() && skip.as_bool() != Some(false)) {
            return None;
        }
        let model = unit.model;
        let units = match model.unit(path) {
            Some(target) => vec![(None, visible(model, target)?)],
            None => {
                let named = model.stack(path)?.components.iter().filter(|one| one.is_unit);
                let unit = |dir: &str| visible(model, model.unit(dir)?);
                named.filter_map(|one| Some((Some(one.name.as_str()), unit(&one.dir)?))).collect()
            }
        };
        Some(Self { label: &dependency.label, units })
    }

    /// The output that steps lead to, where its name stands, and what is known of its unit.
    fn find<'u>(
        &self,
        steps: &[UseStep<'u>],
        spans: &[Location],
    ) -> Option<(&'u str, Location, &Interface<'a>)> {
        let name = |index: usize| match steps.get(index) {
            Some(UseStep::Key(name)) => Some(*name),
            _ => None,
        };
        let first = name(0)?;
        self.units.iter().find_map(|(unit, interface)| match unit {
            None => Some((first, *spans.first()?, interface)),
            Some(unit) if *unit == first => Some((name(1)?, *spans.get(1)?, interface)),
            Some(_) => None,
        })
    }

    /// The outputs that mocks stand for.
    fn mocked<'v>(&self, mocks: &'v Value) -> Vec<(&'v str, &'v Value, &Interface<'a>)> {
        let entries = |value: &'v Value| value.entries().unwrap_or_default();
        let of = |(unit, interface)| {
            let mocks = match unit {
                None => Some(mocks),
                Some(unit) => mocks.get(unit),
            };
            let mocks = mocks.map(entries).unwrap_or_default().iter();
            mocks.map(move |(name, value)| (name.as_str(), value, interface))
        };
        self.units.iter().map(|(unit, interface)| (unit.as_deref(), interface)).flat_map(of).collect()
    }
}

/// What a unit's module gives, if all of that can be seen.
fn visible<'a>(model: &'a Model, unit: &'a Unit) -> Option<Interface<'a>> {
    model.interface(unit).filter(Interface::shows_outputs)
}
