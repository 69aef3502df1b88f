//! What is built into the language, so that its attributes are known.

use crate::model::Mode;

/// The attributes of `terraform_data`, sorted.
pub(super) const DATA_ATTRIBUTES: [&str; 4] = ["id", "input", "output", "triggers_replace"];

/// Whether all attributes of a resource are known to exist or not to.
pub(super) fn is_closed(mode: Mode, ty: &str) -> bool {
    mode == Mode::Managed && ty == "terraform_data"
}
