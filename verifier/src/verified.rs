//! Proof that can be held.
//!
//! Whoever has a [`Verified`] thing knows that its promises hold: only this crate makes one, and there is no way to
//! change what is inside. A proof about references holds in one environment, so the proof says in which.

use crate::environment::EnvId;
use std::ops::Deref;

/// Proof that `T` passed the verifier in the environment [`Verified::env`].
#[derive(Clone, Debug)]
pub struct Verified<T>(T, EnvId);

impl<T> Verified<T> {
    pub(crate) fn new(proved: T, env: EnvId) -> Verified<T> {
        Verified(proved, env)
    }

    /// The environment in which it was proved. In another one it proves nothing.
    pub fn env(&self) -> EnvId {
        self.1
    }

    /// What was proved, without the proof.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
