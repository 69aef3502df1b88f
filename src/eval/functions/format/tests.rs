use proptest::prelude::*;

use super::*;
use crate::value::Number;

fn shown(format: &str, text: &str) -> String {
    let number = Value::number(Number::parse(text).unwrap());
    apply(format, &[number]).unwrap()
}

#[test]
fn numbers_are_printed_as_go_prints_them() {
    for (format, number, expected) in [
        ("%.2f", "2.675", "2.67"),
        ("%.1f", "0.25", "0.2"),
        ("%.0f", "0.5", "0"),
        ("%.0f", "1.5", "2"),
        ("%f", "0", "0.000000"),
        ("%+08.2f", "3.14159", "+0003.14"),
        ("%-8d|", "42", "42      |"),
        ("%08.3d", "-42", "    -042"),
        ("%#X", "255", "0XFF"),
        ("%e", "0", "0.000000e+00"),
        ("%g", "123456789", "1.23456789e+08"),
        ("%.3g", "0.00001234", "1.23e-05"),
        ("%v", "-0", "-0"),
        ("%5.1f|", "Inf", " +Inf|"),
        ("%x", "-255", "-ff"),
        ("%-08.1f", "2.5", "000002.5"),
    ] {
        assert_eq!(shown(format, number), expected, "{format} of {number}");
    }
}

#[test]
fn arguments_and_verbs_must_match() {
    for format in ["", "%s %s", "%[2]d", "%", "%*d", "%[0]d", "%y", "%é", "%9999999d"] {
        assert!(apply(format, &[Value::int(1)]).is_err(), "{format}");
    }
}

proptest! {
    #[test]
    fn no_format_panics(format in "[%a-z0-9#+. \\-\\[\\]é]{0,16}", number in any::<f64>(), text in ".{0,6}") {
        let number = Number::from_f64(number).map_or(Value::null(), Value::number);
        let _ = apply(&format, &[number, Value::string(text), Value::bool(true)]);
    }

    #[test]
    fn whole_numbers_read_back(number in any::<i64>()) {
        prop_assert_eq!(shown("%d", &number.to_string()), number.to_string());
        prop_assert_eq!(shown("%.0f", &number.to_string()), number.to_string());
    }
}
