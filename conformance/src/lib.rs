//! The test suite of Regatta as a library: case files, observations, oracles.
