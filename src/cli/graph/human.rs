//! Graphs for people.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Drawing;
use super::json::name;
use crate::graph::{Affected, Because, Edge, EdgeKind, Graph, Node, NodeKind};
use crate::report::visible;

/// Writes a graph as lists; of what files reach, why they do.
pub(super) fn write(drawing: &Drawing<'_>, text: &mut String) {
    let graph = drawing.graph;
    let of_resources = graph.nodes.iter().any(|node| !node.address.is_empty());
    match drawing.affected {
        Some(affected) if !of_resources => reached(affected, drawing.all, text),
        _ => all(graph, text),
    }
    for circle in &graph.circles {
        let names: Vec<String> =
            circle.iter().chain(circle.first()).filter_map(|&at| graph.nodes.get(at)).map(name).collect();
        let _ = writeln!(text, "a circle: {}", visible(&names.join(", which depends on ")));
    }
    if graph.truncated {
        text.push_str("there is more than is looked at: some of it is missing here\n");
    }
}

/// Every node, and below it what it depends on.
fn all(graph: &Graph, text: &mut String) {
    let mut edges = graph.edges.as_slice();
    let mut place: Option<&str> = None;
    for (index, node) in graph.nodes.iter().enumerate() {
        let own = edges.partition_point(|edge| edge.from <= index);
        let (of_node, rest) = edges.split_at(own);
        edges = rest;
        let indent = if node.address.is_empty() { "" } else { "  " };
        if !node.address.is_empty() && place != Some(node.directory.as_str()) {
            place = Some(&node.directory);
            let _ = writeln!(text, "{}", visible(&node.directory));
        }
        let shown = if node.address.is_empty() { &node.directory } else { &node.address };
        let _ = writeln!(text, "{indent}{}{}", visible(shown), remark(node.kind));
        for edge in of_node {
            if let Some(target) = graph.nodes.get(edge.to) {
                let _ = writeln!(text, "{indent}  {}", dependency(node, edge, target));
            }
        }
    }
    let (nodes, edges) = (graph.nodes.len(), graph.edges.len());
    if nodes > 0 {
        let what = if place.is_some() { "resources" } else { "units and roots" };
        let _ = writeln!(text, "\n{what}: {nodes}, dependencies: {edges}");
    }
}

const fn remark(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Missing => " (missing)",
        NodeKind::Module => " (not at hand)",
        _ => "",
    }
}

fn dependency(node: &Node, edge: &Edge, target: &Node) -> String {
    let shown: Cow<'_, str> = match target.address.as_str() {
        "" => target.directory.as_str().into(),
        address if node.directory == target.directory => address.into(),
        _ => name(target).into(),
    };
    let how = match (edge.kind, edge.label.as_str()) {
        (EdgeKind::Reference, _) => String::new(),
        (EdgeKind::State, _) => " (reads its state)".to_owned(),
        (EdgeKind::Order, _) => " (comes after it)".to_owned(),
        (EdgeKind::Outputs, label) => format!(" (as {})", visible(label)),
    };
    let circle = if edge.circular { ", on a circle" } else { "" };
    format!("depends on {}{how}{circle}", visible(&shown))
}

/// What is reached, and why.
fn reached(affected: &Affected, all: usize, text: &mut String) {
    let asked: Vec<_> = affected.reached.iter().filter(|reached| reached.asked).collect();
    for reached in &asked {
        let why = match &reached.because {
            Because::Changed(path) => visible(path).into_owned(),
            Because::HangsOn(directory) => format!("depends on {}", visible(directory)),
        };
        let _ = writeln!(text, "{}: {why}", visible(&reached.directory));
    }
    let blank = if asked.is_empty() { "" } else { "\n" };
    let _ = writeln!(text, "{blank}{} of {all} units and roots", asked.len());
}
