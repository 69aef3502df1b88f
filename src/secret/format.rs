use std::sync::LazyLock;

use super::sight::Sights;
use super::{Secret, Sign, placeholder, url};
use crate::source::Span;

/// A format by which a secret is known wherever it stands.
struct Format {
    /// What it begins with, or what is found in it.
    marker: &'static str,
    /// How many characters of the same alphabet stand before the marker.
    before: usize,
    /// What the characters behind the marker are.
    alphabet: fn(u8) -> bool,
    /// How many there are at least.
    least: usize,
    /// How many there are at most.
    most: usize,
    /// What it is, in words.
    words: &'static str,
}

const fn format(
    marker: &'static str,
    alphabet: fn(u8) -> bool,
    least: usize,
    most: usize,
    words: &'static str,
) -> Format {
    Format { marker, before: 0, alphabet, least, most, words }
}

const fn around(
    before: usize,
    marker: &'static str,
    alphabet: fn(u8) -> bool,
    least: usize,
    most: usize,
    words: &'static str,
) -> Format {
    Format { marker, before, alphabet, least, most, words }
}

fn base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'2'..=b'7')
}

fn capital(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn dotted(byte: u8) -> bool {
    url_safe(byte) || byte == b'.'
}

fn slashed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'/'
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn percent(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'%'
}

fn tilde(byte: u8) -> bool {
    dotted(byte) || byte == b'~'
}

/// Each issuer's own, as its documentation describes it. No format may begin with another's marker.
#[rustfmt::skip]
const FORMATS: &[Format] = &[
    format("AKIA", base32, 16, 16, "an AWS access key"),
    format("ASIA", base32, 16, 16, "an AWS access key"),
    format("ghp_", plain, 36, 255, "a GitHub token"),
    format("gho_", plain, 36, 255, "a GitHub token"),
    format("ghu_", plain, 36, 255, "a GitHub token"),
    format("ghs_", plain, 36, 255, "a GitHub token"),
    format("ghr_", plain, 36, 255, "a GitHub token"),
    format("github_pat_", word, 40, 255, "a GitHub token"),
    format("glpat-", dotted, 20, 300, "a GitLab token"),
    format("gldt-", url_safe, 20, 100, "a GitLab token"),
    format("glrt-", dotted, 20, 300, "a GitLab token"),
    format("glptt-", hex, 40, 40, "a GitLab token"),
    format("xoxa-", url_safe, 20, 300, "a Slack token"),
    format("xoxb-", url_safe, 20, 300, "a Slack token"),
    format("xoxe-", url_safe, 20, 300, "a Slack token"),
    format("xoxp-", url_safe, 20, 300, "a Slack token"),
    format("xoxr-", url_safe, 20, 300, "a Slack token"),
    format("xoxs-", url_safe, 20, 300, "a Slack token"),
    format("xapp-", url_safe, 40, 300, "a Slack token"),
    format("hooks.slack.com/services/T", slashed, 20, 100, "the address of a Slack webhook"),
    format("sk_live_", plain, 16, 255, "a Stripe key"),
    format("rk_live_", plain, 16, 255, "a Stripe key"),
    format("npm_", plain, 36, 36, "an npm token"),
    format("pypi-AgEIcHlwaS5vcmc", url_safe, 50, 400, "a PyPI token"),
    format("AIza", url_safe, 35, 35, "a Google API key"),
    format("GOCSPX-", url_safe, 28, 28, "a Google client secret"),
    format("ya29.", url_safe, 40, 1024, "a Google access token"),
    format("AccountKey=", base64, 80, 100, "an Azure storage key"),
    format("SharedAccessKey=", base64, 40, 60, "an Azure shared access key"),
    format("&sig=", percent, 43, 100, "an Azure shared access signature"),
    around(3, "8Q~", tilde, 31, 40, "an Azure client secret"),
    around(14, ".atlasv1.", url_safe, 50, 100, "a Terraform Cloud token"),
    format("hvs.", url_safe, 24, 300, "a Vault token"),
    format("hvb.", url_safe, 24, 300, "a Vault token"),
    format("SG.", dotted, 60, 80, "a SendGrid key"),
    format("dop_v1_", hex, 64, 64, "a DigitalOcean token"),
    format("doo_v1_", hex, 64, 64, "a DigitalOcean token"),
    format("dckr_pat_", url_safe, 20, 60, "a Docker Hub token"),
    format("dapi", hex, 32, 34, "a Databricks token"),
    format("shpat_", hex, 32, 32, "a Shopify token"),
    format("NRAK-", capital, 27, 27, "a New Relic key"),
    format("glsa_", word, 40, 60, "a Grafana token"),
    format("glc_", base64, 40, 400, "a Grafana token"),
    format("sk-ant-", url_safe, 40, 200, "an Anthropic key"),
    format("sk-proj-", url_safe, 40, 300, "an OpenAI key"),
    format("AGE-SECRET-KEY-1", capital, 58, 58, "an age identity"),
    format("PMAK-", url_safe, 40, 80, "a Postman key"),
    format("pul-", hex, 40, 40, "a Pulumi token"),
    format("ATATT3", base64, 60, 300, "an Atlassian token"),
    format("lin_api_", plain, 40, 40, "a Linear key"),
    format("rubygems_", hex, 48, 48, "a RubyGems key"),
    format("tskey-", url_safe, 20, 100, "a Tailscale key"),
];

const KEY_BLOCK: &str = "-----BEGIN ";
const WEB_TOKEN: &str = "eyJ";
const ADDRESS: &str = "://";

/// How each format begins, in their order, and then what other secrets are known by.
pub(super) static MARKERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    FORMATS.iter().map(|format| format.marker).chain([KEY_BLOCK, WEB_TOKEN, ADDRESS]).collect()
});

