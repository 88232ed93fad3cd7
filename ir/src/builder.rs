//! Making IR from Rust: what frontends and run-time code generators use.
//!
//! A [`ModuleBuilder`] collects declarations and bodies; a [`FunctionBuilder`] makes one body. It has one method per op,
//! generated from the table: `b.i32_add(dst, a, b)` emits `i32_add`. Registers are handed out by type, labels are bound
//! when their place is reached, windows for calls are opened above everything else, and distances are filled in at the
//! end, with detours where a target is out of a branch's reach.
//!
//! **Calls.** A call's window holds arguments and results, and every register from the window up is undefined after the
//! call except the results. [`FunctionBuilder::invoke`] therefore opens a window in an area above all other registers,
//! including those handed out later, and moves arguments in and results out. [`FunctionBuilder::open`] and
//! [`FunctionBuilder::call_in`] do without the moves, [`FunctionBuilder::open_for`] nests, and the generated
//! [`FunctionBuilder::call`] takes any register as window, for generators that lay out their frames themselves.
//!
//! **Exceptions.** What is thrown between [`FunctionBuilder::open_try`] and [`FunctionBuilder::close_try`] goes to a label
//! that is bound later.
//!
//! **Far targets.** A conditional branch reaches 65535 words. A farther one becomes a short branch around a `br` or `loop`
//! (a latch that steps a counter: the step, then that). Such a latch pays its unit of fuel only when it is taken, since it
//! is the `loop` that pays; a near one pays each time.
//!
//! **Mistakes** do not panic and do not get lost: each is noted with the number and mnemonic of its instruction, and `finish`
//! returns all of them instead of a function. Caught are wrong types, immediates that do not fit, branches in the wrong
//! direction, unbound labels, code that control does not reach, running off the end, and reading what is undefined:
//! registers never written, or clobbered by a call on the straight way there. The builder does not replace the verifier:
//! what is undefined on one of several paths that meet at a label, or after one round of a loop, is seen only there.
//! Registers and labels are plain numbers; those of another builder are not recognised as such.
//!
//! ```
//! use regatta_ir::builder::{Cond, ModuleBuilder};
//! use regatta_ir::{Signature, Type};
//!
//! let mut module = ModuleBuilder::new("numbers");
//! let unary = Signature::new([Type::I32], [Type::I32]);
//!
//! // fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
//! let fib = module.declare("fib", unary.clone());
//! let mut b = module.function(fib);
//! let n = b.param(0);
//! let (x, first, second) = (b.temp(Type::I32), b.reg(Type::I32), b.reg(Type::I32));
//! let recurse = b.label();
//! b.br_i32_ge_s_imm(n, 2, recurse); // forward: `recurse` is not bound yet
//! b.ret_value(n);
//! b.bind(recurse);
//! b.i32_add_imm(x, n, -1);
//! b.invoke(fib, &unary, &[x], &[first]);
//! b.i32_add_imm(x, n, -2);
//! b.invoke(fib, &unary, &[x], &[second]);
//! b.i32_add(first, first, second);
//! b.ret_value(first);
//! module.define(fib, b);
//!
//! // sum(n) = 1 + 2 + ... + n, with the loop's test at its end
//! let sum = module.declare("sum", unary.clone());
//! let mut b = module.function(sum);
//! let (n, total) = (b.param(0), b.named(Type::I32, "total"));
//! let done = b.label();
//! b.constant(total, 0);
//! b.branch(Cond::Le, n, 0, done);
//! let top = b.here();
//! b.i32_add(total, total, n);
//! b.loop_i32_dec_gt_imm(n, 0, top); // back: `top` is bound
//! b.bind(done);
//! b.ret_value(total);
//! module.define(sum, b);
//!
//! let module = module.finish().unwrap();
//! assert_eq!(module.functions[0].registers.len(), 7); // n, x, first, second and a window of three
//! assert_eq!(module.functions[1].code.len(), 5);
//! ```
//!
//! A mistake is reported where it was made:
//!
//! ```
//! # use regatta_ir::builder::FunctionBuilder;
//! # use regatta_ir::{SigId, Signature, Type};
//! let mut b = FunctionBuilder::new("half", SigId(0), &Signature::new([Type::I32], [Type::F64]));
//! let n = b.param(0);
//! b.i32_div_s_imm(n, n, 2);
//! b.ret_value(n);
//! let errors = b.finish().unwrap_err();
//! assert_eq!(errors.to_string(), "%half: instruction 1 (ret_value): r0 is i32, but operand `src` asks for f64");
//! ```

mod argument;
mod convenience;
mod emit;
mod error;
mod function;
mod label;
mod methods;
mod module;
mod ranges;
mod registers;
mod relax;
mod tables;
mod window;

#[cfg(test)]
mod tests;

pub use argument::Argument;
pub use convenience::{Comparand, Cond, Constant};
pub use error::{BuildError, BuildErrorKind, BuildErrors, Named, Place};
pub use function::FunctionBuilder;
pub use label::Label;
pub use module::ModuleBuilder;
pub use ranges::TryRange;
pub use window::{CallWindow, Callee};
