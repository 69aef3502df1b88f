//! Which providers a module uses, and by which names.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::{Call, ExprAt, Mode, Model, Module, ModuleId, Resource};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};

use super::written;

/// A provider, used somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Use {
    /// Its local name.
    pub(super) name: String,
    /// The alias of its configuration.
    pub(super) alias: Option<String>,
    /// Where.
    pub(super) at: Location,
}

/// The provider that is part of the program itself: nothing declares or pins it.
const BUILT_IN: &str = "terraform";

/// What the files of a module use by themselves: in resources, calls, imports and functions. The `provider` blocks and
/// what is required is not among it.
pub(super) fn of_module(model: &Model, module: &Module) -> Vec<Use> {
    let mut uses: Vec<Use> =
        module.resources.iter().filter_map(|resource| of_resource(model, resource)).collect();
    for call in &module.calls {
        of_call(model, call, &mut uses);
    }
    for import in &module.imports {
        let Some(tree) = model.tree(import.block.file) else { continue };
        if let Some(provider) = tree.attribute(tree.block(import.block.block).body, "provider") {
            uses.extend(named(tree, provider.value));
        }
    }
    // Whatever is forgotten or destroyed is so by its provider.
    for from in module.removed.iter().filter_map(|removed| removed.from) {
        let Some(tree) = model.tree(from.file) else { continue };
        let parts = written::address(tree, from.expr).unwrap_or_default();
        if let [.., ty, _] = parts.as_slice()
            && ty.name != "module"
        {
            uses.extend(implied(&ty.name).map(|name| Use { name, alias: None, at: model.location(from) }));
        }
    }
    for tree in module.files.iter().filter_map(|&file| model.tree(file)) {
        uses.extend(in_functions(tree));
    }
    uses
}

fn of_resource(model: &Model, resource: &Resource) -> Option<Use> {
    let at = resource.named.location();
    match resource.provider {
        Some(ExprAt { file, expr }) => {
            let found = named(model.tree(file)?, expr)?;
            Some(Use { at, ..found })
        }
        None if resource.mode == Mode::Data && resource.ty == "terraform_remote_state" => None,
        None => Some(Use { name: implied(&resource.ty)?, alias: None, at }),
    }
}

/// What a resource type says about its provider.
fn implied(ty: &str) -> Option<String> {
    let name = ty.split('_').next().unwrap_or(ty);
    (name != BUILT_IN).then(|| name.to_owned())
}

fn of_call(model: &Model, call: &Call, uses: &mut Vec<Use>) {
    let Some(ExprAt { file, expr }) = call.providers else { return };
    let Some(tree) = model.tree(file) else { return };
    match tree.kind(expr) {
        ExprKind::Object(list) => uses.extend(tree.pairs(list).filter_map(|(_, value)| named(tree, value))),
        ExprKind::Tuple(list) => uses.extend(tree.list(list).filter_map(|value| named(tree, value))),
        _ => {}
    }
}

/// The configuration that `aws.west`, or `"aws.west"`, names.
pub(super) fn named(tree: &Tree, expr: ExprId) -> Option<Use> {
    let mut parts = written::address(tree, expr)?.into_iter();
    let name = parts.next()?.name;
    let at = Location::new(tree.file, tree.span(expr));
    (name != BUILT_IN).then(|| Use { name, alias: parts.next().map(|part| part.name), at })
}

static PREFIX: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("provider::"));

/// `provider::aws::arn_parse(…)`
fn in_functions(tree: &Tree) -> impl Iterator<Item = Use> + '_ {
    // Hardly any file has one: looking for the word is much cheaper than looking at every expression.
    let calls = if PREFIX.find(tree.source.as_bytes()).is_some() { tree.expr_count() } else { 0 };
    (0..calls).map(ExprId).filter_map(|expr| {
        let ExprKind::Call { name, .. } = tree.kind(expr) else { return None };
        let mut words = tree.slice(name).split("::").map(str::trim);
        let provider = words.next().filter(|first| *first == "provider").and_then(|_| words.next())?;
        let at = Location::new(tree.file, name);
        (provider != BUILT_IN).then(|| Use { name: provider.to_owned(), alias: None, at })
    })
}

/// The modules of the tree that a module calls, and those that these call.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) modules: Vec<ModuleId>,
    /// Some of what is called was not read.
    pub(super) more: bool,
}

/// What `module` calls.
pub(super) fn called(model: &Model, module: &Module) -> Called {
    let mut found = Called { modules: Vec::new(), more: false };
    let mut next = vec![module];
    while let Some(module) = next.pop() {
        for call in &module.calls {
            match call.called() {
                Some(id) if found.modules.contains(&id) => {}
                Some(id) => {
                    found.modules.push(id);
                    next.push(model.module(id));
                }
                None => found.more = true,
            }
        }
    }
    found
}

/// Whether a module tells a provider something about itself, in a `provider_meta` block.
pub(super) fn is_told(model: &Model, module: &Module, name: &str) -> bool {
    module.files.iter().filter_map(|&file| model.tree(file)).any(|tree| {
        let mut metas =
            tree.blocks_of(tree.root, "terraform").flat_map(|it| tree.blocks_of(it.body, "provider_meta"));
        metas.any(|meta| tree.label(meta, 0) == Some(name))
    })
}

/// Whether something damaged in a module speaks of a provider: it may use it.
pub(super) fn may_use(model: &Model, module: &Module, name: &str) -> bool {
    let mut texts =
        module.files.iter().filter_map(|&file| model.tree(file)).flat_map(|tree| tree.damaged_text());
    texts.any(|text| text.contains(name))
}
