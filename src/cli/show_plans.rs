//! Plans as `show` prints them.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use super::shown::{Shown, line};
use crate::model::{Mode, Model, RootId};
use crate::plan::{Action, Deferred, OutputChange, Plan, PlanKind, PlanSecrets, Plans, ResourceChange, Tie};
use crate::report::{Masked, Region, visible};
use crate::rules::PlanSubject;
use crate::value::Value;

/// Says which rule recognises a value as a secret.
pub(super) type Recognised<'a> = dyn Fn(&Value) -> Option<&'static str> + 'a;

/// One plan.
#[derive(serde::Serialize)]
pub(super) struct PlanShown<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "is_only")]
    document: u32,
    dir: Option<&'a str>,
    kind: &'static str,
    format_version: String,
    terraform_version: Option<&'a str>,
    complete: Option<bool>,
    errored: bool,
    applyable: Option<bool>,
    changes: Changes<'a>,
    drift: Changes<'a>,
    deferred: Changes<'a>,
    outputs: Outputs<'a>,
}

fn is_only(document: &u32) -> bool {
    *document == 0
}

/// The plans of a run beside what their source says.
pub(super) struct Tied<'a> {
    subjects: Vec<(&'a Plan, Option<PlanSubject<'a>>)>,
    sources: Masked<'a>,
    secrets: &'a PlanSecrets,
    secret: &'a Recognised<'a>,
}

impl<'a> Tied<'a> {
    pub(super) fn of(
        model: &'a Model,
        plans: &'a Plans,
        secrets: &'a PlanSecrets,
        secret: &'a Recognised<'a>,
    ) -> Self {
        let subjects = plans.plans.iter().map(|plan| (plan, PlanSubject::of(model, plan))).collect();
        Self { subjects, sources: Masked::new(&model.sources, &[]), secrets, secret }
    }

    pub(super) fn plans(&'a self) -> Vec<PlanShown<'a>> {
        self.subjects.iter().map(|(plan, subject)| PlanShown::new(plan, subject.as_ref(), self)).collect()
    }

    /// What becomes of an instance of a root.
    pub(super) fn change(&self, root: RootId, address: &str) -> Option<Done<'a>> {
        let mut plans = self.subjects.iter().map(|(plan, _)| *plan).filter(|plan| plan.root == Some(root));
        plans.find_map(|plan| {
            let mut changes = plan.changes.iter().filter(|change| !change.is_deposed());
            let change = changes.find(|change| change.address == address)?;
            Some(Done { plan, change, secret: self.secret })
        })
    }
}

/// What becomes of an instance, its values built while they are written.
pub(super) struct Done<'a> {
    plan: &'a Plan,
    change: &'a ResourceChange,
    secret: &'a Recognised<'a>,
}

impl Serialize for Done<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (before, after) = (self.plan.before(self.change), self.plan.after(self.change));
        let shown = |value| Shown { value, scope: &self.plan.scope, secret: self.secret };
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("actions", &self.change.action.words())?;
        map.serialize_entry("before", &shown(&before))?;
        map.serialize_entry("after", &shown(&after))?;
        map.end()
    }
}

impl<'a> PlanShown<'a> {
    fn new(plan: &'a Plan, subject: Option<&'a PlanSubject<'a>>, tied: &'a Tied<'a>) -> Self {
        let (secret, secrets, sources) = (tied.secret, tied.secrets, &tied.sources);
        let list = |list| Changes { plan, subject, sources, secrets, secret, list };
        let root = subject.and_then(|subject| Some((subject, subject.root?)));
        Self {
            file: &plan.file,
            document: plan.document,
            dir: match (&plan.tie, root) {
                (_, Some((subject, root))) => Some(&subject.model.module(root.root.module).dir),
                (Tie::Directory(directory), None) => Some(directory),
                (Tie::None | Tie::Unit(_), None) => None,
            },
            kind: match plan.kind {
                PlanKind::Plan => "plan",
                PlanKind::State => "state",
            },
            format_version: plan.format_version.to_string(),
            terraform_version: plan.terraform_version.as_deref(),
            complete: plan.complete,
            errored: plan.errored,
            applyable: plan.applyable,
            changes: list(List::Changes(&plan.changes)),
            drift: list(List::Changes(&plan.drift)),
            deferred: list(List::Deferred(&plan.deferred)),
            outputs: Outputs { plan, secret },
        }
    }
}

