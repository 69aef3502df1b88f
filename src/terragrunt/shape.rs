//! A configuration as a value: what `include.x` and `read_terragrunt_config` give.

use arcstr::ArcStr;

use super::section::{Block, Section};
use crate::value::{Type, Value, name as named_as};

/// Attributes that are always there, as an empty text if nobody sets them.
const TEXTS: &[&str] = &[
    "download_dir",
    "iam_assume_role_session_name",
    "iam_role",
    "iam_web_identity_token",
    "terraform_binary",
    "terraform_version_constraint",
    "terragrunt_version_constraint",
];

type Entries = Vec<(ArcStr, Value)>;

/// A configuration with its locals; `outputs` are those of its dependencies, by label.
pub(super) fn whole(section: &Section, locals: Option<Value>, outputs: Option<&Value>) -> Value {
    let mut entries: Entries = Vec::new();
    let mut add = |name: &'static str, value: Value| entries.push((named_as(name), value));
    for name in TEXTS {
        add(name, section.get(name).cloned().unwrap_or_else(|| Value::text("")));
    }
    add("iam_assume_role_duration", optional(section, "iam_assume_role_duration"));
    if let Some(prevent) = section.get("prevent_destroy") {
        add("prevent_destroy", prevent.clone());
    }
    add("inputs", optional(section, "inputs"));
    add("locals", locals.unwrap_or_else(Value::null));
    let paths = section.block("dependencies").map(|block| fields(&block.section, &[("paths", None)]));
    add("dependencies", paths.unwrap_or_else(Value::null));
    add("dependency", labelled(section, "dependency", |block| dependency(block, outputs)));
    add("feature", labelled(section, "feature", |block| named(block, &[("default", None)])));
    add("generate", labelled(section, "generate", |block| fields(&block.section, GENERATE)));
    if let Some(block) = section.block("terraform") {
        add("terraform", terraform(&block.section));
    }
    for (kind, shape) in [("remote_state", REMOTE_STATE), ("exclude", EXCLUDE), ("engine", ENGINE)] {
        if let Some(block) = section.block(kind) {
            add(kind, fields(&block.section, shape));
        }
    }
    if let Some(block) = section.block("errors") {
        add("errors", errors(&block.section));
    }
    Value::object(entries)
}

/// What stands for an attribute that is not written.
type Shape = &'static [(&'static str, Option<Missing>)];

