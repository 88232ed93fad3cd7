//! Objects: fields, properties by inline cache, array elements, cells and captured values.
//!
//! Only what needs neither memory nor the collector: a store of a reference into an object that the collector wants to hear
//! about is left to the meaning. Layouts are those of `regatta_heap` and `regatta_runtime::object`: a header, then words.

use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, Mode, form, reg::*, tag};
use crate::dispatch::asm::state::at;
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};
use regatta_heap::{Header, Kind, value};
use regatta_ir::operand::Role;

/// Where payload word 0 of an object lies, and element 0 of a storage.
pub(super) const WORD: i32 = 8;
const ELEMENTS: i32 = 16;
/// Where in a header the kind and the count of words are.
pub(super) const KIND: i32 = 1;
pub(super) const COUNT: i32 = 2;
pub(super) const LAYOUT: i32 = 4;
/// Bytes of a site, as a power of two; its other facts lie behind the first.
pub(super) const SITE_SHIFT: u8 = 5;

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Access {
    FieldGet,
    FieldSet,
    PropGet,
    PropSet,
    ArrayGet,
    ArraySet,
    ArrayLen,
    ArrayPush,
    CellGet,
    CellSet,
    CaptureGet,
    CapturedGet,
    CapturedSet,
    ArraySwap,
    StrLen,
    StrByte,
}

impl Access {
    pub(super) fn of(meaning: &str) -> Option<Access> {
        Some(match meaning {
            "field_get" => Access::FieldGet,
            "field_set" => Access::FieldSet,
            "prop_get" | "prop_get_this" => Access::PropGet,
            "prop_set" | "prop_set_this" => Access::PropSet,
            "array_get" | "array_get_at" | "elem_get" => Access::ArrayGet,
            "array_set" | "array_set_at" | "elem_set" => Access::ArraySet,
            "array_len" => Access::ArrayLen,
            "array_push" => Access::ArrayPush,
            "cell_get" => Access::CellGet,
            "cell_set" => Access::CellSet,
            "capture_get" => Access::CaptureGet,
            "captured_get" => Access::CapturedGet,
            "captured_set" => Access::CapturedSet,
            "array_swap" => Access::ArraySwap,
            "str_len" => Access::StrLen,
            "str_byte" => Access::StrByte,
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let slow = e.slow();
        match self {
            Access::FieldGet => {
                let field = field(e, RAX, RDX, 2, slow);
                e.rm(form::LOAD.wide(true), RAX, field);
                e.store(0, RAX, RDX);
            }
            Access::FieldSet => {
                let field = field(e, RAX, RDX, 2, slow);
                e.load(true, RSI, 0);
                barrier(e, RAX, RSI, slow);
                e.rm(form::STORE.wide(true), RSI, field);
            }
            Access::PropGet => {
                object(e, RAX, 1, slow);
                property(e, slow);
                e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RDX, 3, WORD));
                e.store(0, RAX, RDX);
            }
            Access::PropSet => {
                object(e, RAX, 1, slow);
                property(e, slow);
                e.load(true, RSI, 0);
                barrier(e, RAX, RSI, slow);
                e.rm(form::STORE.wide(true), RSI, Mem::indexed(RAX, RDX, 3, WORD));
            }
            Access::ArrayGet => array_get(e, slow),
            Access::ArraySet => array_set(e, slow),
            Access::ArrayLen => {
                object(e, RAX, 1, slow);
                is_between(e, RAX, Kind::Array, Kind::ByteArray, slow);
                e.rm(form::LOAD, RAX, Mem::at(RAX, WORD));
                e.tag_integer(RAX);
                e.store(0, RAX, RDX);
            }
            Access::ArrayPush => array_push(e, slow),
            Access::ArraySwap => array_swap(e, slow),
            Access::StrLen => {
                object(e, RAX, 1, slow);
                // Flat strings, ropes and slices have their length in one place.
                is_between(e, RAX, Kind::String, Kind::Slice, slow);
                e.rm(form::LOAD, RAX, Mem::at(RAX, WORD));
                e.tag_integer(RAX);
                e.store(0, RAX, RDX);
            }
            Access::StrByte => {
                object(e, RAX, 1, slow);
                is_kind(e, RAX, Kind::String, slow);
                index(e, RDX, 2, slow);
                in_bounds(e, RDX, slow);
                e.rm(form::LOAD_U8, RAX, Mem::indexed(RAX, RDX, 0, ELEMENTS));
                e.tag_integer(RAX);
                e.store(0, RAX, RDX);
            }
            Access::CellGet => {
                object(e, RAX, 1, slow);
                is_kind(e, RAX, Kind::Cell, slow);
                e.rm(form::LOAD.wide(true), RAX, Mem::at(RAX, WORD));
                e.store(0, RAX, RDX);
            }
            Access::CellSet => {
                object(e, RAX, 1, slow);
                is_kind(e, RAX, Kind::Cell, slow);
                e.load(true, RSI, 0);
                barrier(e, RAX, RSI, slow);
                e.rm(form::STORE.wide(true), RSI, Mem::at(RAX, WORD));
            }
            Access::CaptureGet => {
                capture(e, 2, slow);
                e.store(0, RAX, RDX);
            }
            Access::CapturedGet => {
                let cell = captured(e, 2, slow);
                e.rm(form::LOAD.wide(true), RAX, cell);
                e.store(0, RAX, RDX);
            }
            Access::CapturedSet => {
                let cell = captured(e, 2, slow);
                e.load(true, RSI, 0);
                barrier(e, RAX, RSI, slow);
                e.rm(form::STORE.wide(true), RSI, cell);
            }
        }
        e.next();
    }
}

