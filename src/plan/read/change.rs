//! One entry of `resource_changes`, `resource_drift`, `deferred_changes`, `output_changes`.

use std::ops::Range;
use std::sync::Arc;

use arcstr::ArcStr;

use super::super::json::{Cursor, JsonError, JsonFault};
use super::super::sides::SideParts;
use super::super::{Action, Deferred, Importing, OutputChange, ResourceChange, Sides};
use super::member::{self, Names, Result, needed, once};
use crate::model::{Key, Mode};
use crate::value::Step;

/// What a `change` says.
#[derive(Default)]
struct Change {
    action: Option<Action>,
    sides: SideParts,
    replace_paths: Vec<Vec<Step>>,
    importing: Option<Importing>,
    generated_config: Option<ArcStr>,
}

/// Reads the entry that comes.
pub(super) fn resource(
    text: &Arc<String>,
    names: &mut Names,
    cursor: &mut Cursor<'_>,
) -> Result<ResourceChange> {
    let at = cursor.place();
    let (mut address, mut previous, mut module) = (None, None, None);
    let (mut mode, mut ty, mut name, mut index) = (None, None, None, None);
    let (mut provider, mut deposed, mut reason, mut change) = (None, None, None, None);
    let mut index_unknown = false;
    cursor.object(|cursor, key| {
        let at = cursor.place();
        match key {
            "address" => once(&mut address, "address", at, member::text(cursor)?),
            "previous_address" => once(&mut previous, "previous_address", at, member::text(cursor)?),
            "module_address" => once(&mut module, "module_address", at, names.text(cursor)?),
            "mode" => once(&mut mode, "mode", at, self::mode(cursor)?),
            "type" => once(&mut ty, "type", at, names.text(cursor)?),
            "name" => once(&mut name, "name", at, names.text(cursor)?),
            "index" => once(&mut index, "index", at, instance_key(cursor)?),
            "index_unknown" => {
                index_unknown = member::boolean(cursor)?.unwrap_or_default();
                Ok(())
            }
            "provider_name" => once(&mut provider, "provider_name", at, names.text(cursor)?),
            "deposed" => once(&mut deposed, "deposed", at, member::text(cursor)?),
            "action_reason" => once(&mut reason, "action_reason", at, names.text(cursor)?),
            "change" => once(&mut change, "change", at, self::change(cursor)?),
            _ => cursor.skip().map(|_| ()),
        }
    })?;
    let change = needed(change, "change", at)?;
    let (module, mode) = (module.flatten().unwrap_or_default(), mode.unwrap_or(Mode::Managed));
    let (ty, name) = (needed(ty.flatten(), "type", at)?, needed(name.flatten(), "name", at)?);
    let key = if index_unknown { Key::Any } else { index.unwrap_or(Key::None) };
    // Terraform 1.0 leaves it out of `resource_drift`.
    let made = || {
        let dot = if module.is_empty() { "" } else { "." };
        format!("{module}{dot}{}{ty}.{name}{key}", mode.prefix()).into()
    };
    Ok(ResourceChange {
        address: address.flatten().unwrap_or_else(made),
        previous_address: previous.flatten(),
        module,
        mode,
        ty,
        name,
        key,
        provider: provider.flatten().unwrap_or_default(),
        deposed: deposed.flatten(),
        action: needed(change.action, "actions", at)?,
        action_reason: reason.flatten(),
        replace_paths: change.replace_paths,
        importing: change.importing,
        generated_config: change.generated_config,
        sides: Sides { text: text.clone(), parts: change.sides },
    })
}

