//! Methods: which function a call on a receiver enters.
//!
//! The receiver is argument 0. `call_virtual` knows the slot of the class's vtable. `call_method` knows a name: it asks what
//! its [site](crate::site) remembers of objects like this one, and else looks the name up as any property
//! ([`crate::property`]). What is found is called with all arguments as they are, the receiver first, by the rules for
//! calling a value ([`mod@crate::callee`]).

use crate::callee::Callee;
use crate::entry::Entry;
use crate::exec::{Context, Stop};
use crate::object::Instance;
use crate::property::Who;
use crate::site::How;
use crate::trap::Trap;
use regatta_heap::Value;
use regatta_ir::{FuncId, SigId, SiteId, TextId};

impl<'a> Context<'a> {
    /// The function in slot `slot` of the vtable of an instance, which must have signature `sig`.
    #[inline(always)]
    pub fn virtual_method(&self, receiver: Value, slot: usize, sig: SigId) -> Result<&'a Entry, Trap> {
        let instance = Instance::of(receiver).ok_or(Trap::NotAnObject)?;
        let entry = instance.class(self.program).virtual_entry(slot).ok_or(Trap::NoSuchMethod)?;
        if entry.sig == sig { Ok(entry) } else { Err(Trap::SignatureMismatch) }
    }

    /// The function that a call of a method enters, if the site knows a method of the class and it has this signature.
    #[inline(always)]
    pub fn known_method(&self, receiver: Value, sig: SigId, site: SiteId) -> Option<&'a Entry> {
        let header = receiver.as_object()?.header();
        let fact = self.program.site(site).find(header)?;
        if fact.how() != How::Method {
            return None;
        }
        // SAFETY: [R-SITE] only facts about classes are of methods, so this is the layout of an instance.
        let entry = unsafe { self.program.class_of_instance(header.layout()) }.virtual_entry(fact.slot())?;
        (entry.sig == sig).then_some(entry)
    }

    /// The plain function of this signature that a property holds, if the site knows of all objects on the way.
    #[inline(never)]
    pub fn known_function(&self, receiver: Value, sig: SigId, site: SiteId) -> Option<&'a Entry> {
        let func = self.property_by_site(receiver, site)?.as_function()?;
        self.program.entry(FuncId(func)).filter(|entry| entry.sig == sig)
    }

    /// What a call of method `name` of a receiver enters.
    #[cold]
    #[inline(never)]
    pub fn method(&self, receiver: Value, name: TextId, sig: SigId, site: SiteId) -> Result<Callee<'a>, Stop> {
        let found = self.property(receiver, name, Some(site), Who::Anyone)?;
        self.callee(found.ok_or(Trap::NoSuchMethod)?, sig)
    }
}
