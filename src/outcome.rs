//! What a run found, and how it ends.

use rustc_hash::FxHashSet;

use crate::config::{Config, UndecidedLevel};
use crate::exit::Exit;
use crate::finding::{Coverage, Finding, Severity, Skipped};
use crate::model::{Beyond, Model};
use crate::plan::{PlanSecrets, Plans};
use crate::request::Request;
use crate::rules::{Concealed, RULES};
use crate::secret::{self, Texts};
use crate::source::{Location, Workspace};
use crate::triage::{Suppressed, Suppressing, Triaged, Verdict, suppress};

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// The findings that stay, settled.
    pub findings: Vec<Finding>,
    /// Those that comments suppress.
    pub suppressed: Vec<Suppressed>,
    /// What was looked at, and what could not be decided.
    pub coverage: Coverage,
    /// Everything that was read and evaluated.
    pub model: Model,
    /// The plans that were read.
    pub plans: Plans,
    /// The configuration.
    pub config: Config,
    /// Places whose text no output may show.
    pub secrets: Vec<Location>,
}

impl Outcome {
    /// How the run ends. What is not given is as the configuration says, for each finding at its own path.
    #[must_use]
    pub fn exit(&self, fail_on: Option<Severity>, undecided: Option<UndecidedLevel>) -> Exit {
        let top = self.config.settings("");
        let undecided = undecided.unwrap_or(top.undecided.value);
        let whole = Verdict { threshold: fail_on.unwrap_or(top.threshold.value), undecided };
        let mut exit = whole.exit(&[], &self.coverage);
        if !self.plans.can_be_trusted() {
            exit = exit.or(Exit::Failed);
        }
        for finding in &self.findings {
            let threshold = fail_on.unwrap_or_else(|| self.threshold_at(finding));
            exit =
                exit.or(Verdict { threshold, ..whole }.exit(std::slice::from_ref(finding), &self.coverage));
        }
        exit
    }

    fn threshold_at(&self, finding: &Finding) -> Severity {
        let path = finding.primary.map_or("", |location| self.model.sources.get(location.file).path.as_str());
        self.config.settings(path).threshold.value
    }
}

/// What was looked at. Rules and what they could not decide come later.
pub(crate) fn coverage(workspace: &Workspace, model: &Model, plans: &Plans) -> Coverage {
    // Of what only plans have, no more is in the model than rules look at.
    let of_source = model.roots.iter().filter(|root| !model.module(root.module).files.is_empty());
    let instances = || of_source.clone().flat_map(|root| &root.instances);
    let in_plans = plans.beside_the_source(model);
    let read =
        model.files.iter().filter(|file| file.selected && file.tree.is_some() && file.written.is_none());
    let failed = workspace.skipped.iter().chain(&model.unread);
    let mut skipped: Vec<Skipped> =
        failed.map(|(path, error)| Skipped { path: path.clone(), reason: error.to_string() }).collect();
    let shadowed =
        model.files.iter().zip(model.sources.iter()).filter(|(file, _)| file.selected && file.shadowed);
    skipped.extend(shadowed.map(|(_, (_, source))| Skipped {
        path: source.path.clone(),
        reason: "an OpenTofu file beside it takes its place".to_owned(),
    }));
    skipped.extend(
        plans.unread().map(|problem| Skipped { path: problem.describe(), reason: problem.fault.to_string() }),
    );
    skipped
        .extend(model.roots.iter().flat_map(|root| &root.beyond).map(|beyond| beyond_bounds(model, beyond)));
    skipped.sort();
    skipped.dedup();
    Coverage {
        files: read.count(),
        modules: instances().count() + in_plans.modules,
        resources: instances().map(|instance| instance.resources.len()).sum::<usize>() + in_plans.resources,
        plans: plans.plans.len(),
        units: model.units.iter().filter(|unit| unit.asked).count(),
        skipped,
        ..Coverage::default()
    }
}

/// What was passed over because it is too much, and what to do about it.
fn beyond_bounds(model: &Model, beyond: &Beyond) -> Skipped {
    let Beyond { at, address, instances, reason } = beyond;
    let path = model.sources.get(at.file).path.clone();
    let help = "give values that make fewer, or lint the modules that are called on their own";
    Skipped { path, reason: format!("{reason}: {instances} like `{address}` were not inspected; {help}") }
}

/// Takes away what comments suppress, and adds what is wrong with the comments.
pub(crate) fn triage(
    request: &Request,
    config: &Config,
    model: &Model,
    findings: Vec<Finding>,
    coverage: &Coverage,
) -> Triaged {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let with = Suppressing {
        today: request.today,
        rules: &ids,
        severity: &|rule, path| request.filter.severity(config, rule, path),
    };
    let selected = model.files.iter().filter(|file| file.selected && file.written.is_none());
    let selected = selected.filter_map(|file| file.tree.as_deref());
    suppress(findings, &coverage.undecided, selected, &model.sources, &with)
}

/// Masks secrets in everything that is said, and says where they stand in the files that reports show.
pub(crate) fn conceal(
    model: &Model,
    plans: &Plans,
    findings: &mut [Finding],
    suppressed: &mut [Suppressed],
    coverage: &mut Coverage,
) -> Vec<Location> {
    let all = || findings.iter().chain(suppressed.iter().map(|suppressed| &suppressed.finding));
    let reported: Vec<Location> = all()
        .filter(|finding| finding.rule == secret::RULE)
        .filter_map(|it| it.written.or(it.primary))
        .collect();
    let shown = all().flat_map(|finding| {
        finding.primary.into_iter().chain(finding.labels.iter().map(|label| label.location))
    });
    let files = shown.map(|at| at.file).collect();
    let concealed = Concealed::of(model, &model.sensitive_literals(), &reported);
    // It takes a look at every value: only where something is said.
    let said = all().next().is_some() || !coverage.undecided.is_empty();
    let places = all().flat_map(|finding| &finding.places);
    let places = places.chain(coverage.undecided.iter().map(|undecided| &undecided.place));
    let named: FxHashSet<&str> = places.filter_map(|place| place.resource.as_deref()).collect();
    let in_plans = if said {
        PlanSecrets::where_shown(plans, |address| named.contains(address)).into_texts()
    } else {
        Texts::default()
    };
    let concealed = concealed.and(in_plans);
    findings.iter_mut().for_each(|finding| concealed.mask(finding));
    for suppressed in suppressed {
        concealed.mask(&mut suppressed.finding);
        suppressed.reason = suppressed.reason.take().map(|reason| concealed.masked(&reason).into_owned());
    }
    coverage.undecided.iter_mut().for_each(|undecided| concealed.mask_undecided(undecided));
    concealed.places(model, &files)
}