/// Secrets of a known format in a text, where it was seen to hold markers.
pub(super) fn find(text: &str, sights: &Sights, found: &mut Vec<Secret>) {
    let mut after = 0;
    for &(at, marker) in &sights.markers {
        let at = at as usize;
        if at < after {
            continue;
        }
        let secret = match (FORMATS.get(marker), MARKERS.get(marker).copied()) {
            (Some(format), _) => format.at(text, at),
            (None, Some(ADDRESS)) => url::at(text, at),
            (None, Some(KEY_BLOCK)) => key_block(text, at),
            (None, _) => web_token(text, at),
        };
        if let Some(secret) = secret {
            after = secret.span.end as usize;
            found.push(secret);
        }
    }
}

impl Format {
    fn at(&self, text: &str, marker: usize) -> Option<Secret> {
        let bytes = text.as_bytes();
        let start = marker.checked_sub(self.before)?;
        let head = bytes.get(start..marker)?;
        let glued = start.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        let from = marker + self.marker.len();
        let length = run(bytes, from, self.alphabet);
        let fits = (self.least..=self.most).contains(&length);
        if glued || !fits || !head.iter().all(|&byte| (self.alphabet)(byte)) {
            return None;
        }
        let body = text.get(from..from + length)?;
        // Only what differs from one secret to the next is masked.
        let secret = if self.marker.ends_with('=') { from } else { start };
        let certain = !placeholder::is_sample(body);
        let span = Span::new(secret as u32, (from + length) as u32);
        Some(Secret { span, sign: Sign::Format(self.words), certain })
    }
}

/// How many bytes from `from` on are of the alphabet.
fn run(bytes: &[u8], from: usize, alphabet: fn(u8) -> bool) -> usize {
    bytes.iter().skip(from).take_while(|&&byte| alphabet(byte)).count()
}

