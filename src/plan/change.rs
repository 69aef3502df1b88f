use arcstr::ArcStr;

use super::{Action, Sides};
use crate::model::{Key, Mode};
use crate::value::Step;

/// What becomes of one object of one resource instance.
///
/// One address can stand for several: the current object, and deposed ones that an earlier replacement left behind.
#[derive(Clone, Debug)]
pub struct ResourceChange {
    /// The whole address, keys included, as the plan has it: `module.db["a"].aws_db_instance.this[0]`.
    pub address: ArcStr,
    /// The address that it had before it was moved.
    pub previous_address: Option<ArcStr>,
    /// The module instance it lies in, keys included: `module.db["a"]`; empty for the root module.
    pub module: ArcStr,
    /// Managed, data or ephemeral.
    pub mode: Mode,
    /// Its type.
    pub ty: ArcStr,
    /// Its name.
    pub name: ArcStr,
    /// Its key; [`Key::Any`] where it stands for instances whose number is not known.
    pub key: Key,
    /// The provider: `registry.terraform.io/hashicorp/aws`. Empty where the plan does not say.
    pub provider: ArcStr,
    /// The key of the object, if it is a deposed one.
    pub deposed: Option<ArcStr>,
    /// What will be done.
    pub action: Action,
    /// Why, as the plan says it: `replace_because_cannot_update`.
    pub action_reason: Option<ArcStr>,
    /// The attributes that make it be replaced, sorted.
    pub replace_paths: Vec<Vec<Step>>,
    /// What it is imported from.
    pub importing: Option<Importing>,
    /// The configuration that Terraform wrote for it.
    pub generated_config: Option<ArcStr>,
    /// Its attributes before and after. [`super::Plan::before`] and [`super::Plan::after`] build them.
    pub sides: Sides,
}

/// What an object is imported from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Importing {
    /// Its id; `None` where it is not known yet, or where an identity of several parts stands for it.
    pub id: Option<ArcStr>,
    /// The id is not known yet.
    pub unknown: bool,
}

/// A change that Terraform puts off.
#[derive(Clone, Debug)]
pub struct Deferred {
    /// Why, as the plan says it: `instance_count_unknown`.
    pub reason: ArcStr,
    /// What is known of the change.
    pub change: ResourceChange,
}

impl ResourceChange {
    /// How it is told from others: the address, and behind it the key of a deposed object.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.deposed {
            Some(key) => format!("{} (deposed {key})", self.address),
            None => self.address.to_string(),
        }
    }

    /// Whether it is an object that is no longer the instance's own.
    #[must_use]
    pub fn is_deposed(&self) -> bool {
        self.deposed.is_some()
    }
}
