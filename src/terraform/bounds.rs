//! How far a tree of modules may go before plangate says that it went too far.

/// How deep modules may call modules.
pub const MODULE_DEPTH: usize = 64;
/// How many instances one `count` or `for_each` may yield.
pub const INSTANCES_OF_ONE: usize = 10_000;
/// How many module and resource instances one root may hold.
pub const INSTANCES_OF_ROOT: usize = 250_000;
/// How many blocks one `dynamic` may yield.
pub const DYNAMIC_BLOCKS: usize = 10_000;
/// How many values may hang on one another in a chain: a local on a local on a variable and so on.
pub const CHAIN: usize = 20_000;
/// The stack of a thread that evaluates. It is reserved, not used, until a tree needs it.
pub const STACK_BYTES: usize = 512 << 20;
/// How much of that stack a chain of references may take; what is left is for one expression.
pub const CHAIN_BYTES: usize = 384 << 20;
/// How many directories one run may load beside those it was asked for.
pub const MODULE_DIRECTORIES: usize = 100_000;
/// How long a text may be that rules look through because the configuration reads it.
pub const TEXT_BYTES: usize = 1 << 20;
/// How deep `fileset` looks.
pub const LISTED_DEPTH: usize = 32;
/// How many files `fileset` looks at.
pub const LISTED_FILES: usize = 100_000;
