//! Files of the JSON form, with the expressions that their strings may hold.
#![no_main]

use plangate::source::FileId;
use plangate::syntax::{BlockSchema, ExprId, Schema, parse_json, parse_json_values};

static INNER: Schema =
    Schema { blocks: &[BlockSchema { kind: "lifecycle", labels: 0, body: &Schema::NONE }] };
static SCHEMA: Schema = Schema {
    blocks: &[
        BlockSchema { kind: "resource", labels: 2, body: &INNER },
        BlockSchema { kind: "locals", labels: 0, body: &Schema::NONE },
    ],
};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let tree = parse_json(FileId(0), text.into(), &SCHEMA);
    plangate_fuzz::check(&tree);
    for id in (0..tree.expr_count().min(64)).map(ExprId) {
        if let Some((inner, _)) = tree.expression_in(id) {
            plangate_fuzz::check(&inner);
        }
    }
    plangate_fuzz::check(&parse_json_values(FileId(0), text.into()));
});
