//! What instructions on patterns and tables mean. How values are matched is told in [`regatta_runtime::matching`].

use crate::meanings;
use regatta_heap::Value;
use regatta_ir::{PatternId, TableId};
use regatta_runtime::{Context, Trap};

meanings! {
    is_unmatched(cx: &mut Context<'_>, value: Value, pattern: PatternId, bound: &mut [u64]) -> Result<bool, Trap> {
        W::seldom(|| Ok(!matches(cx, value, pattern, bound)))
    }
    key_index(cx: &mut Context<'_>, value: Value, table: TableId) -> Result<i32, Trap> {
        W::seldom(|| Ok(position(cx, value, table)))
    }
}

#[cold]
#[inline(never)]
fn matches(cx: &Context<'_>, value: Value, pattern: PatternId, bound: &mut [u64]) -> bool {
    cx.program.matcher(pattern).expect("[V-REF] the pattern exists").matches(value, bound)
}

#[cold]
#[inline(never)]
fn position(cx: &Context<'_>, value: Value, table: TableId) -> i32 {
    cx.program.lookup(table).expect("[V-REF] the table exists").position(value) as i32
}
