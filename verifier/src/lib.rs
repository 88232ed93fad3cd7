//! Proves that Regatta code keeps its promises, once, before it runs.
