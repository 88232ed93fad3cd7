//! What each Regatta instruction means: one function per op.
