use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::arguments::standard_input;
use super::lint::current_directory;
use super::rules::TableFormat;
use super::shown::{Shown, line};
use super::values::Values;
use super::{Context, Failure, environment};
use crate::Request;
use crate::exit::Exit;
use crate::inputs;
use crate::model::{Model, ProblemKind};
use crate::rules::Concealed;
use crate::secret::RULE;
use crate::source::{FileId, FileKind, Found, Overlay, Repository, Workspace, join};
use crate::syntax::parse_expression;
use crate::terraform::{self, Settings};
use crate::value::{Kind, Value};

/// The arguments of `plangate eval`.
#[derive(Debug, clap::Args)]
pub(super) struct Eval {
    /// Expressions; without any, standard input is read, one per line
    #[arg(value_name = "EXPR")]
    expressions: Vec<String>,
    /// Evaluate inside the module in this directory, as a root
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Read lines `{"expr": "...", "config": "..."}` from standard input, `config` being the text of a module of its own
    #[arg(long, conflicts_with = "expressions")]
    jsonl: bool,
    /// How to write the results
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: TableFormat,
    /// Show sensitive values and secrets too
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    pub(super) values: Values,
}

/// The file that expressions are put in, and the names they get.
const FILE: &str = "plangate_eval.tf";
const CONFIG_FILE: &str = "plangate_eval_config.tf";
const NAME: &str = "plangate_eval";

/// An expression to evaluate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    expr: String,
    #[serde(default)]
    config: Option<String>,
}

/// What became of it.
#[derive(Serialize)]
struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ty: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unknown: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ephemeral: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// For people.
    #[serde(skip)]
    line: String,
}

impl Answer {
    fn error(message: impl Into<String>) -> Self {
        Self {
            ok: false,
            json: None,
            text: None,
            ty: None,
            unknown: false,
            sensitive: None,
            redacted: None,
            ephemeral: false,
            error: Some(message.into()),
            line: String::new(),
        }
    }
}