/// The address of the object that operand `n` is; destroys `rcx`.
pub(super) fn object(e: &mut Emitter<'_>, to: u8, n: usize, slow: DynamicLabel) {
    e.load(true, to, n);
    address(e, to, slow);
}

/// The address of the object that a machine register refers to; destroys `rcx`.
pub(super) fn address(e: &mut Emitter<'_>, reg: u8, slow: DynamicLabel) {
    dynasm!(e.asm; .arch x64
        ; mov rcx, QWORD value::OBJECT as i64
        ; sub Rq(reg), rcx
        ; mov rcx, Rq(reg)
        ; shr rcx, 48
        ; jnz =>slow
    );
}

pub(super) fn is_kind(e: &mut Emitter<'_>, object: u8, kind: Kind, slow: DynamicLabel) {
    compare_kind(e, object, kind);
    e.jump_if(Condition::NOT_EQUAL, slow);
}

fn compare_kind(e: &mut Emitter<'_>, object: u8, kind: Kind) {
    e.rm(Form::one(0x80), 7, Mem::at(object, KIND));
    e.asm.push(kind as u8);
}

/// Is its kind one of those? Destroys `rcx`.
fn is_between(e: &mut Emitter<'_>, object: u8, first: Kind, last: Kind, slow: DynamicLabel) {
    e.rm(form::LOAD_U8, RCX, Mem::at(object, KIND));
    let (first, last) = (first as i32, last as i32);
    dynasm!(e.asm; .arch x64; sub ecx, first; cmp ecx, last - first; ja =>slow);
}

/// Goes to the meaning if the collector has to hear of the store of `what` into `object`; destroys `rcx`.
fn barrier(e: &mut Emitter<'_>, object: u8, what: u8, slow: DynamicLabel) {
    let fine = e.asm.new_dynamic_label();
    e.rm(Form::one(0xF6), 0, Mem::at(object, 0));
    e.asm.push(Header::UNLOG as u8);
    dynasm!(e.asm; .arch x64
        ; jz =>fine
        ; mov rcx, Rq(what)
        ; shr rcx, 48
        ; cmp ecx, tag::OBJECT as i32
        ; je =>slow
        ; =>fine
    );
}

/// The field that operand `n` says of the instance that the operand before it is, in terms of the two machine registers;
/// destroys `rcx`.
pub(super) fn field(e: &mut Emitter<'_>, instance: u8, index: u8, n: usize, slow: DynamicLabel) -> Mem {
    object(e, instance, n - 1, slow);
    is_kind(e, instance, Kind::Instance, slow);
    e.number(index, n);
    e.rm(form::LOAD_U16, RCX, Mem::at(instance, COUNT));
    e.rr(form::CMP, index, RCX);
    e.jump_if(Condition::ABOVE_EQUAL, slow);
    Mem::indexed(instance, index, 3, WORD)
}

