//! The outline of a document: everything checked, and where its parts stand.

use std::ops::Range;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::super::json::Cursor;
use super::super::{ConfiguredVariable, FormatVersion};
use super::configuration::variable;
use super::member::{self, Result, once};

/// What stands where in a document.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) format_version: Option<Option<FormatVersion>>,
    pub(super) terraform_version: Option<Option<ArcStr>>,
    pub(super) timestamp: Option<Option<ArcStr>>,
    pub(super) errored: Option<Option<bool>>,
    pub(super) complete: Option<Option<bool>>,
    pub(super) applyable: Option<Option<bool>>,
    pub(super) variables: Option<Range<u32>>,
    pub(super) changes: Option<Vec<Range<u32>>>,
    pub(super) drift: Option<Vec<Range<u32>>>,
    pub(super) deferred: Option<Vec<Range<u32>>>,
    pub(super) outputs: Option<Range<u32>>,
    pub(super) checks: Option<Range<u32>>,
    pub(super) relevant_attributes: Option<Range<u32>>,
    pub(super) configuration: Option<Range<u32>>,
    /// What the configuration says about the root module's variables.
    pub(super) declared: FxHashMap<ArcStr, ConfiguredVariable>,
    pub(super) prior_state: Option<Range<u32>>,
    pub(super) planned_values: Option<Range<u32>>,
    pub(super) values: Option<Range<u32>>,
    /// Something of another kind of document, which says what it is.
    pub(super) other: Option<&'static str>,
}

/// Reads the document that comes.
pub(super) fn outline(cursor: &mut Cursor<'_>) -> Result<Outline> {
    let mut read = Outline::default();
    cursor.object(|cursor, key| {
        let at = cursor.place();
        match key {
            // The second is what HCP Terraform hands out, with the schemas of providers beside it.
            "format_version" | "plan_format_version" => {
                once(&mut read.format_version, "format_version", at, version(cursor)?)
            }
            "terraform_version" => once(&mut read.terraform_version, "terraform_version", at, text(cursor)?),
            "timestamp" => once(&mut read.timestamp, "timestamp", at, text(cursor)?),
            "errored" => once(&mut read.errored, "errored", at, member::boolean(cursor)?),
            "complete" => once(&mut read.complete, "complete", at, member::boolean(cursor)?),
            "applyable" => once(&mut read.applyable, "applyable", at, member::boolean(cursor)?),
            "variables" => once(&mut read.variables, "variables", at, cursor.skip()?),
            "resource_changes" => once(&mut read.changes, "resource_changes", at, places(cursor)?),
            "resource_drift" => once(&mut read.drift, "resource_drift", at, places(cursor)?),
            "deferred_changes" => once(&mut read.deferred, "deferred_changes", at, places(cursor)?),
            "output_changes" => once(&mut read.outputs, "output_changes", at, cursor.skip()?),
            "checks" => once(&mut read.checks, "checks", at, cursor.skip()?),
            "relevant_attributes" => {
                once(&mut read.relevant_attributes, "relevant_attributes", at, cursor.skip()?)
            }
            "configuration" => {
                let place = configuration(cursor, &mut read.declared)?;
                once(&mut read.configuration, "configuration", at, place)
            }
            "prior_state" => once(&mut read.prior_state, "prior_state", at, cursor.skip()?),
            "planned_values" => once(&mut read.planned_values, "planned_values", at, cursor.skip()?),
            "values" => once(&mut read.values, "values", at, cursor.skip()?),
            other => {
                read.other = read.other.or(kind(other));
                cursor.skip().map(|_| ())
            }
        }
    })?;
    Ok(read)
}

/// What a document is that has a member of that name.
fn kind(member: &str) -> Option<&'static str> {
    Some(match member {
        "provider_schemas" => "it holds the schemas of providers",
        "function_signatures" => "it holds the signatures of functions",
        "diagnostics" => "it holds the result of a validation",
        "lineage" => "it is a state file itself; `terraform show -json` writes one that can be read",
        "@level" | "@message" => {
            "it is the log of a run with `-json`; `terraform show -json FILE` writes the plan"
        }
        _ => return None,
    })
}

/// A member that is no text, in a document of another kind, is none.
fn text(cursor: &mut Cursor<'_>) -> Result<Option<ArcStr>> {
    if cursor.peek() == Some(b'"') {
        return Ok(Some(ArcStr::from(&*cursor.string()?)));
    }
    cursor.skip().map(|_| None)
}

fn version(cursor: &mut Cursor<'_>) -> Result<Option<FormatVersion>> {
    Ok(text(cursor)?.and_then(|text| FormatVersion::parse(&text)))
}

fn places(cursor: &mut Cursor<'_>) -> Result<Vec<Range<u32>>> {
    if cursor.null()? { Ok(Vec::new()) } else { member::places(cursor) }
}

/// Passes the configuration, and looks at the root module's variables on the way.
fn configuration(
    cursor: &mut Cursor<'_>,
    declared: &mut FxHashMap<ArcStr, ConfiguredVariable>,
) -> Result<Range<u32>> {
    cursor.peek();
    let start = cursor.place();
    member::object(cursor, |cursor, key| {
        if key != "root_module" {
            return cursor.skip().map(|_| ());
        }
        member::object(cursor, |cursor, key| {
            if key != "variables" {
                return cursor.skip().map(|_| ());
            }
            member::object(cursor, |cursor, name| {
                let found = variable(cursor)?;
                declared.insert(name.into(), found);
                Ok(())
            })
        })
    })?;
    Ok(start as u32..cursor.place() as u32)
}
