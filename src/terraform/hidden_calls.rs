//! Calls that broken syntax may hide.

use crate::model::{Model, ModuleId};
use crate::source::resolve;

/// Marks the modules whose directories something damaged in another module names: it may be a call.
pub(super) fn mark(model: &mut Model) {
    let mut named: Vec<ModuleId> = Vec::new();
    for module in &model.modules {
        let own = if module.dir == "." { "" } else { module.dir.as_str() };
        for tree in module.files.iter().filter_map(|&file| model.tree(file)) {
            let words = tree.damaged_text().flat_map(words);
            let found = words.filter_map(|word| model.module_at(&directory(own, word)?));
            named.extend(found.map(|found| found.id).filter(|&id| id != module.id));
        }
    }
    for id in named {
        if let Some(module) = model.modules.get_mut(id.0 as usize) {
            module.perhaps_called = true;
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')))
}

/// The directory that a relative path names, whatever was put in front of it.
fn directory(own: &str, word: &str) -> Option<String> {
    let at = word.find("./")?;
    let at = if word[..at].ends_with('.') { at - 1 } else { at };
    let found = resolve(own, word.get(at..)?)?;
    Some(if found.is_empty() { ".".to_owned() } else { found })
}
