//! What may stand in Terragrunt's files: blocks, attributes and their types.

use crate::eval::functions::Wants;
use crate::syntax;

/// What may stand in a body.
#[derive(Debug)]
pub(super) struct Body {
    /// The attributes.
    pub(super) fields: &'static [Field],
    /// The blocks.
    pub(super) blocks: &'static [Kind],
    /// Whatever else stands there is let pass.
    pub(super) open: bool,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// What its value is converted to.
    pub(super) wants: Wants,
    pub(super) required: bool,
    /// When it is evaluated.
    pub(super) phase: Phase,
}

/// A block type.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) label: Label,
    /// There may be one only.
    pub(super) once: bool,
    pub(super) body: &'static Body,
}

/// Whether a block has a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Label {
    None,
    One,
    /// Old forms have none.
    Maybe,
}

/// When something is evaluated: which names have a meaning by then.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Phase {
    /// Functions and `values`.
    Include,
    /// `local`, `include`, `feature` as well.
    Locals,
    /// All but `dependency`: what is read before dependencies are known.
    Early,
    /// All.
    Late,
}

const fn field(name: &'static str, wants: Wants) -> Field {
    Field { name, wants, required: false, phase: Phase::Late }
}

const fn needed(name: &'static str, wants: Wants) -> Field {
    Field { required: true, ..field(name, wants) }
}

const fn early(name: &'static str, wants: Wants) -> Field {
    Field { phase: Phase::Early, ..field(name, wants) }
}

const fn one(name: &'static str, body: &'static Body) -> Kind {
    Kind { name, label: Label::None, once: true, body }
}

const fn labelled(name: &'static str, body: &'static Body) -> Kind {
    Kind { name, label: Label::One, once: false, body }
}

const fn closed(fields: &'static [Field], blocks: &'static [Kind]) -> Body {
    Body { fields, blocks, open: false }
}

const TEXT: Wants = Wants::String;
const TEXTS: Wants = Wants::List(&Wants::String);
const MAP: Wants = Wants::Map(&Wants::String);

static ANYTHING: Body = Body { fields: &[], blocks: &[], open: true };

pub(super) static INCLUDE: Body =
    closed(&[needed("path", TEXT), field("expose", Wants::Bool), field("merge_strategy", TEXT)], &[]);

pub(super) static DEPENDENCY: Body = closed(
    &[
        needed("config_path", TEXT),
        field("enabled", Wants::Bool),
        field("skip_outputs", Wants::Bool),
        field("mock_outputs", Wants::Any),
        field("mock_outputs_allowed_terraform_commands", TEXTS),
        field("mock_outputs_merge_strategy_with_state", TEXT),
        field("mock_outputs_merge_with_state", Wants::Bool),
    ],
    &[one("expansion", &ANYTHING)],
);

pub(super) static FEATURE: Body = closed(&[needed("default", Wants::Any)], &[]);

static ARGUMENTS: Body = closed(
    &[
        needed("commands", TEXTS),
        field("arguments", TEXTS),
        field("required_var_files", TEXTS),
        field("optional_var_files", TEXTS),
        field("env_vars", MAP),
    ],
    &[],
);

static HOOK: Body = closed(
    &[
        needed("commands", TEXTS),
        needed("execute", TEXTS),
        field("if", Wants::Bool),
        field("run_on_error", Wants::Bool),
        field("suppress_stdout", Wants::Bool),
        field("working_dir", TEXT),
    ],
    &[],
);

static ERROR_HOOK: Body = closed(
    &[
        needed("commands", TEXTS),
        needed("execute", TEXTS),
        needed("on_errors", TEXTS),
        field("suppress_stdout", Wants::Bool),
        field("working_dir", TEXT),
    ],
    &[],
);

pub(super) static TERRAFORM: Body = closed(
    &[
        early("source", TEXT),
        field("include_in_copy", TEXTS),
        field("exclude_from_copy", TEXTS),
        field("copy_terraform_lock_file", Wants::Bool),
        field("update_source_with_cas", Wants::Bool),
        field("mutable", Wants::Bool),
        field("version", TEXT),
    ],
    &[
        labelled("extra_arguments", &ARGUMENTS),
        labelled("before_hook", &HOOK),
        labelled("after_hook", &HOOK),
        labelled("error_hook", &ERROR_HOOK),
    ],
);

pub(super) static REMOTE_STATE: Body = closed(
    &[
        needed("backend", TEXT),
        needed("config", Wants::Any),
        field("generate", Wants::Any),
        field("encryption", Wants::Any),
        field("disable_init", Wants::Bool),
        field("disable_dependency_optimization", Wants::Bool),
    ],
    &[],
);

/// `remote_state.generate`
pub(super) static STATE_FILE: Body = closed(&[needed("path", TEXT), needed("if_exists", TEXT)], &[]);

