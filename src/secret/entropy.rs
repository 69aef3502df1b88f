/// Shannon's entropy of a text, in bits a character: 0 for `aaaa`, below 4 for words, above it for random letters and
/// digits of some length.
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(byte as usize) {
            *count += 1;
        }
    }
    let length = text.len() as f64;
    let share = |&count: &u32| f64::from(count) / length;
    counts.iter().filter(|&&count| count > 0).map(share).map(|share| -share * share.log2()).sum()
}

/// Whether a text is a single run of random characters: of one of the alphabets in which keys are written, neither
/// words nor numbers alone, and of at least `bits` of entropy a character (hexadecimal digits can only have 4, so they
/// need three quarters of it).
pub(super) fn is_random(text: &str, bits: f64) -> bool {
    const SHORTEST: usize = 20;
    if text.len() < SHORTEST
        || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.~".contains(&byte))
    {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if digits < 3 || letters < 3 {
        return false;
    }
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return entropy(text) >= bits * 0.75;
    }
    entropy(text) >= bits && !is_of_words(text)
}

/// Whether a text is words and numbers with marks between them: `my-service-account-2`, `eu_west_1.prod`.
pub(super) fn is_of_words(text: &str) -> bool {
    let mut chunks = text
        .split(['-', '_', '.', '/', ':', ' ', '@', '+', '=', '~', ',', ';', '%'])
        .filter(|chunk| !chunk.is_empty());
    chunks.all(is_word)
}

/// A word, perhaps with a short number behind it, or a short number: `prod`, `Admin`, `v2`, `NAT`, `2024`.
fn is_word(chunk: &str) -> bool {
    // `k8s`, `ec2`, `e2e`
    if chunk.len() <= 3 && chunk.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return true;
    }
    let stem = chunk.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if chunk.len() - stem.len() > 4 {
        return false;
    }
    // Humps are words of their own; a random text has many short ones.
    let humps =
        stem.chars().zip(stem.chars().skip(1)).filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count();
    let length = stem.chars().count();
    stem.chars().all(char::is_alphabetic)
        && (stem.is_empty() || humps == 0 && length <= 20 || length / (humps + 1) >= 4)
        && has_vowels(stem)
}

/// Words of more than a few letters have vowels; abbreviations are short.
fn has_vowels(stem: &str) -> bool {
    let vowels = stem.chars().filter(|letter| "aeiouyAEIOUY".contains(*letter)).count();
    let length = stem.chars().count();
    length <= 4 || vowels * 8 >= length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_a_character() {
        assert_eq!(entropy("aaaa"), 0.0);
        assert_eq!(entropy("abab"), 1.0);
        assert_eq!(entropy("abcdefgh"), 3.0);
        assert_eq!(entropy(""), 0.0);
    }

    #[test]
    fn keys_are_random_and_names_are_not() {
        for random in [
            "8f3b1c9e7a2d4f6085b1e3c7d9a4f2e6",
            "Zk3vN8qLw2RtYb7XcP0sHd5JgM1uE9oA",
            "x7Gh+29fkLQ0/aaPwe81Bn3Rt5uJz4Ki==",
        ] {
            assert!(is_random(random, 3.5), "{random}");
        }
        for plain in [
            "my-service-account-name-2",
            "arn:aws:iam::123456789012:role/deploy",
            "kubernetes.io/ingress.class",
            "AmazonEKSWorkerNodePolicy",
            "eu-west-1.prod.internal.company",
            "123456789012345678901234",
            "aaaaaaaa1111111122222222",
            "short1A",
        ] {
            assert!(!is_random(plain, 3.5), "{plain}");
        }
    }

    #[test]
    fn words_with_marks_between_them() {
        for words in [
            "my-app-secret",
            "github",
            "Admin",
            "eu_west_1",
            "db.prod/main",
            "adminPassword",
            "v2",
            "k8s-agent",
            "",
        ] {
            assert!(is_of_words(words), "{words}");
        }
        for other in
            ["Qz7-harrow-4vT9-kiln-Lm2", "hunter2hunter3x", "sk3lNdPq", "SENTINEL-1-123456789", "xkcdqwrt"]
        {
            assert!(!is_of_words(other), "{other}");
        }
    }
}
