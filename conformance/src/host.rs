//! The host of tests: natives that cases and generated programs may call, and a record of what is written.

use regatta_vm::Natives;
use regatta_vm::native::{Call, NativeError};
use regatta_vm::natives::standard;

/// The standard natives, and those of tests:
///
/// | native | signature | does |
/// |---|---|---|
/// | `test.add` | `(i32, i32) -> i32` | adds, wrapping |
/// | `test.swap` | `(i64, f64) -> (f64, i64)` | gives its arguments in the other order |
/// | `test.fail` | `() -> ()` | fails |
/// | `test.log` | `(i32) -> ()` | writes the number and a newline |
pub fn natives() -> Natives {
    let mut natives = standard();
    natives
        .add("test.add", |a: i32, b: i32| a.wrapping_add(b))
        .add("test.swap", |a: i64, b: f64| (b, a))
        .add("test.fail", || Err::<(), _>(NativeError("the test wants it so".to_string())))
        .add("test.log", |call: &mut Call<'_>, n: i32| call.process.host.write(format!("{n}\n").as_bytes()));
    natives
}