pub(super) static GENERATE: Body = closed(
    &[
        needed("path", TEXT),
        needed("if_exists", TEXT),
        needed("contents", TEXT),
        field("if_disabled", TEXT),
        field("comment_prefix", TEXT),
        field("disable_signature", Wants::Bool),
        field("disable", Wants::Bool),
        field("hcl_fmt", Wants::Bool),
        field("mutable", Wants::Bool),
    ],
    &[],
);

static DEPENDENCIES: Body =
    closed(&[Field { name: "paths", wants: TEXTS, required: true, phase: Phase::Early }], &[]);

static EXCLUDE: Body = closed(
    &[
        needed("if", Wants::Bool),
        needed("actions", TEXTS),
        field("no_run", Wants::Bool),
        field("exclude_dependencies", Wants::Bool),
    ],
    &[],
);

static RETRY: Body = closed(
    &[
        needed("retryable_errors", TEXTS),
        needed("max_attempts", Wants::Number),
        needed("sleep_interval_sec", Wants::Number),
    ],
    &[],
);

static IGNORE: Body =
    closed(&[needed("ignorable_errors", TEXTS), field("message", TEXT), field("signals", MAP)], &[]);

static ERRORS: Body = closed(&[], &[labelled("retry", &RETRY), labelled("ignore", &IGNORE)]);

static ENGINE: Body = closed(
    &[needed("source", TEXT), field("version", TEXT), field("type", TEXT), field("meta", Wants::Any)],
    &[],
);

/// A unit's file, and what one includes or reads.
pub(super) static UNIT: Body = closed(
    &[
        field("inputs", Wants::Any),
        field("download_dir", TEXT),
        early("prevent_destroy", Wants::Bool),
        early("iam_role", TEXT),
        field("iam_assume_role_duration", Wants::Number),
        field("iam_assume_role_session_name", TEXT),
        early("iam_web_identity_token", TEXT),
        field("terraform_binary", TEXT),
        field("terraform_version_constraint", TEXT),
        field("terragrunt_version_constraint", TEXT),
        field("remote_state", Wants::Any),
        field("generate", Wants::Any),
    ],
    &[
        Kind { name: "include", label: Label::Maybe, once: false, body: &INCLUDE },
        one("locals", &ANYTHING),
        one("terraform", &TERRAFORM),
        one("remote_state", &REMOTE_STATE),
        labelled("generate", &GENERATE),
        labelled("dependency", &DEPENDENCY),
        one("dependencies", &DEPENDENCIES),
        labelled("feature", &FEATURE),
        one("exclude", &EXCLUDE),
        one("errors", &ERRORS),
        one("engine", &ENGINE),
        one("catalog", &ANYTHING),
    ],
);

static STACK_INCLUDE: Body = closed(&[needed("path", TEXT)], &[]);

/// A `unit` or `stack` of a stack's file. What it does not know it ignores.
pub(super) static COMPONENT: Body = Body {
    fields: &[
        needed("source", TEXT),
        needed("path", TEXT),
        field("values", Wants::Any),
        field("no_dot_terragrunt_stack", Wants::Bool),
        field("no_validation", Wants::Bool),
        field("enabled", Wants::Bool),
    ],
    blocks: &[one("autoinclude", &ANYTHING), one("expansion", &ANYTHING)],
    open: true,
};

/// A stack's file.
pub(super) static STACK: Body = closed(
    &[],
    &[
        one("locals", &ANYTHING),
        labelled("include", &STACK_INCLUDE),
        labelled("unit", &COMPONENT),
        labelled("stack", &COMPONENT),
    ],
);

impl Body {
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.blocks.iter().find(|kind| kind.name == name)
    }
}

const fn json(kind: &'static str, labels: usize, body: &'static syntax::Schema) -> syntax::BlockSchema {
    syntax::BlockSchema { kind, labels, body }
}

const PLAIN: &syntax::Schema = &syntax::Schema::NONE;

static JSON_TERRAFORM: syntax::Schema = syntax::Schema {
    blocks: &[
        json("extra_arguments", 1, PLAIN),
        json("before_hook", 1, PLAIN),
        json("after_hook", 1, PLAIN),
        json("error_hook", 1, PLAIN),
    ],
};

static JSON_ERRORS: syntax::Schema =
    syntax::Schema { blocks: &[json("retry", 1, PLAIN), json("ignore", 1, PLAIN)] };

macro_rules! json_unit {
    ($include:literal) => {
        syntax::Schema {
            blocks: &[
                json("include", $include, PLAIN),
                json("locals", 0, PLAIN),
                json("terraform", 0, &JSON_TERRAFORM),
                json("remote_state", 0, PLAIN),
                json("generate", 1, PLAIN),
                json("dependency", 1, PLAIN),
                json("dependencies", 0, PLAIN),
                json("feature", 1, PLAIN),
                json("exclude", 0, PLAIN),
                json("errors", 0, &JSON_ERRORS),
                json("engine", 0, PLAIN),
            ],
        }
    };
}

/// A unit's file in JSON.
pub(super) static JSON_UNIT: syntax::Schema = json_unit!(1);
/// The same, with an `include` that has no label.
pub(super) static JSON_BARE: syntax::Schema = json_unit!(0);
