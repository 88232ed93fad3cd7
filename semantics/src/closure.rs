//! What instructions on closures, bound functions and cells mean.

use crate::meanings;
use regatta_heap::Value;
use regatta_ir::FuncId;
use regatta_runtime::object::{Bound, Cell, Closure};
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    cell_new(cx: &mut Context<'_>, value: Value) -> Result<Value, Stop> {
        Ok(Cell::new(&mut cx.process.heap, value)?.value())
    }
    cell_get(_cx: &mut Context<'_>, cell: Value) -> Result<Value, Stop> { Ok(wanted_cell(cell)?.get()) }
    cell_set(cx: &mut Context<'_>, value: Value, cell: Value) -> Result<(), Stop> {
        wanted_cell(cell)?.set(&mut cx.process.heap, value);
        Ok(())
    }

    closure_new(cx: &mut Context<'_>, captured: &[u64], func: FuncId) -> Result<Value, Stop> {
        Ok(Closure::new(&mut cx.process.heap, func, captured)?.value())
    }
    capture_get(_cx: &mut Context<'_>, closure: Value, index: usize) -> Result<Value, Stop> {
        captured(closure, index)
    }
    capture_set(cx: &mut Context<'_>, value: Value, closure: Value, index: usize) -> Result<(), Stop> {
        match wanted(closure)?.set(&mut cx.process.heap, index, value) {
            true => Ok(()),
            false => Err(Trap::IndexOutOfBounds.into()),
        }
    }
    captured_get(_cx: &mut Context<'_>, closure: Value, index: usize) -> Result<Value, Stop> {
        Ok(wanted_cell(captured(closure, index)?)?.get())
    }
    captured_set(cx: &mut Context<'_>, value: Value, closure: Value, index: usize) -> Result<(), Stop> {
        wanted_cell(captured(closure, index)?)?.set(&mut cx.process.heap, value);
        Ok(())
    }
    captured_add_imm(cx: &mut Context<'_>, closure: Value, index: usize, b: i32) -> Result<(), Stop> {
        let cell = wanted_cell(captured(closure, index)?)?;
        let sum = crate::num_add_imm(cx, cell.get(), b)?;
        cell.set(&mut cx.process.heap, sum);
        Ok(())
    }

    bound_new(cx: &mut Context<'_>, receiver: Value, function: Value) -> Result<Value, Stop> {
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
