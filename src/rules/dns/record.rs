use std::borrow::Cow;

use arcstr::ArcStr;

use super::{Host, Listeners};
use crate::model::{ExprAt, Mode};
use crate::rules::{NotKnown, Reading, ResourceSubject, RootSubject};
use crate::value::{Exact, Identity, Kind, Step, Type, Value};

/// A DNS record, or what a provider calls it.
#[derive(Debug)]
pub(in crate::rules) struct Record<'a> {
    /// The resource.
    pub(in crate::rules) subject: ResourceSubject<'a>,
    /// What it points at: each with the expression it is written by.
    pub(in crate::rules) values: Vec<(Cow<'a, Value>, Option<ExprAt>)>,
    form: &'static Form,
}

/// The attributes of a record's form.
#[derive(Debug)]
struct Form {
    ty: &'static str,
    zone: &'static str,
    /// A list of values, or one.
    values: &'static [&'static str],
    /// A block with a value in it.
    block: Option<(&'static str, &'static str)>,
    /// The attribute for its kind (CNAME, A); without one it is a CNAME or the like.
    kind: Option<&'static str>,
}

/// Zones, and the attribute that names each.
const ZONES: &[(&str, &str)] = &[
    ("aws_route53_zone", "name"),
    ("azurerm_dns_zone", "name"),
    ("azurerm_private_dns_zone", "name"),
    ("cloudflare_zone", "name"),
    ("google_dns_managed_zone", "dns_name"),
];

const FORMS: &[Form] = &[
    Form {
        ty: "aws_route53_record",
        zone: "zone_id",
        values: &["records"],
        block: Some(("alias", "name")),
        kind: Some("type"),
    },
    Form { ty: "azurerm_dns_a_record", zone: "zone_name", values: &["records"], block: None, kind: None },
    Form { ty: "azurerm_dns_cname_record", zone: "zone_name", values: &["record"], block: None, kind: None },
    Form {
        ty: "azurerm_private_dns_a_record",
        zone: "zone_name",
        values: &["records"],
        block: None,
        kind: None,
    },
    Form {
        ty: "azurerm_private_dns_cname_record",
        zone: "zone_name",
        values: &["record"],
        block: None,
        kind: None,
    },
    Form {
        ty: "cloudflare_dns_record",
        zone: "zone_id",
        values: &["content"],
        block: None,
        kind: Some("type"),
    },
    Form {
        ty: "cloudflare_record",
        zone: "zone_id",
        values: &["content", "value"],
        block: None,
        kind: Some("type"),
    },
    Form {
        ty: "google_dns_record_set",
        zone: "managed_zone",
        values: &["rrdatas"],
        block: None,
        kind: Some("type"),
    },
];

/// A resource, whichever root it is in: the root's scope and the address.
pub(in crate::rules) type Owner = (ArcStr, ArcStr);

/// What one value of a record points at.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::rules) enum Aim {
    /// The host name of this listener.
    Host(Owner),
    /// An attribute of this listener that carries a port or scheme: its path.
    Carried(Owner, String),
    /// Computed from attributes of these listeners, and from local values that may hold any.
    Computed(Vec<Owner>, NotKnown),
    /// Another record.
    Record(Owner),
    /// A text.
    Text(ArcStr),
    /// Something else that the tree makes.
    Other,
    /// It cannot be known.
    Unknown(NotKnown),
}

/// The records of a root whose kind is one of these.
pub(in crate::rules) fn records<'a>(root: &RootSubject<'a>, kinds: &[String]) -> Vec<Record<'a>> {
    let mut records = Vec::new();
    for subject in root.resources() {
        if subject.resource.mode != Mode::Managed {
            continue;
        }
        let Some(form) = FORMS.iter().find(|form| form.ty == subject.resource.ty) else { continue };
        let kind = form.kind.and_then(|name| subject.attribute(name)).and_then(Value::as_str);
        // A kind that is not known may be any.
        if kind.is_some_and(|kind| !kinds.iter().any(|one| one.eq_ignore_ascii_case(kind))) {
            continue;
        }
        let written = form
            .values
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), subject.attribute(name)?, subject.written(name))));
        let nested = form.block.into_iter().flat_map(|(block, name)| {
            let path = format!("{block}.{name}");
            subject.blocks(block).filter_map(move |(block, values)| {
                Some((path.clone(), values.get(name)?, block.written(subject.model(), name)))
            })
        });
        let values = written.chain(nested);
        let single = values.flat_map(|(path, value, expression)| {
            let elements = value.elements().unwrap_or(std::slice::from_ref(value));
            elements.iter().map(move |element| (referred(subject, &path, element), expression))
        });
        records.push(Record { subject, values: single.collect(), form });
    }
    records
}

