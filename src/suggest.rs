//! "Did you mean": the nearest of the names that exist.

/// The name that was probably meant: `did you mean `x`?`; `None` if none is near.
pub fn did_you_mean<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, names).map(|name| format!("did you mean `{name}`?"))
}

/// The nearest name, if it is near enough to be what was meant; of equally near ones, the first in the alphabet.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the letters may be wrong: `securty_group` is a slip, `subnet` is another word.
    let bound = (written.chars().count().max(3) / 3).min(5);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let distance = distance(written, name, bound);
        if let Some(distance) = distance
            && best.is_none_or(|best| (distance, name) < best)
        {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// All names there are, after a word of introduction: `use `a`, `b` or `c``.
#[must_use]
pub fn one_of(introduction: &str, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => format!("{introduction} {last}"),
        Some((last, others)) => format!("{introduction} {} or {last}", others.join(", ")),
        None => introduction.to_owned(),
    }
}

/// How many letters must be changed, added, left out or swapped with their neighbour, up to `bound`.
fn distance(a: &str, b: &str, bound: usize) -> Option<usize> {
    // Most names are dismissed by their length, before anything is made of them.
    if a.is_ascii() && b.is_ascii() && a.len().abs_diff(b.len()) > bound {
        return None;
    }
    let letters = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let (a, b) = (letters(a), letters(b));
    if a.len().abs_diff(b.len()) > bound {
        return None;
    }
    // Three rows of the table are enough; a row begins with the cost of leaving out everything.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&above, j) + usize::from(from != to);
            let mut cost = changed.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&distance| distance <= bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let names = ["severity", "enabled", "trusted", "vpc_id", "vpc_ids"];
        let table = [
            ("severty", Some("severity")),
            ("trsuted", Some("trusted")),
            ("Enabled", Some("enabled")),
            ("vpc_idd", Some("vpc_id")),
            ("subnet", None),
            ("x", None),
        ];
        for (written, meant) in table {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
        assert_eq!(did_you_mean("trustd", names).as_deref(), Some("did you mean `trusted`?"));
        assert_eq!(one_of("use", &["a", "b", "c"]), "use `a`, `b` or `c`");
    }
}
