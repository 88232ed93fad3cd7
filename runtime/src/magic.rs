//! Methods that instructions call on their own: `a + b` of two objects, a property that is not there.
//!
//! Such a method has a name that every program knows ([`crate::atoms`]), and takes and gives values only. It is looked for
//! like any property, on the object and along its prototypes, and may be anything that can be called. A [`MagicCall`] holds
//! everything its function takes, so an engine enters the function first and then fills its registers.

use crate::entry::Entry;
use crate::exec::{Context, Stop};
use crate::program::Program;
use crate::property::Who;
use crate::trap::Trap;
use regatta_heap::{Kind, Value};
use regatta_ir::{SigId, Signature, TextId, Type};
use std::sync::atomic::{AtomicU32, Ordering};

/// Arguments that an instruction gives to such a method.
pub const MAX_MAGIC_ARGUMENTS: usize = 3;

/// A call that an instruction makes on its own.
#[derive(Clone, Copy, Debug)]
pub struct MagicCall<'a> {
    /// The function.
    pub entry: &'a Entry,
    arguments: [Value; MAX_MAGIC_ARGUMENTS + 2],
}

impl MagicCall<'_> {
    /// What the function's parameters are.
    #[inline]
    pub fn arguments(&self) -> &[Value] {
        &self.arguments[..self.entry.params()]
    }
}

impl<'a> Context<'a> {
    /// The call of method `name` of an object with these arguments; `None` where the value has no such method.
    pub fn magic(&self, object: Value, name: TextId, arguments: &[Value]) -> Result<Option<MagicCall<'a>>, Stop> {
        // Numbers in boxes are no objects in the eyes of a program.
        if !object.as_object().is_some_and(|object| !matches!(object.header().kind(), Kind::Complex | Kind::I64)) {
            return Ok(None);
        }
        let Some(method) = self.property(object, name, None, Who::Privileged)? else { return Ok(None) };
        let sig = self.program.magic_signature(arguments.len()).ok_or(Trap::SignatureMismatch)?;
        let callee = self.callee(method, sig)?;
        let all = callee.receiver.into_iter().chain(arguments.iter().copied()).chain(callee.closure);
        let mut filled = [Value::UNDEFINED; MAX_MAGIC_ARGUMENTS + 2];
        filled.iter_mut().zip(all).for_each(|(place, argument)| *place = argument);
        Ok(Some(MagicCall { entry: callee.entry, arguments: filled }))
    }
}

/// The numbers of the signatures that such methods have, once somebody asked.
#[derive(Debug)]
pub(crate) struct MagicSignatures([AtomicU32; MAX_MAGIC_ARGUMENTS]);

impl MagicSignatures {
    pub(crate) fn new() -> MagicSignatures {
        MagicSignatures([const { AtomicU32::new(u32::MAX) }; MAX_MAGIC_ARGUMENTS])
    }
}

impl Program {
    /// The number of the signature that takes so many values and gives one; `None` if no function has it.
    fn magic_signature(&self, arguments: usize) -> Option<SigId> {
        let known = self.magic_signatures.0.get(arguments.checked_sub(1)?)?;
        let sig = known.load(Ordering::Relaxed);
        if sig != u32::MAX {
            return Some(SigId(sig));
        }
        let signature = Signature::new(vec![Type::Val; arguments], [Type::Val]);
        let sig = self.find_type(&signature)?;
        known.store(sig.0, Ordering::Relaxed);
        Some(sig)
    }
}