/// What a value is, as far as records are concerned: what it refers to, though a plan may know its text by now.
fn referred<'a>(subject: ResourceSubject<'a>, path: &str, value: &'a Value) -> Cow<'a, Value> {
    let reference = subject.resource.references.iter().find(|(name, _)| name == path);
    match reference {
        Some((_, identity)) if value.as_str().is_some() => {
            Cow::Owned(Value::unknown_of(Type::String, identity.clone()).with_meta(value.meta()))
        }
        _ => Cow::Borrowed(value),
    }
}

impl Record<'_> {
    /// Its own name, without a dot at its end, and its zone; each `None` where it is not known.
    pub(in crate::rules) fn name(&self, zones: &Zones) -> Option<String> {
        let name = self.subject.attribute("name")?.as_str()?.trim_end_matches('.').to_owned();
        match self.zone(zones) {
            Some(zone) if name.is_empty() => Some(zone),
            Some(zone) if name != zone && !name.ends_with(&format!(".{zone}")) => {
                Some(format!("{name}.{zone}"))
            }
            _ => Some(name),
        }
    }

    /// The name of its zone, if the tree tells it.
    pub(in crate::rules) fn zone(&self, zones: &Zones) -> Option<String> {
        let zone = self.subject.attribute(self.form.zone)?;
        match zone.as_unknown() {
            Some(unknown) => zones.name(unknown.identity.exact()?),
            None => None,
        }
    }

    /// Its zone as it is written: an id or a name, if it is known.
    pub(in crate::rules) fn zone_text(&self) -> Option<&str> {
        self.subject.attribute(self.form.zone)?.as_str()
    }

    /// What tells whether two records give answers for one name: zone and name, whatever is known of them.
    pub(in crate::rules) fn owner_name(&self) -> Option<(String, String)> {
        let part = |name: &str| {
            let value = self.subject.attribute(name)?;
            match value.kind() {
                Kind::String(text) => Some(text.trim_end_matches('.').to_ascii_lowercase()),
                Kind::Unknown(unknown) => Some(format!("//{}", unknown.identity.exact()?)),
                _ => None,
            }
        };
        Some((part(self.form.zone)?, part("name")?))
    }
}

/// What a value of a record points at.
pub(in crate::rules) fn aim(listeners: &Listeners, value: &Value) -> Aim {
    let what = match value.known() {
        Ok(value) => return value.as_str().map_or(Aim::Other, |text| Aim::Text(text.into())),
        Err(what) => what,
    };
    match &what.unknown.identity {
        Identity::Exact(exact) => match listener_at(listeners, exact) {
            Some(Some(Host::Bare)) => Aim::Host(owner(exact)),
            Some(Some(Host::Carried)) => {
                let path = exact.path.iter().map(Step::to_string).collect::<String>();
                Aim::Carried(owner(exact), path.trim_start_matches('.').to_owned())
            }
            Some(None) => Aim::Other,
            None if is_record_name(exact) => Aim::Record(owner(exact)),
            None if is_managed(exact) => Aim::Other,
            None => Aim::Unknown(what),
        },
        Identity::Derived(sources) => {
            let of =
                sources.iter().filter(|it| listener_at(listeners, it).is_some() || is_local(&it.address));
            let of: Vec<Owner> = of.map(|exact| owner(exact)).collect();
            match of.is_empty() {
                false => Aim::Computed(of, what),
                true if !sources.is_empty() && sources.iter().all(|exact| is_managed(exact)) => Aim::Other,
                true => Aim::Unknown(what),
            }
        }
    }
}

