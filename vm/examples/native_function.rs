//! Host functions: plain closures over typed values, with or without a look at the calling process.
//!
//! `cargo run --example native_function`

use regatta_vm::native::{Call, NativeError};
use regatta_vm::{Config, Natives, Scalar, Vm, load};

const SOURCE: &str = "
memory 1 1
data 16 \"regatta\"
native !hypot (f64, f64) -> f64
native !length (i32) -> i32

func %main(x: f64, y: f64) -> (f64, i32) {
  reg far: f64, _: i32, p: f64, q: f64
  reg len: i32, _: i32, at: i32
  mov p, x
  mov q, y
  call_native far, !hypot
  i32_const at, 16
  call_native len, !length
  mov x, far
  reg distance: f64, count: i32
  mov distance, far
  mov count, len
  ret_values distance
}";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut natives = Natives::new();
    natives.add("hypot", |x: f64, y: f64| x.hypot(y)).add("length", |call: &mut Call<'_>, at: i32| {
        let bytes = call.process.memory.bytes().get(at as u32 as usize..);
        let bytes = bytes.ok_or_else(|| NativeError(format!("address {at} is outside memory")))?;
        Ok::<i32, NativeError>(bytes.iter().take_while(|&&byte| byte != 0).count() as i32)
    });
    let mut vm = Vm::new(Config { natives, ..Config::default() })?;
    vm.add(load::load_text(SOURCE.to_string())?.module)?;
    let results = vm.call("main", &[Scalar::F64(3.0), Scalar::F64(4.0)])?;
    assert_eq!(results, [Scalar::F64(5.0), Scalar::I32(7)]);
    println!("{} and {}", results[0], results[1]);
    Ok(())
}
