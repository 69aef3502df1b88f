//! Numbers in a format, as Go prints its big floats and integers.

use num_bigint::{BigInt, Sign};

use super::verb::Verb;
use crate::value::{Decimal, Number};

/// A whole number by `%b`, `%d`, `%o`, `%x` or `%X`.
pub(super) fn integer(verb: &Verb<'_>, number: &BigInt) -> String {
    let (base, prefix) = match verb.mode {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = number.magnitude().to_str_radix(base);
    if verb.mode == 'X' {
        digits.make_ascii_uppercase();
    }
    let sign = sign(verb, number.sign() == Sign::Minus);
    let prefix = if verb.sharp { prefix } else { "" };
    let mut zeros = 0;
    if let Some(precision) = verb.precision {
        if precision == 0 && digits == "0" {
            return String::new();
        }
        zeros = precision.saturating_sub(digits.len());
    }
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let missing = verb.width.unwrap_or(0).saturating_sub(length);
    let (mut left, mut right) = (0, 0);
    match verb {
        Verb { minus: true, .. } => right = missing,
        Verb { zero: true, precision: None, .. } => zeros = missing,
        _ => left = missing,
    }
    format!("{:left$}{sign}{prefix}{}{digits}{:right$}", "", "0".repeat(zeros), "")
}

/// A number by `%e`, `%f` or `%g`.
pub(super) fn float(verb: &Verb<'_>, number: &Number) -> String {
    let default = if matches!(verb.mode, 'g' | 'G') { None } else { Some(6) };
    let infinite = number.is_infinite();
    let body =
        if infinite { "Inf".to_owned() } else { digits(verb.mode, verb.precision.or(default), number) };
    let sign = match number.is_negative() {
        false if infinite && !verb.space => "+",
        negative => sign(verb, negative),
    };
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + body.len());
    match verb {
        Verb { zero: true, .. } if !infinite => format!("{sign}{}{body}", "0".repeat(missing)),
        Verb { minus: true, .. } => format!("{sign}{body}{:missing$}", ""),
        _ => format!("{:missing$}{sign}{body}", ""),
    }
}

/// A number as `%v` shows it: with as few digits as read back, and an exponent where it is large or small.
pub(super) fn shortest(number: &Number) -> String {
    if number.is_infinite() {
        return number.to_string();
    }
    let sign = if number.is_negative() { "-" } else { "" };
    format!("{sign}{}", digits('g', None, number))
}

fn sign(verb: &Verb<'_>, negative: bool) -> &'static str {
    match verb {
        _ if negative => "-",
        Verb { plus: true, .. } => "+",
        Verb { space: true, .. } => " ",
        _ => "",
    }
}

/// The digits of a finite number without its sign; without a precision, as few as read back.
fn digits(mode: char, precision: Option<usize>, number: &Number) -> String {
    let mut decimal = number.digits(precision.is_none());
    let point = decimal.point;
    match (mode, precision) {
        ('e' | 'E', Some(precision)) => decimal.round(precision + 1),
        ('f', Some(precision)) => match usize::try_from(point.saturating_add(precision as i64)) {
            Ok(kept) => decimal.round(kept),
            Err(_) => decimal = Decimal { digits: Vec::new(), point: 0 },
        },
        (_, Some(precision)) => decimal.round(precision.max(1)),
        (_, None) => {}
    }
    let own = decimal.digits.len();
    match mode {
        'e' | 'E' => scientific(mode, precision.unwrap_or(own.saturating_sub(1)), &decimal),
        'f' => plain(precision.unwrap_or(0), &decimal),
        _ => {
            let exponent = if own == 0 { -1 } else { decimal.point - 1 };
            let limit = match precision {
                None => 6,
                Some(precision) => {
                    let precision = precision.max(1);
                    if precision > own && own as i64 >= decimal.point { own } else { precision }
                }
            };
            if exponent < -4 || exponent >= limit as i64 {
                let mode = if mode == 'G' { 'E' } else { 'e' };
                return scientific(mode, own.saturating_sub(1), &decimal);
            }
            plain(usize::try_from(own as i64 - decimal.point).unwrap_or(0), &decimal)
        }
    }
}

fn digit(decimal: &Decimal, at: i64) -> char {
    let digit = usize::try_from(at).ok().and_then(|at| decimal.digits.get(at)).copied().unwrap_or(0);
    char::from(b'0' + digit)
}

fn scientific(mode: char, precision: usize, decimal: &Decimal) -> String {
    let mut out = String::from(digit(decimal, 0));
    if precision > 0 {
        out.push('.');
        out.extend((1..=precision as i64).map(|at| digit(decimal, at)));
    }
    let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("{mode}{sign}{:02}", exponent.unsigned_abs()));
    out
}

fn plain(fraction: usize, decimal: &Decimal) -> String {
    let mut out: String = (0..decimal.point).map(|at| digit(decimal, at)).collect();
    if out.is_empty() {
        out.push('0');
    }
    if fraction > 0 {
        out.push('.');
        out.extend((0..fraction as i64).map(|at| digit(decimal, decimal.point + at)));
    }
    out
}
