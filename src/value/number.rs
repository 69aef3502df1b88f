use std::sync::Arc;

use num_bigint::BigInt;

/// A number: a 512-bit binary float, with whole numbers of 64 bits as the fast path.
#[derive(Clone, PartialEq, Debug)]
pub enum Number {
    /// A whole number that fits.
    Int(i64),
    /// Any other.
    Big(Arc<BigFloat>),
}

/// `mantissa * 2^exponent`.
#[derive(Clone, PartialEq, Debug)]
pub struct BigFloat {
    mantissa: BigInt,
    exponent: i64,
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
