use std::fmt;
use std::net::IpAddr;

/// IPv4 or IPv6.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(in crate::rules) enum Family {
    /// 32 bits.
    V4,
    /// 128 bits.
    V6,
}

/// A range of addresses: `10.0.0.0/8`, `::/0`. Bits behind the prefix are not kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(in crate::rules) struct Cidr {
    family: Family,
    /// The first address, as a number of 32 or 128 bits.
    first: u128,
    prefix: u8,
}

impl Cidr {
    /// Reads a range; a lone address is a range of one. `None` if it is neither.
    pub(in crate::rules) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
            None => (text.trim(), None),
        };
        let (family, bits) = match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(address) => (Family::V4, u128::from(address.to_bits())),
            IpAddr::V6(address) => (Family::V6, address.to_bits()),
        };
        let prefix = prefix.unwrap_or(family.width());
        (prefix <= family.width()).then(|| Self { family, first: bits & !family.host_mask(prefix), prefix })
    }

    /// IPv4 or IPv6.
    pub(in crate::rules) fn family(self) -> Family {
        self.family
    }

    /// The length of its prefix.
    pub(in crate::rules) fn prefix(self) -> u8 {
        self.prefix
    }

    /// The last address.
    fn last(self) -> u128 {
        self.first | self.family.host_mask(self.prefix)
    }

    /// Whether every address of `other` is in this range.
    pub(in crate::rules) fn contains(self, other: Self) -> bool {
        self.family == other.family && self.first <= other.first && other.last() <= self.last()
    }

    /// Whether it holds every public address.
    pub(in crate::rules) fn is_the_world(self) -> bool {
        let (first, last) = self.family.public();
        self.first <= first && last <= self.last()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = match self.family {
            // The first address of a V4 range has 32 bits, so nothing is cut off.
            Family::V4 => IpAddr::from((self.first as u32).to_be_bytes()),
            Family::V6 => IpAddr::from(self.first.to_be_bytes()),
        };
        write!(f, "{address}/{}", self.prefix)
    }
}

impl Family {
    fn width(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The bits behind a prefix of that length.
    fn host_mask(self, prefix: u8) -> u128 {
        let bits = u32::from(self.width() - prefix);
        if bits == 128 { u128::MAX } else { (1 << bits) - 1 }
    }

    /// The range that public addresses come from: all of IPv4, the global unicast part of IPv6.
    fn public(self) -> (u128, u128) {
        match self {
            Self::V4 => (0, u128::from(u32::MAX)),
            Self::V6 => (0x2 << 124, (0x4 << 124) - 1),
        }
    }
}

/// Whether ranges of one family together hold half of all public addresses or more.
///
/// Half, and not all: `0.0.0.0/1` alone lets half of the internet in, and a list of everything but one's own network
/// is open to the world as well.
pub(in crate::rules) fn union_size_at_least_half(ranges: &[Cidr]) -> bool {
    let Some(family) = ranges.first().map(|range| range.family) else { return false };
    let (first, last) = family.public();
    let mut spans: Vec<(u128, u128)> = ranges
        .iter()
        .filter(|range| range.family == family)
        .map(|range| (range.first.max(first), range.last().min(last)))
        .filter(|(from, to)| from <= to)
        .collect();
    spans.sort_unstable();
    let mut covered: u128 = 0;
    let mut reached: Option<u128> = None;
    for (from, to) in spans {
        let from = match reached {
            Some(end) if end >= to => continue,
            Some(end) => from.max(end + 1),
            None => from,
        };
        covered += to - from + 1;
        reached = Some(to);
    }
    covered > (last - first) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).unwrap()
    }

    #[test]
    fn reads_ranges_and_lone_addresses() {
        assert_eq!(cidr("10.1.2.3/8").to_string(), "10.0.0.0/8");
        assert_eq!(cidr("2001:db8::1").to_string(), "2001:db8::1/128");
        assert_eq!(cidr("::/0").to_string(), "::/0");
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "0.0.0.0/", "any", "0.0.0.0/0/0"] {
            assert_eq!(Cidr::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_world_is_every_public_address() {
        for open in ["0.0.0.0/0", "::/0", "2000::/3", "1.2.3.4/0"] {
            assert!(cidr(open).is_the_world(), "{open}");
        }
        for half in ["0.0.0.0/1", "128.0.0.0/1", "2000::/4"] {
            assert!(!cidr(half).is_the_world(), "{half}");
            assert!(union_size_at_least_half(&[cidr(half)]), "{half}");
        }
        for closed in ["10.0.0.0/8", "0.0.0.0/2", "fc00::/7", "2001:db8::/32", "0.0.0.0/32", "fe80::/9"] {
            assert!(!union_size_at_least_half(&[cidr(closed)]), "{closed}");
        }
    }

    #[test]
    fn pieces_add_up_without_counting_twice() {
        let quarters = ["0.0.0.0/2", "64.0.0.0/2"].map(cidr);
        assert!(union_size_at_least_half(&quarters));
        assert!(!union_size_at_least_half(&["0.0.0.0/2", "0.0.0.0/2", "10.0.0.0/8"].map(cidr)));
        assert!(!union_size_at_least_half(&[]));
    }

    #[test]
    fn contains_compares_within_a_family() {
        assert!(cidr("10.0.0.0/8").contains(cidr("10.2.0.0/16")));
        assert!(!cidr("10.2.0.0/16").contains(cidr("10.0.0.0/8")));
        assert!(!cidr("0.0.0.0/0").contains(cidr("::/0")));
    }
}
