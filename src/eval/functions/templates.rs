//! `templatefile` and `templatestring`.

use unicode_ident::{is_xid_continue, is_xid_start};

use super::Wants::{Any, String as Text};
use super::arguments::{quoted, text, value};
use super::call::{Template, unknown};
use super::{Call, Fault, Function, Parameter, Within, files};
use crate::value::{Kind, Type, Value, convert};

const VARS: Parameter = Parameter::new("vars", Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("templatefile", &[Parameter::new("path", Text), VARS], Any, templatefile)
        .returns(|_| Ok(Type::Dynamic)),
    Function::new(
        "templatestring",
        &[Parameter::new("template", Any).null().unknown().dynamic(), VARS],
        Text,
        templatestring,
    ),
];

fn templatefile(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let path = text(given, 0)?;
    outermost(call)?;
    if let Some(unknown) = files::elsewhere(call, "templatefile", path) {
        return Ok(unknown);
    }
    let content = files::read_text(call, path)?;
    let variables = variables(given)?;
    let content = content.strip_prefix('\u{feff}').unwrap_or(&content);
    rendered(call, Template { name: path, text: content, within: Within::TemplateFile }, variables)
}

fn templatestring(call: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    outermost(call)?;
    if !call.by_reference {
        let fault = Fault::at(0, "must be a reference to a template that is kept elsewhere");
        return Err(fault.with_help(
            "a template that is written in place needs no function; or put it into a local value",
        ));
    }
    let content = match value(given, 0)?.kind() {
        Kind::String(content) => content.clone(),
        Kind::Unknown(_) => return Ok(unknown(Type::String, true, given)),
        _ => return Err(Fault::at(0, "must be a text, and no other value in its place")),
    };
    let template = Template { name: "the template", text: &content, within: Within::TemplateString };
    let result = rendered(call, template, variables(given)?)?;
    convert(&result, &Type::String)
        .map_err(|error| Fault::new(format!("the template's result is not a text: {error}")))
}

/// Templates do not render templates.
fn outermost(call: &Call<'_>) -> Result<(), Fault> {
    if call.templates.within() == Within::Module {
        Ok(())
    } else {
        Err(Fault::new("a template cannot render another"))
    }
}

/// The object or map of variables, whose names a template can say.
fn variables(given: &[Value]) -> Result<&Value, Fault> {
    let variables = value(given, 1)?;
    let Some(entries) = variables.entries() else { return Err(Fault::at(1, "must be an object or a map")) };
    for (name, _) in entries {
        let mut letters = name.chars();
        let first = letters.next().is_some_and(|c| is_xid_start(c) || c == '_');
        if !first || !letters.all(|c| is_xid_continue(c) || c == '-') {
            return Err(Fault::at(1, "has a name that no template can refer to").showing(quoted(name)));
        }
    }
    Ok(variables)
}

fn rendered(call: &mut Call<'_>, template: Template<'_>, variables: &Value) -> Result<Value, Fault> {
    let result = call.templates.render(template, variables, call.log)?;
    if result.is_null() {
        return Err(Fault::new("the template's result is null"));
    }
    Ok(result)
}
