use std::collections::BTreeMap;

use arcstr::ArcStr;

use super::{Globs, ModuleSource, Setting, SettingKind, Terragrunt};
use crate::finding::Severity;
use crate::source::{Location, Reader, resolve};

/// A value of the configuration and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands; `None` for what no file wrote.
    pub location: Option<Location>,
}

impl<T> Located<T> {
    /// A value that no file wrote: a default, an argument of the command line.
    pub const fn unwritten(value: T) -> Self {
        Self { value, location: None }
    }

    /// A value that stands at a place.
    pub const fn new(value: T, location: Option<Location>) -> Self {
        Self { value, location }
    }
}

/// What becomes of what could not be decided.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum UndecidedLevel {
    /// It is counted, no more.
    Ignore,
    /// It counts as a warning when the exit code is chosen.
    #[default]
    Warn,
    /// It counts as an error when the exit code is chosen.
    Error,
}

/// The settings that hold for one path.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The rules that a preset or a file speaks of, by id. A rule that is not among them is off.
    pub rules: BTreeMap<ArcStr, RuleSettings>,
    /// From which severity on a finding makes the exit code 1.
    pub threshold: Located<Severity>,
    /// What becomes of what could not be decided.
    pub undecided: Located<UndecidedLevel>,
    /// Values for the variables of root modules, by name; nearer files before others.
    pub variables: Vec<Variable>,
    /// Files with such values, in the order in which they are loaded: later wins.
    pub var_files: Vec<VarFile>,
    /// The variants under which a root module is evaluated; without any, once.
    pub variants: Vec<Variant>,
    /// Where modules that are not in the repository lie.
    pub module_sources: Vec<ModuleSource>,
    /// What only a run of Terragrunt would know.
    pub terragrunt: Terragrunt,
}

/// What the configuration says of a rule.
#[derive(Clone, Debug)]
pub struct RuleSettings {
    /// Whether it is on.
    pub enabled: Located<bool>,
    /// How severe its findings are; `None` for the rule's own severity.
    pub severity: Option<Located<Severity>>,
    /// Its options: a map.
    pub options: Setting,
    /// The only paths that it judges.
    pub paths: Option<Globs>,
    /// Paths that it does not judge.
    pub exclude: Option<Globs>,
}

impl Default for RuleSettings {
    fn default() -> Self {
        Self {
            enabled: Located::unwritten(true),
            severity: None,
            options: Setting::unwritten(SettingKind::Map(Vec::new())),
            paths: None,
            exclude: None,
        }
    }
}

impl RuleSettings {
    /// Whether it judges every path.
    #[must_use]
    pub const fn covers_all(&self) -> bool {
        self.paths.is_none() && self.exclude.is_none()
    }

    /// Whether a path is one of those that the rule judges.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|globs| globs.fit(path))
            && !self.exclude.as_ref().is_some_and(|globs| globs.fit(path))
    }
}

/// A value for a variable.
#[derive(Clone, PartialEq, Debug)]
pub struct Variable {
    /// The variable's name.
    pub name: ArcStr,
    /// Where the name stands.
    pub name_location: Option<Location>,
    /// Its value.
    pub value: Setting,
}

/// A file with values for variables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VarFile {
    /// As written.
    pub path: Located<String>,
    /// The directory of the configuration file that names it.
    pub beside: String,
}

impl VarFile {
    /// The path in the repository: as seen from the root module's directory, or else from that of the configuration
    /// file. `None` if there is no such file at either.
    #[must_use]
    pub fn find(&self, reader: &dyn Reader, root: &str) -> Option<String> {
        [root, self.beside.as_str()]
            .into_iter()
            .filter_map(|directory| resolve(directory, &self.path.value))
            .find(|path| reader.kind(path) == Ok(crate::source::EntryKind::File))
    }
}

/// `variant "prod" { … }`: one of the ways in which a root module is evaluated.
#[derive(Clone, PartialEq, Debug)]
pub struct Variant {
    /// Its name.
    pub name: Located<ArcStr>,
    /// Values for variables.
    pub variables: Vec<Variable>,
    /// Files with such values, in the order in which they are loaded.
    pub var_files: Vec<VarFile>,
    /// The workspace, if it has one of its own.
    pub workspace: Option<Located<ArcStr>>,
}
