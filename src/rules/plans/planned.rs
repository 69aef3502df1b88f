//! What becomes of objects, in words: the actions of a plan, why, and which attributes make it so.

use std::sync::Arc;

use crate::finding::without_indexes;
use crate::model::Mode;
use crate::plan::{ConfiguredResource, Plan, PlanKind, ResourceChange};
use crate::rules::written::{self, Part};
use crate::rules::{NotKnown, PlanSubject};
use crate::source::Location;
use crate::value::{Exact, Identity, Origin, Step, Unknown};

/// The managed objects of a plan that are resources' own; what an earlier replacement left behind is not among them.
pub(super) fn managed(plan: &Plan) -> impl Iterator<Item = &ResourceChange> {
    let changes = if plan.kind == PlanKind::Plan { plan.changes.as_slice() } else { &[] };
    changes.iter().filter(|change| change.mode == Mode::Managed && !change.is_deposed())
}

/// The address of a change's resource: without keys, since one finding stands for all instances.
pub(super) fn resource(change: &ResourceChange) -> String {
    without_indexes(&change.address)
}

/// That something about a plan is not known, and why.
pub(super) fn not_known(plan: &Plan, what: &str, why: &str) -> NotKnown {
    let exact = Exact::new(plan.scope.clone(), what);
    let unknown = Arc::new(Unknown::new(Identity::Exact(Arc::new(exact))));
    NotKnown { unknown, origin: Origin::default(), reason: None }.because(why)
}

/// Why something is done, in words; nothing where the plan does not say.
pub(super) fn reason(change: &ResourceChange) -> Option<&'static str> {
    Some(match change.action_reason.as_deref()? {
        "replace_because_tainted" => "it is tainted",
        "replace_by_request" => "`-replace` asks for it",
        "replace_by_triggers" => "`replace_triggered_by` asks for it",
        "replace_because_cannot_update" => "it cannot be changed in place",
        "delete_because_no_resource_config" => "it is no longer declared",
        "delete_because_wrong_repetition" => "`count` or `for_each` came or went",
        "delete_because_count_index" => "`count` no longer reaches it",
        "delete_because_each_key" => "`for_each` no longer has its key",
        "delete_because_no_module" => "its module is no longer called",
        "delete_because_no_move_target" => "it is moved to where nothing is declared",
        _ => return None,
    })
}

/// A path into an object as people read it: `ingress[0].cidr_blocks`.
pub(super) fn path(steps: &[Step]) -> String {
    let shown: String = steps.iter().map(ToString::to_string).collect();
    shown.strip_prefix('.').unwrap_or(&shown).to_owned()
}

/// The attributes that force a replacement, as people read them, without indexes: each once.
pub(super) fn forcing(change: &ResourceChange) -> Vec<String> {
    let mut paths: Vec<String> =
        change.replace_paths.iter().map(|steps| without_indexes(&path(steps))).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Several names in one sentence: `` `a`, `b` and 3 more ``.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (quoted.split_last(), names.len().saturating_sub(SHOWN)) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => last.clone(),
        (Some((last, rest)), 0) => format!("{} and {last}", rest.join(", ")),
        (Some(_), more) => format!("{} and {more} more", quoted.join(", ")),
    }
}

/// What the plan keeps of the configuration of a change's resource.
pub(super) fn configured<'a>(plan: &'a Plan, change: &ResourceChange) -> Option<&'a ConfiguredResource> {
    let mut module = &plan.configuration().root;
    let path = without_indexes(&change.module);
    let names = path.split('.').collect::<Vec<_>>();
    for call in names.chunks_exact(2) {
        let [_, name] = call else { return None };
        module = &module.calls.get(*name)?.module;
    }
    module.resources.get(format!("{}{}.{}", change.mode.prefix(), change.ty, change.name).as_str())
}

/// Where a `removed` block lets go of a change's object.
pub(super) fn let_go(subject: &PlanSubject<'_>, change: &ResourceChange) -> Option<Location> {
    let model = subject.model;
    let addresses: Vec<String> = std::iter::once(&change.address)
        .chain(&change.previous_address)
        .map(|address| without_indexes(address))
        .collect();
    for made in subject.root?.instances() {
        let module = without_indexes(&made.instance.address);
        for removed in &made.module.removed {
            let Some(at) = removed.from else { continue };
            let Some(parts) = model.tree(at.file).and_then(|tree| written::address(tree, at.expr)) else {
                continue;
            };
            let from = joined(&module, &parts);
            let covers = |address: &String| {
                address.strip_prefix(&from).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            if addresses.iter().any(covers) {
                return Some(model.location(at));
            }
        }
    }
    None
}

fn joined(module: &str, parts: &[Part]) -> String {
    let names = (!module.is_empty()).then_some(module).into_iter();
    names.chain(parts.iter().map(|part| part.name.as_str())).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_do() {
        let names = |names: &[&str]| listed(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["a"]), "`a`");
        assert_eq!(names(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(names(&["a", "b", "c", "d", "e", "f"]), "`a`, `b`, `c`, `d` and 2 more");
    }

    #[test]
    fn paths_are_readable() {
        let steps = [Step::Attr("ingress".into()), Step::Index(1), Step::Attr("cidr_blocks".into())];
        assert_eq!(path(&steps), "ingress[1].cidr_blocks");
    }
}
