/// Beginnings by which a text says where a secret is kept, or is no secret by its nature.
const BEGINNINGS: &[&str] = &[
    "arn:",
    "ssm:",
    "secretsmanager:",
    "{{resolve:",
    "vault:",
    "vault+",
    "op://",
    "gcpkms://",
    "awskms://",
    "azurekms://",
    "ref+",
    "file:",
    "file://",
    "env:",
    "env.",
    "sops:",
    "ENC[",
    "$ANSIBLE_VAULT",
    "AQICAH",
    "AQECAH",
    "@Microsoft.KeyVault",
    "keyvault",
    "kv/",
    "secret/",
    "projects/",
    "data.",
    "var.",
    "local.",
    "module.",
    "random_",
    "ssh-rsa ",
    "ssh-ed25519 ",
    "ssh-dss ",
    "ecdsa-",
    "sk-ssh-",
    "-----BEGIN CERTIFICATE",
    "LS0tLS1CRUdJTiBDRVJU",
    "-----BEGIN PUBLIC KEY",
    "-----BEGIN PGP PUBLIC",
    "-----BEGIN RSA PUBLIC",
    "keybase:",
    "$1$",
    "$2a$",
    "$2b$",
    "$2y$",
    "$5$",
    "$6$",
    "$y$",
    "$argon2",
    "{SSHA",
    "{SHA",
    "{bcrypt}",
    "pbkdf2",
    "alias/",
    "sha256:",
    "sha512:",
    "urn:",
    "kubernetes.io/",
    "mailto:",
    "s3://",
    "gs://",
    "az://",
    "system:serviceaccount",
    "repo:",
    "valueFrom",
    "oci://",
    "docker://",
    "spiffe://",
];

/// Whether a text says where a secret is to be had, or is what may be known: an ARN, a path, an address without a
/// password, a variable of a shell, a hash, a public key, something encrypted.
pub(super) fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let beginning =
        |head: &&str| text.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    if BEGINNINGS.iter().any(beginning) {
        return true;
    }
    text.starts_with('$') && is_variable(text.trim_start_matches(['$', '{', '(']))
        || text.contains("${")
        || text.contains("$(")
        || text.contains("{{")
        || text.contains("%{")
        || text.contains("<%")
        || text.contains(" --")
        || text.contains(",DC=")
        || text.contains("ssh-rsa AAAA")
        || text.contains("ssh-ed25519 AAAA")
        || text.contains("ecdsa-sha2-")
        || is_fingerprint(text)
        || text.starts_with("http://")
        || text.starts_with("https://")
        || is_path(text)
        || is_constant_name(text)
        || is_domain_name(text)
        || is_prose(text)
}

/// What is left of `$NAME`, `${NAME}`, `$(command`.
fn is_variable(rest: &str) -> bool {
    let name = rest.trim_end_matches(['}', ')', '"', '\'']);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. :/[]".contains(&byte))
}

/// `/app/db/password`, `./key.pem`, `~/.ssh/id_rsa`, `secret/data/db`, `C:\keys\id.pem`, `id.pem`.
fn is_path(text: &str) -> bool {
    let head = ["/", "./", "../", "~/", "C:\\"];
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-~\\:@*%".contains(&byte));
    let ends = [
        ".pem", ".key", ".crt", ".cer", ".txt", ".json", ".yaml", ".yml", ".pub", ".p12", ".jks", ".gpg",
        ".env", ".id", ".zip", ".jar", ".tar", ".gz", ".tgz", ".rpm", ".sh", ".tfstate",
    ];
    let lower = text.to_ascii_lowercase();
    // A random text may hold a slash, but not only words between several.
    plain
        && (head.iter().any(|head| text.starts_with(head)) && super::entropy::is_of_words(text)
            || text.contains('/') && super::entropy::is_of_words(text)
            || ends.iter().any(|end| lower.ends_with(end)))
}

/// `7b:40:be:5a`: the fingerprint of a public key.
fn is_fingerprint(text: &str) -> bool {
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.matches(':').count() >= 7 && text.split(':').all(pair)
}

/// `DB_PASSWORD`: the name of a variable of the environment.
fn is_constant_name(text: &str) -> bool {
    let short_numbers = |chunk: &str| chunk.bytes().filter(u8::is_ascii_digit).count() <= 4;
    text.contains('_')
        && text.split('_').all(short_numbers)
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `db.example.internal`, `module.this.output`: words with dots between them.
fn is_domain_name(text: &str) -> bool {
    text.matches('.').count() >= 2
        && super::entropy::is_of_words(text)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

/// A sentence about a secret.
fn is_prose(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "if", "in", "is", "it",
        "must", "not", "of", "on", "or", "should", "that", "the", "this", "to", "use", "used", "was", "when",
        "which", "will", "with", "you", "your",
    ];
    let mut words = text.split_whitespace();
    text.contains(' ')
        && words.any(|word| {
            let word = word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
            WORDS.contains(&word.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn where_a_secret_is_kept() {
        for text in [
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
            "/app/prod/db/password",
            "{{resolve:secretsmanager:db:SecretString:password}}",
            "vault:secret/data/db#password",
            "secret/data/db",
            "op://vault/item/password",
            "projects/p/secrets/db/versions/latest",
            "$DB_PASSWORD",
            "${DB_PASSWORD}",
            "$(cat /run/secret)",
            "DB_PASSWORD",
            "var.db_password",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7",
            "AQICAHhfjqVvJZjGmXQ",
            "$6$rounds=4096$saltsalt$hash",
            "https://vault.internal/v1",
            "~/.ssh/id_rsa",
            "keys/server.pem",
            "The password of the database",
            "db.internal.company",
            "{{ .Values.password }}",
            "ENC[AES256_GCM,data:abc]",
        ] {
            assert!(is_reference(text), "{text}");
        }
    }

    #[test]
    fn what_is_the_secret_itself() {
        for text in [
            "hunter2",
            "P@ssw0rd",
            "correct horse battery staple",
            "x7Gh+29fkLQ0/aaPwe81Bn3Rt5uJz4Ki==",
            "$tr0ng!Pass",
            "Zk3vN8qLw2RtYb7XcP0sHd5JgM1uE9oA",
            "SENTINEL-SECRET-3-123456789",
            "/x9Kd83jPq/71",
            "ALL_CAPS_98765",
        ] {
            assert!(!is_reference(text), "{text}");
        }
    }
}
