//! What all units of a run share.

use std::sync::{Arc, PoisonError, RwLock};

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::document::Library;
use super::ground::Ground;
use super::read::ReadFile;
use super::settings::Settings;
use super::stack::{Component, Stack};
use super::trace::Memory;
use crate::model::Model;
use crate::source::{Workspace, join};
use crate::value::Value;

/// What all units of a run share.
pub(super) struct Run<'m> {
    pub(super) library: Library<'m>,
    pub(super) ground: Ground<'m>,
    pub(super) settings: &'m Settings,
    /// The stacks, by directory.
    pub(super) stacks: FxHashMap<ArcStr, Stack>,
    /// What stacks generate, by directory: the stack's, and which of its components.
    pub(super) generated: FxHashMap<ArcStr, (ArcStr, usize)>,
    /// Values of included files that units share.
    pub(super) memory: Memory,
    kept: RwLock<FxHashMap<ArcStr, Arc<ReadFile>>>,
}

impl<'m> Run<'m> {
    pub(super) fn new(workspace: &'m Workspace, model: &Model, settings: &'m Settings) -> Self {
        Self {
            library: Library::new(workspace, model),
            ground: Ground::new(workspace),
            settings,
            stacks: FxHashMap::default(),
            generated: FxHashMap::default(),
            memory: Memory::default(),
            kept: RwLock::default(),
        }
    }

    /// What a stack says of a directory that it generates.
    pub(super) fn component(&self, dir: &str) -> Option<&Component> {
        let (stack, index) = self.generated.get(dir)?;
        self.stacks.get(stack)?.components.get(*index)
    }

    /// The values that a stack hands to a directory that it generates.
    pub(super) fn given_values(&self, dir: &str) -> Option<&Value> {
        self.component(dir)?.values.as_ref()
    }

    /// The file of a unit's directory: JSON comes first.
    pub(super) fn configuration(&self, dir: &str) -> Option<ArcStr> {
        let names = ["terragrunt.hcl.json", "terragrunt.hcl"];
        let mut paths = names.iter().map(|name| join(dir, name));
        paths.find(|path| self.ground.is_file(path)).map(ArcStr::from)
    }

    pub(super) fn is_unit(&self, dir: &str) -> bool {
        self.configuration(dir).is_some()
    }

    /// Whether there is a unit or a stack in a directory.
    pub(super) fn has_configuration(&self, dir: &str) -> bool {
        self.is_unit(dir) || self.ground.is_file(&join(dir, super::STACK_NAME))
    }

    /// A file that was read before.
    pub(super) fn kept(&self, path: &str) -> Option<Arc<ReadFile>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    pub(super) fn keep(&self, path: ArcStr, file: Arc<ReadFile>) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).insert(path, file);
    }
}
