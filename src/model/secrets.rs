use rayon::prelude::*;

use super::{Model, Root};
use crate::secret::{Recogniser, Secret};
use crate::source::{FileId, Location};
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::Value;

impl Model {
    /// The secrets in a file, as a recogniser without options knows them: who masks and who reports asks for the same.
    #[must_use]
    pub fn secrets(&self, id: FileId) -> &[Secret] {
        let Some(file) = self.files.get(id.0 as usize) else { return &[] };
        file.secrets.get_or_init(|| {
            let recogniser = Recogniser::default();
            match &file.tree {
                Some(tree) => recogniser.in_tree(tree),
                None => recogniser.in_text(&self.sources.get(id).text),
            }
        })
    }

    /// Where the literals stand that became sensitive values: no output may show their text.
    #[must_use]
    pub fn sensitive_literals(&self) -> Vec<Location> {
        let in_root = |root: &Root| {
            let mut found = Vec::new();
            for instance in &root.instances {
                let values = instance.variables.iter().chain(&instance.locals);
                let values = values.chain(instance.outputs.iter().map(|output| &output.value));
                let values = values.chain(instance.resources.iter().map(|resource| &resource.attributes));
                values.for_each(|value| self.literals_of(value, false, &mut found));
            }
            found
        };
        let mut found: Vec<Location> = self.roots.par_iter().flat_map_iter(in_root).collect();
        let written: Vec<Location> = found.iter().map(|&at| self.written_at(at)).collect();
        found.extend(written);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn literals_of(&self, value: &Value, inside: bool, found: &mut Vec<Location>) {
        let sensitive = inside || value.meta().sensitive();
        if sensitive
            && let Some(at) = self.expression(value.origin())
            && let Some(tree) = self.tree(at.file)
        {
            literals(tree, at.expr, found);
        }
        for child in value.children() {
            self.literals_of(child, sensitive, found);
        }
    }
}

/// The literal parts of an expression; names and operators give nothing away.
fn literals(tree: &Tree, expr: ExprId, found: &mut Vec<Location>) {
    match tree.kind(expr) {
        ExprKind::String(_) | ExprKind::Number | ExprKind::JsonString { .. } => {
            found.push(Location::new(tree.file, tree.span(expr)));
        }
        ExprKind::Template(parts) | ExprKind::Tuple(parts) | ExprKind::Call { args: parts, .. } => {
            tree.list(parts).for_each(|part| literals(tree, part, found));
        }
        ExprKind::Object(pairs) => tree.pairs(pairs).for_each(|(_, value)| literals(tree, value, found)),
        ExprKind::Paren(inner) | ExprKind::Interpolation(inner) => literals(tree, inner, found),
        ExprKind::Conditional { then, otherwise, .. } => {
            literals(tree, then, found);
            literals(tree, otherwise, found);
        }
        _ => {}
    }
}
