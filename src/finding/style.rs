use std::borrow::Cow;

/// Why a message does not read as the house's do, or nothing where it does: one line, no capital at its start
/// (unless the word is all capitals: `DNS`), no full stop at its end, not empty.
///
/// # Errors
/// The reason, for the tests that hold every rule to it.
pub fn message_style(message: &str) -> Result<(), &'static str> {
    if message.trim() != message || message.is_empty() {
        return Err("a message is neither empty nor surrounded by white space");
    }
    if message.contains(['\n', '\r']) {
        return Err("a message is one line");
    }
    let mut letters = message.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    if first && letters.next().is_some_and(char::is_lowercase) {
        return Err("a message begins with a small letter");
    }
    if message.ends_with(['.', '!']) && !message.ends_with("...") {
        return Err("a message ends without a full stop");
    }
    Ok(())
}

/// The text on one line: texts of others (a provider's, a file's) may come in several.
pub(super) fn one_line(text: String) -> String {
    if text.contains(['\n', '\r']) {
        let lines: Vec<Cow<'_, str>> =
            text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).map(Cow::from).collect();
        return lines.join(" ");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_read_alike() {
        for good in
            ["port 22 is open to the world", "DNS alias is missing", "`Foo.` is not declared", "and so on..."]
        {
            assert_eq!(message_style(good), Ok(()), "{good}");
        }
        for bad in ["", " padded", "Port 22 is open", "port 22 is open.", "two\nlines"] {
            assert!(message_style(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn several_lines_become_one() {
        assert_eq!(one_line("a\r\n  b\n\nc".into()), "a b c");
    }
}