/// Changes, whose values are built one after the other while they are written.
struct Changes<'a> {
    plan: &'a Plan,
    subject: Option<&'a PlanSubject<'a>>,
    sources: &'a Masked<'a>,
    secrets: &'a PlanSecrets,
    secret: &'a Recognised<'a>,
    list: List<'a>,
}

enum List<'a> {
    Changes(&'a [ResourceChange]),
    Deferred(&'a [Deferred]),
}

impl Serialize for Changes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        match self.list {
            List::Changes(changes) => {
                for change in changes {
                    self.one(change, None, |entry| sequence.serialize_element(entry))?;
                }
            }
            List::Deferred(deferred) => {
                for deferred in deferred {
                    let reason = Some(deferred.reason.as_str());
                    self.one(&deferred.change, reason, |entry| sequence.serialize_element(entry))?;
                }
            }
        }
        sequence.end()
    }
}

impl Changes<'_> {
    fn one<T>(
        &self,
        change: &ResourceChange,
        deferred: Option<&str>,
        then: impl FnOnce(&Entry<'_>) -> T,
    ) -> T {
        let (before, after) = (self.plan.before(change), self.plan.after(change));
        then(&Entry {
            address: &change.address,
            previous_address: change.previous_address.as_deref(),
            deposed: change.deposed.as_deref(),
            mode: mode(change.mode),
            ty: &change.ty,
            actions: change.action.words(),
            action_reason: change.action_reason.as_deref(),
            deferred_reason: deferred,
            replace_paths: change.replace_paths.iter().map(|path| written(path)).collect(),
            importing: change.importing.is_some(),
            generated_config: change
                .generated_config
                .as_deref()
                .map(|text| self.secrets.masked_configuration(text)),
            before: self.shown(&before),
            after: self.shown(&after),
            location: self
                .subject
                .and_then(|subject| subject.declared(change))
                .map(|location| self.sources.region(location)),
        })
    }

    fn shown<'v>(&'v self, value: &'v Value) -> Shown<'v> {
        Shown { value, scope: &self.plan.scope, secret: self.secret }
    }
}

#[derive(serde::Serialize)]
struct Entry<'a> {
    address: &'a str,
    previous_address: Option<&'a str>,
    deposed: Option<&'a str>,
    mode: &'static str,
    #[serde(rename = "type")]
    ty: &'a str,
    actions: Vec<&'a str>,
    action_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deferred_reason: Option<&'a str>,
    replace_paths: Vec<String>,
    importing: bool,
    /// The configuration that Terraform wrote for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    generated_config: Option<String>,
    before: Shown<'a>,
    after: Shown<'a>,
    /// The resource's place in the source.
    location: Option<Region<'a>>,
}

pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "managed",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    }
}

/// A way into a value, as one reads it: `ingress[0].cidr_blocks`.
fn written(path: &[crate::value::Step]) -> String {
    let text: String = path.iter().map(ToString::to_string).collect();
    text.strip_prefix('.').map_or_else(|| text.clone(), str::to_owned)
}

struct Outputs<'a> {
    plan: &'a Plan,
    secret: &'a Recognised<'a>,
}

impl Serialize for Outputs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let one = |output: &OutputChange| {
            let (before, after) = (self.plan.output_before(output), self.plan.output_after(output));
            let shown = |value: &Value| {
                let shown = Shown { value, scope: &self.plan.scope, secret: self.secret };
                serde_json::to_value(shown).unwrap_or_default()
            };
            let (before, after) = (shown(&before), shown(&after));
            serde_json::json!({ "actions": output.action.words(), "before": before, "after": after })
        };
        serializer.collect_map(self.plan.outputs.iter().map(|output| (output.name.as_str(), one(output))))
    }
}