/// The word in which the object in `rax` has the property, to `rdx`: what the site knows.
fn property(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.number(RSI, 3);
    match e.mode {
        Mode::Threaded => {
            e.rr(Form::one(0xC1), 4, RSI);
            e.asm.push(SITE_SHIFT);
        }
        Mode::Template => e.set(true, RSI, (e.field(3) << SITE_SHIFT) as i64),
    }
    e.rm(form::ADD.wide(true), RSI, Mem::at(R14, at::SITES));
    e.rm(form::LOAD, RCX, Mem::at(RAX, LAYOUT));
    let found = e.asm.new_dynamic_label();
    let others = e.later(move |e| other_facts(e, found, slow));
    e.rm(form::CMP, RCX, Mem::at(RSI, 4));
    e.jump_if(Condition::NOT_EQUAL, others);
    dynasm!(e.asm; .arch x64; =>found);
    e.rm(form::LOAD_U16, RDX, Mem::at(RSI, 2));
}

/// The other facts of the site in `rsi` about the layout in `ecx`: one may be about a word of the object, too.
fn other_facts(e: &mut Emitter<'_>, found: DynamicLabel, slow: DynamicLabel) {
    for _ in 1..4 {
        let next = e.asm.new_dynamic_label();
        dynasm!(e.asm; .arch x64; add rsi, 8);
        e.rm(form::CMP, RCX, Mem::at(RSI, 4));
        dynasm!(e.asm; .arch x64
            ; jne =>next
            ; test BYTE [rsi], 7
            ; jz =>found
            ; jmp =>slow
            ; =>next
        );
    }
    dynasm!(e.asm; .arch x64; jmp =>slow);
}

/// The value that operand `n` says of those that the closure before it has captured, to `rax`.
fn capture(e: &mut Emitter<'_>, n: usize, slow: DynamicLabel) {
    object(e, RAX, n - 1, slow);
    is_kind(e, RAX, Kind::Closure, slow);
    e.number(RDX, n);
    e.rm(form::LOAD_U16, RCX, Mem::at(RAX, COUNT));
    dynasm!(e.asm; .arch x64; add edx, 1; cmp edx, ecx; jae =>slow);
    e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RDX, 3, WORD));
}

/// What the cell holds that [`capture`] gives, in terms of `rax`.
pub(super) fn captured(e: &mut Emitter<'_>, n: usize, slow: DynamicLabel) -> Mem {
    capture(e, n, slow);
    address(e, RAX, slow);
    is_kind(e, RAX, Kind::Cell, slow);
    Mem::at(RAX, WORD)
}

/// The index that operand `n` is: a value, or a number in the instruction.
fn index(e: &mut Emitter<'_>, to: u8, n: usize, slow: DynamicLabel) {
    if e.here.info.operands[n].role == Role::Index {
        return e.number(to, n);
    }
    let slot = e.slot(n, to);
    e.compare(slot.tag(), tag::I32);
    e.jump_if(Condition::NOT_EQUAL, slow);
    e.rm(form::LOAD, to, slot);
}

/// The storage of the array in `rax`, to `rax`; destroys `rcx`.
fn storage(e: &mut Emitter<'_>) {
    e.rm(form::LOAD.wide(true), RAX, Mem::at(RAX, WORD + 8));
    dynasm!(e.asm; .arch x64; mov rcx, QWORD value::OBJECT as i64; sub rax, rcx);
}

/// Goes on if the array or string in `rax` has an element `index`. Only those have a length there, so its kind is known.
fn in_bounds(e: &mut Emitter<'_>, index: u8, slow: DynamicLabel) {
    e.rm(form::CMP, index, Mem::at(RAX, WORD));
    e.jump_if(Condition::ABOVE_EQUAL, slow);
}

/// Arrays of values and of floats are read alike; those of integers elsewhere.
fn array_get(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 1, slow);
    index(e, RDX, 2, slow);
    let known = e.asm.new_dynamic_label();
    let others = e.later(move |e| {
        compare_kind(e, RAX, Kind::FloatArray);
        e.jump_if(Condition::EQUAL, known);
        is_kind(e, RAX, Kind::IntArray, slow);
        in_bounds(e, RDX, slow);
        storage(e);
        e.rm(form::LOAD, RAX, Mem::indexed(RAX, RDX, 2, ELEMENTS));
        e.tag_integer(RAX);
        e.store(0, RAX, RDX);
        e.done();
    });
    compare_kind(e, RAX, Kind::Array);
    e.jump_if(Condition::NOT_EQUAL, others);
    dynasm!(e.asm; .arch x64; =>known);
    in_bounds(e, RDX, slow);
    storage(e);
    e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RDX, 3, ELEMENTS));
    e.store(0, RAX, RDX);
}

