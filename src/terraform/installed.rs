//! Modules that are not in the tree: those that `terraform init` has installed, and those that the configuration says
//! where to find.

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::load::{Loader, is_local, path_of, shown};
use super::remote::Remote;
use super::settings::Settings;
use crate::model::{Call, Model, ModuleId, Target};
use crate::source::{Workspace, join, resolve, seen_from};

/// Where remote modules lie.
#[derive(Debug, Default)]
pub(super) struct Installed {
    /// By the root's directory (as it prints), then the names of the calls that lead there: the directory.
    lists: FxHashMap<ArcStr, FxHashMap<String, ArcStr>>,
    /// By source and version: the directory, or why there is none.
    mapped: FxHashMap<Asked, Result<ArcStr, String>>,
}

/// What a call says of where its module comes from: the source, and a version beside it.
pub(super) type Asked = (ArcStr, Option<ArcStr>);

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
        let mut asked: FxHashSet<Asked> = FxHashSet::default();
        loop {
            super::sources::settle(loader, settings);
            let calls = loader.model.modules.iter().flat_map(|module| &module.calls);
            let remote: Vec<Asked> = calls
                .filter_map(|call| Some((call.source_text.clone()?, call.version_text.clone())))
                .filter(|one| !is_local(&one.0) && !asked.contains(one))
                .collect();
            if remote.is_empty() {
                installed.judge(loader);
                return installed;
            }
            let mut wanted = Vec::new();
            if asked.is_empty() {
                for directory in directories {
                    installed.list(loader, directory, &mut wanted);
                }
            }
            for one in remote {
                if asked.insert(one.clone())
                    && let Some(found) = mapped(settings, loader.workspace(), &one)
                {
                    if let Ok(directory) = &found {
                        wanted.push(path_of(directory).to_owned());
                    }
                    installed.mapped.insert(one, found);
                }
            }
            loader.load(wanted);
        }
    }

    /// Notes at the calls which modules of revisions they call.
    pub(super) fn tie(&self, workspace: &Workspace, model: &mut Model) {
        let ids: FxHashMap<ArcStr, ModuleId> =
            model.modules.iter().rev().map(|module| (module.dir.clone(), module.id)).collect();
        for call in model.modules.iter_mut().flat_map(|module| &mut module.calls) {
            let Some(source) = call.source_text.clone() else { continue };
            let Some(Ok(dir)) = self.mapped.get(&(source, call.version_text.clone())) else { continue };
            if workspace.revisions().around(dir).is_some() {
                call.fetched = ids.get(dir).copied();
            }
        }
    }

    /// Of a revision that was found, says why there is no module to be had after all.
    fn judge(&mut self, loader: &mut Loader<'_>) {
        loader.forgo_broken();
        for ((source, _), found) in &mut self.mapped {
            let Ok(directory) = found else { continue };
            if let Some(reason) = loader.unusable(path_of(directory)) {
                *found = Err(unavailable(without_query(source), &reason));
            }
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
        let mapped =
            call.source_text.clone().and_then(|text| self.mapped.get(&(text, call.version_text.clone())));
        match mapped {
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
pub(super) fn without_query(source: &str) -> &str {
    source.split_once('?').map_or(source, |(before, _)| before)
}

/// Where the configuration says that a source lies; `None` if it says nothing.
pub(super) fn mapped(
    settings: &Settings,
    workspace: &Workspace,
    (source, version): &Asked,
) -> Option<Result<ArcStr, String>> {
    let (mapping, place, rest) = settings.module_sources.iter().find_map(|mapping| {
        let (place, rest) = mapping.place_of(source)?;
        Some((mapping, place, rest))
    })?;
    let top = &workspace.repository.root;
    let place = place.trim_end_matches('/');
    if mapping.unversioned {
        let inner = without_query(rest).trim_start_matches('/');
        let path = if inner.is_empty() { place.to_owned() } else { format!("{place}/{inner}") };
        return Some(Ok(shown(&seen_from(top, &path))));
    }
    let remote = Remote::new(source, rest);
    let found = remote.wanted(version.as_deref()).and_then(|wanted| {
        let outside = || format!("the source leads out of `{place}`");
        // Who writes the source does not choose which directory of the machine is read.
        let repository = match resolve("", remote.rest).ok_or_else(outside)? {
            rest if rest.is_empty() => place.to_owned(),
            rest => format!("{place}/{rest}"),
        };
        let revisions = workspace.revisions();
        let revision = revisions.enter(top, &seen_from(top, &repository), wanted);
        let revision = revision.map_err(|why| why.to_string())?;
        let directory = resolve("", remote.directory).ok_or_else(outside)?;
        Ok(if directory.is_empty() { revision } else { join(&revision, &directory) })
    });
    Some(found.map(ArcStr::from).map_err(|why| unavailable(remote.address, &why)))
}

/// The words for a module that cannot be had, in which equal causes are equal.
fn unavailable(source: &str, why: &str) -> String {
    format!("module {source} is not available: {why}")
}
