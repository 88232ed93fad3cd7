//! The register IR of Regatta: what can be said.
//!
//! A [`Module`] holds functions; a function has typed registers and 64-bit instruction words. Reading order:
//! [`ops`] (the table everything derives from) → [`operand`] (what the fields mean) → [`codec`] (where they lie) →
//! [`module`] → [`builder`] (how to make functions) → [`text`] (`.rga`) → [`binary`] (`.rgm`).
//!
//! This crate knows no values, no heap and no engine, does no I/O and has no `unsafe`. A module may be nonsense; the
//! verifier is the one who says so.

#![forbid(unsafe_code)]

pub mod backing;
pub mod binary;
pub mod builder;
pub mod class;
pub mod codec;
pub mod index;
pub mod limits;
pub mod module;
pub mod operand;
pub mod ops;
pub mod pattern;
pub mod slot;
pub mod text;
pub mod types;
pub mod vocabulary;

pub use codec::Instr;
pub use index::{ClassId, FuncId, GlobalId, NativeId, PatternId, Reg, SigId, SiteId, TableId, TextId};
pub use module::{Code, Function, Module};
pub use ops::Opcode;
pub use types::{HEADER, MAX_BOUND_ARGUMENTS, Signature, Type};
