//! Base64, gzip and URLs.

use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Wants::String as Text;
use super::arguments::text;
use super::{Call, Fault, Function, Parameter, charset, gzip, results};
use crate::eval::bounds;
use crate::value::Value;

const STR: &[Parameter] = &[Parameter::new("str", Text)];
const ENCODING: Parameter = Parameter::new("encoding", Text);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", STR, Text, base64decode),
    Function::new("base64encode", STR, Text, |_, given| results::text(STANDARD.encode(text(given, 0)?))),
    Function::new("base64gunzip", STR, Text, base64gunzip),
    Function::new("base64gzip", STR, Text, base64gzip),
    Function::new("textdecodebase64", &[Parameter::new("source", Text), ENCODING], Text, textdecodebase64),
    Function::new("textencodebase64", &[Parameter::new("string", Text), ENCODING], Text, textencodebase64),
    Function::new("urldecode", STR, Text, urldecode),
    Function::new("urlencode", STR, Text, urlencode),
];

/// Padding is a must, but bits that the last character has too many of may be anything.
const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The bytes of a Base64 text, in which line ends do not count.
pub(super) fn decode(content: &str) -> Option<Vec<u8>> {
    let joined: String = content.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    STANDARD.decode(joined).ok()
}

fn base64(given: &[Value]) -> Result<Vec<u8>, Fault> {
    decode(text(given, 0)?).ok_or_else(|| Fault::at(0, "is not valid Base64"))
}

fn utf8(bytes: Vec<u8>) -> Result<Value, Fault> {
    match String::from_utf8(bytes) {
        Ok(content) => results::text(content),
        Err(_) => Err(Fault::at(0, "decodes to bytes that are not valid UTF-8")),
    }
}

fn base64decode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    utf8(base64(given)?)
}

fn textencodebase64(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let charset = charset::named(text(given, 1)?).ok_or_else(unsupported)?;
    let encoded = charset.encode(text(given, 0)?);
    let encoded = encoded.ok_or_else(|| Fault::at(0, "has characters that the encoding has not"))?;
    results::text(STANDARD.encode(encoded))
}

fn textdecodebase64(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let charset = charset::named(text(given, 1)?).ok_or_else(unsupported)?;
    let decoded = charset.decode(&base64(given)?);
    results::text(decoded.ok_or_else(|| Fault::at(0, "decodes to bytes that mean nothing in the encoding"))?)
}

fn unsupported() -> Fault {
    Fault::at(1, "is not the IANA name of a character encoding that is supported")
}

fn base64gzip(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    results::text(STANDARD.encode(gzip::compress(text(given, 0)?.as_bytes())))
}

fn base64gunzip(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let bytes = base64(given)?;
    let mut content = Vec::new();
    let most = bounds::TEXT_BYTES as u64 + 1;
    let read = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut content);
    read.map_err(|_| Fault::at(0, "is not valid gzip data"))?;
    results::within_bytes(content.len())?;
    utf8(content)
}

fn urlencode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let mut out = String::new();
    for byte in text(given, 0)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    results::text(out)
}

fn urldecode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let mut bytes = Vec::new();
    let mut rest = text(given, 0)?.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let escaped = digit().and_then(|high| Some(high * 16 + digit()?));
                let escaped = escaped.and_then(|byte| u8::try_from(byte).ok());
                bytes.push(
                    escaped
                        .ok_or_else(|| Fault::at(0, "has a % that two hexadecimal digits do not follow"))?,
                );
            }
            _ => bytes.push(byte),
        }
    }
    utf8(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn base64_reads_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode(&STANDARD.encode(&bytes)), Some(bytes));
        }

        #[test]
        fn no_base64_panics(text in "[A-Za-z0-9+/=\n ]{0,20}") {
            let _ = decode(&text);
        }
    }

    #[test]
    fn line_ends_and_spare_bits_do_not_count() {
        assert_eq!(decode("YWJ\njZA==\r\n"), Some(b"abcd".to_vec()));
        assert_eq!(decode("YR=="), Some(b"a".to_vec()));
        assert_eq!(decode("YQ"), None);
    }
}
