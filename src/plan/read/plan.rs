//! Documents: a text holds one, or several one after the other.

use std::ops::Range;
use std::sync::Arc;

use arcstr::ArcStr;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::super::document::Parts;
use super::super::json::{Cursor, JsonError, JsonFault};
use super::super::mask::Mask;
use super::super::sides::piece;
use super::super::{ConfiguredVariable, FormatVersion, Plan, PlanFault, PlanKind, PlanVariable, Tie, build};
use super::member::Names;
use super::outline::{Outline, outline};
use super::{change, checks, member, state};
use crate::model::Mode;

/// One document of a text.
pub(in super::super) type Document = Result<Plan, PlanFault>;

/// Reads all documents of a text. Behind one that is no JSON nothing more is found.
pub(in super::super) fn documents(file: &ArcStr, text: &Arc<String>) -> Vec<Document> {
    let mut cursor = Cursor::new(text);
    let mut read = Vec::new();
    loop {
        if cursor.peek().is_none() {
            if read.is_empty() {
                read.push(Err(PlanFault::Empty));
            }
            return read;
        }
        if cursor.peek() != Some(b'{') && !read.is_empty() {
            let error = JsonError { at: cursor.place(), fault: JsonFault::Trailing };
            read.push(Err(PlanFault::NotJson(error)));
            return read;
        }
        let mut ahead = cursor.clone();
        match outline(&mut cursor) {
            Ok(found) => read.push(plan(file, text, &found)),
            Err(error) => {
                // What is JSON all the same has only another form, and the next document begins behind it.
                match ahead.skip() {
                    Ok(_) => {
                        read.push(Err(form(error)));
                        cursor = ahead;
                    }
                    Err(error) => {
                        read.push(Err(syntax(error)));
                        return read;
                    }
                }
            }
        }
    }
}

fn syntax(error: JsonError) -> PlanFault {
    if error.fault == JsonFault::End { PlanFault::Truncated(error) } else { PlanFault::NotJson(error) }
}

fn form(error: JsonError) -> PlanFault {
    match error.fault {
        JsonFault::Expected("an object") if error.at == 0 => PlanFault::NotAPlan("it is no object"),
        _ => PlanFault::Malformed(error),
    }
}

fn plan(file: &ArcStr, text: &Arc<String>, outline: &Outline) -> Document {
    let kind = kind(outline)?;
    let format_version = match outline.format_version {
        Some(Some(version)) if version.major <= FormatVersion::NEWEST.major => version,
        Some(Some(version)) => return Err(PlanFault::UnknownVersion(version)),
        Some(None) => return Err(PlanFault::NotAPlan("its `format_version` is no version")),
        None => return Err(PlanFault::NotAPlan("it has no `format_version`")),
    };
    read(file, text, outline, kind, format_version).map_err(PlanFault::Malformed)
}

fn kind(outline: &Outline) -> Result<PlanKind, PlanFault> {
    let plan = outline.changes.is_some()
        || outline.planned_values.is_some()
        || outline.configuration.is_some()
        || outline.drift.is_some()
        || outline.outputs.is_some()
        || outline.prior_state.is_some();
    let kind = if plan { PlanKind::Plan } else { PlanKind::State };
    match outline.other {
        _ if plan => Ok(kind),
        Some(what) => Err(PlanFault::NotAPlan(what)),
        None if outline.values.is_some() => Ok(kind),
        None if outline.format_version.is_some() => Err(PlanFault::NotAPlan(
            "it holds neither changes nor resources, as `show -json` writes of an empty state",
        )),
        None => Err(PlanFault::NotAPlan("it has no `format_version`")),
    }
}