#[derive(Clone, Copy)]
enum Missing {
    No,
    Text(&'static str),
    Map,
}

const GENERATE: Shape = &[
    ("comment_prefix", Some(Missing::Text("# "))),
    ("contents", None),
    ("disable", Some(Missing::No)),
    ("disable_signature", Some(Missing::No)),
    ("hcl_fmt", None),
    ("if_disabled", Some(Missing::Text("skip"))),
    ("if_exists", None),
    ("mutable", None),
    ("path", None),
];

const REMOTE_STATE: Shape = &[
    ("backend", None),
    ("config", None),
    ("disable_dependency_optimization", Some(Missing::No)),
    ("disable_init", Some(Missing::No)),
    ("encryption", None),
    ("generate", None),
];

const EXCLUDE: Shape = &[
    ("actions", None),
    ("exclude_dependencies", Some(Missing::No)),
    ("if", None),
    ("no_run", Some(Missing::No)),
];

const ENGINE: Shape = &[
    ("meta", None),
    ("source", None),
    ("type", Some(Missing::Text(""))),
    ("version", Some(Missing::Text(""))),
];

const DEPENDENCY: Shape = &[
    ("config_path", None),
    ("enabled", None),
    ("mock_outputs", None),
    ("mock_outputs_allowed_terraform_commands", None),
    ("mock_outputs_merge_strategy_with_state", None),
    ("mock_outputs_merge_with_state", None),
];

const TERRAFORM: Shape = &[
    ("copy_terraform_lock_file", None),
    ("exclude_from_copy", None),
    ("include_in_copy", None),
    ("source", None),
];

const ARGUMENTS: Shape = &[
    ("arguments", None),
    ("commands", None),
    ("env_vars", None),
    ("optional_var_files", None),
    ("required_var_files", None),
];

const HOOK: Shape = &[
    ("commands", None),
    ("execute", None),
    ("if", None),
    ("run_on_error", None),
    ("suppress_stdout", None),
    ("working_dir", None),
];

const ERROR_HOOK: Shape = &[
    ("commands", None),
    ("execute", None),
    ("on_errors", None),
    ("suppress_stdout", None),
    ("working_dir", None),
];

const RETRY: Shape = &[("max_attempts", None), ("retryable_errors", None), ("sleep_interval_sec", None)];

const IGNORE: Shape =
    &[("ignorable_errors", None), ("message", Some(Missing::Text(""))), ("signals", Some(Missing::Map))];

fn optional(section: &Section, name: &str) -> Value {
    section.get(name).cloned().unwrap_or_else(Value::null)
}

fn entries(section: &Section, shape: Shape) -> Entries {
    let missing = |missing: Option<Missing>| match missing {
        None => Value::null(),
        Some(Missing::No) => Value::bool(false),
        Some(Missing::Text(text)) => Value::text(text),
        Some(Missing::Map) => Value::map(Type::String, Vec::new()),
    };
    let entry = |&(name, default): &(&'static str, Option<Missing>)| {
        (named_as(name), section.get(name).cloned().unwrap_or_else(|| missing(default)))
    };
    shape.iter().map(entry).collect()
}

fn fields(section: &Section, shape: Shape) -> Value {
    Value::object(entries(section, shape))
}

fn named(block: &Block, shape: Shape) -> Value {
    let mut entries = entries(&block.section, shape);
    entries.push((arcstr::literal!("name"), Value::text(&block.label)));
    Value::object(entries)
}

fn labelled(section: &Section, kind: &str, shape: impl Fn(&Block) -> Value) -> Value {
    Value::object(section.blocks_of(kind).map(|block| (block.label.clone(), shape(block))).collect())
}

fn dependency(block: &Block, outputs: Option<&Value>) -> Value {
    let mut all = entries(&block.section, DEPENDENCY);
    all.push((arcstr::literal!("name"), Value::text(&block.label)));
    all.push((arcstr::literal!("skip"), optional(&block.section, "skip_outputs")));
    all.push((arcstr::literal!("inputs"), Value::null()));
    let outputs = outputs.and_then(|outputs| outputs.get(&block.label)?.get("outputs")).cloned();
    all.push((arcstr::literal!("outputs"), outputs.unwrap_or_else(Value::null)));
    Value::object(all)
}

fn terraform(section: &Section) -> Value {
    let mut all = entries(section, TERRAFORM);
    for (kind, shape) in [
        ("extra_arguments", ARGUMENTS),
        ("before_hook", HOOK),
        ("after_hook", HOOK),
        ("error_hook", ERROR_HOOK),
    ] {
        all.push((named_as(kind), labelled(section, kind, |block| named(block, shape))));
    }
    Value::object(all)
}

fn errors(section: &Section) -> Value {
    // Without any `ignore` there is not even a null.
    let of = |kind: &'static str, shape: Shape| {
        let mut blocks: Vec<&Block> = section.blocks_of(kind).collect();
        blocks.sort_by(|a, b| a.label.cmp(&b.label));
        let list: Vec<Value> = blocks.into_iter().map(|block| named(block, shape)).collect();
        let value = if list.is_empty() { Value::null() } else { Value::tuple(list) };
        (named_as(kind), value)
    };
    let mut all = vec![of("retry", RETRY), of("ignore", IGNORE)];
    all.retain(|(kind, value)| kind == "retry" || !value.is_null());
    Value::object(all)
}
