//! Where the variables of a root module have their values from.

use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::constant;
use super::load::Loader;
use super::settings::Input;
use crate::eval::{self, Failed, Log};
use crate::model::{ExprAt, File, Model, Problem, ProblemKind, Read};
use crate::source::{FileId, FileKind, Location, SourceFile, Span, VariablesKind};
use crate::syntax::parse_expression;
use crate::value::Value;

/// Where one variable has its value from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// An entry of a file of values.
    Entry(ExprAt),
    /// A text from the command line, the environment or the configuration.
    Text(ExprAt),
    /// An input of a unit, whose value is known already; where it was written, or else the unit's own file.
    Input(ExprAt),
}

impl Source {
    pub(super) fn at(self) -> ExprAt {
        match self {
            Self::Entry(at) | Self::Text(at) | Self::Input(at) => at,
        }
    }
}

/// The values for the variables of one root; later ones have replaced earlier ones.
pub(super) type Values = FxHashMap<ArcStr, Source>;

/// The files of a directory whose values are read without being asked for, later wins.
pub(super) fn automatic(model: &Model, files: &[FileId]) -> Vec<FileId> {
    let kind = |file: &FileId| model.files.get(file.0 as usize).and_then(|file| file.kind);
    // `terraform.tfvars` sorts before `terraform.tfvars.json`, and files come sorted by name.
    let of = |wanted: VariablesKind| {
        files.iter().copied().filter(move |file| kind(file) == Some(FileKind::Variables(wanted)))
    };
    of(VariablesKind::Default).chain(of(VariablesKind::Auto)).collect()
}

/// The entries of a file of values.
pub(super) fn entries(model: &Model, file: FileId) -> Vec<(ArcStr, Span, ExprAt)> {
    let Some(tree) = model.tree(file) else { return Vec::new() };
    tree.attributes(tree.root)
        .map(|attribute| {
            let at = ExprAt { file, expr: attribute.value };
            (tree.name(attribute.name).into(), attribute.name.span, at)
        })
        .collect()
}

/// Adds what a list of inputs says, the later the stronger; `by` names where single values were given. Returns the files
/// among them; those that cannot be read are problems of their own.
pub(super) fn add(loader: &mut Loader<'_>, values: &mut Values, inputs: &[Input], by: &str) -> Vec<Read> {
    let mut files = Vec::new();
    for input in inputs {
        match input {
            Input::Value { name, text } => {
                let at = text_file(loader, &format!("{by} {name}"), text);
                values.insert(name.as_str().into(), Source::Text(at));
            }
            Input::File(path) => match loader.values_file(path) {
                Ok(file) => {
                    add_file(&loader.model, values, file);
                    files.push(Read::File(path.as_str().into()));
                }
                Err(error) => {
                    files.push(Read::Absent(path.as_str().into()));
                    let problem = eval::Problem {
                        location: None,
                        message: format!("the file of variable values `{path}` {error}"),
                        help: None,
                        labels: Vec::new(),
                        absent: false,
                    };
                    let problem = Problem { kind: ProblemKind::Call, problem, contexts: Vec::new() };
                    if !loader.model.problems.contains(&problem) {
                        loader.model.problems.push(problem);
                    }
                }
            },
        }
    }
    files
}

/// Adds the values of a file.
pub(super) fn add_file(model: &Model, values: &mut Values, file: FileId) {
    for (name, _, at) in entries(model, file) {
        values.insert(name, Source::Entry(at));
    }
}

/// A text from outside, as a file of the run, so that a value can say that it comes from there.
pub(super) fn text_file(loader: &mut Loader<'_>, name: &str, text: &str) -> ExprAt {
    let text: Arc<str> = text.into();
    let (tree, expr) = parse_expression(FileId(0), text.clone());
    let file = File::new(".", None, Some(tree), false);
    let id = loader.add(SourceFile::new(name, None, text), file);
    ExprAt { file: id, expr }
}

/// The value of a source, before it is converted. `plain` says that the variable takes texts as they are.
pub(super) fn evaluate(model: &Model, source: Source, plain: bool, log: &mut Log) -> Result<Value, Failed> {
    let at = source.at();
    let tree = model.tree(at.file).ok_or(Failed)?;
    let location = Location::new(at.file, tree.span(at.expr));
    match source {
        Source::Text(_) if plain => {
            let origin = crate::value::Origin::new(tree.origin_base + at.expr.0);
            Ok(Value::string(&*tree.source).with_origin(origin))
        }
        Source::Text(_) => {
            if let Some(error) = tree.errors.first() {
                let message = format!("a variable of this type needs an expression: {}", error.message);
                return Err(log.report(eval::Problem::new(location, message)));
            }
            constant::value(tree, at.expr, log)
        }
        // What a unit gives has its value already: whoever gives it hands it over.
        Source::Entry(_) | Source::Input(_) => constant::value(tree, at.expr, log),
    }
}
