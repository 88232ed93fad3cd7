//! Calls: windows, and the moves into and out of them.
//!
//! A call needs a window: the callee's frame lies over the caller's registers from `window + 2` on, arguments sit there,
//! the first two results land at `window`, more behind the arguments, and everything from `window` up is undefined after
//! the call except the results. So a
//! window must lie above all that is live across the call. A frontend does not know what it will need later; therefore
//! windows get an *area* of their own, above all ordinary registers:
//!
//! ```text
//! r0 ... parameters and ordinary registers ... | area: window of f [ window of g, while an argument of f is made ] |
//! ```
//!
//! Windows are opened and closed like brackets. One that is opened while others are open lies above them; one that is
//! opened after another was closed lies over the same registers where their types allow it, since a register has one type
//! for the whole function. So a frame needs about as many window registers as its deepest nest of calls.
//!
//! [`FunctionBuilder::invoke`] does it all with moves. [`FunctionBuilder::open`], [`CallWindow::arg`],
//! [`FunctionBuilder::call_in`], [`CallWindow::result`], [`FunctionBuilder::close`] let arguments be made in place. The
//! generated [`FunctionBuilder::call`] takes any register as window, for generators that lay out their frames themselves.

use super::emit::Needs;
use super::registers::{AreaSlot, NEVER, NOWHERE, Position, area_register};
use super::{BuildErrorKind as Error, FunctionBuilder};
use crate::index::{FuncId, NativeId, Reg, SigId};
use crate::limits::MAX_REGISTERS;
use crate::types::{HEADER, Signature, Type};

/// A call window in the area above ordinary registers. Its registers may be written and read until it is closed.
///
/// The numbers of its registers stand for their place until `finish`, which knows where the area starts; the function has
/// other numbers there.
#[derive(Debug)]
#[must_use = "a window that is not closed keeps its registers"]
pub struct CallWindow {
    /// Offset in the area; `None` when there was no room.
    offset: Option<usize>,
    params: usize,
    results: usize,
}

impl CallWindow {
    /// The register of the `n`-th argument, to be written before the call.
    pub fn arg(&self, n: usize) -> Reg {
        self.register(HEADER + n, n < self.params)
    }

    /// The register of the `n`-th result, to be read after the call.
    pub fn result(&self, n: usize) -> Reg {
        self.register(self.result_slot(n), n < self.results)
    }

    /// Where result `n` lands; see [`Signature::result_slot`].
    fn result_slot(&self, n: usize) -> usize {
        if n < HEADER { n } else { self.params + n }
    }

    /// Its first register.
    pub fn base(&self) -> Reg {
        self.register(0, true)
    }

    fn register(&self, n: usize, exists: bool) -> Reg {
        match self.offset {
            Some(offset) if exists => area_register(offset + n),
            _ => NOWHERE,
        }
    }
}

/// What is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callee {
    /// A function of the module.
    Func(FuncId),
    /// The function whose id a register holds.
    Indirect(Reg, SigId),
    /// A function of the host.
    Native(NativeId),
}

impl From<FuncId> for Callee {
    fn from(func: FuncId) -> Callee {
        Callee::Func(func)
    }
}

impl From<NativeId> for Callee {
    fn from(native: NativeId) -> Callee {
        Callee::Native(native)
    }
}

/// An open window: where the area was before, and where the window ends.
#[derive(Clone, Copy)]
pub(super) struct OpenWindow {
    offset: usize,
    top_before: usize,
}

/// A call on the straight way to the current instruction. `reference` is set when its signature is not known here.
#[derive(Clone, Copy)]
pub(super) struct Clobber {
    pub(super) window: Position,
    pub(super) stamp: u32,
    pub(super) reference: Option<u32>,
}

impl FunctionBuilder {
    /// Calls `callee`, whose signature is `signature`: moves the arguments into a window, calls, moves the results out.
    pub fn invoke(&mut self, callee: impl Into<Callee>, signature: &Signature, args: &[Reg], results: &[Reg]) {
        self.count("invoke", "arguments", args.len(), signature.params.len(), signature);
        self.count("invoke", "results", results.len(), signature.results.len(), signature);
        let window = self.open(signature);
        if window.offset.is_some() {
            (0..signature.params.len().min(args.len())).for_each(|n| self.mov(window.arg(n), args[n]));
            self.call_in(&window, callee);
            (0..signature.results.len().min(results.len())).for_each(|n| self.mov(results[n], window.result(n)));
        }
        self.close(window);
    }

