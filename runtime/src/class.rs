//! Classes, as a program has them: everything about instances that is settled before one is made.
//!
//! ```text
//!   instance              heads[class]            class                       function
//!   +-----------------+   the header of a new     +------------------+        +-------+
//!   | header: class --|-> instance, ready to  --> | vtable: slot 0 --|------> | entry |
//!   | field 0         |   store                   |         slot 1   |        +-------+
//!   | field 1 ...     |                           | ancestors, names |
//!   +-----------------+                           +------------------+
//! ```
//!
//! Fields and vtable slots of a parent come first, so a field or a slot known for a class is good for all that extend it.
//! The ancestors lie by depth, so whether an instance is one of a class is one comparison. Interfaces have no slots of their
//! own: what goes through an interface goes by name (`call_method`).
//!
//! Linking makes classes out of a module's declarations: [`link`].

pub mod link;

use crate::entry::Entry;
use crate::names::Names;
use crate::places::Places;
use regatta_heap::Header;
use regatta_ir::{ClassId, FuncId, GlobalId, TextId};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// Classes of one program.
pub const MAX_PROGRAM_CLASSES: usize = 1 << 20;

/// A class of a program.
#[derive(Debug)]
pub struct ClassInfo {
    // The same as `vtable`, for engines that make machine code.
    slots: *const *const Entry,
    slot_count: u32,
    vtable: Box<[*const Entry]>,
    /// Its id.
    pub id: ClassId,
    /// `module.class`, or `class` of a module without a name.
    pub name: String,
    /// The class it extends.
    pub parent: Option<ClassId>,
    /// Can it have no instances of its own?
    pub is_abstract: bool,
    /// Is it an interface?
    pub is_interface: bool,
    /// What runs on a new instance.
    pub constructor: Option<FuncId>,
    ancestors: Box<[ClassId]>,
    interfaces: Box<[ClassId]>,
    fields: Box<[TextId]>,
    methods: Box<[Virtual]>,
    members: Names,
    statics: Box<[(TextId, GlobalId)]>,
    static_methods: Box<[(TextId, FuncId)]>,
}

// SAFETY: [R-TABLE] the entries a vtable points to are shared by all threads and live as long as the program.
unsafe impl Send for ClassInfo {}
// SAFETY: as above.
unsafe impl Sync for ClassInfo {}

/// A slot of a vtable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Virtual {
    /// The method's name.
    pub name: TextId,
    /// Its function; none as long as it is abstract.
    pub func: Option<FuncId>,
}

/// What a name means in instances of a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Member {
    /// The field with this number.
    Field(u16),
    /// The method in this slot of the vtable.
    Method(u16),
}

const METHOD: u32 = 1 << 16;

impl ClassInfo {
    /// Names of the fields, the parent's first.
    pub fn fields(&self) -> &[TextId] {
        &self.fields
    }

    /// What the slots of the vtable hold.
    pub fn methods(&self) -> &[Virtual] {
        &self.methods
    }

    /// All interfaces: its own, those of its ancestors, and those that these extend.
    pub fn interfaces(&self) -> &[ClassId] {
        &self.interfaces
    }

    /// From the oldest ancestor to the class itself.
    pub fn ancestors(&self) -> &[ClassId] {
        &self.ancestors
    }

    /// What a name means in an instance.
    #[inline]
    pub fn member(&self, name: TextId) -> Option<Member> {
        let number = self.members.get(name)?;
        Some(if number < METHOD { Member::Field(number as u16) } else { Member::Method(number as u16) })
    }

    /// The global that holds a static field of this class or an ancestor's.
    pub fn static_field(&self, name: TextId) -> Option<GlobalId> {
        self.statics.iter().find(|field| field.0 == name).map(|field| field.1)
    }

    /// A static method of this class or of an ancestor.
    pub fn static_method(&self, name: TextId) -> Option<FuncId> {
        self.static_methods.iter().find(|method| method.0 == name).map(|method| method.1)
    }

