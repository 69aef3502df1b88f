//! Plans that were made of a root module: the values that it is evaluated with for them.

use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::load::Loader;
use super::roots::Plan;
use super::units::Inputs;
use super::values::{self, Source};
use crate::eval::Log;
use crate::model::{Key, ModuleId, Variable};
use crate::value::{Kind, Origin, Type, Value};

/// What is known of a plan that was made of a root module.
#[derive(Clone, PartialEq, Debug)]
pub struct Made {
    /// The root module's directory, as it prints.
    pub directory: ArcStr,
    /// How the plan is told from others.
    pub name: ArcStr,
    /// The values of the root module's variables.
    pub variables: Vec<(ArcStr, Value)>,
    /// The keys of the instances that there will be, by the address of their resource or module call.
    pub keys: Arc<Keys>,
}

/// The keys of instances, sorted, by the address of their resource or module call.
pub type Keys = FxHashMap<ArcStr, Vec<Key>>;

/// An evaluation as the plan was made: where its values are others than the tree gives, they are the plan's. What the tree
/// says as well keeps its place there.
pub(super) fn evaluation(loader: &mut Loader<'_>, common: &Plan, made: &Made) -> Plan {
    let mut values = common.values.clone();
    let mut inputs = Inputs::default();
    for (name, value) in differing(loader, common, made) {
        let at = values::text_file(loader, &made.name, "null");
        let base = loader.model.tree(at.file).map_or(0, |tree| tree.origin_base);
        values.insert(name.clone(), Source::Input(at));
        inputs.insert(name, value.with_origin(Origin::new(base + at.expr.0)));
    }
    let inputs = (!inputs.is_empty()).then(|| Arc::new(inputs));
    Plan { values, inputs, library: false, keys: Some(made.keys.clone()), ..common.clone() }
}

fn differing(loader: &Loader<'_>, common: &Plan, made: &Made) -> Vec<(ArcStr, Value)> {
    let model = &loader.model;
    let declared = |module: ModuleId, name: &str| -> Option<&Variable> {
        let module = model.module(module);
        module.variables.get(module.variable(name)?)
    };
    let differs = |(name, value): &&(ArcStr, Value)| {
        let Some(variable) = declared(common.module, name) else { return false };
        let given = match common.values.get(name) {
            Some(source) => {
                let plain = variable.constraint.as_ref().is_none_or(|it| it.ty == Type::String);
                values::evaluate(model, *source, plain, &mut Log::default()).ok()
            }
            None => variable.default_value.clone(),
        };
        given.is_none_or(|given| !is_kept(&given, value))
    };
    made.variables.iter().filter(differs).cloned().collect()
}

/// Whether a value is in another, but for what converting it adds or changes in form.
fn is_kept(given: &Value, made: &Value) -> bool {
    if let (Some(given), Some(_)) = (given.entries(), made.entries()) {
        return given.iter().all(|(name, value)| made.get(name).is_some_and(|made| is_kept(value, made)))
            && made
                .entries()
                .unwrap_or_default()
                .iter()
                .all(|(name, value)| value.is_null() || given.iter().any(|(other, _)| other == name));
    }
    if let (Some(given), Some(made)) = (given.elements(), made.elements()) {
        return given.len() == made.len() && given.iter().zip(made).all(|(given, made)| is_kept(given, made));
    }
    let text = |value: &Value| match value.kind() {
        Kind::String(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    given.is_null() && made.is_null() || text(given).is_some_and(|given| Some(given) == text(made))
}
