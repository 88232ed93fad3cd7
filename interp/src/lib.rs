//! The interpreters: ways of reaching the meaning of instructions without compiling them.
//!
//! Each strategy is one file under `dispatch/` and derives its handlers from the op table. Read
//! [`dispatch::match_loop`] first: it is the baseline that everything else is compared with. [`dispatch::reference`] is
//! the judge: safe, slow, and it believes nothing. [`trace`] lets somebody watch, and [`profile`] is somebody.

pub mod dispatch;
mod execute;
mod handlers;
pub mod profile;
mod regs;
mod spot;
pub mod symbols;
pub mod trace;

pub use dispatch::STRATEGIES;
