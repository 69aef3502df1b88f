//! Integration tests, one module for each topic.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

mod oracle_functions;
mod blessed;
mod bounds;
mod breaking;
mod cli;
mod diff;
mod docs;
mod git;
mod graph;
mod house;
mod mirrored;
mod mirrors;
mod oracle_modules;
mod oracle_plans;
mod oracle_terragrunt;
mod plans;
mod recorded;
mod rules;
mod secrets;
mod shop;
mod shown;
mod sources;
mod stacks;
mod told_once;
mod unit_layers;
mod units;
mod units_hostile;
mod values;
