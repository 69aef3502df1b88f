use std::collections::BTreeMap;

use crate::value::{Step, Value};

/// A resource type that listens at a host name which its provider makes up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::rules) struct Listener {
    /// The resource type.
    pub(in crate::rules) ty: String,
    /// Paths of the attributes that hold a bare host name (or an address), best first.
    hosts: Vec<String>,
    /// Paths of the attributes that hold a host name with a port or scheme: no record can point at these.
    carriers: Vec<String>,
}

/// What an attribute of a listener holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::rules) enum Host {
    /// A bare host name.
    Bare,
    /// A host name with a port, or a whole URL.
    Carried,
}

/// The types that need an alias. Checked against the providers' documentation: `address` of a database is a host name,
/// its `endpoint` carries the port; of a cluster, `endpoint` is the host name.
const KNOWN: &[(&str, &[&str], &[&str])] = &[
    ("aws_dax_cluster", &["cluster_address"], &["configuration_endpoint"]),
    ("aws_db_instance", &["address"], &["endpoint"]),
    ("aws_docdb_cluster", &["endpoint", "reader_endpoint"], &[]),
    ("aws_elasticache_cluster", &["cluster_address", "cache_nodes[*].address"], &["configuration_endpoint"]),
    (
        "aws_elasticache_replication_group",
        &["primary_endpoint_address", "configuration_endpoint_address", "reader_endpoint_address"],
        &[],
    ),
    ("aws_elasticache_serverless_cache", &["endpoint[*].address", "reader_endpoint[*].address"], &[]),
    ("aws_elasticsearch_domain", &["endpoint"], &["kibana_endpoint"]),
    ("aws_memorydb_cluster", &["cluster_endpoint[*].address"], &[]),
    (
        "aws_mq_broker",
        &["instances[*].ip_address"],
        &["instances[*].endpoints[*]", "instances[*].console_url"],
    ),
    ("aws_neptune_cluster", &["endpoint", "reader_endpoint"], &[]),
    (
        "aws_opensearch_domain",
        &["endpoint", "endpoint_v2"],
        &["dashboard_endpoint", "dashboard_endpoint_v2", "kibana_endpoint"],
    ),
    ("aws_rds_cluster", &["endpoint", "reader_endpoint"], &[]),
    ("aws_redshift_cluster", &["dns_name"], &["endpoint"]),
    ("aws_redshiftserverless_workgroup", &["endpoint[*].address"], &[]),
    ("aws_timestreaminfluxdb_db_instance", &["endpoint"], &[]),
    ("azurerm_mysql_flexible_server", &["fqdn"], &[]),
    ("azurerm_postgresql_flexible_server", &["fqdn"], &[]),
    ("azurerm_redis_cache", &["hostname"], &[]),
    ("google_redis_instance", &["host"], &[]),
    (
        "google_sql_database_instance",
        &[
            "private_ip_address",
            "public_ip_address",
            "first_ip_address",
            "ip_address[*].ip_address",
            "dns_name",
        ],
        &[],
    ),
];

/// The types that a run looks at.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Listeners {
    all: Vec<Listener>,
}

impl Listeners {
    /// The types that are known.
    pub(in crate::rules) fn known_types() -> Vec<String> {
        KNOWN.iter().map(|(ty, ..)| (*ty).to_owned()).collect()
    }

    /// These types: those that are known, and `more`, each with the paths of its host names.
    pub(in crate::rules) fn of(types: &[String], more: &BTreeMap<String, Vec<String>>) -> Self {
        let owned = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect();
        let known = KNOWN.iter().filter(|(ty, ..)| types.iter().any(|wanted| wanted == ty));
        let known = known.filter(|(ty, ..)| !more.contains_key(*ty)).map(|(ty, hosts, carriers)| Listener {
            ty: (*ty).to_owned(),
            hosts: owned(hosts),
            carriers: owned(carriers),
        });
        let more = more.iter().map(|(ty, hosts)| Listener {
            ty: ty.clone(),
            hosts: hosts.clone(),
            carriers: Vec::new(),
        });
        Self { all: known.chain(more).collect() }
    }

    /// The listener of that resource type.
    pub(in crate::rules) fn get(&self, ty: &str) -> Option<&Listener> {
        self.all.iter().find(|listener| listener.ty == ty)
    }
}

impl Listener {
    /// What the attribute at that path holds, if it names the host at all.
    pub(in crate::rules) fn host(&self, path: &[Step]) -> Option<Host> {
        let is = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, path));
        if is(&self.hosts) { Some(Host::Bare) } else { is(&self.carriers).then_some(Host::Carried) }
    }

    /// The host names of an instance that is there already, so that they are known.
    pub(in crate::rules) fn known_hosts<'v>(
        &'v self,
        attributes: &'v Value,
    ) -> impl Iterator<Item = &'v str> {
        self.hosts.iter().flat_map(|pattern| values_at(pattern, attributes)).filter_map(Value::as_str)
    }

    /// The attribute that a record had best point at.
    pub(in crate::rules) fn best_host(&self) -> Option<&str> {
        self.hosts.first().map(String::as_str)
    }
}

/// The values at the paths of a pattern such as `cache_nodes[*].address`.
fn values_at<'v>(pattern: &str, attributes: &'v Value) -> Vec<&'v Value> {
    pattern.split('.').fold(vec![attributes], |values, segment| {
        let name = segment.trim_end_matches("[*]");
        let found = values.into_iter().filter_map(|value| value.get(name));
        if name.len() == segment.len() {
            found.collect()
        } else {
            found.flat_map(|value| value.elements().unwrap_or_default()).collect()
        }
    })
}

/// Whether a path is one of a pattern such as `cache_nodes[*].address`, in which `[*]` is any index.
fn matches(pattern: &str, path: &[Step]) -> bool {
    let mut steps = path.iter();
    for segment in pattern.split('.') {
        let name = segment.trim_end_matches("[*]");
        if !matches!(steps.next(), Some(Step::Attr(attr)) if attr == name) {
            return false;
        }
        for _ in 0..(segment.len() - name.len()) / "[*]".len() {
            if !matches!(steps.next(), Some(Step::Index(_) | Step::Key(_) | Step::Any)) {
                return false;
            }
        }
    }
    steps.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_carries_a_port() {
        let listeners = Listeners::of(&Listeners::known_types(), &BTreeMap::new());
        let attr = |name: &str| Step::Attr(name.into());
        let database = listeners.get("aws_db_instance").unwrap();
        assert_eq!(database.host(&[attr("address")]), Some(Host::Bare));
        assert_eq!(database.host(&[attr("endpoint")]), Some(Host::Carried));
        assert_eq!(database.host(&[attr("id")]), None);
        assert_eq!(database.host(&[attr("address"), attr("x")]), None);
        let cache = listeners.get("aws_elasticache_cluster").unwrap();
        assert_eq!(cache.host(&[attr("cache_nodes"), Step::Index(0), attr("address")]), Some(Host::Bare));
        assert_eq!(cache.host(&[attr("cache_nodes"), attr("address")]), None);
    }

    #[test]
    fn the_table_is_sorted_and_says_each_type_once() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
