//! Functions that read files.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Wants::{Bool, Set, String as Text};
use super::arguments::{quoted, text};
use super::paths::{join, relative, resolve};
use super::time::not_before_the_run;
use super::{Call, Fault, Function, Parameter, Within, glob, results};
use crate::value::{Kind, Sequence, Type, Value};

const PATH: Parameter = Parameter::new("path", Text);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("file", &[PATH], Text, file),
    Function::new("filebase64", &[PATH], Text, filebase64),
    Function::new("fileexists", &[PATH], Bool, fileexists),
    Function::new("fileset", &[PATH, Parameter::new("pattern", Text)], Set(&Text), fileset),
];

/// Templates that are values may not reach for files.
fn allowed(call: &Call<'_>) -> Result<(), Fault> {
    if call.templates.within() == Within::TemplateString {
        return Err(Fault::new("files cannot be read in a template of templatestring")
            .with_help("hand the function's result to the template as a variable"));
    }
    Ok(())
}

/// Whether a path lies in a home directory, which nobody can tell before the run.
fn at_home(path: &str) -> bool {
    path == "~" || path.starts_with("~/")
}

/// The bytes of the file that the first argument names.
pub(super) fn read(call: &Call<'_>, path: &str) -> Result<Arc<[u8]>, Fault> {
    allowed(call)?;
    if at_home(path) {
        return Err(Fault::at(0, "is in a home directory, and no file outside of the repository is read"));
    }
    call.world
        .read(&resolve(call, path)?)
        .map_err(|why| Fault::at(0, "cannot be read").showing(format!("{path}: {why}")))
}

/// A text that stands for one that only those have who run the configuration: of a file in a home directory, or of one
/// that is kept apart from its repository.
fn out_of_reach(call: &Call<'_>, function: &str, path: &str) -> Option<Value> {
    if at_home(path) {
        return Some(not_before_the_run(call, &format!("{function}({path:?})")));
    }
    elsewhere(call, function, path)
}

/// A text that stands for one that is kept apart from its repository.
pub(super) fn elsewhere(call: &Call<'_>, function: &str, path: &str) -> Option<Value> {
    let what = format!("{function}({path:?})");
    let place = resolve(call, path).ok()?;
    call.world.is_elsewhere(&place, &what).then(|| not_before_the_run(call, &what))
}

/// The text of the file that the first argument names.
pub(super) fn read_text(call: &Call<'_>, path: &str) -> Result<String, Fault> {
    let bytes = read(call, path)?;
    match std::str::from_utf8(&bytes) {
        Ok(content) => Ok(content.to_owned()),
        Err(_) => {
            let fault = Fault::at(0, "names a file that is not valid UTF-8").showing(quoted(path));
            Err(fault.with_help("filebase64 reads files of any content"))
        }
    }
}

fn file(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let path = text(given, 0)?;
    match out_of_reach(call, "file", path) {
        Some(unknown) => Ok(unknown),
        None => results::text(read_text(call, path)?),
    }
}

fn filebase64(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let path = text(given, 0)?;
    match out_of_reach(call, "filebase64", path) {
        Some(unknown) => Ok(unknown),
        None => results::text(STANDARD.encode(read(call, path)?)),
    }
}

fn fileexists(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    allowed(call)?;
    let path = text(given, 0)?;
    let exists = call.world.is_file(&resolve(call, path)?);
    exists
        .map(Value::bool)
        .map_err(|why| Fault::at(0, "cannot be looked at").showing(format!("{path}: {why}")))
}

fn fileset(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    allowed(call)?;
    let base = join(&call.world.base().to_string_lossy(), text(given, 0)?);
    let pattern = text(given, 1)?;
    resolve(call, &format!("{}/{pattern}", text(given, 0)?))?;
    // The directory is part of the pattern: its own special characters are special, too.
    let whole = join(&base, pattern);
    let malformed = |_| Fault::at(1, "is not a valid glob").showing(quoted(pattern));
    let glob = glob::Glob::new(&whole).map_err(malformed)?;
    let directory = std::path::Path::new(glob.directory());
    let below =
        call.world.files_below(directory).map_err(|why| Fault::at(0, "cannot be listed").showing(why))?;
    let mut found: Vec<_> = below
        .iter()
        .filter(|file| glob.matches(file))
        .map(|file| results::normalised(&relative(&base, &join(glob.directory(), file))))
        .collect();
    found.sort();
    found.dedup();
    results::within_elements(found.len())?;
    let values = found.into_iter().map(Value::string).collect();
    Ok(Value::new(Kind::Set(Arc::new(Sequence { element: Type::String, values }))))
}
