//! Mocks of a dependency stand in for its outputs also when a unit is applied.
//!
//! ## Why
//! Where the other unit has no outputs yet, Terragrunt takes the mocks for every command that is allowed to have them. Without a
//! list of commands that is every command: an apply builds on made-up ids and host names, and says nothing.
//!
//! ## Example
//! ```hcl
//! dependency "network" {
//!   config_path  = "../network"
//!   mock_outputs = { id = "vpc-00000000" }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! dependency "network" {
//!   config_path  = "../network"
//!   mock_outputs = { id = "vpc-00000000" }
//!
//!   mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
//! }
//! ```
//!
//! ## Not found
//! A dependency with `skip_outputs = true`, and mocks that are empty.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::value::Value;

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct MockUsedOnApply {
    /// Commands that may have no mocks.
    commands: Vec<String>,
}

impl Default for MockUsedOnApply {
    fn default() -> Self {
        Self { commands: ["apply", "destroy"].map(str::to_owned).to_vec() }
    }
}

impl Rule for MockUsedOnApply {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for dependency in unit.unit.dependencies.iter().filter(|dependency| dependency.enabled) {
            let written = unit.unit.get("dependency").and_then(|all| all.get(&dependency.label));
            let Some(written) = written else { continue };
            let field = |name: &str| written.get(name).filter(|value| !value.is_null());
            let mocks = field("mock_outputs").is_some_and(|mocks| mocks.children().next().is_some());
            let skips = field("skip").is_some_and(|skip| skip.as_bool() != Some(false));
            if !mocks || skips {
                continue;
            }
            let label = &dependency.label;
            let commands = field("mock_outputs_allowed_terraform_commands");
            if commands.is_some_and(|commands| commands.as_unknown().is_some()) {
                continue;
            }
            let commands = commands.and_then(Value::elements).unwrap_or_default();
            let allowed = commands.iter().find(|one| one.as_str().is_some_and(|one| self.forbids(one)));
            let report = match (commands, allowed) {
                ([], _) => {
                    let message = format!("mocks of `{label}` stand in for its outputs in every command");
                    sink.report(dependency.header, message)
                }
                (_, Some(command)) => {
                    let name = command.as_str().unwrap_or_default();
                    let message = format!("mocks of `{label}` stand in for its outputs in `{name}`");
                    sink.report(unit.origin(command), message)
                }
                _ => continue,
            };
            report
                .help("allow them where nothing is changed: `mock_outputs_allowed_terraform_commands = [\"init\", \"validate\", \"plan\"]`")
                .fact(format!("dependency {label}"));
        }
        Ok(())
    }
}

impl MockUsedOnApply {
    fn forbids(&self, command: &str) -> bool {
        self.commands.iter().any(|one| one == command)
    }
}
