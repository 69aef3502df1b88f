//! What Terragrunt makes of small trees: see `fixtures/oracle/terragrunt/README.md`.

mod compare;
mod mutated;
mod refused;
mod tree;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;
use tree::Case;

/// Cases that are knowingly not met, and why.
const UNMET: &[(&str, &str)] = &[(
    "discovery-broken-neighbour",
    "a brace that is never closed is told where it is opened, not where the file ends",
)];

#[test]
fn every_tree_is_met() {
    let defaults: Json = serde_json::from_str(
        &std::fs::read_to_string(tree::folder().join("defaults.json")).expect("the defaults"),
    )
    .expect("JSON");
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut trees, mut units) = (0, 0);
    for name in tree::names() {
        let case = Case::open(&name);
        let disagreements = compare::disagreements(&case, &defaults);
        trees += 1;
        units += case.expected["units"].as_object().map_or(0, serde_json::Map::len);
        let known = UNMET.iter().find(|(unmet, _)| *unmet == name);
        match known {
            Some((_, reason)) if disagreements.is_empty() => {
                wrong.insert(name, vec![format!("is met now, though: {reason}")]);
            }
            None if !disagreements.is_empty() => {
                wrong.insert(name, disagreements);
            }
            _ => {}
        }
    }
    assert!((trees, units) == (143, 372), "there are {trees} trees with {units} units");
    let mut report = String::new();
    for (name, lines) in &wrong {
        let _ = writeln!(report, "{name}");
        for line in lines {
            let _ = writeln!(report, "    {line}");
        }
    }
    assert!(wrong.is_empty(), "{} of {trees} trees met\n{report}", trees - wrong.len() - UNMET.len());
}
