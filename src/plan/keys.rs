use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Plan;
use super::identity::Reference;
use crate::model::Key;
use crate::terraform::Keys;

impl Plan {
    /// The keys of all instances that there will be, by the address of their resource or module call.
    pub(super) fn keys(&self) -> Keys {
        let mut found: FxHashMap<ArcStr, FxHashSet<Key>> = FxHashMap::default();
        let mut modules: FxHashSet<&str> = FxHashSet::default();
        for change in self.changes.iter().filter(|change| change.stays()) {
            if modules.insert(&change.module) {
                of_module(&change.module, &mut found);
            }
            if matches!(change.key, Key::Count(_) | Key::Each(_)) {
                let dot = if change.module.is_empty() { "" } else { "." };
                let prefix = change.mode.prefix();
                let resource = format!("{}{dot}{prefix}{}.{}", change.module, change.ty, change.name);
                found.entry(resource.into()).or_default().insert(change.key.clone());
            }
        }
        let sorted = found.into_iter().map(|(address, keys)| {
            let mut keys: Vec<Key> = keys.into_iter().collect();
            keys.sort();
            (address, keys)
        });
        sorted.collect()
    }
}

/// The keys in the address of a module instance: `module.a["k"].module.b[0]`.
fn of_module(address: &str, found: &mut FxHashMap<ArcStr, FxHashSet<Key>>) {
    let Some(reference) = Reference::parse(address) else { return };
    let mut inside = String::new();
    let mut at = 0;
    while let Some(name) = reference.name(at + 1) {
        if !inside.is_empty() {
            inside.push('.');
        }
        inside.push_str("module.");
        inside.push_str(name);
        at += 2;
        if let Some(key) = reference.key(at) {
            found.entry(inside.as_str().into()).or_default().insert(key.clone());
            inside.push_str(&key.to_string());
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Tie, parse};
    use super::*;

    #[test]
    fn keys_of_modules_and_resources_are_told() {
        let change = |address: &str, module: &str, index: &str| {
            format!(
                r#"{{"address":{address:?},"module_address":{module:?},"mode":"managed","type":"a","name":"b","index":{index},
                "change":{{"actions":["create"],"before":null,"after":{{}}}}}}"#
            )
        };
        let all = [
            change(r#"module.m["k"].module.n[1].a.b[10]"#, r#"module.m["k"].module.n[1]"#, "10"),
            change(r#"module.m["k"].module.n[1].a.b[9]"#, r#"module.m["k"].module.n[1]"#, "9"),
            change("a.b", "", "null"),
        ];
        let text = format!(r#"{{"format_version":"1.2","resource_changes":[{}]}}"#, all.join(","));
        let plans = parse(&"plan.json".into(), &Tie::None, text.into_bytes());
        let mut keys: Vec<_> = plans.plans[0].keys().into_iter().collect();
        keys.sort();
        let expected: [(ArcStr, Vec<Key>); 3] = [
            ("module.m".into(), vec![Key::Each("k".into())]),
            (r#"module.m["k"].module.n"#.into(), vec![Key::Count(1)]),
            (r#"module.m["k"].module.n[1].a.b"#.into(), vec![Key::Count(9), Key::Count(10)]),
        ];
        assert_eq!(keys, expected);
    }
}
