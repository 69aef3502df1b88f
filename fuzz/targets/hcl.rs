//! Files of the native syntax.
#![no_main]

use plangate::source::FileId;
use plangate::syntax::parse_hcl;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let tree = parse_hcl(FileId(0), text.into());
    plangate_fuzz::check(&tree);
});
