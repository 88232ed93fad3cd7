//! One task, two engines: the task is stopped every three units of fuel, and the other engine goes on with it.
//!
//! `cargo run --example two_backends`

use regatta_vm::host::StandardHost;
use regatta_vm::ir::text;
use regatta_vm::verifier::verify;
use regatta_vm::{Context, Exit, Fuel, Process, Program, Scalar, Task, backend, drive, native};

const SOURCE: &str = "
func %fib(n: i32) -> i32 {
  reg a: i32, b: i32, p: i32, q: i32
  br_i32_ge_s_imm n, 2, recurse
  ret_value n
recurse:
  i32_add_imm p, n, -1
  call a, %fib
  i32_add_imm q, n, -2
  call b, %fib
  i32_add a, a, b
  ret_value a
}";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = Program::new(native::standard());
    let linked = program.link(verify(text::parse(SOURCE)?, &program)?)?;
    let fib = linked.find("fib").ok_or("no %fib")?;

    let mut process = Process::new(&program, Default::default(), Box::new(StandardHost))?;
    let mut task = Task::new(&program, fib, &[Scalar::I32(15)], 10_000)?;
    let engines = [backend("match").ok_or("no match")?, backend("reference").ok_or("no reference")?];
    let (mut fuel, mut stops) = (Fuel::new(0), 0);
    loop {
        fuel.refill(3);
        let mut cx = Context { program: &program, process: &mut process };
        match drive(&*engines[stops % 2], &mut cx, &mut task, &mut fuel) {
            Exit::OutOfFuel => stops += 1,
            Exit::Returned => break,
            other => return Err(format!("stopped by {other:?}").into()),
        }
    }
    let results = task.results(&program).ok_or("not done")?;
    assert_eq!(results, [Scalar::I32(610)]);
    println!("fib(15) = {} after {stops} stops and {} units of fuel", results[0], fuel.used());
    Ok(())
}
