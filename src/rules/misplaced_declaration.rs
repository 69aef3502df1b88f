//! A declaration stands in another file than those of its kind do.
//!
//! By default variables belong in `variables.tf`, outputs in `outputs.tf`, and `terraform` blocks in `versions.tf`,
//! `terraform.tf`, `providers.tf` or `backend.tf`; a name that says the same and more (`variables-dns.tf`,
//! `vpc_outputs.tf`) is as good. `context.tf`, which a widely used label module brings along, may hold variables. There is one finding for each file and kind, at the first such declaration.
//!
//! ## Why
//! Whoever wants to call a module looks for its variables, whoever wants to upgrade it for its versions. Where they are
//! spread over the module, some are missed.
//!
//! ## Example
//! ```hcl
//! # main.tf, beside a variables.tf
//! variable "retention" {
//!   type = number
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! # variables.tf
//! variable "retention" {
//!   type = number
//! }
//! ```
//!
//! ## Not found
//! A module of one file is small enough to have everything in it. Override files repeat what others declare, and JSON
//! is written by programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern::Glob;
use super::{ModuleSubject, Rule, Sink, Verdict};
use crate::model::Model;
use crate::source::{FileId, FileKind, Location, is_json, split};
use crate::syntax::Tree;

/// A kind of block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Variable,
    Output,
    Terraform,
    Provider,
    Locals,
    Data,
    Resource,
    Module,
    Moved,
    Import,
    Removed,
    Check,
}

impl Kind {
    fn of(block: &str) -> Option<Self> {
        Some(match block {
            "variable" => Self::Variable,
            "output" => Self::Output,
            "terraform" => Self::Terraform,
            "provider" => Self::Provider,
            "locals" => Self::Locals,
            "data" => Self::Data,
            "resource" => Self::Resource,
            "module" => Self::Module,
            "moved" => Self::Moved,
            "import" => Self::Import,
            "removed" => Self::Removed,
            "check" => Self::Check,
            _ => return None,
        })
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Variable => "variables",
            Self::Output => "outputs",
            Self::Terraform => "`terraform` blocks",
            Self::Provider => "providers",
            Self::Locals => "local values",
            Self::Data => "data sources",
            Self::Resource => "resources",
            Self::Module => "module calls",
            Self::Moved => "`moved` blocks",
            Self::Import => "`import` blocks",
            Self::Removed => "`removed` blocks",
            Self::Check => "checks",
        }
    }
}

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MisplacedDeclaration {
    /// Where each kind of block belongs: names of files without their endings, in which `*` stands for anything. A name
    /// may say more before or behind it, after a dash, an underscore or a dot. A kind that is not listed may stand
    /// anywhere.
    files: BTreeMap<Kind, Vec<Glob>>,
}

impl Default for MisplacedDeclaration {
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|name| Glob::new(name)).collect();
        Self {
            files: BTreeMap::from([
                (Kind::Variable, names(&["variables", "context"])),
                (Kind::Output, names(&["outputs"])),
                (Kind::Terraform, names(&["versions", "terraform", "providers", "backend"])),
            ]),
        }
    }
}

impl Rule for MisplacedDeclaration {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let files = &subject.module.files;
        if files.len() < 2 {
            return Ok(());
        }
        for &file in files {
            let path = &subject.model.sources.get(file).path;
            if is_json(path) || is_override(subject.model, file) {
                continue;
            }
            if let Some(tree) = subject.model.tree(file) {
                self.judge(tree, split(path).1, sink);
            }
        }
        Ok(())
    }
}

fn is_override(model: &Model, file: FileId) -> bool {
    model.files.get(file.0 as usize).is_some_and(|file| file.kind == Some(FileKind::Override))
}

impl MisplacedDeclaration {
    fn judge(&self, tree: &Tree, name: &str, sink: &mut Sink<'_>) {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "tf"));
        let mut misplaced: BTreeMap<Kind, Vec<Location>> = BTreeMap::new();
        for block in tree.blocks(tree.root) {
            let Some(kind) = Kind::of(tree.name(block.kind)) else { continue };
            let Some(names) = self.files.get(&kind) else { continue };
            if !names.iter().any(|home| is_named_after(stem, home)) {
                misplaced.entry(kind).or_default().push(Location::new(tree.file, block.header));
            }
        }
        for (kind, all) in misplaced {
            let Some((&first, others)) = all.split_first() else { continue };
            let home = self.files.get(&kind).and_then(|names| names.first()).map_or("", Glob::as_str);
            let what = kind.plural();
            let count = match others.len() {
                0 => String::new(),
                others => format!(" (and {others} more)"),
            };
            sink.report(first, format!("{what} stand in `{home}.{ending}`, not in `{name}`{count}"))
                .help(format!("move it to `{home}.{ending}`"))
                .fact(format!("{what} {name}"));
        }
    }
}

/// `variables`, `variables-dns`, `vpc_variables`
fn is_named_after(stem: &str, home: &Glob) -> bool {
    let parts = stem.match_indices(['-', '_', '.']).map(|(at, _)| stem.split_at(at));
    let mut parts = parts.map(|(before, behind)| (before, behind.get(1..).unwrap_or_default()));
    home.matches(stem) || parts.any(|(before, behind)| home.matches(before) || home.matches(behind))
}
