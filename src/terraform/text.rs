//! Texts that the configuration reads: templates, scripts, settings.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::bounds::TEXT_BYTES;
use super::load::path_of;
use crate::model::Model;
use crate::source::{SourceFile, Workspace};

/// Adds the texts that evaluations read to the model, so that rules can look through them. What is no text or too long
/// stays out.
pub(super) fn add(workspace: &Workspace, model: &mut Model) {
    let asked: FxHashSet<&str> = workspace.directories().into_iter().collect();
    let known: FxHashSet<&str> = model.sources.iter().map(|(_, source)| source.path.as_str()).collect();
    // Sorted, so that ids are the same in each run.
    let mut wanted: BTreeMap<&str, bool> = BTreeMap::new();
    for root in &model.roots {
        let whole = asked.contains(path_of(&model.module(root.module).dir));
        for path in root.reads.files().filter(|path| !known.contains(path)) {
            *wanted.entry(path).or_insert_with(|| lies_below(path, &asked)) |= whole;
        }
    }
    let wanted: Vec<(&str, bool)> = wanted.into_iter().collect();
    let texts: Vec<(SourceFile, bool)> = wanted
        .par_iter()
        // What cannot be read, the call that reads it says.
        .filter_map(|&(path, selected)| Some((workspace.read(path).ok()?, selected)))
        .filter(|(source, _)| source.text.len() <= TEXT_BYTES)
        .collect();
    for (source, selected) in texts {
        model.add_text(source, selected);
    }
}

/// Whether a file lies in one of these directories or below.
fn lies_below(path: &str, directories: &FxHashSet<&str>) -> bool {
    let parents = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    [""].into_iter().chain(parents).any(|directory| directories.contains(directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_a_directory() {
        let directories = ["a/b"].into_iter().collect();
        for (path, expected) in [
            ("a/b/c.tpl", true),
            ("a/b/c/d.tpl", true),
            ("a/bc/d.tpl", false),
            ("a/b", false),
            ("c.tpl", false),
        ] {
            assert_eq!(lies_below(path, &directories), expected, "{path}");
        }
        assert!(lies_below("c.tpl", &[""].into_iter().collect()));
    }
}
