//! The evaluation of one root.

use std::cell::{Cell as Shared, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use arcstr::ArcStr;

use super::chain::Chain;
use super::{Instance, InstanceScope};
use crate::eval::{self, Evaluator, Frame, Log};
use crate::model::{Context, ExprAt, InstanceId, Key, Model, Module, Problem, ProblemKind, Root, RootId};
use crate::source::Location;
use crate::terraform::bounds::INSTANCES_OF_ROOT;
use crate::terraform::installed::Installed;
use crate::terraform::roots::Plan;
use crate::terraform::world::Files;
use crate::value::Value;

/// Other roots, as far as their outputs are asked for through their state.
pub(in super::super) trait States {
    /// The outputs of the root whose state lies there, as an object; `None` if no root's does.
    fn outputs(
        &self,
        backend: &str,
        config: &Value,
        workspace: Option<&str>,
        asking: RootId,
    ) -> Option<Value>;
}

/// One root while it is evaluated.
pub(in super::super) struct Run<'m> {
    pub(super) model: &'m Model,
    pub(super) plan: &'m Plan,
    pub(super) root: RootId,
    pub(super) installed: &'m Installed,
    pub(super) states: &'m dyn States,
    pub(super) files: Files<'m>,
    pub(super) instances: RefCell<Vec<Rc<Instance<'m>>>>,
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) conditions: RefCell<BTreeMap<InstanceId, Vec<crate::model::ConditionInstance>>>,
    pub(super) reasons: RefCell<BTreeMap<ArcStr, String>>,
    pub(super) chain: Chain,
    pub(super) stack_base: usize,
    counted: Shared<usize>,
    overflowed: Shared<bool>,
}

impl<'m> Run<'m> {
    pub(in super::super) fn new(
        model: &'m Model,
        plan: &'m Plan,
        root: RootId,
        installed: &'m Installed,
        states: &'m dyn States,
        files: Files<'m>,
    ) -> Self {
        let base = 0_u8;
        Self {
            model,
            plan,
            root,
            installed,
            states,
            files,
            instances: RefCell::default(),
            problems: RefCell::default(),
            conditions: RefCell::default(),
            reasons: RefCell::default(),
            chain: Chain::default(),
            stack_base: std::ptr::from_ref(&base) as usize,
            counted: Shared::new(0),
            overflowed: Shared::new(false),
        }
    }

    /// Evaluates everything.
    pub(in super::super) fn run(self) -> (Root, Vec<Problem>) {
        let top = self.add(self.model.module(self.plan.module), ArcStr::new(), None, 0, |_| {});
        self.complete(&top);
        let mut next = 1;
        // Calls add instances while they are worked off.
        while let Some(instance) = self.instance(InstanceId(next)) {
            self.complete(&instance);
            next += 1;
        }
        self.finish()
    }

    /// Evaluates all that one instance declares.
    fn complete(&self, instance: &Rc<Instance<'m>>) {
        let module = instance.module;
        (0..module.variables.len()).for_each(|at| drop(self.variable(instance, at, None)));
        (0..module.calls.len()).for_each(|at| drop(self.call(instance, at, None)));
        (0..module.locals.len()).for_each(|at| drop(self.local(instance, at, None)));
        (0..module.resources.len()).for_each(|at| drop(self.resources(instance, at, None)));
        (0..module.outputs.len()).for_each(|at| drop(self.output(instance, at, None)));
        self.providers(instance);
        self.conditions(instance);
        self.imports(instance);
    }

    /// The instance of that id.
    pub(super) fn instance(&self, id: InstanceId) -> Option<Rc<Instance<'m>>> {
        self.instances.borrow().get(id.0 as usize).cloned()
    }

    /// Adds an instance of a module.
    pub(super) fn add(
        &self,
        module: &'m Module,
        address: ArcStr,
        caller: Option<(InstanceId, usize)>,
        depth: usize,
        set: impl FnOnce(&mut Instance<'m>),
    ) -> Rc<Instance<'m>> {
        let mut instances = self.instances.borrow_mut();
        let id = InstanceId(instances.len() as u32);
        let mut instance = Instance::new(id, module, address, caller, depth);
        set(&mut instance);
        let instance = Rc::new(instance);
        instances.push(instance.clone());
        instance
    }

    /// Whether there is room for that many more instances of anything; says so once if not.
    pub(super) fn room_for(&self, count: usize, at: Location, instance: InstanceId) -> bool {
        let total = self.counted.get().saturating_add(count);
        self.counted.set(total);
        if total <= INSTANCES_OF_ROOT {
            return true;
        }
        if !self.overflowed.replace(true) {
            let message = format!("the root has more than {INSTANCES_OF_ROOT} instances");
            let problem = eval::Problem::new(at, message);
            self.report(ProblemKind::Expression, problem, instance, None);
        }
        false
    }

    /// Records a problem.
    pub(super) fn report(
        &self,
        kind: ProblemKind,
        problem: eval::Problem,
        instance: InstanceId,
        resource: Option<ArcStr>,
    ) {
        let context = Context { root: self.root, instance, resource };
        self.problems.borrow_mut().push(Problem { kind, problem, contexts: vec![context] });
    }

    /// Says why what stands at an address is not known.
    pub(super) fn because(&self, address: impl Into<ArcStr>, reason: impl Into<String>) {
        self.reasons.borrow_mut().entry(address.into()).or_insert_with(|| reason.into());
    }

    /// The value of an expression, or nothing if it goes wrong, which is then reported.
    pub(super) fn evaluate(
        &self,
        scope: &InstanceScope<'_, 'm>,
        at: ExprAt,
        frame: Option<&Frame<'_>>,
    ) -> Option<Value> {
        let tree = self.model.tree(at.file)?;
        let mut log = Log::default();
        let outcome = Evaluator::new(tree, scope, &mut log).evaluate(at.expr, frame);
        for problem in log.problems {
            self.report(ProblemKind::Expression, problem, scope.instance.id, scope.resource.cloned());
        }
        outcome.ok()
    }
}

/// The key as part of an address.
pub(super) fn keyed(address: &str, key: &Key) -> ArcStr {
    match key {
        Key::None => address.into(),
        key => format!("{address}{key}").into(),
    }
}