fn read(
    file: &ArcStr,
    text: &Arc<String>,
    outline: &Outline,
    kind: PlanKind,
    format_version: FormatVersion,
) -> member::Result<Plan> {
    let values = outline.values.clone().unwrap_or_default();
    let (changes, outputs) = match kind {
        PlanKind::Plan => (
            all(outline.changes.as_deref(), text, change::resource)?,
            match &outline.outputs {
                Some(place) => change::outputs(text, place)?,
                None => Vec::new(),
            },
        ),
        PlanKind::State => (state::objects(text, &values, &|_| true)?, state::outputs(text, &values)?),
    };
    let place = |part: &Option<Range<u32>>| part.clone().unwrap_or_default();
    Ok(Plan {
        file: file.clone(),
        document: 0,
        tie: Tie::None,
        scope: file.clone(),
        root: None,
        directory: None,
        source: None,
        kind,
        format_version,
        terraform_version: outline.terraform_version.clone().flatten(),
        timestamp: outline.timestamp.clone().flatten(),
        errored: outline.errored.flatten().unwrap_or_default(),
        complete: outline.complete.flatten(),
        applyable: outline.applyable.flatten(),
        variables: match &outline.variables {
            Some(place) => variables(text, place, &outline.declared)?,
            None => Vec::new(),
        },
        changes,
        drift: all(outline.drift.as_deref(), text, change::resource)?,
        deferred: all(outline.deferred.as_deref(), text, change::deferred)?,
        outputs,
        checks: match &outline.checks {
            Some(place) => checks::checks(text, place)?,
            None => Vec::new(),
        },
        relevant_attributes: match &outline.relevant_attributes {
            Some(place) => checks::relevant(text, place)?,
            None => Vec::new(),
        },
        text: text.clone(),
        parts: Parts {
            configuration: place(&outline.configuration),
            prior_state: place(&outline.prior_state),
            ..Parts::default()
        },
    })
}

/// Reads entries in parallel; they keep their order.
fn all<T: Send>(
    places: Option<&[Range<u32>]>,
    text: &Arc<String>,
    read: impl Fn(&Arc<String>, &mut Names, &mut Cursor<'_>) -> member::Result<T> + Sync,
) -> member::Result<Vec<T>> {
    let one = |names: &mut Names, place: &Range<u32>| {
        read(text, names, &mut Cursor::at(text, place.start as usize))
    };
    let entries = places.unwrap_or_default().par_iter().with_min_len(256);
    // In two steps: each entry is written to its place at once, and the list is never there twice.
    let read: Vec<member::Result<T>> = entries.map_init(Names::default, one).collect();
    read.into_iter().collect()
}

/// The values of variables. A plan prints all in clear: what its configuration does not call harmless is sensitive.
fn variables(
    text: &Arc<String>,
    place: &Range<u32>,
    declared: &FxHashMap<ArcStr, ConfiguredVariable>,
) -> member::Result<Vec<PlanVariable>> {
    let mut variables = Vec::new();
    member::object(&mut Cursor::at(text, place.start as usize), |cursor, name| {
        let mut value = 0..0;
        member::object(cursor, |cursor, key| {
            let found = cursor.skip()?;
            if key == "value" {
                value = found;
            }
            Ok(())
        })?;
        let harmless = declared.get(name).is_some_and(|variable| !variable.sensitive);
        let mask = if harmless { Mask::Nothing } else { Mask::All };
        variables.push(PlanVariable { name: name.into(), value: build::known(piece(text, &value), &mask) });
        Ok(())
    })?;
    variables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(variables)
}

impl Plan {
    /// The data sources that were read while planning, each as it is: they have no change.
    #[must_use]
    pub fn read_data(&self) -> Vec<super::super::ResourceChange> {
        let mut values = 0..0;
        let mut cursor = Cursor::at(&self.text, self.parts.prior_state.start as usize);
        if !self.parts.prior_state.is_empty() {
            let _ = member::object(&mut cursor, |cursor, key| {
                let place = cursor.skip()?;
                if key == "values" {
                    values = place;
                }
                Ok(())
            });
        }
        if values.is_empty() {
            return Vec::new();
        }
        state::objects(&self.text, &values, &|mode| mode == Mode::Data).unwrap_or_default()
    }
}
