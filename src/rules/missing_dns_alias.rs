//! A database, cache, broker or search domain has no DNS alias of its own.
//!
//! ## What it does
//! Looks for a DNS record that resolves to the host name of each database, cluster, cache, broker and search domain. It
//! decides by identity: `records = [aws_db_instance.main.address]` is an alias of that very database before either of
//! them exists, also where the value comes through module outputs and inputs, locals, `for_each`, or another record. An
//! alias that also answers for another resource is not dedicated and does not count.
//!
//! ## Why
//! The generated host name changes when the resource is replaced, restored or moved, and with it the configuration of
//! every service that uses it. A dedicated alias is one record to change, and says whose it is.
//!
//! ## Example
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   identifier = "orders"
//! }
//! ```
//! ## Instead
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   identifier = "orders"
//! }
//!
//! resource "aws_route53_record" "orders" {
//!   zone_id = aws_route53_zone.internal.zone_id
//!   name    = "orders-db"
//!   type    = "CNAME"
//!   ttl     = 60
//!   records = [aws_db_instance.orders.address]
//! }
//! ```
//!
//! ## Undecided
//! Of a Terragrunt unit, the records of the units that use its outputs count as its own.
//!
//! It is undecided where a record of the same root points at something that cannot be known, where the value is computed
//! from the resource (as `split(":", aws_db_instance.orders.endpoint)[0]` is), where the host name goes to a module that
//! is not available, and where it is not known how many instances there are.

mod doubt;

use std::collections::{BTreeMap, BTreeSet};

use doubt::{calls_opaque_modules, damaged_record, handed_to_opaque_module, handed_to_opaque_unit};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dns::{self, Aim, Captures, Listener, Listeners, NamePattern, Owner, Record, Zones};
use super::{Looks, NotKnown, ResourceSubject, RootSubject, Rule, Sink, Verdict};
use crate::model::Mode;
use crate::source::Location;
use crate::value::{Exact, Identity, Origin, Unknown, Value};

/// Options of `missing-dns-alias`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MissingDnsAlias {
    /// Resource types that need an alias.
    types: Vec<String>,
    /// More resource types, each with the paths of the attributes that hold its host names (`cache_nodes[*].address`).
    hosts: BTreeMap<String, Vec<String>>,
    /// Pattern of an alias's whole name: `{service}-db.co.{env}.example.local`. A capture stands for what `path` captures
    /// under that name, else for the resource's attribute of that name, else for anything without a dot.
    name: Option<String>,
    /// Pattern of the root's directory, for its captures: `live/{env}/{region}/{service}/**`.
    path: Option<String>,
    /// Zones that an alias may be in, by name or id; any if empty.
    zones: Vec<String>,
    /// Kinds of record that count.
    record_types: Vec<String>,
}

impl Default for MissingDnsAlias {
    fn default() -> Self {
        Self {
            types: Listeners::known_types(),
            hosts: BTreeMap::new(),
            name: None,
            path: None,
            zones: Vec::new(),
            record_types: ["A", "AAAA", "CNAME"].map(str::to_owned).to_vec(),
        }
    }
}

impl Rule for MissingDnsAlias {
    fn looks_at(&self, ty: &str) -> Looks {
        let looks =
            self.types.iter().any(|wanted| wanted == ty) || self.hosts.contains_key(ty) || dns::looks_at(ty);
        if looks { Looks::All } else { Looks::Nothing }
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let needs_alias = |subject: &ResourceSubject<'_>| {
            let ty = subject.resource.ty.as_str();
            subject.resource.mode == Mode::Managed
                && (self.types.iter().any(|wanted| wanted == ty) || self.hosts.contains_key(ty))
        };
        let mut targets = root.resources().filter(needs_alias).peekable();
        if targets.peek().is_none() {
            return Ok(());
        }
        let listeners = Listeners::of(&self.types, &self.hosts);
        let roots = with_users(root);
        let aliases = Aliases::of(&roots, &listeners, &self.record_types);
        for subject in targets {
            if let Some(listener) = listeners.get(&subject.resource.ty) {
                self.judge(root, subject, listener, &aliases, sink);
            }
        }
        Ok(())
    }
}

