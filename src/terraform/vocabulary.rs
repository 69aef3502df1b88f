//! The blocks and arguments that are the language's own, to its newest versions.

/// What may stand in a body.
#[derive(Debug)]
pub(super) struct Grammar {
    /// The arguments, and whether each must be there.
    pub(super) arguments: &'static [(&'static str, bool)],
    /// The blocks.
    pub(super) blocks: &'static [BlockGrammar],
    /// Whether other arguments may stand there as well.
    pub(super) any_argument: bool,
    /// Whether other blocks may stand there as well.
    pub(super) any_block: bool,
}

/// A block type.
#[derive(Debug)]
pub(super) struct BlockGrammar {
    pub(super) kind: &'static str,
    /// What its labels are for.
    pub(super) labels: &'static [&'static str],
    pub(super) body: &'static Grammar,
}

const fn block(kind: &'static str, labels: &'static [&'static str], body: &'static Grammar) -> BlockGrammar {
    BlockGrammar { kind, labels, body }
}

const fn closed(arguments: &'static [(&'static str, bool)], blocks: &'static [BlockGrammar]) -> Grammar {
    Grammar { arguments, blocks, any_argument: false, any_block: false }
}

static ANYTHING: Grammar = Grammar { arguments: &[], blocks: &[], any_argument: true, any_block: true };
static ARGUMENTS: Grammar = Grammar { arguments: &[], blocks: &[], any_argument: true, any_block: false };

static CONDITION: Grammar = closed(&[("condition", true), ("error_message", true)], &[]);

static VARIABLE: Grammar = closed(
    &[
        ("type", false),
        ("default", false),
        ("description", false),
        ("nullable", false),
        ("sensitive", false),
        ("ephemeral", false),
        ("deprecated", false),
        ("const", false),
    ],
    &[block("validation", &[], &CONDITION)],
);

static OUTPUT: Grammar = closed(
    &[
        ("value", true),
        ("type", false),
        ("description", false),
        ("sensitive", false),
        ("ephemeral", false),
        ("depends_on", false),
        ("deprecated", false),
    ],
    &[block("precondition", &[], &CONDITION)],
);

static ENABLED: Grammar = closed(&[("enabled", false)], &[]);

static CALL: Grammar = Grammar {
    arguments: &[("source", true)],
    blocks: &[block("lifecycle", &[], &ENABLED)],
    any_argument: true,
    any_block: false,
};

static ACTION_TRIGGER: Grammar =
    closed(&[("condition", false), ("events", true), ("actions", true), ("on_failure", false)], &[]);

static LIFECYCLE: Grammar = closed(
    &[
        ("create_before_destroy", false),
        ("prevent_destroy", false),
        ("ignore_changes", false),
        ("replace_triggered_by", false),
        ("enabled", false),
        ("destroy", false),
    ],
    &[
        block("precondition", &[], &CONDITION),
        block("postcondition", &[], &CONDITION),
        block("action_trigger", &[], &ACTION_TRIGGER),
    ],
);

static RESOURCE: Grammar = Grammar {
    arguments: &[],
    blocks: &[
        block("lifecycle", &[], &LIFECYCLE),
        block("provisioner", &["type"], &ANYTHING),
        block("dynamic", &["block type"], &DYNAMIC),
    ],
    any_argument: true,
    any_block: true,
};

static DYNAMIC: Grammar = closed(
    &[("for_each", true), ("iterator", false), ("labels", false)],
    &[block("content", &[], &ANYTHING)],
);

static MOVED: Grammar = closed(&[("from", true), ("to", true)], &[]);
static IMPORT: Grammar = closed(
    &[("to", true), ("id", false), ("identity", false), ("for_each", false), ("provider", false)],
    &[],
);
static DESTROY: Grammar =
    closed(&[("destroy", false), ("prevent_destroy", false), ("create_before_destroy", false)], &[]);
static REMOVED: Grammar = closed(
    &[("from", true)],
    &[
        block("lifecycle", &[], &DESTROY),
        block("provisioner", &["type"], &ANYTHING),
        block("connection", &[], &ANYTHING),
    ],
);

static CHECK: Grammar =
    closed(&[], &[block("data", &["type", "name"], &RESOURCE), block("assert", &[], &CONDITION)]);

static WORKSPACES: Grammar = closed(&[("name", false), ("tags", false), ("project", false)], &[]);
static CLOUD: Grammar = closed(
    &[("hostname", false), ("organization", false), ("token", false)],
    &[block("workspaces", &[], &WORKSPACES)],
);

static TERRAFORM: Grammar = closed(
    &[("required_version", false), ("experiments", false), ("language", false)],
    &[
        block("backend", &["type"], &ANYTHING),
        block("cloud", &[], &CLOUD),
        block("required_providers", &[], &ARGUMENTS),
        block("provider_meta", &["provider"], &ANYTHING),
        block("encryption", &[], &ANYTHING),
        block("state_store", &["type"], &ANYTHING),
    ],
);

/// A configuration file.
pub(super) static CONFIGURATION: Grammar = closed(
    &[],
    &[
        block("terraform", &[], &TERRAFORM),
        block("provider", &["name"], &ANYTHING),
        block("variable", &["name"], &VARIABLE),
        block("locals", &[], &ARGUMENTS),
        block("output", &["name"], &OUTPUT),
        block("module", &["name"], &CALL),
        block("resource", &["type", "name"], &RESOURCE),
        block("data", &["type", "name"], &RESOURCE),
        block("ephemeral", &["type", "name"], &RESOURCE),
        block("moved", &[], &MOVED),
        block("removed", &[], &REMOVED),
        block("import", &[], &IMPORT),
        block("check", &["name"], &CHECK),
        block("action", &["type", "name"], &ANYTHING),
    ],
);

/// Names that a variable cannot have, because they mean something in a `module` block.
pub(super) const RESERVED_VARIABLES: &[&str] =
    &["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

/// Arguments of a `resource`, `data` or `ephemeral` block that are the language's own.
pub(super) const RESOURCE_ARGUMENTS: &[&str] = &["count", "depends_on", "for_each", "provider"];

/// Blocks of a `resource`, `data` or `ephemeral` block that are the language's own.
pub(super) const RESOURCE_BLOCKS: &[&str] = &["lifecycle", "provisioner", "connection", "_"];

/// Arguments of a `module` block that are the language's own.
pub(super) const CALL_ARGUMENTS: &[&str] =
    &["count", "depends_on", "for_each", "providers", "source", "version"];
