//! The blocks of a directory, override files merged in, before anything is made of them.

use arcstr::{ArcStr, literal};

use super::super::literal;
use super::super::structure::{article, wrong};
use crate::model::{Argument, BlockAt, Body, Model, Named, Problem, ProblemKind};
use crate::syntax::{BlockId, Item, Tree};

/// A top-level block (or one entry of `locals`) of a directory.
pub(super) struct Raw {
    pub(super) kind: ArcStr,
    pub(super) labels: Vec<ArcStr>,
    /// Its last label, or for what has none the block's own place.
    pub(super) named: Named,
    pub(super) block: BlockAt,
    pub(super) body: Body,
}

/// The blocks of one file.
pub(super) fn blocks(tree: &Tree) -> Vec<Raw> {
    tree.items(tree.root)
        .iter()
        .filter_map(|item| match item {
            Item::Block(id) => Some(raw(tree, *id)),
            Item::Attribute(_) => None,
        })
        .collect()
}

/// One block.
pub(super) fn raw(tree: &Tree, id: BlockId) -> Raw {
    let block = tree.block(id);
    let labels = tree.labels(block);
    let name_span = labels.last().map_or(block.kind.span, |label| label.span);
    let texts: Vec<ArcStr> = labels.iter().map(|label| tree.text(label.text).into()).collect();
    Raw {
        kind: kind(tree.name(block.kind)),
        named: Named {
            name: texts.last().cloned().unwrap_or_default(),
            file: tree.file,
            name_span,
            header: block.header,
        },
        labels: texts,
        block: BlockAt { file: tree.file, block: id },
        body: body(tree, id),
    }
}

/// A block's type: nearly all blocks are of one of these, for which no text needs to be made.
fn kind(name: &str) -> ArcStr {
    match name {
        "data" => literal!("data"),
        "locals" => literal!("locals"),
        "module" => literal!("module"),
        "output" => literal!("output"),
        "provider" => literal!("provider"),
        "resource" => literal!("resource"),
        "terraform" => literal!("terraform"),
        "variable" => literal!("variable"),
        other => other.into(),
    }
}

/// What stands in a block; that of an escaping `_` block stands there as well.
pub(super) fn body(tree: &Tree, id: BlockId) -> Body {
    let items = tree.items(tree.block(id).body);
    let mut found = Body { arguments: Vec::with_capacity(items.len()), ..Body::default() };
    for item in items {
        match item {
            Item::Attribute(attribute) => {
                found.arguments.push(Argument { file: tree.file, attribute: *attribute });
            }
            Item::Block(inner) => found.blocks.push(BlockAt { file: tree.file, block: *inner }),
        }
    }
    found
}

impl Raw {
    /// What it is called when it is the same thing in another file: kind, labels, and of a provider the alias.
    fn identity(&self, model: &Model) -> (ArcStr, Vec<ArcStr>, Option<ArcStr>) {
        let alias = (self.kind == "provider")
            .then(|| self.body.argument(model, "alias"))
            .flatten()
            .and_then(|alias| literal::kept(model.tree(alias.file)?, alias.attribute.value));
        (self.kind.clone(), self.labels.clone(), alias)
    }

    fn what(&self) -> String {
        let labels: Vec<_> = self.labels.iter().map(|label| format!("{label:?}")).collect();
        format!("{} {}", self.kind, labels.join(" "))
    }
}

/// Merges the blocks of an override file into those of the directory.
pub(super) fn merge(model: &Model, base: &mut Vec<Raw>, overriding: Vec<Raw>, problems: &mut Vec<Problem>) {
    for over in overriding {
        match over.kind.as_str() {
            "terraform" => terraform(model, base, over),
            "locals" => locals(model, base, &over, problems),
            "moved" | "import" | "removed" | "check" => {
                let message =
                    format!("{} {} block cannot stand in an override file", article(&over.kind), over.kind);
                problems.push(wrong(over.block.file, over.named.header, message, None));
            }
            _ => {
                let identity = over.identity(model);
                match base.iter_mut().find(|known| known.identity(model) == identity) {
                    Some(known) => body_over(model, known, over, problems),
                    // A provider that nobody configures has an empty configuration, which is there to be overridden.
                    None if over.kind == "provider" && identity.2.is_none() => base.push(over),
                    None => problems.push(without_base(&over)),
                }
            }
        }
    }
}

