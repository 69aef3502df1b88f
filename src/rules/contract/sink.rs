use super::{NotKnown, Verdict};
use crate::finding::{Finding, Place, Severity, Undecided};
use crate::model::{File, Model, ModuleInstance, RootId};
use crate::source::Location;
use crate::value::{Exact, Identity};

/// What a rule speaks into. It knows which rule speaks, how severe that is here and what the subject is, so that no
/// finding can name another rule.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'static str,
    severity: Severity,
    model: &'a Model,
    root: Option<RootId>,
    place: Place,
    /// Where the subject stands: where something undecided points if its value cannot tell.
    location: Option<Location>,
    /// Only what is generated is judged: the rest was, elsewhere.
    layered: bool,
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
}

impl<'a> Sink<'a> {
    /// A sink for one rule and one subject.
    #[must_use]
    pub(crate) fn new(rule: &'static str, severity: Severity, model: &'a Model) -> Self {
        Self {
            rule,
            severity,
            model,
            root: None,
            place: Place::NOWHERE,
            location: None,
            layered: false,
            findings: Vec::new(),
            undecided: Vec::new(),
        }
    }

    /// For a subject of that root.
    #[must_use]
    pub(crate) fn in_root(mut self, root: RootId) -> Self {
        self.root = Some(root);
        self
    }

    /// For a subject that is this, and stands there.
    #[must_use]
    pub(crate) fn about(mut self, place: Place, location: Option<Location>) -> Self {
        self.place = place;
        self.location = location;
        self
    }

    /// For a module whose files were judged, but for those that are generated.
    #[must_use]
    pub(crate) const fn in_layers(mut self, layered: bool) -> Self {
        self.layered = layered;
        self
    }

    /// What the rule found, and what it could not decide. It all stands in files: in the text of an argument nothing can
    /// be mended, shown or suppressed.
    #[must_use]
    pub(crate) fn into_parts(mut self) -> (Vec<Finding>, Vec<Undecided>) {
        if self.findings.is_empty() && self.undecided.is_empty() {
            return (self.findings, self.undecided);
        }
        let name = |at: Location| self.model.sources.get(at.file).path.as_str();
        // A file of values from outside of the repository is an argument too: its path is absolute. A plan stands for
        // itself, wherever it lies.
        let given = |at: Location| {
            let file = self.model.files.get(at.file.0 as usize);
            name(at).starts_with('/') && !file.is_some_and(File::is_text) || file.is_some_and(File::is_given)
        };
        let (findings, undecided) = (std::mem::take(&mut self.findings), std::mem::take(&mut self.undecided));
        let generated = |at: Location| {
            self.model.files.get(at.file.0 as usize).is_some_and(|file| file.written.is_some())
        };
        let findings =
            findings.into_iter().filter(|finding| !self.layered || finding.primary.is_some_and(generated));
        let findings = findings.map(|mut finding| {
            finding.stand_where_written(|at| self.model.written_at(at));
            finding.stand_in_files(given, name, self.location);
            // What is written in another repository is mended in this tree where it is called: by another revision, by
            // another argument.
            if finding.primary.is_some_and(|at| self.model.is_foreign(at.file))
                && let Some(call) = finding.places.first().and_then(|place| self.call_to(place))
            {
                finding.stand_at_call(call);
            }
            finding
        });
        let undecided = undecided.into_iter().filter(|_| !self.layered).map(|mut undecided| {
            undecided.location = undecided.location.map(|at| self.model.written_at(at));
            undecided.location = undecided.location.filter(|&at| !given(at)).or(self.location);
            undecided
        });
        (findings.collect(), undecided.collect())
    }

    /// Where this tree calls the module of another repository that holds a place.
    fn call_to(&self, place: &Place) -> Option<Location> {
        let root = self.model.root(self.root?);
        // The module of a unit is called by the unit.
        let source = || {
            let unit = self.model.unit(root.unit.as_ref()?)?;
            let at = unit.source().and_then(|source| self.model.locate(source.origin()));
            Some(at.unwrap_or(Location::new(unit.file, crate::source::Span::at(0))))
        };
        let Some(address) = place.resource.as_deref() else { return source() };
        let holds = |instance: &&ModuleInstance| {
            let rest = address.strip_prefix(instance.address.as_str());
            !instance.address.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let called = root.instances.iter().filter(holds).max_by_key(|instance| instance.address.len());
        let Some(mut called) = called else { return source() };
        loop {
            let Some((caller, index)) = called.caller else { return source() };
            let calling = root.instances.get(caller.0 as usize)?;
            let call = self.model.module(calling.module).calls.get(index as usize)?;
            if !self.model.is_foreign(call.named.file) {
                return Some(call.source.map_or(call.named.location(), |source| self.model.location(source)));
            }
            called = calling;
        }
    }

    /// Reports something wrong, which is mended at `primary`. What is not said otherwise, it is about the subject.
    ///
    /// The message is lower case, one line, without full stop, and never shows a secret.
    pub fn report(&mut self, primary: Location, message: impl Into<String>) -> Report<'_> {
        let finding = Finding::new(self.rule, self.severity, primary, message);
        Report { finding: Some(finding), place: &self.place, into: &mut self.findings }
    }

