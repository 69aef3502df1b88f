//! Graphs as JSON.

use serde::Serialize;

use super::Drawing;
use crate::graph::{Because, EdgeKind, Node, NodeKind};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    nodes: Vec<ShownNode<'a>>,
    edges: Vec<ShownEdge<'a>>,
    cycles: Vec<Vec<String>>,
    truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    affected: Option<Vec<ShownReached<'a>>>,
}

#[derive(Serialize)]
struct ShownNode<'a> {
    id: String,
    path: &'a str,
    address: Option<&'a str>,
    kind: &'static str,
}

#[derive(Serialize)]
struct ShownEdge<'a> {
    from: String,
    to: String,
    kind: &'static str,
    label: Option<&'a str>,
    on_cycle: bool,
}

#[derive(Serialize)]
struct ShownReached<'a> {
    path: &'a str,
    kind: &'static str,
    changed: Option<&'a str>,
    depends_on: Option<&'a str>,
}

/// Writes a graph as one document.
pub(super) fn write(drawing: &Drawing<'_>, text: &mut String) {
    let graph = drawing.graph;
    let id = |index: usize| graph.nodes.get(index).map(name).unwrap_or_default();
    let filled = |text: &'_ str| !text.is_empty();
    let document = Document {
        version: 1,
        nodes: graph
            .nodes
            .iter()
            .map(|node| ShownNode {
                id: name(node),
                path: &node.directory,
                address: Some(node.address.as_str()).filter(|text| filled(text)),
                kind: kind(node.kind),
            })
            .collect(),
        edges: graph
            .edges
            .iter()
            .map(|edge| ShownEdge {
                from: id(edge.from),
                to: id(edge.to),
                kind: match edge.kind {
                    EdgeKind::Outputs => "outputs",
                    EdgeKind::State => "state",
                    EdgeKind::Order => "order",
                    EdgeKind::Reference => "reference",
                },
                label: Some(edge.label.as_str()).filter(|text| filled(text)),
                on_cycle: edge.circular,
            })
            .collect(),
        cycles: graph.circles.iter().map(|circle| circle.iter().map(|&node| id(node)).collect()).collect(),
        truncated: graph.truncated,
        affected: drawing.affected.map(|affected| {
            let asked = affected.reached.iter().filter(|reached| reached.asked);
            let shown = asked.map(|reached| {
                let (changed, depends_on) = match &reached.because {
                    Because::Changed(path) => (Some(path.as_str()), None),
                    Because::HangsOn(directory) => (None, Some(directory.as_str())),
                };
                let kind = kind(if reached.is_unit { NodeKind::Unit } else { NodeKind::Root });
                ShownReached { path: &reached.directory, kind, changed, depends_on }
            });
            shown.collect()
        }),
    };
    // Texts and lists alone: nothing in it can fail.
    text.push_str(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
}

/// What a node is called: an address behind the directory, as identities print.
pub(super) fn name(node: &Node) -> String {
    match node.address.as_str() {
        "" => node.directory.to_string(),
        address => format!("{}//{address}", node.directory),
    }
}

const fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Unit => "unit",
        NodeKind::Root => "root",
        NodeKind::Missing => "missing",
        NodeKind::Resource => "resource",
        NodeKind::Data => "data",
        NodeKind::Ephemeral => "ephemeral",
        NodeKind::Module => "module",
    }
}