fn array_set(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 1, slow);
    index(e, RDX, 2, slow);
    let value = e.slot(0, R8);
    let others = e.later(move |e| {
        let integers = e.asm.new_dynamic_label();
        compare_kind(e, RAX, Kind::FloatArray);
        e.jump_if(Condition::NOT_EQUAL, integers);
        e.compare(value.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::ABOVE_EQUAL, slow);
        in_bounds(e, RDX, slow);
        storage(e);
        e.rm(form::LOAD.wide(true), RSI, value);
        e.rm(form::STORE.wide(true), RSI, Mem::indexed(RAX, RDX, 3, ELEMENTS));
        e.done();
        dynasm!(e.asm; .arch x64; =>integers);
        is_kind(e, RAX, Kind::IntArray, slow);
        e.compare(value.tag(), tag::I32);
        e.jump_if(Condition::NOT_EQUAL, slow);
        in_bounds(e, RDX, slow);
        storage(e);
        e.rm(form::LOAD, RSI, value);
        e.rm(form::STORE, RSI, Mem::indexed(RAX, RDX, 2, ELEMENTS));
        e.done();
    });
    compare_kind(e, RAX, Kind::Array);
    e.jump_if(Condition::NOT_EQUAL, others);
    in_bounds(e, RDX, slow);
    storage(e);
    e.rm(form::LOAD.wide(true), RSI, value);
    barrier(e, RAX, RSI, slow);
    e.rm(form::STORE.wide(true), RSI, Mem::indexed(RAX, RDX, 3, ELEMENTS));
}

/// Where the storage has room, of values; the length is the lower half of word 0, the capacity the upper one.
fn array_push(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 1, slow);
    is_kind(e, RAX, Kind::Array, slow);
    e.rm(form::LOAD, RDX, Mem::at(RAX, WORD));
    e.rm(form::CMP, RDX, Mem::at(RAX, WORD + 4));
    e.jump_if(Condition::ABOVE_EQUAL, slow);
    dynasm!(e.asm; .arch x64; mov rdi, rax);
    storage(e);
    e.load(true, RSI, 0);
    barrier(e, RAX, RSI, slow);
    e.rm(form::STORE.wide(true), RSI, Mem::indexed(RAX, RDX, 3, ELEMENTS));
    e.rm(Form::one(0xFF).wide(false), 0, Mem::at(RDI, WORD)); // `inc`: stays below the capacity
}

/// Elements that the array has had need no word to the collector, unless it is told of each slot.
fn array_swap(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 0, slow);
    index(e, RDX, 1, slow);
    index(e, RSI, 2, slow);
    let integers = e.later(move |e| {
        is_kind(e, RAX, Kind::IntArray, slow);
        exchange(e, false, slow);
        e.done();
    });
    let known = e.asm.new_dynamic_label();
    compare_kind(e, RAX, Kind::Array);
    e.jump_if(Condition::EQUAL, known);
    compare_kind(e, RAX, Kind::FloatArray);
    e.jump_if(Condition::NOT_EQUAL, integers);
    dynasm!(e.asm; .arch x64; =>known);
    exchange(e, true, slow);
}

/// Exchanges elements `rdx` and `rsi` of the array in `rax`.
fn exchange(e: &mut Emitter<'_>, wide: bool, slow: DynamicLabel) {
    in_bounds(e, RDX, slow);
    in_bounds(e, RSI, slow);
    storage(e);
    e.rm(Form::one(0xF6), 0, Mem::at(RAX, 0));
    e.asm.push(Header::LARGE as u8);
    dynasm!(e.asm; .arch x64; jnz =>slow);
    let scale = if wide { 3 } else { 2 };
    let (one, other) = (Mem::indexed(RAX, RDX, scale, ELEMENTS), Mem::indexed(RAX, RSI, scale, ELEMENTS));
    e.rm(form::LOAD.wide(wide), RCX, one);
    e.rm(form::LOAD.wide(wide), RDI, other);
    e.rm(form::STORE.wide(wide), RDI, one);
    e.rm(form::STORE.wide(wide), RCX, other);
}
