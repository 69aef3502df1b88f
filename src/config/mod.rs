//! `plangate.hcl`: found upwards from each linted path, laid over each other, read into typed settings with their places.
//!
//! A [`Config`] answers one question, [`Config::settings`]: what holds for this path. It knows no rules: it keeps their
//! options as [`Setting`]s, which a rule's struct is read from with [`from_setting`].

mod body;
mod cascade;
mod deserialize;
mod globs;
mod layer;
mod literal;
mod load;
mod module_source;
mod presets;
mod read;
mod setting;
mod settings;
mod terragrunt;

pub use deserialize::from_setting;
pub use globs::Globs;
pub use layer::{Layer, LayerOrigin, RuleBlock, Scope};
pub use load::Config;
pub use module_source::ModuleSource;
pub use presets::PRESETS;
pub use setting::{Entry, Setting, SettingKind, key, quoted};
pub use settings::{Located, RuleSettings, Settings, UndecidedLevel, VarFile, Variable, Variant};
pub use terragrunt::Terragrunt;

#[cfg(test)]
mod tests;