    /// Calls `callee` in place of this frame; its results must be those of this function.
    pub fn tail_invoke(&mut self, callee: impl Into<Callee>, signature: &Signature, args: &[Reg]) {
        self.count("tail_invoke", "arguments", args.len(), signature.params.len(), signature);
        if signature.results != self.signature.results {
            self.fail_in("tail_invoke", Error::TailResults { callee: signature.clone() });
        }
        let params = &signature.params;
        let layout = |n: usize| n.checked_sub(HEADER).and_then(|n| params.get(n)).copied();
        let offset = self.claim(self.top, HEADER + params.len(), layout);
        let window = CallWindow { offset, params: params.len(), results: 0 };
        if offset.is_some() {
            (0..params.len().min(args.len())).for_each(|n| self.mov(window.arg(n), args[n]));
            match callee.into() {
                Callee::Func(func) => self.tail_call(window.base(), func),
                Callee::Indirect(callee, sig) => self.tail_call_indirect(window.base(), callee, sig),
                Callee::Native(_) => self.fail_in("tail_invoke", Error::TailNative),
            }
        }
        self.close(window);
    }

    /// Opens a window above all open ones.
    pub fn open(&mut self, signature: &Signature) -> CallWindow {
        self.open_from(self.top, signature)
    }

    /// Opens a window to make argument `n` of `outer`, the innermost open window. Its first result is that argument where
    /// types allow, so that `copy(outer.arg(n), inner.result(0))` often costs nothing. Arguments of `outer` before `n`
    /// stay; those from `n` on are undefined from now on.
    pub fn open_for(&mut self, outer: &CallWindow, n: usize, signature: &Signature) -> CallWindow {
        let innermost = self.windows.last().map(|open| open.offset);
        match outer.offset {
            Some(offset) if innermost == Some(offset) && n < outer.params => {
                self.open_from(offset + HEADER + n, signature)
            }
            _ => {
                self.fail_in("open_for", Error::NotInnermost);
                self.open(signature)
            }
        }
    }

    /// Calls `callee` with the arguments in `window`.
    pub fn call_in(&mut self, window: &CallWindow, callee: impl Into<Callee>) {
        let Some(offset) = window.offset else { return };
        if self.windows.last().map(|open| open.offset) != Some(offset) {
            return self.fail_in("call_in", Error::NotInnermost);
        }
        self.current = "call_in";
        let unknown = self.unknown_results;
        for n in 0..window.params {
            self.reads(window.arg(n));
        }
        match callee.into() {
            Callee::Func(func) => self.call(window.base(), func),
            Callee::Indirect(callee, sig) => self.call_indirect(window.base(), callee, sig),
            Callee::Native(native) => self.call_native(window.base(), native),
        }
        self.unknown_results = unknown;
        self.call_is_known(window);
    }

    /// Closes the innermost window; its registers are free for the next one.
    pub fn close(&mut self, window: CallWindow) {
        let Some(offset) = window.offset else { return };
        match self.windows.last() {
            Some(open) if open.offset == offset => {
                self.top = open.top_before;
                self.windows.pop();
            }
            _ => self.fail_in("close", Error::NotInnermost),
        }
    }

    /// Returns these registers, however many results the function has.
    pub fn return_(&mut self, results: &[Reg]) {
        let has = self.signature.results.len();
        if results.len() != has {
            return self.fail_in("return_", Error::ResultCount { has, given: results.len() });
        }
        match *results {
            [] => self.ret(),
            [one] => self.ret_value(one),
            [first, ..] if self.are_in_order(results) => self.ret_values(first),
            _ => self.return_moved(results),
        }
    }

    fn are_in_order(&self, results: &[Reg]) -> bool {
        let Some(first) = self.position(results[0]) else { return false };
        results.iter().enumerate().all(|(n, &reg)| self.position(reg) == Some(first.plus(n)))
    }

