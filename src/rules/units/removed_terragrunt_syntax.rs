//! Something is written that Terragrunt took away, or is about to.
//!
//! ## What it does
//! Knows what became of each, and says so in the place of `invalid-unit` where Terragrunt refuses the file by now.
//!
//! | written | now |
//! | --- | --- |
//! | `skip` | a block `exclude` |
//! | `retryable_errors`, `retry_max_attempts`, `retry_sleep_interval_sec` | a block `errors` with `retry` in it |
//! | `mock_outputs_merge_with_state` | `mock_outputs_merge_strategy_with_state` |
//! | `dependency.x.inputs.y` | an output of the other unit |
//! | `get_tfvars_dir()`, `get_parent_tfvars_dir()` | `get_terragrunt_dir()`, `get_parent_terragrunt_dir()` |
//! | `terragrunt = { … }` in a file of variables | a file `terragrunt.hcl` |
//! | `terragrunt plan-all` and its like in a hook or `run_cmd` | `terragrunt run --all plan` |
//!
//! ## Why
//! The file stops every command on the unit, or will with the next version. What is only ignored is worse: people believe in
//! it.
//!
//! ## Example
//! ```hcl
//! skip = true
//!
//! retryable_errors = ["(?s).*connection reset.*"]
//! ```
//!
//! ## Instead
//! ```hcl
//! exclude {
//!   if      = true
//!   actions = ["all"]
//! }
//!
//! errors {
//!   retry "network" {
//!     retryable_errors   = ["(?s).*connection reset.*"]
//!     max_attempts       = 3
//!     sleep_interval_sec = 5
//!   }
//! }
//! ```
//!
//! ## Not found
//! Includes without a label (`bare-include`), and a shared file that is called `terragrunt.hcl` (`root-terragrunt-hcl`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls;
use crate::finding::Severity;
use crate::rules::{FileSubject, Rule, Sink, Verdict};
use crate::source::{FileKind, Span, VariablesKind, split};
use crate::syntax::{BodyId, ExprId, ExprKind, Item, Tree};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct RemovedTerragruntSyntax {}

impl Rule for RemovedTerragruntSyntax {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(tree) = file.tree() else { return Ok(()) };
        let name = split(&file.source.path).1;
        let found = match file.file.kind {
            Some(FileKind::Variables(VariablesKind::Default)) => in_variables(tree),
            Some(FileKind::Terragrunt) if file.file.configures || name.starts_with("terragrunt.") => {
                in_unit(tree, name)
            }
            _ => return Ok(()),
        };
        for Found { span, message, help, refused } in found {
            let report = sink.report(file.at(span), message.clone()).help(help).fact(message);
            if let Some(other) = refused {
                report.at_least(Severity::Error).standing_for(other);
            }
        }
        Ok(())
    }
}

/// Something old.
struct Found {
    span: Span,
    message: String,
    help: String,
    /// The rule that says without words for it that it is refused.
    refused: Option<&'static str>,
}

/// Attributes of a unit's file that are gone, and what they became.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("skip", "write `exclude { if = …, actions = [\"all\"] }`, each on a line of its own"),
    ("retryable_errors", "write a block `errors` with a block `retry \"name\"` in it"),
    ("retry_max_attempts", "it is `max_attempts` of a block `retry \"name\"` in a block `errors`"),
    (
        "retry_sleep_interval_sec",
        "it is `sleep_interval_sec` of a block `retry \"name\"` in a block `errors`",
    ),
];

/// Functions that are gone, and what took their place.
const FUNCTIONS: &[(&str, &str)] =
    &[("get_tfvars_dir", "get_terragrunt_dir"), ("get_parent_tfvars_dir", "get_parent_terragrunt_dir")];

/// Commands that are gone, and what took their place.
const COMMANDS: &[(&str, &str)] = &[
    ("apply-all", "run --all apply"),
    ("destroy-all", "run --all destroy"),
    ("output-all", "run --all output"),
    ("plan-all", "run --all plan"),
    ("validate-all", "run --all validate"),
    ("spin-up", "run --all apply"),
    ("tear-down", "run --all destroy"),
];

fn in_unit(tree: &Tree, name: &str) -> Vec<Found> {
    let mut found = Vec::new();
    if !name.contains(".stack.") && !name.contains(".values.") {
        top(tree, &mut found);
    }
    for call in calls::of_file(tree) {
        if let Some((old, new)) = FUNCTIONS.iter().find(|(old, _)| *old == call.name) {
            let at = call.span().start;
            found.push(Found {
                span: Span::new(at, at + old.len() as u32),
                message: format!("`{old}` was taken away"),
                help: format!("write `{new}`"),
                refused: Some("invalid-unit"),
            });
        }
        if call.name == "run_cmd" {
            command(tree, call.args(), &mut found);
        }
    }
    for expr in (0..tree.expr_count()).map(ExprId) {
        inputs_of_dependency(tree, expr, &mut found);
    }
    found
}

