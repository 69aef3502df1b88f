//! From the configuration and the command line to the values that root modules are evaluated with.

pub(crate) mod given;
mod unfound;

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::{Config, Setting, SettingKind, Settings, Terragrunt, VarFile, Variable};
use crate::request::{Failure, Request};
use crate::source::{Disk, Mounted, Overlay, ReadError, Reader, Workspace, seen_from, split};
use crate::terraform::{self, Input, RootSettings};
use crate::terragrunt;
use unfound::Unfound;

/// What the evaluation needs to know beside the tree.
pub(crate) struct Inputs {
    /// The settings of the run.
    pub(crate) settings: terraform::Settings,
    /// The repository, with what the user's own arguments and configuration open beside it.
    pub(crate) workspace: Workspace,
    /// The files of values that the configuration names.
    pub(crate) unfound: Unfound,
    /// What only a run of Terragrunt would know.
    pub(crate) terragrunt: terragrunt::Settings,
}

/// What the evaluation needs to know beside the tree. Files of values that were named and lie outside of the repository
/// become readable through the workspace that is returned: the user's own arguments may lead there.
pub(crate) fn settings(
    request: &Request,
    config: &Config,
    mut workspace: Workspace,
) -> Result<Inputs, Failure> {
    let mut unfound = Unfound::default();
    let mut arguments = Vec::new();
    for argument in &request.arguments {
        arguments.push(match argument {
            Input::Value { .. } => argument.clone(),
            Input::File(path) => {
                let (path, other) = value_file(request, workspace, path)?;
                workspace = other;
                Input::File(path)
            }
        });
    }
    let mut roots: FxHashMap<String, RootSettings> = FxHashMap::default();
    let mut module_sources: Vec<crate::config::ModuleSource> = Vec::new();
    let mut of_units = Terragrunt::default();
    for directory in workspace.directories() {
        let settings = config.settings(directory);
        unfound.note(&settings, workspace.reader().as_ref(), directory);
        roots.insert(directory.to_owned(), root(&settings, workspace.reader().as_ref(), directory));
        if settings.terragrunt != of_units {
            of_units.apply(&settings.terragrunt);
        }
        for source in &settings.module_sources {
            if !module_sources.contains(source) {
                module_sources.push(source.clone());
            }
        }
    }
    // The first that fits counts: the most exact, and of equally exact ones the nearest file's.
    module_sources.sort_by_key(|source| std::cmp::Reverse(source.exactness()));
    let module_sources = module_sources.into_iter().map(|source| terraform::ModuleSource {
        place: source.place(),
        pattern: source.pattern.value,
        unversioned: source.unversioned,
    });
    let module_sources: Vec<terraform::ModuleSource> = module_sources.collect();
    let workspace = opened(workspace, &module_sources);
    let settings = terraform::Settings {
        workspace: request.workspace.clone(),
        environment: request.environment.clone(),
        arguments,
        named_roots: named(request, &workspace),
        per_root: Some(Arc::new(move |directory| roots.get(directory).cloned().unwrap_or_default())),
        module_sources,
    };
    let terragrunt = units(request, &of_units, &workspace);
    Ok(Inputs { settings, workspace, unfound, terragrunt })
}

