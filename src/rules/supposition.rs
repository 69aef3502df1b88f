//! What an evaluation merely supposes: that nobody gives a variable another value, that there is an instance at all.
//!
//! A root without files of values is run with values from elsewhere, and a module for others to call is no root at all. What
//! fails there with the defaults need not fail when it is run.

use rustc_hash::FxHashSet;

use crate::model::{BlockAt, Body, Context, ExprAt, Given, InstanceId, Mode, Model, ModuleInstance, Root};
use crate::source::{Location, Span};
use crate::syntax::{Block, BlockId, BodyId, Item, Tree};

use super::written::references_in;

/// How many expressions are followed before the search gives up.
const EXPRESSIONS: usize = 5_000;

/// What a problem hangs on that is only supposed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Supposed {
    /// The default of a variable of the root module.
    Default(String),
    /// The directory in which the root module is run.
    Directory(String),
    /// A file that is made by something else than hands.
    Artefact,
    /// That there is such an instance at all.
    Instance(String),
}

impl Supposed {
    /// How it is referred to.
    pub(super) fn address(&self) -> &str {
        match self {
            Self::Default(address) | Self::Directory(address) | Self::Instance(address) => address,
            Self::Artefact => "path.module",
        }
    }

    /// Why that decides nothing, in words that group well.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Default(_) => "it fails with the default of a variable, for which no values are given here",
            Self::Artefact => "it reads a file that is not there, and may be built before it is run",
            Self::Instance(_) => "how many instances there are is not known, there may be none",
            Self::Directory(_) => "it hangs on the directory in which a root module is run",
        }
    }
}

/// What the problem at `location` hangs on in `context`, if that is only supposed.
pub(super) fn of(model: &Model, context: &Context, location: Location) -> Option<Supposed> {
    let root = model.roots.get(context.root.0 as usize)?;
    let instance = root.instances.get(context.instance.0 as usize)?;
    if instance.symbolic {
        return Some(Supposed::Instance(instance.address.to_string()));
    }
    let resource = context.resource.as_ref();
    if let Some(resource) = instance.resources.iter().find(|it| Some(&it.address) == resource && it.symbolic)
    {
        return Some(Supposed::Instance(resource.address.to_string()));
    }
    let mut search = Search { model, root, seen: FxHashSet::default(), next: Vec::new() };
    search.enclosing(context.instance, location).or_else(|| search.run())
}

struct Search<'a> {
    model: &'a Model,
    root: &'a Root,
    seen: FxHashSet<(InstanceId, ExprAt)>,
    next: Vec<(InstanceId, ExprAt)>,
}

impl<'a> Search<'a> {
    fn run(&mut self) -> Option<Supposed> {
        while let Some((id, at)) = self.next.pop() {
            if self.seen.len() > EXPRESSIONS {
                return None;
            }
            let (Some(tree), Some(instance)) = (self.model.tree(at.file), self.instance(id)) else {
                continue;
            };
            let mut supposed = None;
            references_in(tree, at.expr, &mut |root, steps| {
                let found = self.reference(id, instance, root, steps);
                supposed = supposed.take().or(found);
            });
            if supposed.is_some() {
                return supposed;
            }
        }
        None
    }

