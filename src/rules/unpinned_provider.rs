//! A provider is used without saying in which versions.
//!
//! The root module decides: what it says in `required_providers` holds for all modules that it calls, and what one of
//! these says holds for the root. So the finding is the root's, for what is used in it and in the modules of the tree
//! below it, where none of them says anything. A module that nothing in the tree calls is a root, or is for others to
//! call; either needs its versions said.
//!
//! ## Why
//! The newest version is taken, on the day of the first `init`. A new major version changes what arguments mean, and
//! the next plan, on another machine or without the lock file, is about something else.
//!
//! ## Example
//! ```hcl
//! resource "aws_sqs_queue" "orders" {
//!   name = "orders"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! terraform {
//!   required_providers {
//!     aws = {
//!       source  = "hashicorp/aws"
//!       version = "~> 5.60"
//!     }
//!   }
//! }
//!
//! resource "aws_sqs_queue" "orders" {
//!   name = "orders"
//! }
//! ```
//!
//! ## Not found
//! A directory with a `terragrunt.hcl`: that may generate what is missing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constraint::{Width, provider_width};
use super::provider_use;
use super::{ModuleSubject, Rule, Sink, Verdict, unit};
use crate::model::{Model, Module, ModuleId};
use crate::source::Location;

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnpinnedProvider {
    /// Whether the versions need an upper bound: the lock file keeps a root from newer ones until somebody upgrades.
    upper_bound: bool,
    /// Whether modules that are called from this tree must say versions themselves.
    called_modules: bool,
}

impl Rule for UnpinnedProvider {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let &ModuleSubject { model, module } = subject;
        let mut unpinned: BTreeMap<String, (Location, Option<&Module>)> = BTreeMap::new();
        let called =
            if self.called_modules { Vec::new() } else { provider_use::called(model, module).modules };
        let all: Vec<&Module> =
            std::iter::once(module).chain(called.iter().map(|&id| model.module(id))).collect();
        for (index, user) in all.iter().enumerate() {
            for used in uses(model, user) {
                unpinned.entry(used.0).or_insert((used.1, (index > 0).then_some(*user)));
            }
        }
        unpinned.retain(|name, _| {
            !all.iter().any(|module| is_pinned(model, module, name) || may_be_pinned(model, module, name))
        });
        // Who calls it decides, or what Terragrunt generates.
        let elsewhere = || {
            !self.called_modules && (module.called || module.perhaps_called)
                || unit::beside(model, module).is_some()
        };
        if !unpinned.is_empty() && elsewhere() {
            unpinned.clear();
        }
        for (name, (used, below)) in unpinned {
            report(subject, &name, used, below, sink);
        }
        if self.upper_bound {
            open(subject, sink);
        }
        Ok(())
    }
}

/// What a module uses, by name, and where first.
fn uses(model: &Model, module: &Module) -> Vec<(String, Location)> {
    let own = provider_use::of_module(model, module).into_iter().map(|used| (used.name, used.at));
    let configured = module.providers.iter().filter(|provider| provider.named.name != "terraform");
    let configured = configured.map(|provider| (provider.named.name.to_string(), provider.named.location()));
    own.chain(configured).collect()
}

fn is_pinned(model: &Model, module: &Module, name: &str) -> bool {
    let mut required = module.required_providers.iter().filter(|required| required.named.name == name);
    let mut configured = module.providers.iter().filter(|provider| provider.named.name == name);
    required.any(|required| required.version.as_ref().is_some_and(|(version, _)| !version.trim().is_empty()))
        // The old place, which still holds.
        || configured.any(|provider| provider.body.argument(model, "version").is_some())
}

/// Whether something damaged may say a version of the provider.
fn may_be_pinned(model: &Model, module: &Module, name: &str) -> bool {
    let trees = module.files.iter().filter_map(|&file| model.tree(file));
    let mut texts = trees.flat_map(|tree| tree.damaged_text());
    let about_it = |text: &str| text.contains("required_providers") || text.starts_with("provider");
    texts.any(|text| about_it(text) && text.contains("version") && text.contains(name))
}

/// Where a module calls another, itself or by others that it calls.
fn call_to(model: &Model, module: &Module, below: &Module) -> Option<Location> {
    let leads = |called: ModuleId| {
        called == below.id || provider_use::called(model, model.module(called)).modules.contains(&below.id)
    };
    let call = module.calls.iter().find(|call| call.called().is_some_and(leads))?;
    Some(call.named.location())
}

fn report(
    subject: &ModuleSubject<'_>,
    name: &str,
    used: Location,
    below: Option<&Module>,
    sink: &mut Sink<'_>,
) {
    let module = subject.module;
    let entry = module.required_providers.iter().find(|required| required.named.name == name);
    let used_here = if below.is_some() { "used here, in a module that is called" } else { "used here" };
    let (at, help) = match entry {
        Some(entry) => (entry.named.location(), "add a `version`, as in `version = \"~> 5.60\"`".to_owned()),
        None => {
            let help = format!("add `{name}` to `required_providers`, with its source and version");
            (required_block(subject).unwrap_or(used), help)
        }
    };
    let message = match entry {
        Some(_) => format!("the provider `{name}` is required in any version"),
        None => format!("the provider `{name}` is used, but no version is required"),
    };
    let report = sink.report(at, message).help(help).label(used, used_here).fact(format!("provider {name}"));
    if let Some(call) = below.and_then(|below| call_to(subject.model, module, below)) {
        report.label(call, "called here");
    }
}

/// Where an entry would be added.
fn required_block(subject: &ModuleSubject<'_>) -> Option<Location> {
    let mut terraform = None;
    for tree in subject.trees() {
        for block in tree.blocks_of(tree.root, "terraform") {
            if let Some(required) = tree.blocks_of(block.body, "required_providers").next() {
                return Some(Location::new(tree.file, required.header));
            }
            terraform = terraform.or(Some(Location::new(tree.file, block.header)));
        }
    }
    terraform
}

fn open(subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) {
    for required in &subject.module.required_providers {
        let Some((version, at)) = &required.version else { continue };
        if provider_width(version) == Width::Open && !version.trim().is_empty() {
            let name = &required.named.name;
            let message = format!("every version to come of the provider `{name}` fits `{version}`");
            sink.report(subject.model.location(*at), message)
                .help("add an upper bound, as in `~> 5.60`")
                .fact(format!("provider {name}"));
        }
    }
}
