//! Rules say the same of a source alone, of its plan alone and of both, or that they cannot know.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use plangate::Request;
use plangate::engine::RuleFilter;
use plangate::source::{PlanArgument, Walk};
use plangate::terraform::Input;
use serde_json::Value as Json;

use super::{cases, json};

const RULES: [&str; 2] = ["open-ingress", "missing-dns-alias"];

/// What a rule says: of which resources it has a finding, of which it cannot know.
#[derive(Default, Debug)]
struct Said {
    wrong: BTreeSet<String>,
    open: BTreeSet<String>,
}

impl Said {
    /// The resources that one is sure are wrong, and the other that they are not.
    fn against<'s>(&'s self, other: &'s Self) -> Vec<&'s String> {
        self.wrong.iter().filter(|it| !other.wrong.contains(*it) && !other.open.contains(*it)).collect()
    }
}

fn arguments(expected: &Json) -> Vec<Input> {
    let given = expected["plan"]["args"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let input = |argument: &str| {
        if let Some((name, text)) = argument.strip_prefix("--var=").and_then(|given| given.split_once('=')) {
            return Some(Input::Value { name: name.to_owned(), text: text.to_owned() });
        }
        argument.strip_prefix("--var-file=").map(|file| Input::File(file.to_owned()))
    };
    given.filter_map(input).collect()
}

fn said(
    rule: &str,
    current: &Path,
    paths: Vec<PathBuf>,
    plans: Vec<PlanArgument>,
    given: Vec<Input>,
) -> Said {
    let request = Request {
        current: current.to_owned(),
        paths,
        plans,
        arguments: given,
        walk: Walk { no_ignore: true, ..Walk::default() },
        workspace: Some("default".to_owned()),
        filter: RuleFilter { only: vec![rule.to_owned()], skip: Vec::new() },
        ..Request::default()
    };
    let outcome =
        plangate::lint(&request, &mut |_| {}).unwrap_or_else(|error| panic!("{current:?}: {error:?}"));
    let places = outcome.findings.iter().flat_map(|finding| &finding.places);
    let open = outcome.coverage.undecided.iter().map(|undecided| &undecided.place);
    Said {
        wrong: places.filter_map(|place| place.resource.as_ref().map(ToString::to_string)).collect(),
        open: open.filter_map(|place| place.resource.as_ref().map(ToString::to_string)).collect(),
    }
}

#[test]
fn source_and_plan_never_contradict_each_other() {
    let mut decided = 0;
    let mut contradictions = Vec::new();
    for case in cases().iter().filter(|case| case.join("plan.json").is_file()) {
        let expected = json(&case.join("case.json"));
        let tree = case.join(expected["plan"]["dir"].as_str().unwrap_or("tree"));
        let plan = case.join("plan.json");
        let named = || vec![PlanArgument::Named(plan.display().to_string())];
        for rule in RULES {
            let source = said(rule, &tree, vec![tree.clone()], Vec::new(), arguments(&expected));
            let alone = said(rule, case, vec![plan.clone()], Vec::new(), Vec::new());
            let both = said(rule, &tree, vec![tree.clone()], named(), arguments(&expected));
            decided += both.wrong.len();
            // Without the source, less is known: never is something wrong of which both together are not sure.
            let surer: Vec<&String> = alone.wrong.difference(&both.wrong).collect();
            if !surer.is_empty() && !both.open.is_empty() {
                contradictions.push(format!("{} {rule}: only the plan is sure: {surer:?}", expected["name"]));
            }
            // A plan adds knowledge: what the source decides stays decided.
            let lost: Vec<&String> = both.open.difference(&source.open).collect();
            if !lost.is_empty() {
                contradictions.push(format!("{} {rule}: no longer decided: {lost:?}", expected["name"]));
            }
            // Of an errored plan, nobody knows what it does not say.
            let errored = expected["errored"] == Json::Bool(true);
            for (words, a, b) in [
                ("source, not both", &source, &both),
                ("both, not source", &both, &source),
                ("plan, not both", &alone, &both),
                ("both, not plan", &both, &alone),
            ] {
                let found = a.against(b);
                // What Terraform writes the configuration of, the source does not have.
                let unwritten = expected["name"] == "import-generated-config" && words == "both, not source";
                let excused = unwritten || errored && words == "both, not plan";
                if !found.is_empty() && !excused {
                    contradictions.push(format!("{} {rule}: {words}: {found:?}", expected["name"]));
                }
            }
        }
    }
    assert_eq!(contradictions, Vec::<String>::new());
    assert!(decided > 10, "{decided}");
}
