//! What holds for every function, whatever it is given.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::eval::{Failed, Log, World};
use crate::source::{FileId, Location, Span};
use crate::value::{Exact, Identity, Kind, Number, Refinement, Unknown, convert};

struct Nowhere;

impl World for Nowhere {
    fn base(&self) -> &Path {
        Path::new("/r")
    }

    fn read(&self, path: &Path) -> Result<Arc<[u8]>, String> {
        if path.ends_with("a") {
            Ok(Arc::from(b"${x}".as_slice()))
        } else {
            Err("there is no such file".into())
        }
    }

    fn is_file(&self, path: &Path) -> Result<bool, String> {
        Ok(path.ends_with("a"))
    }

    fn files_below(&self, _: &Path) -> Result<Vec<String>, String> {
        Ok(vec!["a".into(), "b/c".into()])
    }
}

impl Templates for Nowhere {
    fn render(&self, template: Template<'_>, _: &Value, _: &mut Log) -> Result<Value, Failed> {
        Ok(Value::string(template.text))
    }

    fn within(&self) -> Within {
        Within::Module
    }
}

fn run(name: &str, arguments: &[Value]) -> Result<Value, Vec<crate::eval::Problem>> {
    let location = Location { file: FileId(0), span: Span::at(0) };
    let mut log = Log::default();
    let mut call = Call {
        location,
        arguments: &[location],
        scope: ".".into(),
        by_reference: true,
        dialect: None,
        world: &Nowhere,
        templates: &Nowhere,
        log: &mut log,
    };
    let function = lookup(name).expect(name);
    super::call(function, arguments, &mut call).map_err(|Failed| log.problems)
}

const SECRET: &str = "s3cr3t";

/// Texts that some function makes more of than others.
fn text() -> impl Strategy<Value = String> + Clone {
    let picked = [
        "",
        "a",
        "-",
        "1",
        "2.5",
        "true",
        "10.0.0.0/8",
        "fd00::/48",
        "2024-02-29T12:00:00Z",
        "1h30m",
        "%s",
        "%5.2f",
        "[a-z]+",
        "(a)|(?P<b>c)",
        "/a*/",
        "a,b\n1,2",
        "{\"a\":[1]}",
        "- a\n- b: c",
        "YWJj",
        "UTF-16",
        "dns",
        "**",
        "~",
        "é\u{301}👍🏽",
        "YYYY",
    ];
    prop_oneof![
        8 => prop::sample::select(picked.to_vec()).prop_map(str::to_owned),
        1 => ".{0,8}",
        1 => Just(SECRET.to_owned()),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(|text| Value::string(results::normalised(&text))),
        2 => (-3..70_i64).prop_map(Value::int),
        1 => any::<i64>().prop_map(Value::int),
        1 => any::<f64>().prop_map(|float| Number::from_f64(float).map_or(Value::null(), Value::number)),
        1 => any::<bool>().prop_map(Value::bool),
        1 => Just(Value::null()),
        1 => Just(Value::null_of(Type::String)),
    ]
}

fn unknown_value() -> impl Strategy<Value = Value> {
    let types = [
        Type::Dynamic,
        Type::String,
        Type::Number,
        Type::Bool,
        Type::list(Type::String),
        Type::set(Type::Dynamic),
        Type::map(Type::Number),
        Type::tuple(vec![Type::String, Type::Dynamic]),
        Type::object([("a".into(), Type::String)]),
    ];
    let prefix = prop::option::of(text());
    (prop::sample::select(types.to_vec()), any::<bool>(), prefix, prop::option::of(0..3_u64)).prop_map(
        |(ty, not_null, prefix, length)| {
            let refinement = Refinement {
                not_null,
                prefix: prefix.filter(|_| ty == Type::String).map(Into::into),
                length: length.map(|least| (least, Some(least + 1))),
            };
            let identity = Identity::Exact(Arc::new(Exact::new(".", "aws_instance.web")));
            Value::unknown(Unknown { ty, identity, refinement })
        },
    )
}

fn structure(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    let tuple = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple);
    let entries = prop::collection::vec((text(), inner), 0..4);
    let object = (entries, any::<bool>()).prop_map(|(entries, open)| {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        let rest = Arc::new(Exact::new(".", "aws_vpc.main"));
        if open { Value::open_object(entries, rest) } else { Value::object(entries) }
    });
    prop_oneof![
        2 => tuple.clone(),
        2 => object.clone(),
        2 => tuple.clone().prop_map(|tuple| convert(&tuple, &Type::list(Type::Dynamic)).unwrap_or(tuple)),
        1 => tuple.prop_map(|tuple| convert(&tuple, &Type::set(Type::Dynamic)).unwrap_or(tuple)),
        1 => object.prop_map(|object| convert(&object, &Type::map(Type::Dynamic)).unwrap_or(object)),
    ]
}

/// Any value; where `marks` says so, with marks here and there.
fn value(marks: bool) -> impl Strategy<Value = Value> {
    let marked = move |(value, sensitive, ephemeral): (Value, u8, u8)| {
        let meta =
            value.meta().with_sensitive(marks && sensitive == 0).with_ephemeral(marks && ephemeral == 0);
        value.with_meta(meta)
    };
    let leaf = (prop_oneof![5 => scalar(), 1 => unknown_value()], 0..6_u8, 0..12_u8).prop_map(marked);
    leaf.prop_recursive(3, 16, 4, move |inner| (structure(inner), 0..8_u8, 0..16_u8).prop_map(marked))
}

