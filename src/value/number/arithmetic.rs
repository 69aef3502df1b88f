use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::Zero;

use super::float::{BigFloat, aligned};
use super::{FULL, Number, Undefined};

impl Number {
    /// The sum.
    ///
    /// # Errors
    /// [`Undefined`] for infinities of different signs.
    pub fn add(&self, other: &Self) -> Result<Self, Undefined> {
        if let (Some((a, b)), precise) = pair(self, other)
            && let Some(sum) = a.checked_add(b)
        {
            return Ok(small(sum, precise));
        }
        add(&self.float(), &other.float()).map(Self::from)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`Undefined`] for infinities of the same sign.
    pub fn subtract(&self, other: &Self) -> Result<Self, Undefined> {
        if let (Some((a, b)), precise) = pair(self, other)
            && let Some(difference) = a.checked_sub(b)
        {
            return Ok(small(difference, precise));
        }
        add(&self.float(), &other.float().negated()).map(Self::from)
    }

    /// The product.
    ///
    /// # Errors
    /// [`Undefined`] for zero times infinity.
    pub fn multiply(&self, other: &Self) -> Result<Self, Undefined> {
        if let (Some((a, b)), precise) = pair(self, other)
            && let Some(product) = a.checked_mul(b)
            // Zero times a negative number has a minus.
            && (product != 0 || (a >= 0 && b >= 0))
        {
            return Ok(small(product, precise));
        }
        multiply(&self.float(), &other.float()).map(Self::from)
    }

    /// The quotient; a number other than zero by zero is infinite.
    ///
    /// # Errors
    /// [`Undefined`] for zero by zero and infinity by infinity.
    pub fn divide(&self, other: &Self) -> Result<Self, Undefined> {
        if let (Some((a, b)), precise) = pair(self, other)
            && a.checked_rem(b) == Some(0)
            && (a != 0 || b > 0)
            && let Some(quotient) = a.checked_div(b)
        {
            return Ok(small(quotient, precise));
        }
        divide(&self.float(), &other.float()).map(Self::from)
    }

    /// What remains after dividing as often as goes wholly, with the sign of this number; itself, if divided by zero.
    ///
    /// # Errors
    /// [`Undefined`] for infinities.
    pub fn modulo(&self, other: &Self) -> Result<Self, Undefined> {
        if other.is_zero() {
            return Ok(self.clone());
        }
        if let (Some((a, b)), precise) = pair(self, other)
            && let Some(rest) = a.checked_rem(b)
        {
            // The precision is the dividend's alone.
            let precise = if a == 0 { precise } else { self.precision() == FULL };
            return Ok(small(rest, precise));
        }
        if self.is_infinite() || other.is_infinite() {
            return Err(Undefined);
        }
        let (x, y) = (self.float(), other.float());
        let precision = x.precision();
        let times = truncated(&divide(&x, &y)?);
        let times = BigFloat::whole(&times, precision);
        let whole = product(&y, &times, precision);
        let rest = sum(&x, &whole.negated(), precision);
        Ok(Self::from(rest))
    }

    /// The number with the other sign; zero has one too.
    #[must_use]
    pub fn negate(&self) -> Self {
        match self {
            Self::Int(value) if *value != 0 && *value != i64::MIN => Self::Int(-value),
            Self::Count(value) if *value != 0 && *value != i64::MIN => Self::Count(-value),
            _ => self.float().negated().into(),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { self.negate() } else { self.clone() }
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.to_whole(|whole, negative| if negative { whole - 1 } else { whole })
    }

    /// The smallest whole number that is not smaller.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.to_whole(|whole, negative| if negative { whole } else { whole + 1 })
    }

    /// The whole number without the fraction.
    #[must_use]
    pub fn trunc(&self) -> Self {
        self.to_whole(|whole, _| whole)
    }

    /// A whole number from the truncated one, if there is a fraction.
    fn to_whole(&self, settle: impl Fn(BigInt, bool) -> BigInt) -> Self {
        match self {
            Self::Int(_) | Self::Count(_) => self.clone(),
            Self::Big(big) if big.is_infinite() || big.is_whole() => self.clone(),
            Self::Big(big) => Self::from_bigint(&settle(truncated(big), big.is_negative())),
        }
    }
}

/// Both as machine integers, and whether the result has full precision.
fn pair(a: &Number, b: &Number) -> (Option<(i64, i64)>, bool) {
    match (a, b) {
        (Number::Big(_), _) | (_, Number::Big(_)) => (None, true),
        (Number::Count(a), Number::Count(b)) => (Some((*a, *b)), false),
        (Number::Int(a) | Number::Count(a), Number::Int(b) | Number::Count(b)) => (Some((*a, *b)), true),
    }
}

