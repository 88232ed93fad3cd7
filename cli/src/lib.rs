//! The command line of Regatta.
