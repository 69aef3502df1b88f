use std::io::Write as _;

use arcstr::ArcStr;
use serde::Serialize;

use super::arguments::Paths;
use super::lint::current_directory;
use super::plans::{self, Plans};
use super::progress::Progress;
use super::show_plans::{self, Done, PlanShown, Tied};
use super::show_units::{self, UnitShown};
use super::shown::{Shown, line};
use super::values::Values;
use super::{Context, Failure, environment};
use crate::Request;
use crate::exit::Exit;
use crate::model::{CallInstance, Model, ModuleInstance, Root, RootId, Target};
use crate::plan::PlanSecrets;
use crate::rules::Concealed;
use crate::secret::RULE;
use crate::value::Value;

/// The arguments of `plangate show`.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    #[command(flatten)]
    paths: Paths,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: super::rules::TableFormat,
    #[command(flatten)]
    plans: Plans,
    /// Of plans, say how often what is done, and no more; for people only
    #[arg(long, help_heading = "Plans")]
    changes: bool,
    #[command(flatten)]
    pub(super) values: Values,
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let asked = self.paths.asked(&self.plans)?;
        let request = Request {
            current: current_directory()?,
            paths: asked.paths,
            plans: asked.plans,
            walk: self.paths.walk(),
            config: self.paths.config.clone(),
            arguments: self.values.inputs()?,
            environment: environment::variables(),
            process: environment::process(),
            // Like Terraform itself, which is in that workspace unless it is told otherwise.
            workspace: self.values.workspace.clone().or_else(|| Some("default".to_owned())),
            ..Request::default()
        };
        let progress = Progress::start(!context.quiet);
        let loaded = crate::load(&request, &mut |stage| progress.stage(stage))?;
        drop(progress);
        plans::tell(&loaded.plans, &context.screen);
        let model = &loaded.model;
        let concealed = Concealed::with_values(model, &model.sensitive_literals());
        let in_plans = PlanSecrets::of(&loaded.plans);
        let secret =
            |value: &Value| (concealed.redacts(model, value) || in_plans.redacts(value)).then_some(RULE);
        let tied = Tied::of(model, &loaded.plans, &in_plans, &secret);
        let modules = modules(model, &tied, &secret);
        let plans = tied.plans();
        let units = show_units::units(model, &secret);
        let failed = |error| Failure::Write("-".to_owned(), error);
        let print = |out: &mut dyn std::io::Write| {
            let mut text = Vec::new();
            match self.format {
                super::rules::TableFormat::Json => {
                    serde_json::to_writer_pretty(
                        &mut text,
                        &Document { version: 1, modules: &modules, units: &units, plans: &plans },
                    )?;
                    text.push(b'\n');
                }
                super::rules::TableFormat::Human => {
                    if !self.changes {
                        human(&modules, &mut text)?;
                        if !modules.is_empty() && !units.is_empty() {
                            writeln!(text)?;
                        }
                        show_units::human(&units, &mut text)?;
                    }
                    for (index, plan) in loaded.plans.plans.iter().enumerate() {
                        if index > 0 || !(self.changes || modules.is_empty() && units.is_empty()) {
                            writeln!(text)?;
                        }
                        if self.changes {
                            show_plans::table(plan, &mut text)?;
                        } else {
                            show_plans::changes(plan, &in_plans, &secret, &mut text)?;
                        }
                    }
                }
            }
            // Keys and addresses may hold a secret too.
            let text = String::from_utf8_lossy(&text);
            out.write_all(in_plans.masked(&concealed.masked(&text)).as_bytes())
        };
        context.screen.print(print).map_err(failed)?;
        if !loaded.plans.can_be_trusted() {
            return Ok(Exit::Failed);
        }
        if modules.is_empty() && units.is_empty() && plans.is_empty() {
            let help = "name files or directories with Terraform files that no ignore file leaves out";
            Failure::Help("nothing was inspected".to_owned(), help.to_owned()).print(&context.screen);
            return Ok(Exit::NothingInspected);
        }
        Ok(Exit::Clean)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    modules: &'a [Module<'a>],
    units: &'a [UnitShown<'a>],
    plans: &'a [PlanShown<'a>],
}

/// One module instance.
#[derive(Serialize)]
struct Module<'a> {
    dir: &'a str,
    address: &'a str,
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    variables: Named<'a, Shown<'a>>,
    locals: Named<'a, Shown<'a>>,
    resources: Vec<Resource<'a>>,
    outputs: Named<'a, Output<'a>>,
    calls: Vec<Call<'a>>,
}

/// A map in the order of the names.
struct Named<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[derive(Serialize)]
struct Resource<'a> {
    address: &'a str,
    mode: &'static str,
    #[serde(rename = "type")]
    ty: &'a str,
    attributes: Shown<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Done<'a>>,
}

#[derive(Serialize)]
struct Output<'a> {
    value: Shown<'a>,
    sensitive: bool,
}

#[derive(Serialize)]
struct Call<'a> {
    name: &'a str,
    source: Option<&'a str>,
    dir: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    instances: Vec<&'a str>,
}

