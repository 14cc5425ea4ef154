//! The rim: what a parser may do to us ends here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::FileRefusal;

/// Runs `examine`; a panic inside a parser becomes a refusal of the file that caused it.
pub(crate) fn guarded<T>(examine: impl FnOnce() -> Result<T, FileRefusal>) -> Result<T, FileRefusal> {
    // Nothing outlives the closure but its result, so no half-changed value can be seen afterwards.
    catch_unwind(AssertUnwindSafe(examine)).unwrap_or(Err(FileRefusal::Broken("parser panicked".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr33_a_panic_in_a_parser_is_a_refusal() {
        let answer: Result<(), _> = guarded(|| panic!("hostile bytes"));
        assert!(matches!(answer, Err(FileRefusal::Broken(_))));
    }
}
