//! Values as `show` and `eval` print them: nothing secret, and every unknown with its identity.

use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::value::RawValue;

use crate::value::{Exact, Identity, Kind, Number, Value};

/// A value as JSON, as a root sees it.
///
/// An unknown is `{"$unknown": identity}`, a sensitive value `{"$sensitive": true}`, a recognised secret
/// `{"$redacted": rule}`; a key of data that begins with `$` has one more of them.
pub(super) struct Shown<'a> {
    pub(super) value: &'a Value,
    /// The directory in which identities print without a prefix.
    pub(super) scope: &'a str,
    /// Which rule recognises a value as a secret.
    pub(super) secret: &'a dyn Fn(&Value) -> Option<&'static str>,
}

impl<'a> Shown<'a> {
    fn of<'b>(&'b self, value: &'b Value) -> Shown<'b>
    where
        'a: 'b,
    {
        Shown { value, scope: self.scope, secret: self.secret }
    }

    fn sequence<S: Serializer>(&self, values: &[Value], serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(values.len()))?;
        for value in values {
            sequence.serialize_element(&self.of(value))?;
        }
        sequence.end()
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.value.meta().sensitive() {
            return one(serializer, "$sensitive", &true);
        }
        if let Some(rule) = (self.secret)(self.value) {
            return one(serializer, "$redacted", rule);
        }
        match self.value.kind() {
            Kind::Null(_) => serializer.serialize_none(),
            Kind::Unknown(unknown) => identity(serializer, &unknown.identity, self.scope),
            Kind::Bool(value) => serializer.serialize_bool(*value),
            Kind::Number(number) => serialize_number(serializer, number),
            Kind::String(text) => serializer.serialize_str(text),
            Kind::List(sequence) | Kind::Set(sequence) => self.sequence(&sequence.values, serializer),
            Kind::Tuple(values) => self.sequence(values, serializer),
            Kind::Map(_) | Kind::Object(_) => {
                let entries = self.value.entries().unwrap_or_default();
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&doubled(key), &self.of(value))?;
                }
                map.end()
            }
        }
    }
}

/// A key of data: those that begin with `$` are ours, so a tree's own get one more.
fn doubled(key: &str) -> String {
    if key.starts_with('$') { format!("${key}") } else { key.to_owned() }
}

fn one<S: Serializer>(
    serializer: S,
    key: &str,
    value: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

fn identity<S: Serializer>(serializer: S, identity: &Identity, scope: &str) -> Result<S::Ok, S::Error> {
    match identity {
        Identity::Exact(exact) => one(serializer, "$unknown", &exact.display_in(scope)),
        Identity::Derived(exacts) => {
            let mut from: Vec<String> =
                exacts.iter().map(|exact: &std::sync::Arc<Exact>| exact.display_in(scope)).collect();
            from.sort();
            let mut map = serializer.serialize_map(Some(2))?;
            map.serialize_entry("$unknown", "derived")?;
            map.serialize_entry("from", &from)?;
            map.end()
        }
    }
}

/// In full: a number of the language has more digits than a float of 64 bits.
fn serialize_number<S: Serializer>(serializer: S, number: &Number) -> Result<S::Ok, S::Error> {
    let text = number.to_string();
    if number.is_infinite() {
        return one(serializer, "$number", &text);
    }
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
}

/// A value on one line, for people.
pub(super) fn line(shown: &Shown<'_>) -> String {
    serde_json::to_string(shown).unwrap_or_default()
}