fn top(tree: &Tree, found: &mut Vec<Found>) {
    for attribute in tree.attributes(tree.root) {
        let name = tree.name(attribute.name);
        if let Some((_, help)) = ATTRIBUTES.iter().find(|(old, _)| *old == name) {
            found.push(Found {
                span: attribute.name.span,
                message: format!("`{name}` was taken away"),
                help: (*help).to_owned(),
                refused: Some("invalid-unit"),
            });
        }
    }
    for block in tree.blocks_of(tree.root, "dependency") {
        let Some(old) = tree.attribute(block.body, "mock_outputs_merge_with_state") else { continue };
        let strategy = match tree.kind(old.value) {
            ExprKind::Bool(true) => "\"shallow\"",
            ExprKind::Bool(false) => "\"no_merge\"",
            _ => "…",
        };
        let help = match tree.attribute(block.body, "mock_outputs_merge_strategy_with_state") {
            Some(_) => "leave it out: `mock_outputs_merge_strategy_with_state` counts".to_owned(),
            None => format!("write `mock_outputs_merge_strategy_with_state = {strategy}`"),
        };
        found.push(Found {
            span: old.span,
            message: "`mock_outputs_merge_with_state` is about to be taken away".to_owned(),
            help,
            refused: None,
        });
    }
    for block in tree.blocks_of(tree.root, "terraform") {
        hooks(tree, block.body, found);
    }
}

/// What hooks execute.
fn hooks(tree: &Tree, body: BodyId, found: &mut Vec<Found>) {
    for item in tree.items(body) {
        let Item::Block(block) = item else { continue };
        let execute = tree.attribute(tree.block(*block).body, "execute");
        if let Some(ExprKind::Tuple(words)) = execute.map(|execute| tree.kind(execute.value)) {
            command(tree, tree.list(words), found);
        }
    }
}

/// A command that is run: Terragrunt itself with a command that is gone.
fn command(tree: &Tree, words: impl Iterator<Item = ExprId>, found: &mut Vec<Found>) {
    let mut words =
        words.skip_while(|word| tree.plain_text(*word).is_some_and(|text| text.starts_with("--")));
    let program = words.next().and_then(|word| tree.plain_text(word));
    let Some(word) = words.next().filter(|_| program == Some("terragrunt")) else { return };
    let old = tree.plain_text(word).unwrap_or_default();
    if let Some((_, new)) = COMMANDS.iter().find(|(known, _)| *known == old) {
        found.push(Found {
            span: tree.span(word),
            message: format!("the command `{old}` was taken away"),
            help: format!("it is `terragrunt {new}`"),
            refused: None,
        });
    }
}

/// `dependency.x.inputs`
fn inputs_of_dependency(tree: &Tree, expr: ExprId, found: &mut Vec<Found>) {
    let is_dependency = |expr: ExprId| {
        matches!(tree.kind(expr), ExprKind::Name) && tree.slice(tree.span(expr)) == "dependency"
    };
    let ExprKind::Attr { base, name: output } = tree.kind(expr) else { return };
    let ExprKind::Attr { base: unit, name } = tree.kind(base) else { return };
    let ExprKind::Attr { base: root, name: label } = tree.kind(unit) else { return };
    if tree.slice(name) != "inputs" || !is_dependency(root) {
        return;
    }
    let (at, label, output) = (output, tree.slice(label), tree.slice(output));
    found.push(Found {
        span: at,
        message: "what another unit is given cannot be read any more".to_owned(),
        help: format!("let it give it out, and read `dependency.{label}.outputs.{output}`"),
        refused: Some("invalid-unit"),
    });
}

/// `terragrunt = { … }`
fn in_variables(tree: &Tree) -> Vec<Found> {
    let old = tree.attributes(tree.root).find(|attribute| tree.name(attribute.name) == "terragrunt");
    let old = old.filter(|old| matches!(tree.kind(old.value), ExprKind::Object(_)));
    let found = old.map(|old| Found {
        span: old.name.span,
        message: "`terragrunt` in a file of variables is not read any more".to_owned(),
        help: "move it to a `terragrunt.hcl`, where its content stands at the top".to_owned(),
        refused: None,
    });
    found.into_iter().collect()
}
