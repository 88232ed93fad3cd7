//! What moves between registers mean.

use crate::meanings;
use regatta_ir::FuncId;

meanings! {
    mov(src: u64) -> u64 { src }
    select(x: u64, a: u64, cond: i32) -> u64 { if cond != 0 { a } else { x } }
    func_const(func: FuncId) -> i32 { func.0 as i32 }
}