fn change(cursor: &mut Cursor<'_>) -> Result<Change> {
    let mut read = Change::default();
    let (mut before, mut after, mut after_unknown) = (None, None, None);
    let (mut before_sensitive, mut after_sensitive) = (None, None);
    cursor.object(|cursor, key| {
        let at = cursor.place();
        match key {
            "actions" => once(&mut read.action, "actions", at, actions(cursor)?),
            "before" => once(&mut before, "before", at, cursor.skip()?),
            "after" => once(&mut after, "after", at, cursor.skip()?),
            "after_unknown" => once(&mut after_unknown, "after_unknown", at, cursor.skip()?),
            "before_sensitive" => once(&mut before_sensitive, "before_sensitive", at, cursor.skip()?),
            "after_sensitive" => once(&mut after_sensitive, "after_sensitive", at, cursor.skip()?),
            "replace_paths" => {
                member::array(cursor, |cursor| {
                    read.replace_paths.push(member::path(cursor)?);
                    Ok(())
                })?;
                // The order differs from run to run.
                read.replace_paths.sort();
                read.replace_paths.dedup();
                Ok(())
            }
            "importing" => {
                read.importing = importing(cursor)?;
                Ok(())
            }
            "generated_config" => {
                read.generated_config = member::text(cursor)?;
                Ok(())
            }
            _ => cursor.skip().map(|_| ()),
        }
    })?;
    read.sides = SideParts {
        before: before.unwrap_or_default(),
        after: after.unwrap_or_default(),
        after_unknown: after_unknown.unwrap_or_default(),
        before_sensitive: before_sensitive.unwrap_or_default(),
        after_sensitive: after_sensitive.unwrap_or_default(),
    };
    Ok(read)
}

fn actions(cursor: &mut Cursor<'_>) -> Result<Action> {
    let words = member::texts(cursor)?;
    let words: Vec<&str> = words.iter().map(ArcStr::as_str).collect();
    Ok(Action::of(&words))
}

fn importing(cursor: &mut Cursor<'_>) -> Result<Option<Importing>> {
    if cursor.null()? {
        return Ok(None);
    }
    let mut importing = Importing { id: None, unknown: false };
    cursor.object(|cursor, key| {
        match key {
            "id" => importing.id = member::text(cursor)?,
            "unknown" => importing.unknown = member::boolean(cursor)?.unwrap_or_default(),
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(Some(importing))
}

pub(super) fn mode(cursor: &mut Cursor<'_>) -> Result<Mode> {
    let at = cursor.place();
    match &*cursor.string()? {
        "managed" => Ok(Mode::Managed),
        "data" => Ok(Mode::Data),
        "ephemeral" => Ok(Mode::Ephemeral),
        _ => Err(JsonError { at, fault: JsonFault::Expected("`managed`, `data` or `ephemeral`") }),
    }
}

/// The key of an instance.
pub(super) fn instance_key(cursor: &mut Cursor<'_>) -> Result<Key> {
    match cursor.peek() {
        Some(b'"') => Ok(Key::Each(ArcStr::from(&*cursor.string()?))),
        Some(b'n') => cursor.null().map(|_| Key::None),
        _ => {
            let text = cursor.number()?;
            Ok(text.parse().map_or_else(|_| Key::Each(text.into()), Key::Count))
        }
    }
}

/// Reads an entry of `deferred_changes`.
pub(super) fn deferred(text: &Arc<String>, names: &mut Names, cursor: &mut Cursor<'_>) -> Result<Deferred> {
    let at = cursor.place();
    let (mut reason, mut change) = (None, None);
    cursor.object(|cursor, key| {
        let at = cursor.place();
        match key {
            "reason" => once(&mut reason, "reason", at, member::text(cursor)?),
            "resource_change" => once(&mut change, "resource_change", at, resource(text, names, cursor)?),
            _ => cursor.skip().map(|_| ()),
        }
    })?;
    Ok(Deferred {
        reason: reason.flatten().unwrap_or_default(),
        change: needed(change, "resource_change", at)?,
    })
}

/// Reads `output_changes`.
pub(super) fn outputs(text: &Arc<String>, place: &Range<u32>) -> Result<Vec<OutputChange>> {
    let mut outputs: Vec<OutputChange> = Vec::new();
    member::object(&mut Cursor::at(text, place.start as usize), |cursor, name| {
        let at = cursor.place();
        let change = change(cursor)?;
        let action = needed(change.action, "actions", at)?;
        let sides = Sides { text: text.clone(), parts: change.sides };
        outputs.push(OutputChange { name: name.into(), action, sides });
        Ok(())
    })?;
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(outputs)
}
