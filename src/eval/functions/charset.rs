//! Character encodings by their IANA names.

use encoding_rs::Encoding;

/// A character encoding.
#[derive(Clone, Copy)]
pub(super) enum Charset {
    /// The one that texts have anyway.
    Utf8,
    /// UTF-16: whether it begins with a mark that tells the order of bytes, and whether that is little-endian.
    Utf16 { mark: bool, little: bool },
    /// The first 256 code points.
    Latin1,
    /// The same, but for six letters of Turkish.
    Latin5,
    /// One that the library has.
    Other(&'static Encoding),
}

const TURKISH: [(u8, char); 6] =
    [(0xD0, 'Ğ'), (0xDD, 'İ'), (0xDE, 'Ş'), (0xF0, 'ğ'), (0xFD, 'ı'), (0xFE, 'ş')];

/// The encodings, each by its names and aliases in lower case.
static CHARSETS: &[(&str, Charset)] = &[
    ("utf-8 csutf8", Charset::Utf8),
    ("utf-16 csutf16", Charset::Utf16 { mark: true, little: false }),
    ("utf-16be csutf16be", Charset::Utf16 { mark: false, little: false }),
    ("utf-16le csutf16le", Charset::Utf16 { mark: false, little: true }),
    ("iso-8859-1 iso_8859-1:1987 iso_8859-1 iso-ir-100 latin1 l1 ibm819 cp819 csisolatin1", Charset::Latin1),
    ("iso-8859-9 iso_8859-9:1989 iso_8859-9 iso-ir-148 latin5 l5 csisolatin5", Charset::Latin5),
    (
        "iso-8859-2 iso_8859-2:1987 iso_8859-2 iso-ir-101 latin2 l2 csisolatin2",
        Charset::Other(encoding_rs::ISO_8859_2),
    ),
    (
        "iso-8859-3 iso_8859-3:1988 iso_8859-3 iso-ir-109 latin3 l3 csisolatin3",
        Charset::Other(encoding_rs::ISO_8859_3),
    ),
    (
        "iso-8859-4 iso_8859-4:1988 iso_8859-4 iso-ir-110 latin4 l4 csisolatin4",
        Charset::Other(encoding_rs::ISO_8859_4),
    ),
    (
        "iso-8859-5 iso_8859-5:1988 iso_8859-5 iso-ir-144 cyrillic csisolatincyrillic",
        Charset::Other(encoding_rs::ISO_8859_5),
    ),
    (
        "iso-8859-6 iso_8859-6:1987 iso_8859-6 iso-ir-127 ecma-114 asmo-708 arabic csisolatinarabic iso_8859-6-e iso-8859-6-e \
         csiso88596e iso_8859-6-i iso-8859-6-i csiso88596i",
        Charset::Other(encoding_rs::ISO_8859_6),
    ),
    (
        "iso-8859-7 iso_8859-7:1987 iso_8859-7 iso-ir-126 elot_928 ecma-118 greek greek8 csisolatingreek",
        Charset::Other(encoding_rs::ISO_8859_7),
    ),
    (
        "iso-8859-8 iso_8859-8:1988 iso_8859-8 iso-ir-138 hebrew csisolatinhebrew iso_8859-8-e iso-8859-8-e csiso88598e",
        Charset::Other(encoding_rs::ISO_8859_8),
    ),
    ("iso-8859-8-i iso_8859-8-i csiso88598i", Charset::Other(encoding_rs::ISO_8859_8_I)),
    (
        "iso-8859-10 iso-ir-157 l6 iso_8859-10:1992 csisolatin6 latin6",
        Charset::Other(encoding_rs::ISO_8859_10),
    ),
    ("iso-8859-13 csiso885913", Charset::Other(encoding_rs::ISO_8859_13)),
    (
        "iso-8859-14 iso-ir-199 iso_8859-14:1998 iso_8859-14 latin8 iso-celtic l8 csiso885914",
        Charset::Other(encoding_rs::ISO_8859_14),
    ),
    ("iso-8859-15 iso_8859-15 latin-9 csiso885915", Charset::Other(encoding_rs::ISO_8859_15)),
    (
        "iso-8859-16 iso-ir-226 iso_8859-16:2001 iso_8859-16 latin10 l10 csiso885916",
        Charset::Other(encoding_rs::ISO_8859_16),
    ),
    ("ibm866 cp866 866 csibm866", Charset::Other(encoding_rs::IBM866)),
    ("koi8-r cskoi8r", Charset::Other(encoding_rs::KOI8_R)),
    ("koi8-u cskoi8u", Charset::Other(encoding_rs::KOI8_U)),
    ("macintosh mac csmacintosh", Charset::Other(encoding_rs::MACINTOSH)),
    ("windows-874 cswindows874", Charset::Other(encoding_rs::WINDOWS_874)),
    ("windows-1250 cswindows1250", Charset::Other(encoding_rs::WINDOWS_1250)),
    ("windows-1251 cswindows1251", Charset::Other(encoding_rs::WINDOWS_1251)),
    ("windows-1252 cswindows1252", Charset::Other(encoding_rs::WINDOWS_1252)),
    ("windows-1253 cswindows1253", Charset::Other(encoding_rs::WINDOWS_1253)),
    ("windows-1254 cswindows1254", Charset::Other(encoding_rs::WINDOWS_1254)),
    ("windows-1255 cswindows1255", Charset::Other(encoding_rs::WINDOWS_1255)),
    ("windows-1256 cswindows1256", Charset::Other(encoding_rs::WINDOWS_1256)),
    ("windows-1257 cswindows1257", Charset::Other(encoding_rs::WINDOWS_1257)),
    ("windows-1258 cswindows1258", Charset::Other(encoding_rs::WINDOWS_1258)),
    (
        "euc-jp extended_unix_code_packed_format_for_japanese cseucpkdfmtjapanese",
        Charset::Other(encoding_rs::EUC_JP),
    ),
    ("iso-2022-jp csiso2022jp", Charset::Other(encoding_rs::ISO_2022_JP)),
    ("shift_jis ms_kanji csshiftjis", Charset::Other(encoding_rs::SHIFT_JIS)),
    ("euc-kr cseuckr", Charset::Other(encoding_rs::EUC_KR)),
    ("gb18030 csgb18030", Charset::Other(encoding_rs::GB18030)),
    ("gbk cp936 ms936 windows-936 csgbk", Charset::Other(encoding_rs::GBK)),
    ("big5 csbig5", Charset::Other(encoding_rs::BIG5)),
];

/// The encoding of that name, in whatever case.
pub(super) fn named(name: &str) -> Option<Charset> {
    let name = name.to_ascii_lowercase();
    let found = CHARSETS.iter().find(|(names, _)| names.split_ascii_whitespace().any(|known| known == name));
    found.map(|(_, charset)| *charset)
}

impl Charset {
    /// The text in this encoding; `None` if it has not all of the characters.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Utf16 { mark, little } => {
                let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
                Some(
                    units
                        .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
                        .collect(),
                )
            }
            Self::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect(),
            Self::Latin5 => text.chars().map(latin5_byte).collect(),
            Self::Other(encoding) => {
                let (bytes, _, lossy) = encoding.encode(text);
                (!lossy).then(|| bytes.into_owned())
            }
        }
    }

    /// The text that the bytes are in this encoding; `None` if they are none.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok()?.to_owned(),
            Self::Utf16 { mark, little } => utf16(bytes, mark, little)?,
            Self::Latin1 => bytes.iter().copied().map(char::from).collect(),
            Self::Latin5 => bytes.iter().copied().map(latin5_char).collect(),
            Self::Other(encoding) => {
                encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned()
            }
        };
        // This code point stands for what could not be decoded, and nobody can tell that it was there before.
        (!text.contains('\u{FFFD}')).then_some(text)
    }
}

fn latin5_byte(c: char) -> Option<u8> {
    if let Some((byte, _)) = TURKISH.iter().find(|(_, letter)| *letter == c) {
        return Some(*byte);
    }
    u8::try_from(u32::from(c)).ok().filter(|byte| TURKISH.iter().all(|(taken, _)| taken != byte))
}

fn latin5_char(byte: u8) -> char {
    TURKISH.iter().find(|(turkish, _)| *turkish == byte).map_or(char::from(byte), |(_, letter)| *letter)
}

fn utf16(bytes: &[u8], mark: bool, little: bool) -> Option<String> {
    let (mut bytes, mut little) = (bytes, little);
    if mark {
        if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
            (bytes, little) = (rest, false);
        } else if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
            (bytes, little) = (rest, true);
        }
    }
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units =
        pairs.iter().map(|pair| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}
