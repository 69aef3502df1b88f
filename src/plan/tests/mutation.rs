//! Whatever becomes of a plan on its way here, reading it ends in a result or in a clear error.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::{PlanSecrets, Plans, Tie, parse};

/// Plans with all that a plan can have.
static PLANS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let read = |name: &str| {
        let path = format!("{}/fixtures/oracle/plans/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("a plan of the oracle")
    };
    [
        "checks-in-modules/plan.json",
        "deferred-unknown-expansion/plan.json",
        "deposed-after-failed-destroy/plan.json",
        "identity-database-alias/plan.json",
        "identity-through-expansion/plan.json",
        "import-replaced/plan.json",
        "drift-refresh-only/plan.json",
        "sensitive-variables/plan.json",
        "drift-found/state.json",
    ]
    .into_iter()
    .map(read)
    .collect()
});

/// Reads it, and asks for everything that can be asked for.
fn exhaust(bytes: Vec<u8>) -> Plans {
    let plans = parse(&"plan.json".into(), &Tie::None, bytes);
    for plan in &plans.plans {
        let deferred = plan.deferred.iter().map(|deferred| &deferred.change);
        for change in plan.changes.iter().chain(&plan.drift).chain(deferred) {
            let _ = (plan.before(change), plan.after(change), change.describe());
        }
        for output in &plan.outputs {
            let _ = (plan.output_before(output), plan.output_after(output));
        }
        let _ = (plan.read_data(), plan.configuration(), format!("{plan:?}"));
    }
    let _ = PlanSecrets::of(&plans).masked("text");
    let said = plans.problems.iter().map(|problem| problem.fault.to_string());
    assert!(said.into_iter().all(|text| !text.is_empty()));
    assert!(!plans.plans.is_empty() || !plans.can_be_trusted(), "something is said");
    plans
}

fn count(value: &Json) -> usize {
    1 + match value {
        Json::Array(values) => values.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the value of that number, counted from the outside.
fn replace(value: &mut Json, number: &mut usize, with: &Json) {
    if *number == 0 {
        *value = with.clone();
    }
    *number = number.wrapping_sub(1);
    match value {
        Json::Array(values) => values.iter_mut().for_each(|value| replace(value, number, with)),
        Json::Object(members) => members.values_mut().for_each(|value| replace(value, number, with)),
        _ => {}
    }
}

fn something() -> impl Strategy<Value = Json> {
    let deep =
        (0..600usize).prop_map(|levels| (0..levels).fold(Json::Null, |inner, _| Json::Array(vec![inner])));
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        "[a-z\"$%{}\\[\\].*]{0,12}".prop_map(Json::String),
        Just(Json::String("x".repeat(100_000))),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!([true, [true], {"a": true}])),
        Just(
            serde_json::json!({"references": ["var.a.b", "each.value.c", "module.x[\"y\"].z", "a.b[0].c", ""]})
        ),
        deep,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_value_may_be_another(plan in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), with in something()) {
        let mut document: Json = serde_json::from_str(plan.get::<String>(&PLANS)).expect("JSON");
        let mut number = place.index(count(&document));
        replace(&mut document, &mut number, &with);
        exhaust(document.to_string().into_bytes());
    }

    #[test]
    fn any_bytes_may_be_others(
        plan in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..8usize, prop::collection::vec(any::<u8>(), 0..8)), 1..4),
    ) {
        let mut bytes = plan.get::<String>(&PLANS).clone().into_bytes();
        for (place, length, with) in cuts {
            let at = place.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, with);
        }
        exhaust(bytes);
    }

    #[test]
    fn any_end_may_be_missing(plan in any::<prop::sample::Index>(), place in any::<prop::sample::Index>()) {
        let text = plan.get::<String>(&PLANS).trim_end();
        let plans = exhaust(text.as_bytes()[..place.index(text.len())].to_vec());
        prop_assert!(plans.plans.is_empty() && !plans.can_be_trusted());
    }
}
