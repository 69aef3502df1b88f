use std::collections::BTreeMap;
use std::sync::Arc;

use arcstr::ArcStr;

use super::permit::{Ranges, owner_of};
use crate::model::Mode;
use crate::rules::{NotKnown, ResourceSubject, RootSubject};
use crate::value::{Exact, Identity, Kind, Step, Unknown, Value};

const LIST: &str = "aws_ec2_managed_prefix_list";
const ENTRY: &str = "aws_ec2_managed_prefix_list_entry";
const ENDPOINT: &str = "aws_vpc_endpoint";

/// What the names of lists begin with that AWS keeps, of the ranges of its own services.
const SERVICE: &str = "com.amazonaws.";

/// Why a list cannot be read, in words that group well.
const NOT_HERE: &str = "what a prefix list lets in is not written in this root";

/// The prefix lists of a root.
pub(in crate::rules) struct PrefixLists<'a> {
    scope: ArcStr,
    known: BTreeMap<ArcStr, List<'a>>,
}

/// What is known of a list, or of something that names one.
enum List<'a> {
    /// All that it lets in.
    Own(Vec<Ranges<'a>>),
    /// It holds the ranges of one of AWS's own services.
    Service,
    /// It is looked up.
    Elsewhere,
}

impl<'a> PrefixLists<'a> {
    pub(in crate::rules) fn of(root: &RootSubject<'a>) -> Self {
        let mut known: BTreeMap<ArcStr, List<'a>> = BTreeMap::new();
        let mut entries = Vec::new();
        for subject in root.resources() {
            let resource = subject.resource;
            let list = match (resource.mode, resource.ty.as_str()) {
                (Mode::Managed, LIST) => List::Own(of_blocks(subject)),
                (Mode::Data, LIST | "aws_prefix_list") if is_of_service(subject) => List::Service,
                (Mode::Data, LIST | "aws_prefix_list") => List::Elsewhere,
                (Mode::Managed | Mode::Data, ENDPOINT) => List::Service,
                (Mode::Managed, ENTRY) => {
                    entries.push(subject);
                    continue;
                }
                _ => continue,
            };
            known.insert(resource.address.clone(), list);
        }
        for entry in entries {
            let owner = known.get_mut(&owner_of(entry, "prefix_list_id"));
            if let (Some(List::Own(ranges)), Some(value)) = (owner, entry.attribute("cidr")) {
                let expression = entry.written("cidr");
                ranges.push(Ranges { subject: entry, path: "cidr".into(), value, expression });
            }
        }
        Self { scope: root.root.scope.clone(), known }
    }

    /// What the lists that `ids` names let in goes to `ranges`; those that cannot be read are the result.
    pub(super) fn read(&self, ids: &'a Value, ranges: &mut Vec<Ranges<'a>>) -> Vec<NotKnown> {
        let ids = ids.elements().unwrap_or(std::slice::from_ref(ids));
        ids.iter().filter_map(|id| self.read_one(id, ranges)).collect()
    }

    fn read_one(&self, id: &'a Value, ranges: &mut Vec<Ranges<'a>>) -> Option<NotKnown> {
        let unknown = match id.kind() {
            Kind::Unknown(unknown) => unknown,
            Kind::String(text) if !text.is_empty() => {
                let exact = Exact::new(self.scope.clone(), format!("prefix list {text}"));
                let unknown = Arc::new(Unknown::new(Identity::Exact(Arc::new(exact))));
                let what = NotKnown { unknown, origin: id.origin(), reason: None };
                return Some(what.because(NOT_HERE));
            }
            _ => return None,
        };
        let what = NotKnown { unknown: unknown.clone(), origin: id.origin(), reason: None };
        let Some(exact) = unknown.identity.exact() else { return Some(what) };
        if exact.scope != self.scope {
            return Some(what.because(NOT_HERE));
        }
        match self.known.get(&exact.address) {
            Some(List::Own(own)) if exact.path == [Step::Attr(arcstr::literal!("id"))] => {
                ranges.extend(own.iter().cloned());
                None
            }
            Some(List::Service) => None,
            Some(List::Own(_) | List::Elsewhere) => Some(what.because(NOT_HERE)),
            // The model knows why.
            None => Some(what),
        }
    }
}

/// The ranges in a list's own `entry` blocks.
fn of_blocks(list: ResourceSubject<'_>) -> Vec<Ranges<'_>> {
    let Some(all) = list.attribute("entry") else { return Vec::new() };
    if all.as_unknown().is_some() {
        return vec![Ranges {
            subject: list,
            path: "entry.cidr".into(),
            value: all,
            expression: list.written("entry"),
        }];
    }
    let entries = list.blocks("entry").enumerate().filter_map(|(index, (block, entry))| {
        let expression = block.written(list.model(), "cidr");
        // An entry that is not known as a whole has no range that could be.
        let value = if entry.as_unknown().is_some() { Some(entry) } else { entry.get("cidr") };
        Some(Ranges { subject: list, path: format!("entry[{index}].cidr"), value: value?, expression })
    });
    entries.collect()
}

/// Whether a list that is looked up is one of AWS's own, by the name under which it is looked up.
fn is_of_service(list: ResourceSubject<'_>) -> bool {
    let by_filter = || {
        list.blocks("filter").any(|(_, filter)| {
            filter.get("name").and_then(Value::as_str) == Some("prefix-list-name")
                && filter
                    .get("values")
                    .and_then(Value::elements)
                    .is_some_and(|names| !names.is_empty() && names.iter().all(begins_as_service))
        })
    };
    list.attribute("name").is_some_and(begins_as_service) || by_filter()
}

fn begins_as_service(name: &Value) -> bool {
    match name.kind() {
        Kind::String(name) => name.starts_with(SERVICE),
        Kind::Unknown(name) => {
            name.refinement.prefix.as_ref().is_some_and(|prefix| prefix.starts_with(SERVICE))
        }
        _ => false,
    }
}
