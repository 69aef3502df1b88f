//! Rules on Terragrunt's units and stacks, one file each, and what they have in common: calls in a file, what included files
//! say, what Terragrunt refuses.

mod calls;
mod included;
mod refusals;

pub(super) mod ambiguous_relative_path;
pub(super) mod bare_include;
pub(super) mod broken_dependency;
pub(super) mod conflicting_generate;
pub(super) mod costly_parse;
pub(super) mod dependency_cycle;
pub(super) mod duplicate_state_key;
pub(super) mod escaping_source;
pub(super) mod invalid_unit;
pub(super) mod missing_input;
pub(super) mod mistyped_input;
pub(super) mod mock_used_on_apply;
pub(super) mod removed_terragrunt_syntax;
pub(super) mod root_terragrunt_hcl;
pub(super) mod side_effect_in_parse;
pub(super) mod stack_values_mismatch;
pub(super) mod undeclared_input;
pub(super) mod unknown_dependency_output;
pub(super) mod unmocked_output;
pub(super) mod unpinned_source;
pub(super) mod unsafe_state_key;
pub(super) mod unused_dependency;
