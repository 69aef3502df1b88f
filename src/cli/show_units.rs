//! Terragrunt units as `show` prints them.

use serde::Serialize;

use super::shown::{Shown, line};
use crate::model::{Model, Unit};
use crate::value::Value;

/// A unit.
#[derive(Serialize)]
pub(super) struct UnitShown<'a> {
    path: &'a str,
    source: Option<Shown<'a>>,
    includes: Vec<Include<'a>>,
    dependencies: Vec<Dependency<'a>>,
    inputs: Option<Shown<'a>>,
    generate: Vec<Generated<'a>>,
    remote_state: Option<Shown<'a>>,
    exclude: Option<Shown<'a>>,
    reads: Vec<&'a str>,
}

#[derive(Serialize)]
struct Include<'a> {
    label: &'a str,
    path: Option<&'a str>,
    merge_strategy: &'static str,
}

#[derive(Serialize)]
struct Dependency<'a> {
    label: &'a str,
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct Generated<'a> {
    label: &'a str,
    path: Option<Shown<'a>>,
    if_exists: Option<Shown<'a>>,
    contents: Option<Shown<'a>>,
}

/// Every unit, in the order of the directories.
pub(super) fn units<'a>(
    model: &'a Model,
    secret: &'a dyn Fn(&Value) -> Option<&'static str>,
) -> Vec<UnitShown<'a>> {
    model.units.iter().filter(|unit| unit.asked).map(|unit| shown(unit, secret)).collect()
}

fn shown<'a>(unit: &'a Unit, secret: &'a dyn Fn(&Value) -> Option<&'static str>) -> UnitShown<'a> {
    let value = |value: &'a Value| Shown { value, scope: unit.dir.as_str(), secret };
    let generate = unit.get("generate").and_then(Value::entries).unwrap_or_default();
    let generated = |(label, block): &'a (arcstr::ArcStr, Value)| Generated {
        label,
        path: block.get("path").map(value),
        if_exists: block.get("if_exists").map(value),
        contents: block.get("contents").map(value),
    };
    UnitShown {
        path: &unit.dir,
        source: unit.source().map(value),
        includes: unit
            .includes
            .iter()
            .map(|include| Include {
                label: &include.label,
                path: include.path.as_deref(),
                merge_strategy: include.merge_strategy,
            })
            .collect(),
        dependencies: unit
            .dependencies
            .iter()
            .map(|one| Dependency { label: &one.label, path: one.path.as_deref() })
            .collect(),
        inputs: unit.inputs().map(value),
        generate: generate.iter().map(generated).collect(),
        remote_state: unit.get("remote_state").map(value),
        exclude: unit.get("exclude").map(value),
        reads: unit.reads.files().collect(),
    }
}

/// Units for people.
pub(super) fn human(units: &[UnitShown<'_>], out: &mut dyn std::io::Write) -> std::io::Result<()> {
    for (index, unit) in units.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{} (unit)", unit.path)?;
        if let Some(source) = &unit.source {
            writeln!(out, "  source\n    {}", line(source))?;
        }
        section(out, "includes", unit.includes.iter().map(|include| (include.label, include.path)))?;
        section(out, "dependencies", unit.dependencies.iter().map(|one| (one.label, one.path)))?;
        let inputs = unit.inputs.as_ref().map(|inputs| (inputs, inputs.value.entries()));
        match inputs {
            Some((inputs, Some(entries))) if !entries.is_empty() => {
                writeln!(out, "  inputs")?;
                for (name, value) in entries {
                    writeln!(out, "    {name} = {}", line(&Shown { value, ..*inputs }))?;
                }
            }
            Some((inputs, None)) => writeln!(out, "  inputs = {}", line(inputs))?,
            _ => {}
        }
    }
    Ok(())
}

fn section<'a>(
    out: &mut dyn std::io::Write,
    title: &str,
    lines: impl ExactSizeIterator<Item = (&'a str, Option<&'a str>)>,
) -> std::io::Result<()> {
    if lines.len() > 0 {
        writeln!(out, "  {title}")?;
    }
    for (label, path) in lines {
        let path = path.unwrap_or("not known");
        match label {
            "" => writeln!(out, "    {path}")?,
            label => writeln!(out, "    {label} = {path}")?,
        }
    }
    Ok(())
}
