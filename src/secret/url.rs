use super::{Secret, Sign, placeholder, reference};
use crate::source::Span;

/// The password of the address whose `://` stands at `marker`: `postgres://user:password@host`.
pub(super) fn at(text: &str, marker: usize) -> Option<Secret> {
    let scheme = text.get(..marker)?.bytes().next_back()?;
    if !scheme.is_ascii_alphanumeric() {
        return None;
    }
    let from = marker + "://".len();
    let rest = text.get(from..)?;
    let end = rest.find(|letter: char| letter.is_whitespace() || "/\"'<>`\\,;)".contains(letter));
    let authority = rest.get(..end.unwrap_or(rest.len()))?;
    let (login, host) = authority.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    let hostless = !host.starts_with(|letter: char| letter.is_alphanumeric() || "[$%{".contains(letter));
    let made = ["$", "%s", "%v", "{{", "%(", "*", "#{"].iter().any(|sign| password.contains(sign));
    if password.len() < 3 || hostless || made || reference::is_reference(password) {
        return None;
    }
    let start = from + user.len() + 1;
    // A login that says the same twice is what a program ships with, and so is what only its own machine can reach.
    let shipped =
        user == password || ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| host.starts_with(own));
    let certain = !shipped && !placeholder::is_placeholder(password);
    let span = Span::new(start as u32, (start + password.len()) as u32);
    Some(Secret { span, sign: Sign::Address, certain })
}

#[cfg(test)]
mod tests {
    use super::at;

    fn password(text: &str) -> Option<&str> {
        let secret = at(text, text.find("://")?)?;
        secret.certain.then(|| &text[secret.span.start as usize..secret.span.end as usize])
    }

    #[test]
    fn passwords_of_addresses() {
        for (text, expected) in [
            ("postgres://app:hunter2@db.internal:5432/app", Some("hunter2")),
            ("amqps://shop:Qz7:x@9@mq.internal/", Some("Qz7:x@9")),
            ("redis://:s3kr1t-x@cache", Some("s3kr1t-x")),
            ("git::https://bot:gT7kq2LmZz@git.internal/a.git", Some("gT7kq2LmZz")),
            ("jdbc:mysql://app:hunter2@${aws_db_instance.x.address}/app", Some("hunter2")),
            ("postgres://app:${var.password}@db", None),
            ("postgres://app:$PASSWORD@db", None),
            ("postgres://app:%s@%s", None),
            ("postgres://user:password@db", None),
            ("postgres://app:<password>@db", None),
            ("amqp://guest:guest@mq", None),
            ("postgres://app:hunter2@localhost/app", None),
            ("https://host:8080/a@b", None),
            ("https://user@host", None),
            ("https://host", None),
            ("://a:bcd@x", None),
        ] {
            assert_eq!(password(text), expected, "{text}");
        }
    }
}
