use super::Secret;
use super::literal::is_mixed;
use super::name::{NAME_KEYS, Suspicion, VALUE_KEYS};
use super::recogniser::Recogniser;
use crate::source::Span;

/// What a text is: how far a bare word behind a name may be believed to be its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Prose {
    /// A script, a file of settings, JSON.
    No,
    /// A comment: a bare word may be a sentence's.
    Yes,
}

/// Whether a bare word cannot be a name, a call or a word of a sentence.
fn is_no_code(value: &str) -> bool {
    value.len() >= 6
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && is_mixed(value)
        && !value.contains(['.', '[', '(', '$', '/'])
}

/// Where `name = value` stands in a text.
struct Assignment<'t> {
    name: &'t str,
    value: Span,
    quoted: bool,
    /// Whether `=` stands between the two without white space, as shells and addresses have it.
    tight: bool,
}

/// Secrets that a text gives to names: `PASSWORD=…`, `"token": "…"`, `--password …`, `api-key: …`.
pub(super) fn find(recogniser: &Recogniser, text: &str, prose: Prose, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    // The last `name: PASSWORD`, which names the `value` behind it.
    let mut named: Option<(&str, usize)> = None;
    // Spaces matter behind flags only, and are by far the commonest of the three.
    let space = if memchr::memmem::find(bytes, b"--").is_some() { b' ' } else { b'=' };
    for at in memchr::memchr3_iter(b'=', b':', space, bytes) {
        let assignment = if bytes.get(at) == Some(&b' ') { option(text, at) } else { assignment(text, at) };
        let Some(assignment) = assignment else { continue };
        let Some(value) = text.get(assignment.value.start as usize..assignment.value.end as usize) else {
            continue;
        };
        let mut name = assignment.name;
        if NAME_KEYS.contains(&name) {
            named = Some((value, assignment.value.end as usize));
        } else if VALUE_KEYS.contains(&name)
            && let Some((given, end)) = named.take()
            && text.get(end..at).is_some_and(|between| !between.contains(['{', '}', '[', ']']))
        {
            name = given;
        }
        let suspicion = recogniser.suspicion(name);
        if suspicion == Suspicion::None {
            continue;
        }
        // In a sentence, and in YAML, a bare word may say what kind of thing a password is.
        let believed = assignment.quoted || prose == Prose::No && assignment.tight || is_no_code(value);
        let suspicion = if believed { suspicion } else { suspicion.min(Suspicion::Hint) };
        if let Some(judged) = recogniser.judge(suspicion, name, value)
            && (believed || judged.certain)
        {
            found.push(Secret { span: assignment.value, sign: judged.sign, certain: judged.certain });
        }
    }
}

/// The assignment whose `=` or `:` stands at `at`.
fn assignment(text: &str, at: usize) -> Option<Assignment<'_>> {
    let before = text.get(..at)?;
    let after = text.get(at + 1..)?;
    // `==`, `!=`, `<=`, `::` and `://` give nothing to a name.
    if after.starts_with(['=', '/', ':', '~']) || before.ends_with(['=', '!', '<', '>', ':', '~']) {
        let walrus = text.as_bytes().get(at) == Some(&b'=') && before.ends_with(':');
        if !walrus {
            return None;
        }
    }
    let named = before.trim_end_matches(':').trim_end_matches([' ', '\t']);
    let named = named.trim_end_matches(['"', '\'', '`', '\\', ']', ')']);
    let name = name_at_end(named)?;
    // `arn:aws:secretsmanager:eu-west-1:123456789012:secret:db` is one name.
    if named.get(..named.len() - name.len())?.ends_with(':') {
        return None;
    }
    let value = after.strip_prefix('>').unwrap_or(after);
    let bare = value.trim_start_matches([' ', '\t']);
    let tight = bare.len() == after.len() && before.len() == named.len();
    let (span, quoted) = value_at(text, text.len() - bare.len())?;
    Some(Assignment { name, value: span, quoted, tight })
}

/// The assignment whose space stands at `at`: `--password hunter2`.
fn option(text: &str, at: usize) -> Option<Assignment<'_>> {
    let before = text.get(..at)?;
    let name = name_at_end(before)?;
    let flag = before.get(..before.len() - name.len())?;
    let name = name.trim_start_matches('-');
    let long = before.get(..before.len() - name.len())?;
    if !(flag.is_empty() || flag.ends_with([' ', '\t', '\n'])) || !long.ends_with("--") {
        return None;
    }
    let bare = text.get(at..)?.trim_start_matches(' ');
    if bare.starts_with('-') {
        return None;
    }
    let (value, quoted) = value_at(text, text.len() - bare.len())?;
    Some(Assignment { name, value, quoted, tight: true })
}

