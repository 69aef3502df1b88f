//! Functions of IP networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use super::Wants::{Bool, List, Number, String as Text};
use super::arguments::{number, quoted, text, whole};
use super::{Call, Fault, Function, Parameter, results};
use crate::value::Value;

const PREFIX: Parameter = Parameter::new("prefix", Text);
const NEWBITS: Parameter = Parameter::new("newbits", Number);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "cidrcontains",
        &[Parameter::new("containing_prefix", Text), Parameter::new("contained_ip_or_prefix", Text)],
        Bool,
        cidrcontains,
    ),
    Function::new("cidrhost", &[PREFIX, Parameter::new("hostnum", Number)], Text, cidrhost),
    Function::new("cidrnetmask", &[PREFIX], Text, cidrnetmask),
    Function::new("cidrsubnet", &[PREFIX, NEWBITS, Parameter::new("netnum", Number)], Text, cidrsubnet),
    Function::new("cidrsubnets", &[PREFIX], List(&Text), cidrsubnets).variadic(NEWBITS),
];

/// A network: its first address, how many bits an address has, and how many of them are the prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Network {
    address: u128,
    bits: u32,
    prefix: u32,
}

/// The low bits set, so many of them.
fn ones(count: u32) -> u128 {
    if count >= 128 { u128::MAX } else { (1 << count) - 1 }
}

fn show(address: u128, bits: u32) -> String {
    if bits == 32 { Ipv4Addr::from(address as u32).to_string() } else { Ipv6Addr::from(address).to_string() }
}

impl Network {
    /// Reads `10.0.0.0/8`; what lies behind the prefix is cut off.
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (address, bits) = parse_address(address)?;
        if length.is_empty() || !length.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let prefix = length.parse().ok().filter(|prefix| *prefix <= bits)?;
        Some(Self { address, bits, prefix }.masked())
    }

    fn masked(self) -> Self {
        Self { address: self.address & !ones(self.bits - self.prefix), ..self }
    }

    fn last(self) -> u128 {
        self.address | ones(self.bits - self.prefix)
    }

    fn contains(self, address: u128) -> bool {
        Self { address, ..self }.masked().address == self.address
    }

    /// The network of that prefix that follows all addresses of this one; `None` behind the last address there is.
    fn next(self, prefix: u32) -> Option<Self> {
        let here = Self { address: self.last(), prefix, ..self }.masked();
        let behind = here.last().wrapping_add(1) & ones(self.bits);
        (behind != 0).then_some(Self { address: behind, ..here })
    }

    fn show(self) -> String {
        format!("{}/{}", show(self.address, self.bits), self.prefix)
    }

    /// The address with a number put in front of the last `behind` bits.
    fn with_number(self, number: &BigInt, behind: u32) -> Option<u128> {
        let (_, bytes) = (BigInt::from(self.address) | (number << behind)).into_parts();
        bytes.to_u128().filter(|address| *address <= ones(self.bits))
    }
}

/// An address, and how many bits its kind has. Leading zeros of an IPv4 address's numbers do not count.
fn parse_address(text: &str) -> Option<(u128, u32)> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(|address| (address.to_bits(), 128));
    }
    let mut address: u32 = 0;
    let mut count = 0;
    for part in text.split('.') {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let number: u8 = if digits { part.parse().ok()? } else { return None };
        address = address << 8 | u32::from(number);
        count += 1;
    }
    (count == 4).then_some((u128::from(address), 32))
}

fn network(given: &[Value], index: usize) -> Result<Network, Fault> {
    let content = text(given, index)?;
    Network::parse(content).ok_or_else(|| {
        Fault::at(index, "is not a network in CIDR notation, such as \"10.0.0.0/8\"").showing(quoted(content))
    })
}

fn integer(given: &[Value], index: usize) -> Result<BigInt, Fault> {
    number(given, index)?.to_bigint().ok_or_else(|| Fault::at(index, "must be a whole number"))
}

/// The low 64 bits of how far a number is from zero: all that the bounds of the language's own implementation look at.
fn low(number: &BigInt) -> u64 {
    number.magnitude().iter_u64_digits().next().unwrap_or(0)
}

