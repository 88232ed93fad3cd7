//! Code made at run time: built, verified against the live program, installed, and called like any other.
//!
//! `cargo run --example dynamic_function`

use regatta_vm::ir::builder::{Cond, FunctionBuilder};
use regatta_vm::ir::{FuncId, Function, Signature, Type};
use regatta_vm::{Scalar, Vm, load};

/// `x -> x^exponent`, with the loop unrolled: a function for each exponent.
fn power(vm: &Vm, like: FuncId, exponent: u32) -> Result<Function, Box<dyn std::error::Error>> {
    let signature = Signature::new([Type::I64], [Type::I64]);
    let sig = vm.program().entry(like).ok_or("no such function")?.sig;
    let mut b = FunctionBuilder::new(format!("power{exponent}"), sig, &signature);
    let (x, result, zero) = (b.param(0), b.reg(Type::I64), b.label());
    b.constant(result, 1i64);
    b.branch(Cond::Eq, x, 0, zero);
    for _ in 0..exponent {
        b.i64_mul(result, result, x);
    }
    b.ret_value(result);
    b.bind(zero);
    b.ret_value(x);
    Ok(b.finish()?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut vm = Vm::default();
    vm.add(load::load_text("func %identity(x: i64) -> i64 {\n  ret_value x\n}".to_string())?.module)?;
    let like = vm.find("identity").ok_or("no %identity")?;
    for exponent in [2, 10] {
        let func = vm.install(power(&vm, like, exponent)?)?;
        let results = vm.call_function(func, &[Scalar::I64(3)])?;
        assert_eq!(results, [Scalar::I64(3i64.pow(exponent))]);
        println!("function {:#x}: 3^{exponent} = {}", func.0, results[0]);
    }
    Ok(())
}
