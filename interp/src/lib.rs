//! The interpreters: ways of reaching the meaning of instructions without compiling them.
//!
//! Each strategy is one file under `dispatch/` and derives its handlers from the op table. Read
//! [`dispatch::match_loop`] first: it is the baseline that everything else is compared with. [`dispatch::reference`] is
//! the judge: safe, slow, and it believes nothing.

pub mod dispatch;
mod execute;
mod regs;
mod spot;

pub use dispatch::STRATEGIES;
