//! `configuration`: what refers to what.

use arcstr::ArcStr;

use super::super::bounds::KEPT_REFERENCES;
use super::super::json::Cursor;
use super::super::{
    Configuration, ConfiguredCall, ConfiguredModule, ConfiguredOutput, ConfiguredProvider,
    ConfiguredResource, ConfiguredVariable, Expressions,
};
use super::member::{self, Result};
use crate::value::name;

/// Reads the configuration that comes.
pub(in super::super) fn configuration(cursor: &mut Cursor<'_>) -> Result<Configuration> {
    let mut read = Configuration::default();
    member::object(cursor, |cursor, key| match key {
        "provider_config" => member::object(cursor, |cursor, key| {
            let provider = provider(cursor)?;
            read.providers.insert(key.into(), provider);
            Ok(())
        }),
        "root_module" => {
            read.root = module(cursor)?;
            Ok(())
        }
        _ => cursor.skip().map(|_| ()),
    })?;
    Ok(read)
}

fn provider(cursor: &mut Cursor<'_>) -> Result<ConfiguredProvider> {
    let mut read = ConfiguredProvider::default();
    member::object(cursor, |cursor, key| {
        match key {
            "name" => read.name = member::text(cursor)?.unwrap_or_default(),
            "full_name" => read.full_name = member::text(cursor)?,
            "alias" => read.alias = member::text(cursor)?,
            "module_address" => read.module = member::text(cursor)?,
            "version_constraint" => read.version_constraint = member::text(cursor)?,
            // Its expressions configure access: nothing of them is kept.
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(read)
}

fn module(cursor: &mut Cursor<'_>) -> Result<ConfiguredModule> {
    let mut read = ConfiguredModule::default();
    member::object(cursor, |cursor, key| match key {
        "resources" => member::array(cursor, |cursor| {
            let (address, resource) = resource(cursor)?;
            read.resources.insert(address, resource);
            Ok(())
        }),
        "module_calls" => member::object(cursor, |cursor, name| {
            let call = call(cursor)?;
            read.calls.insert(name.into(), call);
            Ok(())
        }),
        "outputs" => member::object(cursor, |cursor, name| {
            let output = output(cursor)?;
            read.outputs.insert(name.into(), output);
            Ok(())
        }),
        "variables" => member::object(cursor, |cursor, name| {
            let variable = variable(cursor)?;
            read.variables.insert(name.into(), variable);
            Ok(())
        }),
        _ => cursor.skip().map(|_| ()),
    })?;
    Ok(read)
}

fn resource(cursor: &mut Cursor<'_>) -> Result<(ArcStr, ConfiguredResource)> {
    let mut read = ConfiguredResource::default();
    let mut address = ArcStr::new();
    cursor.object(|cursor, key| {
        match key {
            "address" => address = member::text(cursor)?.unwrap_or_default(),
            "provider_config_key" => read.provider = member::text(cursor)?,
            "expressions" => read.expressions = expressions(cursor)?,
            "for_each_expression" => read.for_each = Some(references(cursor)?),
            "count_expression" => read.count = Some(references(cursor)?),
            "depends_on" => read.depends_on = member::texts(cursor)?,
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok((address, read))
}

fn call(cursor: &mut Cursor<'_>) -> Result<ConfiguredCall> {
    let mut read = ConfiguredCall::default();
    member::object(cursor, |cursor, key| {
        match key {
            "source" => read.source = member::text(cursor)?,
            "version_constraint" => read.version_constraint = member::text(cursor)?,
            "expressions" => read.expressions = expressions(cursor)?,
            "for_each_expression" => read.for_each = Some(references(cursor)?),
            "count_expression" => read.count = Some(references(cursor)?),
            "depends_on" => read.depends_on = member::texts(cursor)?,
            "module" => read.module = module(cursor)?,
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(read)
}

fn output(cursor: &mut Cursor<'_>) -> Result<ConfiguredOutput> {
    let mut read = ConfiguredOutput::default();
    member::object(cursor, |cursor, key| {
        match key {
            "expression" => read.expression = expressions(cursor)?,
            "sensitive" => read.sensitive = member::boolean(cursor)?.unwrap_or_default(),
            _ => {
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(read)
}

pub(super) fn variable(cursor: &mut Cursor<'_>) -> Result<ConfiguredVariable> {
    let mut read = ConfiguredVariable::default();
    member::object(cursor, |cursor, key| {
        match key {
            "sensitive" => read.sensitive = member::boolean(cursor)?.unwrap_or_default(),
            other => {
                read.has_default |= other == "default";
                cursor.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(read)
}

/// What an expression, or a body, or a list of bodies refers to. `{"references": [...]}` and `{"constant_value": ...}`
/// are expressions, every other object is a body. An argument may be called `references` too: its value is an object then.
fn expressions(cursor: &mut Cursor<'_>) -> Result<Expressions> {
    match cursor.peek() {
        Some(b'{') => {
            let mut found = None;
            let mut constant = false;
            let mut body = Vec::new();
            cursor.object(|cursor, key| {
                match (key, cursor.peek()) {
                    ("references", Some(b'[')) => found = Some(kept(cursor)?),
                    // A block's argument of that name would be an object with one of those two keys.
                    ("constant_value", _) => {
                        cursor.skip()?;
                        constant = true;
                    }
                    _ => {
                        let inner = expressions(cursor)?;
                        body.push((name(key), inner));
                    }
                }
                Ok(())
            })?;
            Ok(match found {
                Some(references) => Expressions::References(references),
                None if constant || body.is_empty() => Expressions::Constant,
                None => {
                    body.sort_by(|(a, _): &(ArcStr, _), (b, _)| a.cmp(b));
                    body.shrink_to_fit();
                    Expressions::Body(body)
                }
            })
        }
        Some(b'[') => {
            let mut blocks = Vec::new();
            cursor.array(|cursor| {
                blocks.push(expressions(cursor)?);
                Ok(())
            })?;
            Ok(Expressions::Blocks(blocks))
        }
        _ => cursor.skip().map(|_| Expressions::Constant),
    }
}

/// References, as many as are kept.
fn kept(cursor: &mut Cursor<'_>) -> Result<Vec<ArcStr>> {
    let mut references = Vec::new();
    cursor.array(|cursor| {
        let reference = cursor.string()?;
        if references.len() < KEPT_REFERENCES {
            references.push(name(&reference));
        }
        Ok(())
    })?;
    references.shrink_to_fit();
    Ok(references)
}

/// What one expression refers to.
fn references(cursor: &mut Cursor<'_>) -> Result<Vec<ArcStr>> {
    Ok(match expressions(cursor)? {
        Expressions::References(references) => references,
        _ => Vec::new(),
    })
}
