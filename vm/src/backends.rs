//! Every engine by name. The only place where the lists of the engine crates meet.

use regatta_interp::STRATEGIES;
use regatta_runtime::Executor;

/// One new executor of each kind, in the order tables show them.
pub fn backends() -> Vec<Box<dyn Executor>> {
    STRATEGIES.iter().map(|make| make()).collect()
}

/// A new executor of this name.
pub fn backend(name: &str) -> Option<Box<dyn Executor>> {
    backends().into_iter().find(|executor| executor.name() == name)
}

/// The name of the fastest executor on this machine.
pub fn default_backend() -> &'static str {
    "match"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_the_default_is_there() {
        let mut names: Vec<_> = backends().iter().map(|executor| executor.name()).collect();
        assert!(names.contains(&default_backend()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), backends().len());
    }
}
