//! Methods: which function a call on a receiver enters.
//!
//! The receiver is argument 0. `call_virtual` knows the slot of the class's vtable; `call_method` knows a name, and asks its
//! site what the name means in objects like this one.

use crate::entry::Entry;
use crate::exec::Context;
use crate::object::Instance;
use crate::trap::Trap;
use regatta_heap::Value;
use regatta_ir::SigId;

impl<'a> Context<'a> {
    /// The function in slot `slot` of the vtable of an instance, which must have signature `sig`.
    #[inline(always)]
    pub fn virtual_method(&self, receiver: Value, slot: usize, sig: SigId) -> Result<&'a Entry, Trap> {
        let instance = Instance::of(receiver).ok_or(Trap::NotAnObject)?;
        let entry = instance.class(self.program).virtual_entry(slot).ok_or(Trap::NoSuchMethod)?;
        if entry.sig == sig { Ok(entry) } else { Err(Trap::SignatureMismatch) }
    }
}
