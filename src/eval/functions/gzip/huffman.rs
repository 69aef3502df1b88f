use super::bits::Bits;

/// A prefix code of limited length: for each symbol its bits, reversed as they are written, and how many.
pub(super) struct Code {
    symbols: Vec<(u16, u8)>,
}

impl Code {
    /// The shortest code for symbols of these frequencies, none of which takes more than `limit` bits.
    pub(super) fn shortest(frequencies: &[u32], limit: usize) -> Self {
        let used = frequencies.iter().enumerate().filter(|(_, frequency)| **frequency > 0);
        let mut leaves: Vec<(u64, usize)> =
            used.map(|(symbol, frequency)| (u64::from(*frequency), symbol)).collect();
        let mut lengths = vec![0; frequencies.len()];
        if leaves.len() <= 2 {
            leaves.iter().for_each(|(_, symbol)| set(&mut lengths, *symbol, 1));
        } else {
            leaves.sort_unstable();
            let counts = longer(&leaves, limit.min(leaves.len() - 1));
            for (bits, count) in counts.into_iter().enumerate() {
                // The rarest have the longest codes: so many have more bits than these.
                leaves.iter().take(count).for_each(|(_, symbol)| set(&mut lengths, *symbol, bits as u8 + 1));
            }
        }
        Self::canonical(&lengths)
    }

    /// The code that lengths alone fix: shorter ones first, those of one length in the order of their symbols.
    pub(super) fn canonical(lengths: &[u8]) -> Self {
        let mut symbols = vec![(0, 0); lengths.len()];
        let mut next = 0_u32;
        for length in 1..=15 {
            next <<= 1;
            for (symbol, own) in symbols.iter_mut().zip(lengths) {
                if *own == length {
                    *symbol = ((next as u16).reverse_bits() >> (16 - u32::from(length)), length);
                    next += 1;
                }
            }
        }
        Self { symbols }
    }

    /// How many bits the symbol takes; 0 if it is not used.
    pub(super) fn length(&self, symbol: usize) -> u8 {
        self.symbols.get(symbol).map_or(0, |(_, length)| *length)
    }

    /// How many bits all the symbols take that come so often.
    pub(super) fn cost(&self, frequencies: &[u32]) -> usize {
        self.symbols
            .iter()
            .zip(frequencies)
            .map(|((_, length), frequency)| usize::from(*length) * *frequency as usize)
            .sum()
    }

    pub(super) fn write(&self, symbol: usize, out: &mut Bits) {
        let (bits, length) = self.symbols.get(symbol).copied().unwrap_or_default();
        out.write(u32::from(bits), u32::from(length));
    }
}

fn set(lengths: &mut [u8], symbol: usize, length: u8) {
    if let Some(own) = lengths.get_mut(symbol) {
        *own = length;
    }
}

/// How many of the leaves, which are sorted, have codes longer than 0 bits, than 1, and so on: the packages of coins of
/// the package-merge algorithm. Of a leaf and a package of one weight the package goes first.
fn longer(leaves: &[(u64, usize)], limit: usize) -> Vec<usize> {
    // Each item is its weight and whether it is a leaf.
    let mut rows: Vec<Vec<(u64, bool)>> = vec![leaves.iter().map(|(weight, _)| (*weight, true)).collect()];
    for _ in 1..limit {
        let below = rows.last().map(Vec::as_slice).unwrap_or_default();
        let (pairs, _) = below.as_chunks::<2>();
        let mut packages = pairs.iter().map(|[a, b]| (a.0 + b.0, false)).peekable();
        let mut row = Vec::with_capacity(leaves.len() + pairs.len());
        for (weight, _) in leaves {
            while let Some(package) = packages.next_if(|package| package.0 <= *weight) {
                row.push(package);
            }
            row.push((*weight, true));
        }
        row.extend(packages);
        rows.push(row);
    }
    let mut counts = Vec::with_capacity(limit);
    let mut taken = 2 * leaves.len() - 2;
    for row in rows.iter().rev() {
        let own = row.iter().take(taken).filter(|(_, leaf)| *leaf).count();
        counts.push(own);
        taken = 2 * (taken.min(row.len()) - own);
    }
    counts
}
