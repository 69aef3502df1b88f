use std::fmt;
use std::io::Write as _;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity};

use super::screen::Screen;
use crate::eval::Problem;
use crate::exit::Exit;
use crate::source::{Location, ReadError, Sources};

/// Why a command could not do its work. It ends with the exit code for that, whatever else was found.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was asked for something that makes no sense, in plain words.
    Usage(String),
    /// There is nothing that it could look at.
    Nothing(String),
    /// It was asked for something that makes no sense, with what to do.
    Help(String, String),
    /// The configuration is wrong.
    Configuration(Vec<Problem>, Box<Sources>),
    /// A path that was named cannot be read.
    Path(String, ReadError),
    /// Something cannot be written.
    Write(String, std::io::Error),
}

impl Failure {
    /// How a run ends with it.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Nothing(_) => Exit::NothingInspected,
            _ => Exit::Failed,
        }
    }

    /// Tells it on standard error.
    pub(super) fn print(&self, screen: &Screen) {
        let mut text = String::new();
        match self {
            Self::Usage(message) | Self::Nothing(message) => text.push_str(&plain(message)),
            Self::Help(message, help) => {
                text.push_str(&plain(message));
                text.push_str(&format!("  help: {help}\n"));
            }
            Self::Path(path, error) => text.push_str(&plain(&format!("`{path}` {error}"))),
            Self::Write(path, error) => {
                text.push_str(&plain(&format!("cannot write `{path}`: {}", error.kind())))
            }
            Self::Configuration(problems, sources) => {
                for problem in problems {
                    text.push_str(&rendered(problem, sources, screen));
                    text.push('\n');
                }
            }
        }
        // Where standard error is closed, there is nobody to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

impl From<crate::Failure> for Failure {
    fn from(failure: crate::Failure) -> Self {
        match failure {
            crate::Failure::Path(path, error) => Self::Path(path.display().to_string(), error),
            crate::Failure::Argument(message, help) => Self::Help(message, help),
            crate::Failure::Configuration(problems, sources) => Self::Configuration(problems, sources),
        }
    }
}

fn plain(message: &str) -> String {
    format!("plangate: {message}\n")
}

fn rendered(problem: &Problem, sources: &Sources, screen: &Screen) -> String {
    let Some(location) = problem.location else {
        let help = problem.help.as_ref().map(|help| format!("  help: {help}\n")).unwrap_or_default();
        return format!("{}{help}", plain(&problem.message));
    };
    let theme = match (screen.unicode, screen.error_color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    let shown = Shown::new(problem, location, sources);
    let mut text = String::new();
    let written = if screen.narrated {
        miette::NarratableReportHandler::new().render_report(&mut text, &shown)
    } else {
        GraphicalReportHandler::new_themed(theme)
            .with_width(screen.width)
            .with_links(false)
            .render_report(&mut text, &shown)
    };
    match written {
        Ok(()) => text,
        Err(_) => plain(&problem.message),
    }
}

/// A problem with the file that it is in.
struct Shown<'a> {
    problem: &'a Problem,
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
}

impl<'a> Shown<'a> {
    fn new(problem: &'a Problem, location: Location, sources: &Sources) -> Self {
        let file = sources.get(location.file);
        let span = |location: Location| (location.span.start as usize, location.span.len());
        let mut labels = vec![LabeledSpan::new_primary_with_span(None, span(location))];
        // An excerpt shows one file; what lies in others goes without.
        let others = problem.labels.iter().filter(|(other, _)| other.file == location.file);
        labels
            .extend(others.map(|(other, text)| LabeledSpan::new_with_span(Some(text.clone()), span(*other))));
        let source = NamedSource::new(file.path.as_str(), file.text.to_string());
        Self { problem, source, labels }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