    /// Moves the results to the area, where they can lie in order.
    fn return_moved(&mut self, results: &[Reg]) {
        let types = std::mem::take(&mut self.signature.results);
        let offset = self.claim(self.top, types.len(), |n| Some(types[n]));
        self.signature.results = types;
        let Some(offset) = offset else { return };
        for (n, &reg) in results.iter().enumerate() {
            self.mov(area_register(offset + n), reg);
        }
        self.ret_values(area_register(offset));
        self.close(CallWindow { offset: Some(offset), params: 0, results: results.len() });
    }

    fn count(&mut self, method: &'static str, what: &'static str, given: usize, has: usize, signature: &Signature) {
        if given != has {
            self.fail_in(method, Error::CallCount { what, given, has, signature: signature.clone() });
        }
    }

    fn open_from(&mut self, floor: usize, signature: &Signature) -> CallWindow {
        let (params, results) = (&signature.params, &signature.results);
        let window = CallWindow { offset: None, params: params.len(), results: results.len() };
        let layout = |slot: usize| match slot.checked_sub(HEADER) {
            None => results.get(slot).copied(),
            Some(n) => params.get(n).or_else(|| results.get(slot - params.len())).copied(),
        };
        let len = signature.window_slots();
        CallWindow { offset: self.claim(floor, len, layout), ..window }
    }

    /// Opens the first place in the area, from `floor` on, where registers of these types fit or can be made.
    fn claim(&mut self, floor: usize, len: usize, layout: impl Fn(usize) -> Option<Type>) -> Option<usize> {
        let fits = |at: usize, slot: &AreaSlot| match (slot.ty, layout(at)) {
            (Some(is), Some(asked)) => is == asked,
            _ => true,
        };
        let offset = (floor..)
            .find(|&offset| self.area.iter().skip(offset).take(len).enumerate().all(|(n, slot)| fits(n, slot)))?;
        if self.registers.len() + self.area.len().max(offset + len) > MAX_REGISTERS {
            self.fail_in("open", Error::TooManyRegisters { limit: MAX_REGISTERS });
            return None;
        }
        if self.area.len() < offset + len {
            self.area.resize(offset + len, AreaSlot { ty: None, stamp: NEVER });
        }
        for n in 0..len {
            let slot = &mut self.area[offset + n];
            slot.ty = slot.ty.or(layout(n));
            slot.stamp = NEVER;
        }
        self.windows.push(OpenWindow { offset, top_before: self.top });
        self.top = self.top.max(offset + len);
        Some(offset)
    }

    /// Notes a call on the straight way on. Those at or above it no longer matter.
    pub(super) fn clobber(&mut self, clobber: Clobber) {
        while self.clobbers.last().is_some_and(|last| last.window >= clobber.window) {
            self.clobbers.pop();
        }
        self.clobbers.push(clobber);
        self.unknown_results = self.unknown_results.min(clobber.window);
    }

    /// The call just emitted went through a window whose signature is known.
    fn call_is_known(&mut self, window: &CallWindow) {
        if let Some(clobber) = self.clobbers.last_mut() {
            clobber.reference = None;
        }
        if let Some(Needs::Call { shape, .. }) = self.references.last_mut().map(|reference| &mut reference.needs) {
            *shape = Some((window.params as u16, window.results as u16));
        }
        let Some(offset) = window.offset else { return };
        let stamp = self.now() - 1;
        for n in 0..window.results {
            self.area[offset + window.result_slot(n)].stamp = stamp;
        }
    }

    /// A register is read after a call that may have clobbered it: an error, or a result that the callee must have.
    pub(super) fn reads_after_call(&mut self, position: Position, clobber: Clobber) {
        let call = FunctionBuilder::instruction_of(clobber.stamp);
        let emitted = self.emitted;
        let result = position.above(clobber.window);
        let reference = clobber.reference.map(|n| &mut self.references[n as usize].needs);
        match (reference, result) {
            (Some(Needs::Call { window, relied, read, .. }), Some(result))
                if window.in_area().is_some() == position.in_area().is_some() =>
            {
                if result >= *relied {
                    (*relied, *read) = (result + 1, emitted);
                }
            }
            _ => self.fail(Error::Clobbered { register: position.named(), call }),
        }
    }
}
