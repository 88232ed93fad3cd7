//! What machine code of ours works on: the registers it keeps, the memory it reads, the numbers it leaves with.
//!
//! | register | holds |
//! |---|---|
//! | `r12` | the registers of the current frame |
//! | `r13` | `threaded`: the pc. `template`: the tag of integers |
//! | `r14` | the [`State`] |
//! | `r15` | units of fuel |
//! | `rbx` | `threaded`: the table of handlers. `template`: the table of compiled functions |
//! | `rbp` | `threaded`: the tag of integers. `template`: the machine's stack pointer while a meaning is called |
//!
//! All of them survive a call of Rust code. Whatever machine code can't do by itself, it leaves to the meaning of the
//! instruction: it writes its spot to the state, calls, and reads the spot back ([`super::slow`]).

use crate::spot::{Halt, Spot};
use regatta_heap::Heap;
use regatta_runtime::class::ClassInfo;
use regatta_runtime::{Context, Entry, Stop, Task};
use std::ffi::c_void;
use std::mem::offset_of;
use std::sync::atomic::{AtomicPtr, AtomicU64};

/// The memory of machine code. Only what stands here by name is read there.
#[repr(C)]
pub(crate) struct State<'a, 'p> {
    /// Where the task is, as far as somebody else may look at it now.
    pub(crate) at: Spot,
    /// Where a frame must end, or the meaning of the call sees to it.
    stack_end: *const u64,
    /// Linear memory,
    memory: *mut u8,
    /// and its size.
    memory_bytes: u64,
    globals: *mut u64,
    /// The program's functions.
    pub(crate) table: *const AtomicPtr<Entry>,
    /// The program's sites, four words each.
    sites: *const u64,
    /// Headers of new instances,
    heads: *const AtomicU64,
    /// and classes, by id.
    classes: *const AtomicPtr<ClassInfo>,
    /// The program's texts.
    texts: *const AtomicPtr<u64>,
    heap: *mut Heap,
    /// The machine's stack pointer when machine code was entered.
    native_stack: u64,
    /// Below this, machine code makes no more calls of its own.
    pub(crate) native_limit: u64,
    /// The routine that calls a meaning, for code that lies far from it.
    pub(crate) call_meaning: *const u8,
    /// The routine that leaves with the number in `eax`.
    pub(crate) leave: *const u8,
    /// So many slots of the stack may be used without somebody looking. Counted from its start, since it moves.
    reach: usize,
    /// Who looks at each instruction, if handlers are reached by the hook,
    pub(crate) watch: Option<Watch>,
    /// what that works with,
    pub(crate) watcher: *mut c_void,
    /// and where the handlers are then.
    pub(crate) handlers: *const usize,
    /// Tells the meanings what to work in.
    pub(crate) cx: &'a mut Context<'p>,
    /// The task that runs.
    pub(crate) task: &'a mut Task,
}

/// Looks at the instruction at the state's spot; gives 0 to go on, or the number to leave with.
pub(crate) type Watch = unsafe extern "sysv64" fn(&mut State<'_, '_>) -> u64;

/// Offsets in a [`State`], as machine code uses them.
pub(super) mod at {
    use super::{Spot, State, offset_of};

