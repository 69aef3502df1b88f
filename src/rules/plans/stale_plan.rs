//! A plan was made of another source than the one beside it.
//!
//! The resources and module calls that the plan was made of are compared with those that the source declares now, module
//! by module as far as they are at hand. A resource for which Terraform wrote the configuration itself may have come since.
//!
//! ## Why
//! Between planning and applying somebody merged something else. What is judged here is then not what the code says, and
//! applying it takes back what the merge brought.
//!
//! ## Example
//! ```hcl
//! # plan.json was made before this was added:
//! resource "aws_sqs_queue" "orders" {
//!   name = "orders"
//! }
//! ```
//!
//! ## Instead
//! ```text
//! terraform plan -out=plan.bin
//! terraform show -json plan.bin > plan.json
//! ```
//!
//! ## Not found
//! Other values of the same resources. Modules that are not at hand. A plan whose source cannot be told from others is left
//! undecided.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::planned;
use crate::finding::without_indexes;
use crate::model::{Mode, Model, Module, Resource};
use crate::plan::{ConfiguredModule, Plan, PlanKind};
use crate::rules::{PlanSubject, Rule, Sink, Verdict, unit};
use crate::source::Location;

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct StalePlan {}

/// How deep modules are followed.
const DEPTH: usize = 64;

impl Rule for StalePlan {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let plan = subject.plan;
        if plan.kind != PlanKind::Plan {
            return Ok(());
        }
        let Some(root) = subject.root else {
            // Where no source was asked for, there is nothing to compare.
            let alone = subject.model.modules.iter().all(|module| module.files.is_empty());
            return if alone {
                Ok(())
            } else {
                Err(planned::not_known(plan, "configuration", "which directory it is of is not known"))
            };
        };
        let configured = &plan.configuration().root;
        let module = subject.model.module(root.root.module);
        let says_nothing = configured.resources.is_empty() && configured.calls.is_empty();
        if says_nothing && plan.changes.iter().any(|change| change.action.creates()) {
            return Err(planned::not_known(
                plan,
                "configuration",
                "the plan does not keep its configuration",
            ));
        }
        let mut comparison = Comparison { generated: generated(plan), ..Comparison::new(subject.model) };
        comparison.module("", configured, module, 0);
        if comparison.uncertain && comparison.gone.is_empty() && comparison.new.is_empty() {
            return Err(planned::not_known(
                plan,
                "configuration",
                "the source beside it cannot be read to the end",
            ));
        }
        comparison.report(subject, sink);
        Ok(())
    }
}

/// The resources for which Terraform wrote the configuration: the plan's own configuration does not have them.
fn generated(plan: &Plan) -> FxHashSet<String> {
    let written = plan.changes.iter().filter(|change| change.generated_config.is_some());
    written.map(planned::resource).collect()
}

struct Comparison<'a> {
    model: &'a Model,
    generated: FxHashSet<String>,
    /// How many resources and calls both have.
    common: usize,
    /// What the plan was made of and the source no longer has.
    gone: Vec<String>,
    /// What the source has and the plan was not made of, and where.
    new: Vec<(String, Location)>,
    /// Broken syntax may hide declarations.
    uncertain: bool,
}

impl<'a> Comparison<'a> {
    fn new(model: &'a Model) -> Self {
        Self {
            model,
            generated: FxHashSet::default(),
            common: 0,
            gone: Vec::new(),
            new: Vec::new(),
            uncertain: false,
        }
    }

    fn module(&mut self, address: &str, configured: &ConfiguredModule, module: &Module, depth: usize) {
        // What is written in the directory of such a unit is not all of the module.
        if depth > DEPTH || unit::is_overlay(self.model, module) {
            return;
        }
        let inside =
            |name: &str| if address.is_empty() { name.to_owned() } else { format!("{address}.{name}") };
        let broken =
            module.files.iter().any(|&file| self.model.tree(file).is_none_or(|tree| !tree.errors.is_empty()));
        self.uncertain |= broken;
        // Plans do not have these.
        let has = |resource: &&Resource| resource.mode != Mode::Ephemeral;
        let mut declared = FxHashSet::default();
        for resource in module.resources.iter().filter(has) {
            let name = resource.address();
            if configured.resources.contains_key(name.as_str()) {
                self.common += 1;
            } else if resource.check.is_none() && !self.generated.contains(&inside(&name)) {
                self.new.push((inside(&name), resource.named.location()));
            }
            declared.insert(name);
        }
        for call in &module.calls {
            let name = call.named.name.as_str();
            let below = inside(&format!("module.{name}"));
            match configured.calls.get(name) {
                None => self.new.push((below, call.named.location())),
                Some(called) => {
                    self.common += 1;
                    if let Some(local) = call.local {
                        self.module(&below, &called.module, self.model.module(local), depth + 1);
                    }
                }
            }
        }
        if broken {
            return;
        }
        let gone = configured.resources.keys().filter(|name| !declared.contains(name.as_str()));
        self.gone.extend(gone.map(|name| inside(name)));
        let gone = configured.calls.keys().filter(|name| module.call(name).is_none());
        self.gone.extend(gone.map(|name| inside(&format!("module.{name}"))));
    }

    fn report(mut self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) {
        if self.gone.is_empty() && self.new.is_empty() {
            return;
        }
        self.gone.sort();
        let new: Vec<String> = self.new.iter().map(|(name, _)| name.clone()).collect();
        let message = match (self.common, self.gone.as_slice(), new.as_slice()) {
            (0, [_, ..], [_, ..]) => "the plan has nothing in common with its source".to_owned(),
            (_, [], new) => format!("the plan is stale: it was made without {}", planned::listed(new)),
            (_, gone, []) => format!("the plan is stale: the source no longer has {}", planned::listed(gone)),
            (_, gone, new) => format!(
                "the plan is stale: the source no longer has {}, and the plan was made without {}",
                planned::listed(gone),
                planned::listed(new)
            ),
        };
        let mut report = sink
            .report(subject.own_location(), message)
            .help("plan again, or say with `--plan DIRECTORY=FILE` which directory it is of");
        for name in &self.gone {
            report = report.fact(format!("gone {}", without_indexes(name)));
        }
        for (name, at) in self.new {
            report = report.fact(format!("new {name}")).label(at, "the plan was made without this");
        }
    }
}
