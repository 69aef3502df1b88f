//! Numbers as the language has them.
//!
//! A written number has 512 bits. A counted one (`length`, a loop's index) has 64, one that came through the machine's
//! floating point (`pow`, `log`) has 53, and an operation takes the greater precision of its operands. That shows when
//! a number is printed, as the shortest decimal that reads back at its precision, so each number keeps its own.

mod arithmetic;
mod decimal;
mod float;
mod text;

use std::cmp::Ordering;
use std::sync::Arc;

use num_bigint::BigInt;

pub(crate) use decimal::Decimal;
pub use float::BigFloat;

/// A number: a 512-bit binary float, with whole numbers of 64 bits as the fast path.
///
/// Rust's `==` is the language's: two numbers are equal if they print alike.
#[derive(Clone, Debug)]
pub enum Number {
    /// A whole number that fits, at full precision.
    Int(i64),
    /// A whole number that fits, at the 64 bits of what is counted and not written.
    Count(i64),
    /// Any other; whole ones of another precision too.
    Big(Arc<BigFloat>),
}

/// Precision of what is written, in bits.
pub(crate) const FULL: u32 = 512;
/// Precision of what is counted.
const COUNTED: u32 = 64;
/// Precision of the machine's floating point.
const MACHINE: u32 = 53;

/// The operation has no result: `0 / 0`, infinity less infinity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Undefined;

impl Number {
    /// The number that a decimal text says, as conversion from a string reads it: digits with at most one point, an
    /// exponent (`e` of ten, `p` of two), or `Inf`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text::parse(text)
    }

    /// The number that the machine's float is, at its precision; `None` if it is none.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        BigFloat::from_f64(value).map(Self::from)
    }

    /// A whole number of any size, at the precision it needs.
    #[must_use]
    pub fn from_bigint(value: &BigInt) -> Self {
        let bits = u32::try_from(value.bits()).unwrap_or(u32::MAX).clamp(COUNTED, FULL * 8);
        BigFloat::whole(value, bits).into()
    }

    /// The number, if it is whole and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Count(value) => Some(*value),
            Self::Big(big) => big.to_i64(),
        }
    }

    /// The number without its fraction, if that fits.
    #[must_use]
    pub fn truncated(&self) -> Option<i64> {
        self.trunc().to_i64()
    }

    /// The nearest of the machine's floats.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match self {
            Self::Int(value) | Self::Count(value) => *value as f64,
            Self::Big(big) => big.to_f64(),
        }
    }

    /// The whole number, if it is one.
    #[must_use]
    pub fn to_bigint(&self) -> Option<BigInt> {
        match self {
            Self::Int(value) | Self::Count(value) => Some(BigInt::from(*value)),
            Self::Big(big) => big.to_bigint(),
        }
    }

    /// Whether it has no fraction; infinity is not whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Int(_) | Self::Count(_) => true,
            Self::Big(big) => big.is_whole(),
        }
    }

    /// Whether it is infinite.
    #[must_use]
    pub fn is_infinite(&self) -> bool {
        matches!(self, Self::Big(big) if big.is_infinite())
    }

    /// Whether it is zero, of either sign.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Int(value) | Self::Count(value) => *value == 0,
            Self::Big(big) => big.is_zero(),
        }
    }

    /// Whether it has a minus, as zero may too.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Int(value) | Self::Count(value) => *value < 0,
            Self::Big(big) => big.is_negative(),
        }
    }

    /// Which is greater, exactly; the zeros of both signs are equal.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a) | Self::Count(a), Self::Int(b) | Self::Count(b)) => a.cmp(b),
            _ => self.float().compare(&other.float()),
        }
    }

    /// The text of `%.10g`, by which sets of structures are ordered.
    #[must_use]
    pub(crate) fn text_of_ten_digits(&self) -> String {
        self.float().text_of_ten_digits()
    }

    /// The digits of the number, its sign aside: all of them, or the fewest that read back. Of infinity there are none.
    #[must_use]
    pub(crate) fn digits(&self, shortest: bool) -> Decimal {
        let float = self.float();
        if shortest { decimal::shortest(&float) } else { decimal::all(&float) }
    }

    fn precision(&self) -> u32 {
        match self {
            Self::Int(_) => FULL,
            Self::Count(_) => COUNTED,
            Self::Big(big) => big.precision(),
        }
    }

    /// The number in its general form.
    fn float(&self) -> std::borrow::Cow<'_, BigFloat> {
        use std::borrow::Cow;
        match self {
            Self::Int(value) => Cow::Owned(BigFloat::whole(&BigInt::from(*value), FULL)),
            Self::Count(value) => Cow::Owned(BigFloat::whole(&BigInt::from(*value), COUNTED)),
            Self::Big(big) => Cow::Borrowed(big),
        }
    }
}

impl From<i64> for Number {
    /// A number that was counted; a written one is parsed.
    fn from(value: i64) -> Self {
        Self::Count(value)
    }
}

impl From<BigFloat> for Number {
    fn from(float: BigFloat) -> Self {
        // Zero with a minus is no `i64`.
        match (float.precision(), float.to_i64()) {
            (FULL, Some(value)) if value != 0 || !float.is_negative() => Self::Int(value),
            (COUNTED, Some(value)) if value != 0 || !float.is_negative() => Self::Count(value),
            _ => Self::Big(Arc::new(float)),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(a) | Self::Count(a), Self::Int(b) | Self::Count(b)) => a == b,
            _ => self.float().prints_as(&other.float()),
        }
    }
}

#[cfg(test)]
mod tests;
