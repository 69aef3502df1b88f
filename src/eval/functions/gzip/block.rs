use super::bits::Bits;
use super::huffman::Code;
use super::matches::Token;

/// The end of a block among the literals, and the first code of a length.
const END: usize = 256;
const LENGTHS: usize = 257;
const LITERALS: usize = 286;
const DISTANCES: usize = 30;

/// Beyond this a block cannot be stored as it is.
const STORED: usize = 65_535;

/// The order in which the lengths of the code for code lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The code, the extra bits and their number for a length less three.
fn length_code(length: u32) -> (usize, u32, u32) {
    match length {
        0..8 => (length as usize, 0, 0),
        255.. => (28, 0, 0),
        _ => split(length, 2),
    }
}

/// The same for a distance less one.
fn distance_code(distance: u32) -> (usize, u32, u32) {
    if distance < 4 { (distance as usize, 0, 0) } else { split(distance, 1) }
}

/// Codes come in groups of `2^group`, each group with one extra bit more than that before it.
fn split(number: u32, group: u32) -> (usize, u32, u32) {
    let extra = number.ilog2() - group;
    let code = (extra << group) + (number >> extra);
    (code as usize, number & ((1 << extra) - 1), extra)
}

fn count(frequencies: &mut [u32], symbol: usize) {
    if let Some(frequency) = frequencies.get_mut(symbol) {
        *frequency += 1;
    }
}

/// How many are left without the zeros at the end, but no fewer than these.
fn used(frequencies: &[u32], least: usize) -> usize {
    frequencies.iter().rposition(|frequency| *frequency > 0).map_or(0, |last| last + 1).max(least)
}

/// Writes a block in the smallest form; `raw` is what the tokens stand for, if it can be stored.
pub(super) fn write(tokens: &[Token], raw: Option<&[u8]>, out: &mut Bits) {
    let (mut literals, mut distances) = (vec![0; LITERALS], vec![0; DISTANCES]);
    let mut extra = 0;
    for token in tokens {
        match token {
            Token::Literal(byte) => count(&mut literals, usize::from(*byte)),
            Token::Match { length, distance } => {
                let ((length, _, more), (distance, _, still)) =
                    (length_code(*length), distance_code(*distance));
                count(&mut literals, LENGTHS + length);
                count(&mut distances, distance);
                extra += (more + still) as usize;
            }
        }
    }
    count(&mut literals, END);
    let (literal_count, distance_count) = (used(&literals, END + 1), used(&distances, 1));
    if distances.iter().all(|frequency| *frequency == 0) {
        // A code must have a symbol.
        count(&mut distances, 0);
    }
    let own = (Code::shortest(&literals, 15), Code::shortest(&distances, 15));
    let fixed = fixed();
    let lengths = (0..literal_count).map(|symbol| own.0.length(symbol));
    let lengths: Vec<u8> = lengths.chain((0..distance_count).map(|symbol| own.1.length(symbol))).collect();
    let header = Header::new(&lengths);
    let cost = |codes: &(Code, Code)| codes.0.cost(&literals) + codes.1.cost(&distances) + extra;
    let (fixed_size, own_size) = (3 + cost(&fixed), header.cost() + cost(&own));
    if let Some(raw) = raw.filter(|raw| raw.len() <= STORED && (raw.len() + 5) * 8 < fixed_size.min(own_size))
    {
        return write_stored(raw, false, out);
    }
    let codes = if own_size < fixed_size {
        out.write(4, 3);
        out.write((literal_count - LENGTHS) as u32, 5);
        out.write((distance_count - 1) as u32, 5);
        header.write(out);
        own
    } else {
        out.write(2, 3);
        fixed
    };
    for token in tokens {
        match token {
            Token::Literal(byte) => codes.0.write(usize::from(*byte), out),
            Token::Match { length, distance } => {
                let (code, bits, count) = length_code(*length);
                codes.0.write(LENGTHS + code, out);
                out.write(bits, count);
                let (code, bits, count) = distance_code(*distance);
                codes.1.write(code, out);
                out.write(bits, count);
            }
        }
    }
    codes.0.write(END, out);
}

/// Writes bytes as they are.
pub(super) fn write_stored(raw: &[u8], last: bool, out: &mut Bits) {
    out.write(u32::from(last), 3);
    out.align();
    out.write(raw.len() as u32, 16);
    out.write(!(raw.len() as u32) & 0xffff, 16);
    out.bytes(raw);
}

/// The codes that need no description.
fn fixed() -> (Code, Code) {
    let length = |symbol: usize| match symbol {
        0..144 => 8,
        144..256 => 9,
        256..280 => 7,
        _ => 8,
    };
    // Two lengths beyond the last are not used, but they have their codes.
    let literals: Vec<u8> = (0..288).map(length).collect();
    (Code::canonical(&literals), Code::canonical(&[5; 30]))
}

/// The lengths of a block's own codes, as they are written: runs, by a code of their own.
struct Header {
    /// Symbols of that code, each with extra bits and their number.
    runs: Vec<(usize, u32, u32)>,
    code: Code,
    /// How many of the code's own lengths are written.
    count: usize,
}

impl Header {
    fn new(lengths: &[u8]) -> Self {
        let mut runs = Vec::new();
        for run in lengths.chunk_by(|a, b| a == b) {
            let (symbol, mut left) = (run.first().copied().unwrap_or(0), run.len());
            if symbol == 0 {
                while left >= 11 {
                    let zeros = left.min(138);
                    runs.push((18, zeros as u32 - 11, 7));
                    left -= zeros;
                }
                if left >= 3 {
                    runs.push((17, left as u32 - 3, 3));
                    left = 0;
                }
            } else {
                runs.push((usize::from(symbol), 0, 0));
                left -= 1;
                while left >= 3 {
                    let more = left.min(6);
                    runs.push((16, more as u32 - 3, 2));
                    left -= more;
                }
            }
            runs.extend(std::iter::repeat_n((usize::from(symbol), 0, 0), left));
        }
        let mut frequencies = vec![0; ORDER.len()];
        runs.iter().for_each(|(symbol, ..)| count(&mut frequencies, *symbol));
        let code = Code::shortest(&frequencies, 7);
        let last = ORDER.iter().rposition(|symbol| code.length(*symbol) > 0);
        Self { runs, code, count: last.map_or(0, |last| last + 1).max(4) }
    }

    fn cost(&self) -> usize {
        let run =
            |(symbol, _, extra): &(usize, u32, u32)| usize::from(self.code.length(*symbol)) + *extra as usize;
        3 + 5 + 5 + 4 + 3 * self.count + self.runs.iter().map(run).sum::<usize>()
    }

    fn write(&self, out: &mut Bits) {
        out.write(self.count as u32 - 4, 4);
        for symbol in ORDER.iter().take(self.count) {
            out.write(u32::from(self.code.length(*symbol)), 3);
        }
        for (symbol, bits, extra) in &self.runs {
            self.code.write(*symbol, out);
            out.write(*bits, *extra);
        }
    }
}
