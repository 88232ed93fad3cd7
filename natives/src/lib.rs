//! The standard natives: what every program may call on arrays, strings, maps, dates and the like.
//!
//! [`table`] lists them, a row each: number, name, parameters, what it is permitted to touch, and the function that does it.
//! Everything else derives from there: [`natives`] is what a program is linked against, [`table::by_id`] is for front ends
//! whose code knows natives by number, and `docs/natives.md` is written from it. How a function reads its arguments and
//! complains of them is in [`arguments`]; each family has a file.
//!
//! ```
//! use regatta_natives::{Permission, natives, table};
//!
//! let quiet = natives(|permission| permission != Permission::Output);
//! assert!(quiet.get("array.push").is_some() && quiet.get("logger.info").is_none());
//! assert_eq!(table::by_id(0x0100).unwrap().name, "array.push");
//! ```
//!
//! A native never runs the program's code. What calls back (`array.map`, `string.replaceWith`, …) is itself code, the
//! [`PRELUDE`]: a module named `std` that is linked when a module imports from it, and is verified like any other.
//!
//! Not here: what waits for others (channels, mutexes, tasks), and reflection.

#![forbid(unsafe_code)]

pub mod arguments;
mod array;
mod buffer;
mod date;
mod json;
mod logger;
mod map;
mod math;
mod number;
mod object;
mod regexp;
mod set;
mod string;
pub mod table;

pub use json::MAX_JSON_DEPTH;
use regatta_runtime::Natives;
pub use regexp::{MAX_COMPILED_PATTERNS, MAX_PATTERN_BYTES};
pub use table::{Permission, Row};

/// The text of the module with everything that calls back; its name is [`PRELUDE_NAME`].
pub const PRELUDE: &str = include_str!("prelude.rga");

/// The name of the module that is the [`PRELUDE`].
pub const PRELUDE_NAME: &str = "std";

/// Does a program that imports the function of this name need the [`PRELUDE`]?
pub fn is_of_prelude(import: &str) -> bool {
    import.strip_prefix(PRELUDE_NAME).is_some_and(|rest| rest.starts_with('.'))
}

/// All natives, printing included.
pub fn standard() -> Natives {
    natives(|_| true)
}

/// The natives that touch no more than `permits` says.
pub fn natives(permits: impl Fn(Permission) -> bool) -> Natives {
    let mut natives = if permits(Permission::Output) { regatta_runtime::native::standard() } else { Natives::new() };
    for row in table::ROWS.iter().filter(|row| permits(row.permission)) {
        row.add_to(&mut natives);
    }
    natives
}
