//! Plans, compressed or not, in whatever encoding.
#![no_main]

use plangate::plan::{PlanSecrets, Tie, looks_like_a_plan, parse};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = looks_like_a_plan(bytes);
    let plans = parse(&"plan.json".into(), &Tie::None, bytes.to_vec());
    for plan in &plans.plans {
        let deferred = plan.deferred.iter().map(|deferred| &deferred.change);
        for change in plan.changes.iter().chain(&plan.drift).chain(deferred) {
            let _ = (plan.before(change), plan.after(change), change.describe());
        }
        for output in &plan.outputs {
            let _ = (plan.output_before(output), plan.output_after(output));
        }
        let _ = (plan.read_data(), plan.configuration());
    }
    let _ = PlanSecrets::of(&plans);
    assert!(!plans.plans.is_empty() || !plans.can_be_trusted());
});
