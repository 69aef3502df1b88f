//! Functions of numbers.

use num_bigint::BigInt;

use super::Wants::{Any, List, Number as Num};
use super::arguments::{elements, number, quoted, value, whole};
use super::{Call, Fault, Function, Parameter, machine, results};
use crate::value::{Kind, Number, Type, Value, convert};

const NUM: Parameter = Parameter::new("num", Num);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[NUM], Num, |_, given| Ok(Value::number(number(given, 0)?.abs()))),
    Function::new("ceil", &[NUM], Num, |_, given| Ok(whole_of(&number(given, 0)?.ceil()))),
    Function::new("floor", &[NUM], Num, |_, given| Ok(whole_of(&number(given, 0)?.floor()))),
    Function::new("log", &[NUM, Parameter::new("base", Num)], Num, log),
    Function::new("max", &[], Num, max).variadic(Parameter::new("numbers", Num)),
    Function::new("min", &[], Num, min).variadic(Parameter::new("numbers", Num)),
    Function::new("parseint", &[Parameter::new("number", Any), Parameter::new("base", Num)], Num, parseint),
    Function::new("pow", &[NUM, Parameter::new("power", Num)], Num, pow),
    Function::new("range", &[], List(&Num), range).variadic(Parameter::new("params", Num)),
    Function::new("signum", &[NUM], Num, |_, given| Ok(Value::int(whole(given, 0)?.signum()))),
    Function::new("sum", &[Parameter::new("list", Any)], Num, sum),
];

type Outcome = Result<Value, Fault>;

/// A number that was rounded; a zero loses its minus by that.
fn whole_of(number: &Number) -> Value {
    Value::number(if number.is_zero() { number.abs() } else { number.clone() })
}

/// The nearest of the machine's floats; infinity only if the number is infinite.
fn machine(given: &[Value], index: usize) -> Result<f64, Fault> {
    let number = number(given, index)?;
    let float = number.to_f64();
    if float.is_infinite() && !number.is_infinite() {
        return Err(Fault::at(index, "is too large"));
    }
    Ok(float)
}

fn from_machine(float: f64) -> Outcome {
    Number::from_f64(float).map(Value::number).ok_or_else(|| Fault::new("the result is not a number"))
}

fn log(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    from_machine(machine::ln(machine(given, 0)?) / machine::ln(machine(given, 1)?))
}

fn pow(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    from_machine(machine::pow(machine(given, 0)?, machine(given, 1)?))
}

fn max(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    extreme(given, |found, best| found.compare(best).is_gt())
}

fn min(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    extreme(given, |found, best| found.compare(best).is_lt())
}

/// The first of the numbers that is better than all before it.
fn extreme(given: &[Value], better: impl Fn(&Number, &Number) -> bool) -> Outcome {
    let mut best: Option<&Number> = None;
    for index in 0..given.len() {
        let found = number(given, index)?;
        if best.is_none_or(|best| better(found, best)) {
            best = Some(found);
        }
    }
    let best = best.ok_or_else(|| Fault::new("at least one number must be given"))?;
    Ok(Value::number(best.clone()))
}

/// Digits are 0 to 9, then the small letters, then the capitals; up to base 36 case does not matter.
fn parseint(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let content = match value(given, 0)?.kind() {
        Kind::String(content) => content,
        _ => return Err(Fault::at(0, "must be a text; a number needs no parsing")),
    };
    let base = whole(given, 1).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or_else(|| Fault::at(1, "must be a whole number from 2 to 62"))?;
    let fault = || Fault::at(0, format!("is not a whole number of base {base}")).showing(quoted(content));
    let digits = content.strip_prefix(['+', '-']).unwrap_or(content);
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'z' => Some(byte - b'a' + 10),
        b'A'..=b'Z' if base <= 36 => Some(byte - b'A' + 10),
        b'A'..=b'Z' => Some(byte - b'A' + 36),
        _ => None,
    };
    const LONGEST: usize = 4096;
    if digits.is_empty() || digits.len() > LONGEST {
        return Err(fault());
    }
    let mut parsed = BigInt::from(0);
    for byte in digits.bytes() {
        let digit = digit(byte).filter(|digit| i64::from(*digit) < base).ok_or_else(fault)?;
        parsed = parsed * base + digit;
    }
    let parsed = if content.starts_with('-') { -parsed } else { parsed };
    Ok(Value::number(Number::from_bigint(&parsed)))
}

/// How many numbers `range` makes at most.
const RANGE: usize = 1024;

fn range(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let zero = Number::from(0);
    let unit = |from: &Number, to: &Number| Number::from(if to.compare(from).is_lt() { -1 } else { 1 });
    let (start, end, step) = match given.len() {
        1 => (zero.clone(), number(given, 0)?.clone(), unit(&zero, number(given, 0)?)),
        2 => {
            let (start, end) = (number(given, 0)?, number(given, 1)?);
            (start.clone(), end.clone(), unit(start, end))
        }
        3 => (number(given, 0)?.clone(), number(given, 1)?.clone(), number(given, 2)?.clone()),
        count => return Err(Fault::new(format!("takes one, two or three numbers, not {count}"))),
    };
    let down = !step.is_zero() && step.is_negative();
    let behind =
        |number: &Number| if down { number.compare(&end).is_le() } else { number.compare(&end).is_ge() };
    if down && end.compare(&start).is_gt() {
        return Err(Fault::at(1, "must be less than the start, for the step is negative"));
    }
    if !down && end.compare(&start).is_lt() {
        return Err(Fault::at(1, "must be greater than the start, for the step is positive"));
    }
    let mut values = Vec::new();
    let mut next = start;
    while !behind(&next) {
        if step.is_zero() {
            return Err(Fault::at(2, "must not be zero"));
        }
        if values.len() >= RANGE {
            return Err(Fault::new(format!("there would be more than {RANGE} numbers")));
        }
        values.push(Value::number(next.clone()));
        next = next.add(&step).map_err(|_| Fault::new("the numbers are infinite"))?;
    }
    results::list(Type::Number, values)
}

fn sum(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let Ok(terms) = elements(given, 0) else {
        return Err(Fault::at(0, "must be a list, set or tuple of numbers"));
    };
    if terms.is_empty() {
        return Err(Fault::at(0, "must not be empty"));
    }
    if !value(given, 0)?.is_wholly_known() {
        return Ok(super::call::unknown(Type::Number, true, given));
    }
    let mut total: Option<Number> = None;
    for term in terms {
        let converted = convert(term, &Type::Number).map(Value::into_kind);
        let Ok(Kind::Number(term)) = converted else {
            return Err(Fault::at(0, "must hold numbers, and nothing else"));
        };
        total = Some(match total {
            None => term,
            Some(total) => total.add(&term).map_err(|_| Fault::at(0, "holds infinities of both signs"))?,
        });
    }
    Ok(Value::number(total.unwrap_or(Number::from(0))))
}
