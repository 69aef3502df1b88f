//! Addresses, ports and firewalls, for rules about who may reach what.

mod cidr;
mod list;
mod permit;
mod ports;
mod prefix_list;

pub(super) use cidr::{Cidr, union_size_at_least_half};
pub(super) use list::not_kept_out;
pub(super) use permit::{GroupKey, Permit, Ranges, Reach, permits};
pub(super) use ports::Ports;
