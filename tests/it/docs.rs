//! Docs that are rendered from the code: rule pages, the table of rules, the help of the commands, the schema of options.

use plangate::rules::RULES;
use plangate::{catalog, cli};

use crate::blessed::{compare, nothing_else};

#[test]
fn rule_pages_are_what_explain_prints() {
    let mut names = vec!["README.md".to_owned()];
    let mut table = String::from("# Rules\n\n| rule | severity | presets | |\n| --- | --- | --- | --- |\n");
    for rule in catalog::all() {
        let page = catalog::page(&rule.id).expect("every rule has a page");
        let name = format!("{}.md", rule.id);
        compare(format!("docs/rules/{name}"), &page);
        names.push(name);
        let presets = catalog::presets_of(&rule.id).join(", ");
        let severity = format!("{:?}", rule.severity).to_lowercase();
        table.push_str(&format!(
            "| [`{0}`]({0}.md) | {severity} | {presets} | {1} |\n",
            rule.id, rule.summary
        ));
    }
    compare("docs/rules/README.md", &table);
    nothing_else("docs/rules", ".md", &names);
}

#[test]
fn the_commands_are_documented() {
    let mut text = String::from("# Commands\n\n");
    let mut section = |title: &str, help: String| {
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        text.push_str(&format!("## {title}\n\n```text\n{}\n```\n\n", help.join("\n").trim_end()));
    };
    section("plangate", cli::help(None).expect("the program has help"));
    for command in cli::commands() {
        let help = cli::help(Some(&command)).expect("every command has help");
        section(&format!("plangate {command}"), help);
    }
    compare("docs/commands.md", &format!("{}\n", text.trim_end()));
}

#[test]
fn the_options_of_rules_have_a_schema() {
    let rules: serde_json::Map<String, serde_json::Value> =
        RULES.iter().map(|rule| (rule.id.to_owned(), rule.schema().to_value())).collect();
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Options of the rules of plangate, by rule",
        "type": "object",
        "properties": rules,
    });
    compare("docs/schema/rule-options.v1.json", &format!("{schema:#}\n"));
}

#[test]
fn exit_codes_are_documented() {
    let path = crate::blessed::project().join("docs/exit-codes.md");
    let text = std::fs::read_to_string(path).expect("docs/exit-codes.md is there");
    for exit in plangate::exit::Exit::ALL {
        assert!(
            text.contains(exit.meaning()),
            "docs/exit-codes.md does not say: {} {}",
            exit.code(),
            exit.meaning()
        );
    }
}
