//! Host names: what listens at one that a cloud made up, and the records that give it a better one.

mod listener;
mod pattern;
mod record;

use listener::Host;
pub(super) use listener::{Listener, Listeners};
pub(super) use pattern::{Captures, NamePattern};
pub(super) use record::{Aim, Owner, Record, Zones, aim, is_local, looks_at, records};
