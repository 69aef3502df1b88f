//! Upper, lower and title case of single code points, without the mappings that make several of one.

/// The upper case of a code point.
pub(super) fn upper(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => iota(c),
    }
}

/// The lower case of a code point.
pub(super) fn lower(c: char) -> char {
    // The one code point that becomes two in lower case is the dotted capital I.
    c.to_lowercase().next().unwrap_or(c)
}

/// The title case of a code point.
pub(super) fn title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        // Georgian letters have capitals, but not in titles.
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => upper(c),
    }
}

/// Greek letters with a small iota below have a capital of one code point; others whose upper case is several code
/// points have none.
fn iota(c: char) -> char {
    let offset = match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        _ => 0,
    };
    char::from_u32(c as u32 + offset).unwrap_or(c)
}

/// Whether a word ends at this code point, so that the next one begins another.
pub(super) fn separates(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_alphanumeric() && c != '_' } else { c.is_whitespace() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_point_stays_one() {
        assert_eq!(upper('ß'), 'ß');
        assert_eq!(upper('ᾳ'), 'ᾼ');
        assert_eq!(upper('ﬁ'), 'ﬁ');
        assert_eq!(lower('İ'), 'i');
        assert_eq!(title('ǆ'), 'ǅ');
        assert_eq!(title('ა'), 'ა');
    }
}
