//! Reading the configuration runs a command, decrypts a file or asks a cloud.
//!
//! ## What it does
//! Looks for `run_cmd`, `sops_decrypt_file` and the functions that ask AWS who one is, in `locals`, and anywhere in files that
//! units include.
//!
//! ## Why
//! Locals, and what is included, are evaluated for every unit whenever it is parsed: to list units, to find out in which order
//! they come, once more for each unit that depends on it. A command runs hundreds of times then, a secret is decrypted by
//! whoever only looks at the tree, and nothing works without credentials.
//!
//! ## Example
//! ```hcl
//! locals {
//!   revision = run_cmd("git", "rev-parse", "HEAD")
//!   secrets  = yamldecode(sops_decrypt_file("secrets.yaml"))
//! }
//!
//! inputs = {
//!   revision = local.revision
//!   password = local.secrets.password
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! inputs = {
//!   revision = get_env("REVISION", "")
//!   password = yamldecode(sops_decrypt_file("secrets.yaml")).password
//! }
//! ```
//!
//! ## Not found
//! A command that runs once for all units (`run_cmd("--terragrunt-global-cache", …)`). In a unit's own file, what stands outside
//! of `locals` is evaluated when the unit itself is wanted.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls::{self, Call};
use crate::rules::pattern::Glob;
use crate::rules::{FileSubject, Rule, Sink, UnitSubject, Verdict};
use crate::source::{Location, Span, split};
use crate::syntax::Tree;

/// What a call does beside giving a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// `run_cmd`
    Command,
    /// `sops_decrypt_file`
    Secret,
    /// `get_aws_account_id` and its like
    Identity,
}

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct SideEffectInParse {
    /// What to look for.
    kinds: Vec<Kind>,
    /// Commands that may run, their words with spaces between them; `*` stands for anything.
    allow_commands: Vec<Glob>,
}

impl Default for SideEffectInParse {
    fn default() -> Self {
        Self { kinds: vec![Kind::Command, Kind::Secret, Kind::Identity], allow_commands: Vec::new() }
    }
}

impl Rule for SideEffectInParse {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(tree) = file.tree().filter(|_| file.file.configures) else { return Ok(()) };
        // A stack is parsed when it is generated.
        if split(&file.source.path).1 != "terragrunt.stack.hcl" {
            self.judge(tree, |span| locals(tree).any(|locals| locals.contains(span)), sink);
        }
        Ok(())
    }

    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let files: FxHashSet<_> = unit.unit.includes.iter().filter_map(|include| include.file).collect();
        for tree in files.into_iter().filter_map(|file| unit.model.tree(file)) {
            self.judge(tree, |span| !locals(tree).any(|locals| locals.contains(span)), sink);
        }
        Ok(())
    }
}

/// Where locals are declared.
fn locals(tree: &Tree) -> impl Iterator<Item = Span> {
    tree.blocks_of(tree.root, "locals").map(|block| block.span)
}

impl SideEffectInParse {
    fn judge(&self, tree: &Tree, wanted: impl Fn(Span) -> bool, sink: &mut Sink<'_>) {
        for call in calls::of_file(tree) {
            let Some(kind) = kind(call.name).filter(|kind| self.kinds.contains(kind)) else { continue };
            if !wanted(call.span()) || kind == Kind::Command && self.may_run(tree, call) {
                continue;
            }
            let (what, help) = match kind {
                Kind::Command => (
                    "runs a command",
                    "let the pipeline hand the value over (`get_env`), or run it once for all units with `--terragrunt-global-cache`",
                ),
                Kind::Secret => ("decrypts a file", "decrypt it in the `inputs` of the units that need it"),
                Kind::Identity => ("asks AWS", "write it into a file for each account"),
            };
            let at = Location::new(tree.file, call.span());
            sink.report(at, format!("`{}` {what} whenever a unit is parsed", call.name))
                .help(help)
                .fact(call.name);
        }
    }

    /// Whether a command may run, or runs only once.
    fn may_run(&self, tree: &Tree, call: Call<'_>) -> bool {
        let mut words: Vec<&str> = call
            .args()
            .map(|arg| tree.plain_text(arg).unwrap_or_else(|| tree.slice(tree.span(arg))))
            .collect();
        let flags = words.iter().take_while(|word| word.starts_with("--terragrunt-")).count();
        if words.drain(..flags).any(|flag| flag == "--terragrunt-global-cache") {
            return true;
        }
        let command = words.join(" ");
        self.allow_commands.iter().any(|allowed| allowed.matches(&command))
    }
}

fn kind(function: &str) -> Option<Kind> {
    match function {
        "run_cmd" => Some(Kind::Command),
        "sops_decrypt_file" => Some(Kind::Secret),
        "get_aws_account_id"
        | "get_aws_account_alias"
        | "get_aws_caller_identity_arn"
        | "get_aws_caller_identity_user_id" => Some(Kind::Identity),
        _ => None,
    }
}
