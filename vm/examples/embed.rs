//! The shortest way: text in, result out.
//!
//! `cargo run --example embed`

use regatta_vm::{Scalar, Vm, load};

const SOURCE: &str = "
func %gcd(a: i32, b: i32) -> i32 {
  reg rest: i32
  br_i32_eq_imm b, 0, done
next:
  i32_rem_u rest, a, b
  mov a, b
  mov b, rest
  loop_i32_ne_imm b, 0, next
done:
  ret_value a
}";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut vm = Vm::default();
    vm.add(load::load_text(SOURCE.to_string())?.module)?;
    let results = vm.call("gcd", &[Scalar::I32(1071), Scalar::I32(462)])?;
    assert_eq!(results, [Scalar::I32(21)]);
    println!("gcd(1071, 462) = {}, for {} units of fuel", results[0], vm.fuel_used());
    Ok(())
}
