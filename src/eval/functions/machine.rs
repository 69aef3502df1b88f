//! Powers and logarithms of the machine's floats, to the last bit as Go computes them: powers by squaring, and not by
//! a logarithm, so that whole ones come out as one expects; logarithms by the polynomial of FreeBSD's library; the
//! exponential function by a Taylor polynomial near zero and by doubling from there.

/// `base` to the power of `exponent`.
pub(super) fn pow(base: f64, exponent: f64) -> f64 {
    match (base, exponent) {
        (_, 0.0) | (1.0, _) => return 1.0,
        (_, 1.0) => return base,
        _ if base.is_nan() || exponent.is_nan() => return f64::NAN,
        // The library agrees on zeros and infinities, which the standard for floats fixes.
        _ if base == 0.0 || base.is_infinite() || exponent.is_infinite() => return base.powf(exponent),
        (_, 0.5) => return base.sqrt(),
        (_, -0.5) => return 1.0 / base.sqrt(),
        _ => {}
    }
    let (mut whole, mut fraction) = (exponent.abs().trunc(), exponent.abs().fract());
    if fraction != 0.0 && base < 0.0 {
        return f64::NAN;
    }
    if whole >= 9.223_372_036_854_776e18 {
        // So large a number is even.
        return match (base == -1.0, (base.abs() < 1.0) == (exponent > 0.0)) {
            (true, _) => 1.0,
            (_, true) => 0.0,
            (_, false) => f64::INFINITY,
        };
    }
    let mut mantissa = 1.0;
    let mut scale: i64 = 0;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        mantissa = exp(fraction * ln(base));
    }
    let (mut square, mut square_scale) = parts(base);
    let mut rest = whole as i64;
    while rest != 0 {
        if square_scale.abs() > 1 << 12 {
            // Out of reach by now; what is left of the power only takes it further.
            scale += square_scale;
            break;
        }
        if rest & 1 == 1 {
            mantissa *= square;
            scale += square_scale;
        }
        square *= square;
        square_scale <<= 1;
        if square < 0.5 {
            square += square;
            square_scale -= 1;
        }
        rest >>= 1;
    }
    if exponent < 0.0 {
        mantissa = 1.0 / mantissa;
        scale = -scale;
    }
    scaled(mantissa, scale)
}

/// The natural logarithm.
pub(super) fn ln(float: f64) -> f64 {
    /// The logarithm of two, in two parts, so that a multiple of the first is exact.
    const LN_2: (f64, f64) = (f64::from_bits(0x3fe6_2e42_fee0_0000), f64::from_bits(0x3dea_39ef_3579_3c76));
    /// Coefficients of the odd and of the even powers.
    const ODD: [u64; 4] =
        [0x3fe5_5555_5555_5593, 0x3fd2_4924_9422_9359, 0x3fc7_4664_96cb_03de, 0x3fc2_f112_df3e_5244];
    const EVEN: [u64; 3] = [0x3fd9_9999_9997_fa04, 0x3fcc_71c5_1d8e_78af, 0x3fc3_9a09_d078_c69f];
    if float.is_nan() || float < 0.0 {
        return f64::NAN;
    }
    if float == 0.0 || float.is_infinite() {
        return if float == 0.0 { f64::NEG_INFINITY } else { float };
    }
    let (mut mantissa, mut scale) = parts(float);
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        scale -= 1;
    }
    let (f, k) = (mantissa - 1.0, scale as f64);
    let s = f / (2.0 + f);
    let squared = s * s;
    let fourth = squared * squared;
    let sum = |of: &[u64]| of.iter().rev().fold(0.0, |sum, bits| f64::from_bits(*bits) + fourth * sum);
    let rest = squared * sum(&ODD) + fourth * sum(&EVEN);
    let half = 0.5 * f * f;
    k * LN_2.0 - ((half - (s * (half + rest) + k * LN_2.1)) - f)
}

