//! Units that depend on one another in a circle.

use std::collections::hash_map::Entry;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Circle, CircleStep, Unit, UnitStack};
use crate::source::Location;

/// Where a unit says that it depends on another.
#[derive(Clone, Copy)]
struct Edge {
    to: usize,
    at: Location,
    /// It uses the other's outputs: Terragrunt refuses it where that is on a circle.
    outputs: bool,
}

/// The circles among units, by blocks of either kind, and by way of stacks. Units that are on one by `dependency` blocks, or
/// use outputs of those, are refused. Units and stacks are sorted.
pub(super) fn circles(units: &mut [Unit], stacks: &[UnitStack]) -> Vec<Circle> {
    let edges = edges(units, stacks);
    let groups = groups(&edges);
    let mut circles: Vec<Circle> = Vec::new();
    let mut circle_of: Vec<Option<usize>> = vec![None; units.len()];
    for group in groups {
        let Some(&first) = group.iter().min() else { continue };
        let Some(way) = way_round(first, &group, &edges) else { continue };
        for &member in &group {
            circle_of[member] = Some(circles.len());
        }
        let step =
            |(unit, at): (usize, Location)| Some(CircleStep { unit: units.get(unit)?.dir.clone(), at });
        circles.push(Circle { way: way.into_iter().filter_map(step).collect(), units: Vec::new() });
    }
    if circles.is_empty() {
        return circles;
    }
    mark_refused(units, &edges, &circle_of);
    behind(&edges, &mut circle_of);
    for (unit, circle) in units.iter().zip(circle_of) {
        if let Some(circle) = circle.and_then(|circle| circles.get_mut(circle)) {
            circle.units.push(unit.dir.clone());
        }
    }
    circles.sort_by(|a, b| a.units.cmp(&b.units));
    circles
}

fn edges(units: &[Unit], stacks: &[UnitStack]) -> Vec<Vec<Edge>> {
    let index: FxHashMap<&ArcStr, usize> =
        units.iter().enumerate().map(|(index, unit)| (&unit.dir, index)).collect();
    let all = |dir: &ArcStr| match index.get(dir) {
        Some(&unit) => vec![unit],
        None => generated(dir, stacks).iter().filter_map(|dir| index.get(dir).copied()).collect(),
    };
    let of = |unit: &Unit| -> Vec<Edge> {
        let used = unit.dependencies.iter().filter(|one| one.enabled);
        let used = used.filter_map(|one| Some((one.path.as_ref()?, one.header, true)));
        let before = unit.orders.iter().map(|order| (&order.path, order.at, false));
        let mut found = Vec::new();
        for (path, at, outputs) in used.chain(before) {
            found.extend(all(path).into_iter().map(|to| Edge { to, at, outputs }));
        }
        found
    };
    units.iter().map(of).collect()
}

/// The directories that a stack generates, and what is generated in turn.
fn generated(dir: &ArcStr, stacks: &[UnitStack]) -> Vec<ArcStr> {
    let mut found: Vec<ArcStr> = Vec::new();
    let mut seen: FxHashSet<&ArcStr> = FxHashSet::default();
    let mut work = vec![dir];
    while let Some(dir) = work.pop() {
        let Ok(at) = stacks.binary_search_by(|stack| stack.dir.cmp(dir)) else {
            found.push(dir.clone());
            continue;
        };
        if seen.insert(dir)
            && let Some(stack) = stacks.get(at)
        {
            work.extend(&stack.generates);
        }
    }
    found
}

/// Units of which each leads to every other, where there are several, or one leads to itself. Chains may be long, so
/// nothing recurses.
fn groups(edges: &[Vec<Edge>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut number = vec![NEW; edges.len()];
    let mut lowest = vec![NEW; edges.len()];
    let mut open = vec![false; edges.len()];
    let (mut next, mut stack, mut found) = (0, Vec::new(), Vec::new());
    for start in 0..edges.len() {
        if number[start] != NEW {
            continue;
        }
        // Each unit on the way, and which of its edges comes next.
        let mut way = vec![(start, 0)];
        while let Some((at, edge)) = way.pop() {
            if edge == 0 {
                (number[at], lowest[at], open[at]) = (next, next, true);
                next += 1;
                stack.push(at);
            }
            match edges[at].get(edge) {
                Some(Edge { to, .. }) if number[*to] == NEW => way.extend([(at, edge + 1), (*to, 0)]),
                Some(Edge { to, .. }) => {
                    if open[*to] {
                        lowest[at] = lowest[at].min(number[*to]);
                    }
                    way.push((at, edge + 1));
                }
                None => {
                    if lowest[at] == number[at] {
                        let from = stack.iter().rposition(|&other| other == at).unwrap_or_default();
                        let group: Vec<usize> = stack.split_off(from);
                        group.iter().for_each(|&member| open[member] = false);
                        if group.len() > 1 || edges[at].iter().any(|edge| edge.to == at) {
                            found.push(group);
                        }
                    }
                    if let Some(&(before, _)) = way.last() {
                        lowest[before] = lowest[before].min(lowest[at]);
                    }
                }
            }
        }
    }
    found
}

/// The shortest way from a unit back to itself within its group: the units, and where each leads to the next.
fn way_round(first: usize, group: &[usize], edges: &[Vec<Edge>]) -> Option<Vec<(usize, Location)>> {
    let inside: FxHashSet<usize> = group.iter().copied().collect();
    // How each was come to: from where, and by which edge.
    let mut from: FxHashMap<usize, (usize, Location)> = FxHashMap::default();
    let mut level = vec![first];
    while !level.is_empty() {
        let mut next = Vec::new();
        for at in level {
            for edge in edges.get(at)?.iter().filter(|edge| inside.contains(&edge.to)) {
                if edge.to == first {
                    let mut way = vec![(at, edge.at)];
                    let mut last = at;
                    while let Some(&(before, place)) = from.get(&last).filter(|_| last != first) {
                        way.push((before, place));
                        last = before;
                    }
                    way.reverse();
                    return Some(way);
                }
                if let Entry::Vacant(new) = from.entry(edge.to) {
                    new.insert((at, edge.at));
                    next.push(edge.to);
                }
            }
        }
        level = next;
    }
    None
}

/// Terragrunt refuses what uses outputs in a circle, and what uses outputs of that.
fn mark_refused(units: &mut [Unit], edges: &[Vec<Edge>], circle_of: &[Option<usize>]) {
    let by_outputs: Vec<Vec<Edge>> = edges
        .iter()
        .zip(circle_of)
        .map(|(edges, circle)| match circle {
            Some(_) => edges.iter().copied().filter(|edge| edge.outputs).collect(),
            None => Vec::new(),
        })
        .collect();
    let mut on: Vec<Option<usize>> = vec![None; units.len()];
    for member in groups(&by_outputs).into_iter().flatten() {
        on[member] = Some(0);
    }
    behind(edges, &mut on);
    for (unit, on) in units.iter_mut().zip(on) {
        unit.refused |= on.is_some();
    }
}

/// Those that use outputs of what is marked are marked likewise.
fn behind(edges: &[Vec<Edge>], marked: &mut [Option<usize>]) {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (user, of) in edges.iter().enumerate() {
        for edge in of.iter().filter(|edge| edge.outputs) {
            users[edge.to].push(user);
        }
    }
    let mut work: Vec<usize> = (0..edges.len()).filter(|&at| marked[at].is_some()).collect();
    while let Some(at) = work.pop() {
        for &user in users.get(at).into_iter().flatten() {
            if marked[user].is_none() {
                marked[user] = marked[at];
                work.push(user);
            }
        }
    }
}