/// Says which rule recognises a value as a secret.
type Recognised<'a> = dyn Fn(&Value) -> Option<&'static str> + 'a;

fn modules<'a>(model: &'a Model, tied: &Tied<'a>, secret: &'a Recognised<'a>) -> Vec<Module<'a>> {
    let roots = model.roots();
    let mut modules: Vec<Module<'a>> = roots
        .flat_map(|(id, root)| {
            root.instances.iter().map(move |instance| module(model, (id, root), instance, tied, secret))
        })
        .collect();
    modules.sort_by(|a, b| (a.dir, a.address, a.variant).cmp(&(b.dir, b.address, b.variant)));
    modules
}

fn module<'a>(
    model: &'a Model,
    (id, root): (RootId, &'a Root),
    instance: &'a ModuleInstance,
    tied: &Tied<'a>,
    secret: &'a Recognised<'a>,
) -> Module<'a> {
    let module = model.module(instance.module);
    let shown = |value: &'a Value| Shown { value, scope: &root.scope, secret };
    let named = |names: Vec<&'a str>, values: &'a [Value]| {
        let mut named: Vec<(&str, Shown<'a>)> =
            names.into_iter().zip(values).map(|(name, value)| (name, shown(value))).collect();
        named.sort_by_key(|(name, _)| *name);
        Named(named)
    };
    let variables = module.variables.iter().map(|variable| variable.named.name.as_str()).collect();
    let locals = module.locals.iter().map(|local| local.named.name.as_str()).collect();
    let mut outputs: Vec<(&str, Output<'a>)> = module
        .outputs
        .iter()
        .zip(&instance.outputs)
        .map(|(output, value)| {
            let sensitive = value.sensitive;
            (output.named.name.as_str(), Output { value: shown(&value.value), sensitive })
        })
        .collect();
    outputs.sort_by_key(|(name, _)| *name);
    Module {
        dir: &module.dir,
        address: &instance.address,
        unit: root.unit.as_deref(),
        variant: root.variant.as_deref(),
        variables: named(variables, &instance.variables),
        locals: named(locals, &instance.locals),
        resources: instance
            .resources
            .iter()
            .map(|resource| Resource {
                address: &resource.address,
                mode: show_plans::mode(resource.mode),
                ty: &resource.ty,
                attributes: shown(&resource.attributes),
                change: tied.change(id, &resource.address),
            })
            .collect(),
        outputs: Named(outputs),
        calls: module
            .calls
            .iter()
            .zip(&instance.calls)
            .map(|(declared, call)| self::call(model, declared, call))
            .collect(),
    }
}

fn call<'a>(model: &'a Model, declared: &'a crate::model::Call, call: &'a CallInstance) -> Call<'a> {
    let (dir, reason) = match &call.target {
        Target::Module(id) => (Some(model.module(*id).dir.as_str()), None),
        Target::Opaque(reason) => (None, Some(reason.as_str())),
        Target::Invalid => (None, None),
    };
    // What calls nothing has no instances.
    let instances = call.addresses.iter().filter(|_| call.target != Target::Invalid);
    Call {
        name: &declared.named.name,
        source: declared.source_text.as_deref(),
        dir,
        reason,
        instances: instances.map(ArcStr::as_str).collect(),
    }
}

fn human(modules: &[Module<'_>], out: &mut dyn std::io::Write) -> std::io::Result<()> {
    for (index, module) in modules.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let address = if module.address.is_empty() { "root module" } else { module.address };
        let variant = module.variant.map(|name| format!(", variant {name}")).unwrap_or_default();
        writeln!(out, "{} ({address}{variant})", module.dir)?;
        for (title, values) in [("variables", &module.variables), ("locals", &module.locals)] {
            section(out, title, values.0.iter().map(|(name, value)| (*name, line(value))))?;
        }
        if !module.resources.is_empty() {
            writeln!(out, "  resources")?;
            for resource in &module.resources {
                writeln!(out, "    {}", resource.address)?;
                for (name, value) in resource.attributes.value.entries().unwrap_or_default() {
                    writeln!(out, "      {name} = {}", line(&Shown { value, ..resource.attributes }))?;
                }
            }
        }
        section(out, "outputs", module.outputs.0.iter().map(|(name, output)| (*name, line(&output.value))))?;
        section(out, "calls", module.calls.iter().map(|call| (call.name, target(call))))?;
    }
    Ok(())
}

fn target(call: &Call<'_>) -> String {
    let to = call.dir.or(call.reason).unwrap_or("nothing that exists");
    match call.instances.as_slice() {
        [_] => to.to_owned(),
        [] if call.dir.is_none() && call.reason.is_none() => to.to_owned(),
        instances => format!("{to}, {} instances", instances.len()),
    }
}

fn section<'a>(
    out: &mut dyn std::io::Write,
    title: &str,
    lines: impl ExactSizeIterator<Item = (&'a str, String)>,
) -> std::io::Result<()> {
    if lines.len() > 0 {
        writeln!(out, "  {title}")?;
    }
    for (name, value) in lines {
        writeln!(out, "    {name} = {value}")?;
    }
    Ok(())
}
