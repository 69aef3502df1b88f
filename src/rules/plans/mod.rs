//! Rules on plans, one file each, and what they have in common: words for what is done, conditions, differences, and which
//! types hold data.

pub(super) mod checks;
mod difference;
mod place;
mod planned;
mod stateful;

pub(super) mod destroys_stateful;
pub(super) mod forgotten_resource;
pub(super) mod incomplete_plan;
pub(super) mod large_blast_radius;
pub(super) mod no_changes;
pub(super) mod provider_downgrade;
pub(super) mod replaces_on_rename;
pub(super) mod sensitive_in_plan;
pub(super) mod stale_plan;
pub(super) mod unexpected_drift;
pub(super) mod unprotected_import;
