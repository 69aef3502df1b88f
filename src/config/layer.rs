use arcstr::ArcStr;

use super::{
    Entry, Globs, Located, ModuleSource, RuleSettings, SettingKind, Settings, Terragrunt, UndecidedLevel,
    VarFile, Variable, Variant,
};
use crate::finding::Severity;

/// One file of configuration, read but not yet merged with others.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Where it comes from.
    pub origin: LayerOrigin,
    /// `root = true`: files above it are not looked for.
    pub root: bool,
    /// `extends`
    pub extends: Option<Vec<Located<String>>>,
    /// What holds for all paths below its directory.
    pub everywhere: Scope,
    /// What holds for some of them, in the order of the text.
    pub somewhere: Vec<(Globs, Scope)>,
}

/// Where a [`Layer`] comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LayerOrigin {
    /// A preset that is part of the program.
    Preset(&'static str),
    /// A file, relative to the repository's top.
    File(String),
}

/// Settings as one file, or one `paths` block of it, gives them: what it does not say is `None` or empty.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// `threshold`
    pub threshold: Option<Located<Severity>>,
    /// `undecided`
    pub undecided: Option<Located<UndecidedLevel>>,
    /// `rule` blocks.
    pub rules: Vec<RuleBlock>,
    /// `variables`
    pub variables: Vec<Variable>,
    /// `var_files`
    pub var_files: Vec<VarFile>,
    /// `variant` blocks.
    pub variants: Vec<Variant>,
    /// `module_sources`
    pub module_sources: Vec<ModuleSource>,
    /// `terragrunt`
    pub terragrunt: Terragrunt,
}

/// A `rule` block. That a rule is spoken of switches it on, unless it says `enabled = false`.
#[derive(Clone, Debug)]
pub struct RuleBlock {
    /// The rule's id.
    pub id: Located<ArcStr>,
    /// `enabled`
    pub enabled: Option<Located<bool>>,
    /// `severity`
    pub severity: Option<Located<Severity>>,
    /// `paths`
    pub paths: Option<Globs>,
    /// `exclude`
    pub exclude: Option<Globs>,
    /// Everything else: the rule's own options.
    pub options: Vec<Entry>,
}

impl Scope {
    /// Lays this scope over what is there already.
    pub(super) fn apply(&self, settings: &mut Settings) {
        if let Some(threshold) = self.threshold {
            settings.threshold = threshold;
        }
        if let Some(undecided) = self.undecided {
            settings.undecided = undecided;
        }
        for block in &self.rules {
            block.apply(settings.rules.entry(block.id.value.clone()).or_default());
        }
        for variable in &self.variables {
            settings.variables.retain(|other| other.name != variable.name);
            settings.variables.push(variable.clone());
        }
        settings.var_files.extend(self.var_files.iter().cloned());
        for variant in &self.variants {
            settings.variants.retain(|other| other.name.value != variant.name.value);
            settings.variants.push(variant.clone());
        }
        settings.module_sources.splice(0..0, self.module_sources.iter().cloned());
        settings.terragrunt.apply(&self.terragrunt);
    }
}

impl RuleBlock {
    fn apply(&self, settings: &mut RuleSettings) {
        settings.enabled = self.enabled.unwrap_or(Located::new(true, self.id.location));
        settings.severity = self.severity.or(settings.severity);
        if self.paths.is_some() {
            settings.paths.clone_from(&self.paths);
        }
        if self.exclude.is_some() {
            settings.exclude.clone_from(&self.exclude);
        }
        if let SettingKind::Map(options) = &mut settings.options.kind {
            for option in &self.options {
                options.retain(|other| other.key != option.key);
                options.push(option.clone());
            }
        }
        settings.options.location = self.id.location.or(settings.options.location);
    }
}
