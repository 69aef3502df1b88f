//! What the user says beside the tree, since nothing may be asked of the machine.

use std::collections::BTreeMap;

/// The settings of a run, as far as Terragrunt's files are concerned.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Variables of the environment, for `get_env`.
    pub environment: BTreeMap<String, String>,
    /// No other variables are set. Otherwise those that are not among them are not known.
    pub environment_is_complete: bool,
    /// Features that are overridden, by name.
    pub features: BTreeMap<String, String>,
    /// What commands print, by the command and its arguments with spaces between them.
    pub run_cmd: BTreeMap<String, String>,
    /// Experiments that are enabled.
    pub experiments: Vec<String>,
    /// `get_platform()`
    pub platform: Option<String>,
    /// What stands for the outputs of dependencies.
    pub outputs: Outputs,
    /// Only a part of the tree was asked for: units around it that it hangs on, or that hang on it, are looked at as well.
    pub in_part: bool,
    /// Files that are evaluated as units beside those called `terragrunt.hcl`, relative to the repository.
    pub configurations: Vec<String>,
}

/// What stands for the outputs of dependencies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Outputs {
    /// What they are: outputs of the other unit, which are known or not.
    #[default]
    Real,
    /// Mocks, as in a tree that was never applied. For comparison with Terragrunt alone: no mock is a real value.
    Mocks,
}

impl Settings {
    /// Whether an experiment is enabled.
    #[must_use]
    pub fn has_experiment(&self, name: &str) -> bool {
        self.experiments.iter().any(|enabled| enabled == name)
    }
}
