//! Functions of one text.

use super::Wants::{Bool, List, Number, String as Text};
use super::arguments::{text, value, whole};
use super::call::unknown;
use super::graphemes::clusters;
use super::{Call, Fault, Function, Parameter, letters, regex, results};
use crate::value::{Type, Value};

const STR: Parameter = Parameter::new("str", Text);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", &[STR], Text, chomp),
    Function::new("endswith", &[STR, Parameter::new("suffix", Text)], Bool, endswith),
    Function::new("indent", &[Parameter::new("spaces", Number), STR], Text, indent),
    Function::new("lower", &[STR.dynamic()], Text, lower),
    Function::new(
        "replace",
        &[STR, Parameter::new("substr", Text), Parameter::new("replace", Text)],
        Text,
        replace,
    ),
    Function::new("split", &[Parameter::new("separator", Text), STR], List(&Text), split),
    Function::new("startswith", &[STR.unknown(), Parameter::new("prefix", Text)], Bool, startswith),
    Function::new("strcontains", &[STR, Parameter::new("substr", Text)], Bool, strcontains),
    Function::new("strrev", &[STR], Text, strrev),
    Function::new(
        "substr",
        &[STR, Parameter::new("offset", Number), Parameter::new("length", Number)],
        Text,
        substr,
    ),
    Function::new("title", &[STR], Text, title),
    Function::new("trim", &[STR, Parameter::new("cutset", Text)], Text, trim),
    Function::new("trimprefix", &[STR, Parameter::new("prefix", Text)], Text, trimprefix),
    Function::new("trimspace", &[STR], Text, trimspace),
    Function::new("trimsuffix", &[STR, Parameter::new("suffix", Text)], Text, trimsuffix),
    Function::new("upper", &[STR], Text, upper),
];

type Outcome = Result<Value, Fault>;

fn chomp(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    results::text(text(given, 0)?.trim_end_matches(['\r', '\n']))
}

fn endswith(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    Ok(Value::bool(text(given, 0)?.ends_with(text(given, 1)?)))
}

/// What is known of how an unknown text begins can decide.
fn startswith(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let prefix = text(given, 1)?;
    let Some(whole) = value(given, 0)?.as_unknown() else {
        return Ok(Value::bool(text(given, 0)?.starts_with(prefix)));
    };
    let known = whole.refinement.prefix.as_deref().unwrap_or_default();
    if known.starts_with(prefix) {
        return Ok(Value::bool(true));
    }
    // What is known is no shorter than what is asked for, so it differs already.
    if known.len() >= prefix.len() {
        return Ok(Value::bool(false));
    }
    Ok(unknown(Type::Bool, true, given))
}

fn strcontains(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    Ok(Value::bool(text(given, 0)?.contains(text(given, 1)?)))
}

fn indent(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let spaces = usize::try_from(whole(given, 0)?).map_err(|_| Fault::at(0, "must not be negative"))?;
    let content = text(given, 1)?;
    let lines = memchr::memchr_iter(b'\n', content.as_bytes()).count();
    results::within_bytes(lines.saturating_mul(spaces).saturating_add(content.len()))?;
    if lines == 0 {
        return results::text(content);
    }
    results::text(content.replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

fn lower(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    results::text(text(given, 0)?.chars().map(letters::lower).collect::<String>())
}

fn upper(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    results::text(text(given, 0)?.chars().map(letters::upper).collect::<String>())
}

fn title(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let mut begins = true;
    let titled = text(given, 0)?.chars().map(|c| {
        let mapped = if begins { letters::title(c) } else { c };
        begins = letters::separates(c);
        mapped
    });
    results::text(titled.collect::<String>())
}

/// A pattern between slashes is a regular expression.
fn replace(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let (content, search, by) = (text(given, 0)?, text(given, 1)?, text(given, 2)?);
    if search.len() > 1
        && let Some(pattern) = search.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'))
    {
        let pattern = regex::compile(pattern).map_err(|error| error.fault(1))?;
        return results::text(pattern.replace_all(content, by)?);
    }
    let growth = by.len().saturating_sub(search.len());
    if growth > 0 {
        let found = content.matches(search).count();
        results::within_bytes(found.saturating_mul(by.len()).saturating_add(content.len()))?;
    }
    results::text(content.replace(search, by))
}

/// An empty separator cuts between code points.
fn split(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let (separator, content) = (text(given, 0)?, text(given, 1)?);
    if separator.is_empty() {
        results::within_elements(content.chars().count())?;
        let mut buffer = [0; 4];
        let values = content.chars().map(|c| Value::string(&*c.encode_utf8(&mut buffer)));
        return results::list(Type::String, values.collect());
    }
    results::within_elements(content.matches(separator).count())?;
    results::texts(content.split(separator))
}

fn strrev(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let clusters: Vec<&str> = clusters(text(given, 0)?).collect();
    results::text(clusters.into_iter().rev().collect::<String>())
}

/// Counts in grapheme clusters; a negative offset counts from the end, a negative length takes the rest.
fn substr(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let content = text(given, 0)?;
    let (offset, length) = (whole(given, 1)?, whole(given, 2)?);
    let clusters = clusters(content);
    let skip = if offset < 0 {
        let total = i64::try_from(clusters.clone().count()).unwrap_or(i64::MAX);
        total.saturating_add(offset).max(0)
    } else if length == 0 {
        return results::text("");
    } else {
        offset
    };
    let rest = clusters.skip(usize::try_from(skip).unwrap_or(usize::MAX));
    // A length of zero behind a negative offset takes the rest, as it does in the language's own implementation.
    match usize::try_from(length) {
        Ok(length) if length > 0 => results::text(rest.take(length).collect::<String>()),
        _ => results::text(rest.collect::<String>()),
    }
}

fn trim(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let cutset: Vec<char> = text(given, 1)?.chars().collect();
    results::text(text(given, 0)?.trim_matches(cutset.as_slice()))
}

fn trimprefix(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let content = text(given, 0)?;
    results::text(content.strip_prefix(text(given, 1)?).unwrap_or(content))
}

fn trimsuffix(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let content = text(given, 0)?;
    results::text(content.strip_suffix(text(given, 1)?).unwrap_or(content))
}

fn trimspace(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    results::text(text(given, 0)?.trim())
}
