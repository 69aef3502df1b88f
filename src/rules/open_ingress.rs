//! Something is open to the world that should not be.
//!
//! ## What it does
//! Finds security groups and network access lists that let the whole internet (half of all public addresses or more)
//! reach a port that is not public: in `ingress` blocks, written out or made by `dynamic`, in `aws_security_group_rule`
//! and `aws_vpc_security_group_ingress_rule`, in default groups, access lists and managed prefix lists; for IPv4 and
//! IPv6. It judges values, not text: a range that came through variables, locals, modules and maps of rules counts as
//! much as one written on the spot, and is reported where it was written. Ranges of one group add up, so that
//! `0.0.0.0/1` and `128.0.0.0/1` are the world too.
//!
//! ## Why
//! A database or an SSH port that the internet can reach is tried within minutes. A service is public through its load
//! balancer; everything behind it needs to be reached by other groups only.
//!
//! ## Example
//! ```hcl
//! resource "aws_security_group" "db" {
//!   ingress {
//!     from_port   = 5432
//!     to_port     = 5432
//!     protocol    = "tcp"
//!     cidr_blocks = ["0.0.0.0/0"]
//!   }
//! }
//! ```
//! ## Instead
//! Let in the group that needs it:
//! ```hcl
//! resource "aws_security_group" "db" {
//!   ingress {
//!     from_port       = 5432
//!     to_port         = 5432
//!     protocol        = "tcp"
//!     security_groups = [aws_security_group.service.id]
//!   }
//! }
//! ```
//!
//! ## Not found
//! ICMP reaches no service and is left out. An entry of an access list that lets in exactly the ephemeral ports (1024
//! and above, up to 65535) is the way back for answers, since such a list keeps no state; it is left out too.
//!
//! A prefix list that is made in the same root is judged by its entries. One that AWS keeps holds the ranges of a service
//! of its own and is no finding: it is known by the name under which it is looked up, `com.amazonaws.…`, or as the list
//! of an `aws_vpc_endpoint`. What any other list lets in is undecided.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::network::{self, Cidr, Permit, Ports, PrefixLists, Ranges, Reach};
use super::{Looks, NotKnown, Reading, ResourceSubject, RootSubject, Rule, Sink, Verdict, story};
use crate::finding::Place;
use crate::model::ExprAt;
use crate::source::Location;
use crate::syntax::ExprKind;
use crate::value::{Kind, Value};

/// Options of `open-ingress`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OpenIngress {
    /// Ports that may be open to the world.
    public_ports: Vec<u16>,
    /// If set, only these ports must not be open to the world, and `public_ports` means nothing.
    ports: Option<Vec<u16>>,
    /// Ranges that may be let in on any port, with all that lies within them.
    allowed_cidrs: Vec<String>,
}

impl Default for OpenIngress {
    fn default() -> Self {
        Self { public_ports: vec![80, 443], ports: None, allowed_cidrs: Vec::new() }
    }
}

/// A range that a permit lets in.
struct Opening<'a> {
    subject: ResourceSubject<'a>,
    cidr: Cidr,
    reach: Reach,
    at: Location,
    value: &'a Value,
    ranges: Ranges<'a>,
    /// Which of the ranges it is, where there are several.
    index: Option<usize>,
}

impl Opening<'_> {
    /// The group, and which of its values lets in. What stands in a prefix list is no value of the group.
    fn place(&self) -> Place {
        if self.ranges.subject.resource.address != self.subject.resource.address {
            return self.subject.place();
        }
        match self.index {
            Some(index) => self.subject.place_of(&format!("{}[{index}]", self.ranges.path)),
            None => self.subject.place_of(&self.ranges.path),
        }
    }
}

impl Rule for OpenIngress {
    fn looks_at(&self, ty: &str) -> Looks {
        network::attributes_of(ty).map_or(Looks::Nothing, Looks::At)
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let judge = Judge { options: self, root, guarded: OnceCell::new() };
        let lists = PrefixLists::of(root);
        // One firewall after the other: a plan may hold thousands.
        for subjects in network::firewalls(root).into_values() {
            let mut permits = Vec::new();
            for subject in subjects {
                if let Err(what) = network::permits(subject, &lists, &mut permits) {
                    sink.undecided_at(what, subject.place(), subject.header());
                }
            }
            judge.group(&permits, sink);
        }
        Ok(())
    }
}

/// Judges the firewalls of one root.
struct Judge<'j, 'a> {
    options: &'j OpenIngress,
    root: &'j RootSubject<'a>,
    guarded: OnceCell<Guarded>,
}

