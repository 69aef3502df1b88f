//! A plan without its source: what it says is there, as a root module of its own.

use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Plan, Plans, ResourceChange, Tie};
use crate::model::{
    BlockAt, BlockInstance, Body, Key, Mode, Model, Module, ModuleId, ModuleInstance, Named, ReadSet,
    Resource, ResourceInstance, Root,
};
use crate::source::{FileId, Span};
use crate::syntax::BlockId;
use crate::value::{Identity, Step, Value};

impl Plans {
    /// Adds a root for each plan whose source is not at hand, and for what a plan has that its source has not, so that
    /// rules judge what it says will be there. Only the attributes that are `wanted` of a type are built: nobody looks at
    /// the others.
    pub fn stand_alone(&self, model: &mut Model, wanted: impl Fn(&str) -> Wanted) {
        let mut by_type: FxHashMap<ArcStr, Wanted> = FxHashMap::default();
        for plan in &self.plans {
            let Some(file) = plan.source else { continue };
            let root = plan.root.map(|id| model.root(id));
            let dir = match (root, &plan.tie) {
                (Some(root), _) => model.module(root.module).dir.clone(),
                (None, Tie::Directory(directory) | Tie::Unit(directory)) => directory.clone(),
                (None, Tie::None) => model.sources.get(file).path.as_str().into(),
            };
            let known: FxHashSet<&str> = root
                .iter()
                .flat_map(|root| &root.instances)
                .flat_map(|instance| instance.resources.iter().map(|resource| resource.address.as_str()))
                .collect();
            let id = ModuleId(model.modules.len() as u32);
            let mut module = Module::new(id, dir);
            for change in &plan.changes {
                if !by_type.contains_key(&change.ty) {
                    by_type.insert(change.ty.clone(), wanted(&change.ty));
                }
            }
            let wanted = |change: &ResourceChange| match by_type.get(&change.ty) {
                Some(wanted) if !known.contains(change.address.as_str()) => wanted,
                _ => &Wanted::Nothing,
            };
            let instances = instances(plan, file, &wanted, &mut module);
            if plan.root.is_some() && module.resources.is_empty() {
                continue;
            }
            model.modules.push(module);
            model.roots.push(Root {
                module: id,
                scope: plan.scope.clone(),
                unit: None,
                variant: None,
                instances,
                reasons: Vec::new(),
                beyond: Vec::new(),
                reads: ReadSet::default(),
                states: Vec::new(),
            });
        }
    }
}

/// Which attributes of a resource are built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// None: not even the resource is.
    Nothing,
    /// These. `ingress.from_port` is a part of the blocks of one: without the others, if only parts of it are named.
    Attributes(Vec<&'static str>),
    /// All.
    All,
}

impl Wanted {
    /// These attributes as well.
    #[must_use]
    pub fn and(self, attributes: &[&'static str]) -> Self {
        match self {
            Self::Nothing => Self::Attributes(attributes.to_vec()),
            Self::Attributes(mut known) => {
                known.extend(attributes);
                Self::Attributes(known)
            }
            Self::All => Self::All,
        }
    }

    /// Whether an attribute is built, be it in part.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Attributes(paths) => paths
                .iter()
                .any(|path| path.split_once('.').map_or(*path, |(attribute, _)| attribute) == name),
            Self::All => true,
        }
    }

    /// Whether what stands in the blocks of an attribute under that name is built.
    pub(super) fn has_part(&self, attribute: &str, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Attributes(paths) => {
                paths.iter().any(|path| *path == attribute || path.split_once('.') == Some((attribute, name)))
            }
            Self::All => true,
        }
    }
}

