//! The built-in rules: one file each, whose doc comment is its page; and the registry that lists them.
//!
//! A new rule is a file here (in `plans` if it judges plans, in `units` if it judges Terragrunt's units), its `mod` and its
//! line below, and its fixtures.

mod concealed;
mod contract;
mod dns;
mod network;
mod plans;
mod story;
mod units;

mod constraint;
mod module_source;
mod old_form;
mod pattern;
mod problems;
mod provider_use;
mod reachability;
mod sensitive_attributes;
mod supposition;
mod unit;
mod written;

mod deprecated_syntax;
mod duplicate_declaration;
mod expired_suppression;
mod failed_check;
mod failed_condition;
mod hardcoded_secret;
mod inconsistent_naming;
mod invalid_expression;
mod invalid_module_call;
mod invalid_reference;
mod invalid_syntax;
mod malformed_suppression;
mod misnamed_suppression;
mod misplaced_declaration;
mod missing_dns_alias;
mod missing_required_version;
mod moved_target_missing;
mod obsolete_required_version;
mod open_ingress;
mod sensitive_output;
mod undeclared_value;
mod undocumented_variable;
mod unexplained_suppression;
mod unpinned_module;
mod unpinned_provider;
mod unreachable_instance;
mod unreadable_file;
mod untyped_variable;
mod unused_declaration;
mod unused_suppression;

pub use concealed::Concealed;
pub use contract::{
    FileSubject, Hook, InstanceSubject, Looks, ModuleSubject, NotKnown, OptionDoc, Page, PlanSubject,
    Reading, Report, ResourceSubject, RootSubject, Rule, RuleEntry, RuleOptions, Sink, UnitSubject, Verdict,
};

use crate::config::{Config, Entry, Setting, SettingKind};
use crate::eval::Problem;
use crate::finding::Severity::{Error, Info, Warning};
use crate::suggest::did_you_mean;

/// The entry of a rule: its id, its type (behind its folder, if it lies in one), how severe it is, and the hooks it
/// overrides.
macro_rules! rule {
    ($id:literal, $folder:ident / $stem:ident :: $type:ident, $severity:ident, [$($hook:expr),*]) => {
        RuleEntry::new::<$folder::$stem::$type>(
            $id,
            include_str!(concat!(stringify!($folder), "/", stringify!($stem), ".rs")),
            $severity,
            &[$($hook),*],
        )
    };
    ($id:literal, $stem:ident :: $type:ident, $severity:ident, [$($hook:expr),*]) => {
        RuleEntry::new::<$stem::$type>($id, include_str!(concat!(stringify!($stem), ".rs")), $severity, &[$($hook),*])
    };
}

