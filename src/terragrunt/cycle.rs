//! Units that depend on one another in a circle.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::eval::Problem;
use crate::model::Unit;

/// What is known of a unit's way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// It is on the way that is being gone.
    Open,
    /// It leads into a circle, by its dependency of that number.
    Circular(usize),
    Clear,
}

/// Why units are refused that lie on a circle of `dependency` blocks, or lead into one. Units are sorted.
pub(super) fn refusals(units: &mut [Unit]) -> Vec<(Problem, ArcStr)> {
    let index: FxHashMap<ArcStr, usize> =
        units.iter().enumerate().map(|(index, unit)| (unit.dir.clone(), index)).collect();
    let targets: Vec<Vec<Option<usize>>> = units
        .iter()
        .map(|unit| {
            let target = |path: &ArcStr| index.get(path).copied();
            let of = unit.dependencies.iter();
            of.map(|one| one.path.as_ref().filter(|_| one.enabled).and_then(target)).collect()
        })
        .collect();
    let mut marks = vec![Mark::New; units.len()];
    for start in 0..units.len() {
        visit(start, &targets, &mut marks);
    }
    let mut found = Vec::new();
    for (at, unit) in units.iter_mut().enumerate() {
        let Some(Mark::Circular(by)) = marks.get(at).copied() else { continue };
        let Some(dependency) = unit.dependencies.get(by) else { continue };
        let message =
            format!("units depend on one another in a circle, to which `{}` leads", dependency.label);
        found.push((Problem::new(dependency.header, message), unit.dir.clone()));
        unit.refused = true;
    }
    found
}

/// Goes all ways from a unit, without recursion: chains may be long.
fn visit(start: usize, targets: &[Vec<Option<usize>>], marks: &mut [Mark]) {
    if marks.get(start) != Some(&Mark::New) {
        return;
    }
    // Each unit on the way, and which of its dependencies comes next.
    let mut way = vec![(start, 0)];
    marks[start] = Mark::Open;
    while let Some((at, next)) = way.last().copied() {
        let of = targets.get(at).map(Vec::as_slice).unwrap_or_default();
        let Some(target) = of.get(next) else {
            if marks[at] == Mark::Open {
                marks[at] = Mark::Clear;
            }
            way.pop();
            continue;
        };
        let Some(target) = *target else {
            pass(&mut way);
            continue;
        };
        match marks[target] {
            Mark::New => {
                marks[target] = Mark::Open;
                way.push((target, 0));
            }
            Mark::Clear => pass(&mut way),
            Mark::Circular(_) => {
                if marks[at] == Mark::Open {
                    marks[at] = Mark::Circular(next);
                }
                pass(&mut way);
            }
            Mark::Open => {
                // All from there to here lie on the circle, and all before lead into it.
                for &(unit, by) in &way {
                    if marks[unit] == Mark::Open {
                        marks[unit] = Mark::Circular(by);
                    }
                }
                pass(&mut way);
            }
        }
    }
}

fn pass(way: &mut [(usize, usize)]) {
    if let Some((_, next)) = way.last_mut() {
        *next += 1;
    }
}
