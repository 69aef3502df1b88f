//! Functions of paths that touch no file, and how paths are put together.

use std::path::{Path, PathBuf};

use super::Wants::String as Text;
use super::arguments::text;
use super::time::not_before_the_run;
use super::{Call, Fault, Function, Parameter, results};
use crate::value::Value;

const PATH: &[Parameter] = &[Parameter::new("path", Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", PATH, Text, abspath),
    Function::new("basename", PATH, Text, |_, given| results::text(base(text(given, 0)?))),
    Function::new("dirname", PATH, Text, |_, given| results::text(directory(text(given, 0)?))),
    Function::new("pathexpand", PATH, Text, pathexpand),
];

fn abspath(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    results::text(join(&call.world.base().to_string_lossy(), text(given, 0)?))
}

/// The home directory is not the same on every machine, so it is not known.
fn pathexpand(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let path = text(given, 0)?;
    match path.strip_prefix('~') {
        None => results::text(path),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            Ok(not_before_the_run(call, "pathexpand(\"~\")"))
        }
        Some(_) => Err(Fault::at(0, "names another user's home directory")),
    }
}

/// A path without `.`, `..` and doubled slashes, as far as the text alone tells; `.` for an empty one.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&"..") | None if !rooted => parts.push(".."),
                _ => drop(parts.pop()),
            },
            _ => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, path) => format!("/{path}"),
        (false, path) if path.is_empty() => ".".to_owned(),
        (false, path) => path,
    }
}

/// A path as seen from a directory, clean.
pub(super) fn join(directory: &str, path: &str) -> String {
    if path.starts_with('/') { clean(path) } else { clean(&format!("{directory}/{path}")) }
}

/// The path of `to` as seen from `from`; both clean and absolute.
pub(super) fn relative(from: &str, to: &str) -> String {
    let parts =
        |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    clean(&up.chain(to.iter().skip(common).cloned()).collect::<Vec<_>>().join("/"))
}

/// The path that a function's first argument means, absolute.
///
/// # Errors
/// That it leads out of another repository that it goes through.
pub(super) fn resolve(call: &Call<'_>, path: &str) -> Result<PathBuf, Fault> {
    if call.world.leaves(&call.world.base().join(path)) {
        return Err(Fault::at(0, "leads out of the module's own repository").showing(path));
    }
    Ok(Path::new(&join(&call.world.base().to_string_lossy(), path)).to_path_buf())
}

fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/" } else { trimmed.rsplit('/').next().unwrap_or(trimmed) }
}

fn directory(path: &str) -> String {
    clean(path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_clean() {
        for (path, cleaned) in
            [("", "."), ("/..", "/"), ("a/../..", ".."), ("../a//./b/", "../a/b"), ("/a/../b", "/b")]
        {
            assert_eq!(clean(path), cleaned);
        }
    }

    #[test]
    fn a_path_is_seen_from_another() {
        assert_eq!(relative("/r/data/files", "/r/data/a.txt"), "../a.txt");
        assert_eq!(relative("/r", "/r/data/a.txt"), "data/a.txt");
        assert_eq!(relative("/r", "/r"), ".");
    }
}
