use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Setting, SettingKind, Settings};
use crate::eval::Problem;
use crate::finding::Severity;
use crate::model::Model;
use crate::plan::Wanted;
use crate::rules::{self, Hook, Looks, RULES, Rule, RuleEntry};

/// Which rules the command line lets run.
#[derive(Clone, Default, Debug)]
pub struct RuleFilter {
    /// Only these, if there are any; they run wherever they are not excluded, with or without a preset.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

impl RuleFilter {
    /// How severe a rule is at a path; nothing where it is off or left out.
    #[must_use]
    pub fn severity(&self, config: &Config, id: &str, path: &str) -> Option<Severity> {
        let entry = rules::find(id).filter(|entry| self.allows(entry.id))?;
        let settings = config.settings(path);
        self.judges(&settings, id, path).then(|| {
            let own = settings.rules.get(id).and_then(|own| own.severity.as_ref());
            own.map_or(entry.severity, |severity| severity.value)
        })
    }

    fn judges(&self, settings: &Settings, rule: &str, path: &str) -> bool {
        let named = !self.only.is_empty();
        match settings.rules.get(rule) {
            // A rule that the command line names runs where the configuration has it off, but not where it excludes paths.
            Some(own) => (named || own.enabled.value) && own.covers(path),
            None => named,
        }
    }

    fn allows(&self, id: &str) -> bool {
        !self.skip.iter().any(|skipped| skipped == id)
            && (self.only.is_empty() || self.only.iter().any(|only| only == id))
    }
}

/// A rule, configured for some paths.
pub(super) struct Active {
    pub(super) id: &'static str,
    pub(super) severity: Severity,
    pub(super) rule: Box<dyn Rule>,
    hooks: &'static [Hook],
    /// The bits of its hooks.
    bits: u8,
    /// It is on wherever these settings hold, and need not be asked for each path.
    everywhere: bool,
}

impl Active {
    fn new(entry: &RuleEntry, severity: Severity, rule: Box<dyn Rule>, everywhere: bool) -> Self {
        let bits = entry.hooks.iter().fold(0, |bits, hook| bits | hook.bit());
        Self { id: entry.id, severity, rule, hooks: entry.hooks, bits, everywhere }
    }

    /// Whether it wants to see resources of a type.
    pub(super) fn judges_type(&self, ty: &str) -> bool {
        self.hooks.iter().any(|hook| match hook {
            Hook::Resource([]) => true,
            Hook::Resource(types) => types.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(prefix) => ty.starts_with(prefix),
                None => *wanted == ty,
            }),
            _ => false,
        })
    }

    /// Whether it might have something to say of a resource of that type, or of all that a call brings.
    pub(super) fn is_concerned_with(&self, ty: Option<&str>) -> bool {
        self.judges_wholes() || ty.is_none_or(|ty| self.judges_type(ty))
    }

    /// Whether it sees roots or module instances, with all their resources.
    fn judges_wholes(&self) -> bool {
        self.hooks.iter().any(|hook| matches!(hook, Hook::Root | Hook::Instance))
    }
}

/// Says which attributes of resources of a type any rule may look at, wherever it is on: as it is by itself, and as any
/// block of the configuration has it.
pub fn looking_at(config: &Config, filter: &RuleFilter) -> impl Fn(&str) -> Wanted + use<> {
    let blocks: Vec<(&str, Setting)> = config
        .rule_blocks()
        .map(|block| {
            let kind = SettingKind::Map(block.options.clone());
            (block.id.value.as_str(), Setting { kind, location: block.id.location })
        })
        .collect();
    let mut rules = Vec::new();
    for entry in RULES.iter().filter(|entry| filter.allows(entry.id)) {
        let own = blocks.iter().filter(|(id, _)| *id == entry.id).map(|(_, options)| options.clone());
        for options in own.chain([Setting::unwritten(SettingKind::Map(Vec::new()))]) {
            // What is wrong with options is told when they are used.
            if let Ok(rule) = entry.configure(&options) {
                rules.push(Active::new(entry, entry.severity, rule, true));
            }
        }
    }
    move |ty| {
        let looking = rules.iter().filter(|active| active.judges_type(ty) || active.judges_wholes());
        looking.fold(Wanted::Nothing, |wanted, active| match active.rule.looks_at(ty) {
            Looks::Nothing => wanted,
            Looks::At(attributes) => wanted.and(attributes),
            Looks::All => Wanted::All,
        })
    }
}

