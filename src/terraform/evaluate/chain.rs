//! What hangs on what: values that are being computed, and the cycles among them.

use std::cell::RefCell;

use super::Run;
use crate::eval::Problem;
use crate::model::{InstanceId, ProblemKind};
use crate::source::Location;
use crate::terraform::bounds::{CHAIN, CHAIN_BYTES};

/// A value that is computed when it is first asked for.
#[derive(Debug)]
pub(in super::super) struct Cell<T>(RefCell<State<T>>);

#[derive(Debug)]
enum State<T> {
    Idle,
    Active,
    Done(T),
}

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Self(RefCell::new(State::Idle))
    }
}

impl<T: Clone> Cell<T> {
    /// The value, if it is there.
    pub(super) fn get(&self) -> Option<T> {
        match &*self.0.borrow() {
            State::Done(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// `count` cells.
    pub(super) fn row(count: usize) -> Vec<Self> {
        (0..count).map(|_| Self::default()).collect()
    }
}

/// A declaration of an instance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) instance: InstanceId,
    pub(super) what: What,
}

/// Which declaration, by its place in the module's lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Variable(usize),
    Local(usize),
    Output(usize),
    Call(usize),
    Resource(usize),
}

/// The values that are being computed right now, each asked for by the one before.
#[derive(Default, Debug)]
pub(super) struct Chain {
    nodes: RefCell<Vec<Node>>,
}

impl Run<'_> {
    /// The value of a cell, computed if it is not there yet. `asked` is where it is asked for; `lost` is what it is
    /// where it cannot be had: in a cycle, at the end of a chain that is too long.
    pub(super) fn settle<T: Clone>(
        &self,
        cell: &Cell<T>,
        node: Node,
        asked: Option<Location>,
        lost: impl FnOnce() -> T,
        compute: impl FnOnce() -> T,
    ) -> T {
        match &*cell.0.borrow() {
            State::Done(value) => return value.clone(),
            State::Active => {
                self.cycle(node, asked);
                return lost();
            }
            State::Idle => {}
        }
        if self.too_deep() {
            let message = "too many values hang on one another here".to_owned();
            self.report(ProblemKind::Expression, problem(asked, message), node.instance, None);
            return lost();
        }
        cell.0.replace(State::Active);
        self.chain.nodes.borrow_mut().push(node);
        let value = compute();
        self.chain.nodes.borrow_mut().pop();
        cell.0.replace(State::Done(value.clone()));
        value
    }

    /// The address of a local on the stack tells how much of it is in use.
    fn too_deep(&self) -> bool {
        let here = 0_u8;
        let used = self.stack_base.abs_diff(std::ptr::from_ref(&here) as usize);
        self.chain.nodes.borrow().len() > CHAIN || used > CHAIN_BYTES
    }

    fn cycle(&self, node: Node, asked: Option<Location>) {
        let names: Vec<String> = {
            let nodes = self.chain.nodes.borrow();
            let from = nodes.iter().position(|known| *known == node).unwrap_or_default();
            nodes.iter().skip(from).map(|node| self.name(*node)).collect()
        };
        let first = names.first().cloned().unwrap_or_default();
        let problem = match names.as_slice() {
            [only] => problem(asked, format!("`{only}` refers to itself")),
            many => {
                let mut shown: Vec<String> = many.iter().take(12).map(|name| format!("`{name}`")).collect();
                if many.len() > shown.len() {
                    shown.push(format!("{} more", many.len() - shown.len()));
                }
                let message = format!("{} hang on one another in a circle", shown.join(" → "));
                problem(asked, message)
                    .with_help(format!("break the circle: nothing may need `{first}` before it is there"))
            }
        };
        self.report(ProblemKind::Circle, problem, node.instance, None);
    }

    fn name(&self, node: Node) -> String {
        let Some(instance) = self.instance(node.instance) else { return String::new() };
        let module = instance.module;
        let name = match node.what {
            What::Variable(at) => module.variables.get(at).map(|it| format!("var.{}", it.named.name)),
            What::Local(at) => module.locals.get(at).map(|it| format!("local.{}", it.named.name)),
            What::Output(at) => module.outputs.get(at).map(|it| format!("output.{}", it.named.name)),
            What::Call(at) => module.calls.get(at).map(|it| format!("module.{}", it.named.name)),
            What::Resource(at) => module.resources.get(at).map(crate::model::Resource::address),
        };
        instance.inside(&[&name.unwrap_or_default()])
    }
}

fn problem(asked: Option<Location>, message: String) -> Problem {
    Problem { location: asked, message, help: None, labels: Vec::new(), absent: false }
}
