//! Terragrunt's files: a shared one, two units, a stack and its values, with `\0` between them.
#![no_main]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use plangate::source::{Entry, EntryKind, FileKind, Found, OnDisk, ReadError, Reader, Repository, Workspace, split};
use plangate::terragrunt::{Outputs, Settings};
use plangate::{terraform, terragrunt};

const PATHS: [&str; 5] =
    ["root.hcl", "a/terragrunt.hcl", "b/terragrunt.hcl", "s/terragrunt.stack.hcl", "a/terragrunt.values.hcl"];

#[derive(Debug)]
struct Files(BTreeMap<&'static str, Vec<u8>>);

impl Reader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        let mut entries: BTreeMap<&str, (EntryKind, OnDisk)> = BTreeMap::new();
        for path in self.0.keys() {
            let rest = match directory {
                "" => Some(*path),
                _ => path.strip_prefix(directory).and_then(|rest| rest.strip_prefix('/')),
            };
            match rest.map(|rest| rest.split_once('/')) {
                Some(Some((name, _))) => drop(entries.insert(name, (EntryKind::Directory, OnDisk::Directory))),
                Some(None) => drop(entries.insert(split(path).1, (EntryKind::File, OnDisk::File))),
                None => {}
            }
        }
        if entries.is_empty() {
            return Err(ReadError::Missing);
        }
        let entry = |(name, (kind, on_disk)): (&str, (EntryKind, OnDisk))| Entry {
            name: name.to_owned(),
            kind: Ok(kind),
            on_disk,
        };
        Ok(entries.into_iter().map(entry).collect())
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        if self.0.contains_key(path) { Ok(EntryKind::File) } else { self.list(path).map(|_| EntryKind::Directory) }
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        Some(PathBuf::from("/tree").join(path))
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let texts = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec);
    let files: BTreeMap<&'static str, Vec<u8>> = PATHS.into_iter().zip(texts).collect();
    let found = files.keys().map(|path| Found { path: (*path).to_owned(), kind: FileKind::Terragrunt }).collect();
    let repository = Repository { root: PathBuf::from("/tree"), marked: true };
    let workspace = Workspace::over(repository, Arc::new(Files(files)), found);
    let settings = Settings {
        outputs: if bytes.len() % 2 == 0 { Outputs::Mocks } else { Outputs::Real },
        experiments: vec!["deep-merge".to_owned(), "block-iteration".to_owned()],
        ..Settings::default()
    };
    let of_modules = terraform::Settings::default();
    let mut loading = terraform::Loading::start(&workspace, &of_modules);
    let units = terragrunt::load(&workspace, &settings, loading.model());
    let model = loading.finish(&units);
    assert!(model.refusals.iter().all(|refusal| !refusal.units.is_empty()));
});
