//! What becomes of findings: suppressed by comments or kept, and the verdict over those that are kept.

mod comment;
mod date;
mod scope;
mod suppression;
mod verdict;
#[cfg(test)]
mod tests;

pub use date::Date;
pub use suppression::{Suppressed, Suppressing, Triaged, suppress};
pub use verdict::Verdict;
