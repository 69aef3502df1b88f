//! Files that have changed, and whether something that was read is among them.

use std::collections::BTreeSet;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::model::{Model, Module, Read};
use crate::source::{FileKind, LOCK_NAME, VariablesKind, join, resolve, split};

/// Paths, relative to the repository, that were added, changed or removed.
pub(super) struct Changed<'m> {
    paths: BTreeSet<ArcStr>,
    /// Generated directories, and of which directory each is a copy.
    copies: FxHashMap<&'m str, &'m str>,
    /// The files of the model.
    known: BTreeSet<&'m str>,
}

impl<'m> Changed<'m> {
    pub(super) fn new(model: &'m Model, paths: &[ArcStr]) -> Self {
        let mut all: BTreeSet<ArcStr> = paths.iter().cloned().collect();
        for path in paths {
            // Where both lie together JSON counts: whoever reads the one has looked for the other.
            if split(path).1 == "terragrunt.hcl.json" {
                all.extend(path.strip_suffix(".json").map(ArcStr::from));
            }
        }
        let components = model.stacks.iter().flat_map(|stack| &stack.components);
        let copies = components.filter_map(|one| Some((one.dir.as_str(), one.source.as_deref()?)));
        Self {
            paths: all,
            copies: copies.collect(),
            known: model.sources.iter().map(|(_, source)| source.path.as_str()).collect(),
        }
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &ArcStr> {
        self.paths.iter()
    }

    /// The changed path that a path is, or lies below.
    pub(super) fn around(&self, path: &str) -> Option<&ArcStr> {
        let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        std::iter::once(path).chain(above).chain([""]).find_map(|path| self.paths.get(path))
    }

    /// A changed path that lies below another.
    fn below(&self, directory: &str) -> Option<&ArcStr> {
        if directory.is_empty() {
            return self.paths.first();
        }
        let from = format!("{directory}/");
        let first = self.paths.range(ArcStr::from(from.as_str())..).next();
        first.filter(|path| path.starts_with(&from))
    }

    /// The changed path that is something, lies above or below it.
    pub(super) fn near(&self, path: &str) -> Option<&ArcStr> {
        self.around(path).or_else(|| self.below(path))
    }

    /// The changed path for which something that was read may be another now.
    pub(super) fn read(&self, read: &Read) -> Option<&ArcStr> {
        match read {
            Read::File(path) => self.around(path),
            Read::Absent(path) | Read::Listing(path) => self.near(path),
            Read::Nearest { name, from, found } => self.nearer(name, from, found.as_deref()),
            Read::Environment(_) => None,
        }
    }

    /// Whether something may lie nearer by now than what was found, or is there only now.
    fn nearer(&self, name: &str, from: &str, found: Option<&str>) -> Option<&ArcStr> {
        let mut at = from;
        loop {
            if let Some(path) = resolve(at, name) {
                let path = self.real(&path);
                if found.is_some_and(|found| self.real(found) == path) {
                    return self.around(&path).or_else(|| self.new_below(&path));
                }
                if let Some(changed) = self.near(&path) {
                    return Some(changed);
                }
            }
            if at.is_empty() {
                return None;
            }
            at = split(at).0;
        }
    }

    /// A changed path below a directory that may be there only since: all that is known to lie in it has changed.
    fn new_below(&self, directory: &str) -> Option<&ArcStr> {
        let changed = self.below(directory)?;
        let from = format!("{directory}/");
        let mut files = self.known.range(from.as_str()..).take_while(|path| path.starts_with(&from));
        files.all(|path| self.paths.contains(*path)).then_some(changed)
    }

    /// Where a path of a generated directory really lies.
    fn real(&self, path: &str) -> ArcStr {
        if !self.copies.is_empty() {
            let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
            for directory in std::iter::once(path).chain(above.collect::<Vec<_>>().into_iter().rev()) {
                if let Some(source) = self.copies.get(directory) {
                    let rest = path.get(directory.len()..).unwrap_or_default().trim_start_matches('/');
                    return if rest.is_empty() { (*source).into() } else { join(source, rest).into() };
                }
            }
        }
        path.into()
    }

    /// The changed path that belongs to the module in a directory, whether or not it holds one.
    pub(super) fn module_in(&self, directory: &str) -> Option<&ArcStr> {
        if let Some(changed) = self.around(directory) {
            return Some(changed);
        }
        let from = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let below =
            self.paths.range(ArcStr::from(from.as_str())..).take_while(|path| path.starts_with(&from));
        below.into_iter().find(|path| {
            let name = path.get(from.len()..).unwrap_or_default();
            !name.contains('/') && is_of_module(name)
        })
    }

    /// The changed path that belongs to a module, or to a local one that it calls and that is not there.
    pub(super) fn module(&self, module: &Module) -> Option<&ArcStr> {
        let directory = if module.dir == "." { "" } else { module.dir.as_str() };
        let lost = module.calls.iter().filter(|call| call.called().is_none());
        let lost = lost.filter_map(|call| call.source_text.as_deref()).filter(|text| text.starts_with('.'));
        let mut lost = lost.filter_map(|text| resolve(directory, text));
        self.module_in(directory).or_else(|| lost.find_map(|directory| self.module_in(&directory)))
    }
}

/// Whether Terraform reads a file of that name, in a module's directory, without being asked for it.
fn is_of_module(name: &str) -> bool {
    if name == LOCK_NAME {
        return true;
    }
    match FileKind::of(name) {
        Some(FileKind::Variables(kind)) => kind != VariablesKind::Named,
        Some(kind) => kind.is_module(),
        None => false,
    }
}
