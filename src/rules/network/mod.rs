//! Addresses, ports and firewalls, for rules about who may reach what.

mod cidr;
mod list;
mod permit;
mod ports;
mod prefix_list;

pub(super) use cidr::{Cidr, union_size_at_least_half};
pub(super) use list::not_kept_out;
pub(super) use permit::{Permit, Ranges, Reach, firewalls, permits};
pub(super) use ports::Ports;
pub(super) use prefix_list::PrefixLists;

/// The attributes of a type that say who may reach what; `None` of a type that says nothing of it.
pub(super) fn attributes_of(ty: &str) -> Option<&'static [&'static str]> {
    Some(match ty {
        "aws_security_group" | "aws_default_security_group" => &[
            "ingress.cidr_blocks",
            "ingress.from_port",
            "ingress.ipv6_cidr_blocks",
            "ingress.prefix_list_ids",
            "ingress.protocol",
            "ingress.to_port",
        ],
        "aws_network_acl" | "aws_default_network_acl" => &["ingress"],
        "aws_security_group_rule" => &[
            "cidr_blocks",
            "from_port",
            "ipv6_cidr_blocks",
            "prefix_list_ids",
            "protocol",
            "security_group_id",
            "to_port",
            "type",
        ],
        "aws_vpc_security_group_ingress_rule" => &[
            "cidr_ipv4",
            "cidr_ipv6",
            "from_port",
            "ip_protocol",
            "prefix_list_id",
            "security_group_id",
            "to_port",
        ],
        "aws_network_acl_rule" => &[
            "cidr_block",
            "egress",
            "from_port",
            "ipv6_cidr_block",
            "network_acl_id",
            "protocol",
            "rule_action",
            "rule_number",
            "to_port",
        ],
        "aws_ec2_managed_prefix_list" | "aws_prefix_list" => &["entry", "filter", "name"],
        "aws_ec2_managed_prefix_list_entry" => &["cidr", "prefix_list_id"],
        // That it is there says enough.
        "aws_vpc_endpoint" => &[],
        _ => return None,
    })
}
