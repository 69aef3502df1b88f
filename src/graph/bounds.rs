//! How much may hang on one another before plangate stops to look.

/// How many steps are gone to find out which resources refer to which.
pub const STEPS: usize = 50_000_000;
/// How many edges a graph may have.
pub const EDGES: usize = 2_000_000;
