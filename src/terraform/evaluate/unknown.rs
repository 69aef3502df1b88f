//! Values that are not known, by their addresses.

use std::sync::Arc;

use arcstr::ArcStr;

use super::Run;
use crate::value::{self, Exact, Identity, Refinement, Step, Type, Unknown, Value};

impl Run<'_> {
    /// The identity of what stands at an address of this root.
    pub(super) fn exact(&self, address: impl Into<ArcStr>) -> Exact {
        Exact::new(self.plan.scope.clone(), address)
    }

    /// What stands at an address of this root, not known.
    pub(super) fn unknown(&self, address: impl Into<ArcStr>) -> Value {
        identified(self.exact(address), Type::Dynamic)
    }
}

/// The unknown value of that identity.
pub(super) fn identified(exact: Exact, ty: Type) -> Value {
    Value::unknown(Unknown {
        ty,
        identity: Identity::Exact(Arc::new(exact)),
        refinement: Refinement::default(),
    })
}

/// The same, known not to be null.
pub(super) fn present(exact: Exact, ty: Type) -> Value {
    Value::unknown(Unknown {
        ty,
        identity: Identity::Exact(Arc::new(exact)),
        refinement: Refinement { not_null: true, ..Refinement::default() },
    })
}

/// An unknown value that hangs on others; it is not null.
pub(super) fn derived(from: &Value, ty: Type) -> Value {
    Value::unknown(Unknown {
        ty,
        identity: Value::derived([from]),
        refinement: Refinement { not_null: true, ..Refinement::default() },
    })
}

/// One step further in.
pub(super) fn attribute(exact: &Exact, name: &str) -> Exact {
    exact.step(Step::Attr(value::name(name)))
}
