//! `ctx`, the second argument of every function of a rule.

/// The value of `ctx`.
#[derive(Clone, Copy)]
pub(super) struct Ctx;
