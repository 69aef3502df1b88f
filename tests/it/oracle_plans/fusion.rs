//! A plan and its source are one: each instance of the plan is found in the source, with the plan's values and the
//! source's origins.

use std::path::Path;
use std::sync::Arc;

use plangate::model::{Mode, Model, ResourceInstance};
use plangate::plan::{Action, Plan, ResourceChange};
use plangate::source::Repository;
use plangate::value::{Origin, Value};

use super::identity::evaluated;
use super::{cases, json, read};

fn instance<'m>(model: &'m Model, plan: &Plan, change: &ResourceChange) -> Option<&'m Arc<ResourceInstance>> {
    let instances = &model.root(plan.root?).instances;
    instances.iter().flat_map(|instance| &instance.resources).find(|it| it.address == change.address)
}

/// The attributes that an instance is written with, and that some expression wrote.
fn written(value: &Value) -> Vec<&str> {
    let entries = value.entries().unwrap_or_default().iter();
    entries.filter(|(_, value)| value.origin() != Origin::NONE).map(|(name, _)| name.as_str()).collect()
}

#[test]
fn every_instance_of_a_plan_is_found_in_its_source() {
    let (mut found, mut values) = (0, 0);
    for case in cases().iter().filter(|case| case.join("plan.json").is_file()) {
        let expected = json(&case.join("case.json"));
        let name = expected["name"].as_str().unwrap_or_default();
        let mut model = evaluated(case, &expected);
        let before = evaluated(case, &expected);
        let mut plans = read(case);
        plans.tie(&mut model, &Repository { root: Path::new("/").to_owned(), marked: false }, Path::new("/"));
        let tied = plans.plans.iter().all(|plan| plan.root.is_some());
        assert!(tied, "{name}: {:?}", plans.problems);
        plans.fuse(&mut model);
        for plan in &plans.plans {
            let lasts = |change: &&ResourceChange| {
                !change.is_deposed()
                    && change.mode == Mode::Managed
                    // Terraform wrote its configuration itself, and the source has it not.
                    && change.generated_config.is_none()
                    && change.sides.has_after()
                    && !matches!(change.action, Action::Delete | Action::Forget)
            };
            for change in plan.changes.iter().filter(lasts).filter(|_| plan.root.is_some()) {
                let about = format!("{name}: {}", change.address);
                let fused = instance(&model, plan, change).unwrap_or_else(|| panic!("{about} is not found"));
                found += 1;
                values += same(&about, &fused.attributes, &plan.after(change));
                let source = instance(&before, plan, change);
                let kept = written(&fused.attributes);
                for attribute in source.map(|it| written(&it.attributes)).unwrap_or_default() {
                    assert!(kept.contains(&attribute), "{about}.{attribute} has lost its origin");
                }
            }
        }
    }
    assert!(found > 250 && values > 2_000, "{found} instances, {values} values");
}

/// Everything that the plan knows is in the fused value; how much that is.
fn same(about: &str, fused: &Value, planned: &Value) -> usize {
    if planned.as_unknown().is_some() {
        return 0;
    }
    if let Some(entries) = planned.entries() {
        // To some providers a block of which there is one at most is an object: to rules, any block is one of several.
        let fused = match fused.elements() {
            Some([only]) => only,
            _ => fused,
        };
        let inner = |name: &str| fused.get(name).unwrap_or_else(|| panic!("{about}.{name} is missing"));
        return entries
            .iter()
            .map(|(name, value)| same(&format!("{about}.{name}"), inner(name), value))
            .sum();
    }
    if let Some(elements) = planned.elements() {
        let ours = fused.elements().unwrap_or_default();
        let plain: Vec<&Value> = elements.iter().filter(|it| it.children().next().is_none()).collect();
        for value in plain.iter().filter(|value| value.as_unknown().is_none()) {
            assert!(ours.contains(value), "{about}: an element is missing");
        }
        assert_eq!(ours.len(), elements.len(), "{about}");
        return elements.len();
    }
    assert_eq!(fused, planned, "{about}");
    1
}
