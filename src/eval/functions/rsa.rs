//! `rsadecrypt`.

use num_bigint::BigUint;

use super::Wants::String as Text;
use super::arguments::text;
use super::{Call, Fault, Function, Parameter, encoding, results};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "rsadecrypt",
    &[Parameter::new("ciphertext", Text), Parameter::new("privatekey", Text)],
    Text,
    rsadecrypt,
)];

/// Keys longer than this are not in use, and would take long.
const LONGEST_KEY: u64 = 16_384;

fn rsadecrypt(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let cipher = encoding::decode(text(given, 0)?).ok_or_else(|| Fault::at(0, "is not valid Base64"))?;
    let key = private_key(text(given, 1)?)
        .ok_or_else(|| Fault::at(1, "is not an RSA private key in PEM form without a passphrase"))?;
    let fault = || Fault::at(0, "cannot be decrypted with this key");
    let number = BigUint::from_bytes_be(&cipher);
    if number >= key.modulus {
        return Err(fault());
    }
    let length = usize::try_from(key.modulus.bits().div_ceil(8)).unwrap_or(usize::MAX);
    let message = number.modpow(&key.exponent, &key.modulus).to_bytes_be();
    let padded = [vec![0; length.saturating_sub(message.len())], message].concat();
    let plain = unpadded(&padded).ok_or_else(fault)?;
    let plain =
        std::str::from_utf8(plain).map_err(|_| Fault::at(0, "decrypts to bytes that are not valid UTF-8"))?;
    results::text(plain)
}

/// What PKCS #1 v1.5 has wrapped: `00 02`, at least eight bytes that are not zero, and a zero.
fn unpadded(message: &[u8]) -> Option<&[u8]> {
    let rest = message.strip_prefix(&[0, 2])?;
    let end = rest.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
    rest.get(end + 1..)
}

struct Key {
    modulus: BigUint,
    exponent: BigUint,
}

impl Key {
    fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let key =
            Self { modulus: BigUint::from_bytes_be(modulus), exponent: BigUint::from_bytes_be(exponent) };
        let sound =
            key.modulus.bits() > 88 && key.modulus.bits() <= LONGEST_KEY && key.exponent < key.modulus;
        sound.then_some(key)
    }
}

/// A key in one of the forms that OpenSSL and OpenSSH write.
fn private_key(pem: &str) -> Option<Key> {
    let (_, block) = pem.split_once("-----BEGIN ")?;
    let (kind, block) = block.split_once("-----")?;
    let (body, _) = block.split_once("-----END ")?;
    // Headers tell of encryption.
    if body.contains(':') {
        return None;
    }
    let body: String = body.split_whitespace().collect();
    let bytes = encoding::decode(&body)?;
    match kind {
        "RSA PRIVATE KEY" => pkcs1(&bytes),
        "PRIVATE KEY" => {
            let mut der = Der(Der(&bytes).read(SEQUENCE)?);
            der.read(INTEGER)?;
            der.read(SEQUENCE)?;
            pkcs1(der.read(OCTETS)?)
        }
        "OPENSSH PRIVATE KEY" => openssh(&bytes),
        _ => None,
    }
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

fn pkcs1(bytes: &[u8]) -> Option<Key> {
    let mut der = Der(Der(bytes).read(SEQUENCE)?);
    der.read(INTEGER)?;
    let modulus = der.read(INTEGER)?;
    der.read(INTEGER)?;
    Key::new(modulus, der.read(INTEGER)?)
}

/// What is left of a DER text.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next element, which must be of this kind.
    fn read(&mut self, tag: u8) -> Option<&'a [u8]> {
        let rest = self.0.strip_prefix(&[tag])?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if digits.len() > 4 {
                return None;
            }
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }
}

fn openssh(bytes: &[u8]) -> Option<Key> {
    let mut wire = Wire(bytes.strip_prefix(b"openssh-key-v1\0")?);
    if wire.read()? != b"none" {
        return None;
    }
    wire.read()?;
    wire.read()?;
    wire.number()?;
    wire.read()?;
    let mut private = Wire(wire.read()?);
    private.number()?;
    private.number()?;
    if private.read()? != b"ssh-rsa" {
        return None;
    }
    let modulus = private.read()?;
    private.read()?;
    Key::new(modulus, private.read()?)
}

/// What is left of a text in SSH's form: each part behind its length.
struct Wire<'a>(&'a [u8]);

impl<'a> Wire<'a> {
    fn number(&mut self) -> Option<usize> {
        let (digits, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        usize::try_from(u32::from_be_bytes(*digits)).ok()
    }

    fn read(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }
}
