use super::name::{Suspicion, Words};
use super::recogniser::Recogniser;
use super::{Sign, entropy, placeholder, reference};

/// What a literal under a name is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Judged {
    pub(super) sign: Sign,
    pub(super) certain: bool,
}

impl Recogniser {
    /// Whether a text that is given to a name is a secret, and how sure that is.
    pub(super) fn judge(&self, suspicion: Suspicion, name: &str, text: &str) -> Option<Judged> {
        let trimmed = text.trim();
        if suspicion == Suspicion::None || trimmed.len() < 3 || is_word_of_the_language(trimmed) {
            return None;
        }
        let stands_in =
            self.stands_in(trimmed) || placeholder::is_placeholder(trimmed) || repeats(name, trimmed);
        let named = |certain| Some(Judged { sign: Sign::Name(name.to_owned()), certain });
        match suspicion {
            Suspicion::None => None,
            Suspicion::Hint => {
                let random = !stands_in
                    && !is_digest(trimmed)
                    && !reference::is_reference(trimmed)
                    && entropy::is_random(trimmed, self.entropy());
                random.then(|| Judged { sign: Sign::Random(name.to_owned()), certain: true })
            }
            _ if reference::is_reference(trimmed) => None,
            Suspicion::Key => {
                let number = trimmed.bytes().all(|byte| byte.is_ascii_digit());
                let label =
                    number || entropy::is_of_words(trimmed) || trimmed.len() < 8 && !is_mixed(trimmed);
                named(!stands_in && !label && trimmed.len() >= 6)
            }
            Suspicion::Password => named(!stands_in && trimmed.len() >= 4),
        }
    }
}

fn is_word_of_the_language(text: &str) -> bool {
    [
        "true", "false", "null", "yes", "no", "enabled", "disabled", "required", "optional", "string",
        "auto", "plain",
    ]
    .iter()
    .any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a value is a name of what it is given to: `db_password = "app-db-password"`.
fn repeats(name: &str, text: &str) -> bool {
    let words = Words::of(text);
    let words = words.as_slice();
    let name = Words::of(name);
    let last = name.as_slice().last();
    entropy::is_of_words(text) && words.len() > 1 && words.last().is_some_and(|word| Some(word) == last)
}

/// Letters and digits, or several kinds of them.
pub(super) fn is_mixed(text: &str) -> bool {
    let kinds = [
        text.bytes().any(|byte| byte.is_ascii_lowercase()),
        text.bytes().any(|byte| byte.is_ascii_uppercase()),
        text.bytes().any(|byte| byte.is_ascii_digit()),
        text.chars().any(|letter| !letter.is_alphanumeric() && !letter.is_whitespace()),
    ];
    kinds.into_iter().filter(|&kind| kind).count() >= 2
}

/// A UUID, or as many hexadecimal digits as a usual hash has: under a name that only hints, these are identifiers.
fn is_digest(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = text.bytes().filter(|&byte| byte == b'-').count();
    digits + dashes == text.len()
        && (dashes == 4 && digits == 32 || dashes == 0 && matches!(digits, 32 | 40 | 64 | 96 | 128))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &str, text: &str) -> Option<bool> {
        let suspicion = Words::of(name).suspicion();
        Recogniser::default().judge(suspicion, name, text).map(|judged| judged.certain)
    }

    #[test]
    fn passwords_are_whatever_is_no_placeholder() {
        for text in
            ["hunter2", "postgres", "Qz7-harrow-4vT9-kiln-Lm2", "correct horse battery staple", "12345678"]
        {
            assert_eq!(verdict("master_password", text), Some(true), "{text}");
        }
        for text in ["changeme", "db-password", "password", "<password>", "abc", "shop-master-password"] {
            assert_eq!(verdict("master_password", text), Some(false), "{text}");
        }
        for text in ["", "  ", "true", "/app/db/password", "${x}", "arn:aws:ssm:x", "DB_PASSWORD", "required"]
        {
            assert_eq!(verdict("master_password", text), None, "{text}");
        }
    }

    #[test]
    fn keys_and_tokens_are_no_labels() {
        for text in [
            "8f3b1c9e-7a2d-4f60-85b1-e3c7d9a4f2e6",
            "s3kr1t-9f!x",
            "SENTINEL-SECRET-3-123456789",
            "xkcdqwrt9812",
        ] {
            assert_eq!(verdict("client_secret", text), Some(true), "{text}");
        }
        for text in ["db-credentials", "github", "shop_prod", "orders-api", "changeme1"] {
            assert_eq!(verdict("client_secret", text), Some(false), "{text}");
        }
    }

    #[test]
    fn a_hint_needs_randomness() {
        assert_eq!(verdict("session_key_salt", "Zk3vN8qLw2RtYb7XcP0sHd5JgM1uE9oA"), Some(true));
        for text in ["8f3b1c9e-7a2d-4f60-85b1-e3c7d9a4f2e6", "orders", "d41d8cd98f00b204e9800998ecf8427e"] {
            assert_eq!(verdict("session_key_salt", text), None, "{text}");
        }
        assert_eq!(verdict("name", "Zk3vN8qLw2RtYb7XcP0sHd5JgM1uE9oA"), None);
    }
}
