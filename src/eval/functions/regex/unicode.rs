//! Classes by Unicode's general categories and scripts.

use super::translate::Invalid;

const RANGE: &str = "no Unicode category or script has this name";

const CATEGORIES: &[&str] = &[
    "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl",
    "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
];

/// The class `\pN`, `\p{Greek}`, `\P{^Lu}` that the text begins with: its length, and the other notation's.
pub(super) fn class(text: &str) -> Result<(usize, String), Invalid> {
    let after = text.get(2..).unwrap_or_default();
    let (name, length) = match after.strip_prefix('{') {
        Some(braced) => match braced.find('}') {
            Some(end) => (braced.get(..end).unwrap_or_default(), end + 4),
            None => return Err(Invalid::new(RANGE, text)),
        },
        None => {
            let c = after.chars().next().map_or(0, char::len_utf8);
            (after.get(..c).unwrap_or_default(), 2 + c)
        }
    };
    let mut negated = text.starts_with("\\P");
    let name = match name.strip_prefix('^') {
        Some(name) => {
            negated = !negated;
            name
        }
        None => name,
    };
    let part = || text.get(..length).unwrap_or(text);
    let within = match name {
        "Any" => "\\x{0}-\\x{10FFFF}".to_owned(),
        // Code points that are not assigned belong to no category here.
        "C" => "\\p{Cc}\\p{Cf}\\p{Co}".to_owned(),
        _ if CATEGORIES.contains(&name) => format!("\\p{{{name}}}"),
        _ if script(name) => format!("\\p{{Script={name}}}"),
        _ => return Err(Invalid::new(RANGE, part())),
    };
    // No text holds a surrogate, so that class is empty.
    let class = match (name, negated) {
        ("Cs", false) => "[^\\x{0}-\\x{10FFFF}]".to_owned(),
        ("Cs", true) => "[\\x{0}-\\x{10FFFF}]".to_owned(),
        (_, false) => format!("[{within}]"),
        (_, true) => format!("[^{within}]"),
    };
    // Whether there is a script of that name is for the other crate to say, which knows them all.
    if regex::Regex::new(&class).is_err() {
        return Err(Invalid::new(RANGE, part()));
    }
    Ok((length, class))
}

/// Whether a script's full name is written like this: words with a capital, joined by underscores.
fn script(name: &str) -> bool {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|c| c.is_ascii_uppercase())
            && word.len() > 1
            && letters.all(|c| c.is_ascii_lowercase())
    };
    // The names of four letters that are abbreviations are not full names.
    const SHORT: &[&str] = &[
        "Bopo", "Cher", "Copt", "Cyrl", "Deva", "Ethi", "Grek", "Hang", "Hani", "Hebr", "Hira", "Kana",
        "Latn", "Zyyy", "Zinh", "Zzzz",
    ];
    matches!(name, "SignWriting") || name.split('_').all(word) && !SHORT.contains(&name)
}
