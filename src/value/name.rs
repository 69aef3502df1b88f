//! Names of attributes, which are the same few over and over.

use std::cell::RefCell;

use arcstr::ArcStr;
use rustc_hash::FxHashSet;

use super::normal;

/// How many names a thread shares; what comes later is a text of its own.
const SHARED: usize = 4096;
/// Longer ones are no names.
const LONGEST: usize = 64;

thread_local! {
    static NAMES: RefCell<FxHashSet<ArcStr>> = RefCell::default();
}

/// A name as a text that other values share, normalised.
#[must_use]
pub fn name(text: &str) -> ArcStr {
    if text.len() > LONGEST {
        return ArcStr::from(&*normal(text));
    }
    NAMES.with_borrow_mut(|names| {
        if let Some(known) = names.get(text) {
            return known.clone();
        }
        let name = ArcStr::from(&*normal(text));
        // One that is not normal would not be found again.
        if names.len() < SHARED && name == text {
            names.insert(name.clone());
        }
        name
    })
}
