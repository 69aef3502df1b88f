//! Terragrunt: units and stacks, from their files to what they come to. Nothing is ever run.
//!
//! [`load()`] finds units and stacks among the files of a workspace, works out what stacks would generate (`stack`),
//! and evaluates every unit (`unit`): what it includes, its locals, features, dependencies, and all else, merged as
//! Terragrunt merges it. A file is read and parsed once, however many units it belongs to.

mod auto;
pub mod bounds;
mod component;
mod config;
mod cycle;
mod decode;
mod dependency;
mod document;
mod evaluation;
mod functions;
mod ground;
mod include;
mod load;
mod merge;
mod names;
mod part;
mod read;
mod run;
mod schema;
mod section;
mod settings;
mod shape;
mod stack;
mod structure;
mod template;
mod trace;
mod unit;

pub use load::{Evaluated, load};
pub use settings::{Outputs, Settings};

/// A unit's file.
const UNIT_NAME: &str = "terragrunt.hcl";
/// A stack's file.
const STACK_NAME: &str = "terragrunt.stack.hcl";
/// The file with the values of a unit or stack.
const VALUES_NAME: &str = "terragrunt.values.hcl";
/// The file with what a stack adds to a unit.
const AUTOINCLUDE_NAME: &str = "terragrunt.autoinclude.hcl";
/// The file with what a stack adds to a stack.
const STACK_AUTOINCLUDE_NAME: &str = "terragrunt.autoinclude.stack.hcl";
/// The directory in which a stack generates.
const STACK_DIRECTORY: &str = ".terragrunt-stack";

/// A directory as it prints.
fn shown(dir: &arcstr::ArcStr) -> arcstr::ArcStr {
    if dir.is_empty() { arcstr::literal!(".") } else { dir.clone() }
}
