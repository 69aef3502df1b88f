use super::*;
use crate::config::PRESETS;
use crate::finding::message_style;

#[test]
fn ids_are_sorted_unique_and_name_their_files() {
    for pair in RULES.windows(2) {
        assert!(pair[0].id < pair[1].id, "{} before {}", pair[0].id, pair[1].id);
    }
    for rule in RULES {
        let stem = rule.id.replace('-', "_");
        let file = |folder: &str| format!("{}/src/rules/{folder}{stem}.rs", env!("CARGO_MANIFEST_DIR"));
        let text =
            ["", "plans/", "units/"].iter().find_map(|folder| std::fs::read_to_string(file(folder)).ok());
        let text = text.unwrap_or_else(|| panic!("{} has no file of its name", rule.id));
        let page: Vec<&str> =
            text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        assert_eq!(
            page.first(),
            rule.page().text.lines().next().as_ref(),
            "{} has another file's page",
            rule.id
        );
    }
}

#[test]
fn every_rule_has_a_page() {
    for rule in RULES {
        let page = rule.page();
        assert!(page.summary.ends_with('.'), "{}: the first paragraph is a sentence", rule.id);
        for heading in ["## Why", "## Example", "## Instead"] {
            assert!(page.text.lines().any(|line| line == heading), "{} has no `{heading}`", rule.id);
        }
    }
}

#[test]
fn every_option_is_documented_and_has_a_default() {
    for rule in RULES {
        for option in rule.options() {
            assert!(!option.text.is_empty(), "{}.{} has no doc comment", rule.id, option.name);
            assert!(!option.default.is_empty(), "{}.{} has no default", rule.id, option.name);
            assert!(option.text.ends_with('.'), "{}.{}: a doc comment is a sentence", rule.id, option.name);
        }
        let empty = Setting::unwritten(SettingKind::Map(Vec::new()));
        assert!(rule.configure(&empty).is_ok(), "{} needs options", rule.id);
        let unknown = lone(&Entry { key: "no_such_option".into(), key_location: None, value: empty });
        assert!(rule.configure(&unknown).is_err(), "{} takes options that it does not know", rule.id);
    }
}

#[test]
fn presets_speak_of_rules_that_exist_and_of_all_of_them() {
    let config = Config::built_in();
    assert_eq!(config.problems, []);
    for (name, text) in PRESETS {
        let mut ids: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("rule \"")?.split('"').next()).collect();
        for id in &ids {
            assert!(find(id).is_some(), "preset {name} speaks of `{id}`, which is no rule");
        }
        let written = ids.clone();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(written, ids, "preset {name} is sorted");
        if *name == "all" {
            assert_eq!(ids, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
        }
    }
}

#[test]
fn names_state_the_problem() {
    // Each reads well after "allow": a name that praises what is right would be read the wrong way round.
    for rule in RULES {
        for word in ["require-", "enforce-", "must-"] {
            assert!(!rule.id.starts_with(word), "{} does not read after `allow`", rule.id);
        }
        assert_eq!(message_style(&rule.id.replace('-', " ")), Ok(()));
    }
}
