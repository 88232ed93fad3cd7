//! What instructions on closures, bound functions and cells mean.

use crate::meanings;
use regatta_heap::Value;
use regatta_ir::FuncId;
use regatta_runtime::object::{Bound, Cell, Closure};
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    cell_new(cx: &mut Context<'_>, value: Value) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(1))?;
        Ok(Cell::new(&mut cx.process.heap, value)?.value())
    }
    cell_get(_cx: &mut Context<'_>, cell: Value) -> Result<Value, Stop> { Ok(wanted_cell(cell)?.get()) }
    cell_set(cx: &mut Context<'_>, value: Value, cell: Value) -> Result<(), Stop> {
        W::store(&mut cx.process.heap, wanted_cell(cell)?.word(), value)
    }

    closure_new(cx: &mut Context<'_>, captured: &[u64], func: FuncId) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(1 + captured.len()))?;
        Ok(Closure::new(&mut cx.process.heap, func, captured)?.value())
    }
    capture_get(_cx: &mut Context<'_>, closure: Value, index: usize) -> Result<Value, Stop> {
        captured(closure, index)
    }
    capture_set(cx: &mut Context<'_>, value: Value, closure: Value, index: usize) -> Result<(), Stop> {
        match wanted(closure)?.word(index) {
            Some(place) => W::store(&mut cx.process.heap, place, value),
            None => Err(Trap::IndexOutOfBounds.into()),
        }
    }
    captured_get(_cx: &mut Context<'_>, closure: Value, index: usize) -> Result<Value, Stop> {
        Ok(wanted_cell(captured(closure, index)?)?.get())
    }
    captured_set(cx: &mut Context<'_>, value: Value, closure: Value, index: usize) -> Result<(), Stop> {
        let cell = captured(closure, index)?;
        W::store(&mut cx.process.heap, wanted_cell(cell)?.word(), value)
    }
    captured_add_imm(cx: &mut Context<'_>, closure: Value, index: usize, b: i32) -> Result<(), Stop> {
        let cell = wanted_cell(captured(closure, index)?)?;
        let sum = crate::num_add_imm::<W>(cx, cell.get(), b)?;
        W::store(&mut cx.process.heap, cell.word(), sum)
    }

    bound_new(cx: &mut Context<'_>, receiver: Value, function: Value) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(2))?;
        Ok(Bound::new(&mut cx.process.heap, receiver, function)?.value())
    }
}

#[inline(always)]
fn wanted(closure: Value) -> Result<Closure, Stop> {
    Closure::of(closure).ok_or(Stop::trap(Trap::NotAClosure))
}

#[inline(always)]
fn wanted_cell(cell: Value) -> Result<Cell, Stop> {
    Cell::of(cell).ok_or(Stop::trap(Trap::NotACell))
}

#[inline(always)]
fn captured(closure: Value, index: usize) -> Result<Value, Stop> {
    wanted(closure)?.get(index).ok_or(Stop::trap(Trap::IndexOutOfBounds))
}
