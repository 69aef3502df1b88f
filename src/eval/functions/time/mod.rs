//! Functions of dates and times.

mod format;
mod moment;
mod parse;

use std::sync::Arc;

use super::Wants::{Number, String as Text};
use super::arguments::{quoted, text};
use super::{Call, Fault, Function, Parameter, results};
use crate::value::{Exact, Identity, Refinement, Type, Unknown, Value};
use moment::Moment;
pub(super) use parse::yaml_timestamp;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "formatdate",
        &[Parameter::new("format", Text), Parameter::new("time", Text)],
        Text,
        formatdate,
    ),
    Function::new("plantimestamp", &[], Text, plantimestamp),
    Function::new(
        "timeadd",
        &[Parameter::new("timestamp", Text), Parameter::new("duration", Text)],
        Text,
        timeadd,
    ),
    Function::new(
        "timecmp",
        &[Parameter::new("timestamp_a", Text), Parameter::new("timestamp_b", Text)],
        Number,
        timecmp,
    ),
    Function::new("timestamp", &[], Text, timestamp),
];

/// The timestamp that argument is.
fn moment(given: &[Value], index: usize) -> Result<Moment, Fault> {
    let content = text(given, index)?;
    let fault =
        |why| Fault::at(index, format!("is not a timestamp of RFC 3339: {why}")).showing(quoted(content));
    parse::timestamp(content).map_err(fault)
}

fn formatdate(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let moment = moment(given, 1)?;
    results::text(format::format(text(given, 0)?, &moment)?)
}

fn timeadd(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let moment = moment(given, 0)?;
    let duration = text(given, 1)?;
    let fault = |why| Fault::at(1, format!("is not a duration: {why}")).showing(quoted(duration));
    results::text(moment.plus(parse::duration(duration).map_err(fault)?).rfc3339())
}

fn timecmp(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let (a, b) = (moment(given, 0)?, moment(given, 1)?);
    Ok(Value::int((a.seconds, a.nanos).cmp(&(b.seconds, b.nanos)) as i64))
}

fn timestamp(call: &mut Call<'_>, _: &[Value]) -> Result<Value, Fault> {
    Ok(not_before_the_run(call, "timestamp()"))
}

fn plantimestamp(call: &mut Call<'_>, _: &[Value]) -> Result<Value, Fault> {
    Ok(not_before_the_run(call, "plantimestamp()"))
}

/// A text that only a run can tell, and each anew.
pub(super) fn not_before_the_run(call: &Call<'_>, what: &str) -> Value {
    let exact = Identity::Exact(Arc::new(Exact::new(call.scope.clone(), what)));
    Value::unknown(Unknown {
        ty: Type::String,
        identity: Identity::derived([&exact]),
        refinement: Refinement { not_null: true, ..Refinement::default() },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::moment::days_from_civil;
    use super::*;

    #[test]
    fn the_calendar_goes_both_ways() {
        for days in (-800_000..3_000_000).step_by(97) {
            let moment = Moment { seconds: days * 86_400 + 3_723, nanos: 0, offset: 0 };
            let fields = moment.fields();
            assert_eq!(days_from_civil(fields.year, fields.month, fields.day), days);
            assert_eq!((fields.hour, fields.minute, fields.second), (1, 2, 3));
        }
    }

    #[test]
    fn offsets_are_kept() {
        let moment = parse::timestamp("2024-02-29T23:30:00.75-05:30").unwrap();
        assert_eq!(moment.plus(1_800_000_000_000).rfc3339(), "2024-03-01T00:00:00-05:30");
        assert_eq!(
            format::format("EEE, DD MMM YYYY hh:mm:ss ZZZ", &moment),
            Ok("Thu, 29 Feb 2024 23:30:00 -0530".into())
        );
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(parse::duration("1h1.5m"), Ok(3_690_000_000_000));
        assert_eq!(parse::duration("-.5s"), Ok(-500_000_000));
        assert!(parse::duration("1").is_err());
        assert!(parse::duration("9999999h").is_err());
    }

    proptest! {
        #[test]
        fn no_format_panics(pattern in "['a-zA-Z é]{0,20}", seconds in any::<i64>(), offset in -86_399..86_400_i32) {
            let moment = Moment { seconds: seconds / 1024, nanos: 0, offset };
            let _ = format::format(&pattern, &moment);
            let _ = moment.plus(seconds).rfc3339();
        }

        #[test]
        fn no_timestamp_panics(text in "[0-9TZ:.+-]{0,30}") {
            let _ = parse::timestamp(&text);
            let _ = parse::yaml_timestamp(&text);
            let _ = parse::duration(&text);
        }

        #[test]
        fn what_is_written_reads_back(seconds in -60_000_000_000_i64..250_000_000_000, minutes in -1439..1440_i32) {
            let moment = Moment { seconds, nanos: 0, offset: minutes * 60 };
            let text = moment.rfc3339();
            if text.len() >= 20 && !text.starts_with('-') {
                prop_assert_eq!(parse::timestamp(&text), Ok(moment));
            }
        }
    }
}
