//! `dependency` blocks: other units whose outputs a unit uses.

use std::rc::Rc;

use arcstr::ArcStr;

use super::config::Config;
use super::evaluation::Evaluation;
use super::ground::way;
use super::include::Strategy;
use super::merge;
use super::schema::{DEPENDENCY, Phase};
use super::section::{Block, Section};
use super::settings::Outputs;
use crate::eval::{Failed, Log, Problem, Reference};
use crate::source::{EntryKind, Location, split};
use crate::suggest::did_you_mean;
use crate::value::{Exact, Identity, Type, Value};

/// The block that makes several of one dependency.
const EXPANSION: &str = "expansion";

/// What is known of a unit's dependencies.
#[derive(Default)]
pub(super) enum Dependencies {
    #[default]
    Open,
    /// They are being read.
    Busy,
    Done(Rc<Resolved>),
}

/// The dependencies of a unit.
pub(super) struct Resolved {
    /// Those that count, one for each label.
    pub(super) blocks: Vec<Block>,
    /// Where all those lead that are written, also what another of the same label replaces.
    pub(super) edges: Vec<ArcStr>,
    /// What `dependency` is.
    pub(super) value: Value,
}

impl<'m> Evaluation<'_, 'm> {
    /// What `dependency` is.
    pub(super) fn dependency_value(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Value, Failed> {
        match self.dependencies() {
            Some(resolved) => Ok(resolved.value.clone()),
            None => {
                let message = "dependencies hang on what hangs on them";
                Err(log.report(Problem::new(reference.location, message)))
            }
        }
    }

    /// The dependencies of the unit and of what it includes; `None` while they are being read.
    pub(super) fn dependencies(&self) -> Option<Rc<Resolved>> {
        match &*self.dependencies.borrow() {
            Dependencies::Done(resolved) => return Some(resolved.clone()),
            Dependencies::Busy => return None,
            Dependencies::Open => {}
        }
        *self.dependencies.borrow_mut() = Dependencies::Busy;
        let resolved = Rc::new(self.resolve_dependencies());
        *self.dependencies.borrow_mut() = Dependencies::Done(resolved.clone());
        Some(resolved)
    }

    fn resolve_dependencies(&self) -> Resolved {
        let mut merged = self.written(&self.own);
        let mut edges = self.targets(&merged);
        merged.blocks = last_of_each(merged.blocks);
        for include in self.includes.iter().rev() {
            let Some(config) = include.config.as_ref().filter(|_| include.strategy != Strategy::None) else {
                continue;
            };
            let mut parent = self.written(config);
            // What a shallow merge replaces leads on to where it led.
            let is_replaced = |block: &Block| {
                include.strategy == Strategy::Deep
                    && merged.blocks.iter().any(|known| known.label == block.label)
            };
            let kept = parent.blocks.iter().filter(|block| !is_replaced(block)).cloned().collect();
            edges.extend(self.targets(&Section { fields: Vec::new(), blocks: kept }));
            parent.blocks = last_of_each(parent.blocks);
            merged = match include.strategy {
                Strategy::Deep => merge::deep(parent, merged, &mut |problem| self.report([problem])),
                _ => merge::shallow(parent, merged, &mut |problem| self.report([problem])),
            };
        }
        if let Some(auto) = &self.auto {
            let mut added = self.written(auto);
            let own = self.targets(&added);
            added.blocks = last_of_each(added.blocks);
            // What the stack says of a label takes the place of what the unit says of it.
            for block in &added.blocks {
                let replaced = merged.blocks.iter().find(|known| known.label == block.label);
                if let Some(target) = replaced.and_then(|block| self.target(block)) {
                    edges.retain(|edge| *edge != target);
                }
            }
            edges.extend(own);
            merged = merge::shallow(merged, added, &mut |problem| self.report([problem]));
        }
        edges.sort();
        edges.dedup();
        let entries = merged.blocks.iter().map(|block| {
            if block.section.block(EXPANSION).is_some() {
                let exact = Exact::new(self.scope(), format!("dependency.{}", block.label));
                return (block.label.clone(), not_known(exact));
            }
            let inputs = (arcstr::literal!("inputs"), Value::null());
            let outputs = (arcstr::literal!("outputs"), self.outputs(block));
            (block.label.clone(), Value::object(vec![inputs, outputs]))
        });
        let value = Value::object(entries.collect());
        Resolved { blocks: merged.blocks, edges, value }
    }

    /// The dependencies that one file declares.
    fn written(&self, config: &Config) -> Section {
        Section { fields: Vec::new(), blocks: self.all_dependency_blocks(config) }
    }

    /// Where dependencies lead that are not switched off.
    fn targets(&self, section: &Section) -> Vec<ArcStr> {
        let off = |block: &Block| block.section.get("enabled").and_then(Value::as_bool) == Some(false);
        let enabled = section.blocks.iter().filter(|block| !off(block));
        enabled.filter_map(|block| self.target(block)).collect()
    }

    /// The `dependency` blocks of one file that count, evaluated.
    pub(super) fn dependency_blocks_of(&self, config: &Config) -> Vec<Block> {
        last_of_each(self.all_dependency_blocks(config))
    }

    /// The `dependency` blocks of one file, evaluated.
    fn all_dependency_blocks(&self, config: &Config) -> Vec<Block> {
        let tree = &config.document.tree;
        let mut blocks: Vec<Block> = Vec::new();
        for block in tree.blocks(config.body).filter(|block| tree.name(block.kind) == "dependency") {
            let label = ArcStr::from(tree.label(block, 0).unwrap_or_default());
            let header = config.document.at(block.header);
            if let Some(expansion) = tree.blocks_of(block.body, "expansion").next() {
                blocks.push(self.several(label, header, config.document.at(expansion.header)));
                continue;
            }
            let mut section = self.fields(config, block.body, &DEPENDENCY, Phase::Early);
            self.turn_relative(config, &mut section);
            blocks.push(Block { kind: "dependency", label, header, section });
        }
        blocks
    }

    /// A dependency that stands for several: which units those are, and what they give, is not known.
    fn several(&self, label: ArcStr, header: Location, expansion: Location) -> Block {
        if !self.run.settings.has_experiment("block-iteration") {
            self.wrong(expansion, "`expansion` needs the experiment `block-iteration`");
        }
        let block =
            Block { kind: EXPANSION, label: ArcStr::new(), header: expansion, section: Section::default() };
        let section = Section { fields: Vec::new(), blocks: vec![block] };
        Block { kind: "dependency", label, header, section }
    }

    /// What a stack adds is written where the unit is: the way to another of its components becomes a relative one.
    fn turn_relative(&self, config: &Config, section: &mut Section) {
        let Some(path) = section.text("config_path").filter(|path| path.starts_with('/')) else { return };
        if config.functions_at.is_none() {
            return;
        }
        if let Some(target) = self.run.ground.resolve(&self.dir, path) {
            let origin = section.get("config_path").map(Value::origin).unwrap_or_default();
            section.set("config_path", Value::text(&way(&self.dir, &target)).with_origin(origin));
        }
    }

    /// The directory that a dependency leads to, if it is known and in the repository.
    pub(super) fn target(&self, block: &Block) -> Option<ArcStr> {
        let path = block.section.text("config_path")?;
        let path = self.run.ground.resolve(&self.dir, path)?;
        let (directory, name) = split(&path);
        let names_file =
            matches!(name, "terragrunt.hcl" | "terragrunt.hcl.json") && self.run.ground.is_file(&path);
        Some(if names_file { directory.into() } else { path.into() })
    }

    /// Whether a dependency is switched off, or its outputs are never asked for.
    fn is_idle(block: &Block) -> bool {
        block.section.get("enabled").and_then(Value::as_bool) == Some(false)
            || block.section.get("skip_outputs").and_then(Value::as_bool) == Some(true)
    }

    /// What stands for the outputs of a dependency.
    fn outputs(&self, block: &Block) -> Value {
        let mocks = block.section.get("mock_outputs").cloned();
        if Self::is_idle(block) {
            return mocks.unwrap_or_else(|| Value::object(Vec::new()));
        }
        match (self.run.settings.outputs, mocks) {
            (Outputs::Mocks, Some(mocks)) => mocks,
            _ => self.real_outputs(block),
        }
    }

    fn real_outputs(&self, block: &Block) -> Value {
        let Some(target) = self.target(block) else {
            let address = format!("dependency.{}.outputs", block.label);
            return not_known(Exact::new(self.scope(), address));
        };
        let of = |unit: &str| {
            let scope = if unit.is_empty() { "." } else { unit };
            if let Some(known) = self.outputs.and_then(|outputs| outputs.get(scope)) {
                return known.clone();
            }
            not_known(Exact::new(scope, "output"))
        };
        // Outputs of a stack are those of its units, by name.
        match self.run.stacks.get(&target) {
            Some(stack) if !self.run.is_unit(&target) => {
                let units = stack.components.iter().filter(|component| component.is_unit);
                Value::object(units.map(|unit| (unit.name.clone(), of(&unit.dir))).collect())
            }
            _ => of(&target),
        }
    }

    /// Which dependencies lead nowhere.
    pub(super) fn astray_dependencies(&self, resolved: &Resolved) -> Vec<Problem> {
        let astray = |block: &Block| {
            let path = block.section.get("config_path").and_then(Value::as_str)?;
            let disabled = block.section.get("enabled").and_then(Value::as_bool) == Some(false);
            if path.is_empty() && !disabled {
                let message = format!("the `config_path` of `{}` is empty", block.label);
                return Some(Problem::new(block.header, message));
            }
            if path.is_empty() || Self::is_idle(block) {
                return None;
            }
            let Some(target) = self.target(block) else {
                return Some(Problem::new(block.header, format!("`{path}` leads out of the repository")));
            };
            let ground = &self.run.ground;
            let is_there = ground.kind(&target) == Some(EntryKind::Directory)
                && (self.run.stacks.contains_key(&target) || self.run.has_configuration(&target));
            let shown = if target.is_empty() { "." } else { target.as_str() };
            let message = format!("there is no unit in `{shown}`, which `{}` depends on", block.label);
            let help = if is_there { None } else { self.beside(&target) };
            (!is_there).then(|| Problem { help, ..Problem::new(block.header, message) })
        };
        resolved.blocks.iter().filter_map(astray).collect()
    }

    /// What stands for the outputs of a stack stands for those of its units, by name.
    pub(super) fn judge_mocks(&self, resolved: &Resolved) {
        for block in resolved.blocks.iter().filter(|block| !Self::is_idle(block)) {
            let mocks = block.section.get("mock_outputs");
            let is_wrong =
                mocks.is_some_and(|mocks| mocks.entries().is_none() && mocks.as_unknown().is_none());
            let is_stack =
                |target: &ArcStr| self.run.stacks.contains_key(target) && !self.run.is_unit(target);
            if is_wrong && self.target(block).is_some_and(|target| is_stack(&target)) {
                let message = "outputs of a stack are those of its units: `mock_outputs` must be an object";
                self.wrong(block.header, message);
            }
        }
    }
}

impl Evaluation<'_, '_> {
    /// The directory beside one that is not there that may have been meant.
    fn beside(&self, target: &str) -> Option<String> {
        let (above, name) = split(target);
        let entries = self.run.ground.list(above).ok()?;
        let directories = entries.iter().filter(|entry| entry.kind == Ok(EntryKind::Directory));
        did_you_mean(name, directories.map(|entry| entry.name.as_str()))
    }
}

/// Of one label the last counts.
fn last_of_each(blocks: Vec<Block>) -> Vec<Block> {
    let mut kept: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match kept.iter_mut().find(|known| known.label == block.label) {
            Some(known) => *known = block,
            None => kept.push(block),
        }
    }
    kept
}

/// Outputs that are not known; there are some, whatever they are.
fn not_known(exact: Exact) -> Value {
    Value::unknown_of(Type::Dynamic, Identity::Exact(exact.into()))
}