    fn instance(&self, id: InstanceId) -> Option<&'a ModuleInstance> {
        self.root.instances.get(id.0 as usize)
    }

    fn add(&mut self, id: InstanceId, at: ExprAt) {
        if self.seen.insert((id, at)) {
            self.next.push((id, at));
        }
    }

    fn reference(
        &mut self,
        id: InstanceId,
        instance: &'a ModuleInstance,
        root: &str,
        steps: &[&str],
    ) -> Option<Supposed> {
        let model = self.model;
        let module = model.module(instance.module);
        match (root, steps) {
            ("var", [name, ..]) => {
                let index = module.variable(name)?;
                match (*instance.given.get(index)?, instance.caller) {
                    (Given::Expression(at), Some((caller, _))) => self.add(caller, at),
                    (Given::Default, None) if !self.has_values() => {
                        return Some(Supposed::Default(format!("var.{name}")));
                    }
                    _ => {}
                }
            }
            ("local", [name, ..]) => {
                let local = module.local(name).and_then(|index| module.locals.get(index))?;
                self.add(id, local.value);
            }
            ("path", ["root", ..]) if self.may_be_called() => {
                return Some(Supposed::Directory("path.root".to_owned()));
            }
            // `-chdir` leaves it where the program was started.
            ("path", ["cwd", ..]) => return Some(Supposed::Directory("path.cwd".to_owned())),
            ("module", [name, rest @ ..]) => self.call(id, instance, name, rest.first().copied()),
            ("data", [ty, name, ..]) => self.resource(id, module.resource(Mode::Data, ty, name)),
            ("ephemeral", [ty, name, ..]) => self.resource(id, module.resource(Mode::Ephemeral, ty, name)),
            (ty, [name, ..]) => self.resource(id, module.resource(Mode::Managed, ty, name)),
            _ => {}
        }
        None
    }

    /// A resource is as uncertain as all that stands in it.
    fn resource(&mut self, id: InstanceId, index: Option<usize>) {
        let Some(instance) = self.instance(id) else { return };
        let module = self.model.module(instance.module);
        if let Some(resource) = index.and_then(|index| module.resources.get(index)) {
            self.body(id, &resource.body);
        }
    }

    fn body(&mut self, id: InstanceId, body: &Body) {
        for argument in &body.arguments {
            self.add(id, argument.value());
        }
        for &BlockAt { file, block } in &body.blocks {
            let Some(tree) = self.model.tree(file) else { continue };
            each_value(tree, block, &mut |expr| self.add(id, ExprAt { file, expr }));
        }
    }

    fn call(&mut self, id: InstanceId, instance: &'a ModuleInstance, name: &str, output: Option<&str>) {
        let module = self.model.module(instance.module);
        let Some(index) = module.call(name) else { return };
        let (Some(call), Some(made)) = (module.calls.get(index), instance.calls.get(index)) else { return };
        for at in [call.count, call.for_each].into_iter().flatten() {
            self.add(id, at);
        }
        for &called in &made.instances {
            let Some(inner) = self.instance(called) else { continue };
            let inner = self.model.module(inner.module);
            let named =
                output.and_then(|output| inner.output(output)).and_then(|index| inner.outputs.get(index));
            match named {
                Some(output) => output.value.into_iter().for_each(|at| self.add(called, at)),
                // An index comes before the name: any of them may be meant.
                None => inner.outputs.iter().filter_map(|it| it.value).for_each(|at| self.add(called, at)),
            }
        }
    }

    /// Begins with the argument in which the problem stands, and with what says how many of it there are. A problem of
    /// a variable's own hangs on the variable.
    fn enclosing(&mut self, id: InstanceId, location: Location) -> Option<Supposed> {
        let (tree, instance) = (self.model.tree(location.file)?, self.instance(id)?);
        let around = |block: &&Block| block.span.contains(location.span);
        let variable = tree.blocks_of(tree.root, "variable").find(around).and_then(|it| tree.label(it, 0));
        if let Some(supposed) = variable.and_then(|name| self.reference(id, instance, "var", &[name])) {
            return Some(supposed);
        }
        let mut body = tree.root;
        while let Some(inner) = self.enter(id, tree, body, location.span) {
            body = inner;
        }
        None
    }

    fn enter(&mut self, id: InstanceId, tree: &'a Tree, body: BodyId, span: Span) -> Option<BodyId> {
        for item in tree.items(body) {
            match item {
                Item::Attribute(attribute) => {
                    let repeats = matches!(tree.name(attribute.name), "count" | "for_each");
                    if attribute.span.contains(span) || (repeats && body != tree.root) {
                        self.add(id, ExprAt { file: tree.file, expr: attribute.value });
                    }
                }
                Item::Block(_) => {}
            }
        }
        let around =
            |item: &&Item| matches!(item, Item::Block(block) if tree.block(*block).span.contains(span));
        match tree.items(body).iter().find(around) {
            Some(Item::Block(block)) => Some(tree.block(*block).body),
            _ => None,
        }
    }

    /// Whether anybody gives values to the root's variables.
    fn has_values(&self) -> bool {
        let given = self.root.instances.first().map(|top| top.given.as_slice()).unwrap_or_default();
        given.iter().any(|given| matches!(given, Given::Expression(_) | Given::Outside(_)))
    }

    /// Whether the root looks like a module for others to call.
    fn may_be_called(&self) -> bool {
        let module = self.model.module(self.root.module);
        module.backends.is_empty() && module.providers.is_empty() && !self.has_values()
    }
}

fn each_value(tree: &Tree, block: BlockId, found: &mut dyn FnMut(crate::syntax::ExprId)) {
    let mut bodies = vec![tree.block(block).body];
    while let Some(body) = bodies.pop() {
        for item in tree.items(body) {
            match item {
                Item::Attribute(attribute) => found(attribute.value),
                Item::Block(block) => bodies.push(tree.block(*block).body),
            }
        }
    }
}
