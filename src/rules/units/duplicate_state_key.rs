//! Two units keep their state in one place.
//!
//! ## Why
//! Each apply writes over what the other has written. Terraform then plans to destroy what the other unit made.
//!
//! ## Example
//! ```hcl
//! # root.hcl, included by all units
//! remote_state {
//!   backend = "s3"
//!   config = {
//!     bucket = "state"
//!     key    = "terraform.tfstate"
//!     region = "eu-central-1"
//!   }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! remote_state {
//!   backend = "s3"
//!   config = {
//!     bucket = "state"
//!     key    = "${path_relative_to_include()}/terraform.tfstate"
//!     region = "eu-central-1"
//!   }
//! }
//! ```
//!
//! ## Not found
//! Places that are not known, and files with a relative path, which lie in the unit's own directory. States that differ in their
//! workspace alone are told.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Model, Unit};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::terraform::state_place;
use crate::value::Value;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct DuplicateStateKey {}

/// What tells states apart, of the backends that are used most: findings point at it.
const KEYS: &[&str] = &["key", "prefix", "path", "address", "workspaces"];

impl Rule for DuplicateStateKey {
    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        let mut places: BTreeMap<(String, String), Vec<&Unit>> = BTreeMap::new();
        for unit in model.units.iter().filter(|unit| !unit.refused) {
            let Some(state) = unit.get("remote_state") else { continue };
            let (Some(backend), Some(config)) =
                (state.get("backend").and_then(Value::as_str), state.get("config"))
            else {
                continue;
            };
            let relative =
                config.get("path").and_then(Value::as_str).is_some_and(|path| !path.starts_with('/'));
            if backend == "local" && (relative || config.get("path").is_none()) {
                continue;
            }
            if let Some(place) = state_place(backend, config) {
                places.entry((backend.to_owned(), place)).or_default().push(unit);
            }
        }
        for ((backend, _), units) in places.into_iter().filter(|(_, units)| units.len() > 1) {
            let Some(first) = units.first() else { continue };
            let config = first.get("remote_state").and_then(|state| state.get("config"));
            let key = config.and_then(|config| KEYS.iter().find_map(|name| config.get(name)));
            let subject = UnitSubject { model, unit: first };
            let at = key.or(config).map_or_else(|| subject.location(), |value| subject.origin(value));
            let message = format!("{} units keep their state in one place of `{backend}`", units.len());
            let mut report = sink.report(at, message).help(
                "let the unit's path be a part of it: `${path_relative_to_include()}/terraform.tfstate`",
            );
            for unit in units {
                report = report.about(UnitSubject { model, unit }.place());
            }
        }
        Ok(())
    }
}
