//! From the files of a repository to the symbol tables of its modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use arcstr::ArcStr;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::MODULE_DIRECTORIES;
use super::declare::declare;
use super::hidden_calls;
use super::schema;
use super::sources;
use super::structure::wrong;
use super::values;
use crate::eval;
use crate::model::{File, Model, Module, ModuleId, Problem, ProblemKind};
use crate::source::{
    FileId, FileKind, ReadError, SourceFile, Span, VariablesKind, Workspace, is_json, join, split,
};
use crate::syntax::{Tree, parse_hcl, parse_json, parse_json_values};

/// How a directory of the repository (the top is the empty path) prints.
pub(super) fn shown(directory: &str) -> ArcStr {
    if directory.is_empty() { ArcStr::from(".") } else { ArcStr::from(directory) }
}

/// The path of a directory as it prints.
pub(super) fn path_of(shown: &str) -> &str {
    if shown == "." { "" } else { shown }
}

/// Loads directories until no call leads to one that is not there yet.
pub(super) struct Loader<'w> {
    workspace: &'w Workspace,
    /// What was read so far.
    pub(super) model: Model,
    next_origin: u32,
    /// The directories that were looked at, whether or not they hold a module.
    seen: FxHashSet<String>,
    /// The files that were read, by path.
    pub(super) by_path: FxHashMap<String, FileId>,
    /// Directories of other repositories' revisions whose modules cannot be read whole, and why.
    broken: FxHashMap<String, String>,
}

/// A file as it was read, before it has an id.
struct Parsed {
    path: String,
    kind: FileKind,
    shadowed: bool,
    read: Result<Contents, ReadError>,
}

/// The text and the syntax of a file, and where the text is not UTF-8.
type Contents = (SourceFile, Tree, Option<(Span, String)>);

