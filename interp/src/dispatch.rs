//! The strategies, each in a file of its own, and the list they join.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
pub mod asm;
pub mod call;
pub mod closure;
pub mod match_loop;
pub mod reference;
pub mod tail;

use regatta_runtime::Executor;

/// A constructor: executors have options and state of their own, so the list makes a new one each time.
pub type Strategy = fn() -> Box<dyn Executor>;

/// Every interpreter. A new strategy adds its `mod` line above and its constructor here.
pub const STRATEGIES: &[Strategy] = &[
    // One a line, in the order tables show them.
    || Box::<reference::Reference>::default(),
    || Box::new(match_loop::MatchLoop),
    || Box::new(tail::Tail),
    || Box::new(call::Call),
    || Box::new(closure::Closure),
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    || Box::new(asm::threaded::Threaded),
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    || Box::new(asm::template::Template),
];