fn without_base(over: &Raw) -> Problem {
    let message = format!("there is no {} to override", over.what());
    let help = "an override file changes what another file of the directory declares".to_owned();
    wrong(over.block.file, over.named.header, message, Some(help))
}

fn name_of<'a>(model: &'a Model, argument: &Argument) -> &'a str {
    model.tree(argument.file).map_or("", |tree| tree.name(argument.attribute.name))
}

/// The type of a nested block; of a `dynamic` one, the type of what it makes.
fn made(model: &Model, at: BlockAt) -> &str {
    let Some(tree) = model.tree(at.file) else { return "" };
    let block = tree.block(at.block);
    match tree.name(block.kind) {
        "dynamic" => tree.label(block, 0).unwrap_or(""),
        kind => kind,
    }
}

fn body_over(model: &Model, known: &mut Raw, over: Raw, problems: &mut Vec<Problem>) {
    let resource = matches!(known.kind.as_str(), "resource" | "data" | "ephemeral" | "module");
    for argument in &over.body.arguments {
        let name = name_of(model, argument);
        if resource && name == "depends_on" {
            let message = "`depends_on` cannot be overridden";
            problems.push(wrong(argument.file, argument.attribute.name.span, message, None));
            continue;
        }
        arguments_over(model, &mut known.body.arguments, *argument);
    }
    // `lifecycle` is merged argument by argument, when it is read; other blocks replace all of their type.
    let replaced: Vec<&str> = over.body.blocks.iter().map(|at| made(model, *at)).collect();
    known.body.blocks.retain(|at| {
        let kind = made(model, *at);
        kind == "lifecycle" || !replaced.contains(&kind)
    });
    known.body.blocks.extend(over.body.blocks);
}

/// Puts an argument in the place of the one of its name, or behind all.
pub(super) fn arguments_over(model: &Model, arguments: &mut Vec<Argument>, over: Argument) {
    let name = name_of(model, &over);
    match arguments.iter_mut().find(|known| name_of(model, known) == name) {
        Some(known) => *known = over,
        None => arguments.push(over),
    }
}

/// `terraform` blocks: settings by name, providers by entry, and a backend in place of any other.
fn terraform(model: &Model, base: &mut Vec<Raw>, over: Raw) {
    let names: Vec<&str> = over.body.arguments.iter().map(|argument| name_of(model, argument)).collect();
    let kind = |at: &BlockAt| model.tree(at.file).map_or("", |tree| tree.name(tree.block(at.block).kind));
    let state = |at: &BlockAt| matches!(kind(at), "backend" | "cloud" | "state_store");
    let displaces = over.body.blocks.iter().any(state);
    for known in base.iter_mut().filter(|known| known.kind == "terraform") {
        known.body.arguments.retain(|argument| !names.contains(&name_of(model, argument)));
        if displaces {
            known.body.blocks.retain(|at| !state(at));
        }
    }
    base.push(over);
}

fn locals(model: &Model, base: &mut [Raw], over: &Raw, problems: &mut Vec<Problem>) {
    for argument in &over.body.arguments {
        let name = name_of(model, argument);
        let known = base
            .iter_mut()
            .filter(|known| known.kind == "locals")
            .flat_map(|known| known.body.arguments.iter_mut())
            .find(|known| name_of(model, known) == name);
        match known {
            Some(known) => *known = *argument,
            None => {
                let message = format!("there is no local value `{name}` to override");
                let help = "an override file changes what another file of the directory declares".to_owned();
                problems.push(wrong(argument.file, argument.attribute.span, message, Some(help)));
            }
        }
    }
}

/// The same thing is declared twice.
pub(super) fn duplicate(what: &str, second: &Named, first: &Named) -> Problem {
    let problem = crate::eval::Problem::new(second.location(), format!("{what} is declared twice"))
        .with_label(first.location(), "first declared here".to_owned());
    Problem { kind: ProblemKind::Duplicate, problem, contexts: Vec::new() }
}
