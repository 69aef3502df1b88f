/// What a file is, judged by its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum FileKind {
    /// `.tf`, `.tofu` and their JSON forms: part of a module.
    Module,
    /// The same, `override.*` or `*_override.*`: replaces parts of a module.
    Override,
    /// `.tfvars`: values for a module's variables.
    Variables(VariablesKind),
    /// `.tftest.hcl`, `.tofutest.hcl` and their JSON forms.
    Test,
    /// `.tfquery.hcl`
    Query,
    /// `terragrunt.hcl` and every other `.hcl`.
    Terragrunt,
    /// `plangate.hcl`: this program's own settings.
    Settings,
    /// `.terraform.lock.hcl`, which no walk finds: it is read for a plan of its directory.
    Lock,
}

/// When a file of variable values is loaded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum VariablesKind {
    /// `terraform.tfvars[.json]`: always, first.
    Default,
    /// `*.auto.tfvars[.json]`: always, after those, in lexical order.
    Auto,
    /// Any other: only when somebody names it.
    Named,
}

/// The name of the file that says which versions of providers are used.
pub const LOCK_NAME: &str = ".terraform.lock.hcl";

/// The name of the file with this program's settings.
pub const SETTINGS_NAME: &str = "plangate.hcl";

impl FileKind {
    /// What a file of that name is; `None` if it is none of ours, an editor's backup, or hidden.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        if name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) {
            return None;
        }
        if name == SETTINGS_NAME {
            return Some(Self::Settings);
        }
        let stem = name.strip_suffix(".json").unwrap_or(name);
        let json = stem.len() != name.len();
        if let Some(base) = stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu")) {
            let replaces = base == "override" || base.ends_with("_override");
            return Some(if replaces { Self::Override } else { Self::Module });
        }
        if let Some(base) = stem.strip_suffix(".tfvars") {
            return Some(Self::Variables(if base == "terraform" {
                VariablesKind::Default
            } else if base.ends_with(".auto") {
                VariablesKind::Auto
            } else {
                VariablesKind::Named
            }));
        }
        if [".tftest", ".tofutest"].iter().any(|test| {
            stem.strip_suffix(".hcl").is_some_and(|base| base.ends_with(test)) && !json
                || json && stem.ends_with(test)
        }) {
            return Some(Self::Test);
        }
        if name == "terragrunt.hcl.json" {
            return Some(Self::Terragrunt);
        }
        if json {
            return None;
        }
        if stem.ends_with(".tfquery.hcl") {
            return Some(Self::Query);
        }
        stem.ends_with(".hcl").then_some(Self::Terragrunt)
    }

    /// Whether files of this kind make a directory a module.
    #[must_use]
    pub const fn is_module(self) -> bool {
        matches!(self, Self::Module | Self::Override)
    }
}

/// Whether a file is written in the JSON form.
#[must_use]
pub fn is_json(name: &str) -> bool {
    name.ends_with(".json")
}

/// The name of the OpenTofu file that, lying beside it, takes the place of this Terraform file: `main.tofu` for `main.tf`.
#[must_use]
pub fn shadowing_name(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let json = if stem.len() == name.len() { "" } else { ".json" };
    if let Some(base) = stem.strip_suffix(".tf") {
        return Some([base, ".tofu", json].concat());
    }
    if let Some(base) = stem.strip_suffix(".tftest.hcl") {
        return Some(format!("{base}.tofutest.hcl"));
    }
    let base = stem.strip_suffix(".tftest").filter(|_| !json.is_empty())?;
    Some(format!("{base}.tofutest.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        use FileKind::*;
        let table: &[(&str, Option<FileKind>)] = &[
            ("main.tf", Some(Module)),
            ("main.tofu", Some(Module)),
            ("main.tf.json", Some(Module)),
            ("main.tofu.json", Some(Module)),
            ("override.tf", Some(Override)),
            ("x_override.tofu.json", Some(Override)),
            ("xoverride.tf", Some(Module)),
            ("terraform.tfvars", Some(Variables(VariablesKind::Default))),
            ("terraform.tfvars.json", Some(Variables(VariablesKind::Default))),
            ("a.auto.tfvars", Some(Variables(VariablesKind::Auto))),
            ("a.auto.tfvars.json", Some(Variables(VariablesKind::Auto))),
            ("prod.tfvars", Some(Variables(VariablesKind::Named))),
            ("a.tftest.hcl", Some(Test)),
            ("a.tftest.json", Some(Test)),
            ("a.tofutest.hcl", Some(Test)),
            ("a.tofutest.json", Some(Test)),
            ("a.tfquery.hcl", Some(Query)),
            ("terragrunt.hcl", Some(Terragrunt)),
            ("terragrunt.hcl.json", Some(Terragrunt)),
            ("root.hcl", Some(Terragrunt)),
            ("plangate.hcl", Some(Settings)),
            (".terraform.lock.hcl", None),
            (".main.tf", None),
            ("main.tf~", None),
            ("#main.tf#", None),
            ("package.json", None),
            ("main.tf.bak", None),
            ("x.hcl.json", None),
        ];
        for (name, kind) in table {
            assert_eq!(FileKind::of(name), *kind, "{name}");
        }
    }

    #[test]
    fn opentofu_takes_the_place_of_terraform() {
        assert_eq!(shadowing_name("main.tf").as_deref(), Some("main.tofu"));
        assert_eq!(shadowing_name("main.tf.json").as_deref(), Some("main.tofu.json"));
        assert_eq!(shadowing_name("a.tftest.hcl").as_deref(), Some("a.tofutest.hcl"));
        assert_eq!(shadowing_name("a.tftest.json").as_deref(), Some("a.tofutest.json"));
        assert_eq!(shadowing_name("main.tofu"), None);
    }
}
