use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::cascade::Cascade;
use super::presets::{DEFAULT, PRESETS};
use super::{Layer, LayerOrigin, Located, RuleBlock, Scope, Settings, read};
use crate::eval::Problem;
use crate::source::{
    EntryKind, FileId, ReadError, Reader, SETTINGS_NAME, SourceFile, Sources, join, resolve, split, text,
};
use crate::suggest::did_you_mean;
use crate::syntax::parse_hcl;

/// All configuration of a run.
#[derive(Debug, Default)]
pub struct Config {
    /// The files that were read, presets too: what the places in settings and problems refer to.
    pub sources: Sources,
    /// What is wrong with them. With any, nothing should be judged.
    pub problems: Vec<Problem>,
    cascade: Cascade,
    /// Layers by where they come from; `None` for a directory without a file.
    known: FxHashMap<LayerOrigin, Option<usize>>,
    /// By directory: the files that hold in it, from the outermost to the nearest.
    files: FxHashMap<String, Arc<[usize]>>,
    /// The one file that counts instead of those that would be found.
    given: Option<usize>,
}

impl Config {
    /// The presets alone, for what has no files.
    #[must_use]
    pub fn built_in() -> Self {
        let mut config = Self::default();
        let chain = config.chain(None, &[]);
        config.cascade.chains.insert(String::new(), chain);
        config
    }

    /// Uses one file for everything, instead of looking for files.
    pub fn use_file(&mut self, reader: &dyn Reader, path: &str) -> Result<(), ReadError> {
        self.given = Some(self.file(reader, path)?);
        Ok(())
    }

