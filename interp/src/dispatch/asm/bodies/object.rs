//! Objects: fields, properties by inline cache, array elements, cells and captured values.
//!
//! Only what needs neither memory nor the collector: a store of a reference into an object that the collector wants to hear
//! about is left to the meaning. Layouts are those of `regatta_heap` and `regatta_runtime::object`: a header, then words.

use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, Mode, form, reg::*, tag};
use crate::dispatch::asm::state::at;
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};
use regatta_heap::{Header, Kind, value};

/// Where payload word 0 of an object lies, and element 0 of a storage.
const WORD: i32 = 8;
const ELEMENTS: i32 = 16;
/// Where in a header the kind and the count of words are.
const KIND: i32 = 1;
const COUNT: i32 = 2;
const LAYOUT: i32 = 4;
/// Bytes of a site, as a power of two; its other facts lie behind the first.
const SITE_SHIFT: u8 = 5;

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
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let slow = e.slow();
        match self {
            Access::FieldGet => {
                object(e, RAX, 1, slow);
                field(e, 2, slow);
                e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RDX, 3, WORD));
                e.store(0, RAX, RDX);
            }
            Access::FieldSet => {
                object(e, RAX, 1, slow);
                field(e, 2, slow);
                e.load(true, RSI, 0);
                barrier(e, RAX, RSI, slow);
                e.rm(form::STORE.wide(true), RSI, Mem::indexed(RAX, RDX, 3, WORD));
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
                is_array(e, RAX, slow);
                e.rm(form::LOAD, RAX, Mem::at(RAX, WORD));
                e.tag_integer(RAX);
                e.store(0, RAX, RDX);
            }
            Access::ArrayPush => array_push(e, slow),
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
                capture(e, slow);
                e.store(0, RAX, RDX);
            }
            Access::CapturedGet => {
                capture(e, slow);
                address(e, RAX, slow);
                is_kind(e, RAX, Kind::Cell, slow);
                e.rm(form::LOAD.wide(true), RAX, Mem::at(RAX, WORD));
                e.store(0, RAX, RDX);
            }
        }
        e.next();
    }
}

/// The address of the object that operand `n` is; destroys `rcx`.
fn object(e: &mut Emitter<'_>, to: u8, n: usize, slow: DynamicLabel) {
    e.load(true, to, n);
    address(e, to, slow);
}

/// The address of the object that a machine register refers to; destroys `rcx`.
fn address(e: &mut Emitter<'_>, reg: u8, slow: DynamicLabel) {
    dynasm!(e.asm; .arch x64
        ; mov rcx, QWORD value::OBJECT as i64
        ; sub Rq(reg), rcx
        ; mov rcx, Rq(reg)
        ; shr rcx, 48
        ; jnz =>slow
    );
}

fn is_kind(e: &mut Emitter<'_>, object: u8, kind: Kind, slow: DynamicLabel) {
    compare_kind(e, object, kind);
    e.jump_if(Condition::NOT_EQUAL, slow);
}

fn compare_kind(e: &mut Emitter<'_>, object: u8, kind: Kind) {
    e.rm(Form::one(0x80), 7, Mem::at(object, KIND));
    e.asm.push(kind as u8);
}

/// Is it an array of any kind? Destroys `rcx`.
fn is_array(e: &mut Emitter<'_>, object: u8, slow: DynamicLabel) {
    e.rm(form::LOAD_U8, RCX, Mem::at(object, KIND));
    let (first, last) = (Kind::Array as i32, Kind::ByteArray as i32);
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

/// The number of a field that the instance in `rax` has, to `rdx`.
fn field(e: &mut Emitter<'_>, n: usize, slow: DynamicLabel) {
    is_kind(e, RAX, Kind::Instance, slow);
    e.number(RDX, n);
    e.rm(form::LOAD_U16, RCX, Mem::at(RAX, COUNT));
    dynasm!(e.asm; .arch x64; cmp edx, ecx; jae =>slow);
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

/// The captured value, to `rax`.
fn capture(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 1, slow);
    is_kind(e, RAX, Kind::Closure, slow);
    e.number(RDX, 2);
    e.rm(form::LOAD_U16, RCX, Mem::at(RAX, COUNT));
    dynasm!(e.asm; .arch x64; add edx, 1; cmp edx, ecx; jae =>slow);
    e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RDX, 3, WORD));
}

