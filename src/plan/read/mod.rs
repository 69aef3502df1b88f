//! From a text to plans: first the whole document is checked and its large parts are found, then those are read in
//! parallel.

mod change;
mod checks;
mod configuration;
mod member;
mod outline;
mod plan;
mod state;

pub(super) use configuration::configuration;
pub(super) use plan::documents;
