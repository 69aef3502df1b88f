//! The built-in rules: one file each, whose doc comment is its page; and the registry that lists them.
//!
//! A new rule is a file here, its `mod` and its line below, and its fixtures.

mod contract;
mod dns;
mod network;
mod story;

mod expired_suppression;
mod malformed_suppression;
mod misnamed_suppression;
mod missing_dns_alias;
mod missing_required_version;
mod open_ingress;
mod unexplained_suppression;
mod unreadable_file;
mod unused_suppression;

pub use contract::{
    FileSubject, Hook, InstanceSubject, ModuleSubject, NotKnown, OptionDoc, Page, Reading, Report,
    ResourceSubject, RootSubject, Rule, RuleEntry, RuleOptions, Sink, Verdict,
};

use crate::config::{Config, Entry, Setting, SettingKind};
use crate::eval::Problem;
use crate::finding::Severity::{Error, Warning};
use crate::model::Model;
use crate::source::Location;
use crate::suggest::did_you_mean;
use crate::value::Value;

/// The entry of a rule: its id, its type, how severe it is, and the hooks it overrides.
macro_rules! rule {
    ($id:literal, $stem:ident :: $type:ident, $severity:ident, [$($hook:expr),*]) => {
        RuleEntry::new::<$stem::$type>($id, include_str!(concat!(stringify!($stem), ".rs")), $severity, &[$($hook),*])
    };
}

/// Every built-in rule, by id.
#[rustfmt::skip]
pub static RULES: &[RuleEntry] = &[
    rule!("expired-suppression", expired_suppression::ExpiredSuppression, Warning, []),
    rule!("malformed-suppression", malformed_suppression::MalformedSuppression, Warning, []),
    rule!("misnamed-suppression", misnamed_suppression::MisnamedSuppression, Warning, []),
    rule!("missing-dns-alias", missing_dns_alias::MissingDnsAlias, Error, [Hook::Root]),
    rule!("missing-required-version", missing_required_version::MissingRequiredVersion, Warning, [Hook::Module]),
    rule!("open-ingress", open_ingress::OpenIngress, Error, [Hook::Root]),
    rule!("unexplained-suppression", unexplained_suppression::UnexplainedSuppression, Warning, []),
    rule!("unreadable-file", unreadable_file::UnreadableFile, Error, [Hook::File]),
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

/// The rule that recognises a value as a secret, if one does: the value must not be shown.
#[must_use]
pub fn recognised_secret(_value: &Value) -> Option<&'static str> {
    None
}

/// Where secrets stand that a rule recognises: no output may show their text.
#[must_use]
pub fn secret_places(_model: &Model) -> Vec<Location> {
    Vec::new()
}

#[cfg(test)]
mod tests;
