//! What hangs on what: units and roots on one another, resources on resources, and all of them on files.
//!
//! [`units()`] and [`resources()`] make a [`Graph`]; [`Affected`] says what a changed file can reach.

pub mod bounds;
mod affected;
mod changed;
mod circle;
mod given;
mod mentions;
mod resources;
mod units;

use arcstr::ArcStr;

pub use affected::{Affected, Because, Reached};
pub use resources::resources;
pub use units::units;

/// Nodes, and which hang on which. Both are sorted, and equal for equal trees.
#[derive(Debug, Default)]
pub struct Graph {
    /// The nodes, by directory, then address.
    pub nodes: Vec<Node>,
    /// What hangs on what.
    pub edges: Vec<Edge>,
    /// Circles, as places in `nodes`: each hangs on the one behind it, and the last on the first.
    pub circles: Vec<Vec<usize>>,
    /// More hangs on one another than is looked at: edges are missing.
    pub truncated: bool,
}

/// A unit, a root, or a resource in one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Node {
    /// The directory of the unit or root.
    pub directory: ArcStr,
    /// The address in it, without keys of instances; empty for the unit or root as a whole.
    pub address: ArcStr,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NodeKind {
    /// A Terragrunt unit.
    Unit,
    /// A root module that no unit runs.
    Root,
    /// Nothing is there, though something hangs on it.
    Missing,
    /// A resource.
    Resource,
    /// A data source.
    Data,
    /// An ephemeral resource.
    Ephemeral,
    /// A module that is not at hand, with all that may be in it.
    Module,
}

/// That one node hangs on another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// What hangs on the other, as a place in [`Graph::nodes`].
    pub from: usize,
    /// What it hangs on.
    pub to: usize,
    /// How.
    pub kind: EdgeKind,
    /// By what name it calls the other; empty if by none.
    pub label: ArcStr,
    /// Both lie on one circle.
    pub circular: bool,
}

/// How one node hangs on another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EdgeKind {
    /// It uses outputs of the other.
    Outputs,
    /// It reads the other's state.
    State,
    /// It comes after the other, and uses nothing of it.
    Order,
    /// It refers to the other.
    Reference,
}

impl Graph {
    /// Nodes and edges as they were found, in order, each once, and what follows from them.
    fn of(found: Vec<Node>, edges: impl IntoIterator<Item = (usize, usize, EdgeKind, ArcStr)>) -> Self {
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|&a, &b| found.get(a).cmp(&found.get(b)));
        let mut place = vec![0; found.len()];
        for (new, &old) in order.iter().enumerate() {
            if let Some(place) = place.get_mut(old) {
                *place = new;
            }
        }
        let at = |old: usize| place.get(old).copied().unwrap_or_default();
        let edge =
            |(from, to, kind, label)| Edge { from: at(from), to: at(to), kind, label, circular: false };
        let mut edges: Vec<Edge> = edges.into_iter().map(edge).collect();
        edges.sort();
        edges.dedup();
        let nodes: Vec<Node> = order.iter().filter_map(|&old| found.get(old).cloned()).collect();
        let mut graph = Self { nodes, edges, ..Self::default() };
        circle::note(&mut graph);
        graph
    }

    /// The same with those nodes only, and what hangs on what among them.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Node) -> bool) -> Self {
        let mut nodes = Vec::new();
        let mut place = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let kept = keep(node);
            place.push(kept.then_some(nodes.len()));
            if kept {
                nodes.push(node.clone());
            }
        }
        let at = |old: usize| place.get(old).copied().flatten();
        let edge = |edge: &Edge| Some(Edge { from: at(edge.from)?, to: at(edge.to)?, ..edge.clone() });
        let circle = |circle: &Vec<usize>| circle.iter().map(|&node| at(node)).collect();
        Self {
            edges: self.edges.iter().filter_map(edge).collect(),
            circles: self.circles.iter().filter_map(circle).collect(),
            nodes,
            truncated: self.truncated,
        }
    }
}
