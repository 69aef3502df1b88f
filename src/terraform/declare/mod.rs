//! From the syntax of a directory's files to its symbol table.

mod constraint;
mod read;
mod raw;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use self::raw::{Raw, blocks, duplicate, merge};
use self::read::Reading;
use super::structure;
use super::vocabulary::CONFIGURATION;
use crate::model::{Model, Module, ModuleId, Named, Problem};
use crate::source::{FileId, FileKind};

/// Reads the files of a directory (ordinary ones and overrides, none shadowed) into its symbol table.
pub(super) fn declare(model: &Model, dir: &ArcStr, files: &[FileId]) -> (Module, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut base: Vec<Raw> = Vec::new();
    let is_override = |file: &FileId| {
        model.files.get(file.0 as usize).is_some_and(|file| file.kind == Some(FileKind::Override))
    };
    let (overrides, ordinary): (Vec<FileId>, Vec<FileId>) = files.iter().copied().partition(is_override);
    for tree in ordinary.iter().filter_map(|file| model.tree(*file)) {
        structure::check(tree, &CONFIGURATION, &mut problems);
        base.extend(blocks(tree));
    }
    exclusive(model, &base, &mut problems);
    for tree in overrides.iter().filter_map(|file| model.tree(*file)) {
        // What an override file must say is what the base leaves unsaid.
        let from = problems.len();
        structure::check(tree, &CONFIGURATION, &mut problems);
        let mut found = problems.split_off(from);
        found.retain(|problem| !problem.problem.message.contains("needs the argument"));
        problems.append(&mut found);
        merge(model, &mut base, blocks(tree), &mut problems);
    }
    let mut module = Module::new(ModuleId(0), dir.clone());
    module.files = ordinary.into_iter().chain(overrides).collect();
    let mut reading = Reading { model, module, problems };
    for raw in base {
        reading.block(raw);
    }
    let Reading { mut module, mut problems, .. } = reading;
    trim(&mut module);
    index(&mut module, &mut problems);
    (module, problems)
}

/// Gives back the room to grow that a small module's lists were made with: most modules are small, and all are kept.
fn trim(module: &mut Module) {
    module.variables.shrink_to_fit();
    module.locals.shrink_to_fit();
    module.resources.shrink_to_fit();
    module.outputs.shrink_to_fit();
    module.calls.shrink_to_fit();
    module.providers.shrink_to_fit();
    module.required_providers.shrink_to_fit();
    module.required_versions.shrink_to_fit();
}

/// `count` and `for_each` exclude each other where one file writes both.
fn exclusive(model: &Model, base: &[Raw], problems: &mut Vec<Problem>) {
    for raw in
        base.iter().filter(|raw| matches!(raw.kind.as_str(), "resource" | "data" | "ephemeral" | "module"))
    {
        let (Some(_), Some(second)) =
            (raw.body.argument(model, "count"), raw.body.argument(model, "for_each"))
        else {
            continue;
        };
        let message = "`count` and `for_each` exclude each other";
        problems.push(structure::wrong(second.file, second.attribute.name.span, message, None));
    }
}

/// Fills the tables of names; what is there already is declared twice.
fn index(module: &mut Module, problems: &mut Vec<Problem>) {
    let Module { names, variables, locals, outputs, calls, resources, checks, providers, .. } = module;
    fill(&mut names.variables, variables.iter().map(|it| &it.named), "variable", problems);
    fill(&mut names.locals, locals.iter().map(|it| &it.named), "local value", problems);
    fill(&mut names.outputs, outputs.iter().map(|it| &it.named), "output", problems);
    fill(&mut names.calls, calls.iter().map(|it| &it.named), "module", problems);
    fill(&mut FxHashMap::default(), checks.iter().map(|it| &it.named), "check", problems);
    for (index, resource) in resources.iter().enumerate() {
        let Some(table) = names.resources.get_mut(resource.mode as usize) else { continue };
        let first = *table
            .entry(resource.ty.clone())
            .or_default()
            .entry(resource.named.name.clone())
            .or_insert(index as u32);
        if let Some(known) = resources.get(first as usize).filter(|_| first as usize != index) {
            let what = format!("{} `{}`", resource.mode.keyword(), resource.address());
            problems.push(duplicate(&what, &resource.named, &known.named));
        }
    }
    let mut configured: FxHashMap<(ArcStr, Option<ArcStr>), &Named> = FxHashMap::default();
    for provider in providers {
        let key = (provider.named.name.clone(), provider.alias.clone());
        match configured.get(&key) {
            Some(first) => {
                let what = match &provider.alias {
                    Some(alias) => format!("the configuration of provider `{}.{alias}`", provider.named.name),
                    None => format!("the default configuration of provider `{}`", provider.named.name),
                };
                problems.push(duplicate(&what, &provider.named, first));
            }
            None => {
                configured.insert(key, &provider.named);
            }
        }
    }
}

fn fill<'a>(
    table: &mut FxHashMap<ArcStr, u32>,
    declared: impl Iterator<Item = &'a Named>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    let declared: Vec<&Named> = declared.collect();
    for (index, named) in declared.iter().enumerate() {
        let first = *table.entry(named.name.clone()).or_insert(index as u32);
        if let Some(known) = declared.get(first as usize).filter(|_| first as usize != index) {
            problems.push(duplicate(&format!("{what} `{}`", named.name), named, known));
        }
    }
}
