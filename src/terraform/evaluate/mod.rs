//! One root module, evaluated: lazily, each value once, in one thread.
//!
//! A [`Run`] holds the module instances of one root. Each variable, local, output, call and resource of an instance is
//! a [`Cell`] that is filled when it is first asked for; what asks for itself is a cycle. A declaration that goes
//! wrong is reported once, and what it should have been is from then on an unknown value.

mod arguments;
mod builtin;
mod call;
mod chain;
mod condition;
mod expansion;
mod finish;
mod imports;
mod instance;
mod resource;
mod run;
mod scope;
mod unknown;

pub(super) use resource::iterator_name;
pub(super) use run::{Run, States};

use chain::{Cell, Node, What};
use instance::{Expanded, Instance, Repetition, Resources};
use scope::InstanceScope;
