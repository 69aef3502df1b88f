//! Values of every kind, for property tests.

use proptest::prelude::*;

use super::{Identity, Kind, Number, Type, Unknown, Value, unify};

fn key() -> impl Strategy<Value = String> + Clone {
    prop_oneof![Just("a".to_owned()), Just("b".to_owned()), Just("0".to_owned()), "[a-z]{1,3}"]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::null()),
        Just(Value::null_of(Type::String)),
        any::<bool>().prop_map(Value::bool),
        (-3i64..20).prop_map(Value::int),
        "-?[0-9]{1,30}(\\.[0-9]{1,20})?"
            .prop_map(|text| Number::parse(&text).map_or_else(Value::null, Value::number)),
        any::<f64>().prop_map(|value| Number::from_f64(value).map_or_else(Value::null, Value::number)),
        prop_oneof!["[a-c]{0,2}", "[0-9]{1,2}", Just("true".to_owned())].prop_map(Value::string),
        ty().prop_map(|ty| Value::unknown(Unknown {
            ty,
            ..Unknown::new(Identity::Derived(Vec::new().into()))
        })),
    ]
}

/// Types without optional attributes.
pub(crate) fn ty() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Dynamic), Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Type::tuple),
            prop::collection::vec((key(), inner), 0..3).prop_map(|attributes| Type::object(
                attributes.into_iter().map(|(name, ty)| (name.into(), ty))
            )),
        ]
    })
}

/// Values, marked and unknown ones among them.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    scalar()
        .prop_recursive(3, 24, 4, |inner| {
            let values = prop::collection::vec(inner.clone(), 0..4);
            let entries = prop::collection::vec((key(), inner), 0..4)
                .prop_map(|entries| {
                    entries.into_iter().map(|(key, value)| (key.into(), value)).collect::<Vec<_>>()
                })
                .boxed();
            prop_oneof![
                values.clone().prop_map(Value::tuple),
                values.clone().prop_map(|values| collection(values, Value::list)),
                values.prop_map(|values| collection(values, Value::set)),
                entries.clone().prop_map(Value::object),
                entries.prop_map(|entries| {
                    let (keys, values): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
                    collection(values, |element, values| {
                        Value::map(element, keys.into_iter().zip(values).collect())
                    })
                }),
            ]
        })
        .prop_flat_map(|value| (Just(value), prop::bool::weighted(0.1)))
        .prop_map(|(value, sensitive)| {
            let meta = value.meta().with_sensitive(sensitive || value.meta().sensitive());
            value.with_meta(meta)
        })
}

/// A collection of those values that convert to what they have in common.
fn collection(values: Vec<Value>, make: impl FnOnce(Type, Vec<Value>) -> Value) -> Value {
    let types: Vec<Type> = values.iter().map(Value::ty).collect();
    let Some(element) = unify(&types, true).filter(|ty| !ty.has_dynamic()) else {
        return Value::tuple(values);
    };
    match values.iter().map(|value| super::convert(value, &element)).collect::<Result<Vec<_>, _>>() {
        Ok(values) => make(element, values),
        Err(_) => Value::new(Kind::Bool(false)),
    }
}