impl Eval {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let place = Place::new(self.dir.as_deref())?;
        let settings = self.settings(&place)?;
        let asked = self.asked()?;
        // Those without a module of their own are evaluated together: the directory is read once.
        let together: Vec<&str> = asked
            .iter()
            .flatten()
            .filter(|asked| asked.config.is_none())
            .map(|asked| asked.expr.as_str())
            .collect();
        let mut shared = self.evaluate(&place, &settings, &together, None).into_iter();
        let mut own = asked
            .par_iter()
            .map(|asked| match asked {
                Ok(Asked { expr, config: Some(config) }) => {
                    self.evaluate(&place, &settings, &[expr], Some(config)).pop()
                }
                Ok(_) => None,
                Err(message) => Some(Answer::error(message.as_str())),
            })
            .collect::<Vec<Option<Answer>>>()
            .into_iter();
        let answers: Vec<Answer> =
            (0..asked.len()).filter_map(|_| own.next()?.or_else(|| shared.next())).collect();
        self.print(context, &answers)
    }

    fn asked(&self) -> Result<Vec<Result<Asked, String>>, Failure> {
        let plain = |expr: &str| Ok(Asked { expr: expr.to_owned(), config: None });
        if !self.expressions.is_empty() {
            return Ok(self.expressions.iter().map(|expr| plain(expr)).collect());
        }
        let text = String::from_utf8(standard_input()?)
            .map_err(|_| Failure::Usage("standard input is not UTF-8".to_owned()))?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        Ok(lines
            .map(|line| match self.jsonl {
                true => {
                    serde_json::from_str(line).map_err(|error| format!("this line is no request: {error}"))
                }
                false => plain(line),
            })
            .collect())
    }

    fn settings(&self, place: &Place) -> Result<Settings, Failure> {
        let request = Request {
            current: place.current.clone(),
            arguments: self.values.inputs()?,
            environment: environment::variables(),
            // Like Terraform itself, which is in that workspace unless it is told otherwise.
            workspace: self.values.workspace.clone().or_else(|| Some("default".to_owned())),
            ..Request::default()
        };
        let workspace = place.workspace(None, String::new());
        let reader = workspace.reader().clone();
        let config = crate::configure(
            &place.repository,
            reader.as_ref(),
            &place.current,
            None,
            [place.directory.as_str()],
        )?;
        let mut settings = inputs::settings(&request, &config, workspace)?.settings;
        settings.named_roots = vec![place.directory.clone()];
        // Requests with a module of their own declare what they like.
        if !self.jsonl && !settings.arguments.is_empty() {
            let model = terraform::load(&place.workspace(None, String::new()), &settings);
            inputs::given::check(&settings.arguments, &model)?;
        }
        Ok(settings)
    }

    /// Evaluates expressions as locals of a module: all in one, in the order given.
    fn evaluate(
        &self,
        place: &Place,
        settings: &Settings,
        expressions: &[&str],
        config: Option<&str>,
    ) -> Vec<Answer> {
        let broken: Vec<Option<String>> =
            expressions.iter().map(|expression| syntax_error(expression)).collect();
        let mut text = String::from("locals {\n");
        let mut spans = Vec::new();
        for (index, expression) in expressions.iter().enumerate() {
            let start = text.len();
            if broken.get(index).is_some_and(Option::is_none) {
                text.push_str(&format!("{NAME}_{index} = (\n{expression}\n)\n"));
            }
            spans.push(start..text.len());
        }
        text.push_str("}\n");
        let workspace = place.workspace(config, text);
        let model = terraform::load(&workspace, settings);
        // What the user writes is no secret to the user; what stands in the tree may be.
        let concealed = (self.dir.is_some() && !self.reveal)
            .then(|| Concealed::with_values(&model, &model.sensitive_literals()));
        let secret = |value: &Value| {
            concealed.as_ref().filter(|concealed| concealed.redacts(&model, value)).map(|_| RULE)
        };
        let file = model.sources.iter().find(|(_, source)| source.path == place.path(FILE)).map(|(id, _)| id);
        let outcome = spans.into_iter().zip(broken).enumerate().map(|(index, (span, broken))| {
            if let Some(message) = broken {
                return Answer::error(message);
            }
            if let Some(message) = problem(&model, file, &span, config.is_some()) {
                let masked = concealed.as_ref().map(|concealed| concealed.masked(&message).into_owned());
                return Answer::error(masked.unwrap_or(message));
            }
            match value(&model, place, &format!("{NAME}_{index}")) {
                Some((value, scope)) => self.answer(value, scope, &secret),
                None => Answer::error("the expression cannot be evaluated"),
            }
        });
        outcome.collect()
    }

    fn answer(&self, value: &Value, scope: &str, secret: &dyn Fn(&Value) -> Option<&'static str>) -> Answer {
        let within = value.marks_within();
        let sensitive = match (value.meta().sensitive(), within.sensitive()) {
            (true, _) => Some("whole"),
            (false, true) => Some("inside"),
            (false, false) => None,
        };
        let redacted = holds(value, secret);
        let hidden = (sensitive.is_some() || redacted.is_some()) && !self.reveal;
        let unknown = !value.is_wholly_known();
        let ephemeral = within.ephemeral();
        let infinite = match value.kind() {
            Kind::Number(number) if number.is_infinite() => {
                Some(if number.is_negative() { "-Inf" } else { "+Inf" })
            }
            _ => None,
        };
        let json = if hidden || unknown || ephemeral { None } else { value.to_json() };
        let revealed = value.unmarked_deep();
        let shown = if self.reveal { &*revealed } else { value };
        let line = line(&Shown { value: shown, scope, secret });
        Answer {
            ok: true,
            json: json.and_then(|json| RawValue::from_string(json).ok()),
            text: infinite.filter(|_| !hidden).map(str::to_owned),
            ty: Some(value.ty().indented()),
            unknown,
            sensitive,
            redacted,
            ephemeral,
            error: None,
            line,
        }
    }

    fn print(&self, context: &Context, answers: &[Answer]) -> Result<Exit, Failure> {
        let write = |out: &mut dyn std::io::Write| {
            for answer in answers {
                match (self.format, &answer.error) {
                    (TableFormat::Json, _) => {
                        serde_json::to_writer(&mut *out, answer)?;
                        writeln!(out)?;
                    }
                    (TableFormat::Human, None) => writeln!(out, "{}", answer.line)?,
                    (TableFormat::Human, Some(error)) => writeln!(out, "error: {error}")?,
                }
            }
            Ok(())
        };
        context.screen.print(write).map_err(|error| Failure::Write("-".to_owned(), error))?;
        // In a stream of answers, an error is an answer too.
        let failed = self.format == TableFormat::Human && answers.iter().any(|answer| !answer.ok);
        Ok(if failed { Exit::Findings } else { Exit::Clean })
    }
}

