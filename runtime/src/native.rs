//! Natives: host functions that programs call by name.
//!
//! A native is a plain Rust closure over typed values, `natives.add("math.hypot", |a: f64, b: f64| a.hypot(b))`, or
//! one that also sees its process (memory, host): `natives.add_with("log", |call: &mut Call, n: i32| …)`. Its signature
//! is taken from the closure's types; a program that declares another one is refused when it is linked.

use crate::process::Process;
use crate::scalar::{canonical_f32, canonical_f64};
use regatta_ir::slot::Slot;
use regatta_ir::{HEADER, Signature, Type};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What a native gets besides its arguments.
#[derive(Debug)]
pub struct Call<'a> {
    /// The calling process.
    pub process: &'a mut Process,
}

/// Why a native failed: the program traps with `native_failed`, the text is kept in the process.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NativeError(pub String);

/// The machine's view of a native: reads arguments from a call window and writes results to it.
type Shim = dyn Fn(&mut Call<'_>, &mut [u64]) -> Result<(), NativeError> + Send + Sync;

/// A host function with its signature.
#[derive(Clone)]
pub struct NativeFunction {
    /// What it takes and gives.
    pub signature: Signature,
    shim: Arc<Shim>,
}

impl NativeFunction {
    /// Calls it on a call window, laid out as [`Signature`] says.
    #[inline]
    pub fn call(&self, process: &mut Process, window: &mut [u64]) -> Result<(), NativeError> {
        (self.shim)(&mut Call { process }, window)
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

    /// Offers something of this signature as `name`, so that modules which declare it can be linked; it fails when it is
    /// called. For programs that are looked at and not run.
    pub fn declare(&mut self, name: &str, signature: Signature) -> &mut Natives {
        let shim = |_: &mut Call<'_>, _: &mut [u64]| Err(NativeError("the native is only declared".to_string()));
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
pub trait Passable: Slot {
    /// The register type it lives in.
    const TYPE: Type;
    /// The value as the host may see it.
    fn visible(self) -> Self;
}

macro_rules! passable {
    ($($ty:ty = $name:ident, $visible:expr;)*) => { $(
        impl Passable for $ty {
            const TYPE: Type = Type::$name;

            fn visible(self) -> Self {
                $visible(self)
            }
        }
    )* };
}

passable! {
    i32 = I32, std::convert::identity;
    i64 = I64, std::convert::identity;
    f32 = F32, canonical_f32;
    f64 = F64, canonical_f64;
}

/// What a native may return: nothing, a value, a tuple, or a `Result` of these.
pub trait Results {
    /// Types of the results.
    fn types() -> Vec<Type>;
    /// Writes them to the window of a native with so many parameters.
    fn put(self, window: &mut [u64], params: usize) -> Result<(), NativeError>;
}

impl<T: Passable> Results for T {
    fn types() -> Vec<Type> {
        vec![T::TYPE]
    }

    fn put(self, window: &mut [u64], _: usize) -> Result<(), NativeError> {
        window[0] = self.to_slot();
        Ok(())
    }
}

impl<R: Results> Results for Result<R, NativeError> {
    fn types() -> Vec<Type> {
        R::types()
    }

    fn put(self, window: &mut [u64], params: usize) -> Result<(), NativeError> {
        self?.put(window, params)
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
                    shim: Arc::new(move |_, window| {
                        let result = self($($name::from_slot(window[HEADER + $n]).visible()),*);
                        result.put(window, <[Type]>::len(&[$($name::TYPE),*]))
                    }),
                }
            }
        }

        impl<$($name: Passable,)* R: Results, F: Fn(&mut Call<'_>, $($name),*) -> R + Send + Sync + 'static>
            IntoNative<(WithCall, ($($name,)*), R)> for F
        {
            fn into_native(self) -> NativeFunction {
                NativeFunction {
                    signature: Signature::new(vec![$($name::TYPE),*], R::types()),
                    shim: Arc::new(move |call, window| {
                        let result = self(call, $($name::from_slot(window[HEADER + $n]).visible()),*);
                        result.put(window, <[Type]>::len(&[$($name::TYPE),*]))
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
            fn put(self, window: &mut [u64], params: usize) -> Result<(), NativeError> {
                $(window[if $n < HEADER { $n } else { params + $n }] = self.$n.to_slot();)*
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

/// What every program may use: output. `print.i32` … write the number and a newline, `print.bytes` writes bytes of
/// linear memory as they are.
pub fn standard() -> Natives {
    let mut natives = Natives::new();
    natives
        .add("print.i32", |call: &mut Call<'_>, v: i32| line(call, crate::Scalar::I32(v)))
        .add("print.i64", |call: &mut Call<'_>, v: i64| line(call, crate::Scalar::I64(v)))
        .add("print.f32", |call: &mut Call<'_>, v: f32| line(call, crate::Scalar::F32(v)))
        .add("print.f64", |call: &mut Call<'_>, v: f64| line(call, crate::Scalar::F64(v)))
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
