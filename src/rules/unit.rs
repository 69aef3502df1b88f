//! Directories that Terragrunt completes: what is written there is not the whole module.

use crate::model::{Model, Module};
use crate::source::split;
use crate::syntax::Tree;

/// The Terragrunt configuration beside a module's files. What it includes may generate provider requirements and more.
pub(super) fn beside<'a>(model: &'a Model, module: &Module) -> Option<&'a Tree> {
    let mut files = model.files_beside(module);
    let file = files.find(|&file| split(&model.sources.get(file).path).1 == "terragrunt.hcl")?;
    model.tree(file)
}

/// Whether a module's files are copied over those of another source before anything is run.
pub(super) fn is_overlay(model: &Model, module: &Module) -> bool {
    beside(model, module).is_some_and(|tree| {
        let mut blocks = tree.blocks_of(tree.root, "terraform");
        blocks.any(|block| tree.attribute(block.body, "source").is_some())
    })
}
