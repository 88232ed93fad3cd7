//! Natives: host functions that programs call by name.
//!
//! A native is a plain Rust closure over typed values, `natives.add("math.hypot", |a: f64, b: f64| a.hypot(b))`, or
//! one that also sees its process (memory, host, heap): `natives.add("log", |call: &mut Call, n: i32| …)`. Its signature
//! is taken from the closure's types; a program that declares another one is refused when it is linked.
//!
//! Dynamic values are [`Value`]s. Nothing is collected while such a native runs, so it may look at objects freely; when it
//! makes one and there is no room, it gives back [`Stop::COLLECT`], and is called again after the collection, as any
//! instruction is. So it makes all it needs before it changes anything:
//!
//! ```
//! use regatta_heap::Value;
//! use regatta_runtime::object::Tuple;
//! use regatta_runtime::{Natives, Stop, native::Call};
//!
//! let mut natives = Natives::new();
//! natives.add("pair", |call: &mut Call, a: Value, b: Value| -> Result<Value, Stop> {
//!     Ok(Tuple::new(&mut call.process.heap, &[a.bits(), b.bits()])?.value())
//! });
//! assert_eq!(natives.get("pair").unwrap().signature.to_string(), "(val, val) -> val");
//! ```
//!
//! A native that makes many objects, or does something in between that can't be done twice, keeps its values in places
//! that collections know: [`Natives::add_scoped`], told in [`objects`].

pub mod objects;

use crate::exec::{Context, Stop};
use crate::process::Process;
use crate::program::Program;
use crate::scalar::{canonical_f32, canonical_f64};
use crate::task::Task;
use crate::trap::Trap;
pub use objects::Objects;
use objects::PassedList;
use regatta_heap::handle::Local;
use regatta_heap::{Collect, OutOfMemory, Value};
use regatta_ir::slot::Slot;
use regatta_ir::{HEADER, Signature, Type};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What a native gets besides its arguments.
#[derive(Debug)]
pub struct Call<'a> {
    /// The program, shared by all processes.
    pub program: &'a Program,
    /// The calling process.
    pub process: &'a mut Process,
    task: &'a mut Task,
    window: usize,
}

impl<'a> Call<'a> {
    /// What meanings work with.
    pub fn context(&mut self) -> Context<'_> {
        Context { program: self.program, process: self.process }
    }

    /// The slots of the task from the window on.
    #[inline]
    fn window(&mut self) -> &mut [u64] {
        &mut self.task.slots_mut()[self.window..]
    }
}

/// Why a native failed: the program traps with `native_failed`, the text is kept in the process.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NativeError(pub String);

/// Why a native gives no results.
#[derive(Clone, Debug)]
pub enum Failure<'s> {
    /// It failed: the program traps with `native_failed`, the text is kept in the process.
    Error(NativeError),
    /// It traps, throws what the process holds as `thrown`, or wants to be called again after a collection.
    Stop(Stop),
    /// It throws what this local holds.
    Throw(Local<'s>),
}

impl From<NativeError> for Failure<'_> {
    fn from(error: NativeError) -> Self {
        Failure::Error(error)
    }
}

impl From<OutOfMemory> for Failure<'_> {
    fn from(_: OutOfMemory) -> Self {
        Failure::Stop(Trap::OutOfMemory.into())
    }
}

macro_rules! stops {
    ($($ty:ty),*) => { $(
        impl From<$ty> for Failure<'_> {
            fn from(stop: $ty) -> Self {
                Failure::Stop(stop.into())
            }
        }
    )* };
}

stops!(Stop, Trap, Collect);

/// The machine's view of a native: reads arguments from a call window and writes results to it.
type Shim = dyn Fn(&mut Call<'_>) -> Result<(), Failure<'static>> + Send + Sync;

/// A host function with its signature.
#[derive(Clone)]
pub struct NativeFunction {
    /// What it takes and gives.
    pub signature: Signature,
    shim: Arc<Shim>,
}

impl NativeFunction {
    /// Calls it on the call window, laid out as [`Signature`] says, that begins at slot `window` of the task's stack. The
    /// task must stand at the call: a collection looks at its frames.
    #[inline]
    pub fn call(&self, cx: &mut Context<'_>, task: &mut Task, window: usize) -> Result<(), Stop> {
        let mut call = Call { program: cx.program, process: cx.process, task, window };
        (self.shim)(&mut call).map_err(|failure| fail(cx.process, failure))
    }
}

#[cold]
fn fail(process: &mut Process, failure: Failure<'static>) -> Stop {
    match failure {
        Failure::Error(error) => {
            process.failure = Some(error.0);
            Stop::trap(Trap::NativeFailed)
        }
        Failure::Stop(stop) => stop,
        Failure::Throw(_) => unreachable!("locals do not leave their scope"),
    }
}

impl fmt::Debug for NativeFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "native {}", self.signature)
    }
}

