//! What the parser makes of texts, shown as text.

mod mistakes;
