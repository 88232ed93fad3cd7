//! Wasmtime: `--engine cranelift`, `winch` or `pulley`. Compiles before the clock starts; its fuel is not counted.

use wasm_runner::{EXPORT, Failure, Task, time};
use wasmtime::{Config, Engine, Linker, Module, OptLevel, Store, Strategy, Val};

fn main() -> Result<(), Failure> {
    let Task::Run { options, wasm, size } = Task::read()? else {
        println!("wasmtime {}", env!("WASMTIME_VERSION"));
        return Ok(());
    };
    let engine = Engine::new(&config(&options)?)?;
    let module = Module::new(&engine, &wasm)?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let run = instance.get_func(&mut store, EXPORT).ok_or("the module exports no function `run`")?;
    let mut results = [Val::I32(0)];
    time(|| {
        run.call(&mut store, &[Val::I32(size)], &mut results)?;
        match results[0] {
            Val::I32(n) => Ok(f64::from(n)),
            Val::I64(n) => Ok(n as f64),
            Val::F64(bits) => Ok(f64::from_bits(bits)),
            _ => Err("the result is no number of 32 or 64 bits".into()),
        }
    })
}

/// How the module is compiled.
fn config(options: &[String]) -> Result<Config, Failure> {
    let mut config = Config::new();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    match options[..] {
        ["--engine", "cranelift"] => config.strategy(Strategy::Cranelift).cranelift_opt_level(OptLevel::Speed),
        ["--engine", "winch"] => config.strategy(Strategy::Winch),
        // An interpreter of portable code, which Cranelift makes and optimises.
        ["--engine", "pulley"] => config.target("pulley64")?.cranelift_opt_level(OptLevel::Speed),
        _ => return Err("wanted is one of --engine cranelift, --engine winch, --engine pulley".into()),
    };
    Ok(config)
}
