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

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    const PUBLIC: u32 = 65_537;

    /// A key of two Mersenne primes, which nobody uses for secrets.
    fn key() -> (BigUint, BigUint) {
        let one = BigUint::from(1_u32);
        let (p, q) = ((&one << 521_u32) - &one, (&one << 607_u32) - &one);
        let exponent = BigUint::from(PUBLIC).modinv(&((&p - &one) * (&q - &one))).unwrap();
        (p * q, exponent)
    }

    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], length.as_slice(), &content].concat()
    }

    fn ssh(part: &[u8]) -> Vec<u8> {
        [u32::try_from(part.len()).unwrap().to_be_bytes().as_slice(), part].concat()
    }

    fn pem(kind: &str, bytes: &[u8]) -> String {
        // In two parts, lest the source look as if it held a key.
        let dashes = "-".repeat(5);
        format!("{dashes}BEGIN {kind}{dashes}\n{}\n{dashes}END {kind}{dashes}\n", STANDARD.encode(bytes))
    }

    fn keys() -> [String; 3] {
        let (modulus, exponent) = key();
        let number = |number: &BigUint| der(INTEGER, &[&[0], &number.to_bytes_be()]);
        let zero = der(INTEGER, &[&[0]]);
        let rest = number(&BigUint::from(PUBLIC));
        let pkcs1 = der(SEQUENCE, &[&zero, &number(&modulus), &rest, &number(&exponent)]);
        let pkcs8 = der(SEQUENCE, &[&zero, &der(SEQUENCE, &[]), &der(OCTETS, &[&pkcs1])]);
        let numbers = [modulus.to_bytes_be(), BigUint::from(PUBLIC).to_bytes_be(), exponent.to_bytes_be()];
        let private =
            [vec![1; 8], ssh(b"ssh-rsa"), numbers.iter().flat_map(|number| ssh(number)).collect()].concat();
        let parts =
            [ssh(b"none"), ssh(b"none"), ssh(b""), vec![0, 0, 0, 1], ssh(b"public"), ssh(&private)].concat();
        let openssh = [b"openssh-key-v1\0".as_slice(), &parts].concat();
        [pem("RSA PRIVATE KEY", &pkcs1), pem("PRIVATE KEY", &pkcs8), pem("OPENSSH PRIVATE KEY", &openssh)]
    }

    #[test]
    fn keys_of_all_forms_decrypt() {
        let (modulus, _) = key();
        let text = b"hello";
        let length = usize::try_from(modulus.bits().div_ceil(8)).unwrap();
        let padded = [vec![0, 2], vec![7; length - 3 - text.len()], vec![0], text.to_vec()].concat();
        let cipher = BigUint::from_bytes_be(&padded).modpow(&BigUint::from(PUBLIC), &modulus).to_bytes_be();
        for pem in keys() {
            let key = private_key(&pem).unwrap();
            let plain = BigUint::from_bytes_be(&cipher).modpow(&key.exponent, &key.modulus).to_bytes_be();
            let plain = [vec![0; length - plain.len()], plain].concat();
            assert_eq!(unpadded(&plain), Some(text.as_slice()));
        }
    }

    proptest! {
        #[test]
        fn no_broken_key_panics(which in 0..3_usize, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let pem = &keys()[which];
            let mut bytes = encoding::decode(pem.lines().nth(1).unwrap()).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let kind = ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY"][which];
            let _ = private_key(&super::tests::pem(kind, &bytes));
            bytes.truncate(at);
            let _ = private_key(&super::tests::pem(kind, &bytes));
        }
    }
}
