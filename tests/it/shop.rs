//! The shop: `as-is` yields every mistake that its page lists, and `as-it-should-be` nothing at all.

use plangate::{Outcome, Request, lint};

use crate::blessed::project;

fn judge(tree: &str) -> Outcome {
    let request = Request {
        current: project(),
        paths: vec![project().join("fixtures/shop").join(tree)],
        ..Request::default()
    };
    lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{tree} cannot be judged: {failure:?}"))
}

/// Rule and place of every row of the page's table.
fn listed() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(project().join("fixtures/shop/README.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |line: &str| {
        let (rule, rest) = line.split_once('`')?;
        let (_, rest) = rest.split_once("[`")?;
        Some((rule.to_owned(), rest.split_once('`')?.0.to_owned()))
    };
    rows.map(|line| row(line).unwrap_or_else(|| panic!("the row of {line}"))).collect()
}

/// The places of a finding, the one to mend and those that tell its story: `file:line`, below `as-is`.
fn places(outcome: &Outcome, index: usize) -> Vec<String> {
    let finding = &outcome.findings[index];
    let locations = finding.primary.into_iter().chain(finding.labels.iter().map(|label| label.location));
    let shown = locations.map(|location| {
        let file = outcome.model.sources.get(location.file);
        let path = file.path.trim_start_matches("fixtures/shop/as-is/");
        format!("{path}:{}", file.line_column(location.span.start).line)
    });
    shown.collect()
}

#[test]
fn every_mistake_of_the_shop_is_found_and_nothing_else() {
    let outcome = judge("as-is");
    let listed = listed();
    assert!(listed.len() > 30, "the table is read");
    let told: Vec<(String, Vec<String>)> = (0..outcome.findings.len())
        .map(|index| (outcome.findings[index].rule.to_string(), places(&outcome, index)))
        .collect();
    // A missing alias stands at the resource that lacks it, and the table names the line to mend.
    let (aliases, listed): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|(rule, _)| rule == "missing-dns-alias");
    let unaliased = outcome.findings.iter().filter(|finding| finding.rule == "missing-dns-alias");
    assert_eq!((aliases.len(), unaliased.map(|finding| finding.places.len()).sum::<usize>()), (6, 8));
    for (rule, place) in &listed {
        let found = told.iter().any(|(id, places)| id == rule && places.contains(place));
        assert!(found, "{rule} at {place} is not found");
    }
    for (rule, places) in told.iter().filter(|(rule, _)| rule != "missing-dns-alias") {
        let known = listed.iter().any(|(id, place)| id == rule && places.contains(place));
        assert!(known, "{rule} at {places:?} is not listed");
    }
    assert_eq!(outcome.coverage.undecided, []);
}

#[test]
fn the_shop_as_it_should_be_has_nothing_to_mend() {
    let outcome = judge("as-it-should-be");
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.coverage.undecided, []);
    assert!(outcome.coverage.resources > 100);
}