impl MissingDnsAlias {
    fn judge(
        &self,
        root: &RootSubject<'_>,
        subject: ResourceSubject<'_>,
        listener: &Listener,
        aliases: &Aliases<'_>,
        sink: &mut Sink<'_>,
    ) {
        let owner = (root.root.scope.clone(), subject.resource.address.clone());
        if subject.resource.symbolic {
            let what = not_known(Identity::derived([&Identity::Exact(Exact::new(owner.0, owner.1).into())]));
            let what = what.because("it is not known how many instances there are");
            return sink.undecided_at(what, subject.place(), subject.header());
        }
        let (certain, maybe): (Vec<_>, Vec<_>) =
            aliases.of_owner(&owner).partition(|alias| !alias.record.subject.resource.symbolic);
        let dedicated: Vec<&Alias<'_>> =
            certain.iter().copied().filter(|alias| aliases.others_of(alias, &owner).is_empty()).collect();
        if dedicated.is_empty() {
            if let Some(alias) = certain.first() {
                return report_shared(subject, alias, &aliases.others_of(alias, &owner), sink);
            }
            let doubt = maybe.first().map(|alias| not_enumerable(alias));
            let doubt = doubt.or_else(|| aliases.doubt(&owner));
            let mut roots = aliases.roots.iter().filter(|_| aliases.has_opaque_calls);
            let doubt =
                doubt.or_else(|| roots.find_map(|root| handed_to_opaque_module(root, &owner, listener)));
            let doubt = doubt.or_else(|| handed_to_opaque_unit(root, &owner));
            let mut roots = aliases.roots.iter();
            let doubt = doubt.or_else(|| roots.find_map(|root| damaged_record(root, subject, &owner)));
            return match doubt {
                Some((what, at)) => sink.undecided_at(what, subject.place(), at),
                None => report_missing(subject, listener, aliases, &owner, sink),
            };
        }
        let wrongs: Vec<String> =
            dedicated.iter().filter_map(|alias| self.wrong(root, subject, alias, aliases)).collect();
        // One alias that is as it should be is enough.
        if let (true, Some(wrong), Some(alias)) =
            (wrongs.len() == dedicated.len(), wrongs.first(), dedicated.first())
        {
            sink.report(alias.record.subject.header(), wrong.as_str())
                .primary_label("the alias")
                .label(subject.header(), "what it is the alias of")
                .about(subject.place())
                .attribute("name");
        }
    }

    /// What is wrong with the name or the zone of an alias. What is not known is not wrong.
    fn wrong(
        &self,
        root: &RootSubject<'_>,
        subject: ResourceSubject<'_>,
        alias: &Alias<'_>,
        aliases: &Aliases<'_>,
    ) -> Option<String> {
        let record = &alias.record;
        if !self.zones.is_empty() {
            let allowed = |zone: &str| {
                self.zones.iter().any(|one| one.trim_end_matches('.') == zone.trim_end_matches('.'))
            };
            let name = record.zone(&aliases.zones);
            let known = name.as_deref().or(record.zone_text());
            if known.is_some_and(|zone| !allowed(zone)) {
                return Some("the DNS alias is in a zone that is none of those allowed".to_owned());
            }
        }
        let pattern = self.name.as_deref()?;
        let name = record.name(&aliases.zones)?;
        let path = self.path.as_deref();
        let mut known = path
            .and_then(|path| NamePattern::new(path, '/').captures(&root.root.scope, &Captures::new()))
            .unwrap_or_default();
        for capture in pattern.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)) {
            if let Some(text) = subject.attribute(capture).and_then(Value::as_str) {
                known.entry(capture.to_owned()).or_insert_with(|| text.to_owned());
            }
        }
        let fits = NamePattern::new(pattern, '.').captures(&name, &known).is_some();
        (!fits).then(|| format!("the name of the DNS alias does not fit `{pattern}`"))
    }
}

/// A record, and all that it resolves to.
struct Alias<'a> {
    record: Record<'a>,
    /// What its values point at, each with its place, and those of the records that it points at.
    aims: Vec<(Aim, Location)>,
}

/// A root, and the units that use its outputs, if it is a unit.
fn with_users<'a>(root: &RootSubject<'a>) -> Vec<RootSubject<'a>> {
    let model = root.model;
    let users = root.root.unit.iter().flat_map(|unit| model.users_of(unit)).filter_map(|user| user.root);
    let users = users.map(|id| RootSubject { model, id, root: model.root(id) });
    std::iter::once(*root).chain(users).collect()
}

/// The records of a root, and of the units that use it.
struct Aliases<'a> {
    roots: Vec<RootSubject<'a>>,
    all: Vec<Alias<'a>>,
    /// Which of all point at a listener: a plan may hold thousands of both.
    by_owner: FxHashMap<Owner, Vec<usize>>,
    /// Which of all have values of which it cannot be told what they point at.
    doubtful: Vec<usize>,
    /// Which of all say a generated host name, or an attribute that carries more than one.
    telling: Vec<usize>,
    /// Whether modules are called that are not at hand.
    has_opaque_calls: bool,
    zones: Zones,
    /// The listeners that answer under one zone and name, by record.
    answers: BTreeMap<(String, String), BTreeSet<Owner>>,
}