    /// Finds and reads the files that hold for these directories (relative to the repository's top, which is the empty
    /// path). May be called again for more directories. Those that lie beside the repository have the settings of its
    /// top: who writes them has no say here.
    pub fn look_in<'d>(&mut self, reader: &dyn Reader, directories: impl IntoIterator<Item = &'d str>) {
        self.look_at(reader, "");
        for directory in directories {
            let mut above = if directory == "." || directory.starts_with("..") { "" } else { directory };
            let mut new = Vec::new();
            while !self.cascade.chains.contains_key(above) {
                new.push(above);
                above = split(above).0;
            }
            // The outermost first: what holds in a directory holds in those below it.
            new.into_iter().rev().for_each(|directory| self.look_at(reader, directory));
        }
    }

    fn look_at(&mut self, reader: &dyn Reader, directory: &str) {
        if self.cascade.chains.contains_key(directory) {
            return;
        }
        let own = self.given.or_else(|| self.beside(reader, directory));
        let above = if directory.is_empty() { None } else { Some(split(directory).0) };
        let above = above.and_then(|above| {
            Some((self.files.get(above)?.clone(), self.cascade.chains.get(above)?.clone()))
        });
        let (files, chain) = match (own, above) {
            (None, Some(above)) => above,
            (own, above) => {
                let layer = own.and_then(|index| self.cascade.layers.get(index));
                let stops = self.given.is_some() || layer.is_some_and(|layer| layer.root);
                let above = above.filter(|_| !stops).map_or_else(Vec::new, |(files, _)| files.to_vec());
                let files: Arc<[usize]> = above.into_iter().chain(own).collect();
                let chain = self.chain(Some(reader), &files);
                (files, chain)
            }
        };
        self.files.insert(directory.to_owned(), files);
        self.cascade.chains.insert(directory.to_owned(), chain);
    }

    /// The settings that hold for a file or directory.
    #[must_use]
    pub fn settings(&self, path: &str) -> Arc<Settings> {
        self.cascade.settings(if path == "." { "" } else { path })
    }

    /// Every `rule` block that was read: whoever knows the rules checks them.
    pub fn rule_blocks(&self) -> impl Iterator<Item = &RuleBlock> {
        self.cascade.layers.iter().flat_map(scopes_of).flat_map(|scope| &scope.rules)
    }

    /// Where a place in a setting comes from, for people: `preset recommended`, `plangate.hcl:3`.
    #[must_use]
    pub fn provenance<T>(&self, located: &Located<T>) -> String {
        let Some(location) = located.location else { return "default".to_owned() };
        let file = self.sources.get(location.file);
        let preset = PRESETS.iter().find(|(name, _)| preset_path(name) == file.path);
        match preset {
            Some((name, _)) => format!("preset {name}"),
            None => format!("{}:{}", file.path, file.line_column(location.span.start).line),
        }
    }

    /// The layers in force: what is extended first, then the files from the outermost to the nearest.
    fn chain(&mut self, reader: Option<&dyn Reader>, files: &[usize]) -> Arc<[usize]> {
        let extends = files.iter().rev().find_map(|&index| {
            let layer = self.cascade.layers.get(index)?;
            Some((layer.origin.clone(), layer.extends.clone()?))
        });
        let mut chain = Vec::new();
        match extends {
            Some((origin, extends)) => self.extended(reader, &origin, &extends, &mut Vec::new(), &mut chain),
            None => chain.extend(self.preset(DEFAULT)),
        }
        // A file may be found and extended as well; it counts where it was found.
        chain.retain(|index| !files.contains(index));
        chain.extend_from_slice(files);
        chain.into()
    }

    fn extended(
        &mut self,
        reader: Option<&dyn Reader>,
        origin: &LayerOrigin,
        extends: &[Located<String>],
        path: &mut Vec<LayerOrigin>,
        chain: &mut Vec<usize>,
    ) {
        path.push(origin.clone());
        for extend in extends {
            let Some(index) = self.extension(reader, origin, extend) else { continue };
            let Some(layer) = self.cascade.layers.get(index) else { continue };
            if path.contains(&layer.origin) {
                if let Some(location) = extend.location {
                    self.problem(Problem::new(location, "this file extends itself"));
                }
                continue;
            }
            let (origin, inner) = (layer.origin.clone(), layer.extends.clone().unwrap_or_default());
            self.extended(reader, &origin, &inner, path, chain);
            chain.retain(|&other| other != index);
            chain.push(index);
        }
        path.pop();
    }

    /// The layer that `extends` names: a preset, or a file (anything with a slash or a dot).
    fn extension(
        &mut self,
        reader: Option<&dyn Reader>,
        origin: &LayerOrigin,
        extend: &Located<String>,
    ) -> Option<usize> {
        let name = extend.value.as_str();
        if !name.contains(['/', '.']) {
            let found = self.preset(name);
            if found.is_none()
                && let Some(location) = extend.location
            {
                let names = PRESETS.iter().map(|(name, _)| *name);
                let help = did_you_mean(name, names).unwrap_or_else(|| {
                    let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
                    format!(
                        "{}; a file is named with its path: \"./{name}.hcl\"",
                        crate::suggest::one_of("there is", &names)
                    )
                });
                self.problem(Problem::new(location, format!("there is no preset `{name}`")).with_help(help));
            }
            return found;
        }
        let directory = match origin {
            LayerOrigin::File(path) => split(path).0,
            LayerOrigin::Preset(_) => "",
        };
        let read = match (reader, resolve(directory, name)) {
            (Some(reader), Some(path)) => self.file(reader, &path),
            _ => Err(ReadError::Outside),
        };
        match (read, extend.location) {
            (Ok(index), _) => Some(index),
            (Err(error), Some(location)) => {
                self.problem(Problem::new(location, format!("`{name}` {error}")));
                None
            }
            (Err(_), None) => None,
        }
    }

    fn problem(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The file in a directory, if there is one.
    fn beside(&mut self, reader: &dyn Reader, directory: &str) -> Option<usize> {
        let path = join(directory, SETTINGS_NAME);
        let origin = LayerOrigin::File(path.clone());
        if let Some(&known) = self.known.get(&origin) {
            return known;
        }
        // A directory is listed once in a run, so that most are known to hold no such file.
        let kind = match reader.list(directory) {
            Ok(entries) => entries
                .binary_search_by(|entry| entry.name.as_str().cmp(SETTINGS_NAME))
                .map_or(Err(ReadError::Missing), |at| entries[at].kind.clone()),
            Err(_) => reader.kind(&path),
        };
        match kind {
            Err(ReadError::Missing | ReadError::NotDirectory) | Ok(EntryKind::Directory) => {
                self.known.insert(origin, None);
                None
            }
            _ => match self.file(reader, &path) {
                Ok(index) => Some(index),
                Err(error) => {
                    self.known.insert(origin, None);
                    // A configuration that cannot be read must not count as one that says nothing.
                    self.problems.push(Problem {
                        location: None,
                        message: format!("`{path}` {error}"),
                        help: None,
                        labels: Vec::new(),
                        absent: false,
                    });
                    None
                }
            },
        }
    }

    fn file(&mut self, reader: &dyn Reader, path: &str) -> Result<usize, ReadError> {
        let origin = LayerOrigin::File(path.to_owned());
        if let Some(&Some(index)) = self.known.get(&origin) {
            return Ok(index);
        }
        let text = text(reader.read(path)?)?;
        Ok(self.read(origin, SourceFile::new(path, reader.absolute(path), text)))
    }

    fn preset(&mut self, name: &str) -> Option<usize> {
        let (name, text) = PRESETS.iter().find(|(other, _)| *other == name)?;
        let origin = LayerOrigin::Preset(name);
        if let Some(&Some(index)) = self.known.get(&origin) {
            return Some(index);
        }
        Some(self.read(origin, SourceFile::new(preset_path(name), None, (*text).into())))
    }

    fn read(&mut self, origin: LayerOrigin, file: SourceFile) -> usize {
        let text = file.text.clone();
        let id: FileId = self.sources.add(file);
        let layer = read::layer(&parse_hcl(id, text), origin.clone(), &mut self.problems);
        let index = self.cascade.layers.len();
        self.cascade.layers.push(layer);
        self.known.insert(origin, Some(index));
        index
    }
}

fn preset_path(name: &str) -> String {
    format!("<preset {name}>")
}

fn scopes_of(layer: &Layer) -> impl Iterator<Item = &Scope> {
    std::iter::once(&layer.everywhere).chain(layer.somewhere.iter().map(|(_, scope)| scope))
}
