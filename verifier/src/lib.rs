//! Proves that Regatta code keeps its promises, once, before it runs.
//!
//! [`verify`] takes a module and gives back a [`Verified`] one, or all that is wrong with it. What runs code asks for the
//! proof, not for the module, and leans on it in every `unsafe` block: [`Tag`] lists the promises, `docs/invariants.md`
//! says who relies on which.
//!
//! # What is promised
//!
//! * *Words*: every op number exists, no instruction is cut off, bits that mean nothing are zero (V-OP). Code read from
//!   a file has the file's checksum (V-SUM).
//! * *Registers*: below the function's count (V-REG), of the right type (V-TYPE), written before they are read on every
//!   path (V-DEF), also around loops (V-LOOP) and across calls.
//! * *Control*: branches land on instructions of the same function (V-TARGET), a `switch` has its table (V-SWITCH), and
//!   control cannot run past the end (V-END).
//! * *Calls*: windows fit, arguments and results have the types of the callee (V-CALL), returns those of the function
//!   (V-RET), the parameters are the first registers (V-FUNC).
//! * *References*: what is referred to exists (V-REF), what is set is mutable (V-MUT), memory is used where there is
//!   some (V-MEM).
//! * *Handlers*: ranges nest, and what is read at a handler has been written wherever an exception may come from
//!   (V-HANDLER, V-DEF).
//! * *Classes*: methods take a receiver, static fields are values (V-CLASS).
//! * *Modules*: tables, data and initial values make sense (V-MODULE), and everything is below its limit (V-LIMIT).
//!
//! # What is not
//!
//! That a program ends, or how much stack or fuel it needs; that an address is inside memory, a divisor not zero, an
//! indirect callee of the signature asked for: those trap when it runs. That a native exists in the host: linking says.
//! Names of registers and source lines are for people and may be nonsense. Code that control cannot reach has operands
//! in order like all other code, but nobody asks there whether registers are written.
//!
//! # How
//!
//! Reading order: [`environment`] → [`verified`] → [`error`] → `module` (the outline) → `body` (the walk) → `rows` (why
//! it is fast) → `operands`, `calls` (the checks by role) → `map`, `loops`, `flow` (definedness in one pass). It is total
//! (any words, any tables: an answer, no panic), deterministic, and linear in the size of the code; see [`limits`] for
//! what bounds the rest. It knows no values, no heap and no engine.

//!
//! ```
//! use regatta_ir::module::{Debug, Function, Module};
//! use regatta_ir::{Opcode, SigId, Signature, Type};
//! use regatta_verifier::{EmptyEnvironment, Tag, verify};
//!
//! let one = Function {
//!     name: "id".into(),
//!     sig: SigId(0),
//!     registers: vec![Type::I32],
//!     code: vec![Opcode::RetValue as u64].into(), // ret_value r0
//!     handlers: vec![],
//!     debug: Debug::default(),
//! };
//! let mut module = Module { types: vec![Signature::new([Type::I32], [Type::I32])], ..Module::default() };
//! module.functions.push(one);
//! assert!(verify(module.clone(), &EmptyEnvironment).is_ok());
//!
//! module.functions[0].code = vec![1 << 16 | Opcode::RetValue as u64].into(); // ret_value r1
//! let errors = verify(module, &EmptyEnvironment).unwrap_err();
//! assert_eq!(errors.errors[0].kind.tag(), Tag::Reg);
//! assert_eq!(errors.to_string(), "%id, word 0: [V-REG] register r1 is not below the function's 1 registers");
//! ```

#![forbid(unsafe_code)]

mod body;
mod calls;
mod classes;
pub mod environment;
pub mod error;
mod flow;
mod handlers;
pub mod limits;
mod loops;
mod map;
mod module;
mod operands;
mod patterns;
mod rows;
pub mod verified;

pub use environment::{EmptyEnvironment, EnvId, Environment, GlobalType};
pub use error::{Item, Loc, Tag, VerifyError, VerifyErrorKind, VerifyErrors};
pub use module::{Body, Outline, verify, verify_function, verify_outline};
pub use verified::Verified;
