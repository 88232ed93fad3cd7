//! What instructions on the state of a process mean: globals, and the size of linear memory.

use crate::meanings;
use regatta_ir::GlobalId;
use regatta_runtime::{Process, Trap};

meanings! {
    global_get(process: &mut Process, global: GlobalId) -> Result<u64, Trap> {
        W::quick_if::<Trap>(|| process.has_global(global))?;
        Ok(process.global(global))
    }
    global_set(process: &mut Process, src: u64, global: GlobalId) -> Result<(), Trap> {
        W::quick_if::<Trap>(|| process.has_global(global))?;
        process.set_global(global, src);
        Ok(())
    }


    memory_size(process: &mut Process) -> i32 { process.memory.pages() as i32 }
    memory_grow(process: &mut Process, pages: i32) -> Result<i32, Trap> {
        W::seldom(|| Ok(process.memory.grow(pages as u32).map_or(-1, |before| before as i32)))
    }
}
