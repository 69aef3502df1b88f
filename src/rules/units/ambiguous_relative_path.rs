//! A path relative to an include does not say which include it means, or says one that is not heeded.
//!
//! ## Why
//! `path_relative_to_include`, `path_relative_from_include` and `get_parent_terragrunt_dir` take the label of an include. A unit
//! that includes several files is refused without one. Where there is one include, and in the included file itself, the label
//! is not read at all: the path is relative to that file, whatever the label says. Often the path is the key of a state, which
//! then lies elsewhere than everybody thinks.
//!
//! ## Example
//! ```hcl
//! include "root" {
//!   path = find_in_parent_folders("root.hcl")
//! }
//!
//! include "env" {
//!   path = find_in_parent_folders("env.hcl")
//! }
//!
//! inputs = {
//!   name = basename(path_relative_to_include())
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! include "root" {
//!   path = find_in_parent_folders("root.hcl")
//! }
//!
//! include "env" {
//!   path = find_in_parent_folders("env.hcl")
//! }
//!
//! inputs = {
//!   name = basename(path_relative_to_include("root"))
//! }
//! ```
//!
//! ## Not found
//! Labels that are computed. In an included file, a label by which any unit includes that file is let pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls::{self, Call};
use super::included;
use crate::finding::{Place, Severity};
use crate::model::{Model, UnitInclude};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::Location;
use crate::syntax::Tree;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct AmbiguousRelativePath {}

impl Rule for AmbiguousRelativePath {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let includes = &unit.unit.includes;
        let Some(tree) = unit.model.tree(unit.unit.file).filter(|_| !includes.is_empty()) else {
            return Ok(());
        };
        for call in relative(tree) {
            let at = Location::new(tree.file, call.span());
            match includes.as_slice() {
                [only] => {
                    let Some(label) = call.text(0).filter(|label| *label != only.label) else { continue };
                    sink.report(at, format!("no include has the label `{label}`, and it is not heeded"))
                        .label(only.header, "the path is relative to what this includes")
                        .help(match only.label.as_str() {
                            "" => "leave the label out".to_owned(),
                            right => format!("write `{}(\"{right}\")`", call.name),
                        })
                        .fact(call.name);
                }
                several if call.args().len() == 0 => {
                    sink.report(at, format!("which include `{}` means is not said", call.name))
                        .help(format!("give it the label of one: {}", labels(several)))
                        .fact(call.name)
                        .at_least(Severity::Error)
                        .standing_for("invalid-unit");
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        for (file, uses) in included::files(model) {
            let Some(tree) = model.tree(file) else { continue };
            for call in relative(tree) {
                let names = |label: &&str| uses.iter().any(|of| of.include.label == *label);
                let Some(label) = call.text(0).filter(|label| !names(label)) else { continue };
                let at = Location::new(file, call.span());
                let mut report = sink
                    .report(at, format!("the label `{label}` is not heeded in a file that is included"))
                    .help("the path is relative to this file: leave the label out, or move this to the units")
                    .fact(call.name);
                for of in &uses {
                    report = report.about(Place::default().with_unit(of.unit.dir.clone()));
                }
            }
        }
        Ok(())
    }
}

/// The calls of functions whose answer is relative to an include.
fn relative(tree: &Tree) -> impl Iterator<Item = Call<'_>> {
    let names = ["path_relative_to_include", "path_relative_from_include", "get_parent_terragrunt_dir"];
    calls::of_file(tree).filter(move |call| names.contains(&call.name))
}

fn labels(includes: &[UnitInclude]) -> String {
    let labels: Vec<String> = includes.iter().map(|include| format!("`\"{}\"`", include.label)).collect();
    labels.join(" or ")
}
