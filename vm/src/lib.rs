//! The door to Regatta for embedders: load, verify, link, run.
