//! From bytes to text: what a file is, judged by what it holds, never by its name.

use std::io::Read;

use super::PlanFault;
use super::json::{JsonError, JsonFault};
use crate::source::bounds::{PLAN_BYTES, PLAN_FREE_BYTES, PLAN_HEAD_BYTES, PLAN_RATIO};

/// Compressed data in compressed data is followed so far.
const LAYERS: usize = 2;

/// What `setup-terraform` writes before the output of each command.
const WRAPPED: &str = "[command]";

/// How far a text is looked at to tell what it is.
const HEAD: usize = PLAN_HEAD_BYTES as usize;

/// The text of a file that should hold plans.
pub(super) fn text(mut bytes: Vec<u8>) -> Result<String, PlanFault> {
    for _ in 0..LAYERS {
        match Packing::of(&bytes) {
            Some(packing) => bytes = packing.unpack(&bytes)?,
            None => break,
        }
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(PlanFault::Binary);
    }
    let text = unicode(bytes)?;
    match text.trim_ascii_start().as_bytes().first() {
        Some(b'{') => Ok(text),
        Some(_) if text.trim_ascii_start().starts_with(WRAPPED) => Err(PlanFault::Wrapped),
        Some(_) if is_printed(&text) => Err(PlanFault::Text),
        Some(b'[') => Err(PlanFault::NotAPlan("it is no object")),
        Some(_) => {
            let at = text.len() - text.trim_ascii_start().len();
            Err(PlanFault::NotJson(JsonError { at, fault: JsonFault::Expected("an object") }))
        }
        None => Err(PlanFault::Empty),
    }
}

/// Whether a file that nobody called a plan holds one, or something that was to be one.
#[must_use]
pub fn looks_like_a_plan(bytes: &[u8]) -> bool {
    let mut unpacked = None;
    for _ in 0..LAYERS {
        let packed = unpacked.as_deref().unwrap_or(bytes);
        match Packing::of(packed) {
            Some(packing) => unpacked = Some(packing.head(packed)),
            None => break,
        }
    }
    let head = unpacked.as_deref().unwrap_or(bytes);
    let head = head.get(..head.len().min(HEAD)).unwrap_or_default();
    if head.starts_with(b"PK\x03\x04") {
        // What a plan's archive holds first.
        return memchr::memmem::find(head, b"tfplan").is_some();
    }
    // In UTF-16, every other byte of what is looked for is zero.
    let narrow: Vec<u8> = head.iter().copied().filter(|&byte| byte != 0).collect();
    let narrow = narrow.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&narrow);
    let narrow = narrow.strip_prefix(b"\xff\xfe").or(narrow.strip_prefix(b"\xfe\xff")).unwrap_or(narrow);
    let begins = narrow.trim_ascii_start();
    if begins.first() == Some(&b'{') {
        // Terraform writes it first.
        let key = begins.get(1..).unwrap_or_default().trim_ascii_start();
        return key.starts_with(b"\"format_version\"") || key.starts_with(b"\"plan_format_version\"");
    }
    std::str::from_utf8(narrow).map_or_else(
        |error| {
            std::str::from_utf8(narrow.get(..error.valid_up_to()).unwrap_or_default()).is_ok_and(is_printed)
        },
        is_printed,
    )
}

/// Whether a text is a plan as it is printed for people.
fn is_printed(text: &str) -> bool {
    const SENTENCES: [&str; 6] = [
        " will perform the following actions:",
        "Resource actions are indicated with the following symbols:",
        "An execution plan has been generated and is shown below.",
        "No changes. Your infrastructure matches the configuration.",
        "No changes. Infrastructure is up-to-date.",
        "Changes to Outputs:\n",
    ];
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    SENTENCES.iter().any(|sentence| head.contains(sentence))
}

/// How data is compressed.
#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // A frame that decompression skips.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    fn unpack(self, bytes: &[u8]) -> Result<Vec<u8>, PlanFault> {
        let by_ratio = (bytes.len() as u64).saturating_mul(PLAN_RATIO).max(PLAN_FREE_BYTES);
        let most = by_ratio.min(PLAN_BYTES);
        let mut out = Vec::new();
        let read = self.read(bytes, most + 1, &mut out);
        if out.len() as u64 > most {
            return Err(PlanFault::Bomb { bytes: most });
        }
        // What was cut off in transfer ends like what is damaged.
        read.map_err(|_| PlanFault::Damaged(self.name()))?;
        Ok(out)
    }

    /// As much of the beginning as tells what it is.
    fn head(self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        // What is damaged further on is found when it is read.
        let _ = self.read(bytes, HEAD as u64, &mut out);
        out
    }

    fn read(self, bytes: &[u8], most: u64, out: &mut Vec<u8>) -> std::io::Result<()> {
        match self {
            Self::Gzip => {
                flate2::read::MultiGzDecoder::new(bytes).take(most).read_to_end(out)?;
            }
            Self::Zstd => {
                let mut rest = bytes;
                while !rest.is_empty() && (out.len() as u64) < most {
                    if let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, behind @ ..] = rest {
                        let skipped = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
                        rest = behind.get(skipped..).ok_or(std::io::ErrorKind::UnexpectedEof)?;
                        continue;
                    }
                    let decoder =
                        ruzstd::decoding::StreamingDecoder::new(&mut rest).map_err(std::io::Error::other)?;
                    decoder.take(most - out.len() as u64).read_to_end(out)?;
                }
            }
        }
        Ok(())
    }
}

/// Bytes as text, without a byte-order mark.
fn unicode(mut bytes: Vec<u8>) -> Result<String, PlanFault> {
    let wide = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => {
            Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16, "UTF-16 (little endian)"))
        }
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as _, "UTF-16 (big endian)")),
        // Without a mark: the text is to begin with a brace.
        [b'{', 0, ..] => Some((bytes.as_slice(), u16::from_le_bytes as _, "UTF-16 (little endian)")),
        [0, b'{', ..] => Some((bytes.as_slice(), u16::from_be_bytes as _, "UTF-16 (big endian)")),
        _ => None,
    };
    if let Some((rest, unit, encoding)) = wide {
        let mark = bytes.len() - rest.len();
        let (pairs, odd) = rest.as_chunks::<2>();
        let wrong = |at: usize| PlanFault::Encoding { encoding, at: mark + at };
        if !odd.is_empty() {
            return Err(wrong(rest.len() - 1));
        }
        let mut text = String::with_capacity(pairs.len());
        let mut read = 0;
        for character in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
            let character = character.map_err(|_| wrong(read * 2))?;
            read += character.len_utf16();
            text.push(character);
        }
        return Ok(text);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes)
        .map_err(|error| PlanFault::Encoding { encoding: "UTF-8", at: error.utf8_error().valid_up_to() })
}
