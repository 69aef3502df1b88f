//! Firewall rules in every form that the providers have, read into one.

use std::collections::BTreeMap;
use std::sync::Arc;

use arcstr::ArcStr;
use smallvec::SmallVec;

use super::Ports;
use super::ports::Protocol;
use super::prefix_list::PrefixLists;
use crate::model::{BlockInstance, ExprAt, Mode};
use crate::rules::{NotKnown, Reading, ResourceSubject, RootSubject};
use crate::value::{Exact, Identity, Origin, Unknown, Value};

/// Who a permit belongs to: permits of one group add up.
pub(in crate::rules) type GroupKey = ArcStr;

/// One thing that a firewall lets in (or, in an access list, keeps out), as far as it was written.
#[derive(Debug)]
pub(in crate::rules) struct Permit<'a> {
    /// The resource that says so.
    pub(in crate::rules) subject: ResourceSubject<'a>,
    /// Lists of ranges, or single ones: each with the attribute's path and the expression it is written by.
    pub(in crate::rules) ranges: Vec<Ranges<'a>>,
    /// Prefix lists that it lets in and that cannot be read, each with the expression that names it.
    pub(in crate::rules) unread: Vec<(NotKnown, Option<ExprAt>)>,
    protocol: Option<&'a Value>,
    from: Option<&'a Value>,
    to: Option<&'a Value>,
    /// In an access list: the rule's number, and whether it lets in.
    pub(in crate::rules) list_entry: Option<ListEntry<'a>>,
}

/// Where a permit's ranges stand.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Ranges<'a> {
    /// The resource that they stand in.
    pub(in crate::rules) subject: ResourceSubject<'a>,
    /// `ingress[1].cidr_blocks`
    pub(in crate::rules) path: String,
    /// A list of ranges, or one.
    pub(in crate::rules) value: &'a Value,
    /// The expression that it is written by.
    pub(in crate::rules) expression: Option<ExprAt>,
}

/// What an entry of an access list has beyond a rule of a group.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct ListEntry<'a> {
    number: Option<&'a Value>,
    action: Option<&'a Value>,
}

/// What a permit reaches, addresses aside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::rules) enum Reach {
    /// Everything.
    All,
    /// These ports of TCP or UDP.
    Ports(Ports),
    /// Another protocol, which has no ports.
    Portless,
    /// No service.
    Nothing,
}

impl Permit<'_> {
    /// What it reaches.
    pub(in crate::rules) fn reach(&self) -> Result<Reach, NotKnown> {
        let protocol = match self.protocol {
            Some(value) => match number_or_text(value)? {
                Some(text) => Protocol::parse(&text),
                None => Protocol::All,
            },
            None => {
                self.is_written_whole()?;
                Protocol::All
            }
        };
        Ok(match protocol {
            Protocol::All => Reach::All,
            Protocol::Icmp => Reach::Nothing,
            Protocol::Other => Reach::Portless,
            Protocol::Ported => {
                let port = |value: Option<&Value>| -> Result<Option<i64>, NotKnown> {
                    if value.is_none() {
                        self.is_written_whole()?;
                    }
                    let number = value.map(Reading::whole).transpose()?.flatten();
                    Ok(number.map(|number| number.clamp(-1, Ports::ALL.to)))
                };
                let (from, to) = (port(self.from)?, port(self.to)?);
                match (from, to) {
                    (None | Some(-1), _) => Reach::Ports(Ports::ALL),
                    (Some(from), None | Some(-1)) => Reach::Ports(Ports { from, to: from }),
                    (Some(from), Some(to)) => Reach::Ports(Ports { from: from.min(to), to: to.max(from) }),
                }
            }
        })
    }
}

impl Permit<'_> {
    /// What is not there may be what is broken.
    fn is_written_whole(&self) -> Result<(), NotKnown> {
        let subject = &self.subject;
        if !subject.model().is_damaged(&subject.declaration.named) {
            return Ok(());
        }
        let scope = subject.instance.root.root.scope.clone();
        let exact = Exact::new(scope, subject.resource.address.clone());
        let unknown = Arc::new(Unknown::new(Identity::Exact(Arc::new(exact))));
        let what = NotKnown { unknown, origin: Origin::default(), reason: None };
        Err(what.because("the syntax of its declaration is broken"))
    }
}

