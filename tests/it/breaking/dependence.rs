//! Which blocks hang on which, judging by the names that stand in their text: more than is so, never less.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use plangate::source::FileId;
use plangate::syntax::{Tree, parse_hcl};

use super::Said;

/// The blocks of a tree, and who refers to whom.
#[derive(Default)]
pub(super) struct Dependence {
    blocks: Vec<Declared>,
    /// For each block, those that hang on it.
    users: Vec<Vec<usize>>,
    /// For each block, those that it hangs on.
    uses: Vec<Vec<usize>>,
}

struct Declared {
    path: String,
    dir: String,
    range: Range<usize>,
    kind: String,
    /// How others refer to it.
    names: Vec<String>,
    /// The names that stand in it.
    words: BTreeSet<String>,
    /// The directory of the module that it calls.
    calls: Option<String>,
}

impl Declared {
    fn is_about_records(&self) -> bool {
        self.kind == "module" || self.names.iter().any(|name| name.contains("record"))
    }
}

impl Dependence {
    pub(super) fn of(files: &BTreeMap<String, String>) -> Self {
        let mut blocks = Vec::new();
        for (path, text) in files {
            let tree = parse_hcl(FileId(0), Arc::from(text.as_str()));
            let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
            for block in tree.blocks(tree.root) {
                let kind = tree.name(block.kind).to_owned();
                let label = |at| tree.label(block, at).unwrap_or_default();
                let names = match kind.as_str() {
                    "variable" => vec![format!("var.{}", label(0))],
                    "module" => vec![format!("module.{}", label(0))],
                    "data" => vec![format!("data.{}.{}", label(0), label(1))],
                    "resource" => vec![format!("{}.{}", label(0), label(1))],
                    "locals" => tree
                        .attributes(block.body)
                        .map(|local| format!("local.{}", tree.name(local.name)))
                        .collect(),
                    _ => Vec::new(),
                };
                let calls = (kind == "module").then(|| called(&tree, block, &dir)).flatten();
                let range = block.span.start as usize..block.span.end as usize;
                let words = words(&text[range.clone()]);
                blocks.push(Declared {
                    path: path.clone(),
                    dir: dir.clone(),
                    range,
                    kind,
                    names,
                    words,
                    calls,
                });
            }
        }
        let users_of = |used| (0..blocks.len()).filter(|&user| refers(&blocks[user], used)).collect();
        let users: Vec<Vec<usize>> = blocks.iter().map(users_of).collect();
        let mut uses = vec![Vec::new(); blocks.len()];
        for (used, users) in users.iter().enumerate() {
            users.iter().for_each(|&user: &usize| uses[user].push(used));
        }
        Self { blocks, users, uses }
    }

    /// All that hangs on these blocks, at first or at second hand.
    pub(super) fn hanging_on<'a>(
        &self,
        broken: impl Iterator<Item = (&'a str, Range<usize>)>,
    ) -> Hanging<'_> {
        let broken: Vec<_> = broken.collect();
        let mut found: BTreeSet<usize> = (0..self.blocks.len())
            .filter(|&at| {
                let block = &self.blocks[at];
                broken.iter().any(|(path, range)| block.path == *path && block.range == *range)
            })
            .collect();
        let mut next: Vec<usize> = found.iter().copied().collect();
        while let Some(at) = next.pop() {
            next.extend(self.users[at].iter().copied().filter(|&user| found.insert(user)));
        }
        let mut used: BTreeSet<usize> =
            broken.iter().filter_map(|(path, range)| self.at(path, range.start)).collect();
        let mut next: Vec<usize> = used.iter().copied().collect();
        while let Some(at) = next.pop() {
            next.extend(self.uses[at].iter().copied().filter(|&below| used.insert(below)));
        }
        Hanging { dependence: self, found, used }
    }
}

impl Dependence {
    fn at(&self, path: &str, offset: usize) -> Option<usize> {
        self.blocks.iter().position(|block| block.path == path && block.range.contains(&offset))
    }
}

fn refers(user: &Declared, used: &Declared) -> bool {
    if user.dir == used.dir {
        // Versions and configurations of providers hold for a whole module.
        return matches!(used.kind.as_str(), "terraform" | "provider")
            || used.names.iter().any(|name| user.words.contains(name));
    }
    // What is called gets its values from the call, and hands its outputs back.
    used.calls.as_deref() == Some(&*user.dir) && user.kind == "variable"
        || user.calls.as_deref() == Some(&*used.dir) && matches!(used.kind.as_str(), "output" | "variable")
}

fn called(tree: &Tree, block: &plangate::syntax::Block, dir: &str) -> Option<String> {
    let source = tree.attribute(block.body, "source")?;
    let path = tree.slice(tree.span(source.value)).trim_matches('"');
    let mut parts: Vec<&str> = dir.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `var.x`, `data.type.name`: the first two and three steps of all that looks like a reference.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))) {
        let mut dots = word.match_indices('.').map(|(at, _)| at).chain([word.len()]);
        words.extend(dots.nth(1).map(|end| word[..end].to_owned()));
        words.extend(dots.next().map(|end| word[..end].to_owned()));
    }
    words
}

/// What may be said of other blocks only because of broken ones.
pub(super) struct Hanging<'a> {
    dependence: &'a Dependence,
    /// Blocks that hang on broken ones.
    found: BTreeSet<usize>,
    /// Blocks on which broken ones hang.
    used: BTreeSet<usize>,
}

impl Hanging<'_> {
    pub(super) fn holds_place(&self, path: &str, offset: usize) -> bool {
        self.dependence.at(path, offset).is_some_and(|at| self.found.contains(&at))
    }

    /// Whether a finding may be lost.
    pub(super) fn holds(&self, (rule, path, offset, _): &Said) -> bool {
        let blocks = &self.dependence.blocks;
        let mut hanging = self.found.iter().map(|&at| &blocks[at]);
        let Some(at) = self.dependence.at(path, *offset) else {
            // A file of values, or a template, belongs to those who read it.
            return hanging.any(|block| path.starts_with(&format!("{}/", block.dir)));
        };
        match rule.as_str() {
            // Any record may be the alias.
            "missing-dns-alias" => {
                let mut hanging = hanging.chain(self.used.iter().map(|&at| &blocks[at]));
                self.found.contains(&at) || hanging.any(|block| block.is_about_records())
            }
            // What is called may use a provider, or demand a version of it.
            "unpinned-provider" => {
                let mut all = hanging.chain(self.used.iter().map(|&at| &blocks[at]));
                self.found.contains(&at)
                    || all.any(|block| block.kind == "module" && block.dir == blocks[at].dir)
            }
            "unused-declaration" => self.found.contains(&at) || self.used.contains(&at),
            _ => self.found.contains(&at),
        }
    }
}
