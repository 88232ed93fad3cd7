//! Entries: what a program knows of each function, and where engines find its code.

use crate::callee::Signatures;
use crate::exec::internal::UNPROVED_CODE;
use crate::liveness::Liveness;
use crate::program::Program;
use regatta_ir::{Code, FuncId, Function, Instr, SigId};
use regatta_verifier::VerifyErrors;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

/// A function of a program. It never moves and never goes away before the program does.
// In this order, so that what a call reads lies together.
#[derive(Debug)]
#[repr(C)]
pub struct Entry {
    code: AtomicPtr<u64>,
    frame: u32,
    params: u32,
    /// Its id.
    pub id: FuncId,
    /// Its signature, in the program's types.
    pub sig: SigId,
    /// That, and those it can be called under as part of a value.
    pub signatures: Signatures,
    body: OnceLock<Result<Function, VerifyErrors>>,
    starts: OnceLock<Box<[bool]>>,
    liveness: OnceLock<Option<Box<Liveness>>>,
}

impl Entry {
    /// Where in an entry the address of its code lies, for engines that make machine code.
    pub const CODE_OFFSET: usize = std::mem::offset_of!(Entry, code);
    /// Where the slots of its frame are counted, in 32 bits.
    pub const FRAME_OFFSET: usize = std::mem::offset_of!(Entry, frame);
    /// Where its parameters are counted, in 32 bits.
    pub const PARAMS_OFFSET: usize = std::mem::offset_of!(Entry, params);
    /// Where its id is.
    pub const ID_OFFSET: usize = std::mem::offset_of!(Entry, id);
    /// Where its signature is.
    pub const SIG_OFFSET: usize = std::mem::offset_of!(Entry, sig);
    /// Where the signature is under which it is called as a closure.
    pub const CLOSURE_SIG_OFFSET: usize =
        std::mem::offset_of!(Entry, signatures) + std::mem::offset_of!(Signatures, closure);

    /// A function whose body nobody has checked yet.
    pub(crate) fn unproved(id: FuncId, signatures: Signatures, registers: usize, params: usize) -> Entry {
        let code = AtomicPtr::new(UNPROVED_CODE.as_ptr().cast_mut());
        Entry {
            code,
            frame: registers as u32,
            params: params as u32,
            id,
            sig: signatures.plain,
            signatures,
            body: OnceLock::new(),
            starts: OnceLock::new(),
            liveness: OnceLock::new(),
        }
    }

    /// Publishes the body, or the reason why there is none. Only `program.rs` calls this, with what the verifier gave.
    pub(crate) fn publish(&self, body: Result<Function, VerifyErrors>) {
        let body = self.body.get_or_init(|| body);
        if let Ok(function) = body {
            function.code.as_ptr().expose_provenance();
            // [R-CODE]: the words stay where they are, because `body` is never replaced or dropped while we live.
            self.code.store(function.code.as_ptr().cast_mut(), Ordering::Release);
        }
    }

    /// The body, once it is proved.
    pub fn body(&self) -> Option<&Function> {
        self.body.get()?.as_ref().ok()
    }

    /// The name that its body has, once it is proved. Waits for a thread that is proving it just now.
    pub(crate) fn proved_name(&self) -> Option<String> {
        self.body.wait().as_ref().ok().map(|function| function.name.clone())
    }

    /// What proving the body came to; `None` before anybody asked.
    pub fn proof(&self) -> Option<Result<(), &VerifyErrors>> {
        self.body.get().map(|body| body.as_ref().map(|_| ()))
    }

    /// The instructions, once they are proved.
    pub fn code(&self) -> Option<&Code> {
        self.body().map(|function| &function.code)
    }

    /// Where canonical code starts: the body once it is proved, until then the internal instruction that says so.
    #[inline(always)]
    pub fn code_ptr(&self) -> *const u64 {
        self.code.load(Ordering::Acquire)
    }

    /// Slots of a frame, without the header.
    #[inline(always)]
    pub fn frame_slots(&self) -> usize {
        self.frame as usize
    }

    /// How many arguments it takes.
    #[inline(always)]
    pub fn params(&self) -> usize {
        self.params as usize
    }

    /// Is this word of the body the start of an instruction? Remembers the answers for all words.
    pub fn is_start(&self, word: u32) -> bool {
        let Some(code) = self.code() else {
            return word == 0; // where a function without a proof waits for one
        };
        let starts = self.starts.get_or_init(|| {
            let mut starts = vec![false; code.len()].into_boxed_slice();
            let mut pc = 0;
            while let Some(instr) = code.get(pc..).and_then(Instr::decode) {
                starts[pc] = true;
                pc += instr.words();
            }
            starts
        });
        starts.get(word as usize).is_some_and(|&start| start)
    }

    /// Which `val` registers matter where; `None` when the function has none. Worked out when first asked for.
    #[inline]
    pub fn liveness(&self, program: &Program) -> Option<&Liveness> {
        let body = self.body()?;
        self.liveness.get_or_init(|| Liveness::of(program, body).map(Box::new)).as_deref()
    }

    /// Which word of the body lies at this address.
    pub fn word_at(&self, address: u64) -> Option<u32> {
        let start = self.code()?.as_ptr().addr() as u64;
        let words = address.checked_sub(start)? / 8;
        (words <= self.code()?.len() as u64).then_some(words as u32)
    }

    /// The address of a word of the body.
    pub fn address_of(&self, word: u32) -> Option<u64> {
        Some(self.code()?.as_ptr().addr() as u64 + 8 * u64::from(word))
    }
}

/// The function table: one dense array for static and dynamic ids, at a fixed place, so that engines keep its address in
/// a register while other threads add functions. Pages nobody touched cost nothing.
#[derive(Debug)]
pub(crate) struct Table(Box<[AtomicPtr<Entry>]>);

/// Functions of each kind, static and dynamic, that one program can hold.
pub const MAX_PROGRAM_FUNCTIONS: usize = 1 << 22;

impl Table {
    pub(crate) fn new() -> Table {
        let slots = Box::new_zeroed_slice(2 * MAX_PROGRAM_FUNCTIONS);
        // SAFETY: all zero bits are an `AtomicPtr` that is null.
        Table(unsafe { slots.assume_init() })
    }

    /// Fills the place of `entry`'s id.
    pub(crate) fn set(&self, entry: &Entry) {
        self.0[entry.id.table_place()].store(ptr::from_ref(entry).cast_mut(), Ordering::Release);
    }

    /// The first place; engines index it by [`FuncId::table_place`].
    pub(crate) fn as_ptr(&self) -> *const AtomicPtr<Entry> {
        self.0.as_ptr()
    }

    /// The entry of an id; `None` for ids that were never given out.
    #[inline(always)]
    pub(crate) fn get(&self, id: FuncId) -> Option<&Entry> {
        let entry = self.0.get(id.table_place())?.load(Ordering::Acquire);
        // SAFETY: [R-TABLE] a place is null or holds an entry that lives as long as the program that owns this table.
        unsafe { entry.as_ref() }
    }
}