/// The natives a host offers, by name.
#[derive(Clone, Debug, Default)]
pub struct Natives {
    by_name: HashMap<String, NativeFunction>,
}

impl Natives {
    /// None.
    pub fn new() -> Natives {
        Natives::default()
    }

    /// Offers `function` as `name`, in place of any earlier one.
    pub fn add<Marker>(&mut self, name: &str, function: impl IntoNative<Marker>) -> &mut Natives {
        self.by_name.insert(name.to_string(), function.into_native());
        self
    }

    /// Offers a function that makes and keeps objects as `name`, in place of any earlier one. `P` and `R` are what it takes
    /// and gives: tuples of `i32`, `i64`, `f32`, `f64` and [`Value`], where the closure has a [`Local`] for each `Value`.
    pub fn add_scoped<P: PassedList + 'static, R: PassedList + 'static>(
        &mut self,
        name: &str,
        function: impl for<'a, 's> Fn(&mut Objects<'a, 's>, P::As<'s>) -> Result<R::As<'s>, Failure<'s>>
        + Send
        + Sync
        + 'static,
    ) -> &mut Natives {
        let signature = Signature::new(P::types(), R::types());
        let types = signature.clone();
        let shim: Arc<Shim> = Arc::new(move |call: &mut Call<'_>| objects::call::<P, R>(call, &function, &types));
        self.by_name.insert(name.to_string(), NativeFunction { signature, shim });
        self
    }

    /// Offers something of this signature as `name`, so that modules which declare it can be linked; it fails when it is
    /// called. For programs that are looked at and not run.
    pub fn declare(&mut self, name: &str, signature: Signature) -> &mut Natives {
        let shim = |_: &mut Call<'_>| Err(NativeError("the native is only declared".to_string()).into());
        self.by_name.insert(name.to_string(), NativeFunction { signature, shim: Arc::new(shim) });
        self
    }

    /// The native of this name.
    pub fn get(&self, name: &str) -> Option<&NativeFunction> {
        self.by_name.get(name)
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// A Rust type that crosses the border.
pub trait Passable: Copy {
    /// The register type it lives in.
    const TYPE: Type;
    /// The value in a slot, as the host may see it.
    fn from_register(slot: u64) -> Self;
    /// The slot for a value.
    fn to_register(self) -> u64;
}

macro_rules! passable {
    ($($ty:ty = $name:ident, $from:expr, $to:expr;)*) => { $(
        impl Passable for $ty {
            const TYPE: Type = Type::$name;

            #[inline]
            fn from_register(slot: u64) -> Self {
                $from(slot)
            }

            #[inline]
            fn to_register(self) -> u64 {
                $to(self)
            }
        }
    )* };
}

passable! {
    i32 = I32, Slot::from_slot, Slot::to_slot;
    i64 = I64, Slot::from_slot, Slot::to_slot;
    f32 = F32, |slot| canonical_f32(Slot::from_slot(slot)), Slot::to_slot;
    f64 = F64, |slot| canonical_f64(Slot::from_slot(slot)), Slot::to_slot;
    Value = Val, Value::from_bits, Value::bits;
}

/// What a native may return: nothing, a value, a tuple, or a `Result` of these.
pub trait Results {
    /// Types of the results.
    fn types() -> Vec<Type>;
    /// Writes them to the window of a native with so many parameters.
    fn put(self, window: &mut [u64], params: usize) -> Result<(), Failure<'static>>;
}

impl<T: Passable> Results for T {
    fn types() -> Vec<Type> {
        vec![T::TYPE]
    }

    fn put(self, window: &mut [u64], _: usize) -> Result<(), Failure<'static>> {
        window[0] = self.to_register();
        Ok(())
    }
}

impl<R: Results, E: Into<Failure<'static>>> Results for Result<R, E> {
    fn types() -> Vec<Type> {
        R::types()
    }

    fn put(self, window: &mut [u64], params: usize) -> Result<(), Failure<'static>> {
        self.map_err(E::into)?.put(window, params)
    }
}

/// A closure that can be a native.
pub trait IntoNative<Marker> {
    /// The native.
    fn into_native(self) -> NativeFunction;
}

/// Marks closures over values alone.
#[derive(Debug)]
pub struct Plain;

/// Marks closures that also see their process.
#[derive(Debug)]
pub struct WithCall;

macro_rules! tuples {
    ($($($name:ident $n:tt),*;)*) => { $(
        impl<$($name: Passable,)* R: Results, F: Fn($($name),*) -> R + Send + Sync + 'static> IntoNative<(Plain, ($($name,)*), R)>
            for F
        {
            fn into_native(self) -> NativeFunction {
                NativeFunction {
                    signature: Signature::new(vec![$($name::TYPE),*], R::types()),
                    shim: Arc::new(move |call| {
                        let window = call.window();
                        let result = self($($name::from_register(window[HEADER + $n])),*);
                        result.put(window, <[Type]>::len(&[$($name::TYPE),*]))
                    }),
                }
            }
        }

        impl<$($name: Passable,)* R: Results, F: Fn(&mut Call<'_>, $($name),*) -> R + Send + Sync + 'static>
            IntoNative<(WithCall, ($($name,)*), R)> for F
        {
            #[allow(non_snake_case, reason = "arguments are named as their types")]
            fn into_native(self) -> NativeFunction {
                NativeFunction {
                    signature: Signature::new(vec![$($name::TYPE),*], R::types()),
                    shim: Arc::new(move |call| {
                        $(let $name = $name::from_register(call.window()[HEADER + $n]);)*
                        let result = self(call, $($name),*);
                        result.put(call.window(), <[Type]>::len(&[$($name::TYPE),*]))
                    }),
                }
            }
        }
    )* };
}

tuples! {
    ;
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, G 5;
}

macro_rules! result_tuples {
    ($($($name:ident $n:tt),*;)*) => { $(
        impl<$($name: Passable),*> Results for ($($name,)*) {
            fn types() -> Vec<Type> {
                vec![$($name::TYPE),*]
            }

            #[allow(unused_variables, reason = "the unit type writes nothing")]
            fn put(self, window: &mut [u64], params: usize) -> Result<(), Failure<'static>> {
                $(window[if $n < HEADER { $n } else { params + $n }] = self.$n.to_register();)*
                Ok(())
            }
        }
    )* };
}

result_tuples! {
    ;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}

/// What every program may use: output. `print.i32` … write the number and a newline, `print.val` whatever a value
/// [looks like](crate::text_of), `print.bytes` bytes of linear memory as they are.
pub fn standard() -> Natives {
    let mut natives = Natives::new();
    natives
        .add("print.i32", |call: &mut Call<'_>, v: i32| line(call, crate::Scalar::I32(v)))
        .add("print.i64", |call: &mut Call<'_>, v: i64| line(call, crate::Scalar::I64(v)))
        .add("print.f32", |call: &mut Call<'_>, v: f32| line(call, crate::Scalar::F32(v)))
        .add("print.f64", |call: &mut Call<'_>, v: f64| line(call, crate::Scalar::F64(v)))
        .add("print.val", |call: &mut Call<'_>, v: Value| {
            let text = crate::text_of(call.program, v);
            call.process.host.write(format!("{text}\n").as_bytes());
        })
        .add("print.bytes", |call: &mut Call<'_>, address: i32, len: i32| {
            let Process { memory, host, .. } = &mut *call.process;
            let range = memory.range(address as u32, len as u32).map_err(|_| {
                NativeError(format!("{} bytes at {} are not all in memory", len as u32, address as u32))
            })?;
            host.write(&memory.bytes()[range]);
            Ok::<(), NativeError>(())
        });
    natives
}

fn line(call: &mut Call<'_>, value: crate::Scalar) {
    call.process.host.write(format!("{value}\n").as_bytes());
}
