use std::io::{self, Write};

use super::visible::Shown;

/// Begins an XML document.
pub(super) fn declaration(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
}

/// Text of others, for an attribute in double quotes and for content alike: the characters of the markup as references,
/// those that XML does not know at all made visible.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // As such they would be read as spaces in an attribute.
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => escaped.extend(char.escape_unicode()),
            char => Shown(char).push_to(&mut escaped),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_leaves_its_attribute() {
        assert_eq!(
            escape("a\"b' ]]> <x/> & \n\r\t"),
            "a&quot;b&apos; ]]&gt; &lt;x/&gt; &amp; &#10;&#13;&#9;"
        );
        assert_eq!(escape("\0\u{1b}\u{fffe}\u{202e}"), "\\u{0}\\u{1b}\\u{fffe}\\u{202e}");
    }
}
