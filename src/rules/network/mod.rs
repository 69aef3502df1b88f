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

/// How the types begin that say who may reach what.
pub(super) const LOOKED_AT: &[&str] = &[
    "aws_default_network_acl",
    "aws_default_security_group",
    "aws_ec2_managed_prefix_list",
    "aws_network_acl",
    "aws_prefix_list",
    "aws_security_group",
    "aws_vpc_endpoint",
    "aws_vpc_security_group",
];
