/// How much a name says that its value is a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Suspicion {
    /// Nothing, or it says that the value is something else: the length of a password, the name of a secret.
    None,
    /// It might be one: only a random text is.
    Hint,
    /// A key, token or secret: a text that is no mere label.
    Key,
    /// A password: whatever is no placeholder.
    Password,
}

/// A name cut into lower-case words: `dbMasterPassword1` is `db`, `master`, `password`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words(Vec<String>);

/// Names that are compounds of these are read as the two words that they are.
const COMPOUNDS: &[(&str, &[&str])] = &[
    ("accesskey", &["access", "key"]),
    ("accountkey", &["account", "key"]),
    ("apikey", &["api", "key"]),
    ("apitoken", &["api", "token"]),
    ("authtoken", &["auth", "token"]),
    ("clientsecret", &["client", "secret"]),
    ("dbpass", &["db", "pass"]),
    ("encryptionkey", &["encryption", "key"]),
    ("privatekey", &["private", "key"]),
    ("publickey", &["public", "key"]),
    ("rootpw", &["root", "pw"]),
    ("secretkey", &["secret", "key"]),
    ("sharedaccesskey", &["shared", "access", "key"]),
    ("userpass", &["user", "pass"]),
];

/// Words behind the noun that do not change what it is.
const TAILS: &[&str] = &[
    "b64",
    "base64",
    "content",
    "contents",
    "current",
    "data",
    "default",
    "dev",
    "encoded",
    "fallback",
    "live",
    "local",
    "main",
    "new",
    "old",
    "override",
    "pem",
    "plain",
    "plaintext",
    "previous",
    "primary",
    "prod",
    "production",
    "qa",
    "raw",
    "secondary",
    "stage",
    "staging",
    "str",
    "string",
    "test",
    "text",
    "uat",
    "value",
    "values",
    "wo",
];

const PASSWORDS: &[&str] =
    &["pass", "passcode", "passphrase", "passphrases", "passwd", "password", "passwords", "pw", "pwd", "psk"];

const KEYS: &[&str] = &[
    "bearer",
    "cred",
    "credential",
    "credentials",
    "creds",
    "htpasswd",
    "jwt",
    "secret",
    "secrets",
    "token",
    "tokens",
];

/// Words in front of `key` with which it is a secret.
const SECRET_KEYS: &[&str] = &[
    "access",
    "account",
    "admin",
    "api",
    "app",
    "application",
    "auth",
    "cipher",
    "consumer",
    "crypto",
    "decryption",
    "deploy",
    "encryption",
    "hmac",
    "host",
    "ingest",
    "ingestion",
    "integration",
    "jwt",
    "licence",
    "license",
    "master",
    "oauth",
    "preshared",
    "private",
    "registration",
    "routing",
    "rsa",
    "secret",
    "service",
    "session",
    "shared",
    "signing",
    "storage",
    "subscription",
    "webhook",
    "write",
];

/// Words in front of `key` with which it is anything but a secret.
const PLAIN_KEYS: &[&str] = &[
    "attribute",
    "bucket",
    "cache",
    "cmk",
    "column",
    "composite",
    "config",
    "context",
    "dashboard",
    "field",
    "filter",
    "foreign",
    "group",
    "hash",
    "index",
    "kms",
    "label",
    "lookup",
    "map",
    "metadata",
    "object",
    "partition",
    "public",
    "range",
    "registry",
    "reg",
    "s",
    "selector",
    "setting",
    "sort",
    "state",
    "tag",
    "toleration",
    "topology",
    "user",
    "username",
    "password",
    "token",
];

const HINTS: &[&str] = &[
    "auth",
    "authorization",
    "cert",
    "cookie",
    "crypt",
    "dsn",
    "license",
    "licence",
    "otp",
    "pem",
    "pfx",
    "salt",
    "sas",
    "seed",
    "signature",
    "webhook",
];

/// Names behind which the name of a value stands as a value of its own, as in `{ name = "PASSWORD", value = … }`.
pub const NAME_KEYS: &[&str] = &["name", "key", "variable", "parameter_name", "environment_variable_name"];
/// Names of the value that such a name is given to.
pub const VALUE_KEYS: &[&str] =
    &["value", "plaintext", "string_value", "default_value", "parameter_value", "secret_value"];