/// The index that operand `n` is, to `rdx`: a value, or a number in the instruction.
fn index(e: &mut Emitter<'_>, n: usize, slow: DynamicLabel) {
    if e.here.info.operands[n].role == regatta_ir::operand::Role::Index {
        return e.number(RDX, n);
    }
    let slot = e.slot(n, RDX);
    e.compare(slot.tag(), tag::I32);
    e.jump_if(Condition::NOT_EQUAL, slow);
    e.rm(form::LOAD, RDX, slot);
}

/// The storage of the array in `rax`, to `rax`; destroys `rcx`.
fn storage(e: &mut Emitter<'_>) {
    e.rm(form::LOAD.wide(true), RAX, Mem::at(RAX, WORD + 8));
    dynasm!(e.asm; .arch x64; mov rcx, QWORD value::OBJECT as i64; sub rax, rcx);
}

/// Goes on if the array in `rax` has element `rdx`. Only arrays have a length there, so their kind is known.
fn in_bounds(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.rm(form::CMP, RDX, Mem::at(RAX, WORD));
    e.jump_if(Condition::ABOVE_EQUAL, slow);
}

/// Arrays of values and of floats are read alike; those of integers elsewhere.
fn array_get(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 1, slow);
    index(e, 2, slow);
    let known = e.asm.new_dynamic_label();
    let others = e.later(move |e| {
        compare_kind(e, RAX, Kind::FloatArray);
        e.jump_if(Condition::EQUAL, known);
        is_kind(e, RAX, Kind::IntArray, slow);
        in_bounds(e, slow);
        storage(e);
        e.rm(form::LOAD, RAX, Mem::indexed(RAX, RDX, 2, ELEMENTS));
        e.tag_integer(RAX);
        e.store(0, RAX, RDX);
        e.done();
    });
    compare_kind(e, RAX, Kind::Array);
    e.jump_if(Condition::NOT_EQUAL, others);
    dynasm!(e.asm; .arch x64; =>known);
    in_bounds(e, slow);
    storage(e);
    e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RDX, 3, ELEMENTS));
    e.store(0, RAX, RDX);
}

fn array_set(e: &mut Emitter<'_>, slow: DynamicLabel) {
    object(e, RAX, 1, slow);
    index(e, 2, slow);
    let value = e.slot(0, R8);
    let others = e.later(move |e| {
        let integers = e.asm.new_dynamic_label();
        compare_kind(e, RAX, Kind::FloatArray);
        e.jump_if(Condition::NOT_EQUAL, integers);
        e.compare(value.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::ABOVE_EQUAL, slow);
        in_bounds(e, slow);
        storage(e);
        e.rm(form::LOAD.wide(true), RSI, value);
        e.rm(form::STORE.wide(true), RSI, Mem::indexed(RAX, RDX, 3, ELEMENTS));
        e.done();
        dynasm!(e.asm; .arch x64; =>integers);
        is_kind(e, RAX, Kind::IntArray, slow);
        e.compare(value.tag(), tag::I32);
        e.jump_if(Condition::NOT_EQUAL, slow);
        in_bounds(e, slow);
        storage(e);
        e.rm(form::LOAD, RSI, value);
        e.rm(form::STORE, RSI, Mem::indexed(RAX, RDX, 2, ELEMENTS));
        e.done();
    });
    compare_kind(e, RAX, Kind::Array);
    e.jump_if(Condition::NOT_EQUAL, others);
    in_bounds(e, slow);
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
