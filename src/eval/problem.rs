use crate::source::Location;

/// Evaluation went wrong, and the [`Log`] says how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failed;

/// What went wrong while evaluating, in plain words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where; `None` where no file is to blame.
    pub location: Option<Location>,
    /// What is wrong: lower case, no full stop. Never shows a sensitive value.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Places that belong to the story, each with what it is.
    pub labels: Vec<(Location, String)>,
    /// It is no more than that an attribute is not there.
    pub absent: bool,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn new(location: Location, message: impl Into<String>) -> Self {
        Self {
            location: Some(location),
            message: message.into(),
            help: None,
            labels: Vec::new(),
            absent: false,
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With one more place that belongs to the story.
    #[must_use]
    pub fn with_label(mut self, location: Location, text: impl Into<String>) -> Self {
        self.labels.push((location, text.into()));
        self
    }
}

/// Collects the problems of an evaluation. `try` and `can` look at how many there were and take theirs back.
#[derive(Default, Debug)]
pub struct Log {
    /// The problems, in the order they were met.
    pub problems: Vec<Problem>,
}

impl Log {
    /// Records a problem.
    pub fn report(&mut self, problem: Problem) -> Failed {
        self.problems.push(problem);
        Failed
    }

    /// How many there are: a mark for [`Log::rewind`].
    #[must_use]
    pub fn mark(&self) -> usize {
        self.problems.len()
    }

    /// Takes back what came after the mark.
    pub fn rewind(&mut self, mark: usize) {
        self.problems.truncate(mark);
    }
}
