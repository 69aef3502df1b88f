use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap_or_else(|| panic!("{text} is no number"))
}

#[test]
fn prints_the_shortest_text_that_reads_back() {
    for text in
        ["0", "-0", "1.5", "0.1", "123456789012345678901234567890", "0.00000012345", "-9223372036854775809"]
    {
        assert_eq!(number(text).to_string(), text);
    }
    assert_eq!(number("1.50").to_string(), "1.5");
    assert_eq!(number("1e21").to_string(), "1000000000000000000000");
    assert_eq!(number("1E-3").to_string(), "0.001");
    assert_eq!(number("1p3").to_string(), "8");
    assert_eq!(number("-Inf").to_string(), "-Inf");
}

#[test]
fn reads_what_the_language_reads() {
    for text in
        ["", ".", "-", "1e", "1_000", " 1", "0x1", "NaN", "1.2.3", "1/3", "١", "--1", "1e+", "Infinity"]
    {
        assert_eq!(Number::parse(text), None, "{text}");
    }
    for (text, same) in [("010", "10"), (".5", "0.5"), ("1.", "1"), ("+3", "3")] {
        assert_eq!(number(text), number(same));
    }
}

#[test]
fn keeps_the_precision_of_where_it_comes_from() {
    let power = Number::from_f64(18_446_744_073_709_551_616.0).unwrap();
    assert_eq!(power.to_string(), "18446744073709550000");
    assert_eq!(power, number("18446744073709551616"));
    assert_eq!(power.add(&number("0")).unwrap().to_string(), "18446744073709551616");
    let third = Number::from(1).divide(&Number::from(3)).unwrap();
    assert_eq!(third.to_string(), "0.33333333333333333334");
}

#[test]
fn calculates_as_the_language_does() {
    let sum = number("1.1").add(&number("2.2")).unwrap().to_string();
    assert!(sum.starts_with("3.300000") && sum.ends_with('2'), "{sum}");
    assert_eq!(number("0.1").add(&number("0.2")).unwrap(), number("0.3"));
    assert_eq!(number("5").divide(&number("0")).unwrap().to_string(), "+Inf");
    assert_eq!(number("0").divide(&number("0")), Err(Undefined));
    assert_eq!(number("5").modulo(&number("0")).unwrap(), number("5"));
    assert_eq!(number("-5.5").modulo(&number("2")).unwrap(), number("-1.5"));
    assert_eq!(number("0").multiply(&number("-3")).unwrap().to_string(), "-0");
    assert_eq!(number("0").negate().to_string(), "-0");
    assert_eq!(number("-0").negate().to_string(), "0");
    assert_eq!(number("-1.5").floor(), number("-2"));
    assert_eq!(number("-1.5").ceil(), number("-1"));
    assert_eq!(number("1.5").ceil(), number("2"));
    assert_eq!(number("-9223372036854775808").negate().to_string(), "9223372036854775808");
}

#[test]
fn stays_within_reach() {
    assert!(number("1e99999999999999999999").is_infinite());
    assert!(number("1e-99999999999999999999").is_zero());
    let mut number = number("1e4000");
    assert_eq!(number.to_string().len(), 4_001);
    number = number.multiply(&number).unwrap();
    assert!(number.is_infinite());
}

#[test]
fn orders_across_precisions() {
    assert_eq!(number("0.5").compare(&Number::from(1)), Ordering::Less);
    assert_eq!(number("-Inf").compare(&number("-1e400")), Ordering::Less);
    assert_eq!(number("-0").compare(&number("0")), Ordering::Equal);
    assert_eq!(number("1e400").compare(&number("9e399")), Ordering::Greater);
}

#[test]
fn gives_machine_floats_and_ten_digits() {
    assert_eq!(number("0.1").to_f64(), 0.1);
    assert_eq!(number("1e400").to_f64(), f64::INFINITY);
    assert_eq!(number("5e-324").to_f64(), 5e-324);
    assert_eq!(number("2.225073858507201e-308").to_f64(), 2.225073858507201e-308);
    assert_eq!(number("1e21").text_of_ten_digits(), "1e+21");
    assert_eq!(number("123456789.123").text_of_ten_digits(), "123456789.1");
    assert_eq!(number("0.00001").text_of_ten_digits(), "1e-05");
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(text in "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?") {
        let number = number(&text);
        let again = Number::parse(&number.to_string()).unwrap();
        prop_assert_eq!(&number, &again);
        prop_assert_eq!(number.compare(&again), Ordering::Equal);
    }

    #[test]
    fn machine_floats_survive(value in any::<f64>()) {
        prop_assume!(!value.is_nan());
        let number = Number::from_f64(value).unwrap();
        prop_assert_eq!(number.to_f64().to_bits(), value.to_bits());
        if value.is_finite() {
            prop_assert_eq!(number.to_string().parse::<f64>().unwrap(), value);
        }
    }

    #[test]
    fn whole_numbers_calculate_exactly(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (number(&a.to_string()), number(&b.to_string()));
        prop_assert_eq!(x.add(&y).unwrap().to_bigint().unwrap(), BigInt::from(a) + b);
        prop_assert_eq!(x.subtract(&y).unwrap().to_bigint().unwrap(), BigInt::from(a) - b);
        prop_assert_eq!(x.multiply(&y).unwrap().to_bigint().unwrap(), BigInt::from(a) * b);
        prop_assert_eq!(x.compare(&y), a.cmp(&b));
        if b != 0 {
            prop_assert_eq!(x.modulo(&y).unwrap().to_bigint().unwrap(), BigInt::from(a) % b);
        }
    }
}
