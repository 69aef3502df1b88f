//! Templates without quotes, and lone expressions.
#![no_main]

use plangate::source::FileId;
use plangate::syntax::{parse_expression, parse_template};

libfuzzer_sys::fuzz_target!(|text: &str| {
    plangate_fuzz::check(&parse_template(FileId(0), text.into()).0);
    plangate_fuzz::check(&parse_expression(FileId(0), text.into()).0);
});
