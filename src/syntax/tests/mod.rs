//! What the parser makes of texts, shown as text.

mod bounds;
mod json;
mod mistakes;
mod printer;
mod reading;
mod second_opinion;
mod soundness;
mod traps;