impl<'a> Aliases<'a> {
    fn of(roots: &[RootSubject<'a>], listeners: &Listeners, kinds: &[String]) -> Self {
        let mut all: Vec<Alias<'a>> = roots
            .iter()
            .flat_map(|root| dns::records(root, kinds))
            .map(|record| {
                let model = record.subject.model();
                let aims = record.values.iter().map(|(value, expression)| {
                    let used = expression.map(|at| model.location(at));
                    let at = model.locate(value.origin()).or(used);
                    (dns::aim(listeners, value), at.unwrap_or_else(|| record.subject.header()))
                });
                Alias { aims: aims.collect(), record }
            })
            .collect();
        roots.iter().for_each(|root| resolve_hosts(root, listeners, &mut all));
        resolve_records(&mut all);
        let mut answers: BTreeMap<_, BTreeSet<Owner>> = BTreeMap::new();
        let mut by_owner: FxHashMap<Owner, Vec<usize>> = FxHashMap::default();
        let (mut doubtful, mut telling) = (Vec::new(), Vec::new());
        for (index, alias) in all.iter().enumerate() {
            for owner in alias.hosts() {
                let known = by_owner.entry(owner.clone()).or_default();
                if known.last() != Some(&index) {
                    known.push(index);
                }
            }
            if alias.aims.iter().any(|(aim, _)| matches!(aim, Aim::Computed(..) | Aim::Unknown(_))) {
                doubtful.push(index);
            }
            if alias.aims.iter().any(|(aim, _)| match aim {
                Aim::Carried(..) => true,
                Aim::Text(text) => is_generated(text),
                _ => false,
            }) {
                telling.push(index);
            }
            if let Some(name) = alias.record.owner_name() {
                answers.entry(name).or_default().extend(alias.hosts().cloned());
            }
        }
        let has_opaque_calls = roots.iter().any(calls_opaque_modules);
        Self {
            roots: roots.to_vec(),
            all,
            by_owner,
            doubtful,
            telling,
            has_opaque_calls,
            zones: Zones::of(roots),
            answers,
        }
    }

    fn of_owner<'s>(&'s self, owner: &'s Owner) -> impl Iterator<Item = &'s Alias<'a>> {
        let known = self.by_owner.get(owner).map_or(&[][..], Vec::as_slice);
        known.iter().filter_map(|&index| self.all.get(index))
    }

    /// The other listeners that answer under the name of an alias.
    fn others_of(&self, alias: &Alias<'_>, owner: &Owner) -> Vec<Owner> {
        let mut others: BTreeSet<Owner> = alias.hosts().cloned().collect();
        if let Some(more) = alias.record.owner_name().and_then(|name| self.answers.get(&name)) {
            others.extend(more.iter().cloned());
        }
        others.remove(owner);
        others.into_iter().collect()
    }

    /// A record that may be an alias of `owner`, for all that can be known.
    fn doubt(&self, owner: &Owner) -> Option<(NotKnown, Location)> {
        let doubtful = || self.doubtful.iter().filter_map(|&index| self.all.get(index));
        let aims = || doubtful().flat_map(|alias| &alias.aims);
        let computed = aims().find_map(|(aim, at)| match aim {
            Aim::Computed(of, what) if of.iter().any(|other| may_be(other, owner)) => {
                Some((what.clone(), *at))
            }
            _ => None,
        });
        computed.or_else(|| {
            aims().find_map(|(aim, at)| match aim {
                Aim::Unknown(what) => Some((what.clone(), *at)),
                _ => None,
            })
        })
    }
}

/// What is there already has a host name that is known: a record of that name points at it, by whatever way it got there.
fn resolve_hosts(root: &RootSubject<'_>, listeners: &Listeners, all: &mut [Alias<'_>]) {
    let mut owners: BTreeMap<String, Owner> = BTreeMap::new();
    for subject in root.resources().filter(|subject| subject.resource.mode == Mode::Managed) {
        let Some(listener) = listeners.get(&subject.resource.ty) else { continue };
        for host in listener.known_hosts(&subject.resource.attributes) {
            let owner = (root.root.scope.clone(), subject.resource.address.clone());
            owners.insert(plain_host(host), owner);
        }
    }
    for (aim, _) in all.iter_mut().flat_map(|alias| &mut alias.aims) {
        if let Aim::Text(text) = aim
            && let Some(owner) = owners.get(&plain_host(text))
        {
            *aim = Aim::Host(owner.clone());
        }
    }
}

