//! A plan and the dependency lock file beside its source disagree about the version of a provider.
//!
//! What is compared: the versions that `.terraform.lock.hcl` holds, the versions that the plan was made for, those that the
//! source requires now, in the root module and in all that it calls, and the providers that the plan uses.
//!
//! ## Why
//! The lock file decides which provider an apply is done with. Where it holds another version than the plan was made for,
//! one of them is of another commit: the apply is refused, or the next plan, by an older provider, meets a state that a
//! newer one has written. A provider that the lock file does not hold is a new one on every machine.
//!
//! ## Example
//! ```hcl
//! # .terraform.lock.hcl, beside a plan that was made for `~> 5.40`
//! provider "registry.terraform.io/hashicorp/aws" {
//!   version     = "4.67.0"
//!   constraints = "~> 4.0"
//! }
//! ```
//!
//! ## Instead
//! ```text
//! terraform init -upgrade
//! git add .terraform.lock.hcl
//! terraform plan -out=plan.bin
//! ```
//!
//! ## Not found
//! A version that fits, but is another than the one that the plan was made with: plans do not say which one that was.
//! A state that a newer provider has written: Terraform refuses it, and makes no plan.
//! Where there is no lock file, there is nothing to compare, and none is written by versions before 0.14.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::planned;
use crate::model::{Lock, Locked, ProviderAddress};
use crate::plan::{Plan, PlanKind};
use crate::rules::{PlanSubject, Rule, Sink, Verdict, provider_use};
use crate::source::{Location, Span};
use crate::terraform::{Version, VersionConstraint};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct ProviderDowngrade {}

/// The versions of a provider that somebody wants: as written, by whom, and where.
struct Wanted {
    constraint: String,
    who: &'static str,
    at: Option<Location>,
}

impl Rule for ProviderDowngrade {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let plan = subject.plan;
        let lock = plan.directory.as_ref().and_then(|directory| subject.model.locks.get(directory));
        let Some(lock) = lock.filter(|_| plan.kind == PlanKind::Plan && !is_before_locks(plan)) else {
            return Ok(());
        };
        sink.each(wanted(subject), |(address, wanted), sink| judge(subject, lock, &address, &wanted, sink));
        Ok(())
    }
}

/// Whether the plan is of a Terraform that knew no lock files.
fn is_before_locks(plan: &Plan) -> bool {
    let version = plan.terraform_version.as_deref().and_then(Version::parse);
    let first = VersionConstraint::parse(">= 0.14");
    version.zip(first).is_some_and(|(version, first)| !first.admits(&version))
}

/// The providers that the plan uses, and which versions are wanted of each: by the plan first.
fn wanted(subject: &PlanSubject<'_>) -> BTreeMap<ProviderAddress, Vec<Wanted>> {
    let plan = subject.plan;
    let mut all: BTreeMap<ProviderAddress, Vec<Wanted>> = BTreeMap::new();
    for provider in plan.configuration().providers.values() {
        let address = provider.full_name.as_deref().and_then(ProviderAddress::parse);
        let Some(address) = address.filter(|address| !address.is_built_in()) else { continue };
        let wanted = all.entry(address).or_default();
        let constraint = provider.version_constraint.as_deref().unwrap_or_default();
        // What a plan says of one provider, it says of each of its configurations.
        if !constraint.is_empty() && !wanted.iter().any(|it| it.constraint == constraint) {
            wanted.push(Wanted { constraint: constraint.to_owned(), who: "the plan was made for", at: None });
        }
    }
    let mut names: Vec<&str> = plan.changes.iter().map(|change| change.provider.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let used = names.into_iter().filter_map(ProviderAddress::parse);
    for address in used.filter(|address| !address.is_built_in()) {
        all.entry(address).or_default();
    }
    for list in all.values_mut() {
        list.sort_by(|a, b| a.constraint.cmp(&b.constraint));
    }
    let Some(root) = subject.root else { return all };
    let model = subject.model;
    let root = model.module(root.root.module);
    let called = provider_use::called(model, root).modules;
    let modules = std::iter::once(root).chain(called.into_iter().map(|id| model.module(id)));
    for required in modules.flat_map(|module| &module.required_providers) {
        let source = required.source.as_ref().unwrap_or(&required.named.name);
        let wanted = ProviderAddress::parse(source).and_then(|address| all.get_mut(&address));
        if let (Some(wanted), Some((version, at))) = (wanted, &required.version) {
            let at = Some(model.location(*at));
            wanted.push(Wanted { constraint: version.to_string(), who: "the source requires", at });
        }
    }
    all
}

fn judge(
    subject: &PlanSubject<'_>,
    lock: &Lock,
    address: &ProviderAddress,
    wanted: &[Wanted],
    sink: &mut Sink<'_>,
) -> Verdict {
    let not_known =
        |why: &str| Err(planned::not_known(subject.plan, &format!("the version of {address}"), why));
    let held: Vec<&Locked> = lock.providers.iter().filter(|locked| locked.address == *address).collect();
    let [first, ..] = held.as_slice() else {
        if let Some(fault) = &lock.fault {
            return not_known(fault);
        }
        let Some(file) = lock.file else { return Ok(()) };
        sink.report(
            Location::new(file, Span::at(0)),
            format!("the plan uses the provider `{address}`, which the lock file does not hold"),
        )
        .help("run `terraform init`, commit the lock file and plan again")
        .fact(format!("not locked {address}"));
        return Ok(());
    };
    let versions = held.iter().filter_map(|locked| locked.version.as_ref());
    let versions: Vec<_> =
        versions.filter_map(|(text, at)| Some((text, *at, Version::parse(text)?))).collect();
    if versions.is_empty() {
        return not_known(
            lock.fault.as_deref().unwrap_or("the lock file does not say which version it holds"),
        );
    }
    let admits = |one: &Wanted| {
        let constraint = VersionConstraint::parse(&one.constraint);
        // A tree that is used with Terraform and with OpenTofu has an entry for each.
        constraint.is_none_or(|constraint| versions.iter().any(|(.., version)| constraint.admits(version)))
    };
    let of_source = || wanted.iter().filter(|one| one.at.is_some());
    let help = match of_source().next().is_some() && of_source().all(admits) {
        true => "plan again: the lock file fits what the source requires now",
        false => "run `terraform init -upgrade`, commit the lock file and plan again",
    };
    for one in wanted.iter().filter(|one| !admits(one)) {
        // What cannot be read is somebody else's finding.
        let Some(constraint) = VersionConstraint::parse(&one.constraint) else { continue };
        let Some((text, at, version)) = versions.first() else { continue };
        let how = match constraint.compare(version) {
            Ordering::Less => "too old for",
            Ordering::Greater => "too new for",
            Ordering::Equal => "left out by",
        };
        let Wanted { constraint, who, at: required } = one;
        let message = format!(
            "the lock file holds the provider `{address}` at {text}, {how} the `{constraint}` that {who}"
        );
        let report = sink
            .report(*at, message)
            .help(help)
            .label(first.header, "this provider")
            .fact(format!("locked {address} {text} {constraint}"));
        if let Some(required) = required {
            report.label(*required, "required here");
        }
        // Whatever else wants another version, one finding says enough.
        break;
    }
    Ok(())
}
