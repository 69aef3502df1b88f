//! Graphs in the language of Graphviz.

use std::fmt::Write as _;

use super::json::name;
use crate::graph::{EdgeKind, Graph, Node, NodeKind};
use crate::report::visible;

/// Writes a graph. What lies on a circle is red; what is missing is dashed.
pub(super) fn write(graph: &Graph, text: &mut String) {
    text.push_str("digraph {\n  rankdir = LR;\n  node [shape = box];\n");
    let mut place: Option<&str> = None;
    let mut clusters = 0;
    for node in &graph.nodes {
        // Resources stand together by the unit or root that they are in.
        if place != Some(node.directory.as_str()) && place.take().is_some() {
            text.push_str("  }\n");
        }
        if !node.address.is_empty() && place.is_none() {
            place = Some(&node.directory);
            let _ =
                writeln!(text, "  subgraph cluster_{clusters} {{\n    label = {};", quoted(&node.directory));
            clusters += 1;
        }
        let indent = if place.is_some() { "    " } else { "  " };
        let _ = writeln!(text, "{indent}{}{};", quoted(&name(node)), attributes(node));
    }
    if place.is_some() {
        text.push_str("  }\n");
    }
    for edge in &graph.edges {
        let (Some(from), Some(to)) = (graph.nodes.get(edge.from), graph.nodes.get(edge.to)) else { continue };
        let mut said = Vec::new();
        if !edge.label.is_empty() {
            said.push(format!("label = {}", quoted(&edge.label)));
        }
        if edge.kind == EdgeKind::Order {
            said.push("style = dashed".to_owned());
        }
        if edge.circular {
            said.push("color = red".to_owned());
        }
        let said = if said.is_empty() { String::new() } else { format!(" [{}]", said.join(", ")) };
        let _ = writeln!(text, "  {} -> {}{said};", quoted(&name(from)), quoted(&name(to)));
    }
    text.push_str("}\n");
}

fn attributes(node: &Node) -> String {
    let mut said = Vec::new();
    if !node.address.is_empty() {
        said.push(format!("label = {}", quoted(&node.address)));
    }
    match node.kind {
        NodeKind::Missing | NodeKind::Module => said.push("style = dashed".to_owned()),
        NodeKind::Data => said.push("style = rounded".to_owned()),
        _ => {}
    }
    if said.is_empty() { String::new() } else { format!(" [{}]", said.join(", ")) }
}

/// A text in quotes, in which nothing acts: a backslash begins an escape in what is shown.
fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text).replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_leaves_its_quotes() {
        assert_eq!(quoted("a\"]; x -> y; \\N\n<b>\\"), r#""a\"]; x -> y; \\N\\u{a}<b>\\""#);
    }
}