impl<'w> Loader<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        Self {
            workspace,
            model: Model::default(),
            next_origin: 1,
            seen: FxHashSet::default(),
            by_path: FxHashMap::default(),
            broken: FxHashMap::default(),
        }
    }

    /// Goes on behind what others have added to the model.
    pub(super) fn resume(&mut self) {
        let last = self.model.files.last();
        let next =
            last.map_or(1, |file| file.origin_base + file.tree.as_ref().map_or(0, |tree| tree.expr_count()));
        self.next_origin = self.next_origin.max(next);
        for (id, source) in self.model.sources.iter().skip(self.by_path.len()) {
            self.by_path.entry(source.path.clone()).or_insert(id);
        }
    }

    pub(super) fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// Loads these directories, and all that their modules lead to.
    pub(super) fn load(&mut self, directories: Vec<String>) {
        let mut wanted = directories;
        while !wanted.is_empty() {
            wanted.retain(|directory| self.seen.insert(directory.clone()));
            if self.seen.len() > MODULE_DIRECTORIES {
                break;
            }
            let workspace = self.workspace;
            let read: Vec<(String, Vec<Parsed>)> = wanted
                .par_iter()
                .map(|directory| (directory.clone(), read_directory(workspace, directory)))
                .collect();
            self.make_room(read.iter().map(|(_, files)| files.len()).sum());
            let registered: Vec<(String, Vec<FileId>)> = read
                .into_iter()
                .map(|(directory, files)| {
                    let files =
                        files.into_iter().filter_map(|file| self.register(&directory, file)).collect();
                    (directory, files)
                })
                .collect();
            let model = &self.model;
            let declared: Vec<(Module, Vec<Problem>)> = registered
                .par_iter()
                .filter_map(|(directory, files)| module(model, directory, files))
                .collect();
            wanted = Vec::new();
            self.model.modules.reserve(declared.len());
            for (module, problems) in declared {
                for call in &module.calls {
                    let source = call.source_text.as_deref().filter(|source| is_local(source));
                    wanted.extend(source.and_then(|source| target(workspace, &module.dir, source)));
                }
                self.model.problems.extend(problems);
                self.model.modules.push(module);
            }
            wanted.sort();
            wanted.dedup();
        }
    }

    /// Room for so many more files: what grows by steps is copied at each, and leaves holes behind.
    fn make_room(&mut self, files: usize) {
        self.model.sources.reserve(files);
        self.model.files.reserve(files);
        self.by_path.reserve(files);
    }

    /// Gives a file its id and its expressions their numbers.
    fn register(&mut self, directory: &str, parsed: Parsed) -> Option<FileId> {
        match parsed.read {
            Ok((source, tree, broken)) => {
                let selected = self.workspace.is_selected(&parsed.path);
                let mut file = File::new(shown(directory), Some(parsed.kind), Some(tree), selected);
                file.shadowed = parsed.shadowed;
                let id = self.add(source, file);
                if let Some((span, message)) = broken {
                    self.model.problems.push(wrong(id, span, message, None));
                }
                Some(id)
            }
            Err(error) => {
                self.model.unread.push((parsed.path, error));
                None
            }
        }
    }

    /// Adds a file to the run.
    pub(super) fn add(&mut self, source: SourceFile, mut file: File) -> FileId {
        let path = source.path.clone();
        let id = self.model.sources.add(source);
        file.origin_base = self.next_origin;
        if let Some(tree) = file.tree.as_mut().and_then(Arc::get_mut) {
            tree.file = id;
            tree.origin_base = self.next_origin;
            self.next_origin = self.next_origin.saturating_add(tree.expr_count());
            let errors = tree.errors.iter().map(|error| {
                let mut problem = wrong(id, error.span, error.message.clone(), error.help.clone());
                let at = |span| crate::source::Location::new(id, span);
                problem.problem.labels =
                    error.labels.iter().map(|(span, text)| (at(*span), text.clone())).collect();
                problem
            });
            // Whether a text from outside must be an expression hangs on the variable's type: nothing is wrong yet.
            if file.kind.is_some() {
                self.model.problems.extend(errors);
            }
        }
        if file.written.is_none() {
            self.by_path.insert(path, id);
        }
        self.model.files.push(file);
        id
    }

    /// The file at that path, read if it was not yet.
    pub(super) fn values_file(&mut self, path: &str) -> Result<FileId, ReadError> {
        if let Some(id) = self.by_path.get(path) {
            return Ok(*id);
        }
        let parsed =
            read_file(self.workspace, path.to_owned(), FileKind::Variables(VariablesKind::Named), false);
        match parsed.read {
            Err(error) => Err(error),
            Ok(_) => {
                let directory = split(path).0.to_owned();
                self.register(&directory, parsed).ok_or(ReadError::Missing)
            }
        }
    }

    /// Of modules in other repositories' revisions of which not all files can be read, notes why. A part of a module
    /// would say what is not so, and nobody who lints this tree can mend it.
    pub(super) fn forgo_broken(&mut self) {
        let (workspace, broken) = (self.workspace, &mut self.broken);
        self.model.unread.retain(|(path, error)| {
            let Some(revision) = workspace.revisions().around(path) else { return true };
            let (directory, name) = split(path);
            if FileKind::of(name).is_some_and(FileKind::is_module) {
                let inner = path.get(revision.len()..).unwrap_or(path).trim_start_matches('/');
                broken
                    .entry(directory.to_owned())
                    .or_insert_with(|| format!("`{inner}` of `{revision}` {error}"));
            }
            false
        });
    }

    /// Why a directory of another repository's revision is no module that can be used; `None` if it is one, or lies in
    /// no such revision.
    pub(super) fn unusable(&self, directory: &str) -> Option<String> {
        let revision = self.workspace.revisions().around(directory)?;
        if let Some(reason) = self.broken.get(directory) {
            return Some(reason.clone());
        }
        if self.model.modules.iter().any(|module| module.dir == directory) {
            return None;
        }
        let inner = directory.get(revision.len()..).unwrap_or_default().trim_start_matches('/');
        Some(match self.workspace.reader().list(directory) {
            Err(ReadError::Missing) => format!("`{revision}` has no directory `{inner}`"),
            Err(error) => format!("`{inner}` of `{revision}` {error}"),
            Ok(_) if inner.is_empty() => format!("`{revision}` holds no module at its top"),
            Ok(_) => format!("there is no module in `{inner}` of `{revision}`"),
        })
    }

    /// Sorts the modules, gives them their ids, and says which calls lead to which.
    pub(super) fn finish(&mut self) {
        let workspace = self.workspace;
        self.model.modules.sort_by(|a, b| {
            (a.layered.is_some(), &a.dir, a.layered).cmp(&(b.layered.is_some(), &b.dir, b.layered))
        });
        let modules = self.model.modules.iter().enumerate().filter(|(_, module)| module.layered.is_none());
        let ids: BTreeMap<ArcStr, ModuleId> =
            modules.map(|(index, module)| (module.dir.clone(), ModuleId(index as u32))).collect();
        let mut problems = Vec::new();
        let mut found: Vec<Vec<(Option<ModuleId>, Option<String>)>> = Vec::new();
        for module in &self.model.modules {
            let elsewhere = workspace.revisions().around(path_of(&module.dir));
            let calls = module.calls.iter().map(|call| {
                if call.unavailable.is_some() {
                    return (None, call.unavailable.clone());
                }
                let Some(source) = call.source_text.as_deref().filter(|source| is_local(source)) else {
                    return (None, None);
                };
                let target = target(workspace, &module.dir, source);
                // What is wrong in another repository is not this tree's to mend.
                if let Some(revision) = elsewhere {
                    return match &target {
                        None => {
                            (None, Some(format!("the module source `{source}` leads out of `{revision}`")))
                        }
                        Some(target) => match self.unusable(target) {
                            Some(why) => (None, Some(format!("module {source} is not available: {why}"))),
                            None => (ids.get(&shown(target)).copied(), None),
                        },
                    };
                }
                let trouble = match target {
                    None => format!("the module source `{source}` leads out of the repository"),
                    Some(target) => match ids.get(&shown(&target)) {
                        Some(id) => return (Some(*id), None),
                        None => format!("there is no module at `{source}`"),
                    },
                };
                if let Some(at) = call.source {
                    let problem = eval::Problem::new(self.model.location(at), trouble);
                    problems.push(Problem { kind: ProblemKind::Call, problem, contexts: Vec::new() });
                }
                (None, None)
            });
            found.push(calls.collect());
        }
        for ((index, module), found) in self.model.modules.iter_mut().enumerate().zip(found) {
            module.id = ModuleId(index as u32);
            for (call, (local, unavailable)) in module.calls.iter_mut().zip(found) {
                call.local = local;
                call.unavailable = unavailable;
            }
        }
        let targets: Vec<(ModuleId, ModuleId)> = self
            .model
            .modules
            .iter()
            .flat_map(|module| module.calls.iter().filter_map(|call| Some((module.id, call.local?))))
            .collect();
        for (caller, target) in targets {
            if let Some(module) = self.model.modules.get_mut(target.0 as usize) {
                module.called |= caller != target;
            }
        }
        self.model.problems.extend(problems);
        sources::doubt(&mut self.model);
        hidden_calls::mark(&mut self.model);
    }
}

