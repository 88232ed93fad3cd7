//! Says whether calls in tail position can be relied on to become jumps (`cfg(sibling_calls)`), which engine `tail` asks.
//!
//! LLVM does that where it optimises, for what Rust calls by the System V convention; sanitizers and Miri put things in
//! between. The language promises nothing, so `tests/small_stack.rs` and `scripts/check-handlers` look at what came out.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(sibling_calls)");
    let variable = |name| env::var(name).unwrap_or_default();
    let optimised = matches!(&*variable("OPT_LEVEL"), "2" | "3");
    let known = variable("CARGO_CFG_TARGET_ARCH") == "x86_64" && variable("CARGO_CFG_MIRI").is_empty();
    let plain = !variable("CARGO_ENCODED_RUSTFLAGS").contains("sanitizer");
    if optimised && known && plain {
        println!("cargo::rustc-cfg=sibling_calls");
    }
}
