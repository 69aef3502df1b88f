//! A unit makes Terragrunt parse a file once more than it needs to.
//!
//! ## What it does
//! Looks for includes that are exposed though the unit never refers to them, and for files that one unit reads several times
//! with `read_terragrunt_config`, or once more after an exposed include has read them.
//!
//! ## Why
//! An exposed include is evaluated as a whole, its inputs and dependencies too, for every unit that includes it; each call of
//! `read_terragrunt_config` evaluates its file anew. In a tree of a thousand units every command begins with that.
//!
//! ## Example
//! ```hcl
//! include "root" {
//!   path   = find_in_parent_folders("root.hcl")
//!   expose = true
//! }
//!
//! locals {
//!   account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals.name
//!   region  = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals.region
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! include "root" {
//!   path = find_in_parent_folders("root.hcl")
//! }
//!
//! locals {
//!   settings = read_terragrunt_config(find_in_parent_folders("account.hcl"))
//!   account  = local.settings.locals.name
//!   region   = local.settings.locals.region
//! }
//! ```
//!
//! ## Not found
//! Paths that hang on a `for`. Where a unit mentions `include` as a whole, all of its includes are used.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls::{self, Call};
use crate::model::UnitInclude;
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};

/// What is done once more than is needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// An include is exposed, and nothing refers to it.
    Expose,
    /// A file is read again.
    Read,
}

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct CostlyParse {
    /// What to look for.
    kinds: Vec<Kind>,
}

impl Default for CostlyParse {
    fn default() -> Self {
        Self { kinds: vec![Kind::Expose, Kind::Read] }
    }
}

impl Rule for CostlyParse {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(tree) = unit.model.tree(unit.unit.file) else { return Ok(()) };
        if self.kinds.contains(&Kind::Expose) {
            exposed(unit, tree, sink);
        }
        if self.kinds.contains(&Kind::Read) {
            read_again(unit, tree, sink);
        }
        Ok(())
    }
}

/// Includes that are exposed in vain.
fn exposed(unit: &UnitSubject<'_>, tree: &Tree, sink: &mut Sink<'_>) {
    let includes = &unit.unit.includes;
    if !includes.iter().any(|include| include.expose) {
        return;
    }
    let mut uses = Uses::default();
    // What a stack adds to the unit may refer to them, too.
    let included = |file| includes.iter().any(|include| include.file == Some(file));
    let own = std::iter::once(tree).chain(unit.trees().filter(|other| !included(other.file)));
    own.for_each(|tree| uses.look(tree));
    // Of what is not there nothing is parsed.
    let there = includes.iter().filter(|include| include.expose && include.file.is_some());
    for include in there.filter(|include| !uses.hold(include)) {
        let mut blocks = tree.blocks_of(tree.root, "include");
        let block = blocks.find(|block| Location::new(tree.file, block.header) == include.header);
        let Some(expose) = block.and_then(|block| tree.attribute(block.body, "expose")) else { continue };
        let name = match include.label.as_str() {
            "" => "the include".to_owned(),
            label => format!("the include `{label}`"),
        };
        sink.report(
            Location::new(tree.file, expose.span),
            format!("{name} is exposed, but the unit never refers to it"),
        )
        .help("leave `expose` out, and it is parsed no further than it must be")
        .fact(format!("include {}", include.label));
    }
}

/// The includes that a unit refers to.
#[derive(Default)]
struct Uses<'t> {
    labels: FxHashSet<&'t str>,
    /// What is behind `include` without a label in between counts for an include that has none.
    any: bool,
    all: bool,
}

impl<'t> Uses<'t> {
    fn hold(&self, include: &UnitInclude) -> bool {
        self.all
            || match include.label.as_str() {
                "" => self.any,
                label => self.labels.contains(label),
            }
    }

    fn look(&mut self, tree: &'t Tree) {
        let is_include = |expr: ExprId| {
            matches!(tree.kind(expr), ExprKind::Name) && tree.slice(tree.span(expr)) == "include"
        };
        let mut named = 0;
        let mut bare = 0;
        for expr in (0..tree.expr_count()).map(ExprId) {
            let label = match tree.kind(expr) {
                ExprKind::Attr { base, name } if is_include(base) => Some(tree.slice(name)),
                ExprKind::Index { base, key, .. } if is_include(base) => tree.plain_text(key),
                _ => None,
            };
            if let Some(label) = label {
                self.labels.insert(label);
                named += 1;
            }
            bare += usize::from(is_include(expr));
        }
        self.any |= bare > 0;
        self.all |= bare > named;
    }
}

/// Files that the unit reads although it, or an include that it can look into, has read them.
fn read_again(unit: &UnitSubject<'_>, tree: &Tree, sink: &mut Sink<'_>) {
    let own: Vec<(Call<'_>, String)> = reads(tree, &["local", "include", "feature", "values"]);
    if own.is_empty() {
        return;
    }
    let mut seen: Vec<&(Call<'_>, String)> = Vec::new();
    for read in &own {
        let (call, written) = read;
        let at = Location::new(tree.file, call.span());
        if let Some((first, _)) = seen.iter().find(|(_, known)| known == written) {
            sink.report(at, "the unit reads this file twice")
                .label(Location::new(tree.file, first.span()), "it is read here already")
                .help("read it once into a local value")
                .fact(written.clone());
            continue;
        }
        seen.push(read);
        let already = unit.unit.includes.iter().filter(|include| include.expose).find_map(|include| {
            let (at, local) = local_that_reads(unit.model.tree(include.file?)?, written)?;
            Some((include, at, local))
        });
        if let Some((include, first, local)) = already {
            let way = match include.label.as_str() {
                "" => format!("include.locals.{local}"),
                label => format!("include.{label}.locals.{local}"),
            };
            sink.report(at, "an include that is exposed has read this file already")
                .label(first, "it is read here")
                .help(format!("use `{way}`"))
                .fact(written.clone());
        }
    }
}

/// The calls that read a file of which the path is the same wherever in the file it is written; with that path.
fn reads<'t>(tree: &'t Tree, allowed: &[&str]) -> Vec<(Call<'t>, String)> {
    let calls = calls::of_file(tree).filter(|call| call.name == "read_terragrunt_config");
    let mut found: Vec<(Call<'t>, String)> = calls
        .filter_map(|call| {
            let path = call.args().next()?;
            let fixed = tree.references(path).all(|one| allowed.contains(&tree.slice(one.root)));
            let text = tree.slice(tree.span(path));
            fixed.then(|| (call, text.split_whitespace().collect::<String>()))
        })
        .collect();
    found.sort_by_key(|(call, _)| call.span().start);
    found
}

/// The local of an included file that is what a file holds, where that file has the same path for the unit.
fn local_that_reads<'t>(tree: &'t Tree, written: &str) -> Option<(Location, &'t str)> {
    let locals = tree.blocks_of(tree.root, "locals").next()?;
    tree.attributes(locals.body).find_map(|local| {
        let call = calls::of(tree, local.value).filter(|call| call.name == "read_terragrunt_config")?;
        let path = call.args().next()?;
        let same = tree.slice(tree.span(path)).split_whitespace().collect::<String>() == written;
        // Names mean something else in another file.
        let fixed = tree.references(path).next().is_none();
        (same && fixed).then(|| (Location::new(tree.file, call.span()), tree.name(local.name)))
    })
}
