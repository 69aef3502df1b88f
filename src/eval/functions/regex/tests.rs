use proptest::prelude::*;

use super::*;

fn find<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    let compiled = compile(pattern).expect(pattern);
    let captures = compiled.captures_at(text, 0)?;
    let whole = captures.get(0)?;
    text.get(whole.start()..whole.end())
}

fn all<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
    let compiled = compile(pattern).expect(pattern);
    compiled
        .all(text)
        .map(|captures| &text[captures.get(0).unwrap().start()..captures.get(0).unwrap().end()])
        .collect()
}

#[test]
fn classes_are_ascii() {
    assert_eq!(find(r"\d+", "٣4"), Some("4"));
    assert_eq!(find(r"\w+", "été"), Some("t"));
    assert_eq!(find(r"[\D]", "1é"), Some("é"));
    assert_eq!(find(r"a\b", "aé"), Some("a"));
    assert_eq!(find(r"\s", "\u{b}\u{a0}"), None);
    assert_eq!(find(r"[[:^alpha:][:digit:]]", "aé"), Some("é"));
}

#[test]
fn no_boundary_lies_within_a_code_point() {
    assert_eq!(all(r"\B", "é"), ["", ""]);
    assert_eq!(all(r"\B", "aé"), [""]);
}

#[test]
fn set_operations_are_plain_characters() {
    assert_eq!(find(r"[a&&b]+", "&&x"), Some("&&"));
}

#[test]
fn the_notation_is_re2s() {
    assert_eq!(find(r"\Qa.b\E+", "a.bbb"), Some("a.bbb"));
    assert_eq!(find(r"x{,3}", "x{,3}"), Some("x{,3}"));
    assert_eq!(find(r"[]a]+", "]a"), Some("]a"));
    assert_eq!(find(r"\_\-", "_-"), Some("_-"));
    assert_eq!(find(r"(?i)(?-i:a)B", "ab"), Some("ab"));
    assert_eq!(find(r"\pN\p{^Greek}", "α1β1a"), Some("1a"));
    assert_eq!(find(r"\101\x{42}", "AB"), Some("AB"));
    assert_eq!(find(r"a(?i)*B", "aab"), Some("aab"));
    assert_eq!(find(r"\Q\Ea", "a"), Some("a"));
    assert_eq!(find("#  x", "#  x"), Some("#  x"));
}

#[test]
fn what_re2_rejects_is_rejected() {
    let invalid = [
        "a**",
        "*a",
        "(*)",
        "a|*",
        "(",
        ")",
        "[",
        "[a",
        "[z-a]",
        "[[:nope:]]",
        r"\1",
        r"\Z",
        r"\q",
        r"\C",
        r"\p{Nope}",
        r"\p{greek}",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?x)a",
        "(?P<a-b>c)",
        "(?P<>c)",
        "a{1001}",
        "a{3,2}",
        "(a{100}){100}",
        r"\x{110000}",
        r"\",
        "(?i-)a",
    ];
    for pattern in invalid {
        assert!(compile(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn replacements_name_groups() {
    let replace =
        |pattern: &str, text: &str, by: &str| compile(pattern).unwrap().replace_all(text, by).unwrap();
    assert_eq!(replace("(?P<x>l+)", "hello", "<$x>"), "he<ll>o");
    assert_eq!(replace("(a)(b)", "ab", "$1x"), "", "the name is 1x, which no group has");
    assert_eq!(replace("(a)(b)", "ab", "${1}x$$"), "ax$");
    assert_eq!(replace("a*", "baac", "-"), "-b-c-");
    assert_eq!(replace("", "aé", "-"), "-a-é-");
    assert_eq!(replace("a", "a", "$"), "$");
}

proptest! {
    #[test]
    fn no_pattern_panics(pattern in r#"[\\\[\]\(\)\{\}?*+|^$.,:<>\-=!&~#0-9a-zA-Zé_ ]{0,24}"#, text in ".{0,20}") {
        if let Ok(compiled) = compile(&pattern) {
            let _ = compiled.all(&text).count();
            let _ = compiled.replace_all(&text, "$1${a}");
        }
    }

    #[test]
    fn any_text_quoted_matches_itself(text in "[^\\\\]{1,20}") {
        let quoted = format!(r"\Q{text}\E");
        prop_assert_eq!(find(&quoted, &text), Some(text.as_str()));
    }
}
