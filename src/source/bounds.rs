//! How much this room takes in.

/// The largest file that is read as source. Nobody writes one by hand; a larger one is a mistake or an attack.
pub const FILE_BYTES: u64 = 100 * 1024 * 1024;

/// How many paths standard input may list.
pub const LISTED_PATHS: usize = 1_000_000;