    /// Where the address of its vtable lies.
    pub const SLOTS_OFFSET: usize = std::mem::offset_of!(ClassInfo, slots);
    /// Where the slots of its vtable are counted, in 32 bits.
    pub const SLOT_COUNT_OFFSET: usize = std::mem::offset_of!(ClassInfo, slot_count);

    /// The function in a slot of the vtable; none where the class has no such slot, or no function for it.
    #[inline(always)]
    pub fn virtual_entry(&self, slot: usize) -> Option<&Entry> {
        let entry = *self.vtable.get(slot)?;
        // SAFETY: [R-CLASS] a slot is null or points to an entry of the program, which lives as long as the class.
        unsafe { entry.as_ref() }
    }

    /// Is every instance of this class one of `other`?
    #[inline]
    pub fn is_a(&self, other: &ClassInfo) -> bool {
        if other.is_interface {
            return self.id == other.id || self.interfaces.contains(&other.id);
        }
        self.ancestors.get(other.ancestors.len() - 1) == Some(&other.id)
    }

    /// Fills the vtable from the functions that `entry` finds.
    fn fill_vtable<'e>(&mut self, entry: impl Fn(FuncId) -> &'e Entry) {
        let place = |slot: &Virtual| slot.func.map_or(ptr::null(), |func| ptr::from_ref(entry(func)));
        self.vtable = self.methods.iter().map(place).collect();
        (self.slots, self.slot_count) = (self.vtable.as_ptr(), self.vtable.len() as u32);
    }

    /// The header of a new instance; one that no object ever has for a class without instances.
    fn head(&self) -> u64 {
        if self.is_abstract || self.is_interface {
            Header::FORWARDED
        } else {
            Header::new(regatta_heap::Kind::Instance, self.id.0, self.fields.len()).0
        }
    }
}

/// All classes of a program.
#[derive(Debug)]
pub(crate) struct Classes {
    heads: Box<[AtomicU64]>,
    classes: Places<ClassInfo>,
}

impl Classes {
    pub(crate) fn new() -> Classes {
        let heads = Box::new_zeroed_slice(MAX_PROGRAM_CLASSES);
        // SAFETY: all zero bits are an `AtomicU64`.
        Classes { heads: unsafe { heads.assume_init() }, classes: Places::new(MAX_PROGRAM_CLASSES) }
    }

    pub(crate) fn count(&self) -> usize {
        self.classes.count()
    }

    /// Where the headers of new instances lie, and the classes themselves, by id.
    pub(crate) fn tables(&self) -> (*const AtomicU64, *const AtomicPtr<ClassInfo>) {
        (self.heads.as_ptr(), self.classes.as_ptr())
    }

    #[inline(always)]
    pub(crate) fn get(&self, id: ClassId) -> Option<&ClassInfo> {
        self.classes.get(id.index())
    }

    /// The class of an instance.
    ///
    /// # Safety
    /// The id must be the layout of an instance of this program.
    #[inline(always)]
    pub(crate) unsafe fn of_instance(&self, id: ClassId) -> &ClassInfo {
        // SAFETY: [R-CLASS] instances are of classes that exist.
        unsafe { self.classes.get_known(id.index()) }
    }

    /// The header of a new instance; one that is [`Header::FORWARDED`] if there can be none.
    #[inline(always)]
    pub(crate) fn head(&self, id: ClassId) -> Header {
        debug_assert!(id.index() < self.count(), "[V-REF] code names only classes of its program");
        // SAFETY: [V-REF] the class exists, so its number is below the limit.
        Header(unsafe { self.heads.get_unchecked(id.index()) }.load(Ordering::Relaxed))
    }

    /// Adds a class that `link` has made; the program is locked. Code can name it only after this.
    pub(crate) fn push<'e>(&self, mut class: ClassInfo, entry: impl Fn(FuncId) -> &'e Entry) {
        assert_eq!(class.id.index(), self.count(), "classes come in the order of their ids");
        class.fill_vtable(entry);
        self.heads[class.id.index()].store(class.head(), Ordering::Release);
        self.classes.push(class);
    }
}
