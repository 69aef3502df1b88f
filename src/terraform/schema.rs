//! Which members of a JSON object are blocks, in the files of Terraform.

use crate::syntax::{BlockSchema, Schema};

const fn block(kind: &'static str, labels: usize, body: &'static Schema) -> BlockSchema {
    BlockSchema { kind, labels, body }
}

const PLAIN: &Schema = &Schema::NONE;

static LIFECYCLE: Schema = Schema {
    blocks: &[
        block("precondition", 0, PLAIN),
        block("postcondition", 0, PLAIN),
        block("action_trigger", 0, PLAIN),
    ],
};

static DYNAMIC: Schema = Schema { blocks: &[block("content", 0, &CONTENT)] };

static CONTENT: Schema = Schema { blocks: &[block("dynamic", 1, &DYNAMIC)] };

static PROVISIONER: Schema = Schema { blocks: &[block("connection", 0, PLAIN)] };

static RESOURCE: Schema = Schema {
    blocks: &[
        block("lifecycle", 0, &LIFECYCLE),
        block("provisioner", 1, &PROVISIONER),
        block("connection", 0, PLAIN),
        block("dynamic", 1, &DYNAMIC),
    ],
};

static CLOUD: Schema = Schema { blocks: &[block("workspaces", 0, PLAIN)] };

static TERRAFORM: Schema = Schema {
    blocks: &[
        block("backend", 1, PLAIN),
        block("cloud", 0, &CLOUD),
        block("required_providers", 0, PLAIN),
        block("provider_meta", 1, PLAIN),
        block("encryption", 0, PLAIN),
    ],
};

static CHECK: Schema = Schema { blocks: &[block("data", 2, &RESOURCE), block("assert", 0, PLAIN)] };

static REMOVED: Schema = Schema {
    blocks: &[
        block("lifecycle", 0, PLAIN),
        block("provisioner", 1, &PROVISIONER),
        block("connection", 0, PLAIN),
    ],
};

static VARIABLE: Schema = Schema { blocks: &[block("validation", 0, PLAIN)] };

static OUTPUT: Schema = Schema { blocks: &[block("precondition", 0, PLAIN)] };

static CALL: Schema = Schema { blocks: &[block("lifecycle", 0, PLAIN)] };

static PROVIDER: Schema = Schema { blocks: &[block("dynamic", 1, &DYNAMIC)] };

/// A configuration file: `.tf.json`, `.tofu.json`.
pub(super) static CONFIGURATION: Schema = Schema {
    blocks: &[
        block("terraform", 0, &TERRAFORM),
        block("provider", 1, &PROVIDER),
        block("variable", 1, &VARIABLE),
        block("locals", 0, PLAIN),
        block("output", 1, &OUTPUT),
        block("module", 1, &CALL),
        block("resource", 2, &RESOURCE),
        block("data", 2, &RESOURCE),
        block("ephemeral", 2, &RESOURCE),
        block("moved", 0, PLAIN),
        block("removed", 0, &REMOVED),
        block("import", 0, PLAIN),
        block("check", 1, &CHECK),
    ],
};
