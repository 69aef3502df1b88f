//! The command `plangate`.
fn main() {}