/// The directory that a local source leads to; `None` if it leaves the repository, or the revision that it stands in.
pub(super) fn target(workspace: &Workspace, dir: &str, source: &str) -> Option<String> {
    workspace.revisions().resolve(&workspace.repository.root, path_of(dir), source)
}

/// Whether a module source is a path.
pub(super) fn is_local(source: &str) -> bool {
    source == "." || source == ".." || source.starts_with("./") || source.starts_with("../")
}

fn read_directory(workspace: &Workspace, directory: &str) -> Vec<Parsed> {
    // What cannot be listed holds no module: whoever calls it says so.
    let Ok(files) = workspace.module_files(directory) else { return Vec::new() };
    // What cannot be read of this repository, the walk reports.
    let unreadable = match workspace.revisions().around(directory) {
        Some(_) => unreadable(workspace, directory),
        None => Vec::new(),
    };
    let read = files
        .into_iter()
        .filter(|file| match file.kind {
            FileKind::Module | FileKind::Override | FileKind::Variables(_) => true,
            // A unit in JSON is read by who knows what its blocks are.
            FileKind::Terragrunt if is_json(&file.path) => false,
            FileKind::Test | FileKind::Query | FileKind::Terragrunt => workspace.is_selected(&file.path),
            FileKind::Settings | FileKind::Lock => false,
        })
        .map(|file| read_file(workspace, file.path, file.kind, file.shadowed));
    read.chain(unreadable).collect()
}

/// The entries of a directory that should be files of a module, and are not.
fn unreadable(workspace: &Workspace, directory: &str) -> Vec<Parsed> {
    let entries = workspace.reader().list(directory).unwrap_or_default();
    let parsed = entries.iter().filter_map(|entry| {
        let (kind, error) = (FileKind::of(&entry.name)?, entry.kind.clone().err()?);
        let path = join(directory, &entry.name);
        Some(Parsed { path, kind, shadowed: false, read: Err(error) })
    });
    parsed.collect()
}

fn read_file(workspace: &Workspace, path: String, kind: FileKind, shadowed: bool) -> Parsed {
    let read = match workspace.read(&path) {
        Ok(source) => Ok((source, None)),
        // What is good of it is read all the same, so that nothing else looks undeclared.
        Err(ReadError::NotUtf8 { offset, .. }) => workspace.reader().read(&path).map(|bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let source = SourceFile::new(path.clone(), workspace.reader().absolute(&path), text.into());
            let span = Span::new(offset, offset + '\u{fffd}'.len_utf8() as u32);
            (source, Some((span, "the file is not UTF-8: this byte belongs to another encoding".to_owned())))
        }),
        Err(error) => Err(error),
    };
    let read = read.map(|(source, broken)| {
        let text = source.text.clone();
        let tree = if is_json(&path) {
            match kind {
                FileKind::Variables(_) => parse_json_values(FileId(0), text),
                _ => parse_json(FileId(0), text, &schema::CONFIGURATION),
            }
        } else {
            parse_hcl(FileId(0), text)
        };
        (source, tree, broken)
    });
    Parsed { path, kind, shadowed, read }
}

/// The module that these files make, if they make one.
fn module(model: &Model, directory: &str, files: &[FileId]) -> Option<(Module, Vec<Problem>)> {
    let of = |file: &FileId| model.files.get(file.0 as usize);
    let configuration: Vec<FileId> = files
        .iter()
        .copied()
        .filter(|file| {
            of(file).is_some_and(|file| file.kind.is_some_and(FileKind::is_module) && !file.shadowed)
        })
        .collect();
    if configuration.is_empty() {
        return None;
    }
    let (mut module, problems) = declare(model, &shown(directory), &configuration);
    module.auto_variables = values::automatic(model, files);
    Some((module, problems))
}