/// The rules of a run, configured once for each distinct set of settings.
pub(super) struct Plan {
    filter: RuleFilter,
    sets: Vec<RuleSet>,
    /// The set of each path that something is judged at.
    by_path: FxHashMap<String, usize>,
}

struct RuleSet {
    settings: Arc<Settings>,
    rules: Vec<Active>,
}

impl Plan {
    pub(super) fn new(model: &Model, config: &Config, filter: &RuleFilter) -> Result<Self, Vec<Problem>> {
        let mut plan = Self { filter: filter.clone(), sets: Vec::new(), by_path: FxHashMap::default() };
        let mut problems = Vec::new();
        let files = model.sources.iter().map(|(_, file)| file.path.as_str());
        let directories = model.modules.iter().map(|module| module.dir.as_str());
        let units = model.units.iter().map(|unit| unit.dir.as_str());
        for path in files.chain(directories).chain(units).chain([""]) {
            let settings = config.settings(path);
            let known = plan.sets.iter().position(|set| Arc::ptr_eq(&set.settings, &settings));
            let index = known.unwrap_or_else(|| {
                let rules = plan.configure(&settings, &mut problems);
                plan.sets.push(RuleSet { settings, rules });
                plan.sets.len() - 1
            });
            plan.by_path.insert(path.to_owned(), index);
        }
        if problems.is_empty() { Ok(plan) } else { Err(problems) }
    }

    fn configure(&self, settings: &Settings, problems: &mut Vec<Problem>) -> Vec<Active> {
        let mut rules = Vec::new();
        for entry in RULES.iter().filter(|entry| self.filter.allows(entry.id)) {
            let own = settings.rules.get(entry.id);
            let named = !self.filter.only.is_empty();
            if !named && !own.is_some_and(|own| own.enabled.value) {
                continue;
            }
            let own = own.cloned().unwrap_or_default();
            match entry.configure(&own.options) {
                Ok(rule) => {
                    let everywhere = own.covers_all();
                    let severity = own.severity.map_or(entry.severity, |severity| severity.value);
                    rules.push(Active::new(entry, severity, rule, everywhere));
                }
                Err(problem) if !problems.contains(&problem) => problems.push(problem),
                Err(_) => {}
            }
        }
        rules
    }

    /// The rules with one of these hooks that judge what is at a path.
    pub(super) fn rules<'s>(&'s self, path: &'s str, hooks: &[Hook]) -> impl Iterator<Item = &'s Active> {
        let wanted = hooks.iter().fold(0, |bits, hook| bits | hook.bit());
        let set = self.by_path.get(path).and_then(|&index| self.sets.get(index));
        let rules = set.into_iter().flat_map(|set| set.rules.iter().map(move |rule| (set, rule)));
        rules.filter_map(move |(set, active)| {
            let judges = || active.everywhere || self.judges(&set.settings, active.id, path);
            (active.bits & wanted != 0 && judges()).then_some(active)
        })
    }

    /// Whether a rule is on at a path.
    pub(super) fn is_on(&self, config: &Config, rule: &str, path: &str) -> bool {
        match self.by_path.get(path).and_then(|&index| self.sets.get(index)) {
            Some(set) => self.judges(&set.settings, rule, path),
            None => self.judges(&config.settings(path), rule, path),
        }
    }

    fn judges(&self, settings: &Settings, rule: &str, path: &str) -> bool {
        self.filter.judges(settings, rule, path)
    }

    /// How many rules are on somewhere.
    pub(super) fn rule_count(&self) -> usize {
        let ids: FxHashSet<&str> =
            self.sets.iter().flat_map(|set| set.rules.iter().map(|rule| rule.id)).collect();
        ids.len()
    }
}
