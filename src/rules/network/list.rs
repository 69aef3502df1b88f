use super::{Cidr, Permit, Ports, Reach};
use crate::rules::{NotKnown, Reading};

/// What is left of the ports that an entry of an access list lets in, after the entries that are asked before it have
/// kept theirs out. Rules of a security group have nothing that keeps out: for them, all is left.
pub(in crate::rules) fn not_kept_out(
    ports: Ports,
    permit: &Permit<'_>,
    list: &[Permit<'_>],
) -> Result<Vec<Ports>, NotKnown> {
    let mut left = vec![ports];
    let Some(entry) = &permit.list_entry else { return Ok(left) };
    let number = entry.number()?;
    let ranges = cidrs(permit)?;
    for other in list {
        let Some(before) = &other.list_entry else { continue };
        if before.allows()? || before.number()? >= number {
            continue;
        }
        let kept_out = cidrs(other)?;
        if !ranges.iter().all(|range| kept_out.iter().any(|out| out.contains(*range))) {
            continue;
        }
        let out = match other.reach()? {
            Reach::All => Ports::ALL,
            Reach::Ports(ports) => ports,
            Reach::Portless | Reach::Nothing => continue,
        };
        left = left.into_iter().flat_map(|ports| without(ports, out)).collect();
    }
    Ok(left)
}

/// What is left of a range of ports without another: nothing, one range, or two.
fn without(ports: Ports, out: Ports) -> Vec<Ports> {
    if !ports.overlaps(out) {
        return vec![ports];
    }
    let below = Ports { from: ports.from, to: out.from - 1 };
    let above = Ports { from: out.to + 1, to: ports.to };
    [below, above].into_iter().filter(|rest| rest.from <= rest.to).collect()
}

fn cidrs(permit: &Permit<'_>) -> Result<Vec<Cidr>, NotKnown> {
    let mut cidrs = Vec::new();
    for ranges in &permit.ranges {
        for value in ranges.value.elements_or_self()? {
            cidrs.extend(value.text()?.and_then(Cidr::parse));
        }
    }
    Ok(cidrs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_without_another_is_up_to_two() {
        let ports = |from, to| Ports { from, to };
        assert_eq!(without(ports(0, 100), ports(22, 22)), [ports(0, 21), ports(23, 100)]);
        assert_eq!(without(ports(20, 30), ports(0, 25)), [ports(26, 30)]);
        assert_eq!(without(ports(20, 30), ports(20, 30)), []);
        assert_eq!(without(ports(20, 30), ports(31, 40)), [ports(20, 30)]);
    }
}