fn small(value: i64, precise: bool) -> Number {
    if precise { Number::Int(value) } else { Number::Count(value) }
}

fn add(x: &BigFloat, y: &BigFloat) -> Result<BigFloat, Undefined> {
    let precision = x.precision().max(y.precision());
    match (x.is_infinite(), y.is_infinite()) {
        (true, true) if x.is_negative() != y.is_negative() => Err(Undefined),
        (true, _) => Ok(BigFloat::infinity(x.is_negative(), precision)),
        (_, true) => Ok(BigFloat::infinity(y.is_negative(), precision)),
        _ => Ok(sum(x, y, precision)),
    }
}

/// The sum of two finite numbers.
fn sum(x: &BigFloat, y: &BigFloat, precision: u32) -> BigFloat {
    if x.is_zero() && y.is_zero() {
        return BigFloat::zero(x.is_negative() && y.is_negative(), precision);
    }
    let (a, b, exponent) = aligned(x, y);
    if x.is_negative() == y.is_negative() {
        return BigFloat::rounded(x.is_negative(), a + b, exponent, precision);
    }
    let (negative, difference) = if a >= b { (x.is_negative(), a - b) } else { (y.is_negative(), b - a) };
    // What cancels out is zero without a minus.
    let negative = negative && !difference.is_zero();
    BigFloat::rounded(negative, difference, exponent, precision)
}

fn multiply(x: &BigFloat, y: &BigFloat) -> Result<BigFloat, Undefined> {
    if x.is_infinite() || y.is_infinite() {
        if x.is_zero() || y.is_zero() {
            return Err(Undefined);
        }
        return Ok(BigFloat::infinity(x.is_negative() != y.is_negative(), FULL));
    }
    let exact = product(x, y, FULL);
    if exact.is_infinite() {
        return Ok(exact);
    }
    // A product takes the bits it needs, if those are more than its operands have.
    let needed = u32::try_from(exact.mantissa().bits()).unwrap_or(FULL).max(1);
    let precision = x.precision().max(y.precision()).max(needed).min(FULL.max(x.precision()));
    Ok(BigFloat::rounded(exact.is_negative(), exact.mantissa().clone(), exact.exponent(), precision))
}

/// The product of two finite numbers.
fn product(x: &BigFloat, y: &BigFloat, precision: u32) -> BigFloat {
    let negative = x.is_negative() != y.is_negative();
    BigFloat::rounded(negative, x.mantissa() * y.mantissa(), x.exponent() + y.exponent(), precision)
}

fn divide(x: &BigFloat, y: &BigFloat) -> Result<BigFloat, Undefined> {
    let precision = x.precision().max(y.precision());
    let negative = x.is_negative() != y.is_negative();
    if (x.is_infinite() && y.is_infinite()) || (x.is_zero() && y.is_zero()) {
        return Err(Undefined);
    }
    if x.is_infinite() || y.is_zero() {
        return Ok(BigFloat::infinity(negative, precision));
    }
    if y.is_infinite() || x.is_zero() {
        return Ok(BigFloat::zero(negative, precision));
    }
    Ok(quotient(negative, (x.mantissa(), x.exponent()), (y.mantissa(), y.exponent()), precision))
}

/// `(x * 2^i) / (y * 2^j)`, rounded; `y` is not zero.
pub(super) fn quotient(
    negative: bool,
    (x, i): (&BigUint, i64),
    (y, j): (&BigUint, i64),
    precision: u32,
) -> BigFloat {
    // Two bits more than the result has, and one that says whether anything is left: so it rounds as if exact.
    let shift = (u64::from(precision) + 2 + y.bits()).saturating_sub(x.bits());
    let (mut quotient, rest) = (x << shift).div_rem(y);
    quotient <<= 1u32;
    if !rest.is_zero() {
        quotient += 1u32;
    }
    BigFloat::rounded(negative, quotient, i - j - shift as i64 - 1, precision)
}

/// The finite number without its fraction; zero for an infinity.
fn truncated(float: &BigFloat) -> BigInt {
    let magnitude = if float.exponent() >= 0 {
        float.mantissa() << float.exponent() as u64
    } else {
        float.mantissa() >> float.exponent().unsigned_abs()
    };
    let whole = BigInt::from(magnitude);
    if float.is_negative() { -whole } else { whole }
}
