use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    FileSubject, InstanceSubject, ModuleSubject, NotKnown, PlanSubject, ResourceSubject, RootSubject, Sink,
    UnitSubject,
};
use crate::model::Model;

/// What a hook returns: nothing, or the value it needed and could not know. What it found it has told its [`Sink`].
pub type Verdict = Result<(), NotKnown>;

/// Which attributes of a resource a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Looks {
    /// None.
    Nothing,
    /// These at most, with all that is in them; of `ingress.from_port` that part of the blocks of `ingress`.
    At(&'static [&'static str]),
    /// Perhaps every one.
    All,
}

/// A rule, configured: the struct's fields are its options.
///
/// It overrides exactly the hooks that it needs and names them at its registration; no hook calls another, and none does
/// any I/O. Reading a value that is not known is an `Err` that a hook passes on with `?`: the engine records it as
/// undecided, so that an early return is never a silent pass. Elements of a collection are judged one by one, with
/// [`Sink::each`].
///
/// The settings that a subject is judged by are those of its path: of the file, of the module's directory, of the root
/// module's directory for everything evaluated. A finding is dropped where the rule is off at the file it stands in.
pub trait Rule: Send + Sync {
    /// Which attributes of resources of a type [`Rule::root`], [`Rule::instance`] or [`Rule::resource`] look at. Of a plan
    /// without its source only these are built.
    fn looks_at(&self, _ty: &str) -> Looks {
        Looks::All
    }

    /// Judges a file as it is written, broken or not. Called once for each file that was asked for.
    ///
    /// # Errors
    /// The value that is not known.
    fn file(&self, _file: &FileSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges a module directory as it is written. Called once, however often the module is used.
    ///
    /// # Errors
    /// The value that is not known.
    fn module(&self, _module: &ModuleSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges an evaluated instance of a module, the root's own too.
    ///
    /// # Errors
    /// The value that is not known.
    fn instance(&self, _instance: &InstanceSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges an evaluated instance of a resource, of the types that the rule is registered for.
    ///
    /// # Errors
    /// The value that is not known.
    fn resource(&self, _resource: &ResourceSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges an evaluated root module with all that it calls: for rules about how resources hang together.
    ///
    /// # Errors
    /// The value that is not known.
    fn root(&self, _root: &RootSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges a Terragrunt unit as its files have it.
    ///
    /// # Errors
    /// The value that is not known.
    fn unit(&self, _unit: &UnitSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges a plan, and what its source says of the same resources.
    ///
    /// # Errors
    /// The value that is not known.
    fn plan(&self, _plan: &PlanSubject<'_>, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }

    /// Judges everything at once. Called once, with the settings of the repository's top.
    ///
    /// # Errors
    /// The value that is not known.
    fn model(&self, _model: &Model, _sink: &mut Sink<'_>) -> Verdict {
        Ok(())
    }
}

/// What the struct of a rule must be able to do, so that its fields are options:
/// `#[derive(Default, Serialize, Deserialize, JsonSchema)] #[serde(default, deny_unknown_fields)]`.
///
/// The doc comment of a field is the option's documentation, [`Default`] says its default.
pub trait RuleOptions: Rule + Default + Serialize + DeserializeOwned + JsonSchema + 'static {}

impl<T: Rule + Default + Serialize + DeserializeOwned + JsonSchema + 'static> RuleOptions for T {}
