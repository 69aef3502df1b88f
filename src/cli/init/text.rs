use super::survey::Survey;
use crate::config::quoted;

/// A configuration that fits a tree: what it has is in force or offered, with a word about why.
pub(super) fn write(survey: &Survey) -> String {
    let mut text = String::from(
        "# plangate.hcl: how plangate judges this tree.\n\
         # The nearest file above a path wins; `plangate lint --print-config PATH` shows what holds there.\n\n\
         # No file above this one is looked for.\n\
         root = true\n\n\
         # Which rules are on: \"recommended\", \"all\", \"security\", \"style\", or paths of other files.\n\
         extends = [\"recommended\"]\n\n\
         # From which severity on a finding makes the exit code 1: \"info\", \"warning\" or \"error\".\n\
         threshold = \"error\"\n\n\
         # What cannot be decided (because a value is not known) counts as this: \"ignore\", \"warn\" or \"error\".\n\
         undecided = \"warn\"\n\n\
         # A rule's settings. `plangate rules` lists the rules, `plangate explain RULE` tells of one.\n\
         # rule \"missing-required-version\" {\n\
         #   severity = \"error\"\n\
         #   exclude  = [\"legacy/\"]\n\
         # }\n",
    );
    production(survey, &mut text);
    variants(survey, &mut text);
    sources(survey, &mut text);
    if survey.terragrunt {
        text.push_str(
            "\n# Terragrunt units were found; their files are read as Terragrunt, not as modules.\n",
        );
    }
    text
}

fn production(survey: &Survey, text: &mut String) {
    if survey.production.is_empty() {
        return;
    }
    text.push_str("\n# A part of the tree may be judged more strictly.\n");
    for directory in &survey.production {
        text.push_str(&format!(
            "paths {} {{\n  threshold = \"warning\"\n}}\n",
            quoted(&format!("{directory}/**"))
        ));
    }
}

fn variants(survey: &Survey, text: &mut String) {
    if survey.variants.is_empty() {
        return;
    }
    text.push_str(
        "\n# Each root module that has these files is evaluated once for each of them, so that a mistake in one\n\
         # environment is found.\n",
    );
    for (name, file) in &survey.variants {
        text.push_str(&format!("variant {} {{\n  var_files = [{}]\n}}\n", quoted(name), quoted(file)));
    }
}

fn sources(survey: &Survey, text: &mut String) {
    if survey.sources.is_empty() {
        return;
    }
    text.push_str(
        "\n# Modules from elsewhere are not downloaded; what hangs on them stays undecided. Where they lie on disk, say so: a\n\
         # git repository is read at the ref that is asked for; a plain directory must be called `unversioned`.\n\
         # module_sources = {\n",
    );
    for (pattern, calls) in &survey.sources {
        let last = pattern.rsplit('/').next().unwrap_or_default();
        let last = if last.contains("{name}") { last } else { "{name}" };
        let target = quoted(&format!("../mirrors/{last}"));
        let calls = if *calls == 1 { "1 call".to_owned() } else { format!("{calls} calls") };
        text.push_str(&format!("#   {} = {target} # {calls}\n", quoted(pattern)));
    }
    text.push_str("# }\n");
}
