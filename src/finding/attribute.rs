/// The path of an attribute without list indexes, keys in brackets and splats: `ingress[0].cidr_blocks[*]` and
/// `ingress.0.cidr_blocks` are both `ingress.cidr_blocks`.
pub(crate) fn without_indexes(path: &str) -> String {
    let mut kept = String::with_capacity(path.len());
    let mut chars = path.chars();
    while let Some(char) = chars.next() {
        if char == '[' {
            skip_key(&mut chars);
        } else {
            kept.push(char);
        }
    }
    let steps = kept
        .split('.')
        .filter(|step| !step.is_empty() && *step != "*" && !step.bytes().all(|byte| byte.is_ascii_digit()));
    steps.collect::<Vec<_>>().join(".")
}

/// Goes on behind the closing bracket; a bracket in a quoted key closes nothing.
fn skip_key(chars: &mut std::str::Chars<'_>) {
    let mut quoted = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' if quoted => drop(chars.next()),
            '"' => quoted = !quoted,
            ']' if !quoted => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_indexes;

    #[test]
    fn indexes_do_not_count() {
        for path in [
            "ingress.cidr_blocks",
            "ingress[0].cidr_blocks[12]",
            "ingress.0.cidr_blocks.*",
            "ingress[\"a].b\\\"\"].cidr_blocks[*]",
            "ingress.cidr_blocks[",
        ] {
            assert_eq!(without_indexes(path), "ingress.cidr_blocks", "{path}");
        }
    }
}