impl<'a> Judge<'_, 'a> {
    fn group(&self, permits: &[Permit<'a>], sink: &mut Sink<'_>) {
        let mut pieces = Vec::new();
        for permit in permits {
            let reach = match self.options.dangerous_reach(permit, permits) {
                Ok(None) => continue,
                Ok(Some(reach)) => Ok(reach),
                Err(what) => Err(what),
            };
            for (what, expression) in &permit.unread {
                let used =
                    expression.map_or_else(|| permit.subject.header(), |at| self.root.model.location(at));
                sink.undecided_at(what.clone(), permit.subject.place(), used);
            }
            for ranges in &permit.ranges {
                self.ranges(permit, ranges, reach.as_ref(), &mut pieces, sink);
            }
        }
        for sum in &sums_of_pieces(pieces) {
            if let Some((widest, others)) = sum.split_first() {
                self.report(widest, others, sink);
            }
        }
    }

    fn ranges(
        &self,
        permit: &Permit<'a>,
        ranges: &Ranges<'a>,
        reach: Result<&Reach, &NotKnown>,
        pieces: &mut Vec<Opening<'a>>,
        sink: &mut Sink<'_>,
    ) {
        let (root, subject) = (self.root, permit.subject);
        let used = ranges.expression.map_or_else(|| subject.header(), |at| root.model.location(at));
        let elements = match ranges.value.elements_or_self() {
            Ok(elements) => elements,
            Err(what) => return sink.undecided_at(what, subject.place(), used),
        };
        let several = ranges.value.elements().is_some();
        for (index, value) in elements.iter().enumerate() {
            let cidr = match value.text() {
                Ok(text) => text.and_then(Cidr::parse),
                Err(_) if ends_in_narrow_prefix(root, value) => continue,
                Err(what) => {
                    sink.undecided_at(what, subject.place(), used);
                    continue;
                }
            };
            let Some(cidr) = cidr.filter(|&cidr| !self.options.allows(cidr)) else { continue };
            let at = root.model.locate(value.origin()).unwrap_or(used);
            let index = several.then_some(index);
            let opening = |reach| Opening { subject, cidr, reach, at, value, ranges: ranges.clone(), index };
            match reach {
                Ok(&reach) if cidr.is_the_world() => self.report(&opening(reach), &[], sink),
                Ok(&reach) => pieces.push(opening(reach)),
                // Whatever the port turns out to be, a range that is not the world may reach it.
                Err(what) if cidr.is_the_world() => {
                    sink.undecided_at(what.clone(), subject.place(), used);
                }
                Err(_) => {}
            }
        }
    }

    /// Reports a range that is the world, alone or together with others of its group.
    fn report(&self, opening: &Opening<'_>, others: &[Opening<'_>], sink: &mut Sink<'_>) {
        let subject = opening.subject;
        let (what, fact) = match opening.reach {
            Reach::Ports(Ports { from, to }) if from == to => {
                (format!("port {from} is"), format!("{from}-{to}"))
            }
            Reach::Ports(ports) if ports == Ports::ALL => ("every port is".to_owned(), ports.to_string()),
            Reach::Ports(ports) => (format!("ports {} to {} are", ports.from, ports.to), ports.to_string()),
            Reach::Portless => ("a protocol without ports is".to_owned(), "portless".to_owned()),
            Reach::All | Reach::Nothing => ("every port is".to_owned(), "all".to_owned()),
        };
        let mut report = sink
            .report(opening.at, format!("{what} open to the world"))
            .primary_label(format!("lets in {}", opening.cidr))
            .help("let in the security group or the network that needs it; a port that must be public belongs into `public_ports`")
            .about(opening.place())
            .attribute(&opening.ranges.path)
            .fact(format!("{fact} {}", opening.cidr));
        for (location, text) in story::of(subject, opening.ranges.expression, opening.value) {
            report = report.label(location, text);
        }
        for other in others {
            report = report.label(other.at, format!("adds {}", other.cidr));
        }
        report = report.label(subject.header(), "lets the world in");
        for (location, address) in self.guarded_by(subject) {
            report = report.label(*location, format!("is reached through it: {address}"));
        }
    }

    /// The resources that a security group guards: as many as a report shows.
    fn guarded_by(&self, group: ResourceSubject<'_>) -> &[(Location, ArcStr)] {
        let address = match group.attribute("security_group_id").and_then(Value::as_unknown) {
            Some(unknown) => match unknown.identity.exact() {
                Some(exact) => &exact.address,
                None => return &[],
            },
            None => &group.resource.address,
        };
        let guarded = self.guarded.get_or_init(|| guarded(self.root));
        guarded.get(address).map_or(&[], Vec::as_slice)
    }
}