/// The instances of all modules of a plan, the root module's first. They share one module, which declares what is in
/// any of them.
fn instances<'w>(
    plan: &Plan,
    file: FileId,
    wanted: &impl Fn(&ResourceChange) -> &'w Wanted,
    module: &mut Module,
) -> Vec<ModuleInstance> {
    let mut instances = vec![instance(module.id, ArcStr::new())];
    let mut by_address: FxHashMap<ArcStr, usize> = FxHashMap::from_iter([(ArcStr::new(), 0)]);
    let mut declared: FxHashMap<(Mode, ArcStr, ArcStr), u32> = FxHashMap::default();
    for change in plan.changes.iter().filter(|change| change.stays()) {
        let wanted = wanted(change);
        if *wanted == Wanted::Nothing {
            continue;
        }
        let key = (change.mode, change.ty.clone(), change.name.clone());
        let declaration = *declared.entry(key).or_insert_with(|| {
            module.resources.push(declaration(change, file));
            module.resources.len() as u32 - 1
        });
        let at = *by_address.entry(change.module.clone()).or_insert_with(|| {
            instances.push(instance(module.id, change.module.clone()));
            instances.len() - 1
        });
        if let Some(instance) = instances.get_mut(at) {
            instance.resources.push(Arc::new(resource(plan, change, wanted, file, declaration)));
        }
    }
    instances
}

fn instance(module: ModuleId, address: ArcStr) -> ModuleInstance {
    ModuleInstance {
        module,
        address,
        caller: None,
        key: Key::None,
        symbolic: false,
        each_value: None,
        variables: Vec::new(),
        given: Vec::new(),
        locals: Vec::new(),
        outputs: Vec::new(),
        calls: Vec::new(),
        resources: Vec::new(),
        conditions: Vec::new(),
    }
}

fn declaration(change: &ResourceChange, file: FileId) -> Resource {
    let nowhere = Span::at(0);
    Resource {
        mode: change.mode,
        ty: change.ty.clone(),
        type_span: nowhere,
        named: Named { name: change.name.clone(), file, name_span: nowhere, header: nowhere },
        body: Body::default(),
        lifecycle: Body::default(),
        count: None,
        for_each: None,
        provider: None,
        preconditions: Vec::new(),
        postconditions: Vec::new(),
        check: None,
    }
}

fn resource(
    plan: &Plan,
    change: &ResourceChange,
    wanted: &Wanted,
    file: FileId,
    declaration: u32,
) -> ResourceInstance {
    let attributes = plan.attributes_after(change, wanted);
    ResourceInstance {
        unplanned: None,
        declaration,
        address: change.address.clone(),
        mode: change.mode,
        ty: change.ty.clone(),
        name: change.name.clone(),
        key: change.key.clone(),
        symbolic: change.key == Key::Any,
        each_value: None,
        blocks: blocks(&attributes, file),
        references: references(plan, change, &attributes),
        attributes,
    }
}

/// What texts are references to: alone, as the only element of a list, or in the only block of a type.
fn references(plan: &Plan, change: &ResourceChange, attributes: &Value) -> Vec<(ArcStr, Identity)> {
    let mut found = Vec::new();
    let mut add = |name: ArcStr, path: &[Step]| {
        found.extend(plan.reference(change, path).map(|identity| (name, identity)));
    };
    for (name, value) in attributes.entries().unwrap_or_default() {
        let outer = Step::Attr(name.clone());
        match value.elements() {
            Some([only]) if only.as_str().is_some() => add(name.clone(), &[outer, Step::Index(0)]),
            Some([only]) => {
                for (inner, value) in only.entries().unwrap_or_default() {
                    if value.as_str().is_some() {
                        let path = [outer.clone(), Step::Index(0), Step::Attr(inner.clone())];
                        add(format!("{name}.{inner}").into(), &path);
                    }
                }
            }
            _ if value.as_str().is_some() => add(name.clone(), &[outer]),
            _ => {}
        }
    }
    found
}

/// Lists of objects are what nested blocks become.
fn blocks(value: &Value, file: FileId) -> Vec<BlockInstance> {
    let entries = value.entries().unwrap_or_default().iter();
    entries
        .flat_map(|(kind, value)| value.elements().unwrap_or_default().iter().map(move |one| (kind, one)))
        .filter(|(_, one)| one.entries().is_some())
        .map(|(kind, one)| BlockInstance {
            kind: kind.clone(),
            block: BlockAt { file, block: BlockId(0) },
            dynamic: false,
            symbolic: false,
            blocks: blocks(one, file),
        })
        .collect()
}
