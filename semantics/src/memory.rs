//! What linear-memory instructions mean.
//!
//! Addresses, offsets and indexes are unsigned; the effective address is computed in 64 bits, so it never wraps, and
//! every access is checked exactly. Little-endian. A stored NaN is the canonical one.

use crate::meanings;
use regatta_runtime::scalar::{canonical_f32, canonical_f64};
use regatta_runtime::{Memory, Trap};

/// `address + offset`.
#[inline(always)]
fn plus(address: i32, offset: u32) -> u64 {
    u64::from(address as u32) + u64::from(offset)
}

/// `base + index * width`.
#[inline(always)]
fn at(base: i32, index: i32, width: u64) -> u64 {
    u64::from(base as u32) + u64::from(index as u32) * width
}

meanings! {
    i32_load(memory: &mut Memory, addr: i32, offset: u32) -> Result<i32, Trap> { Ok(i32::from_le_bytes(memory.load(plus(addr, offset))?)) }
    i32_load8_s(memory: &mut Memory, addr: i32, offset: u32) -> Result<i32, Trap> { Ok(i32::from(i8::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i32_load8_u(memory: &mut Memory, addr: i32, offset: u32) -> Result<i32, Trap> { Ok(i32::from(u8::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i32_load16_s(memory: &mut Memory, addr: i32, offset: u32) -> Result<i32, Trap> { Ok(i32::from(i16::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i32_load16_u(memory: &mut Memory, addr: i32, offset: u32) -> Result<i32, Trap> { Ok(i32::from(u16::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i64_load(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from_le_bytes(memory.load(plus(addr, offset))?)) }
    i64_load8_s(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from(i8::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i64_load8_u(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from(u8::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i64_load16_s(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from(i16::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i64_load16_u(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from(u16::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i64_load32_s(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from(i32::from_le_bytes(memory.load(plus(addr, offset))?))) }
    i64_load32_u(memory: &mut Memory, addr: i32, offset: u32) -> Result<i64, Trap> { Ok(i64::from(u32::from_le_bytes(memory.load(plus(addr, offset))?))) }
    f32_load(memory: &mut Memory, addr: i32, offset: u32) -> Result<f32, Trap> { Ok(f32::from_le_bytes(memory.load(plus(addr, offset))?)) }
    f64_load(memory: &mut Memory, addr: i32, offset: u32) -> Result<f64, Trap> { Ok(f64::from_le_bytes(memory.load(plus(addr, offset))?)) }

    i32_store(memory: &mut Memory, value: i32, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u32).to_le_bytes()) }
    i32_store8(memory: &mut Memory, value: i32, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u8).to_le_bytes()) }
    i32_store16(memory: &mut Memory, value: i32, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u16).to_le_bytes()) }
    i64_store(memory: &mut Memory, value: i64, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u64).to_le_bytes()) }
    i64_store8(memory: &mut Memory, value: i64, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u8).to_le_bytes()) }
    i64_store16(memory: &mut Memory, value: i64, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u16).to_le_bytes()) }
    i64_store32(memory: &mut Memory, value: i64, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), (value as u32).to_le_bytes()) }
    f32_store(memory: &mut Memory, value: f32, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), canonical_f32(value).to_le_bytes()) }
    f64_store(memory: &mut Memory, value: f64, addr: i32, offset: u32) -> Result<(), Trap> { memory.store(plus(addr, offset), canonical_f64(value).to_le_bytes()) }

    i32_load_at(memory: &mut Memory, base: i32, index: i32) -> Result<i32, Trap> { Ok(i32::from_le_bytes(memory.load(at(base, index, 4))?)) }
    i32_load8_s_at(memory: &mut Memory, base: i32, index: i32) -> Result<i32, Trap> { Ok(i32::from(i8::from_le_bytes(memory.load(at(base, index, 1))?))) }
    i32_load8_u_at(memory: &mut Memory, base: i32, index: i32) -> Result<i32, Trap> { Ok(i32::from(u8::from_le_bytes(memory.load(at(base, index, 1))?))) }
    i32_load16_s_at(memory: &mut Memory, base: i32, index: i32) -> Result<i32, Trap> { Ok(i32::from(i16::from_le_bytes(memory.load(at(base, index, 2))?))) }
    i32_load16_u_at(memory: &mut Memory, base: i32, index: i32) -> Result<i32, Trap> { Ok(i32::from(u16::from_le_bytes(memory.load(at(base, index, 2))?))) }
    i64_load_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from_le_bytes(memory.load(at(base, index, 8))?)) }
    i64_load8_s_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from(i8::from_le_bytes(memory.load(at(base, index, 1))?))) }
    i64_load8_u_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from(u8::from_le_bytes(memory.load(at(base, index, 1))?))) }
    i64_load16_s_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from(i16::from_le_bytes(memory.load(at(base, index, 2))?))) }
    i64_load16_u_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from(u16::from_le_bytes(memory.load(at(base, index, 2))?))) }
    i64_load32_s_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from(i32::from_le_bytes(memory.load(at(base, index, 4))?))) }
    i64_load32_u_at(memory: &mut Memory, base: i32, index: i32) -> Result<i64, Trap> { Ok(i64::from(u32::from_le_bytes(memory.load(at(base, index, 4))?))) }
    f32_load_at(memory: &mut Memory, base: i32, index: i32) -> Result<f32, Trap> { Ok(f32::from_le_bytes(memory.load(at(base, index, 4))?)) }
    f64_load_at(memory: &mut Memory, base: i32, index: i32) -> Result<f64, Trap> { Ok(f64::from_le_bytes(memory.load(at(base, index, 8))?)) }

    i32_store_at(memory: &mut Memory, value: i32, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 4), (value as u32).to_le_bytes()) }
    i32_store8_at(memory: &mut Memory, value: i32, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 1), (value as u8).to_le_bytes()) }
    i32_store16_at(memory: &mut Memory, value: i32, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 2), (value as u16).to_le_bytes()) }
    i64_store_at(memory: &mut Memory, value: i64, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 8), (value as u64).to_le_bytes()) }
    i64_store8_at(memory: &mut Memory, value: i64, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 1), (value as u8).to_le_bytes()) }
    i64_store16_at(memory: &mut Memory, value: i64, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 2), (value as u16).to_le_bytes()) }
    i64_store32_at(memory: &mut Memory, value: i64, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 4), (value as u32).to_le_bytes()) }
    f32_store_at(memory: &mut Memory, value: f32, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 4), canonical_f32(value).to_le_bytes()) }
    f64_store_at(memory: &mut Memory, value: f64, base: i32, index: i32) -> Result<(), Trap> { memory.store(at(base, index, 8), canonical_f64(value).to_le_bytes()) }

    f64_load_step(memory: &mut Memory, addr: i32, step: i32) -> Result<(f64, i32), Trap> {
        Ok((f64_load::<W>(memory, addr, 0)?, addr.wrapping_add(step)))
    }
    f64_sub_load(memory: &mut Memory, a: f64, addr: i32, offset: u32) -> Result<f64, Trap> { Ok(a - f64_load::<W>(memory, addr, offset)?) }
    f64_mul_load(memory: &mut Memory, a: f64, addr: i32, offset: u32) -> Result<f64, Trap> { Ok(a * f64_load::<W>(memory, addr, offset)?) }
    f64_mul_add_load_at(memory: &mut Memory, x: f64, a: f64, base: i32, index: i32) -> Result<f64, Trap> {
        Ok(x + a * f64_load_at::<W>(memory, base, index)?)
    }
    f64_mul_add_store(memory: &mut Memory, a: f64, b: f64, addr: i32, offset: u32) -> Result<(), Trap> {
        let m = f64_load::<W>(memory, addr, offset)?;
        f64_store::<W>(memory, m + a * b, addr, offset)
    }
    f64_mul_sub_store(memory: &mut Memory, a: f64, b: f64, addr: i32, offset: u32) -> Result<(), Trap> {
        let m = f64_load::<W>(memory, addr, offset)?;
        f64_store::<W>(memory, m - a * b, addr, offset)
    }
    // Both are read before one is written: out of bounds, nothing is done.
    i32_swap_at(memory: &mut Memory, base: i32, index: i32, other: i32) -> Result<(), Trap> {
        let (a, b) = (i32_load_at::<W>(memory, base, index)?, i32_load_at::<W>(memory, base, other)?);
        i32_store_at::<W>(memory, b, base, index)?;
        i32_store_at::<W>(memory, a, base, other)
    }
    load8_is_zero(memory: &mut Memory, addr: i32, offset: u32) -> Result<bool, Trap> { Ok(i32_load8_u::<W>(memory, addr, offset)? == 0) }
    load8_is_nonzero(memory: &mut Memory, addr: i32, offset: u32) -> Result<bool, Trap> { Ok(i32_load8_u::<W>(memory, addr, offset)? != 0) }

    memory_copy(memory: &mut Memory, to: i32, from: i32, len: i32) -> Result<(), Trap> {
        W::seldom(|| memory.copy(to as u32, from as u32, len as u32))
    }
    memory_fill(memory: &mut Memory, to: i32, byte: i32, len: i32) -> Result<(), Trap> {
        W::seldom(|| memory.fill(to as u32, byte as u8, len as u32))
    }
}
