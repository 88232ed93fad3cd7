//! wasmi: translates all functions to its register code before the clock starts. Its fuel is not counted.

use wasm_runner::{EXPORT, Failure, Task, time};
use wasmi::{CompilationMode, Config, Engine, Linker, Module, Store, Val};

fn main() -> Result<(), Failure> {
    let Task::Run { options, wasm, size } = Task::read()? else {
        println!("wasmi {}", env!("WASMI_VERSION"));
        return Ok(());
    };
    if let Some(option) = options.first() {
        return Err(format!("there is no option `{option}`").into());
    }
    let mut config = Config::default();
    config.compilation_mode(CompilationMode::Eager);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, &wasm[..])?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
    let run = instance.get_func(&store, EXPORT).ok_or("the module exports no function `run`")?;
    let mut results = [Val::I32(0)];
    time(|| {
        run.call(&mut store, &[Val::I32(size)], &mut results)?;
        match results[0] {
            Val::I32(n) => Ok(f64::from(n)),
            Val::I64(n) => Ok(n as f64),
            Val::F64(x) => Ok(x.into()),
            _ => Err("the result is no number of 32 or 64 bits".into()),
        }
    })
}
