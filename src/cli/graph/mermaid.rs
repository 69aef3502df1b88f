//! Graphs in the language of Mermaid.

use std::fmt::Write as _;

use crate::graph::{EdgeKind, Graph, NodeKind};
use crate::report::visible;

/// Writes a graph. What lies on a circle is red; what is missing is dashed.
pub(super) fn write(graph: &Graph, text: &mut String) {
    text.push_str("flowchart LR\n");
    let mut place: Option<&str> = None;
    let mut clusters = 0;
    for (index, node) in graph.nodes.iter().enumerate() {
        // Resources stand together by the unit or root that they are in.
        if place != Some(node.directory.as_str()) && place.take().is_some() {
            text.push_str("  end\n");
        }
        if !node.address.is_empty() && place.is_none() {
            place = Some(&node.directory);
            let _ = writeln!(text, "  subgraph g{clusters}[\"{}\"]", escaped(&node.directory));
            clusters += 1;
        }
        let indent = if place.is_some() { "    " } else { "  " };
        let shown = if node.address.is_empty() { &node.directory } else { &node.address };
        let class = match node.kind {
            NodeKind::Missing | NodeKind::Module => ":::missing",
            _ => "",
        };
        let _ = writeln!(text, "{indent}n{index}[\"{}\"]{class}", escaped(shown));
    }
    if place.is_some() {
        text.push_str("  end\n");
    }
    for edge in &graph.edges {
        let arrow = if edge.kind == EdgeKind::Order { "-.->" } else { "-->" };
        let label = match edge.label.as_str() {
            "" => String::new(),
            label => format!("|\"{}\"|", escaped(label)),
        };
        let _ = writeln!(text, "  n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    if graph.nodes.iter().any(|node| matches!(node.kind, NodeKind::Missing | NodeKind::Module)) {
        text.push_str("  classDef missing stroke-dasharray: 4\n");
    }
    let circular = graph.edges.iter().enumerate().filter(|(_, edge)| edge.circular);
    let circular: Vec<String> = circular.map(|(index, _)| index.to_string()).collect();
    if !circular.is_empty() {
        let _ = writeln!(text, "  linkStyle {} stroke: red", circular.join(","));
    }
}

/// A text for between quotes: what is neither a letter nor plain is written as its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in visible(text).chars() {
        match letter {
            letter if letter.is_alphanumeric() || matches!(letter, '/' | '.' | '-' | '_' | ' ') => {
                escaped.push(letter);
            }
            letter => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_leaves_its_quotes() {
        assert_eq!(escaped("live/qa_1.b-c größe"), "live/qa_1.b-c größe");
        assert_eq!(escaped("a\"] --> %%{b}#lt;`"), "a#34;#93; --#62; #37;#37;#123;b#125;#35;lt#59;#96;");
        assert_eq!(escaped("a\nb"), "a#92;u#123;a#125;b");
    }
}
