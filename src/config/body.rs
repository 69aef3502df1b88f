use serde::de::DeserializeOwned;

use super::literal::{add, at, read};
use super::{Entry, Located, Setting, SettingKind, from_setting};
use crate::eval::Problem;
use crate::suggest::{did_you_mean, one_of};
use crate::syntax::{Block, BodyId, Tree};

/// A body that is being read: what is taken out of it is known, what is left at the end is a mistake.
pub(super) struct BodyReader<'t> {
    tree: &'t Tree,
    entries: Vec<Entry>,
    blocks: Vec<&'t Block>,
    /// What is spoken of, for suggestions.
    attribute_names: Vec<&'static str>,
    block_names: Vec<&'static str>,
}

impl<'t> BodyReader<'t> {
    /// Reads all attributes of a body.
    pub(super) fn new(tree: &'t Tree, body: BodyId, problems: &mut Vec<Problem>) -> Self {
        let mut entries = Vec::new();
        for attribute in tree.attributes(body) {
            if let Some(value) = read(tree, attribute.value, problems) {
                let key_location = Some(at(tree, attribute.name.span));
                add(
                    &mut entries,
                    Entry { key: tree.name(attribute.name).into(), key_location, value },
                    problems,
                );
            }
        }
        let blocks = tree.blocks(body).collect();
        Self { tree, entries, blocks, attribute_names: Vec::new(), block_names: Vec::new() }
    }

    /// Takes an attribute, still as it is written.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Entry> {
        self.attribute_names.push(name);
        let index = self.entries.iter().position(|entry| entry.key == name)?;
        Some(self.entries.remove(index))
    }

    /// Takes an attribute of that type.
    pub(super) fn get<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Located<T>> {
        let entry = self.take(name)?;
        match from_setting(&entry.value) {
            Ok(value) => Some(Located::new(value, entry.value.location)),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    /// Takes a list of texts, each with its place.
    pub(super) fn texts(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<Located<String>>> {
        let entry = self.take(name)?;
        let SettingKind::List(elements) = &entry.value.kind else {
            if let Some(location) = entry.value.location {
                let message = format!("expected a list of strings, found {}", entry.value.words());
                problems.push(Problem::new(location, message));
            }
            return None;
        };
        Some(elements.iter().filter_map(|element| text(element, problems)).collect())
    }

    /// Takes the blocks of a type.
    pub(super) fn blocks(&mut self, kind: &'static str) -> Vec<&'t Block> {
        self.block_names.push(kind);
        let (taken, left) = self.blocks.iter().partition(|block| self.tree.name(block.kind) == kind);
        self.blocks = left;
        taken
    }

    /// What was not taken: each is a mistake.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) {
        for entry in &self.entries {
            let Some(location) = entry.key_location else { continue };
            let problem = Problem::new(location, format!("there is no setting `{}` here", entry.key));
            let block = self.block_names.iter().find(|name| **name == entry.key);
            problems.push(match block {
                Some(name) => problem.with_help(format!("`{name}` is a block: leave out the `=`")),
                None => problem.with_help(self.suggestion(&entry.key, &self.attribute_names)),
            });
        }
        for block in &self.blocks {
            let name = self.tree.name(block.kind);
            let problem =
                Problem::new(at(self.tree, block.kind.span), format!("there is no block `{name}` here"));
            let attribute = self.attribute_names.contains(&name);
            problems.push(if attribute {
                problem.with_help(format!("`{name}` is a setting: write `{name} = …`"))
            } else {
                problem.with_help(self.suggestion(name, &self.block_names))
            });
        }
    }

    fn suggestion(&self, written: &str, names: &[&'static str]) -> String {
        let all = self.attribute_names.iter().chain(&self.block_names).copied();
        did_you_mean(written, all).unwrap_or_else(|| match names {
            [] => "nothing of that kind may stand here".to_owned(),
            names => one_of("there is", names),
        })
    }

    /// What was not taken, blocks included, as the options of a rule: blocks of one type without labels become a list of
    /// maps, those with a label a map by label.
    pub(super) fn into_options(self, problems: &mut Vec<Problem>) -> Vec<Entry> {
        let mut options = self.entries;
        for block in self.blocks {
            add_block(&mut options, self.tree, block, problems);
        }
        options
    }
}

/// A text, or a problem.
pub(super) fn text(setting: &Setting, problems: &mut Vec<Problem>) -> Option<Located<String>> {
    match from_setting::<String>(setting) {
        Ok(value) => Some(Located::new(value, setting.location)),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// The one label that a block must have.
pub(super) fn label(
    tree: &Tree,
    block: &Block,
    what: &str,
    problems: &mut Vec<Problem>,
) -> Option<Located<String>> {
    match tree.labels(block) {
        [label] => Some(Located::new(tree.text(label.text).to_owned(), Some(at(tree, label.span)))),
        _ => {
            let kind = tree.name(block.kind);
            let problem = Problem::new(at(tree, block.header), format!("a `{kind}` block has one label"));
            problems.push(problem.with_help(format!("write `{kind} \"{what}\" {{ … }}`")));
            None
        }
    }
}

fn add_block(into: &mut Vec<Entry>, tree: &Tree, block: &Block, problems: &mut Vec<Problem>) {
    let key_location = Some(at(tree, block.kind.span));
    let key = tree.name(block.kind);
    let value = block_setting(tree, block, problems);
    let first_label = tree.labels(block).first();
    if let Some(extra) = tree.labels(block).get(1) {
        problems.push(Problem::new(at(tree, extra.span), "a block of a rule has one label at most"));
    }
    let labelled = first_label.map(|label| Entry {
        key: tree.text(label.text).into(),
        key_location: Some(at(tree, label.span)),
        value: value.clone(),
    });
    let existing = into.iter_mut().find(|entry| entry.key == key);
    let location = existing.as_ref().and_then(|entry| entry.key_location).or(key_location);
    match (existing.map(|entry| &mut entry.value.kind), labelled) {
        (Some(SettingKind::Map(entries)), Some(labelled)) => add(entries, labelled, problems),
        (Some(SettingKind::List(elements)), None) => elements.push(value),
        (Some(_), _) => {
            let problem = Problem::new(at(tree, block.header), format!("`{key}` is set in two ways"));
            problems.push(match location {
                Some(location) => problem.with_label(location, "first set here"),
                None => problem,
            });
        }
        (None, labelled) => {
            let kind = match labelled {
                Some(labelled) => SettingKind::Map(vec![labelled]),
                None => SettingKind::List(vec![value]),
            };
            let value = Setting::at(at(tree, block.header), kind);
            into.push(Entry { key: key.into(), key_location, value });
        }
    }
}

fn block_setting(tree: &Tree, block: &Block, problems: &mut Vec<Problem>) -> Setting {
    let body = BodyReader::new(tree, block.body, problems);
    // The parser bounds how deep blocks lie in each other.
    Setting::at(at(tree, block.header), SettingKind::Map(body.into_options(problems)))
}
