//! `values` of a state, `prior_state` of a plan: objects as they are.

use std::ops::Range;
use std::sync::Arc;

use arcstr::ArcStr;

use super::super::json::Cursor;
use super::super::sides::SideParts;
use super::super::{Action, OutputChange, ResourceChange, Sides};
use super::change::{instance_key, mode};
use super::member::{self, Names, Result, needed};
use crate::model::{Key, Mode};

/// Reads the objects of a state's `values` that `wanted` asks for, each as it is before and after nothing is done.
pub(in super::super) fn objects(
    text: &Arc<String>,
    place: &Range<u32>,
    wanted: &dyn Fn(Mode) -> bool,
) -> Result<Vec<ResourceChange>> {
    let (mut found, mut names) = (Vec::new(), Names::default());
    member::object(&mut Cursor::at(text, place.start as usize), |cursor, key| match key {
        "root_module" => module(text, &mut names, cursor, wanted, &mut found),
        _ => cursor.skip().map(|_| ()),
    })?;
    Ok(found)
}

fn module(
    text: &Arc<String>,
    names: &mut Names,
    cursor: &mut Cursor<'_>,
    wanted: &dyn Fn(Mode) -> bool,
    found: &mut Vec<ResourceChange>,
) -> Result<()> {
    // The address may stand behind the resources.
    let first = found.len();
    let mut own = Vec::new();
    let mut address = ArcStr::new();
    member::object(cursor, |cursor, key| match key {
        "address" => {
            address = member::text(cursor)?.unwrap_or_default();
            Ok(())
        }
        "resources" => member::array(cursor, |cursor| {
            let object = object(text, names, cursor)?;
            if wanted(object.mode) {
                own.push(object);
            }
            Ok(())
        }),
        "child_modules" => member::array(cursor, |cursor| module(text, names, cursor, wanted, found)),
        _ => cursor.skip().map(|_| ()),
    })?;
    own.iter_mut().for_each(|object| object.module = address.clone());
    found.splice(first..first, own);
    Ok(())
}

fn object(text: &Arc<String>, names: &mut Names, cursor: &mut Cursor<'_>) -> Result<ResourceChange> {
    let at = cursor.place();
    let (mut address, mut ty, mut name, mut provider, mut deposed) = (None, None, None, None, None);
    let (mut mode, mut key) = (Mode::Managed, Key::None);
    let (mut values, mut sensitive) = (0..0, 0..0);
    cursor.object(|cursor, member| {
        match member {
            "address" => address = member::text(cursor)?,
            "mode" => mode = self::mode(cursor)?,
            "type" => ty = names.text(cursor)?,
            "name" => name = names.text(cursor)?,
            "index" => key = instance_key(cursor)?,
            "provider_name" => provider = names.text(cursor)?,
            "deposed_key" => deposed = member::text(cursor)?,
            "values" => values = cursor.skip()?,
            "sensitive_values" => sensitive = cursor.skip()?,
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(ResourceChange {
        address: needed(address, "address", at)?,
        previous_address: None,
        module: ArcStr::new(),
        mode,
        ty: needed(ty, "type", at)?,
        name: needed(name, "name", at)?,
        key,
        provider: provider.unwrap_or_default(),
        deposed,
        action: Action::NoOp,
        action_reason: None,
        replace_paths: Vec::new(),
        importing: None,
        generated_config: None,
        sides: unchanged(text, values, sensitive),
    })
}

/// The same before and after.
fn unchanged(text: &Arc<String>, value: Range<u32>, sensitive: Range<u32>) -> Sides {
    let parts = SideParts {
        before: value.clone(),
        after: value,
        after_unknown: 0..0,
        before_sensitive: sensitive.clone(),
        after_sensitive: sensitive,
    };
    Sides { text: text.clone(), parts }
}

/// Reads the outputs of a state's `values`.
pub(super) fn outputs(text: &Arc<String>, place: &Range<u32>) -> Result<Vec<OutputChange>> {
    let mut outputs: Vec<OutputChange> = Vec::new();
    member::object(&mut Cursor::at(text, place.start as usize), |cursor, key| {
        if key != "outputs" {
            return cursor.skip().map(|_| ());
        }
        member::object(cursor, |cursor, name| {
            let (mut value, mut sensitive) = (0..0, 0..0);
            member::object(cursor, |cursor, key| {
                match key {
                    "value" => value = cursor.skip()?,
                    "sensitive" => sensitive = cursor.skip()?,
                    _ => {
                        cursor.skip()?;
                    }
                }
                Ok(())
            })?;
            let sides = unchanged(text, value, sensitive);
            outputs.push(OutputChange { name: name.into(), action: Action::NoOp, sides });
            Ok(())
        })
    })?;
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(outputs)
}
