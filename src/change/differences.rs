use std::fmt::Write as _;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::syntax::is_identifier;
use crate::value::{Exact, Identity, Kind, Value};

/// How many differences of one thing are told apart.
const MOST: usize = 100;

/// Where units lie that lay elsewhere: what is not known of them is the same unknown still.
#[derive(Debug, Default)]
pub(super) struct Places<'m> {
    moved: FxHashMap<&'m str, &'m str>,
}

impl<'m> Places<'m> {
    pub(super) fn new(moved: FxHashMap<&'m str, &'m str>) -> Self {
        Self { moved }
    }

    /// The paths within a value at which it is another.
    pub(super) fn differences(&self, base: &Value, head: &Value) -> Vec<String> {
        let mut search = Search { places: self, path: String::new(), found: Vec::new() };
        search.values(base, head);
        search.found
    }

    fn is_same(&self, base: &Exact, head: &Exact) -> bool {
        let scope = self.moved.get(base.scope.as_str()).copied().unwrap_or(&base.scope);
        scope == head.scope && base.address == head.address && base.path == head.path
    }

    fn is_same_unknown(&self, base: &Identity, head: &Identity) -> bool {
        match (base, head) {
            (Identity::Exact(base), Identity::Exact(head)) => self.is_same(base, head),
            (Identity::Derived(base), Identity::Derived(head)) => {
                base.len() == head.len()
                    && base.iter().all(|base| head.iter().any(|head| self.is_same(base, head)))
            }
            _ => false,
        }
    }
}

struct Search<'s> {
    places: &'s Places<'s>,
    path: String,
    found: Vec<String>,
}

impl Search<'_> {
    fn values(&mut self, base: &Value, head: &Value) {
        let same = match (base.kind(), head.kind()) {
            (Kind::Object(_) | Kind::Map(_), Kind::Object(_) | Kind::Map(_)) => {
                let (base, head) = (base.entries().unwrap_or_default(), head.entries().unwrap_or_default());
                return self.entries(base, head);
            }
            (Kind::List(_) | Kind::Tuple(_), Kind::List(_) | Kind::Tuple(_)) => {
                let (base, head) = (base.elements().unwrap_or_default(), head.elements().unwrap_or_default());
                if base.len() == head.len() {
                    for (index, (base, head)) in base.iter().zip(head).enumerate() {
                        let step = |path: &mut String| path.push_str(&format!("[{index}]"));
                        self.within(step, |search| search.values(base, head));
                    }
                    return;
                }
                false
            }
            // The order of a set says nothing, and what of it is another cannot be named.
            (Kind::Set(base), Kind::Set(head)) => {
                let holds = |values: &[Value], wanted: &Value| {
                    values.iter().any(|value| self.places.differences(wanted, value).is_empty())
                };
                base.values == head.values
                    // Only where something has moved can they differ and be the same.
                    || !self.places.moved.is_empty()
                        && base.values.len() == head.values.len()
                        && base.values.len() <= MOST
                        && base.values.iter().all(|value| holds(&head.values, value))
            }
            (Kind::Unknown(base), Kind::Unknown(head)) => {
                self.places.is_same_unknown(&base.identity, &head.identity)
            }
            // What a null would be if it were something, does not matter.
            (Kind::Null(_), Kind::Null(_)) => true,
            (base, head) => base == head,
        };
        if !same {
            self.tell();
        }
    }

    /// Both are sorted by name. What is null is as good as not there.
    fn entries(&mut self, base: &[(ArcStr, Value)], head: &[(ArcStr, Value)]) {
        let (mut base, mut head) = (base.iter().peekable(), head.iter().peekable());
        loop {
            let (name, one, other) = match (base.peek(), head.peek()) {
                (None, None) => return,
                (Some(one), Some(other)) if one.0 == other.0 => {
                    let (one, other) = (*one, *other);
                    base.next();
                    head.next();
                    (&one.0, Some(&one.1), Some(&other.1))
                }
                (Some(one), other) if other.is_none_or(|other| one.0 < other.0) => {
                    let one = *one;
                    base.next();
                    (&one.0, Some(&one.1), None)
                }
                (_, Some(other)) => {
                    let other = *other;
                    head.next();
                    (&other.0, None, Some(&other.1))
                }
                (Some(_), None) => return,
            };
            self.within(
                |path| step(path, name),
                |search| match (one, other) {
                    (Some(one), Some(other)) => search.values(one, other),
                    (Some(alone), None) | (None, Some(alone)) if !alone.is_null() => search.tell(),
                    _ => {}
                },
            );
        }
    }

    fn within(&mut self, step: impl FnOnce(&mut String), look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        step(&mut self.path);
        look(self);
        self.path.truncate(length);
    }

    fn tell(&mut self) {
        if self.found.len() < MOST {
            self.found.push(self.path.clone());
        }
    }
}

/// Writes the step to an attribute or key behind a path.
fn step(path: &mut String, name: &str) {
    if is_identifier(name) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    } else {
        // Writing to a text never fails.
        let _ = write!(path, "[{name:?}]");
    }
}
