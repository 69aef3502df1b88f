//! Whether blocks, labels and arguments are those that the language knows.

use super::vocabulary::{BlockGrammar, Grammar};
use crate::eval;
use crate::model::{Problem, ProblemKind};
use crate::source::{FileId, Location, Span};
use crate::suggest::did_you_mean as offer;
use crate::syntax::{Block, BodyId, Tree, is_identifier};

/// Checks a file's own body and all the language knows below it.
pub(super) fn check(tree: &Tree, grammar: &Grammar, problems: &mut Vec<Problem>) {
    Structure { tree, problems }.body(tree.root, grammar, None);
}

/// A problem of the text's structure.
pub(super) fn wrong(file: FileId, span: Span, message: impl Into<String>, help: Option<String>) -> Problem {
    let mut problem = eval::Problem::new(Location::new(file, span), message);
    problem.help = help;
    Problem { kind: ProblemKind::Syntax, problem, contexts: Vec::new() }
}

struct Structure<'a> {
    tree: &'a Tree,
    problems: &'a mut Vec<Problem>,
}

impl Structure<'_> {
    fn wrong(&mut self, span: Span, message: String, help: Option<String>) {
        self.problems.push(wrong(self.tree.file, span, message, help));
    }

    fn body(&mut self, body: BodyId, grammar: &Grammar, owner: Option<&Block>) {
        let tree = self.tree;
        let place = || {
            owner.map_or("at the top of a file".to_owned(), |block| {
                let kind = tree.name(block.kind);
                format!("in {} {kind} block", article(kind))
            })
        };
        if !grammar.any_argument {
            for attribute in tree.attributes(body) {
                let name = tree.name(attribute.name);
                if grammar.arguments.iter().any(|(known, _)| *known == name) {
                    continue;
                }
                if grammar.blocks.iter().any(|block| block.kind == name) {
                    let message = format!("`{name}` is a block, not an argument");
                    let help = format!("write `{name} {{ … }}`, without `=`");
                    self.wrong(attribute.name.span, message, Some(help));
                    continue;
                }
                let known = grammar.arguments.iter().map(|(name, _)| *name);
                let help = offer(name, known.chain(grammar.blocks.iter().map(|block| block.kind)));
                self.wrong(
                    attribute.name.span,
                    format!("no argument `{name}` is expected {}", place()),
                    help,
                );
            }
        }
        for block in tree.blocks(body) {
            let kind = tree.name(block.kind);
            // `_ { … }` holds arguments whose names the language would take for its own.
            if kind == "_" && grammar.any_block {
                continue;
            }
            if let Some(known) = grammar.blocks.iter().find(|known| known.kind == kind) {
                self.labels(block, known);
                self.body(block.body, known.body, Some(block));
            } else if grammar.arguments.iter().any(|(name, _)| *name == kind) {
                let message = format!("`{kind}` is an argument, not a block");
                self.wrong(block.kind.span, message, Some(format!("write `{kind} = …`")));
            } else if !grammar.any_block {
                let known = grammar.blocks.iter().map(|block| block.kind);
                let help = offer(kind, known.chain(grammar.arguments.iter().map(|(name, _)| *name)));
                self.wrong(block.kind.span, format!("no block `{kind}` is expected {}", place()), help);
            }
        }
        let Some(owner) = owner else { return };
        // What a syntax error has swallowed is not missing.
        if tree.errors.iter().any(|error| owner.span.contains(Span::at(error.span.start))) {
            return;
        }
        for (name, _) in grammar.arguments.iter().filter(|(_, required)| *required) {
            if tree.attribute(body, name).is_none() {
                let kind = tree.name(owner.kind);
                let message = format!("{} {kind} block needs the argument `{name}`", article(kind));
                self.wrong(owner.header, message, None);
            }
        }
    }

    fn labels(&mut self, block: &Block, grammar: &BlockGrammar) {
        let tree = self.tree;
        let labels = tree.labels(block);
        let kind = grammar.kind;
        if let Some(missing) = grammar.labels.get(labels.len()) {
            let span = labels.last().map_or(block.kind.span, |label| label.span);
            let example: Vec<_> = grammar.labels.iter().map(|label| format!("\"{label}\"")).collect();
            let help = format!("write `{kind} {} {{ … }}`", example.join(" "));
            let message = format!("{} {kind} block needs a label for its {missing}", article(kind));
            self.wrong(block.kind.span.to(span), message, Some(help));
        }
        if let Some(extra) = labels.get(grammar.labels.len()) {
            let count = grammar.labels.len();
            let message = match count {
                0 => format!("{} {kind} block has no label", article(kind)),
                1 => format!("{} {kind} block has one label", article(kind)),
                _ => format!("{} {kind} block has {count} labels", article(kind)),
            };
            self.wrong(extra.span, message, None);
        }
        for (label, purpose) in labels.iter().zip(grammar.labels) {
            let text = tree.text(label.text);
            if !is_identifier(text) {
                let message = format!("`{text}` cannot be a {purpose}");
                let help = "a name begins with a letter or an underscore and goes on with letters, digits, \
                            underscores and dashes";
                self.wrong(label.span, message, Some(help.to_owned()));
            }
        }
    }
}

/// `a` or `an`, as it sounds before the word.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
