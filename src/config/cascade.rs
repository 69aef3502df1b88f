use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Layer, Located, Settings, UndecidedLevel};
use crate::finding::Severity;
use crate::source::split;

/// The files that hold for a directory: presets and extended files first, then from the outermost to the nearest.
type Chain = Arc<[usize]>;

/// All layers of a run, and which of them hold where.
#[derive(Debug, Default)]
pub(super) struct Cascade {
    pub(super) layers: Vec<Layer>,
    /// The chain of each directory that was looked at.
    pub(super) chains: FxHashMap<String, Chain>,
    merged: Mutex<FxHashMap<Key, Arc<Settings>>>,
}

/// Which layers hold, and which of their `paths` blocks fit (as indexes of layer and block).
type Key = (Chain, Vec<(usize, usize)>);

impl Cascade {
    /// The settings that hold for a file or directory. One whose directory was never looked at has those of the nearest
    /// directory above it that was.
    pub(super) fn settings(&self, path: &str) -> Arc<Settings> {
        let chain = self.chain(path);
        let mut fitting = Vec::new();
        for &index in chain.iter() {
            let blocks = self.layers.get(index).map(|layer| layer.somewhere.as_slice()).unwrap_or_default();
            let fits = blocks.iter().enumerate().filter(|(_, (globs, _))| globs.fit(path));
            fitting.extend(fits.map(|(block, _)| (index, block)));
        }
        let key = (chain, fitting);
        let mut merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(settings) = merged.get(&key) {
            return settings.clone();
        }
        let settings = Arc::new(self.merge(&key));
        merged.insert(key, settings.clone());
        settings
    }

    fn chain(&self, path: &str) -> Chain {
        let mut directory = path;
        loop {
            if let Some(chain) = self.chains.get(directory) {
                return chain.clone();
            }
            if directory.is_empty() {
                return Arc::default();
            }
            directory = split(directory).0;
        }
    }

    fn merge(&self, (chain, fitting): &Key) -> Settings {
        let mut settings = Settings {
            rules: std::collections::BTreeMap::new(),
            threshold: Located::unwritten(Severity::Error),
            undecided: Located::unwritten(UndecidedLevel::Warn),
            variables: Vec::new(),
            var_files: Vec::new(),
            variants: Vec::new(),
            module_sources: Vec::new(),
            terragrunt: super::Terragrunt::default(),
        };
        for &index in chain.iter() {
            let Some(layer) = self.layers.get(index) else { continue };
            layer.everywhere.apply(&mut settings);
            for &(_, block) in fitting.iter().filter(|(of, _)| *of == index) {
                if let Some((_, scope)) = layer.somewhere.get(block) {
                    scope.apply(&mut settings);
                }
            }
        }
        settings
    }
}