/// Where expressions are evaluated.
struct Place {
    current: PathBuf,
    repository: Repository,
    /// Relative to the repository's top.
    directory: String,
    /// Among the files of the module that is there.
    inside: bool,
}

impl Place {
    fn new(directory: Option<&Path>) -> Result<Self, Failure> {
        let current = current_directory()?;
        let asked = directory.unwrap_or(Path::new("."));
        let failed = |error| Failure::Path(asked.display().to_string(), error);
        let repository =
            Repository::around(&current, &[asked.to_owned()]).map_err(|(_, error)| failed(error))?;
        let absolute = std::fs::canonicalize(current.join(asked))
            .map_err(|_| failed(crate::source::ReadError::Missing))?;
        if !absolute.is_dir() {
            return Err(failed(crate::source::ReadError::NotDirectory));
        }
        let relative = repository.relative(&absolute).map_err(failed)?;
        Ok(Self { current, repository, directory: relative, inside: directory.is_some() })
    }

    fn path(&self, name: &str) -> String {
        join(&self.directory, name)
    }

    /// The repository with the expressions' file in it, and with the text of a module instead of the one that is there.
    fn workspace(&self, config: Option<&str>, text: String) -> Workspace {
        let disk = crate::source::Disk::new(self.repository.root.clone());
        let mut reader: Arc<dyn crate::source::Reader> = Arc::new(disk);
        let mut files = vec![Found { path: self.path(FILE), kind: FileKind::Module }];
        if let Some(config) = config {
            let path = self.path(CONFIG_FILE);
            reader = Arc::new(Overlay::new(reader, path.as_str(), config.as_bytes()).alone());
            files.push(Found { path, kind: FileKind::Module });
        }
        let expressions = Overlay::new(reader, self.path(FILE), text.into_bytes());
        let alone = !self.inside && config.is_none();
        let reader = Arc::new(if alone { expressions.alone() } else { expressions });
        Workspace::over(self.repository.clone(), reader, files)
    }
}

/// The rule that recognises a secret in a value, however deep.
fn holds(value: &Value, secret: &dyn Fn(&Value) -> Option<&'static str>) -> Option<&'static str> {
    let elements = value.elements().unwrap_or_default().iter();
    let entries = value.entries().unwrap_or_default().iter().map(|(_, value)| value);
    secret(value).or_else(|| elements.chain(entries).find_map(|value| holds(value, secret)))
}

/// Arguments with a blank before each expression that begins with a minus: no option begins like it, but any minus would
/// be taken for one.
pub(super) fn negative_expressions(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.iter().skip(1).any(|argument| argument == "eval") {
        for argument in &mut arguments {
            let text = argument.to_str().and_then(|text| text.strip_prefix('-'));
            if text.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit() || c == '(')) {
                let mut spaced = OsString::from(" ");
                spaced.push(&argument);
                *argument = spaced;
            }
        }
    }
    arguments
}

fn syntax_error(expression: &str) -> Option<String> {
    let (tree, _) = parse_expression(FileId(0), expression.into());
    tree.errors.first().map(|error| error.message.clone())
}

/// What is wrong with the expression that stands in these bytes of the file; of a module of its own, anything.
fn problem(
    model: &Model,
    file: Option<FileId>,
    bytes: &std::ops::Range<usize>,
    whole: bool,
) -> Option<String> {
    let errors = || {
        model
            .problems
            .iter()
            .filter(|problem| !matches!(problem.kind, ProblemKind::Warning | ProblemKind::Check))
    };
    let here = errors().find(|problem| {
        problem
            .problem
            .location
            .is_some_and(|at| Some(at.file) == file && bytes.contains(&(at.span.start as usize)))
    });
    let any = || errors().next().filter(|_| whole);
    here.or_else(any).map(|problem| problem.problem.message.clone())
}

fn value<'m>(model: &'m Model, place: &Place, name: &str) -> Option<(&'m Value, &'m str)> {
    let directory = if place.directory.is_empty() { "." } else { &place.directory };
    let root = model.roots.iter().find(|root| model.module(root.module).dir == directory)?;
    let index = model.module(root.module).local(name)?;
    let value = root.instances.first()?.locals.get(index)?;
    Some((value, &root.scope))
}
