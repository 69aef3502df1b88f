//! Both sides of a change, of which no more is read than can differ.

use std::collections::BTreeSet;
use std::path::PathBuf;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::change::{Change, Scope};
use crate::graph::Affected;
use crate::model::Model;
use crate::request::{Failure, Request};
use crate::source::{EntryKind, FileKind, Reader, split};
use crate::{Loaded, load};

/// Two states of a tree, and what lies between them.
#[derive(Debug)]
pub struct Comparison {
    /// The earlier state, as far as it was read; nothing where nothing of it can differ.
    pub base: Option<Loaded>,
    /// The later state.
    pub head: Loaded,
    /// What lies between them.
    pub change: Change,
}

/// Compares two states. Where it is known which files have `changed`, only what those can reach is read of the earlier one:
/// everything else is made of the same files in the same way.
///
/// # Errors
/// A path that cannot be read, or a configuration that is wrong.
pub fn compare(
    base: &Request,
    head: &Request,
    changed: Option<&[ArcStr]>,
    stage: &mut dyn FnMut(&'static str),
) -> Result<Comparison, Failure> {
    let later = load(head, stage)?;
    let repository = &later.workspace.repository;
    let places: Vec<String> = match head.paths.as_slice() {
        [] => vec![repository.relative(&canonical(head, &PathBuf::from("."))).unwrap_or_default()],
        paths => paths.iter().filter_map(|path| repository.relative(&canonical(head, path)).ok()).collect(),
    };
    let asked = |directory: &str| {
        let is_below = |place: &String| {
            place.is_empty()
                || directory
                    .strip_prefix(place.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                || split(place).0 == directory
        };
        places.iter().any(is_below)
    };
    let affected = changed.map(|changed| Affected::by(&later.model, changed));
    let mut wanted = base.clone();
    if let (Some(changed), Some(affected), Some(tree)) = (changed, &affected, &base.tree) {
        let directories = directories(&later.model, changed, affected, tree.as_ref());
        wanted.paths = directories.iter().map(|directory| repository.root.join(directory)).collect();
    }
    let earlier = match changed.is_some() && wanted.paths.is_empty() {
        true => None,
        false => Some(load(&wanted, stage)?),
    };
    let nothing = Model::default();
    let scope = Scope { changed: changed.zip(affected.as_ref()), asked: &asked };
    let change = Change::between(earlier.as_ref().map_or(&nothing, |it| &it.model), &later.model, &scope);
    Ok(Comparison { base: earlier, head: later, change })
}

/// A path that need not exist, as it would be called if it did.
fn canonical(request: &Request, path: &PathBuf) -> PathBuf {
    let joined = request.current.join(path);
    std::fs::canonicalize(&joined).unwrap_or(joined)
}

/// The directories of the earlier state in which anything can differ.
fn directories(
    model: &Model,
    changed: &[ArcStr],
    affected: &Affected,
    tree: &dyn Reader,
) -> BTreeSet<String> {
    let makers: FxHashMap<&str, &str> = model
        .stacks
        .iter()
        .flat_map(|stack| stack.generates.iter().map(|made| (made.as_str(), stack.dir.as_str())))
        .collect();
    // What a stack generates lies nowhere: it is asked for with the stack.
    let written = |directory: &ArcStr| {
        let mut at = directory.as_str();
        for _ in 0..=makers.len() {
            match makers.get(at) {
                Some(maker) => at = maker,
                None => break,
            }
        }
        if at == "." { String::new() } else { at.to_owned() }
    };
    let reached = affected.reached.iter().map(|reached| written(&reached.directory));
    let own = changed.iter().filter(|path| FileKind::of(split(path).1).is_some());
    let all = reached.chain(own.map(|path| split(path).0.to_owned()));
    all.filter(|directory| matches!(tree.kind(directory), Ok(EntryKind::Directory))).collect()
}