/// How often each kind of change occurs; one change can be of several.
fn summary(plan: &Plan) -> Vec<(&'static str, usize)> {
    let count =
        |of: &dyn Fn(&ResourceChange) -> bool| plan.changes.iter().filter(|change| of(change)).count();
    let is = |action: Action| count(&|change| change.action == action);
    vec![
        ("create", is(Action::Create)),
        ("update", is(Action::Update)),
        ("replace", count(&|change| change.action.replaces())),
        ("delete", count(&|change| change.action.destroys() && !change.action.creates())),
        ("import", count(&|change| change.importing.is_some())),
        ("move", count(&|change| change.previous_address.is_some())),
        ("forget", count(&|change| change.action.forgets())),
        ("read", is(Action::Read)),
        ("no-op", is(Action::NoOp)),
    ]
}

/// What a plan is, on one line.
fn heading(plan: &Plan) -> String {
    let mut words = vec![match (plan.kind, &plan.terraform_version) {
        (PlanKind::Plan, Some(version)) => format!("plan of version {version}"),
        (PlanKind::Plan, None) => "plan".to_owned(),
        (PlanKind::State, Some(version)) => format!("state of version {version}"),
        (PlanKind::State, None) => "state".to_owned(),
    }];
    if plan.errored {
        words.push("ended in an error".to_owned());
    }
    if plan.complete == Some(false) {
        words.push("not complete".to_owned());
    }
    if plan.applyable == Some(false) {
        words.push("nothing to apply".to_owned());
    }
    format!("{} ({})", visible(&plan.describe()), words.join(", "))
}

/// The table of what is done how often.
pub(super) fn table(plan: &Plan, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    writeln!(out, "{}", heading(plan))?;
    if plan.kind == PlanKind::State {
        return writeln!(out, "  objects  {:>7}", plan.changes.len());
    }
    let more = [("drift", plan.drift.len()), ("deferred", plan.deferred.len())];
    let more = more.into_iter().filter(|(_, count)| *count > 0);
    for (word, count) in summary(plan).into_iter().chain(more) {
        writeln!(out, "  {word:8} {count:>7}")?;
    }
    Ok(())
}

/// Every change, for people.
pub(super) fn changes(
    plan: &Plan,
    secrets: &PlanSecrets,
    secret: &Recognised<'_>,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    writeln!(out, "{}", heading(plan))?;
    for change in &plan.changes {
        writeln!(out, "  {} {}{}", change.action, visible(&change.describe()), notes(change))?;
        let (before, after) = (plan.before(change), plan.after(change));
        let text = |value: &Value| line(&Shown { value, scope: &plan.scope, secret });
        for (name, value) in after.entries().unwrap_or_default() {
            let name = visible(name);
            match before.get(name.as_ref()).filter(|_| change.action.changes()) {
                Some(before) if before == value => {}
                Some(before) => writeln!(out, "    {name} = {} -> {}", text(before), text(value))?,
                None => writeln!(out, "    {name} = {}", text(value))?,
            }
        }
        if let Some(written) = &change.generated_config {
            writeln!(out, "    as Terraform writes it:")?;
            for line in secrets.masked_configuration(written).lines() {
                writeln!(out, "      {}", visible(line))?;
            }
        }
    }
    Ok(())
}

fn notes(change: &ResourceChange) -> String {
    let mut notes = Vec::new();
    notes.extend(change.previous_address.iter().map(|address| format!("was {}", visible(address))));
    if change.importing.is_some() {
        notes.push("import".to_owned());
    }
    notes.extend(change.action_reason.iter().map(|reason| visible(reason).into_owned()));
    notes.extend(change.replace_paths.iter().map(|path| visible(&written(path)).into_owned()));
    if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) }
}
