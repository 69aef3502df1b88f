//! Modules that are not in the tree: those that `terraform init` has installed, and those that the configuration says
//! where to find.

use std::path::Path;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::load::{Loader, is_local, path_of, shown};
use super::settings::Settings;
use crate::model::{Call, Model, Target};
use crate::source::{join, resolve, seen_from};

/// Where remote modules lie.
#[derive(Debug, Default)]
pub(super) struct Installed {
    /// By the root's directory (as it prints), then the names of the calls that lead there: the directory.
    lists: FxHashMap<ArcStr, FxHashMap<String, ArcStr>>,
    /// By source: the directory, or why there is none.
    mapped: FxHashMap<ArcStr, Result<ArcStr, String>>,
}

/// Terraform's list of installed modules.
#[derive(serde::Deserialize)]
struct List {
    #[serde(rename = "Modules", default)]
    modules: Vec<Entry>,
}

#[derive(serde::Deserialize)]
struct Entry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    dir: String,
}

impl Installed {
    /// Finds and loads all remote modules that can be had, and what those call in turn.
    pub(super) fn find(loader: &mut Loader<'_>, settings: &Settings, directories: &[String]) -> Self {
        let mut installed = Self::default();
        let mut asked: FxHashSet<ArcStr> = FxHashSet::default();
        loop {
            let remote: Vec<ArcStr> = loader
                .model
                .modules
                .iter()
                .flat_map(|module| &module.calls)
                .filter_map(|call| call.source_text.clone())
                .filter(|source| !is_local(source) && !asked.contains(source))
                .collect();
            if remote.is_empty() {
                return installed;
            }
            let mut wanted = Vec::new();
            if asked.is_empty() {
                for directory in directories {
                    installed.list(loader, directory, &mut wanted);
                }
            }
            for source in remote {
                if asked.insert(source.clone())
                    && let Some(found) = mapped(settings, &loader.workspace().repository.root, &source)
                {
                    if let Ok(directory) = &found {
                        wanted.push(path_of(directory).to_owned());
                    }
                    installed.mapped.insert(source, found);
                }
            }
            loader.load(wanted);
        }
    }

    /// Reads the list that `terraform init` has left in a directory.
    fn list(&mut self, loader: &Loader<'_>, directory: &str, wanted: &mut Vec<String>) {
        let path = join(directory, ".terraform/modules/modules.json");
        let Ok(bytes) = loader.workspace().reader().read(&path) else { return };
        let Ok(list) = serde_json::from_slice::<List>(&bytes) else { return };
        let mut found = FxHashMap::default();
        for entry in list.modules {
            if entry.key.is_empty() {
                continue;
            }
            if let Some(place) = resolve(directory, &entry.dir) {
                found.insert(entry.key, shown(&place));
                wanted.push(place);
            }
        }
        self.lists.insert(shown(directory), found);
    }

    /// What a call with a remote source calls, in the root `scope`; `names` are the calls that lead to the caller.
    pub(super) fn target(
        &self,
        model: &Model,
        scope: &str,
        names: &str,
        call: &Call,
        source: &str,
    ) -> Target {
        let key = if names.is_empty() {
            call.named.name.to_string()
        } else {
            format!("{names}.{}", call.named.name)
        };
        let listed = self.lists.get(scope).and_then(|list| list.get(&key));
        if let Some(module) = listed.and_then(|dir| model.module_at(dir)) {
            return Target::Module(module.id);
        }
        match self.mapped.get(source) {
            Some(Ok(dir)) => match model.module_at(dir) {
                Some(module) => Target::Module(module.id),
                None => Target::Opaque(format!("there is no module for {source} at {dir}")),
            },
            Some(Err(reason)) => Target::Opaque(reason.clone()),
            None => Target::Opaque(format!("module {} is not available", without_query(source))),
        }
    }
}

/// Sources that differ in their version alone are one cause.
fn without_query(source: &str) -> &str {
    source.split_once('?').map_or(source, |(before, _)| before)
}

/// Where the configuration says that a source lies; `None` if it says nothing.
fn mapped(settings: &Settings, top: &Path, source: &str) -> Option<Result<ArcStr, String>> {
    let (mapping, place, rest) = settings.module_sources.iter().find_map(|mapping| {
        let (place, rest) = mapping.place_of(source)?;
        Some((mapping, place, rest))
    })?;
    if !mapping.unversioned {
        let source = without_query(source);
        return Some(Err(format!("module {source} is not available: its git repository is not read yet")));
    }
    let inner = without_query(rest).trim_start_matches('/');
    let place = place.trim_end_matches('/');
    let path = if inner.is_empty() { place.to_owned() } else { format!("{place}/{inner}") };
    Some(Ok(shown(&seen_from(top, &path))))
}
