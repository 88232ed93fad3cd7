//! The interpreters of Regatta.