fn owner(exact: &Exact) -> Owner {
    (exact.scope.clone(), exact.address.clone())
}

/// The listener that an identity lies in, and what its attribute holds.
fn listener_at(listeners: &Listeners, exact: &Exact) -> Option<Option<Host>> {
    Some(listeners.get(managed_type(&exact.address)?)?.host(&exact.path))
}

fn is_record_name(exact: &Exact) -> bool {
    let is_record = managed_type(&exact.address).is_some_and(|ty| FORMS.iter().any(|form| form.ty == ty));
    is_record && matches!(exact.path.as_slice(), [Step::Attr(name)] if name == "fqdn" || name == "name")
}

/// Whether the address is one of a local value: a plan without its source does not say what such a value is made of.
pub(in crate::rules) fn is_local(address: &str) -> bool {
    let module = address.rsplit_once("local.").map(|(module, _)| module);
    module.is_some_and(|module| module.is_empty() || module.ends_with('.'))
}

/// Whether the address is one of a managed resource, which the tree makes and which is no listener.
fn is_managed(exact: &Exact) -> bool {
    managed_type(&exact.address).is_some()
}

/// The resource type in an address such as `module.db["a"].aws_db_instance.this[0]`; `None` if it is no managed resource.
fn managed_type(address: &str) -> Option<&str> {
    let mut rest = address;
    while let Some(call) = rest.strip_prefix("module.") {
        let name_end = call.find(['.', '['])?;
        rest = &call[name_end..];
        if let Some(key) = rest.strip_prefix('[') {
            rest = &key[end_of_key(key)?..];
        }
        rest = rest.strip_prefix('.')?;
    }
    let (ty, _) = rest.split_once('.')?;
    (!matches!(ty, "data" | "ephemeral" | "var" | "local" | "each" | "count" | "path" | "terraform"))
        .then_some(ty)
}

/// The offset after the bracket that closes a key; the key is a quoted text, a number or a star.
fn end_of_key(key: &str) -> Option<usize> {
    if !key.starts_with('"') {
        return key.find(']').map(|at| at + 1);
    }
    let mut escaped = false;
    for (at, character) in key.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return key[at..].starts_with("\"]").then_some(at + 2),
            _ => {}
        }
    }
    None
}

/// The zones of roots, by root and address.
#[derive(Debug)]
pub(in crate::rules) struct Zones {
    names: Vec<(Owner, String)>,
}

impl Zones {
    /// The zones whose names the tree tells.
    pub(in crate::rules) fn of(roots: &[RootSubject<'_>]) -> Self {
        let names = roots.iter().flat_map(RootSubject::resources).filter_map(|subject| {
            let (_, name) = ZONES.iter().find(|(ty, _)| *ty == subject.resource.ty)?;
            let name = subject.attribute(name)?.as_str()?;
            let owner = (subject.instance.root.root.scope.clone(), subject.resource.address.clone());
            Some((owner, name.trim_end_matches('.').to_owned()))
        });
        Self { names: names.collect() }
    }

    fn name(&self, exact: &Exact) -> Option<String> {
        let is_it = |(scope, address): &Owner| *scope == exact.scope && *address == exact.address;
        self.names.iter().find(|(owner, _)| is_it(owner)).map(|(_, name)| name.clone())
    }
}

/// Whether records, or the zones they lie in, are of that type.
pub(in crate::rules) fn looks_at(ty: &str) -> bool {
    FORMS.iter().any(|form| form.ty == ty) || ZONES.iter().any(|(zone, _)| *zone == ty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_behind_any_key() {
        for (address, ty) in [
            ("aws_db_instance.this", Some("aws_db_instance")),
            ("module.a.module.b[0].aws_db_instance.this[\"x\"]", Some("aws_db_instance")),
            ("module.a[\"k.\\\"]. v\"].aws_db_instance.this", Some("aws_db_instance")),
            ("module.a[*].aws_db_instance.this", Some("aws_db_instance")),
            ("module.a", None),
            ("module.a.data.aws_db_instance.x", None),
            ("var.target", None),
            ("timestamp()", None),
            ("module.a[\"k", None),
        ] {
            assert_eq!(managed_type(address), ty, "{address}");
        }
    }
}