/// A private key in its armour, up to its end or as far as it looks like one.
fn key_block(text: &str, start: usize) -> Option<Secret> {
    let rest = text.get(start..)?;
    let label = rest.strip_prefix(KEY_BLOCK)?;
    let label = label.get(..label.find("-----")?)?;
    if !label.contains("PRIVATE KEY") || label.len() > 40 {
        return None;
    }
    let body_start = KEY_BLOCK.len() + label.len() + "-----".len();
    let body = rest.get(body_start..)?;
    let length = match body.find("-----END ") {
        Some(end) => end,
        None => run(body.as_bytes(), 0, |byte| base64(byte) || byte.is_ascii_whitespace() || byte == b'\\'),
    };
    let body = body.get(..length)?;
    let letters = body.bytes().filter(|&byte| base64(byte)).count();
    // An interpolation or an ellipsis is no key.
    if letters < 40 || body.contains("${") || placeholder::is_sample(body) {
        return None;
    }
    let span = Span::new((start + body_start) as u32, (start + body_start + length) as u32);
    Some(Secret { span, sign: Sign::Format("a private key"), certain: true })
}

/// A JSON web token: three parts, of which the first two are JSON objects.
fn web_token(text: &str, start: usize) -> Option<Secret> {
    let bytes = text.as_bytes();
    if start.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let token = text.get(start..start + run(bytes, start, dotted))?.trim_end_matches('.');
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return None };
    if header.len() < 10 || !claims.starts_with(WEB_TOKEN) || claims.len() < 10 || signature.len() < 16 {
        return None;
    }
    let span = Span::new(start as u32, (start + token.len()) as u32);
    let certain = !placeholder::is_sample(signature);
    Some(Secret { span, sign: Sign::Format("a JSON web token"), certain })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str)> {
        let mut found = Vec::new();
        find(text, &Sights::of(text), &mut found);
        let shown = |secret: Secret| match secret.sign {
            Sign::Format(words) if secret.certain => {
                Some((text[secret.span.start as usize..secret.span.end as usize].to_owned(), words))
            }
            _ => None,
        };
        found.into_iter().filter_map(shown).collect()
    }

    /// A text of an alphabet that looks random: no token of anybody's stands in this file.
    fn random(letters: &str, length: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let letter = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            letters[(state % letters.len() as u64) as usize]
        };
        (0..length).map(letter).collect()
    }

    #[test]
    fn each_format_is_found_and_nothing_shorter() {
        const ANY: &str = "aB3dE5fG7hJkLmN9pQrStUvWyZ";
        for format in FORMATS {
            let letters: String = ANY.chars().chain("0123456789abcdefABCDEF234567%".chars()).collect();
            let letters: String = letters.chars().filter(|letter| (format.alphabet)(*letter as u8)).collect();
            let head = random(&letters, format.before);
            let text = |length: usize| format!("x = \"{head}{}{}\"", format.marker, random(&letters, length));
            assert_eq!(found(&text(format.least)).len(), 1, "{}", format.marker);
            assert_eq!(found(&text(format.least))[0].1, format.words);
            assert_eq!(found(&text(format.least - 1)), [], "{}", format.marker);
            assert_eq!(found(&text(format.most + 1)), [], "{}", format.marker);
        }
    }

    #[test]
    fn samples_and_parts_of_other_texts_are_none() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "AKIAXXXXXXXXXXXXXXXX",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "fooAKIAJ5Q7WNUZKX3TVR2D",
            "eyJhbGciOiJIUzI1NiJ9",
            "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\n${var.key}\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn private_keys_in_every_writing() {
        let body = random("aB3dE5fG7hJkLmN9pQrStUvWyZ+/", 64);
        for text in [
            format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n{body}\n-----END RSA PRIVATE KEY-----"),
            format!("-----BEGIN PRIVATE KEY-----\\n{body}\\n{body}\\n-----END PRIVATE KEY-----"),
            format!("  -----BEGIN OPENSSH PRIVATE KEY-----\r\n  {body}\r\n"),
            format!("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n-----END PGP PRIVATE KEY BLOCK-----"),
        ] {
            let found = found(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].0.contains(&body));
        }
    }

    #[test]
    fn web_tokens_have_three_parts() {
        let signature = random("aB3dE5fG7hJkLmN9pQrStUvWyZ_-", 43);
        let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{signature}");
        assert_eq!(found(&format!("Bearer {token} ")), [(token, "a JSON web token")]);
    }
}
