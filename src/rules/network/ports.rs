use std::fmt;

/// What a rule of a firewall lets through, addresses aside.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(in crate::rules) enum Protocol {
    /// Everything.
    All,
    /// TCP or UDP, which have ports.
    Ported,
    /// ICMP: no service is reached by it.
    Icmp,
    /// Another one, which has no ports, by its number or name.
    Other,
}

impl Protocol {
    /// Reads a protocol's name or number as the providers write it.
    pub(in crate::rules) fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "-1" | "all" => Self::All,
            "tcp" | "6" | "udp" | "17" => Self::Ported,
            "icmp" | "1" | "icmpv6" | "58" => Self::Icmp,
            _ => Self::Other,
        }
    }
}

/// A range of ports, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(in crate::rules) struct Ports {
    /// The first.
    pub(in crate::rules) from: i64,
    /// The last.
    pub(in crate::rules) to: i64,
}

impl Ports {
    /// Every port there is.
    pub(in crate::rules) const ALL: Self = Self { from: 0, to: 65_535 };

    /// Whether one of them is in the range.
    pub(in crate::rules) fn contains_any(self, ports: &[u16]) -> bool {
        ports.iter().any(|&port| (self.from..=self.to).contains(&i64::from(port)))
    }

    /// Whether each port of the range is one of these.
    pub(in crate::rules) fn all_in(self, ports: &[u16]) -> bool {
        // A range that is all in the list cannot be longer than the list.
        let length = self.to.saturating_sub(self.from).saturating_add(1);
        length <= ports.len() as i64
            && (self.from..=self.to).all(|port| ports.iter().any(|&one| i64::from(one) == port))
    }

    /// Whether both share a port.
    pub(in crate::rules) fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_know_their_ports() {
        let web = Ports { from: 80, to: 80 };
        assert!(web.all_in(&[80, 443]));
        assert!(!Ports { from: 80, to: 443 }.all_in(&[80, 443]));
        assert!(Ports { from: 80, to: 81 }.all_in(&[81, 80]));
        assert!(Ports::ALL.contains_any(&[22]));
        assert!(!web.contains_any(&[22]));
        assert!(Ports { from: 20, to: 25 }.overlaps(Ports { from: 22, to: 22 }));
        assert!(!Ports { from: i64::MIN, to: i64::MAX }.all_in(&[1]));
    }

    #[test]
    fn protocols_are_read_by_name_and_number() {
        assert_eq!(Protocol::parse("-1"), Protocol::All);
        assert_eq!(Protocol::parse("TCP"), Protocol::Ported);
        assert_eq!(Protocol::parse("58"), Protocol::Icmp);
        assert_eq!(Protocol::parse("50"), Protocol::Other);
    }
}