impl OpenIngress {
    /// What a permit reaches, if that is more than may be open; access lists less what an earlier entry keeps out.
    fn dangerous_reach(&self, permit: &Permit<'_>, list: &[Permit<'_>]) -> Result<Option<Reach>, NotKnown> {
        if let Some(entry) = permit.list_entry
            && !entry.allows()?
        {
            return Ok(None);
        }
        let reach = permit.reach()?;
        let harmless = match reach {
            Reach::Nothing => true,
            Reach::Portless => self.ports.is_some(),
            Reach::All => !self.forbids(Ports::ALL, permit, list)?,
            Reach::Ports(ports) => {
                let is_way_back =
                    permit.list_entry.is_some() && ports.from >= 1024 && ports.to == Ports::ALL.to;
                is_way_back || !self.forbids(ports, permit, list)?
            }
        };
        Ok((!harmless).then_some(reach))
    }

    /// Whether a port of the range must not be open.
    fn forbids(&self, ports: Ports, permit: &Permit<'_>, list: &[Permit<'_>]) -> Result<bool, NotKnown> {
        for rest in network::not_kept_out(ports, permit, list)? {
            let forbidden = match &self.ports {
                Some(forbidden) => rest.contains_any(forbidden),
                None => !rest.all_in(&self.public_ports),
            };
            if forbidden {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn allows(&self, cidr: Cidr) -> bool {
        self.allowed_cidrs.iter().filter_map(|text| Cidr::parse(text)).any(|allowed| allowed.contains(cidr))
    }
}

/// Ranges that are the world (half of it or more) together, the widest first: those of a family that share a reach.
fn sums_of_pieces(pieces: Vec<Opening<'_>>) -> Vec<Vec<Opening<'_>>> {
    let mut sums: BTreeMap<_, Vec<Opening<'_>>> = BTreeMap::new();
    for piece in pieces {
        sums.entry((piece.cidr.family(), piece.reach)).or_default().push(piece);
    }
    let mut sums: Vec<_> = sums.into_values().collect();
    sums.retain(|pieces| {
        let ranges: Vec<Cidr> = pieces.iter().map(|piece| piece.cidr).collect();
        network::union_size_at_least_half(&ranges)
    });
    for sum in &mut sums {
        sum.sort_by_key(|piece| (piece.cidr.prefix(), piece.at));
    }
    sums
}

/// Whether a text that is not known ends in a prefix that is not the world, as `"${aws_eip.nat.public_ip}/32"` does.
fn ends_in_narrow_prefix(root: &RootSubject<'_>, value: &Value) -> bool {
    let Some(ExprAt { file, expr }) = root.model.expression(value.origin()) else { return false };
    let Some(tree) = root.model.tree(file) else { return false };
    let ExprKind::Template(parts) = tree.kind(expr) else { return false };
    let last = tree.list(parts).next_back().map(|part| tree.kind(part));
    let Some(ExprKind::String(text)) = last else { return false };
    let prefix = tree.text(text).strip_prefix('/').and_then(|prefix| prefix.parse::<u8>().ok());
    // Eight bits are the narrowest range that could hold a sixteenth of the internet; what is wider may add up to it.
    prefix.is_some_and(|prefix| prefix >= 8)
}

/// What is guarded, by the address of the security group: each with its header's place, no more than a report shows.
type Guarded = FxHashMap<ArcStr, Vec<(Location, ArcStr)>>;

/// How many resources a report shows that are reached through a group.
const SHOWN: usize = 3;

/// One look at all resources: many groups of a root may be open.
fn guarded(root: &RootSubject<'_>) -> Guarded {
    let mut guarded = Guarded::default();
    for subject in root.resources().filter(|subject| !subject.resource.ty.contains("security_group")) {
        let mut add = |group: &ArcStr| {
            let known: &mut Vec<(Location, ArcStr)> = guarded.entry(group.clone()).or_default();
            let address = &subject.resource.address;
            if known.len() < SHOWN && known.last().is_none_or(|(_, last)| last != address) {
                known.push((subject.header(), address.clone()));
            }
        };
        groups_in(&subject.resource.attributes, false, &mut add);
    }
    guarded
}

/// The security groups that are named by attributes for security groups, however deep.
fn groups_in(value: &Value, in_groups: bool, add: &mut dyn FnMut(&ArcStr)) {
    if let Some(entries) = value.entries() {
        return entries
            .iter()
            .for_each(|(name, value)| groups_in(value, name.contains("security_group"), add));
    }
    match value.kind() {
        Kind::Unknown(unknown) if in_groups => {
            if let Some(exact) = unknown.identity.exact() {
                add(&exact.address);
            }
        }
        _ => value.elements().unwrap_or_default().iter().for_each(|value| groups_in(value, in_groups, add)),
    }
}
