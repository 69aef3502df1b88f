use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

use super::{MACHINE, decimal};

/// A binary float of any precision: `±mantissa * 2^exponent`, or an infinity.
#[derive(Clone, Debug)]
pub struct BigFloat {
    negative: bool,
    infinite: bool,
    precision: u32,
    /// Odd, unless the number is zero (or infinite: then it is zero).
    mantissa: BigUint,
    exponent: i64,
}

/// Beyond `2^REACH` a number counts as infinite and below `2^-REACH` as zero. The language goes further, but nobody
/// who means a number does, and each digit has to be written out.
pub(super) const REACH: i64 = 1 << 14;

impl BigFloat {
    /// `±mantissa * 2^exponent`, rounded to the nearest of that precision, to the even one of two.
    pub(super) fn rounded(negative: bool, mantissa: BigUint, exponent: i64, precision: u32) -> Self {
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        let excess = mantissa.bits().saturating_sub(u64::from(precision));
        if excess > 0 {
            let half = mantissa.bit(excess - 1);
            let above_half = mantissa.trailing_zeros().is_some_and(|zeros| zeros < excess - 1);
            mantissa >>= excess;
            exponent += excess as i64;
            if half && (above_half || mantissa.is_odd()) {
                mantissa += 1u32;
            }
        }
        let zeros = mantissa.trailing_zeros().unwrap_or(0);
        mantissa >>= zeros;
        exponent += zeros as i64;
        let top = exponent.saturating_add(mantissa.bits() as i64);
        if mantissa.is_zero() || top < -REACH {
            Self::zero(negative, precision)
        } else if top > REACH {
            Self::infinity(negative, precision)
        } else {
            Self { negative, infinite: false, precision, mantissa, exponent }
        }
    }

    pub(super) fn zero(negative: bool, precision: u32) -> Self {
        Self { negative, infinite: false, precision, mantissa: BigUint::zero(), exponent: 0 }
    }

    pub(super) fn infinity(negative: bool, precision: u32) -> Self {
        Self { infinite: true, ..Self::zero(negative, precision) }
    }

    pub(super) fn whole(value: &BigInt, precision: u32) -> Self {
        Self::rounded(value.sign() == Sign::Minus, value.magnitude().clone(), 0, precision)
    }

    pub(super) fn from_f64(value: f64) -> Option<Self> {
        if value.is_nan() {
            return None;
        }
        let negative = value.is_sign_negative();
        if value.is_infinite() {
            return Some(Self::infinity(negative, MACHINE));
        }
        let bits = value.to_bits();
        let (field, fraction) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
        let (mantissa, exponent) =
            if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
        Some(Self::rounded(negative, BigUint::from(mantissa), exponent, MACHINE))
    }

    pub(super) fn to_f64(&self) -> f64 {
        let magnitude = if self.infinite {
            f64::INFINITY
        } else {
            // Below the smallest normal number the machine has fewer bits: rounding twice would be wrong.
            let top = self.exponent + self.mantissa.bits() as i64;
            let bits = (top + 1074).clamp(0, i64::from(MACHINE)) as u32;
            let near = match bits {
                0 if top == -1074 && !self.mantissa.is_one() => return self.signed(f64::from_bits(1)),
                0 => return self.signed(0.0),
                bits => Self::rounded(false, self.mantissa.clone(), self.exponent, bits),
            };
            let mantissa = near.mantissa.to_u64().unwrap_or(0) as f64;
            // In two steps, because the power alone may be too small for a float.
            let half = near.exponent / 2;
            mantissa * power_of_two(half) * power_of_two(near.exponent - half)
        };
        self.signed(magnitude)
    }

    fn signed(&self, magnitude: f64) -> f64 {
        if self.negative { -magnitude } else { magnitude }
    }

    pub(super) fn to_bigint(&self) -> Option<BigInt> {
        if !self.is_whole() {
            return None;
        }
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        Some(BigInt::from_biguint(sign, self.mantissa.clone() << self.exponent.max(0) as u64))
    }

    pub(super) fn to_i64(&self) -> Option<i64> {
        let fits = !self.infinite && (0..64).contains(&self.exponent);
        if fits { self.to_bigint()?.to_i64() } else { None }
    }

    pub(super) fn is_whole(&self) -> bool {
        !self.infinite && self.exponent >= 0
    }

    pub(super) fn is_infinite(&self) -> bool {
        self.infinite
    }

    pub(super) fn is_zero(&self) -> bool {
        !self.infinite && self.mantissa.is_zero()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    pub(super) fn precision(&self) -> u32 {
        self.precision
    }

    pub(super) fn mantissa(&self) -> &BigUint {
        &self.mantissa
    }

    pub(super) fn exponent(&self) -> i64 {
        self.exponent
    }

    pub(super) fn negated(&self) -> Self {
        Self { negative: !self.negative, ..self.clone() }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let sign = |float: &Self| match float.negative {
            _ if float.is_zero() => 0,
            true => -1,
            false => 1,
        };
        let (a, b) = (sign(self), sign(other));
        if a != b || a == 0 {
            return a.cmp(&b);
        }
        let magnitudes = match (self.infinite, other.infinite) {
            (false, false) => {
                let top = |float: &Self| float.exponent + float.mantissa.bits() as i64;
                top(self).cmp(&top(other)).then_with(|| {
                    let (a, b, _) = aligned(self, other);
                    a.cmp(&b)
                })
            }
            (a, b) => a.cmp(&b),
        };
        if a < 0 { magnitudes.reverse() } else { magnitudes }
    }

    /// Whether both print alike (zeros of both signs count as alike).
    pub(super) fn prints_as(&self, other: &Self) -> bool {
        if self.is_zero() || other.is_zero() {
            return self.is_zero() && other.is_zero();
        }
        if self.negative != other.negative || self.infinite != other.infinite {
            return false;
        }
        // At one precision each number has a text of its own, and whole ones are compared as such.
        if self.infinite || self.precision == other.precision || (self.is_whole() && other.is_whole()) {
            return self.mantissa == other.mantissa && self.exponent == other.exponent;
        }
        self.is_whole() == other.is_whole() && decimal::shortest(self) == decimal::shortest(other)
    }
}

/// Both mantissas over the smaller exponent.
pub(super) fn aligned(a: &BigFloat, b: &BigFloat) -> (BigUint, BigUint, i64) {
    let exponent = a.exponent.min(b.exponent);
    let over = |float: &BigFloat| float.mantissa.clone() << (float.exponent - exponent) as u64;
    (over(a), over(b), exponent)
}

fn power_of_two(exponent: i64) -> f64 {
    2f64.powi(i32::try_from(exponent).unwrap_or(if exponent < 0 { i32::MIN } else { i32::MAX }))
}