/// The exponential function.
fn exp(float: f64) -> f64 {
    /// The logarithm of two, in two parts, so that a multiple of the first is exact.
    const LN_2: (f64, f64) = (f64::from_bits(0x3fe6_2e42_fefa_3000), 0.282_352_905_630_315_77e-12);
    const LARGEST: f64 = 709.782_712_893_384;
    if float.is_nan() {
        return float;
    }
    if float > LARGEST || float == f64::NEG_INFINITY {
        return if float > 0.0 { f64::INFINITY } else { 0.0 };
    }
    let scale = (float * std::f64::consts::LOG2_E).round_ties_even().clamp(-2000.0, 2000.0);
    let rest = (-scale).mul_add(LN_2.1, (-scale).mul_add(LN_2.0, float)) / 16.0;
    // One over the factorials, from that of eight down; what comes out is one less than the result.
    let factorials = [5040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0];
    let polynomial =
        factorials.iter().fold(1.0 / 40_320.0, |sum: f64, factorial| sum.mul_add(rest, 1.0 / factorial));
    let mut less_one = rest * polynomial;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    scaled(less_one.mul_add(less_one + 2.0, 1.0), scale as i64)
}

/// The float as a mantissa from a half up to one and a power of two.
fn parts(float: f64) -> (f64, i64) {
    const BIAS: i64 = 1022;
    // Floats below the normal ones are made normal first.
    let (float, shift) =
        if float.abs() < f64::MIN_POSITIVE { (float * (1_u64 << 52) as f64, -52) } else { (float, 0) };
    let bits = float.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let mantissa = f64::from_bits(bits & !(0x7ff << 52) | (BIAS as u64) << 52);
    (mantissa, exponent - BIAS + shift)
}

/// The mantissa times that power of two.
fn scaled(mantissa: f64, scale: i64) -> f64 {
    if mantissa == 0.0 || !mantissa.is_finite() {
        return mantissa;
    }
    let (mantissa, own) = parts(mantissa);
    let scale = scale + own;
    if scale > 1024 {
        return f64::INFINITY.copysign(mantissa);
    }
    if scale < -1080 {
        return 0.0_f64.copysign(mantissa);
    }
    // In two steps, for the power alone may be out of range.
    let power = |scale: i64| 2.0_f64.powi(scale as i32);
    if scale < -1000 {
        mantissa * power(scale + 200) * power(-200)
    } else {
        mantissa * power(scale / 2) * power(scale - scale / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_are_exact() {
        assert_eq!(pow(10.0, -2.0), 0.01);
        assert_eq!(pow(1.1, 2.0), 1.210_000_000_000_000_2);
        assert_eq!(pow(2.0, 1023.0), 2.0_f64.powi(1023));
        assert_eq!(pow(2.0, -1074.0), f64::from_bits(1));
        assert_eq!(pow(10.0, 400.0), f64::INFINITY);
        assert_eq!(pow(10.0, 22.0), 1e22);
        assert_eq!(pow(0.0, -1.0), f64::INFINITY);
        assert!(pow(-1.0, 0.3).is_nan());
    }

    #[test]
    fn logarithms_are_gos() {
        assert_eq!(ln(27.0) / ln(3.0), 3.000_000_000_000_000_4);
        assert_eq!(ln(3.0) / ln(0.5), -1.584_962_500_721_156);
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert!(ln(-1.0).is_nan());
        for float in (1..400).map(|float| f64::from(float) / 7.0) {
            assert!((ln(float) - float.ln()).abs() < 1e-14);
        }
    }

    #[test]
    fn exponentials_are_gos() {
        assert_eq!(pow(3.0, 1.0 / 3.0), 1.442_249_570_307_408_5);
        assert_eq!(pow(2.5, 1.0 / 3.0), 1.357_208_808_297_453_2);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn near_the_librarys() {
        for base in 1..60 {
            for exponent in -40..40 {
                let (base, exponent) = (f64::from(base) / 7.0, f64::from(exponent) / 3.0);
                let (ours, library) = (pow(base, exponent), base.powf(exponent));
                assert!((ours - library).abs() <= library.abs() * 1e-13, "{base} {exponent}");
            }
        }
    }
}
