//! Functions with something in hand: closures, bound functions, and the cells that closures share.
//!
//! ```text
//!   closure  header | function | captured values
//!   bound    header | function or closure | receiver
//!   cell     header | value
//! ```
//!
//! A closure captures values. A variable that several closures see, or that changes after it was captured, lives in a
//! cell, and they capture the cell.

use crate::exec::Stop;
use crate::object::Word;
use crate::trap::Trap;
use regatta_heap::header::MAX_PLAIN_WORDS;
use regatta_heap::{Header, Heap, Kind, Object, Value};
use regatta_ir::FuncId;

views! {
    /// A function with captured values.
    Closure;
}

impl Closure {
    /// A new closure of `func` over these values.
    #[inline(always)]
    pub fn new(heap: &mut Heap, func: FuncId, captured: &[u64]) -> Result<Closure, Stop> {
        let words = 1 + captured.len();
        if words > MAX_PLAIN_WORDS {
            return Err(Trap::LengthOverflow.into());
        }
        let closure = heap.allocate(Header::plain(Kind::Closure, words), words)?;
        // SAFETY: [R-HEAP] the closure is new and has a word for the function and each captured value.
        unsafe {
            closure.set_word(0, Value::function(func.0).bits());
            for (n, &value) in captured.iter().enumerate() {
                closure.set_word(1 + n, value);
            }
        }
        Ok(Closure(closure))
    }

    /// Its function.
    #[inline(always)]
    pub fn func(self) -> FuncId {
        // SAFETY: [R-HEAP] word 0 of a closure is a function.
        FuncId(unsafe { self.0.word(0) } as u32)
    }

    /// How many values it has captured.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.0.header().count() - 1
    }

    /// Has it captured none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Captured value `n`.
    #[inline(always)]
    pub fn get(self, n: usize) -> Option<Value> {
        // SAFETY: [R-HEAP] the captured values follow the function.
        if n < self.len() { Some(unsafe { self.0.value(1 + n) }) } else { None }
    }

    /// Captured value `n`, to be replaced.
    #[inline(always)]
    pub fn word(self, n: usize) -> Option<Word> {
        // SAFETY: [R-HEAP] the captured values follow the function.
        if n < self.len() { Some(unsafe { Word::new(self.0, 1 + n) }) } else { None }
    }
}

views! {
    /// A function or closure with its receiver.
    Bound;
}

impl Bound {
    /// A new one; `function` must be a function or closure.
    #[inline(always)]
    pub fn new(heap: &mut Heap, receiver: Value, function: Value) -> Result<Bound, Stop> {
        if function.as_function().is_none() && Closure::of(function).is_none() {
            return Err(Trap::NotCallable.into());
        }
        let bound = heap.allocate(Header::plain(Kind::Bound, 2), 2)?;
        // SAFETY: [R-HEAP] the object is new and has two words.
        unsafe {
            bound.set_word(0, function.bits());
            bound.set_word(1, receiver.bits());
        }
        Ok(Bound(bound))
    }

    /// The function or closure.
    #[inline(always)]
    pub fn function(self) -> Value {
        // SAFETY: [R-HEAP] word 0 is the function.
        unsafe { self.0.value(0) }
    }

    /// What goes before the arguments.
    #[inline(always)]
    pub fn receiver(self) -> Value {
        // SAFETY: [R-HEAP] word 1 is the receiver.
        unsafe { self.0.value(1) }
    }
}

views! {
    /// A variable that closures share.
    Cell;
}

impl Cell {
    /// A new cell that holds `value`.
    #[inline(always)]
    pub fn new(heap: &mut Heap, value: Value) -> Result<Cell, Stop> {
        let cell = heap.allocate(Header::plain(Kind::Cell, 1), 1)?;
        // SAFETY: [R-HEAP] the cell is new and has one word.
        unsafe { cell.set_word(0, value.bits()) };
        Ok(Cell(cell))
    }

    /// What it holds.
    #[inline(always)]
    pub fn get(self) -> Value {
        // SAFETY: [R-HEAP] a cell is one value.
        unsafe { self.0.value(0) }
    }

    /// That, to be replaced.
    #[inline(always)]
    pub fn word(self) -> Word {
        // SAFETY: [R-HEAP] a cell is one value.
        unsafe { Word::new(self.0, 0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_values_come_back_and_change() {
        let heap = &mut Heap::with_room(1 << 20);
        let closure = Closure::new(heap, FuncId(7), &[Value::i32(1).bits(), Value::NULL.bits()]).unwrap();
        assert_eq!((closure.func(), closure.len()), (FuncId(7), 2));
        assert_eq!((closure.get(0), closure.get(1), closure.get(2)), (Some(Value::i32(1)), Some(Value::NULL), None));
        closure.word(1).unwrap().set(heap, Value::TRUE);
        assert!(closure.word(2).is_none());
        assert_eq!(closure.get(1), Some(Value::TRUE));
        assert_eq!(Closure::of(closure.value()), Some(closure));
        assert!(Cell::of(closure.value()).is_none() && Closure::of(Value::function(7)).is_none());
    }

    #[test]
    fn cells_are_shared() {
        let heap = &mut Heap::with_room(1 << 20);
        let cell = Cell::new(heap, Value::UNIT).unwrap();
        let closures = [0, 1].map(|n| Closure::new(heap, FuncId(n), &[cell.value().bits()]).unwrap());
        Cell::of(closures[0].get(0).unwrap()).unwrap().word().set(heap, Value::i32(5));
        assert_eq!(Cell::of(closures[1].get(0).unwrap()).unwrap().get(), Value::i32(5));
    }

    #[test]
    fn only_functions_are_bound() {
        let heap = &mut Heap::with_room(1 << 20);
        let closure = Closure::new(heap, FuncId(7), &[]).unwrap();
        for function in [Value::function(3), closure.value()] {
            let bound = Bound::new(heap, Value::NULL, function).unwrap();
            assert_eq!((bound.function(), bound.receiver()), (function, Value::NULL));
            assert_eq!(Bound::new(heap, Value::NULL, bound.value()), Err(Stop::trap(Trap::NotCallable)));
        }
        assert_eq!(Bound::new(heap, Value::NULL, Value::i32(3)), Err(Stop::trap(Trap::NotCallable)));
    }

    #[test]
    fn limits_hold() {
        let heap = &mut Heap::with_room(1 << 24);
        let most = vec![Value::NULL.bits(); MAX_PLAIN_WORDS];
        assert_eq!(Closure::new(heap, FuncId(0), &most), Err(Stop::trap(Trap::LengthOverflow)));
        assert_eq!(Closure::new(heap, FuncId(0), &most[1..]).unwrap().len(), MAX_PLAIN_WORDS - 1);
    }
}
