//! How far Terragrunt's files may lead one to another before plangate says that they went too far.

/// How deep files may read one another with `read_terragrunt_config`.
pub const READ_DEPTH: usize = 64;
/// How many files one unit may read that no other has read before.
pub const READS_OF_UNIT: usize = 5_000;
/// How many locals may hang on one another in a chain.
pub const CHAIN: usize = 4_000;
/// How deep stacks may generate stacks.
pub const STACK_DEPTH: usize = 64;
/// How many units and stacks one run may generate.
pub const GENERATED: usize = 100_000;
/// How many stacks are read at once before it is counted what they generate.
pub const STACKS_AT_ONCE: usize = 64;
/// How many instances one `expansion` may yield.
pub const EXPANSION: usize = 10_000;
