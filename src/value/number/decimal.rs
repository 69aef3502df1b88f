//! Binary to decimal.

use num_bigint::BigUint;
use num_traits::Zero;

use super::float::BigFloat;

/// `0.d1d2d3… * 10^point`, without zeros at the end; no digits for zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Decimal {
    /// From 0 to 9 each.
    pub(crate) digits: Vec<u8>,
    /// How many of them stand in front of the point.
    pub(crate) point: i64,
}

impl Decimal {
    /// `mantissa * 2^exponent`, exactly.
    fn exact(mantissa: &BigUint, exponent: i64) -> Self {
        if mantissa.is_zero() {
            return Self { digits: Vec::new(), point: 0 };
        }
        let (whole, scale) = if exponent >= 0 {
            (mantissa << exponent as u64, 0)
        } else {
            // A half is five tenths.
            let power = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
            (mantissa * BigUint::from(5u32).pow(power), exponent)
        };
        let digits = whole.to_radix_be(10);
        let point = digits.len() as i64 + scale;
        let mut decimal = Self { digits, point };
        decimal.trim();
        decimal
    }

    fn trim(&mut self) {
        let kept = self.digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
        self.digits.truncate(kept);
    }

    fn digit(&self, at: usize) -> u8 {
        self.digits.get(at).copied().unwrap_or(0)
    }

    fn round_down(&mut self, len: usize) {
        self.digits.truncate(len);
        self.trim();
    }

    fn round_up(&mut self, len: usize) {
        self.digits.truncate(len);
        while self.digits.last() == Some(&9) {
            self.digits.pop();
        }
        match self.digits.last_mut() {
            Some(last) => *last += 1,
            None => {
                self.digits.push(1);
                self.point += 1;
            }
        }
    }

    /// To the nearest of so many digits, to the even one of two.
    pub(crate) fn round(&mut self, len: usize) {
        if len >= self.digits.len() {
            return;
        }
        let exactly_half = self.digit(len) == 5 && self.digits.len() == len + 1;
        let up = if exactly_half { len > 0 && self.digit(len - 1) % 2 == 1 } else { self.digit(len) >= 5 };
        if up { self.round_up(len) } else { self.round_down(len) }
    }
}

/// All digits of a finite number.
pub(super) fn all(float: &BigFloat) -> Decimal {
    Decimal::exact(float.mantissa(), float.exponent())
}

/// The fewest digits that read back as this finite number at its precision.
pub(super) fn shortest(float: &BigFloat) -> Decimal {
    let mut decimal = all(float);
    if decimal.digits.is_empty() {
        return decimal;
    }
    // The mantissa with one bit more than the precision has: its last bit is half a unit in the last place, and all
    // that lies less than that away reads back as the number.
    let bits = i64::from(float.precision()) + 1;
    let shift = bits - float.mantissa().bits() as i64;
    let mantissa = float.mantissa() << shift.max(0) as u64;
    let exponent = float.exponent() - shift.max(0);
    let lower = Decimal::exact(&(&mantissa - 1u32), exponent);
    let upper = Decimal::exact(&(&mantissa + 1u32), exponent);
    // A text exactly half way reads back as the even neighbour.
    let inclusive = !mantissa.bit(1);
    for at in 0..decimal.digits.len() {
        let (low, digit, high) = (lower.digit(at), decimal.digit(at), upper.digit(at));
        let down = low != digit || (inclusive && at + 1 == lower.digits.len());
        let up = digit != high && (inclusive || digit + 1 < high || at + 1 < upper.digits.len());
        match (down, up) {
            (true, true) => decimal.round(at + 1),
            (true, false) => decimal.round_down(at + 1),
            (false, true) => decimal.round_up(at + 1),
            (false, false) => continue,
        }
        break;
    }
    decimal
}
