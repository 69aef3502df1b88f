use std::sync::Arc;

use arcstr::ArcStr;
use regex::bytes::Captures;

use super::super::Wants::{Any, String as Text};
use super::super::arguments::text;
use super::super::{Call, Fault, Function, Parameter, results};
use super::{Pattern, compile};
use crate::value::{ObjectAttribute, Type, Value};

const PARAMETERS: &[Parameter] = &[Parameter::new("pattern", Text), Parameter::new("string", Text)];

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", PARAMETERS, Any, regex).returns(regex_type).nullable(),
    Function::new("regexall", PARAMETERS, Any, regexall).returns(regexall_type),
];

/// What a match of a pattern is.
enum Shape {
    /// The text that matched: there are no groups.
    Whole,
    /// What each group matched.
    Tuple(usize),
    /// What each group matched, by name.
    Object,
}

impl Pattern {
    fn shape(&self) -> Result<Shape, Fault> {
        let named = self.groups.iter().filter(|group| group.is_some()).count();
        match (named, self.groups.len() - named) {
            (0, 0) => Ok(Shape::Whole),
            (0, unnamed) => Ok(Shape::Tuple(unnamed)),
            (_, 0) => Ok(Shape::Object),
            _ => Err(Fault::at(0, "mixes groups with and without a name")),
        }
    }

    fn ty(&self) -> Result<Type, Fault> {
        Ok(match self.shape()? {
            Shape::Whole => Type::String,
            Shape::Tuple(count) => Type::Tuple(Arc::new(vec![Type::String; count])),
            Shape::Object => {
                let mut names: Vec<&String> = self.groups.iter().flatten().collect();
                names.sort();
                names.dedup();
                let attribute =
                    |name: &String| ObjectAttribute { name: name.into(), ty: Type::String, optional: false };
                Type::Object(Arc::new(names.into_iter().map(attribute).collect()))
            }
        })
    }

    fn result(&self, content: &str, captures: &Captures<'_>) -> Result<Value, Fault> {
        let group = |index: usize| match captures.get(index) {
            Some(group) => results::text(content.get(group.start()..group.end()).unwrap_or_default()),
            None => Ok(Value::null_of(Type::String)),
        };
        match self.shape()? {
            Shape::Whole => group(0),
            Shape::Tuple(count) => Ok(Value::tuple((1..=count).map(group).collect::<Result<_, _>>()?)),
            Shape::Object => {
                let entries = self
                    .groups
                    .iter()
                    .enumerate()
                    .filter_map(|(index, name)| Some((name.as_ref()?, index + 1)));
                let entries = entries.map(|(name, index)| Ok((ArcStr::from(name), group(index)?)));
                Ok(Value::object(entries.collect::<Result<_, Fault>>()?))
            }
        }
    }
}

/// The pattern, if it is known.
fn pattern_type(given: &[Value]) -> Result<Option<Type>, Fault> {
    match text(given, 0) {
        Ok(pattern) => compile(pattern).map_err(|error| error.fault(0))?.ty().map(Some),
        Err(_) => Ok(None),
    }
}

fn regex_type(given: &[Value]) -> Result<Type, Fault> {
    Ok(pattern_type(given)?.unwrap_or(Type::Dynamic))
}

fn regexall_type(given: &[Value]) -> Result<Type, Fault> {
    Ok(Type::List(Arc::new(pattern_type(given)?.unwrap_or(Type::Dynamic))))
}

fn regex(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let pattern = compile(text(given, 0)?).map_err(|error| error.fault(0))?;
    pattern.shape()?;
    let content = text(given, 1)?;
    match pattern.captures_at(content, 0) {
        Some(captures) => pattern.result(content, &captures),
        None => Err(Fault::new("the pattern matches no part of the string")
            .with_help("regexall gives an empty list where nothing matches")),
    }
}

fn regexall(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let pattern = compile(text(given, 0)?).map_err(|error| error.fault(0))?;
    let content = text(given, 1)?;
    let element = pattern.ty()?;
    let mut values = Vec::new();
    for captures in pattern.all(content) {
        values.push(pattern.result(content, &captures)?);
        results::within_elements(values.len())?;
    }
    results::list(element, values)
}