fn cidrhost(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let network = network(given, 0)?;
    let mut host = integer(given, 1)?;
    let most = BigInt::from(ones(network.bits - network.prefix));
    let checked = if host.sign() == Sign::Minus {
        // Counted from the end: -1 is the last.
        let back = -&host - 1;
        host = &most - &back;
        back
    } else {
        BigInt::from(low(&host).cast_signed())
    };
    let address = if checked > most { None } else { network.with_number(&host, 0) };
    let address = address.ok_or_else(|| {
        Fault::at(1, format!("is beyond the addresses of a prefix of {} bits", network.prefix))
    })?;
    results::text(show(address, network.bits))
}

fn cidrnetmask(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let network = network(given, 0)?;
    if network.bits != 32 {
        return Err(Fault::at(0, "is an IPv6 network, and those have no netmask"));
    }
    results::text(show(ones(32) & !ones(32 - network.prefix), 32))
}

fn cidrsubnet(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let network = network(given, 0)?;
    let newbits = whole(given, 1)?;
    let number = integer(given, 2)?;
    let length = newbits.checked_add(i64::from(network.prefix)).and_then(|length| u32::try_from(length).ok());
    let Some(prefix) = length.filter(|length| *length <= network.bits) else {
        let (prefix, bits) = (network.prefix, network.bits);
        return Err(Fault::at(
            1,
            format!("cannot extend a prefix of {prefix} bits by {newbits}: an address has {bits}"),
        ));
    };
    let most = if (0..64).contains(&newbits) { (1_u64 << newbits) - 1 } else { u64::MAX };
    let address =
        if low(&number) > most { None } else { network.with_number(&number, network.bits - prefix) };
    let Some(address) = address else {
        return Err(Fault::at(2, format!("is more than {newbits} bits can count")));
    };
    results::text(Network { address, prefix, ..network }.show())
}

fn cidrsubnets(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let network = network(given, 0)?;
    if network.address == 0 && given.len() > 1 {
        // The subnets are looked for behind the address before the first, and before zero there is none.
        return Err(Fault::at(0, "begins at address zero, and such a network cannot be divided"));
    }
    let mut current: Option<Network> = None;
    let mut subnets = Vec::new();
    for index in 1..given.len() {
        let newbits = whole(given, index)?;
        let newbits = match u32::try_from(newbits) {
            Ok(0) | Err(_) if newbits < 1 => {
                return Err(Fault::at(index, "must extend the prefix by one bit at least"));
            }
            Ok(newbits) if newbits <= 32 => newbits,
            _ => return Err(Fault::at(index, "must not extend the prefix by more than 32 bits")),
        };
        let prefix = network.prefix + newbits;
        if prefix > network.bits {
            let bits = network.bits;
            return Err(Fault::at(
                index,
                format!("would extend the prefix to {prefix} bits, but an address has {bits}"),
            ));
        }
        let next = match current {
            None => Some(Network { prefix, ..network }),
            Some(current) => current.next(prefix).filter(|next| network.contains(next.address)),
        };
        let Some(next) = next else {
            return Err(Fault::at(
                index,
                format!("no room is left for a subnet with a prefix of {prefix} bits"),
            ));
        };
        current = Some(next);
        subnets.push(next.show());
    }
    results::texts(subnets)
}

/// Whether a network holds all of another, or an address.
fn cidrcontains(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let outer = network(given, 0)?;
    let content = text(given, 1)?;
    let inner = if content.contains('/') {
        network(given, 1)?
    } else {
        let address = content.parse().ok().map(|address| match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        });
        let fault = || Fault::at(1, "is neither an IP address nor a network").showing(quoted(content));
        let (address, bits) = address.ok_or_else(fault)?;
        Network { address, bits, prefix: bits }
    };
    if outer.bits != inner.bits {
        return Err(Fault::at(1, "is of another IP version than the network"));
    }
    Ok(Value::bool(outer.contains(inner.address) && outer.contains(inner.last())))
}
