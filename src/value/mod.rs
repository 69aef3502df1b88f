//! Values.
/// Origin
pub struct Origin;
