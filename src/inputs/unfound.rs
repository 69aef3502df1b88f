//! Files of values that the configuration names and that exist nowhere.

use rustc_hash::FxHashMap;

use crate::config::{Settings, VarFile};
use crate::eval::Problem;
use crate::request::Request;
use crate::source::{Disk, FileKind, Location, Reader, Workspace, split};
use crate::suggest::did_you_mean;

/// The files that the configuration names, and whether a directory has them. One that some roots lack may be meant for
/// the others; one that none has is a mistake.
#[derive(Debug, Default)]
pub(crate) struct Unfound {
    files: FxHashMap<Location, (VarFile, bool)>,
}

impl Unfound {
    /// Notes what the settings of a directory name.
    pub(super) fn note(&mut self, settings: &Settings, reader: &dyn Reader, directory: &str) {
        let of_variants = settings.variants.iter().flat_map(|variant| &variant.var_files);
        for file in settings.var_files.iter().chain(of_variants) {
            let Some(location) = file.path.location else { continue };
            let (_, found) = self.files.entry(location).or_insert_with(|| (file.clone(), false));
            *found = *found || file.find(reader, directory).is_some();
        }
    }

    /// Those that no directory has, in the order of the text. What was asked for may be a part of the tree: before a
    /// file counts as missing, it is looked for everywhere below the configuration.
    pub(crate) fn problems(self, request: &Request, workspace: &Workspace) -> Vec<Problem> {
        let mut missing: Vec<(Location, VarFile)> = self
            .files
            .into_iter()
            .filter(|(_, (_, found))| !found)
            .map(|(location, (file, _))| (location, file))
            .collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let disk = Disk::new(workspace.repository.root.clone());
        let top = [workspace.repository.root.clone()];
        let walked = request.walk.run(&workspace.repository, &disk, &top);
        let mut directories: Vec<&str> = walked.files.iter().map(|found| split(&found.path).0).collect();
        directories.sort_unstable();
        directories.dedup();
        let reader = workspace.reader().as_ref();
        missing.retain(|(_, file)| {
            let mut below = directories.iter().filter(|directory| is_below(directory, &file.beside));
            !below.any(|directory| file.find(reader, directory).is_some())
        });
        missing.sort_by_key(|(location, _)| *location);
        let is_values = |kind: FileKind| matches!(kind, FileKind::Variables(_));
        let names = || {
            let files = walked.files.iter().filter(|found| is_values(found.kind));
            files.flat_map(|found| {
                let ends = found.path.match_indices('/').filter_map(|(at, _)| found.path.get(at + 1..));
                [found.path.as_str()].into_iter().chain(ends)
            })
        };
        missing
            .into_iter()
            .map(|(location, file)| {
                let name = &file.path.value;
                let help = did_you_mean(name, names()).unwrap_or_else(|| {
                    "a file of values lies in the directory of a root module, or beside this configuration"
                        .to_owned()
                });
                Problem::new(location, format!("there is no file `{name}`")).with_help(help)
            })
            .collect()
    }
}

fn is_below(directory: &str, above: &str) -> bool {
    above.is_empty()
        || directory.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