impl Words {
    /// The words of a name: cut at everything that is no letter or digit, and where a small letter meets a capital.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut word = String::new();
        let mut before = ' ';
        let mut letters = name.chars().peekable();
        while let Some(letter) = letters.next() {
            let next_small = letters.peek().is_some_and(|next| next.is_lowercase());
            let hump = letter.is_uppercase()
                && (before.is_lowercase() || before.is_ascii_digit() || before.is_uppercase() && next_small);
            if (hump || !letter.is_alphanumeric()) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if letter.is_alphanumeric() {
                word.extend(letter.to_lowercase());
            }
            before = letter;
        }
        if !word.is_empty() {
            words.push(word);
        }
        let split = words.into_iter().flat_map(|word| {
            let stem = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let stem = if stem.is_empty() || TAILS.contains(&word.as_str()) { word.as_str() } else { stem };
            match COMPOUNDS.iter().find(|(compound, _)| *compound == stem) {
                Some((_, parts)) => parts.iter().map(|&part| part.to_owned()).collect(),
                None => vec![stem.to_owned()],
            }
        });
        Self(split.collect())
    }

    /// The words.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// How much they say that the value is a secret.
    #[must_use]
    pub fn suspicion(&self) -> Suspicion {
        let mut words: &[String] = &self.0;
        while let [rest @ .., last] = words {
            let is_tail = TAILS.contains(&last.as_str()) || last.bytes().all(|byte| byte.is_ascii_digit());
            if rest.is_empty() || !is_tail {
                break;
            }
            words = rest;
        }
        let [rest @ .., last] = words else { return Suspicion::None };
        let before = rest.last().map_or("", String::as_str);
        let last = last.as_str();
        if PASSWORDS.contains(&last) {
            // `by_pass`, `first_pass` are no passwords, nor is a lone `pw`.
            // A lone `pass` is more often a verdict.
            if last == "pass" && rest.is_empty() {
                return Suspicion::Key;
            }
            let other = matches!(last, "pass" | "pw")
                && matches!(before, "by" | "first" | "second" | "multi" | "single");
            return if other { Suspicion::None } else { Suspicion::Password };
        }
        if KEYS.contains(&last) {
            return Suspicion::Key;
        }
        if matches!(last, "key" | "keys") {
            return if before == "public"
                || rest.iter().any(|word| word == "public")
                || PLAIN_KEYS.contains(&before)
            {
                Suspicion::None
            } else if SECRET_KEYS.contains(&before) {
                Suspicion::Key
            } else {
                Suspicion::Hint
            };
        }
        if HINTS.contains(&last) { Suspicion::Hint } else { Suspicion::None }
    }

    /// Whether it names several: what is in it are then secrets too.
    #[must_use]
    pub fn is_plural(&self) -> bool {
        let last = self.0.last().map_or("", String::as_str);
        matches!(last, "passwords" | "secrets" | "tokens" | "keys" | "credentials" | "creds" | "passphrases")
    }
}

/// What the words above have in common with the names they stand in: a name without any of these says nothing.
pub(super) const STEMS: &[&str] = &[
    "auth",
    "bearer",
    "cert",
    "cookie",
    "cred",
    "crypt",
    "dsn",
    "htpass",
    "jwt",
    "key",
    "licen",
    "otp",
    "pass",
    "pem",
    "pfx",
    "psk",
    "pw",
    "salt",
    "sas",
    "secret",
    "seed",
    "signature",
    "token",
    "webhook",
];

#[cfg(test)]
mod tests {
    use super::super::sight::names_in;
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for (name, words) in [
            ("db_master_password", "db master password"),
            ("dbMasterPassword1", "db master password"),
            ("DB_MASTER_PASSWORD", "db master password"),
            ("APIKey", "api key"),
            ("apikey2", "api key"),
            ("X-Auth-Token", "x auth token"),
            ("auth.admin.password", "auth admin password"),
            ("secret_key_base64", "secret key base64"),
            ("", ""),
            ("42", "42"),
        ] {
            assert_eq!(Words::of(name).as_slice().join(" "), words, "{name}");
        }
    }

    #[test]
    fn names_say_how_much_they_say() {
        use Suspicion::*;
        let table: &[(Suspicion, &[&str])] = &[
            (
                Password,
                &[
                    "password",
                    "master_password",
                    "adminPassword",
                    "DB_PASS",
                    "passwd",
                    "pwd",
                    "passphrase",
                    "password_wo",
                    "MYSQL_ROOT_PASSWORD",
                    "password1",
                    "db_password_prod",
                    "passwordValue",
                    "administrator_login_password",
                    "pre_shared_key_psk",
                    "passwords",
                    "userpass",
                ],
            ),
            (
                Key,
                &[
                    "secret",
                    "client_secret",
                    "token",
                    "auth_token",
                    "api_key",
                    "apiKey",
                    "secret_key",
                    "private_key",
                    "access_key",
                    "AWS_SECRET_ACCESS_KEY",
                    "secret_string",
                    "storage_account_key",
                    "signing_key",
                    "credentials",
                    "shared_access_key",
                    "private_key_pem_data",
                    "token_value",
                    "sharedAccessKey",
                ],
            ),
            (Hint, &["key", "datadog_key", "salt", "authorization", "session_cookie", "webhook", "cert"]),
            (
                None,
                &[
                    "name",
                    "password_length",
                    "secret_name",
                    "secret_arn",
                    "token_ttl",
                    "password_file",
                    "secret_id",
                    "manage_master_user_password_enabled",
                    "token_url",
                    "key_name",
                    "public_key",
                    "ssh_public_key",
                    "kms_key",
                    "partition_key",
                    "hash_key",
                    "password_policy",
                    "passwordKey",
                    "token_key",
                    "key_vault",
                    "secrets_manager",
                    "tokenization",
                    "compass",
                    "monkey",
                    "s3_key",
                    "secret_version",
                    "bypass_zone",
                    "password_rotation_days",
                    "secretKeyRef",
                    "token_type",
                    "",
                    "_",
                    "by_pass",
                    "public_keys",
                ],
            ),
        ];
        for (suspicion, names) in table {
            for name in *names {
                assert_eq!(Words::of(name).suspicion(), *suspicion, "{name}");
                assert!(names_in(name) || *suspicion == None, "{name} is dismissed");
            }
        }
    }

    #[test]
    fn most_names_are_dismissed_at_once() {
        for name in ["name", "cidr_blocks", "instance_type", "tags", "", "p", "description"] {
            assert!(!names_in(name), "{name}");
        }
    }
}
