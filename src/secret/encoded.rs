use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The text that a literal holds in Base64: user data, a file of settings. `None` if it is no text.
pub(super) fn decoded(literal: &str) -> Option<String> {
    const SHORTEST: usize = 40;
    let is_base64 = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') || byte.is_ascii_whitespace()
    };
    if literal.len() < SHORTEST || !literal.bytes().all(is_base64) {
        return None;
    }
    let dense: String = literal.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let text = String::from_utf8(STANDARD.decode(dense).ok()?).ok()?;
    let shown = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    text.chars().all(shown).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded() {
        let script = "#!/bin/sh\nexport PASSWORD=hunter2\n";
        assert_eq!(decoded(&STANDARD.encode(script)).as_deref(), Some(script));
        for other in ["short", "not base64, but long enough to be looked at", &STANDARD.encode([0_u8; 60])] {
            assert_eq!(decoded(other), None, "{other}");
        }
    }
}
