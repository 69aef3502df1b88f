//! Numbers and their texts.

use std::fmt;

use num_bigint::BigUint;
use num_traits::Zero;

use super::arithmetic::quotient;
use super::float::{BigFloat, REACH};
use super::{FULL, Number, decimal};

/// Digits of a written number that are looked at; of those behind only whether one is not zero. 512 bits are 155
/// digits, so this never shows.
const DIGITS: usize = 2000;

pub(super) fn parse(text: &str) -> Option<Number> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if matches!(rest, "Inf" | "inf") {
        return Some(BigFloat::infinity(negative, FULL).into());
    }
    let bytes = rest.as_bytes();
    if !negative && (1..=18).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit) {
        return rest.parse().ok().map(Number::Int);
    }
    let mantissa_end =
        bytes.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.')).unwrap_or(bytes.len());
    let (mantissa, exponent) = rest.split_at(mantissa_end);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let (tens, twos) = match exponent.as_bytes() {
        [] => (0, 0),
        [b'e' | b'E', digits @ ..] => (power(digits)?, 0),
        [b'p', digits @ ..] => (0, power(digits)?),
        _ => return None,
    };
    let mut digits: Vec<u8> =
        whole.bytes().chain(fraction.bytes()).skip_while(|&byte| byte == b'0').collect();
    let mut tens = tens - fraction.len() as i64;
    if digits.len() > DIGITS {
        tens += (digits.len() - DIGITS - 1) as i64;
        let rest = digits[DIGITS..].iter().any(|&byte| byte != b'0');
        digits.truncate(DIGITS);
        digits.push(if rest { b'1' } else { b'0' });
    }
    let mantissa = BigUint::parse_bytes(&digits, 10).unwrap_or_default();
    Some(scaled(negative, mantissa, tens, twos).into())
}

/// The digits of an exponent. Ones that are beyond any number are cut short.
fn power(digits: &[u8]) -> Option<i64> {
    let (negative, digits) = match digits {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0i64, |value, digit| (value * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if negative { -value } else { value })
}

/// `mantissa * 10^tens * 2^twos` at full precision.
fn scaled(negative: bool, mantissa: BigUint, tens: i64, twos: i64) -> BigFloat {
    // Ten is more than eight: by then the number is out of reach, whatever its digits (at most `DIGITS`) are.
    let reach = REACH / 3 + 2 * DIGITS as i64;
    if mantissa.is_zero() || tens < -reach || twos < -4 * REACH {
        return BigFloat::zero(negative, FULL);
    }
    if tens > reach || twos > 4 * REACH {
        return BigFloat::infinity(negative, FULL);
    }
    let fives = BigUint::from(5u32).pow(u32::try_from(tens.unsigned_abs()).unwrap_or(u32::MAX));
    if tens < 0 {
        quotient(negative, (&mantissa, twos), (&fives, -tens), FULL)
    } else {
        BigFloat::rounded(negative, mantissa * fives, tens + twos, FULL)
    }
}

impl fmt::Display for Number {
    /// The shortest decimal that reads back as the number at its precision, never with an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) | Self::Count(value) => value.fmt(f),
            Self::Big(big) => f.write_str(&plain(big)),
        }
    }
}

fn plain(float: &BigFloat) -> String {
    if float.is_infinite() {
        return if float.is_negative() { "-Inf" } else { "+Inf" }.to_owned();
    }
    let decimal = decimal::shortest(float);
    let mut text = String::with_capacity(decimal.digits.len() + 3);
    if float.is_negative() {
        text.push('-');
    }
    place(&mut text, &decimal);
    text
}

/// The digits with the point where it belongs.
fn place(text: &mut String, decimal: &decimal::Decimal) {
    let digit = |at: usize| char::from(b'0' + decimal.digits.get(at).copied().unwrap_or(0));
    let whole = usize::try_from(decimal.point).unwrap_or(0);
    if whole == 0 {
        text.push('0');
    }
    text.extend((0..whole).map(digit));
    if decimal.digits.len() > whole {
        text.push('.');
        text.extend(std::iter::repeat_n('0', usize::try_from(-decimal.point).unwrap_or(0)));
        text.extend((whole..decimal.digits.len()).map(digit));
    }
}

impl BigFloat {
    pub(super) fn text_of_ten_digits(&self) -> String {
        if self.is_infinite() {
            return plain(self);
        }
        let mut decimal = decimal::all(self);
        decimal.round(10);
        let mut text = String::new();
        if self.is_negative() {
            text.push('-');
        }
        let exponent = decimal.point - 1;
        if decimal.digits.is_empty() || (-4..10).contains(&exponent) {
            place(&mut text, &decimal);
            return text;
        }
        let digit = |at: usize| char::from(b'0' + decimal.digits.get(at).copied().unwrap_or(0));
        text.push(digit(0));
        if decimal.digits.len() > 1 {
            text.push('.');
            text.extend((1..decimal.digits.len()).map(digit));
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        text.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
        text
    }
}
