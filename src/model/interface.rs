//! What the module of a unit takes and gives: its variables and outputs, also those in files that Terragrunt adds to it.

use memchr::memmem;

use super::{Model, Module, Unit};
use crate::syntax::{BodyId, ExprKind, Tree};
use crate::value::Value;

/// The variables and outputs of a unit's module, as it is when the unit is run.
#[derive(Debug)]
pub struct Interface<'m> {
    /// The module, with all that is laid over it.
    pub module: &'m Module,
    /// What is broken in its files: what is named there may be declared there.
    damaged: Vec<&'m str>,
    /// It may declare more than can be seen.
    open: bool,
}

impl Interface<'_> {
    /// Whether all variables can be seen: what is not seen is not there.
    #[must_use]
    pub fn shows_variables(&self) -> bool {
        // A module without anything is a place for one that is still to come.
        !self.open && (self.makes_something() || self.variables().next().is_some())
    }

    /// Whether all outputs can be seen: what is not seen is not there.
    #[must_use]
    pub fn shows_outputs(&self) -> bool {
        !self.open && self.makes_something()
    }

    fn makes_something(&self) -> bool {
        let module = self.module;
        !(module.resources.is_empty() && module.calls.is_empty() && module.outputs.is_empty())
            || ["resource", "module", "output"].iter().any(|kind| self.may_hide(kind))
    }

    fn may_hide(&self, name: &str) -> bool {
        self.damaged.iter().any(|text| holds_word(text, name))
    }

    /// Whether it declares a variable.
    #[must_use]
    pub fn takes(&self, variable: &str) -> bool {
        self.module.variable(variable).is_some() || self.may_hide(variable)
    }

    /// Whether it declares an output.
    #[must_use]
    pub fn gives(&self, output: &str) -> bool {
        self.module.output(output).is_some() || self.may_hide(output)
    }

    /// The names of its variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.module.variables.iter().map(|variable| variable.named.name.as_str())
    }

    /// The names of its outputs.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.module.outputs.iter().map(|output| output.named.name.as_str())
    }
}

impl Model {
    /// What the module of a unit takes and gives; `None` if its module is not at hand.
    #[must_use]
    pub fn interface(&self, unit: &Unit) -> Option<Interface<'_>> {
        let module = self.module(unit.module?);
        let mut open = false;
        let mut damaged = Vec::new();
        for file in &module.files {
            match self.tree(*file) {
                Some(tree) if tree.errors.is_empty() => {}
                Some(tree) => damaged.extend(tree.damaged_text()),
                None => open = true,
            }
        }
        for (_, file) in unit.get("generate").and_then(Value::entries).unwrap_or_default() {
            open |= self.may_declare_more(file);
        }
        open |= hooks(unit).any(brings_files);
        Some(Interface { module, damaged, open })
    }

    /// Whether a generated file may declare what is not known.
    fn may_declare_more(&self, file: &Value) -> bool {
        let text = |name: &str| file.get(name).and_then(Value::as_str);
        let is_off = file.get("disable").and_then(Value::as_bool) == Some(true);
        let is_known = text("contents").is_some() && text("path").is_some();
        let contents = file.get("contents").filter(|_| !is_off && !is_known);
        contents.is_some_and(|contents| {
            text("path").is_none_or(is_configuration) && !self.declares_nothing(contents)
        })
    }

    /// Whether a text that is not known is written as one that declares neither variables nor outputs.
    fn declares_nothing(&self, contents: &Value) -> bool {
        let Some(at) = self.expression(contents.origin()) else { return false };
        let Some(tree) = self.tree(at.file) else { return false };
        let ExprKind::Template(parts) = tree.kind(at.expr) else { return false };
        tree.list(parts).all(|part| tree.plain_text(part).is_none_or(|text| !may_declare(text)))
    }
}

/// Whether a text has a name in it, and not as a part of a longer one.
fn holds_word(text: &str, name: &str) -> bool {
    let is_inside =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || "_-".contains(letter));
    memmem::find_iter(text.as_bytes(), name.as_bytes()).any(|at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !is_inside(before) && !is_inside(after)
    })
}

fn is_configuration(path: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|ending| path.ends_with(ending))
}

fn may_declare(text: &str) -> bool {
    ["variable", "output"].iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// The hooks that a unit's run begins with.
fn hooks(unit: &Unit) -> impl Iterator<Item = &Value> {
    let terraform = unit.get("terraform");
    let of = move |kind: &str| terraform.and_then(|terraform| terraform.get(kind)).and_then(Value::entries);
    let all = ["before_hook", "after_hook"].into_iter().filter_map(of).flatten();
    all.map(|(_, hook)| hook)
}

/// Programs that put files where a module is.
const BRINGERS: &[&str] =
    &["cp", "rsync", "mv", "ln", "install", "curl", "wget", "tar", "unzip", "git", "tee", "cat", "sed"];

/// Whether a hook may add configuration to the module.
fn brings_files(hook: &Value) -> bool {
    let Some(words) = hook.get("execute").and_then(Value::elements) else { return true };
    words.iter().any(|word| match word.as_str() {
        None => false,
        Some(text) => {
            let mut words = text.split(|letter: char| letter.is_whitespace() || ";&|()".contains(letter));
            words.any(|word| {
                let program = word.rsplit('/').next().unwrap_or_default();
                BRINGERS.contains(&program) || is_configuration(word)
            })
        }
    })
}

impl Model {
    /// The bodies of a unit's configuration: its own file's, those of what it includes, that of what a stack adds.
    pub fn bodies<'m>(&'m self, unit: &'m Unit) -> impl Iterator<Item = (&'m Tree, BodyId)> {
        let component = self.component(&unit.dir);
        let parts = std::iter::once(unit.file).chain(unit.parts.iter().copied());
        parts.filter_map(move |file| {
            let tree = self.tree(file)?;
            match component.filter(|component| component.header.file == file) {
                // A stack's file is a part for one of its blocks.
                Some(component) => {
                    let block = tree.blocks_of(component.body, "autoinclude").next()?;
                    Some((tree, block.body))
                }
                None => Some((tree, tree.root)),
            }
        })
    }
}
