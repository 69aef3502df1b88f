/// The variables of the environment that Terraform reads values from, by name without the prefix, sorted.
pub(super) fn variables() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
            Some((name, value.to_str()?.to_owned()))
        })
        .collect();
    found.sort();
    found
}

/// All variables of the environment that are text.
pub(super) fn process() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value.to_str()?.to_owned())))
        .collect()
}
