//! `include` blocks, and the files that they lead to.

use arcstr::ArcStr;

use super::config::Config;
use super::document::Role;
use super::evaluation::Evaluation;
use super::schema::{INCLUDE, Phase};
use crate::eval::Problem;
use crate::model::Read;
use crate::source::{EntryKind, FileKind, Location, ReadError, split};
use crate::value::Value;

/// How an included file and the unit's own become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Strategy {
    /// They do not.
    None,
    /// By name at the top.
    Shallow,
    /// By name, all the way down.
    Deep,
}

impl Strategy {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::None => "no_merge",
            Self::Shallow => "shallow",
            Self::Deep => "deep",
        }
    }
}

/// One `include`.
#[derive(Debug)]
pub(super) struct Include {
    /// Empty if it has none.
    pub(super) label: ArcStr,
    pub(super) header: Location,
    /// The file, relative to the repository; `None` if that is not known.
    pub(super) path: Option<ArcStr>,
    pub(super) strategy: Strategy,
    pub(super) expose: bool,
    /// The file, if it is there.
    pub(super) config: Option<Config>,
}

impl<'m> Evaluation<'_, 'm> {
    /// The includes of a file, in the order of the text.
    pub(super) fn read_includes(&self, config: &Config) -> Vec<Include> {
        let tree = &config.document.tree;
        let mut found: Vec<Include> = Vec::new();
        for block in tree.blocks(config.body).filter(|block| tree.name(block.kind) == "include") {
            let header = config.document.at(block.header);
            let label = tree.label(block, 0).unwrap_or_default();
            if label.is_empty() && found.iter().any(|known| known.label.is_empty()) {
                self.wrong(header, "only one include may be without a label");
                continue;
            }
            let section = self.fields(config, block.body, &INCLUDE, Phase::Include);
            let strategy = match section.get("merge_strategy").and_then(Value::as_str) {
                None | Some("shallow") => Strategy::Shallow,
                Some("no_merge") => Strategy::None,
                Some("deep") => Strategy::Deep,
                Some(other) => {
                    let message = format!("there is no merge strategy `{other}`");
                    let help = "there are no_merge, shallow and deep";
                    self.report([Problem::new(header, message).with_help(help)]);
                    Strategy::None
                }
            };
            let expose = section.get("expose").and_then(Value::as_bool).unwrap_or(false);
            let written = tree.attribute(block.body, "path");
            let place = written.map_or(header, |path| config.document.at(tree.span(path.value)));
            let path = match section.get("path").map(|path| (path.as_str(), path.as_unknown())) {
                Some((Some(""), _)) => {
                    self.wrong(place, "the include has no path");
                    None
                }
                Some((Some(path), _)) => self.include_path(path, place),
                _ => None,
            };
            let included = path.as_ref().and_then(|path| self.included(path, place));
            found.push(Include { label: label.into(), header, path, strategy, expose, config: included });
        }
        found
    }

    fn include_path(&self, path: &str, place: Location) -> Option<ArcStr> {
        let resolved = self.run.ground.resolve(&self.dir, path);
        if resolved.is_none() {
            let problem = Problem::new(place, "this leads out of the repository");
            self.report([problem.with_help("what lies outside is not read")]);
        }
        resolved.map(ArcStr::from)
    }

    /// The included file.
    fn included(&self, path: &ArcStr, place: Location) -> Option<Config> {
        let run = self.run;
        let at = |message: String| Problem::new(place, message);
        match run.ground.kind(path) {
            Some(EntryKind::File) => {}
            Some(EntryKind::Directory) => {
                self.report([at(format!("`{path}` is a directory"))]);
                return None;
            }
            None => {
                self.note(Read::Absent(path.clone()));
                self.report([at(format!("there is no file `{path}` to include"))]);
                return None;
            }
        }
        self.note(Read::File(path.clone()));
        if path.ends_with(".json") {
            self.report([at(format!("`{path}` is JSON, which cannot be included"))]);
            return None;
        }
        let document = match run.library.document(&run.ground.real(path)) {
            Ok(document) => document,
            Err(error) => {
                self.report([at(unreadable(path, &error))]);
                return None;
            }
        };
        let tree = &document.tree;
        if let Some(error) = tree.errors.first().filter(|_| FileKind::of(split(path).1).is_none()) {
            // Nobody else looks at a file of such a name.
            let problem = at(format!("`{path}` cannot be included, for it is no configuration"));
            self.report([problem.with_label(document.at(error.span), error.message.clone())]);
        }
        if let Some(nested) = tree.blocks_of(tree.root, "include").next() {
            let message =
                format!("`{path}` includes others itself, and only one level of includes is allowed");
            self.report([at(message).with_label(document.at(nested.header), "by this block")]);
            return None;
        }
        self.report(document.mistakes(Role::Unit).iter().cloned());
        let beside = ArcStr::from(split(path).0);
        let values = self.values_beside(&beside);
        let mut config = Config::new(document, beside.clone(), values);
        config.included = Some(beside);
        config.sees_includes = false;
        // What is generated has values of its own, in every copy.
        config.shared = run.ground.real(path) == *path;
        Some(config)
    }
}

pub(super) fn unreadable(path: &str, error: &ReadError) -> String {
    format!("`{path}` {error}")
}