    pub(in super::super) const PC: i32 = (offset_of!(State<'_, '_>, at) + offset_of!(Spot, pc)) as i32;
    pub(in super::super) const BASE: i32 = (offset_of!(State<'_, '_>, at) + offset_of!(Spot, base)) as i32;
    pub(in super::super) const LEFT: i32 = (offset_of!(State<'_, '_>, at) + offset_of!(Spot, left)) as i32;
    pub(in super::super) const STACK_END: i32 = offset_of!(State<'_, '_>, stack_end) as i32;
    pub(in super::super) const MEMORY: i32 = offset_of!(State<'_, '_>, memory) as i32;
    pub(in super::super) const MEMORY_BYTES: i32 = offset_of!(State<'_, '_>, memory_bytes) as i32;
    pub(in super::super) const GLOBALS: i32 = offset_of!(State<'_, '_>, globals) as i32;
    pub(in super::super) const TABLE: i32 = offset_of!(State<'_, '_>, table) as i32;
    pub(in super::super) const SITES: i32 = offset_of!(State<'_, '_>, sites) as i32;
    pub(in super::super) const HEADS: i32 = offset_of!(State<'_, '_>, heads) as i32;
    pub(in super::super) const CLASSES: i32 = offset_of!(State<'_, '_>, classes) as i32;
    pub(in super::super) const TEXTS: i32 = offset_of!(State<'_, '_>, texts) as i32;
    pub(in super::super) const HEAP: i32 = offset_of!(State<'_, '_>, heap) as i32;
    pub(in super::super) const NATIVE_STACK: i32 = offset_of!(State<'_, '_>, native_stack) as i32;
    pub(in super::super) const NATIVE_LIMIT: i32 = offset_of!(State<'_, '_>, native_limit) as i32;
    pub(in super::super) const CALL_MEANING: i32 = offset_of!(State<'_, '_>, call_meaning) as i32;
    pub(in super::super) const WATCH: i32 = offset_of!(State<'_, '_>, watch) as i32;
    pub(in super::super) const HANDLERS: i32 = offset_of!(State<'_, '_>, handlers) as i32;
    pub(in super::super) const LEAVE: i32 = offset_of!(State<'_, '_>, leave) as i32;
}

/// Machine code left because the first function returned: no [`Stop`] has this number.
pub(super) const RETURNED: u64 = 5;
/// Machine code left because a function has no form.
pub(super) const UNPREPARED: u64 = 6;
/// Machine code left for a reason of its own: enter it again.
pub(super) const AGAIN: u64 = 7;

/// Machine code left because somebody who watches says so.
pub(super) const INTERRUPTED: u64 = 8;

/// What a number that machine code left with means; nothing for what is the engine's own business.
pub(super) fn halt(number: u64) -> Option<Halt> {
    match number {
        RETURNED => Some(Halt::Returned),
        UNPREPARED => Some(Halt::Unprepared),
        INTERRUPTED => Some(Halt::Interrupted),
        number => Stop::from_bits(number).map(Halt::Stop),
    }
}

impl<'a, 'p> State<'a, 'p> {
    /// The state of a task that stands at `at`.
    pub(crate) fn new(cx: &'a mut Context<'p>, task: &'a mut Task, at: Spot) -> State<'a, 'p> {
        let nowhere = std::ptr::null();
        let (heads, classes) = cx.program.class_tables();
        let mut state = State {
            at,
            stack_end: nowhere,
            memory: std::ptr::null_mut(),
            memory_bytes: 0,
            globals: std::ptr::null_mut(),
            table: cx.program.table(),
            sites: cx.program.site_words(),
            heads,
            classes,
            texts: cx.program.text_places(),
            heap: &raw mut cx.process.heap,
            native_stack: 0,
            native_limit: 0,
            call_meaning: nowhere.cast(),
            leave: nowhere.cast(),
            reach: usize::MAX >> 4,
            watch: None,
            watcher: std::ptr::null_mut(),
            handlers: nowhere.cast(),
            cx,
            task,
        };
        state.refresh();
        state
    }

    /// Notes anew where frames must end: whoever may have moved the stack calls this.
    #[inline(always)]
    pub(crate) fn refresh_stack(&mut self) {
        let reach = self.task.slots().as_ptr().wrapping_add(self.reach);
        self.stack_end = reach.min(std::ptr::without_provenance(self.task.stack_end()));
    }

    /// From here on, so many slots above the current frame may be used without somebody looking.
    pub(crate) fn limit_reach(&mut self, slots: usize) {
        let base = (self.at.base.addr() - self.task.slots().as_ptr().addr()) / 8;
        self.reach = base + slots;
        self.refresh();
    }

    /// Notes anew where things lie: whoever may have moved any of them calls this.
    #[inline(always)]
    pub(crate) fn refresh(&mut self) {
        self.refresh_stack();
        let memory = self.cx.process.memory.bytes_mut();
        (self.memory, self.memory_bytes) = (memory.as_mut_ptr(), memory.len() as u64);
        self.globals = self.cx.process.global_slots();
    }
}
