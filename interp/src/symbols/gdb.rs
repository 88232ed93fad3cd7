//! The way to a debugger: a list at a place it knows by name, and a function it stops at.
//!
//! This is GDB's "JIT compilation interface"; LLDB knows it too. The debugger reads the list when it attaches, and whenever
//! [`__jit_debug_register_code`] is called.

use std::ptr;

/// An object file in memory.
#[repr(C)]
struct Entry {
    next: *mut Entry,
    previous: *mut Entry,
    file: *const u8,
    bytes: u64,
}

/// What the debugger looks at.
#[repr(C)]
struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

/// Something is new.
const REGISTER: u32 = 1;

#[unsafe(no_mangle)]
static mut __jit_debug_descriptor: Descriptor =
    Descriptor { version: 1, action: 0, relevant: ptr::null_mut(), first: ptr::null_mut() };

/// A debugger has a breakpoint here.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn __jit_debug_register_code() {
    std::hint::black_box(());
}

/// Adds an object file, for as long as the process lives. The caller holds the lock of all listeners.
pub(super) fn register(file: Vec<u8>) {
    let file: &'static [u8] = file.leak();
    // SAFETY: [R-SYMBOL] one thread at a time writes the list, and what is in it stays.
    unsafe {
        let descriptor = &raw mut __jit_debug_descriptor;
        let first = (*descriptor).first;
        let entry = Entry { next: first, previous: ptr::null_mut(), file: file.as_ptr(), bytes: file.len() as u64 };
        let entry = Box::into_raw(Box::new(entry));
        if !first.is_null() {
            (*first).previous = entry;
        }
        (*descriptor).first = entry;
        (*descriptor).relevant = entry;
        (*descriptor).action = REGISTER;
        __jit_debug_register_code();
    }
}
