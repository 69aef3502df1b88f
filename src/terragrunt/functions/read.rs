//! Functions that read files.

use super::super::names::Names;
use super::super::read::Unread;
use super::{at_most, text};
use crate::eval::Failed;
use crate::eval::functions::{Call, Fault};
use crate::model::Read;
use crate::value::{Type, Value};

/// The directory that paths are relative to: the unit's, also in what it includes.
fn here<'n>(names: &'n Names<'_, '_, '_>, path: &str) -> &'n str {
    // What is absolute is the same from everywhere.
    if !path.starts_with('/') {
        names.evaluation.traces.mark();
    }
    names.config.functions_at.as_deref().unwrap_or(&names.evaluation.dir)
}

pub(super) fn config(
    names: &Names<'_, '_, '_>,
    given: &[Value],
    call: &mut Call<'_>,
) -> Result<Value, Fault> {
    at_most(given, 2)?;
    let path = text(given, 0).unwrap_or_default();
    match names.evaluation.read_config(here(names, path), path) {
        Ok(file) if file.problems.iter().all(|problem| problem.absent) => {
            names.evaluation.report(file.problems.iter().cloned());
            Ok(file.value.clone())
        }
        Ok(file) => {
            for problem in &file.problems {
                let _ = call.log.report(problem.clone());
            }
            Err(Fault::at(0, "names a file that has mistakes of its own").showing(format!("{path:?}")))
        }
        Err(Unread::Absent) => match given.get(1) {
            Some(default) if !default.is_null() => Ok(default.clone()),
            Some(_) => Err(Fault::at(1, "must not be null")),
            None => Err(Fault::at(0, "names a file that is not there").showing(format!("{path:?}"))),
        },
        Err(Unread::Because(why)) => Err(Fault::at(0, "cannot be read").showing(format!("{path:?} {why}"))),
        Err(Unread::Told) => Err(Failed.into()),
    }
}

pub(super) fn variables(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let path = text(given, 0).unwrap_or_default();
    let read = names.evaluation.read_variables(here(names, path), path);
    let value = read.map_err(|why| Fault::at(0, "cannot be read").showing(format!("{path:?} {why}")))?;
    if value.as_str().is_some() {
        return Ok(value);
    }
    match value.to_json() {
        Some(json) => Ok(Value::text(&json)),
        None => Ok(Value::unknown_of(Type::String, Value::derived([&value]))),
    }
}

pub(super) fn mark(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let path = text(given, 0).unwrap_or_default();
    if let Some(path) = names.evaluation.run.ground.resolve(here(names, path), path) {
        names.evaluation.note(Read::File(path.into()));
    }
    Ok(given.first().cloned().unwrap_or_else(Value::null))
}

/// Which files a pattern stands for hangs on the rules of another program's globs; what was read matters to nobody here.
pub(super) fn mark_glob(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let pattern = text(given, 0).unwrap_or_default();
    let Some(pattern) = names.evaluation.run.ground.resolve(here(names, pattern), pattern) else {
        return Err(Fault::at(0, "leads out of the repository"));
    };
    // Up to the first character that is special, the path is known.
    let special = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    let fixed = pattern.get(..special).unwrap_or_default();
    let directory = fixed.rfind('/').and_then(|at| fixed.get(..at)).unwrap_or_default();
    // A `**/` stands for one directory or more.
    let strict = pattern.replace("**/", "*/**/");
    let glob = globset::GlobBuilder::new(&strict).literal_separator(true).build();
    let glob = glob.map_err(|_| Fault::at(0, "is no valid glob"))?.compile_matcher();
    let ground = &names.evaluation.run.ground;
    let base = std::path::PathBuf::from(ground.absolute(directory));
    let below = crate::eval::World::files_below(names, &base)
        .map_err(|why| Fault::at(0, "cannot be listed").showing(why))?;
    let mut found: Vec<String> = below
        .iter()
        .map(|file| crate::source::join(directory, file))
        .filter(|file| glob.is_match(file))
        .collect();
    found.sort();
    let values = found.into_iter().map(|file| {
        let value = Value::text(&ground.absolute(&file));
        names.evaluation.note(Read::File(file.into()));
        value
    });
    Ok(Value::list(Type::String, values.collect()))
}
