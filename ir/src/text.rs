//! The text form `.rga`: modules as people read and write them.
//!
//! [`parse`] reads a text line by line and reports all mistakes it finds, each with its place and, where it can, with
//! what to write instead. `Display` of [`Module`](crate::Module) writes one. Both follow the op table: an operand is read
//! and written by its role, and a new op needs nothing here.
//!
//! ```text
//! module "shapes"                     ; what follows a semicolon is for people
//! type (i32, i32) -> (i64, f64)       ; a signature; those used elsewhere are added as they are met
//! import %math.square (i32) -> i32    ; a function of another module; imports are counted before own functions
//! native !print (i32) -> ()           ; a function of the host
//! memory 1 16                         ; pages at the start, and at most
//! data 64 "bytes\n\xff\"\\"           ; escapes: \n \t \r \" \\ \0, \xHH or \HH
//! data 128 f64 1.5 -0.0 nan           ; or little-endian numbers: i8 i16 i32 i64 f32 f64
//! global @count: mut i64 = 5
//! global @none: val = null            ; undefined null unit true false, 5, 0.5
//! import class &shapes.Point          ; a class of another module; those, too, are counted before own ones
//! pattern p0 = {:ok, $, [_, ...]}     ; `p` and its number
//! table t0 = :red, "text", 5, null    ; `t` and its number
//!
//! class &Circle extends &shapes.Point ; `implements &Shape, &Other`; `abstract class`; `interface`
//!   field radius                      ; a text: quoted if it is no identifier
//!   static count = @none              ; a global of type val
//!   method sum = %sum                 ; `method sum` is abstract; static_method
//!   constructor %sum
//! end
//!
//! func %sum(n: i32) -> i32 {          ; parameters are the first registers
//!   reg total: i32, _: i32, e: val    ; the next ones; `_` and `r2` have no name
//!   i32_const total, 0                ; mnemonic, then operands in the order of the table
//! next:                               ; a label, on a line of its own
//!   .line 12                          ; the source line of what follows
//!   i32_add total, total, n
//!   i32_add_imm n, n, -1
//!   loop_i32_gt_s_imm n, 0, next      ; `br…` goes forward, `loop…` goes back
//!   ret_value total
//!   .catch e, next, end, end          ; what is thrown from `next` on goes to `end`, in `e`; `.catch_all`: traps too
//! end:
//!   trap 1
//! }
//! ```
//!
//! | what | how |
//! |---|---|
//! | register | its name, or `r3` |
//! | function, global, native | `%name`, `@name`, `!name`; quoted when it is no identifier: `%"odd name"` |
//! | signature | written out: `call_indirect w, callee, (i32) -> i32` |
//! | class | `&name` |
//! | atom, string | `:name`, `:"odd name"`; `"text"` |
//! | pattern, table | `p0`, `t0` |
//! | site | nothing, if it is the one after the one before it in the text; else `?3`, behind all other operands |
//! | tag, special value, access | a word: `array`, `null`, `public`; `protected hidden fixed` |
//! | label | its name |
//! | integer | `-12`, `0x1f` |
//! | float | `1.5`, `-0.0`, `1e-9`, `inf`, `-inf`, `nan`, and `nan:0x7fc00001` with all bits |
//!
//! Identifiers are `[A-Za-z_][A-Za-z0-9_.$]*`.
//!
//! Everything also has a raw form, so that nonsense can be written and read too: `%#3`, `@#3`, `!#3`, `&#3`, `:#3` and
//! for signatures and strings `#3` are indexes; `br #3` is a distance in words, and `.catch e, #0, #3, #3` has words of
//! the code; `global @g: i32 = #0x100000000` is a slot; `func %f #3 {` declares all registers in `reg` lines; `.word
//! 0x2a` is a word of code; `text "…"` gives a text its number before it is met; `?3` is a site, as in code that is
//! linked. The printer uses them where nothing else will do, and `text` for all texts. Two laws follow: `parse(print(m)) == m`, and printing that again gives the same text. What the text form cannot keep: several
//! functions (or globals, natives, classes) with one name, which the reader refuses; signatures and names beyond the limits;
//! and debug entries that are out of order or belong to no register or word. Not stored at all: comments, and what
//! labels were called; they come back as `L12`, after the word they stand at.

mod body;
mod classes;
mod error;
mod jumps;
mod lexer;
mod names;
mod number;
mod outline;
mod parse;
mod patterns;
mod print;
mod spans;
mod spelling;
mod statements;
mod texts;

pub use error::{MAX_ERRORS, ParseError, ParseErrors};
pub use parse::{Parsed, parse, parse_with_spans};
pub use print::{print_function, print_instruction, print_module};
pub use spans::SourceSpans;
