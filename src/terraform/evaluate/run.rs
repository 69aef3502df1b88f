//! The evaluation of one root.

use std::cell::{Cell as Shared, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use arcstr::ArcStr;

use super::chain::Chain;
use super::{Instance, InstanceScope};
use crate::eval::{self, Evaluator, Frame, Log};
use crate::model::{
    Beyond, Context, ExprAt, InstanceId, Key, Model, Module, Problem, ProblemKind, Root, RootId,
};
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
    /// What is not evaluated because it is too much, by the place of its declaration.
    pub(super) beyond: RefCell<BTreeMap<Location, Beyond>>,
    counted: Shared<usize>,
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
            beyond: RefCell::default(),
            counted: Shared::new(0),
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

    /// Whether there is room for that many more instances of anything; takes it.
    pub(super) fn room_for(&self, count: usize) -> bool {
        let total = self.counted.get().saturating_add(count);
        let fits = total <= INSTANCES_OF_ROOT;
        if fits {
            self.counted.set(total);
        }
        fits
    }

    /// Notes that instances of what is declared there are not evaluated, and why. That is nobody's mistake: what hangs on
    /// them is not known.
    pub(super) fn pass_over(&self, at: Location, address: &str, instances: usize, reason: String) {
        self.because(address, reason.clone());
        let mut beyond = self.beyond.borrow_mut();
        match beyond.get_mut(&at) {
            Some(known) => {
                known.instances = known.instances.saturating_add(instances);
            }
            None => drop(beyond.insert(at, Beyond { at, address: address.into(), instances, reason })),
        }
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
        key => {
            let mut keyed = String::with_capacity(address.len() + 24);
            keyed.push_str(address);
            // Writing to a text never fails.
            let _ = write!(keyed, "{key}");
            keyed.into()
        }
    }
}