/// Every built-in rule, by id.
#[rustfmt::skip]
pub static RULES: &[RuleEntry] = &[
    rule!("ambiguous-relative-path", units / ambiguous_relative_path::AmbiguousRelativePath, Warning, [Hook::Unit, Hook::Model]),
    rule!("bare-include", units / bare_include::BareInclude, Info, [Hook::Unit]),
    rule!("broken-dependency", units / broken_dependency::BrokenDependency, Warning, [Hook::File, Hook::Unit]),
    rule!("conflicting-generate", units / conflicting_generate::ConflictingGenerate, Error, [Hook::Unit]),
    rule!("costly-parse", units / costly_parse::CostlyParse, Info, [Hook::Unit]),
    rule!("dependency-cycle", units / dependency_cycle::DependencyCycle, Error, [Hook::Model]),
    rule!("deprecated-syntax", deprecated_syntax::DeprecatedSyntax, Info, [Hook::File]),
    rule!("destroys-stateful", plans / destroys_stateful::DestroysStateful, Error, [Hook::Plan]),
    rule!("duplicate-declaration", duplicate_declaration::DuplicateDeclaration, Error, [Hook::File]),
    rule!("duplicate-state-key", units / duplicate_state_key::DuplicateStateKey, Error, [Hook::Model]),
    rule!("escaping-source", units / escaping_source::EscapingSource, Error, [Hook::Model]),
    rule!("expired-suppression", expired_suppression::ExpiredSuppression, Warning, []),
    rule!("failed-check", failed_check::FailedCheck, Warning, [Hook::File, Hook::Root, Hook::Plan]),
    rule!("failed-condition", failed_condition::FailedCondition, Error, [Hook::File, Hook::Root, Hook::Plan]),
    rule!("forgotten-resource", plans / forgotten_resource::ForgottenResource, Warning, [Hook::Plan]),
    rule!("hardcoded-secret", hardcoded_secret::HardcodedSecret, Error, [Hook::File, Hook::Root]),
    rule!("incomplete-plan", plans / incomplete_plan::IncompletePlan, Error, [Hook::Plan]),
    rule!("inconsistent-naming", inconsistent_naming::InconsistentNaming, Info, [Hook::Module]),
    rule!("invalid-expression", invalid_expression::InvalidExpression, Error, [Hook::File, Hook::Root]),
    rule!("invalid-module-call", invalid_module_call::InvalidModuleCall, Error, [Hook::File, Hook::Root, Hook::Model]),
    rule!("invalid-reference", invalid_reference::InvalidReference, Error, [Hook::File, Hook::Root]),
    rule!("invalid-syntax", invalid_syntax::InvalidSyntax, Error, [Hook::File]),
    rule!("invalid-unit", units / invalid_unit::InvalidUnit, Error, [Hook::File, Hook::Model]),
    rule!("large-blast-radius", plans / large_blast_radius::LargeBlastRadius, Warning, [Hook::Plan]),
    rule!("malformed-suppression", malformed_suppression::MalformedSuppression, Warning, []),
    rule!("misnamed-suppression", misnamed_suppression::MisnamedSuppression, Warning, []),
    rule!("misplaced-declaration", misplaced_declaration::MisplacedDeclaration, Info, [Hook::Module]),
    rule!("missing-dns-alias", missing_dns_alias::MissingDnsAlias, Error, [Hook::Root]),
    rule!("missing-input", units / missing_input::MissingInput, Error, [Hook::Unit]),
    rule!("missing-required-version", missing_required_version::MissingRequiredVersion, Warning, [Hook::Module]),
    rule!("mistyped-input", units / mistyped_input::MistypedInput, Error, [Hook::Unit]),
    rule!("mock-used-on-apply", units / mock_used_on_apply::MockUsedOnApply, Warning, [Hook::Unit]),
    rule!("moved-target-missing", moved_target_missing::MovedTargetMissing, Error, [Hook::Module]),
    rule!("no-changes", plans / no_changes::NoChanges, Warning, [Hook::Plan]),
    rule!("obsolete-required-version", obsolete_required_version::ObsoleteRequiredVersion, Warning, [Hook::File]),
    rule!("open-ingress", open_ingress::OpenIngress, Error, [Hook::Root]),
    rule!("provider-downgrade", plans / provider_downgrade::ProviderDowngrade, Error, [Hook::Plan]),
    rule!("removed-terragrunt-syntax", units / removed_terragrunt_syntax::RemovedTerragruntSyntax, Warning, [Hook::File]),
    rule!("replaces-on-rename", plans / replaces_on_rename::ReplacesOnRename, Warning, [Hook::Plan]),
    rule!("root-terragrunt-hcl", units / root_terragrunt_hcl::RootTerragruntHcl, Warning, [Hook::Unit]),
    rule!("sensitive-in-plan", plans / sensitive_in_plan::SensitiveInPlan, Error, [Hook::Plan]),
    rule!("sensitive-output", sensitive_output::SensitiveOutput, Error, [Hook::Root]),
    rule!("side-effect-in-parse", units / side_effect_in_parse::SideEffectInParse, Info, [Hook::File, Hook::Unit]),
    rule!("stack-values-mismatch", units / stack_values_mismatch::StackValuesMismatch, Warning, [Hook::Model]),
    rule!("stale-plan", plans / stale_plan::StalePlan, Error, [Hook::Plan]),
    rule!("undeclared-input", units / undeclared_input::UndeclaredInput, Warning, [Hook::Unit]),
    rule!("undeclared-value", undeclared_value::UndeclaredValue, Warning, [Hook::File]),
    rule!("undocumented-variable", undocumented_variable::UndocumentedVariable, Info, [Hook::Module]),
    rule!("unexpected-drift", plans / unexpected_drift::UnexpectedDrift, Warning, [Hook::Plan]),
    rule!("unexplained-suppression", unexplained_suppression::UnexplainedSuppression, Warning, []),
    rule!("unknown-dependency-output", units / unknown_dependency_output::UnknownDependencyOutput, Warning, [Hook::Unit]),
    rule!("unmocked-output", units / unmocked_output::UnmockedOutput, Warning, [Hook::Unit]),
    rule!("unpinned-module", unpinned_module::UnpinnedModule, Warning, [Hook::Module]),
    rule!("unpinned-provider", unpinned_provider::UnpinnedProvider, Warning, [Hook::Module]),
    rule!("unpinned-source", units / unpinned_source::UnpinnedSource, Warning, [Hook::Unit, Hook::Model]),
    rule!("unprotected-import", plans / unprotected_import::UnprotectedImport, Warning, [Hook::Plan]),
    rule!("unreachable-instance", unreachable_instance::UnreachableInstance, Info, [Hook::Instance]),
    rule!("unreadable-file", unreadable_file::UnreadableFile, Error, [Hook::File]),
    rule!("unsafe-state-key", units / unsafe_state_key::UnsafeStateKey, Warning, [Hook::Unit, Hook::Model]),
    rule!("untyped-variable", untyped_variable::UntypedVariable, Warning, [Hook::Module]),
    rule!("unused-declaration", unused_declaration::UnusedDeclaration, Warning, [Hook::Module]),
    rule!("unused-dependency", units / unused_dependency::UnusedDependency, Warning, [Hook::Unit, Hook::Model]),
    rule!("unused-suppression", unused_suppression::UnusedSuppression, Warning, []),
];

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static RuleEntry> {
    RULES.iter().find(|rule| rule.id == id)
}

/// What the id might have been meant to be.
#[must_use]
pub fn suggestion(id: &str) -> String {
    did_you_mean(id, RULES.iter().map(|rule| rule.id))
        .unwrap_or_else(|| "`plangate rules` lists them".to_owned())
}

/// What is wrong with the `rule` blocks of a configuration: rules that do not exist, options that do not fit.
#[must_use]
pub fn check(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    for block in config.rule_blocks() {
        let Some(rule) = find(&block.id.value) else {
            problems.push(Problem {
                location: block.id.location,
                message: format!("there is no rule `{}`", block.id.value),
                help: Some(suggestion(&block.id.value)),
                labels: Vec::new(),
                absent: false,
            });
            continue;
        };
        // One option at a time, so that all that are wrong are told.
        for option in &block.options {
            if let Err(problem) = rule.configure(&lone(option)) {
                problems.push(problem);
            }
        }
    }
    problems
}

fn lone(option: &Entry) -> Setting {
    Setting { kind: SettingKind::Map(vec![option.clone()]), location: option.key_location }
}

#[cfg(test)]
mod tests;
