//! Functions of where a unit, its includes and the repository lie.

use std::borrow::Cow;

use super::super::ground::way;
use super::super::names::Names;
use super::super::trace::look_above;
use super::{at_most, text};
use crate::eval::functions::Fault;
use crate::source::{join, split};
use crate::value::Value;

/// The directory that path functions start from.
fn here<'n>(names: &'n Names<'_, '_, '_>) -> &'n str {
    names.evaluation.traces.mark();
    untraced(names)
}

/// The same, for who says on what of it the result hangs.
fn untraced<'n>(names: &'n Names<'_, '_, '_>) -> &'n str {
    names.config.functions_at.as_deref().unwrap_or(&names.evaluation.dir)
}

fn absolute(names: &Names<'_, '_, '_>, path: &str) -> Value {
    Value::text(&names.evaluation.run.ground.absolute(path))
}

pub(super) fn find_in_parent_folders(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    at_most(given, 2)?;
    let ground = &names.evaluation.run.ground;
    let directory = untraced(names);
    if names.config.functions_at.is_some() {
        names.evaluation.traces.mark();
    }
    let wanted = match text(given, 0) {
        Some(name) => vec![Cow::Borrowed(name)],
        None => vec![Cow::Borrowed("terragrunt.hcl.json"), Cow::Borrowed("terragrunt.hcl")],
    };
    let mut nearest: Option<arcstr::ArcStr> = None;
    for name in &wanted {
        let found = match name.strip_prefix('/') {
            // What is absolute lies where it lies.
            Some(_) => ground.resolve("", name).filter(|path| ground.kind(path).is_some()).map(Into::into),
            None => {
                let found = look_above(ground, directory, name);
                names.evaluation.traces.found(name, found.as_ref());
                names.evaluation.note_search(directory, name, found.as_ref());
                found
            }
        };
        if let Some(found) = found
            && nearest.as_ref().is_none_or(|known| split(&found).0.len() > split(known).0.len())
        {
            nearest = Some(found);
        }
    }
    if let Some(found) = nearest {
        return Ok(absolute(names, &found));
    }
    match given.get(1) {
        Some(fallback) => Ok(fallback.clone()),
        None => {
            let sought = wanted.last().map(|name| join("", name)).unwrap_or_default();
            Err(Fault::new("nothing of that name lies above the unit's directory")
                .showing(format!("{sought:?}")))
        }
    }
}

/// The directory of the include that a label means; `None` if there is none to speak of.
fn include_dir<'n>(names: &'n Names<'_, '_, '_>, given: &[Value]) -> Result<Option<Cow<'n, str>>, Fault> {
    at_most(given, 1)?;
    if let Some(included) = &names.config.included {
        return Ok(Some(Cow::Borrowed(included)));
    }
    let includes = &names.evaluation.includes;
    let include = match (includes.as_slice(), text(given, 0)) {
        ([], _) => return Ok(None),
        ([only], _) => only,
        (several, Some(label)) => {
            let named = several.iter().rev().find(|include| include.label == label);
            named.ok_or_else(|| Fault::at(0, "is the label of no include").showing(format!("{label:?}")))?
        }
        (_, None) => {
            let fault = Fault::new("the file has several includes, and no label says which is meant");
            return Err(fault.with_help("give the label of the include as the argument"));
        }
    };
    Ok(include.path.as_ref().map(|path| Cow::Borrowed(split(path).0)))
}

pub(super) fn relative_to_include(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let include = include_dir(names, given)?;
    Ok(match include {
        Some(include) => Value::text(&way(&include, here(names))),
        None => Value::text("."),
    })
}

pub(super) fn relative_from_include(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let include = include_dir(names, given)?;
    Ok(match include {
        Some(include) => Value::text(&way(here(names), &include)),
        None => Value::text("."),
    })
}

pub(super) fn parent_dir(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let include = include_dir(names, given)?;
    Ok(match include {
        Some(include) => absolute(names, &include),
        None => absolute(names, here(names)),
    })
}

pub(super) fn dir(names: &Names<'_, '_, '_>) -> Value {
    absolute(names, here(names))
}

pub(super) fn original_dir(names: &Names<'_, '_, '_>) -> Value {
    names.evaluation.traces.mark();
    if !names.evaluation.reading.is_empty() {
        names.evaluation.peculiar.set(true);
    }
    absolute(names, &names.evaluation.original)
}

/// Where commands are run: in a copy whose name nobody can tell, if the unit has a source.
pub(super) fn working_dir(names: &Names<'_, '_, '_>) -> Value {
    names.evaluation.traces.mark();
    let includes = names.evaluation.includes.iter().filter_map(|include| include.config.as_ref());
    let mut configs = std::iter::once(&names.evaluation.own).chain(includes).chain(&names.evaluation.auto);
    let has_source = configs.any(|config| {
        let tree = &config.document.tree;
        let mut blocks = tree.blocks_of(config.body, "terraform");
        blocks.any(|block| tree.attribute(block.body, "source").is_some())
    });
    if has_source { names.unknown("get_working_dir()") } else { dir(names) }
}

fn git_top(names: &Names<'_, '_, '_>) -> Result<arcstr::ArcStr, Fault> {
    let top = names.evaluation.run.ground.git_top(here(names));
    top.ok_or_else(|| Fault::new("the unit lies in no git repository"))
}

pub(super) fn repo_root(names: &Names<'_, '_, '_>) -> Result<Value, Fault> {
    Ok(absolute(names, &git_top(names)?))
}

pub(super) fn from_repo_root(names: &Names<'_, '_, '_>) -> Result<Value, Fault> {
    Ok(Value::text(&way(&git_top(names)?, here(names))))
}

pub(super) fn to_repo_root(names: &Names<'_, '_, '_>) -> Result<Value, Fault> {
    Ok(Value::text(&way(here(names), &git_top(names)?)))
}