fn plain_host(text: &str) -> String {
    text.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether something may be an instance of what another names, with or without the keys that a plan leaves out.
fn may_be(named: &Owner, instance: &Owner) -> bool {
    if named.0 == instance.0 && dns::is_local(&named.1) {
        return true;
    }
    let plain = |address: &str| {
        let parts = address.split('[').enumerate();
        parts
            .map(
                |(index, part)| {
                    if index == 0 { part } else { part.split_once(']').map_or("", |(_, rest)| rest) }
                },
            )
            .collect::<String>()
    };
    named == instance
        || named.0 == instance.0 && !named.1.contains('[') && plain(&named.1) == plain(&instance.1)
}

impl Alias<'_> {
    fn hosts(&self) -> impl Iterator<Item = &Owner> {
        self.aims.iter().filter_map(|(aim, _)| match aim {
            Aim::Host(owner) => Some(owner),
            _ => None,
        })
    }
}

/// Lets every record that points at another aim at what that one aims at, however long the chain.
fn resolve_records(all: &mut [Alias<'_>]) {
    let direct: BTreeMap<Owner, Vec<(Aim, Location)>> = all
        .iter()
        .map(|alias| {
            let subject = alias.record.subject;
            let owner = (subject.instance.root.root.scope.clone(), subject.resource.address.clone());
            (owner, alias.aims.clone())
        })
        .collect();
    for alias in all {
        let mut seen = BTreeSet::new();
        let mut at = 0;
        while let Some((aim, location)) = alias.aims.get(at) {
            at += 1;
            let (Aim::Record(next), location) = (aim.clone(), *location) else { continue };
            if seen.insert(next.clone()) {
                // The place stays that of the record itself: there it is mended.
                let aims = direct.get(&next).into_iter().flatten();
                alias.aims.extend(aims.map(|(aim, _)| (aim.clone(), location)));
            }
        }
    }
}

/// The alias stands for instances whose number is not known: there may be none.
fn not_enumerable(alias: &Alias<'_>) -> (NotKnown, Location) {
    let subject = alias.record.subject;
    let exact = Exact::new(subject.instance.root.root.scope.clone(), subject.resource.address.clone());
    let what = not_known(Identity::derived([&Identity::Exact(exact.into())]));
    (what.because("it is not known how many instances there are"), subject.header())
}

fn not_known(identity: Identity) -> NotKnown {
    NotKnown { unknown: Unknown::new(identity).into(), origin: Origin::NONE, reason: None }
}

fn report_missing(
    subject: ResourceSubject<'_>,
    listener: &Listener,
    aliases: &Aliases<'_>,
    owner: &Owner,
    sink: &mut Sink<'_>,
) {
    let resource = subject.declaration.address();
    let host = listener.best_host().unwrap_or("address");
    let mut report = sink
        .report(subject.header(), format!("`{}` has no DNS alias of its own", subject.resource.ty))
        .primary_label("is reached by its generated host name only")
        .help(format!("add a record of its own, with `records = [{resource}.{host}]`"))
        .about(subject.place());
    let identifier =
        ["identifier", "cluster_identifier", "cluster_id", "replication_group_id", "domain_name", "name"]
            .iter()
            .find_map(|name| subject.attribute(name)?.as_str());
    let telling = aliases.telling.iter().filter_map(|&index| aliases.all.get(index));
    for (aim, at) in telling.flat_map(|alias| &alias.aims) {
        match aim {
            Aim::Carried(of, path) if of == owner => {
                report = report.label(*at, format!("`{path}` carries the port: a record needs `{host}`"));
            }
            Aim::Text(text) if identifier.is_some_and(|id| is_host_of(id, text)) => {
                report =
                    report.label(*at, "a generated host name, written out: refer to the resource instead");
            }
            _ => {}
        }
    }
}

/// Whether a host name begins with an identifier, as generated ones do.
fn is_host_of(identifier: &str, host: &str) -> bool {
    !identifier.is_empty() && is_generated(host) && host.split('.').any(|label| label == identifier)
}

/// Whether a provider made up a host name.
fn is_generated(host: &str) -> bool {
    [".amazonaws.com", ".azure.com", ".windows.net", ".goog"]
        .iter()
        .any(|end| host.trim_end_matches('.').ends_with(end))
}

fn report_shared(subject: ResourceSubject<'_>, alias: &Alias<'_>, others: &[Owner], sink: &mut Sink<'_>) {
    let mut names: Vec<&str> = others.iter().map(|(_, address)| address.as_str()).collect();
    names.push(&subject.resource.address);
    names.sort_unstable();
    let record = alias.record.subject.header();
    let mut report = sink
        .report(subject.header(), format!("`{}` shares its DNS alias", subject.resource.ty))
        .primary_label("has no alias of its own")
        .label(record, format!("one alias for {}", names.join(" and ")))
        .help("give each resource a record with a name of its own")
        .about(subject.place());
    let mut told = BTreeSet::from([record]);
    for (aim, at) in &alias.aims {
        if let Aim::Host((_, address)) = aim
            && told.insert(*at)
        {
            report = report.label(*at, format!("the host name of {address}"));
        }
    }
}
