//! Modules that Terragrunt has downloaded for a unit, in the `.terragrunt-cache` beside it.
//!
//! There a download lies in a directory that is named by the unit's place, within it one that is named by the source; each
//! name is a hash. A file says of which version it is. Where the repository was moved since, the first name fits no more.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha1::{Digest, Sha1};

use super::load::path_of;
use crate::model::Unit;
use crate::source::{EntryKind, FileKind, Workspace, join, resolve, seen_from};

/// The directory that downloads lie in.
const CACHE: &str = ".terragrunt-cache";
/// The file that says of which version a download is.
const VERSION: &str = ".terragrunt-source-version";
/// How many downloads one unit may have: who looks through more finds nothing that is sure.
const MOST: usize = 64;

/// The directory in which the module of a unit was downloaded; `None` if it was not.
///
/// # Errors
/// Why it cannot be told which download is the module.
pub(super) fn find(workspace: &Workspace, unit: &Unit, source: &str) -> Result<Option<String>, String> {
    let Some(cache) = cache_of(workspace, unit) else { return Ok(None) };
    let source = Source::of(source);
    let mut found: Vec<Download> = Vec::new();
    for place in directories(workspace, &cache) {
        for name in directories(workspace, &join(&cache, &place)) {
            let directory = join(&join(&cache, &place), &name);
            if found.len() < MOST && source.is_version(workspace, &directory) {
                let module =
                    resolve(&directory, source.inner).filter(|module| holds_module(workspace, module));
                found.extend(module.map(|module| Download { place: place.clone(), name, module }));
            }
        }
    }
    if let Some(name) = source.name() {
        found.retain(|download| download.name == name);
    }
    let here = workspace.reader().absolute(path_of(&unit.dir)).map(|path| hash(&path.to_string_lossy()));
    if found.iter().any(|download| Some(&download.place) == here.as_ref()) {
        found.retain(|download| Some(&download.place) == here.as_ref());
    }
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.module.clone())),
        _ => Err(format!("`{CACHE}` holds several that may be meant")),
    }
}

/// Where downloads for a unit lie, if any do.
fn cache_of(workspace: &Workspace, unit: &Unit) -> Option<String> {
    let own = path_of(&unit.dir);
    match unit.get("download_dir").map(|directory| directory.as_str()) {
        None | Some(Some("")) => {
            let entries = workspace.reader().list(own).ok()?;
            let at = entries.binary_search_by(|entry| entry.name.as_str().cmp(CACHE)).ok()?;
            (entries.get(at)?.kind == Ok(EntryKind::Directory)).then(|| join(own, CACHE))
        }
        Some(directory) => {
            let directory = directory?;
            let path = if directory.starts_with('/') { directory.to_owned() } else { join(own, directory) };
            Some(seen_from(&workspace.repository.root, &path))
        }
    }
}

struct Download {
    /// The name of the directory that stands for the unit's place.
    place: String,
    /// The name of the directory that stands for the source.
    name: String,
    module: String,
}

/// A source, taken apart.
struct Source<'s> {
    /// All before the `//` and the query.
    address: &'s str,
    /// The directory behind the `//`.
    inner: &'s str,
    query: &'s str,
}

impl<'s> Source<'s> {
    fn of(source: &'s str) -> Self {
        let (rest, query) = source.split_once('?').unwrap_or((source, ""));
        // The first `//` of `git::https://host/x//y` is no separator.
        let from = rest.find("://").map_or(0, |at| at + 3);
        let (address, inner) = match rest.get(from..).and_then(|path| path.find("//")) {
            Some(at) => rest.split_at(from + at),
            None => (rest, ""),
        };
        Self { address, inner: inner.trim_start_matches('/'), query }
    }

    /// Whether a download is of the version that the source names. One that does not say of which it is may be.
    fn is_version(&self, workspace: &Workspace, directory: &str) -> bool {
        match workspace.reader().read(&join(directory, VERSION)) {
            Ok(text) => String::from_utf8_lossy(&text).trim() == hash(&self.sorted_query()),
            Err(_) => true,
        }
    }

    /// The query with its parts sorted, which is how it is hashed.
    fn sorted_query(&self) -> String {
        let mut parts: Vec<String> =
            self.query.split('&').filter(|part| !part.is_empty()).map(encoded).collect();
        parts.sort_by(|a, b| a.split('=').next().cmp(&b.split('=').next()));
        parts.join("&")
    }

    /// The name of the directory that stands for the source, where that can be told: short forms are made long by rules of
    /// their own.
    fn name(&self) -> Option<String> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~/:@".contains(letter);
        let long = self.address.strip_prefix("git::").is_some_and(|rest| rest.contains("://"));
        (long && self.address.chars().all(is_plain)).then(|| hash(self.address))
    }
}

/// `name=value` as a query is written: what is neither letter nor digit nor one of four others by its number.
fn encoded(part: &str) -> String {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    let encode = |text: &str| {
        let mut encoded = String::with_capacity(text.len());
        for byte in super::remote::decoded(text).bytes() {
            match byte {
                b' ' => encoded.push('+'),
                byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => {
                    encoded.push(char::from(byte))
                }
                byte => encoded.push_str(&format!("%{byte:02X}")),
            }
        }
        encoded
    };
    format!("{}={}", encode(name), encode(value))
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha1::digest(text.as_bytes()))
}

fn directories(workspace: &Workspace, directory: &str) -> Vec<String> {
    let entries = workspace.reader().list(directory).unwrap_or_default();
    let found = entries.iter().filter(|entry| entry.kind == Ok(EntryKind::Directory));
    found.take(MOST).map(|entry| entry.name.to_string()).collect()
}

fn holds_module(workspace: &Workspace, directory: &str) -> bool {
    let entries = workspace.reader().list(directory).unwrap_or_default();
    entries.iter().any(|entry| FileKind::of(&entry.name).is_some_and(FileKind::is_module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_the_program_makes_them() {
        let source =
            Source::of("git::https://git.example.local/platform/rds.git//modules/a?ref=v1.2&depth=1");
        assert_eq!(source.address, "git::https://git.example.local/platform/rds.git");
        assert_eq!((source.inner, source.sorted_query().as_str()), ("modules/a", "depth=1&ref=v1.2"));
        assert_eq!(hash(""), "2jmj7l5rSw0yVb_vlWAYkK_YBwk");
        assert!(source.name().is_some());
        assert_eq!(Source::of("git@github.com:a/b.git//c?ref=release%2F1").name(), None);
        assert_eq!(Source::of("tfr:///a/b/c?version=1.0.0").sorted_query(), "version=1.0.0");
        assert_eq!(encoded("ref=release%2F1 x"), "ref=release%2F1+x");
    }
}