impl ListEntry<'_> {
    /// The rule's number: a lower one is asked first.
    pub(in crate::rules) fn number(&self) -> Result<i64, NotKnown> {
        Ok(self.number.map(Reading::whole).transpose()?.flatten().unwrap_or(0))
    }

    /// Whether it lets in.
    pub(in crate::rules) fn allows(&self) -> Result<bool, NotKnown> {
        let action = self.action.map(Reading::text).transpose()?.flatten();
        Ok(action.is_none_or(|action| action.eq_ignore_ascii_case("allow")))
    }
}

/// Protocols are written as text, or as the number they stand for.
fn number_or_text(value: &Value) -> Result<Option<String>, NotKnown> {
    Ok(match value.whole()? {
        Some(number) => Some(number.to_string()),
        None => value.text()?.map(str::to_owned),
    })
}

/// The attributes of a permit's form.
struct Form {
    ranges: [&'static str; 2],
    protocol: &'static str,
    /// Entries of access lists have a number and an action.
    is_list: bool,
}

const GROUP_BLOCK: Form =
    Form { ranges: ["cidr_blocks", "ipv6_cidr_blocks"], protocol: "protocol", is_list: false };
const GROUP_RULE: Form = Form { ranges: ["cidr_ipv4", "cidr_ipv6"], protocol: "ip_protocol", is_list: false };
const LIST_ENTRY: Form =
    Form { ranges: ["cidr_block", "ipv6_cidr_block"], protocol: "protocol", is_list: true };

/// The resources of a root that say what a firewall lets in, by the group or access list that they speak for.
pub(in crate::rules) fn firewalls<'a>(
    root: &RootSubject<'a>,
) -> BTreeMap<GroupKey, SmallVec<[ResourceSubject<'a>; 1]>> {
    let mut firewalls: BTreeMap<GroupKey, SmallVec<[ResourceSubject<'a>; 1]>> = BTreeMap::new();
    for subject in root.resources().filter(|subject| subject.resource.mode == Mode::Managed) {
        let group = match subject.resource.ty.as_str() {
            "aws_security_group"
            | "aws_default_security_group"
            | "aws_network_acl"
            | "aws_default_network_acl" => subject.resource.address.clone(),
            "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" => {
                owner_of(subject, "security_group_id")
            }
            "aws_network_acl_rule" => owner_of(subject, "network_acl_id"),
            _ => continue,
        };
        firewalls.entry(group).or_default().push(subject);
    }
    firewalls
}

/// What a resource of a firewall lets in, as far as it can be read.
pub(in crate::rules) fn permits<'a>(
    subject: ResourceSubject<'a>,
    lists: &PrefixLists<'a>,
    permits: &mut Vec<Permit<'a>>,
) -> Result<(), NotKnown> {
    match subject.resource.ty.as_str() {
        "aws_security_group" | "aws_default_security_group" => nested(subject, &GROUP_BLOCK, lists, permits),
        "aws_network_acl" | "aws_default_network_acl" => nested(subject, &LIST_ENTRY, lists, permits),
        "aws_security_group_rule" => standalone(subject, &GROUP_BLOCK, lists, permits),
        "aws_vpc_security_group_ingress_rule" => standalone(subject, &GROUP_RULE, lists, permits),
        "aws_network_acl_rule" => standalone(subject, &LIST_ENTRY, lists, permits),
        _ => Ok(()),
    }
}

/// A body that holds a permit: a resource's own, or that of a nested block.
struct Written<'a, 'b> {
    subject: ResourceSubject<'a>,
    /// The nested block's values; the resource's own without one.
    values: &'a Value,
    /// The nested block.
    block: Option<&'b BlockInstance>,
    /// The attribute that holds the values, where they are no block.
    attribute: Option<ExprAt>,
    /// What paths begin with.
    prefix: String,
}