    /// Reports something for which no file is to blame.
    pub fn report_nowhere(&mut self, message: impl Into<String>) -> Report<'_> {
        let finding = Finding::nowhere(self.rule, self.severity, message);
        Report { finding: Some(finding), place: &self.place, into: &mut self.findings }
    }

    /// Reports what the evaluator met.
    pub fn report_problem(&mut self, problem: &crate::eval::Problem) -> Report<'_> {
        let finding = Finding::from_problem(self.rule, self.severity, problem);
        Report { finding: Some(finding), place: &self.place, into: &mut self.findings }
    }

    /// Records that something cannot be decided, because a value is not known.
    pub fn undecided(&mut self, what: NotKnown) {
        let place = self.place.clone();
        let location = self.model.locate(what.origin).or(self.location);
        self.push_undecided(what, place, location);
    }

    /// The same about something else than the subject, used there.
    pub fn undecided_at(&mut self, what: NotKnown, place: Place, location: Location) {
        self.push_undecided(what, place, Some(location));
    }

    /// Judges the elements one by one: one that cannot be decided does not hide the others.
    pub fn each<T>(
        &mut self,
        elements: impl IntoIterator<Item = T>,
        mut judge: impl FnMut(T, &mut Self) -> Verdict,
    ) {
        for element in elements {
            if let Err(what) = judge(element, self) {
                self.undecided(what);
            }
        }
    }

    fn push_undecided(&mut self, what: NotKnown, place: Place, location: Option<Location>) {
        let root = self.root.map(|id| self.model.root(id));
        let scope = match root {
            Some(root) => root.scope.as_str(),
            None => place.module.as_deref().unwrap_or_default(),
        };
        let identity = &what.unknown.identity;
        let known_reason = || {
            let reasons = &root?.reasons;
            sources(identity).find_map(|exact| {
                let reason = reasons.iter().find(|(address, _)| is_below(&exact.address, address))?;
                Some(reason.1.clone())
            })
        };
        let reason = what.reason.clone().or_else(known_reason);
        let unknown = shown(identity, scope);
        self.undecided.push(Undecided {
            rule: self.rule.into(),
            place,
            location,
            unknown,
            reason: reason.unwrap_or_else(|| "known only after apply".to_owned()),
        });
    }
}

fn sources(identity: &Identity) -> impl Iterator<Item = &Exact> {
    let exacts: &[std::sync::Arc<Exact>] = match identity {
        Identity::Exact(exact) => std::slice::from_ref(exact),
        Identity::Derived(exacts) => exacts,
    };
    exacts.iter().map(AsRef::as_ref)
}

fn shown(identity: &Identity, scope: &str) -> String {
    let exacts: Vec<String> = sources(identity).map(|exact| exact.display_in(scope)).collect();
    match identity {
        Identity::Derived(_) if exacts.is_empty() => "derived".to_owned(),
        Identity::Derived(_) => format!("derived from {}", exacts.join(", ")),
        Identity::Exact(_) => exacts.concat(),
    }
}

/// Whether an address is `above` or something in it.
fn is_below(address: &str, above: &str) -> bool {
    address.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A finding that is being told. It is in the sink when this value goes out of scope.
#[derive(Debug)]
pub struct Report<'s> {
    finding: Option<Finding>,
    place: &'s Place,
    into: &'s mut Vec<Finding>,
}

impl Report<'_> {
    fn with(mut self, change: impl FnOnce(Finding) -> Finding) -> Self {
        self.finding = self.finding.take().map(change);
        self
    }

    /// What stands at the primary location.
    pub fn primary_label(self, text: impl Into<String>) -> Self {
        self.with(|finding| finding.with_primary_label(text))
    }

    /// One more place that tells the story: set here, passed here, used here.
    pub fn label(self, location: Location, text: impl Into<String>) -> Self {
        self.with(|finding| finding.with_label(location, text))
    }

    /// How to mend it.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.with(|finding| finding.with_help(help))
    }

    /// At least as severe as this, whatever the configuration says of the rule: for what is refused, in a rule whose other
    /// findings are matters of taste.
    pub fn at_least(self, severity: Severity) -> Self {
        self.with(|finding| finding.at_least(severity))
    }

    /// In the place of what that rule says at the same location.
    pub fn standing_for(self, rule: &'static str) -> Self {
        self.with(|finding| finding.standing_for(rule))
    }

    /// What it is about, instead of the subject; may be called for several.
    pub fn about(self, place: Place) -> Self {
        self.with(|finding| finding.at(place))
    }

    /// The attribute that it is about, as a path; indexes are taken away.
    pub fn attribute(self, path: &str) -> Self {
        self.with(|finding| finding.with_attribute(path))
    }

    /// A fact that makes it another finding when it changes. Never a secret.
    pub fn fact(self, fact: impl Into<String>) -> Self {
        self.with(|finding| finding.with_fact(fact))
    }
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        if let Some(mut finding) = self.finding.take() {
            if finding.places.is_empty() && *self.place != Place::NOWHERE {
                finding = finding.at(self.place.clone());
            }
            self.into.push(finding);
        }
    }
}
