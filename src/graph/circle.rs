//! Circles in a graph.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Graph;

/// Notes which edges lie on circles, and of each knot of circles a shortest one.
pub(super) fn note(graph: &mut Graph) {
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        if let Some(targets) = targets.get_mut(edge.from) {
            targets.push(edge.to);
        }
    }
    let knots = knots(&targets);
    let mut size = vec![0_usize; targets.len()];
    for &knot in &knots {
        if let Some(size) = size.get_mut(knot) {
            *size += 1;
        }
    }
    let together = |a: usize, b: usize| {
        let (Some(one), Some(other)) = (knots.get(a), knots.get(b)) else { return false };
        one == other && (a == b || size.get(*one).is_some_and(|&size| size > 1))
    };
    for edge in &mut graph.edges {
        edge.circular = together(edge.from, edge.to);
    }
    let mut done = vec![false; targets.len()];
    for edge in &graph.edges {
        let knot = knots.get(edge.from).copied().unwrap_or_default();
        if edge.circular && !std::mem::replace(&mut done[knot], true) {
            graph.circles.push(shortest(edge.from, &targets, &|node| together(edge.from, node)));
        }
    }
}

/// The number of the knot that each node belongs to: all that lead to one another. Without recursion: chains may be long.
fn knots(targets: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let count = targets.len();
    let (mut index, mut low, mut knot) = (vec![NONE; count], vec![NONE; count], vec![NONE; count]);
    let (mut next, mut knots) = (0, 0);
    let mut open: Vec<usize> = Vec::new();
    for start in 0..count {
        if index[start] != NONE {
            continue;
        }
        let mut way = vec![(start, 0)];
        while let Some((node, step)) = way.pop() {
            if step == 0 {
                (index[node], low[node]) = (next, next);
                next += 1;
                open.push(node);
            }
            if let Some(&target) = targets[node].get(step) {
                way.push((node, step + 1));
                if index[target] == NONE {
                    way.push((target, 0));
                } else if knot[target] == NONE {
                    low[node] = low[node].min(index[target]);
                }
                continue;
            }
            if low[node] == index[node] {
                while let Some(member) = open.pop() {
                    knot[member] = knots;
                    if member == node {
                        break;
                    }
                }
                knots += 1;
            }
            if let Some((above, _)) = way.last() {
                low[*above] = low[*above].min(low[node]);
            }
        }
    }
    knot
}

/// A shortest way from a node back to itself.
fn shortest(start: usize, targets: &[Vec<usize>], within: &dyn Fn(usize) -> bool) -> Vec<usize> {
    // Knots may be many and small: nothing here is as large as the graph.
    let mut before: FxHashMap<usize, usize> = FxHashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &target in &targets[node] {
            if target == start {
                let mut way = vec![node];
                let mut at = node;
                while at != start
                    && let Some(&previous) = before.get(&at)
                {
                    way.push(previous);
                    at = previous;
                }
                way.reverse();
                return way;
            }
            if within(target) && !before.contains_key(&target) {
                before.insert(target, node);
                queue.push_back(target);
            }
        }
    }
    vec![start]
}

#[cfg(test)]
mod tests {
    use arcstr::ArcStr;

    use super::super::{EdgeKind, Graph, Node, NodeKind};

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
        let node = |at: usize| Node {
            directory: format!("u{at:06}").into(),
            address: ArcStr::new(),
            kind: NodeKind::Unit,
        };
        let edges = edges.iter().map(|&(from, to)| (from, to, EdgeKind::Order, ArcStr::new()));
        Graph::of((0..nodes).map(node).collect(), edges)
    }

    #[test]
    fn each_knot_shows_a_shortest_circle() {
        let found = graph(7, &[(0, 1), (1, 2), (2, 3), (3, 1), (2, 1), (4, 4), (5, 0), (6, 5), (3, 6)]);
        assert_eq!(found.circles, [vec![0, 1, 2, 3, 6, 5], vec![4]]);
        let two = graph(6, &[(0, 1), (1, 0), (2, 3), (3, 4), (4, 2), (1, 2), (5, 5)]);
        assert_eq!(two.circles, [vec![0, 1], vec![2, 3, 4], vec![5]]);
        let between = two.edges.iter().find(|edge| (edge.from, edge.to) == (1, 2));
        assert!(between.is_some_and(|edge| !edge.circular));
        assert!(graph(3, &[(0, 1), (1, 2), (0, 2)]).circles.is_empty());
    }

    #[test]
    fn a_long_chain_is_no_trouble() {
        let mut edges: Vec<(usize, usize)> = (0..100_000).map(|at| (at, at + 1)).collect();
        assert!(graph(100_001, &edges).circles.is_empty());
        edges.push((100_000, 0));
        assert_eq!(graph(100_001, &edges).circles.first().map(Vec::len), Some(100_001));
    }
}
