//! `checks` and `relevant_attributes`.

use std::ops::Range;

use arcstr::ArcStr;

use super::super::json::Cursor;
use super::super::{Check, CheckInstance, CheckStatus, RelevantAttribute};
use super::member::{self, Result};

pub(super) fn checks(text: &str, place: &Range<u32>) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    member::array(&mut Cursor::at(text, place.start as usize), |cursor| {
        let mut check = Check {
            address: ArcStr::new(),
            kind: ArcStr::new(),
            status: CheckStatus::Unknown,
            instances: Vec::new(),
        };
        cursor.object(|cursor, key| {
            match key {
                "address" => (check.address, check.kind) = address(cursor)?,
                "status" => check.status = status(cursor)?,
                "instances" => member::array(cursor, |cursor| {
                    check.instances.push(instance(cursor)?);
                    Ok(())
                })?,
                _ => {
                    cursor.skip()?;
                }
            }
            Ok(())
        })?;
        checks.push(check);
        Ok(())
    })?;
    Ok(checks)
}

fn instance(cursor: &mut Cursor<'_>) -> Result<CheckInstance> {
    let mut instance =
        CheckInstance { address: ArcStr::new(), status: CheckStatus::Unknown, problems: Vec::new() };
    cursor.object(|cursor, key| {
        match key {
            "address" => instance.address = address(cursor)?.0,
            "status" => instance.status = status(cursor)?,
            "problems" => member::array(cursor, |cursor| {
                cursor.object(|cursor, key| {
                    if key == "message" {
                        instance.problems.extend(member::text(cursor)?);
                        return Ok(());
                    }
                    cursor.skip().map(|_| ())
                })
            })?,
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(instance)
}

/// How it is told, and what it is.
fn address(cursor: &mut Cursor<'_>) -> Result<(ArcStr, ArcStr)> {
    let (mut shown, mut kind) = (ArcStr::new(), ArcStr::new());
    member::object(cursor, |cursor, key| {
        match key {
            "to_display" => shown = member::text(cursor)?.unwrap_or_default(),
            "kind" => kind = member::text(cursor)?.unwrap_or_default(),
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok((shown, kind))
}

fn status(cursor: &mut Cursor<'_>) -> Result<CheckStatus> {
    Ok(member::text(cursor)?.map_or(CheckStatus::Unknown, |word| CheckStatus::of(&word)))
}

pub(super) fn relevant(text: &str, place: &Range<u32>) -> Result<Vec<RelevantAttribute>> {
    let mut attributes = Vec::new();
    member::array(&mut Cursor::at(text, place.start as usize), |cursor| {
        let mut attribute = RelevantAttribute { resource: ArcStr::new(), path: Vec::new() };
        cursor.object(|cursor, key| {
            match key {
                "resource" => attribute.resource = member::text(cursor)?.unwrap_or_default(),
                "attribute" => attribute.path = member::path(cursor)?,
                _ => {
                    cursor.skip()?;
                }
            }
            Ok(())
        })?;
        attributes.push(attribute);
        Ok(())
    })?;
    // The order differs from run to run.
    attributes.sort();
    attributes.dedup();
    Ok(attributes)
}
