//! How much this room takes in.

/// The largest file that is read as source. Nobody writes one by hand; a larger one is a mistake or an attack.
pub const FILE_BYTES: u64 = 100 * 1024 * 1024;

/// How many paths standard input may list.
pub const LISTED_PATHS: usize = 1_000_000;

/// The largest plan that is taken in, compressed or not. Places in it are numbers of 32 bits.
pub const PLAN_BYTES: u64 = 2 << 30;

/// How many times as large as a compressed file its content may be, beyond [`PLAN_FREE_BYTES`]. Plans repeat themselves
/// a lot, but not as much as what is made to exhaust a reader.
pub const PLAN_RATIO: u64 = 300;

/// What a compressed file may always come to.
pub const PLAN_FREE_BYTES: u64 = 16 << 20;

/// How much of a file tells whether it holds a plan.
pub const PLAN_HEAD_BYTES: u64 = 64 * 1024;

/// How deep directories with plans may nest.
pub const PLAN_DEPTH: usize = 64;
