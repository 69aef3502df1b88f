//! How much this room takes in. How large a plan's file may be, [`crate::source::bounds::PLAN_BYTES`] says.

/// How deep values of a plan may nest.
pub const DEPTH: usize = 500;

/// How many references are followed from one value to the next.
pub const REFERENCES: usize = 64;

/// How many references are followed in all to tell which value one is.
pub const FOLLOWED: u32 = 1_000;

/// How many references of one expression are kept; one with more is derived from those.
pub const KEPT_REFERENCES: usize = 200;
