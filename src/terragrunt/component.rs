//! Units and stacks that a stack generates: what they may be called, where they may lie, what they are copies of.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::config::Config;
use super::evaluation::Evaluation;
use super::stack::Outer;
use crate::eval::Problem;
use crate::model::Read;
use crate::source::{EntryKind, Location, join};
use crate::syntax::BodyId;
use crate::value::{Kind, Type, Value, convert};

/// A component as it is written.
#[derive(Clone)]
pub(super) struct Written<'c> {
    pub(super) config: &'c Config,
    pub(super) body: BodyId,
    pub(super) header: Location,
    pub(super) is_unit: bool,
    pub(super) name: ArcStr,
    /// What `each` or `count` is.
    pub(super) outer: Outer,
}

impl Written<'_> {
    const fn word(&self) -> &'static str {
        if self.is_unit { "unit" } else { "stack" }
    }
}

/// Names are unique among units, and among stacks.
pub(super) fn judge_names(written: &[Written<'_>], evaluation: &Evaluation<'_, '_>) {
    let mut known: FxHashMap<(bool, &ArcStr), &Written<'_>> = FxHashMap::default();
    for one in written {
        let first = *known.entry((one.is_unit, &one.name)).or_insert(one);
        if !std::ptr::eq(first, one) {
            let problem =
                Problem::new(one.header, format!("{} `{}` is declared twice", one.word(), one.name))
                    .with_label(first.header, "first declared here");
            evaluation.report([problem]);
        }
    }
}

/// No two components are generated in one place.
pub(super) fn judge_places(placed: &[(Written<'_>, ArcStr, ArcStr)], evaluation: &Evaluation<'_, '_>) {
    let mut known: FxHashMap<&ArcStr, &Written<'_>> = FxHashMap::default();
    for (one, path, dir) in placed {
        let first = *known.entry(dir).or_insert(one);
        if !std::ptr::eq(first, one) {
            let problem = Problem::new(one.header, format!("two components are generated at `{path}`"))
                .with_label(first.header, "the other is declared here");
            evaluation.report([problem]);
        }
    }
}

impl<'m> Evaluation<'_, 'm> {
    /// A text that a component says.
    pub(super) fn component_text(
        &self,
        written: &Written<'_>,
        name: &str,
        outer: &[(&'static str, Value)],
    ) -> Option<ArcStr> {
        let tree = &written.config.document.tree;
        let attribute = tree.attribute(written.body, name)?;
        let before = self.problems.borrow().len();
        let value = self.value_with(written, attribute.value, outer);
        let place = written.config.document.at(tree.span(attribute.value));
        let Some(value) = value else {
            // What went wrong may stand elsewhere: in a local that was told of before.
            let problems = self.problems.borrow();
            let here = problems.iter().skip(before).filter_map(|problem| problem.location);
            let told = here.into_iter().any(|at| at.file == place.file && place.span.contains(at.span));
            drop(problems);
            if !told {
                self.wrong(place, format!("`{name}` hangs on what could not be evaluated"));
            }
            return None;
        };
        match convert(&value, &Type::String) {
            Ok(value) => value.as_str().map(ArcStr::from),
            Err(error) => {
                self.wrong(place, format!("`{name}`: {error}"));
                None
            }
        }
    }

    /// Where a component is generated: as it is written, and relative to the repository.
    pub(super) fn place<'c>(&self, written: Written<'c>) -> Option<(Written<'c>, ArcStr, ArcStr)> {
        let path = self.component_text(&written, "path", &[])?;
        let tree = &written.config.document.tree;
        let at = tree
            .attribute(written.body, "path")
            .map_or(written.header, |attribute| written.config.document.at(tree.span(attribute.value)));
        let bare = tree.attribute(written.body, "no_dot_terragrunt_stack");
        let bare = bare.and_then(|bare| self.value_with(&written, bare.value, &[]));
        let bare = bare.and_then(|bare| bare.as_bool()) == Some(true);
        let base = if bare { self.dir.to_string() } else { join(&self.dir, super::STACK_DIRECTORY) };
        let wrong = |message: String| {
            self.wrong(at, message);
            None
        };
        if path.is_empty() {
            return wrong("the path is empty".to_owned());
        }
        if path.starts_with('/') {
            return wrong(format!("the path {path:?} must be relative"));
        }
        let inside = crate::source::resolve("", &path);
        let Some(dir) = inside.filter(|inside| !inside.is_empty()).map(|inside| join(&base, &inside)) else {
            return wrong(format!("the path {path:?} leads out of the stack's own directory"));
        };
        let path = ArcStr::from(path.trim_end_matches('/'));
        Some((written, path, dir.into()))
    }

    /// The directory that a component is a copy of; `None` if it does not lie in the repository.
    pub(super) fn component_source(&self, written: &Written<'_>, text: &str) -> Option<ArcStr> {
        let tree = &written.config.document.tree;
        let at = tree
            .attribute(written.body, "source")
            .map_or(written.header, |attribute| written.config.document.at(tree.span(attribute.value)));
        let looks_local = text.starts_with(['.', '/']);
        // A query names a version, and only what is not a path has one.
        if !looks_local && (text.contains("::") || text.contains("://") || text.contains('?')) {
            return None;
        }
        let path = text.replace("//", "/");
        let directory = self.run.ground.resolve(&self.dir, &path);
        let is_there = |path: &String| {
            let found = self.run.ground.kind(path) == Some(EntryKind::Directory);
            if !found {
                self.note(Read::Absent(path.as_str().into()));
            }
            found
        };
        let Some(directory) = directory.filter(is_there) else {
            if looks_local {
                self.wrong(at, format!("there is no directory {text:?} to copy"));
            }
            return None;
        };
        let name = if written.is_unit { super::UNIT_NAME } else { super::STACK_NAME };
        let is_set = |name: &str| {
            let attribute = tree.attribute(written.body, name);
            let value = attribute.and_then(|attribute| self.value_with(written, attribute.value, &[]));
            value.and_then(|value| value.as_bool()) == Some(true)
        };
        let unchecked = is_set("no_validation") || is_set("no_dot_terragrunt_stack");
        if !unchecked && !self.run.ground.is_file(&join(&directory, name)) {
            self.note(Read::Absent(join(&directory, name).into()));
            self.wrong(at, format!("{text:?} holds no `{name}`"));
            return None;
        }
        Some(self.run.ground.real(&directory))
    }

    /// The values of a component, as they are when they are read back.
    pub(super) fn component_values(&self, value: &Value, place: Location) -> Option<Value> {
        match value.kind() {
            Kind::Null(_) => None,
            Kind::Unknown(_) | Kind::Map(_) | Kind::Object(_) => Some(plain(value)),
            _ => {
                self.wrong(place, "`values` must be an object");
                None
            }
        }
    }
}

/// The value without types that a text cannot keep: sets and lists are tuples, maps are objects.
fn plain(value: &Value) -> Value {
    let meta = value.meta();
    match value.kind() {
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
            let elements = value.elements().unwrap_or_default();
            Value::tuple(elements.iter().map(plain).collect()).with_meta(meta)
        }
        Kind::Map(_) | Kind::Object(_) => {
            let entries = value.entries().unwrap_or_default();
            let entries = entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
            Value::object(entries).with_meta(meta)
        }
        Kind::Null(_) => Value::null().with_meta(meta),
        _ => value.clone(),
    }
}