fn names_and_arguments(marks: bool) -> impl Strategy<Value = (&'static str, Vec<Value>)> {
    let functions: Vec<&'static str> = names().into_iter().filter(|name| lookup(name).is_some()).collect();
    (prop::sample::select(functions), prop::collection::vec(value(marks), 0..5)).prop_map(
        |(name, mut arguments)| {
            // Most often the number of arguments fits.
            let function = lookup(name).expect(name);
            if function.variadic.is_none() && arguments.len() > function.parameters.len() {
                arguments.truncate(function.parameters.len());
            }
            (name, arguments)
        },
    )
}

fn contains_secret(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(SECRET))
        || value.children().any(contains_secret)
        || value.entries().unwrap_or_default().iter().any(|(key, _)| key.contains(SECRET))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_function_panics((name, arguments) in names_and_arguments(true)) {
        let _ = run(name, &arguments);
    }

    #[test]
    fn results_are_within_what_the_function_says((name, arguments) in names_and_arguments(false)) {
        let Ok(result) = run(name, &arguments) else { return Ok(()) };
        let function = lookup(name).expect(name);
        if !function.nullable && arguments.iter().all(Value::is_wholly_known) {
            prop_assert!(!result.is_null(), "{}({:?}) is null", name, arguments);
        }
        if let Returns::Always(wants) = function.returns
            && wants != Wants::Any
            && result.as_unknown().is_none()
        {
            prop_assert!(result.ty().conforms(&wants.ty()), "{}({:?}) is {:?}", name, arguments, result);
        }
        if let Kind::Unknown(unknown) = result.kind() {
            let impure = arguments.is_empty() || name == "bcrypt" || name.starts_with("file") || name == "pathexpand";
            let known = arguments.iter().all(|argument| argument.is_wholly_known() && !has_untyped_null(argument));
            prop_assert!(impure || !known, "{}({:?}) is unknown: {:?}", name, arguments, unknown);
        }
    }

    #[test]
    fn marks_stay_and_secrets_stay_secret((name, arguments) in names_and_arguments(false)) {
        let sensitive: Vec<Value> =
            arguments.iter().map(|value| value.clone().with_meta(value.meta().with_sensitive(true))).collect();
        match (run(name, &sensitive), run(name, &arguments)) {
            (Ok(result), _) if !arguments.is_empty() && !matches!(name, "nonsensitive" | "issensitive") => {
                prop_assert!(result.meta().sensitive(), "{}({:?}) lost the mark", name, arguments);
            }
            (Err(problems), _) if arguments.iter().any(contains_secret) => {
                let shown = problems.iter().any(|problem| problem.message.contains(SECRET));
                prop_assert!(!shown, "{} shows a secret: {:?}", name, problems);
            }
            _ => {}
        }
    }
}

fn has_untyped_null(value: &Value) -> bool {
    value.ty().has_dynamic()
}

#[test]
fn every_function_has_one_name_and_every_parameter_a_use() {
    let tables: Vec<&str> =
        FAMILIES.iter().flat_map(|family| family.iter()).map(|function| function.name).collect();
    let mut unique = tables.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), tables.len());
    assert!(names().len() >= 120, "{}", names().len());
}

#[test]
fn identity_is_kept_or_derived() {
    let exact = Arc::new(Exact::new(".", "aws_instance.web"));
    let id = Value::unknown(Unknown { ty: Type::String, ..Unknown::new(Identity::Exact(exact.clone())) });
    let identity = |name: &str, arguments: &[Value]| match run(name, arguments).unwrap().kind() {
        Kind::Unknown(unknown) => unknown.identity.clone(),
        other => panic!("{name} is known: {other:?}"),
    };
    let same = Identity::Exact(exact.clone());
    assert_eq!(identity("one", &[Value::tuple(vec![id.clone()])]), same);
    assert_eq!(identity("join", &[Value::string(","), Value::tuple(vec![id.clone()])]), same);
    assert_eq!(identity("sensitive", std::slice::from_ref(&id)), same);
    assert_eq!(identity("tostring", std::slice::from_ref(&id)), same);
    assert_eq!(identity("coalesce", &[Value::string(""), id.clone()]), same);
    assert_eq!(identity("element", &[Value::tuple(vec![id.clone()]), Value::int(3)]), same);
    assert_eq!(identity("upper", std::slice::from_ref(&id)), Identity::Derived(Arc::from([exact.clone()])));
    let clock = Arc::new(Exact::new(".", "timestamp()"));
    assert_eq!(identity("timestamp", &[]), Identity::Derived(Arc::from([clock])));
}

#[test]
fn what_is_known_of_the_unknown_decides() {
    let id = |prefix: &str| {
        let refinement = Refinement { not_null: true, prefix: Some(prefix.into()), length: None };
        let identity = Identity::Exact(Arc::new(Exact::new(".", "aws_instance.web")));
        Value::unknown(Unknown { ty: Type::String, identity, refinement })
    };
    assert_eq!(run("startswith", &[id("pre-"), Value::string("pre")]), Ok(Value::bool(true)));
    assert_eq!(run("startswith", &[id("pre-"), Value::string("x")]), Ok(Value::bool(false)));
    assert!(run("startswith", &[id("pre-"), Value::string("pre-x")]).unwrap().as_unknown().is_some());
    assert_eq!(run("length", &[Value::tuple(vec![id("a"), id("b")])]), Ok(Value::int(2)));
    assert_eq!(
        run("keys", &[Value::object(vec![("k".into(), id("a"))])]),
        Ok(Value::tuple(vec![Value::string("k")]))
    );
    let formatted = run("format", &[Value::string("web-%s"), id("")]).unwrap();
    assert_eq!(
        formatted.as_unknown().and_then(|unknown| unknown.refinement.prefix.clone()),
        Some("web-".into())
    );
}
