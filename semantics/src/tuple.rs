//! What instructions on tuples mean.

use crate::meanings;
use regatta_heap::{Header, Kind, Value};
use regatta_runtime::{Context, Stop};

meanings! {
    tuple_make(cx: &mut Context<'_>, items: &[u64]) -> Result<Value, Stop> {
        let tuple = cx.process.heap.allocate(Header::plain(Kind::Tuple, items.len()), items.len())?;
        for (n, &item) in items.iter().enumerate() {
            // SAFETY: [R-HEAP] the tuple is new and has a word for each item.
            unsafe { tuple.set_word(n, item) };
        }
        Ok(Value::object(tuple))
    }
}
