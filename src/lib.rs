//! `plangate` lints Terraform and Terragrunt trees and gates plans in pull requests.
//!
//! Data flows one way, through the rooms in this order; a lower room never imports an upper one.

pub mod suggest;
pub mod exit;
pub mod source;
pub mod syntax;
pub mod value;
pub mod eval;
pub mod finding;
pub mod config;
pub mod model;
pub mod terraform;
pub mod rules;
pub mod engine;
pub mod triage;
pub mod report;
