//! Hashes of texts and files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::Wants::String as Text;
use super::arguments::text;
use super::{Call, Fault, Function, Parameter, files, results};
use crate::value::Value;

const STR: &[Parameter] = &[Parameter::new("str", Text)];
const PATH: &[Parameter] = &[Parameter::new("path", Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64sha256", STR, Text, |_, given| base64(&of_text::<Sha256>(given)?)),
    Function::new("base64sha512", STR, Text, |_, given| base64(&of_text::<Sha512>(given)?)),
    Function::new("filebase64sha256", PATH, Text, |call, given| {
        of_file::<Sha256>(call, given, "filebase64sha256", base64)
    }),
    Function::new("filebase64sha512", PATH, Text, |call, given| {
        of_file::<Sha512>(call, given, "filebase64sha512", base64)
    }),
    Function::new("filemd5", PATH, Text, |call, given| of_file::<Md5>(call, given, "filemd5", hexadecimal)),
    Function::new("filesha1", PATH, Text, |call, given| {
        of_file::<Sha1>(call, given, "filesha1", hexadecimal)
    }),
    Function::new("filesha256", PATH, Text, |call, given| {
        of_file::<Sha256>(call, given, "filesha256", hexadecimal)
    }),
    Function::new("filesha512", PATH, Text, |call, given| {
        of_file::<Sha512>(call, given, "filesha512", hexadecimal)
    }),
    Function::new("md5", STR, Text, |_, given| hexadecimal(&of_text::<Md5>(given)?)),
    Function::new("sha1", STR, Text, |_, given| hexadecimal(&of_text::<Sha1>(given)?)),
    Function::new("sha256", STR, Text, |_, given| hexadecimal(&of_text::<Sha256>(given)?)),
    Function::new("sha512", STR, Text, |_, given| hexadecimal(&of_text::<Sha512>(given)?)),
];

fn of_text<D: Digest>(given: &[Value]) -> Result<Vec<u8>, Fault> {
    Ok(D::digest(text(given, 0)?.as_bytes()).to_vec())
}

fn of_file<D: Digest>(
    call: &Call<'_>,
    given: &[Value],
    function: &str,
    written: fn(&[u8]) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    let path = text(given, 0)?;
    match files::elsewhere(call, function, path) {
        Some(unknown) => Ok(unknown),
        None => written(&D::digest(&files::read(call, path)?)),
    }
}

fn base64(hash: &[u8]) -> Result<Value, Fault> {
    results::text(STANDARD.encode(hash))
}

fn hexadecimal(hash: &[u8]) -> Result<Value, Fault> {
    results::text(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}
