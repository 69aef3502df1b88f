//! Gzip, to the last byte as Go writes it: the text that `base64gzip` gives is compared with what a plan holds, so it
//! must not only unpack to the same.
//!
//! What is as there: matches of four bytes at least, looked for lazily along hash chains; blocks of 16,384 tokens, each
//! in the smallest of the three forms; a flush in front of the end.

mod bits;
mod block;
mod huffman;
mod matches;

use flate2::Crc;

use bits::Bits;

/// The bytes as one gzip member with neither name nor time.
pub(super) fn compress(content: &[u8]) -> Vec<u8> {
    let mut out = Bits::new(vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
    matches::each_block(content, &mut |tokens, raw| block::write(tokens, raw, &mut out));
    // What a flush writes, and what the end does.
    block::write_stored(&[], false, &mut out);
    block::write_stored(&[], true, &mut out);
    let mut member = out.finish();
    let mut crc = Crc::new();
    crc.update(content);
    member.extend(crc.sum().to_le_bytes());
    member.extend((content.len() as u32).to_le_bytes());
    member
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::compress;

    /// Texts of all sorts, long and short, from a little generator of its own.
    fn sample(kind: u64, length: usize) -> Vec<u8> {
        let mut state = kind.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut out: Vec<u8> = Vec::new();
        while out.len() < length {
            let number = next();
            match kind % 5 {
                0 => out.push((number >> 32) as u8),
                1 => out.push(b'a' + (number >> 32) as u8 % 4),
                2 => out.extend(format!("key_{} = \"{}\"\n", number >> 32 & 63, number >> 40 & 15).bytes()),
                3 => out.extend([b'x'; 300]),
                _ => {
                    let back = (number >> 32) as usize % (out.len() + 1);
                    let from = out.get(out.len().saturating_sub(back)..).unwrap_or_default();
                    let copy: Vec<u8> = from.iter().copied().take((number >> 20) as usize % 400).collect();
                    out.extend(copy);
                    out.push((number >> 50) as u8);
                }
            }
        }
        out.truncate(length);
        out
    }

    #[test]
    fn short_texts_come_out_as_from_go() {
        for (text, expected) in SHORT {
            assert_eq!(STANDARD.encode(compress(text.as_bytes())), *expected, "{text:?}");
        }
    }

    #[test]
    fn long_texts_come_out_as_from_go() {
        let mut all = Sha256::new();
        for kind in 0..5 {
            for length in [0, 3, 4, 17, 100, 1_000, 20_000, 65_535, 65_536, 150_000] {
                all.update(compress(&sample(kind, length)));
            }
        }
        let hash: String = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, LONG);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_compressed_unpacks(kind in 0..50_u64, length in 0..3_000_usize) {
            let content = sample(kind, length);
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(compress(&content).as_slice()).read_to_end(&mut unpacked).unwrap();
            prop_assert_eq!(unpacked, content);
        }
    }

    const SHORT: &[(&str, &str)] = &[
        ("", "H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA=="),
        ("a", "H4sIAAAAAAAA/0oEAAAA//8BAAD//0O+t+gBAAAA"),
        ("hello", "H4sIAAAAAAAA/8pIzcnJBwAAAP//AQAA//+GphA2BQAAAA=="),
        ("hello hello hello hello", "H4sIAAAAAAAA/8pIzcnJV8AgAQAAAP//AQAA///jUT2NFwAAAA=="),
        (
            "#!/bin/bash\nset -e\nyum update -y\nyum install -y httpd\nsystemctl enable httpd\nsystemctl start httpd\n",
            "H4sIAAAAAAAA/2TIMQrAIAwF0N1TpHQWzxRrQCEGab5Dbl8o3Tq+dx6lDiuVvScXUJYUe9JejSGU49UwB6tSDurAasnDIfOCkhhXlV87+Ma3DwAAAP//AQAA///RhafRYwAAAA==",
        ),
        (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "H4sIAAAAAAAA/0qkEAAAAAD//wEAAP//VWW0iUAAAAA=",
        ),
        ("é日本👍", "H4sIAAAAAAAA/zq88tn0pc/mrPkwf2IvAAAA//8BAAD//0VpA5QMAAAA"),
    ];
    /// Of all the samples, one behind the other, as Go's writer compresses them.
    const LONG: &str = "62e73da6f55a1764c87a3dc174561e056169ab9db6afd124ee37d295c73257e9";
}