fn name_at_end(text: &str) -> Option<&str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let name = text.get(text.trim_end_matches(is_part).len()..)?;
    (!name.is_empty() && name.len() <= 100).then_some(name)
}

/// The value that begins at `from`, and whether it is quoted.
fn value_at(text: &str, from: usize) -> Option<(Span, bool)> {
    let rest = text.get(from..)?;
    for quote in ["\\\\\\\"", "\\\"", "\"", "'"] {
        if let Some(inner) = rest.strip_prefix(quote) {
            let end = inner.find([quote.chars().next_back()?, '\n'])?;
            let escaped = quote.len() - 1;
            let end = end.checked_sub(escaped)?;
            let start = from + quote.len();
            return (end > 0).then(|| (Span::new(start as u32, (start + end) as u32), true));
        }
    }
    // What stands between backticks is a command.
    let end = rest.find(|letter: char| letter.is_whitespace() || "\"'`,;&|<>)]}\\".contains(letter));
    let value = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches(['.', '\\']);
    let called = rest.get(value.len()..)?.starts_with('(') || value.contains('(');
    (!value.is_empty() && !called).then(|| (Span::new(from as u32, (from + value.len()) as u32), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, prose: Prose) -> Vec<&str> {
        let mut found = Vec::new();
        find(&Recogniser::default(), text, prose, &mut found);
        let certain = found.into_iter().filter(|secret| secret.certain);
        certain.map(|secret| &text[secret.span.start as usize..secret.span.end as usize]).collect()
    }

    #[test]
    fn scripts_and_settings() {
        for (text, expected) in [
            ("export DB_PASSWORD=hunter2\n", "hunter2"),
            ("DB_PASSWORD=letmein", "letmein"),
            ("password: 'pa ss'", "pa ss"),
            ("{\"password\": \"letmein\"}", "letmein"),
            ("{\\\"password\\\": \\\"letmein\\\"}", "letmein"),
            ("mysql --user x --password hunter2 -h y", "hunter2"),
            ("mysql --password=hunter2", "hunter2"),
            ("Server=db;User Id=x;Password=hunter2;Encrypt=true", "hunter2"),
            ("curl https://x/?token=8f3b1c9e7a2d4f60&y=1", "8f3b1c9e7a2d4f60"),
            ("  adminPassword = \"letmein\"", "letmein"),
            ("'password' => 'letmein',", "letmein"),
            ("api-key: x7Gh29fkLQ0aaPwe81Bn", "x7Gh29fkLQ0aaPwe81Bn"),
            ("password := \"letmein\"", "letmein"),
            ("{\"name\": \"DB_PASSWORD\", \"value\": \"letmein\"}", "letmein"),
            ("- name: DB_PASSWORD\n  value: \"letmein\"\n", "letmein"),
        ] {
            assert_eq!(found(text, Prose::No), [expected], "{text}");
        }
    }

    #[test]
    fn references_and_labels_are_none() {
        for text in [
            "export DB_PASSWORD=$(aws ssm get-parameter)",
            "export DB_PASSWORD=${password}",
            "DB_PASSWORD=$SECRET",
            "password = var.password",
            "password = random_password.this.result",
            "password: changeme",
            "password_file=/run/secrets/db",
            "if [ \"$PASSWORD\" == \"x1y2z3\" ]",
            "password:\n  next: 1",
            "secret: db-credentials",
            "passwd --expire root",
            "token: get(x)",
            "[{\"name\": \"DB_PASSWORD\"}, {\"value\": \"letmein\"}]",
        ] {
            assert_eq!(found(text, Prose::No), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn a_comment_may_speak_of_passwords() {
        for text in
            ["password: must be long", "the token = whatever", "secret: optional", "# password: string"]
        {
            assert_eq!(found(text, Prose::Yes), Vec::<&str>::new(), "{text}");
        }
        assert_eq!(found("# password = \"hunter2\"", Prose::Yes), ["hunter2"]);
        assert_eq!(found("login is admin, password: hunter2", Prose::Yes), ["hunter2"]);
    }
}
