use super::name::Words;

/// Parts by which a text says that it stands in for a secret, wherever they are in it.
const PARTS: &[&str] = &[
    "...",
    "***",
    "change-it",
    "change-me",
    "change_it",
    "change_me",
    "changeit",
    "changeme",
    "changethis",
    "example",
    "fillin",
    "fill_in",
    "goes-here",
    "goeshere",
    "insert-",
    "insert_",
    "inserthere",
    "notasecret",
    "not-a-real",
    "not_a_real",
    "placeholder",
    "redacted",
    "replace-",
    "replace_",
    "replaceme",
    "to-be-",
    "tobe",
    "xxx",
    "your-",
    "your_",
    "yourpass",
    "yourapi",
    "yoursecret",
    "yourtoken",
    "…",
    "•••",
];

/// Words by which a text says so.
const WORDS: &[&str] = &[
    "abc",
    "bar",
    "baz",
    "blah",
    "bogus",
    "dummy",
    "fake",
    "fixme",
    "foo",
    "foobar",
    "invalid",
    "mock",
    "mocked",
    "nil",
    "none",
    "null",
    "sample",
    "tbc",
    "tbd",
    "temp",
    "test",
    "testing",
    "tests",
    "todo",
    "undefined",
    "unset",
    "unused",
    "my",
    "your",
];

/// Words that name a secret without being one: a text of nothing else is a label, or stands in.
const NOUNS: &[&str] = &[
    "a",
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "client",
    "connection",
    "cred",
    "credential",
    "credentials",
    "creds",
    "database",
    "db",
    "default",
    "encryption",
    "here",
    "id",
    "key",
    "keys",
    "login",
    "master",
    "my",
    "name",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "private",
    "public",
    "pwd",
    "secret",
    "secrets",
    "service",
    "some",
    "ssh",
    "string",
    "super",
    "the",
    "tls",
    "token",
    "tokens",
    "user",
    "username",
    "value",
    "your",
];

/// Whether a text of a known format is one that documentation shows: what is random may well hold a short word.
pub(super) fn is_sample(text: &str) -> bool {
    let lower = text.to_lowercase();
    let longer = |part: &&&str| part.len() > 4 || matches!(**part, "..." | "***" | "…");
    PARTS.iter().filter(longer).any(|part| lower.contains(part))
        || lower.contains("xxxx")
        || is_filler(text)
        || is_counted_up(&lower)
}

/// Whether a text only stands in for a secret, or names one.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let framed = [
        ("<", ">"),
        ("[", "]"),
        ("{", "}"),
        ("%", "%"),
        ("__", "__"),
        ("@", "@"),
        ("(", ")"),
        ("#{", "}"),
        ("#{", "}#"),
    ];
    if framed.iter().any(|(open, close)| {
        text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
    }) {
        return true;
    }
    if is_filler(text) {
        return true;
    }
    let lower = text.to_lowercase();
    if PARTS.iter().any(|part| lower.contains(part)) || is_counted_up(&lower) {
        return true;
    }
    let words = Words::of(text);
    let words = words.as_slice();
    words.iter().any(|word| WORDS.contains(&word.as_str())) && no_long_number(text)
        || lower.starts_with("test") && text.len() < 16 && no_long_number(text)
        || is_plain(text)
            && !words.is_empty()
            && words.iter().all(|word| is_noun(word))
            && words.iter().any(|word| word != "admin")
}

/// Words as a label has them: with no more than a dash between them and a short number behind them.
fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || "-_./ :".contains(letter))
        && text.bytes().filter(u8::is_ascii_digit).count() < 3
}

fn is_noun(word: &str) -> bool {
    NOUNS.contains(&word) || word.len() == 1
}

/// `test-8842190377` may well be real.
fn no_long_number(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() < 8
}

/// One or two different characters only: `xxxxxxxx`, `0000-0000`, `----`.
fn is_filler(text: &str) -> bool {
    let mut letters: Vec<char> = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() < 2 || letters.len() == 2 && text.len() >= 12
}

/// `0123456789abcdef`, `abcdefgh12345678`, `1234567890`: counted up, in long runs.
fn is_counted_up(lower: &str) -> bool {
    let steps =
        lower.as_bytes().windows(2).filter(|pair| matches!(pair, [a, b] if *b == a.wrapping_add(1))).count();
    lower.len() >= 10 && steps * 4 >= (lower.len() - 1) * 3
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn what_stands_in_for_a_secret() {
        for text in [
            "changeme",
            "CHANGE_ME",
            "ChangeMe123!",
            "example",
            "example-password",
            "<password>",
            "<YOUR TOKEN>",
            "xxxx",
            "xxxxxxxxxxxxxxxxxxxx",
            "XXXX-XXXX",
            "REPLACE_ME",
            "replace-with-token",
            "dummy",
            "dummy-token",
            "test",
            "test1234",
            "TestPassword",
            "test-password",
            "your-api-key",
            "YOUR_API_KEY",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "{{ password }}",
            "[password]",
            "__PASSWORD__",
            "*****",
            "...",
            "00000000-0000-0000-0000-000000000000",
            "password",
            "secret",
            "my-secret-password",
            "none",
            "foobar",
            "%PASSWORD%",
            "#{token}#",
            "0123456789abcdef0123456789abcdef",
            "fake_token_value",
            "",
            "db_password",
            "[REDACTED]",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "hunter2",
            "Qz7-harrow-4vT9-kiln-Lm2",
            "tilth9-Garnet-x4VbRu",
            "admin",
            "postgres",
            "S3cr3t!",
            "P@ssw0rd",
            "M@r!@D3",
            "Password1234!",
            "SENTINEL-SECRET-3-123456789",
            "test-8842190377",
            "12345678",
            "letmein",
            "correct horse battery staple",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