/// What a run of Terragrunt would be given.
fn units(request: &Request, said: &Terragrunt, workspace: &Workspace) -> terragrunt::Settings {
    let pairs = |pairs: &[(arcstr::ArcStr, String)]| {
        pairs.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
    };
    let mut settings = terragrunt::Settings {
        environment: pairs(&said.env),
        features: pairs(&said.features),
        run_cmd: pairs(&said.run_cmd),
        experiments: said.experiments.iter().map(|name| name.value.clone()).collect(),
        ..terragrunt::Settings::default()
    };
    // A unit in JSON is found by nobody who walks: it must be named.
    let named = request.paths.iter().filter(|path| path.ends_with("terragrunt.hcl.json"));
    let relative = |path: &PathBuf| {
        let absolute = std::fs::canonicalize(request.current.join(path)).ok()?;
        workspace.repository.relative(&absolute).ok()
    };
    settings.configurations.extend(named.filter_map(relative));
    let mut asked = request.paths.iter().filter_map(relative);
    let here = relative(&PathBuf::from("."));
    let whole = if request.paths.is_empty() {
        here.as_deref() == Some("")
    } else {
        asked.any(|path| path.is_empty())
    };
    settings.in_part = !whole;
    for name in &said.env_allowed {
        if let Some((name, value)) = request.process.iter().find(|(known, _)| *known == name.value) {
            settings.environment.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    settings
}

/// Directories beside the repository become readable where the user's own configuration says that modules lie there.
fn opened(workspace: Workspace, module_sources: &[terraform::ModuleSource]) -> Workspace {
    let top = workspace.repository.root.clone();
    let places: Vec<(String, Disk)> = module_sources
        .iter()
        .filter(|source| source.unversioned)
        .filter_map(|source| {
            // Up to the first name that is captured, the place is known.
            let fixed = source.place.split('{').next().unwrap_or_default();
            let fixed = if fixed == source.place { fixed } else { split(fixed).0 };
            let path = seen_from(&top, fixed);
            let place = std::fs::canonicalize(top.join(&path)).ok()?;
            path.starts_with("..").then(|| (path, Disk::new(place)))
        })
        .collect();
    if places.is_empty() {
        return workspace;
    }
    let reader = Mounted::new(workspace.reader().clone(), places);
    workspace.with_reader(Arc::new(reader))
}

/// The directories that were named.
fn named(request: &Request, workspace: &Workspace) -> Vec<String> {
    let relative = |path: &PathBuf| {
        let absolute = std::fs::canonicalize(request.current.join(path)).ok()?;
        let path = workspace.repository.relative(&absolute).ok()?;
        absolute.is_dir().then_some(path)
    };
    request.paths.iter().filter(|_| request.named_are_roots).filter_map(relative).collect()
}

fn value_file(request: &Request, workspace: Workspace, path: &str) -> Result<(String, Workspace), Failure> {
    let failed = |error| Failure::Path(PathBuf::from(path), error);
    let absolute =
        std::fs::canonicalize(request.current.join(path)).map_err(|_| failed(ReadError::Missing))?;
    match workspace.repository.relative(&absolute) {
        Ok(relative) => {
            workspace.read(&relative).map_err(failed)?;
            Ok((relative, workspace))
        }
        Err(ReadError::Outside) => {
            let name = absolute.to_str().ok_or_else(|| failed(ReadError::Name))?.to_owned();
            let directory = absolute.parent().map(PathBuf::from).unwrap_or_default();
            let beside = Disk::new(directory);
            let bytes = beside.read(split(&name).1).map_err(failed)?;
            let overlay = Overlay::new(workspace.reader().clone(), name.clone(), bytes);
            Ok((name, workspace.with_reader(Arc::new(overlay))))
        }
        Err(error) => Err(failed(error)),
    }
}

fn root(settings: &Settings, reader: &dyn Reader, directory: &str) -> RootSettings {
    let inputs = |variables: &[Variable], files: &[VarFile]| {
        let files = files.iter().filter_map(|file| file.find(reader, directory)).map(Input::File);
        let values = variables
            .iter()
            .map(|variable| Input::Value { name: variable.name.to_string(), text: text(&variable.value) });
        files.chain(values).collect::<Vec<Input>>()
    };
    let variants = settings.variants.iter().filter_map(|variant| {
        let own = inputs(&variant.variables, &variant.var_files);
        // A variant whose files are none of this root's is none of its environments.
        let applies = variant.var_files.is_empty() || own.iter().any(|input| matches!(input, Input::File(_)));
        applies.then(|| terraform::Variant {
            name: variant.name.value.to_string(),
            inputs: own,
            workspace: variant.workspace.as_ref().map(|workspace| workspace.value.to_string()),
        })
    });
    RootSettings { inputs: inputs(&settings.variables, &settings.var_files), variants: variants.collect() }
}

/// A setting as a value on the command line: a text as it is, everything else as an expression.
fn text(setting: &Setting) -> String {
    match &setting.kind {
        SettingKind::String(text) => text.to_string(),
        _ => setting.to_hcl(),
    }
}