impl<'a> Written<'a, '_> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.values.get(name)
    }

    fn expression(&self, name: &str) -> Option<ExprAt> {
        match self.block {
            Some(block) => block.written(self.subject.model(), name),
            None => self.attribute.or_else(|| self.subject.written(name)),
        }
    }

    fn permit(&self, form: &Form, lists: &PrefixLists<'a>, list_entry: Option<ListEntry<'a>>) -> Permit<'a> {
        let mut ranges: Vec<Ranges<'a>> = form
            .ranges
            .iter()
            .filter_map(|name| {
                let path = format!("{}{name}", self.prefix);
                let (subject, expression) = (self.subject, self.expression(name));
                Some(Ranges { subject, path, value: self.get(name)?, expression })
            })
            .collect();
        let mut unread = Vec::new();
        for name in ["prefix_list_ids", "prefix_list_id"] {
            if let Some(value) = self.get(name) {
                let expression = self.expression(name);
                unread.extend(lists.read(value, &mut ranges).into_iter().map(|what| (what, expression)));
            }
        }
        let (protocol, from, to) = (self.get(form.protocol), self.get("from_port"), self.get("to_port"));
        Permit { subject: self.subject, ranges, unread, protocol, from, to, list_entry }
    }
}

/// `ingress` blocks, or `ingress` as an attribute that holds a list of objects.
fn nested<'a>(
    subject: ResourceSubject<'a>,
    form: &Form,
    lists: &PrefixLists<'a>,
    permits: &mut Vec<Permit<'a>>,
) -> Result<(), NotKnown> {
    let Some(ingress) = subject.attribute("ingress") else { return Ok(()) };
    let blocks: Vec<&BlockInstance> =
        subject.resource.blocks.iter().filter(|block| block.kind == "ingress").collect();
    let mut missed = None;
    let entries = ingress.elements_or_self().map_err(|what| match subject.is_of_a_plan_alone() {
        true => what.because("only its source says whether it has `dynamic` blocks"),
        false => what,
    })?;
    for (index, entry) in entries.iter().enumerate() {
        match entry.known() {
            Ok(values) => {
                let attribute = subject.written("ingress");
                let block = blocks.get(index).copied();
                let prefix = format!("ingress[{index}].");
                let written = Written { subject, values, block, attribute, prefix };
                let (number, action) = (written.get("rule_no"), written.get("action"));
                let list_entry = form.is_list.then_some(ListEntry { number, action });
                permits.push(written.permit(form, lists, list_entry));
            }
            Err(what) => missed = Some(what),
        }
    }
    missed.map_or(Ok(()), Err)
}

/// A resource that is one rule of a group.
fn standalone<'a>(
    subject: ResourceSubject<'a>,
    form: &Form,
    lists: &PrefixLists<'a>,
    permits: &mut Vec<Permit<'a>>,
) -> Result<(), NotKnown> {
    let values = &subject.resource.attributes;
    let written = Written { subject, values, block: None, attribute: None, prefix: String::new() };
    let inbound = match subject.resource.ty.as_str() {
        "aws_security_group_rule" => {
            written.get("type").map(Reading::text).transpose()?.flatten() == Some("ingress")
        }
        "aws_network_acl_rule" => {
            written.get("egress").map(Reading::truth).transpose()?.flatten() != Some(true)
        }
        _ => true,
    };
    if inbound {
        let (number, action) = (written.get("rule_number"), written.get("rule_action"));
        let list_entry = form.is_list.then_some(ListEntry { number, action });
        permits.push(written.permit(form, lists, list_entry));
    }
    Ok(())
}

/// The group that a rule names: a resource of the tree by its address, another by its id, else itself.
pub(super) fn owner_of(subject: ResourceSubject<'_>, attribute: &str) -> GroupKey {
    let owner = subject.attribute(attribute);
    let named = owner.and_then(|value| match value.as_unknown() {
        Some(unknown) => unknown.identity.exact().map(|exact| exact.address.clone()),
        None => value.as_str().map(ArcStr::from),
    });
    named.unwrap_or_else(|| subject.resource.address.clone())
}
