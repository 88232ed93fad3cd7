//! Programs that eat memory, in heaps of 8 KB, 64 KB and 1 MB, on every engine: what fits runs, what does not ends with
//! `out_of_memory`, and the machine is good for another run. Where the line lies is the same for every engine and every
//! way of collecting.

use regatta_vm::process::{GcOptions, Zeal};
use regatta_vm::{Config, Limits, Scalar, Trap, Vm, VmError, backends, load};
use std::fmt::Write;

/// Something that takes memory, more of it the larger `n` is.
struct Eater {
    name: &'static str,
    /// What is done first, with `n` as an integer in `n` and as a value in `size`.
    before: &'static str,
    /// What is done `n` times, with the number of the turn, from `n` down to 1, in `turn`.
    step: &'static str,
    /// Leaves what came of it in `end`.
    after: &'static str,
    /// What that is.
    gives: fn(i32) -> i32,
}

const EATERS: &[Eater] = &[
    Eater {
        name: "array growth",
        before: "array_new kept, 0",
        step: "array_push turn, kept",
        after: "array_len end, kept",
        gives: |n| n,
    },
    Eater {
        name: "an array filled at once",
        before: "array_fill kept, size, size",
        step: "",
        after: "array_len end, kept",
        gives: |n| n,
    },
    Eater {
        name: "flat strings, twice as long each time",
        before: "str_const kept, \"ab\"",
        step: "mov a, kept\n val_const_i32 b, 2\n call_native w, !string.repeat\n mov kept, w",
        after: "str_len end, kept",
        gives: |n| 2 << n,
    },
    Eater {
        name: "ropes",
        before: "str_const kept, \"something that is too long to be copied, so that it is linked to the rest\"",
        step: "str_const a, \"something that is too long to be copied, so that it is linked to the rest\"\n str_concat kept, kept, a",
        after: "str_len end, kept",
        gives: |n| 73 * (n + 1),
    },
    Eater {
        name: "ropes that become flat",
        before: "str_const kept, \"é\"",
        step: "str_const a, \"0123456789012345678901234567890123456789\"\n str_concat kept, kept, a",
        after: "str_const b, \"é\"\n str_concat a, kept, b\n call_native w, !string.lastIndexOf\n mov end, w",
        gives: |n| 2 + 40 * n,
    },
    Eater {
        name: "maps",
        before: "map_new kept",
        step: "map_set size, kept, turn",
        after: "map_len end, kept",
        gives: |n| n,
    },
    Eater {
        name: "maps in maps",
        before: "special_const kept, null",
        step: "map_new x\n map_set kept, x, size\n mov kept, x",
        after: "val_const_i32 end, 0\nback:\n num_add_imm end, end, 1\n map_get kept, kept, size\n br_nothing kept, over\n loop back\nover:",
        gives: |n| n,
    },
    Eater {
        name: "sets",
        before: "set_new kept",
        step: "set_add turn, kept",
        after: "set_len end, kept",
        gives: |n| n,
    },
    Eater {
        name: "closures",
        before: "special_const kept, null",
        step: "closure_new kept, kept, 1, %end",
        after: "val_const_i32 end, 0\nback:\n num_add_imm end, end, 1\n capture_get kept, kept, 0\n br_nothing kept, over\n loop back\nover:",
        gives: |n| n,
    },
    Eater {
        name: "deep recursion",
        before: "mov depth, n\n call deep, %deep\n mov end, deep",
        step: "",
        after: "",
        gives: |n| n / 2 * (n + 1),
    },
    Eater {
        name: "prototype objects",
        before: "special_const kept, null",
        step: "proto_new x, kept\n prop_set turn, x, :number\n prop_set kept, x, :next\n mov kept, x",
        after: "val_const_i32 end, 0\nback:\n prop_get a, kept, :number\n num_add end, end, a\n prop_get kept, kept, :next\n br_nothing kept, over\n loop back\nover:",
        gives: |n| n / 2 * (n + 1),
    },
    Eater {
        name: "properties of one object",
        before: "special_const a, null\n proto_new kept, a",
        step: "val_to_str a, turn\n elem_set turn, kept, a",
        after: "prop_keys a, kept\n array_len end, a",
        gives: |n| n,
    },
    Eater {
        name: "instances",
        before: "special_const kept, null",
        step: "mov a, turn\n mov b, kept\n object_make kept, a, 2, &Pair",
        after: "field_get kept, kept, 1\n field_get end, kept, 0",
        gives: |_| 2,
    },
    Eater {
        name: "tagged values and tuples",
        before: "special_const kept, null",
        step: "mov a, kept\n mov b, turn\n tuple_make b, a, 2\n enum_make kept, a, 2, :link",
        after: "enum_get kept, kept, 1\n tuple_get end, kept, 1",
        gives: |_| 1,
    },
    Eater {
        name: "small buffers",
        before: "array_new kept, 0",
        step: "val_const_i32 a, 64\n call_native w, !buffer.new\n array_push w, kept",
        after: "array_len end, kept",
        gives: |n| n,
    },
    Eater {
        name: "a big buffer",
        before: "num_mul_imm a, size, 100\n call_native w, !buffer.new\n mov a, w\n call_native w, !buffer.length\n mov end, w",
        step: "",
        after: "",
        gives: |n| 100 * n,
    },
    Eater {
        name: "string.split",
        before: "str_const a, \"ab,\"\n mov b, size\n call_native w, !string.repeat\n mov a, w\n str_const b, \",\"\n special_const c, undefined\n call_native w, !string.split\n array_len end, w",
        step: "",
        after: "",
        gives: |n| n + 1,
    },
    Eater {
        name: "json.parse",
        before: "str_const a, \"{\\\"k\\\": [1, \\\"two\\\"]}, \"\n mov b, size\n call_native w, !string.repeat\n mov kept, w\n str_const a, \"[\"\n str_concat a, a, kept\n str_const b, \"0]\"\n str_concat a, a, b\n special_const kept, null\n call_native w, !json.parse\n array_len end, w",
        step: "",
        after: "",
        gives: |n| n + 1,
    },
    Eater {
        name: "json.stringify",
        before: "array_new kept, 0",
        step: "array_push size, kept",
        after: "mov a, kept\n call_native w, !json.stringify\n str_const x, \"\"\n str_concat a, w, x\n call_native w, !json.parse\n array_len end, w",
        gives: |n| n,
    },
    Eater {
        name: "matches of a regular expression",
        before: "str_const a, \"ab \"\n mov b, size\n call_native w, !string.repeat\n mov x, w\n str_const a, \"(a)(b)\"\n str_const b, \"g\"\n call_native w, !regexp.new\n mov a, w\n mov b, x\n call_native w, !regexp.execAll\n array_len end, w",
        step: "",
        after: "",
        gives: |n| n,
    },
    Eater {
        name: "boxes",
        before: "array_new kept, 0",
        step: "i64_from_val l, turn\n val_from_i64 a, l\n array_push a, kept\n f64_from_val f, turn\n complex_make a, f, f\n array_push a, kept\n cell_new a, a\n array_push a, kept",
        after: "array_len end, kept",
        gives: |n| 3 * n,
    },
    Eater {
        name: "a global",
        before: "special_const x, null\n global_set x, @kept",
        step: "global_get a, @kept\n mov b, turn\n tuple_make a, a, 2\n global_set a, @kept",
        after: "global_get a, @kept\n tuple_get end, a, 1\n special_const x, null\n global_set x, @kept",
        gives: |_| 1,
    },
];

const NATIVES: &str = "
    native !string.repeat (val, val) -> val
    native !string.split (val, val, val) -> val
    native !string.lastIndexOf (val, val) -> val
    native !json.parse (val) -> val
    native !json.stringify (val) -> val
    native !regexp.new (val, val) -> val
    native !regexp.execAll (val, val) -> val
    native !buffer.new (val) -> val
    native !buffer.length (val) -> val
    global @kept: mut val = null
    class &Pair
      field first
      field second
    end
    func %end() -> val {
      reg x: val
      special_const x, null
      ret_value x
    }
    func %deep(n: i32) -> val {              ; n + … + 2 + 1, held by the frames
      reg number: val, mine: val, w: val, _: val, arg: i32
      val_from_i32 number, n
      br_i32_eq_imm n, 0, bottom
      tuple_make mine, number, 1
      i32_add_imm arg, n, -1
      call w, %deep
      tuple_get number, mine, 0
      num_add number, number, w
    bottom:
      ret_value number
    }
";

fn source() -> String {
    let mut source = NATIVES.to_string();
    for Eater { name, before, step, after, .. } in EATERS {
        writeln!(
            source,
            "func %\"{name}\"(n: i32) -> i32 {{
               reg kept: val, size: val, turn: val, end: val, x: val, l: i64, f: f64, i: i32
               reg w: val, _: val, a: val, b: val, c: val
               reg deep: val, _: val, depth: i32
               val_from_i32 size, n
               special_const kept, null
               mov i, n
               {before}
             step:
               val_from_i32 turn, i
               {step}
               loop_i32_dec_gt_imm i, 0, step
               {after}
               i32_from_val i, end
               ret_value i
             }}"
        )
        .unwrap();
    }
    source
}

fn vm(engine: &str, heap_bytes: usize, gc: GcOptions) -> Vm {
    let limits = Limits { heap_bytes, gc, ..Limits::default() };
    let mut vm = Vm::new(Config { engine: engine.to_string(), limits, ..Config::default() }).unwrap();
    vm.add(load::load_text(source()).unwrap().module).unwrap();
    vm
}

impl Eater {
    /// Does it run? If it does, the result must be right; if it does not, memory must be the reason.
    fn fits(&self, vm: &mut Vm, n: i32) -> bool {
        match vm.call(self.name, &[Scalar::I32(n)]) {
            Ok(results) => {
                assert_eq!(results, [Scalar::I32((self.gives)(n))], "{}, {n}", self.name);
                true
            }
            Err(VmError::Trapped(trapped)) if trapped.trap == Trap::OutOfMemory => false,
            Err(error) => panic!("{}, {n}: {error}", self.name),
        }
    }
}

#[test]
fn a_heap_that_is_full_ends_the_program_and_not_the_machine() {
    for heap_bytes in [8 << 10, 64 << 10, 1 << 20] {
        for engine in backends() {
            let mut vm = vm(engine.name(), heap_bytes, GcOptions::USUAL);
            for eater in EATERS {
                let what = format!("{}: {} in {heap_bytes} bytes", engine.name(), eater.name);
                assert!(eater.fits(&mut vm, 6), "{what}: a little");
                assert!(!eater.fits(&mut vm, 1_000_000), "{what}: too much");
                assert!(eater.fits(&mut vm, 6), "{what}: again");
            }
        }
    }
}

/// The smallest limit, a multiple of 8, with which the eater runs.
fn smallest_limit(eater: &Eater, n: i32) -> usize {
    let runs = |limit| eater.fits(&mut vm(backends()[0].name(), limit, GcOptions::USUAL), n);
    let (mut too_small, mut enough) = (0, 8);
    while !runs(enough) {
        (too_small, enough) = (enough, 2 * enough);
    }
    while enough - too_small > 8 {
        let middle = (too_small + enough) / 16 * 8;
        if runs(middle) { enough = middle } else { too_small = middle }
    }
    enough
}

#[test]
fn whether_a_program_fits_depends_on_nothing_but_the_program() {
    let zeal = [GcOptions::torment(Zeal::Move), GcOptions::torment(Zeal::Generations)];
    let collectors = [GcOptions { nursery_bytes: 512, ..GcOptions::USUAL }, GcOptions::USUAL, zeal[0], zeal[1]];
    for eater in EATERS {
        let n = if eater.name.contains("twice") { 12 } else { 40 };
        let line = smallest_limit(eater, n);
        for engine in backends() {
            for gc in collectors {
                for (limit, fits) in [(line - 8, false), (line, true)] {
                    let what = format!("{} on {}, {gc:?}, {limit} bytes", eater.name, engine.name());
                    assert_eq!(eater.fits(&mut vm(engine.name(), limit, gc), n), fits, "{what}");
                }
            }
        }
        // And there is only one such line.
        for step in 1..8 {
            let (below, above) = (line * step / 8, line + line * step / 8);
            let runs = |limit| eater.fits(&mut vm(backends()[0].name(), limit, GcOptions::USUAL), n);
            assert!(!runs(below.min(line - 1) / 8 * 8) && runs(above), "{}: {below}, {line}, {above}", eater.name);
        }
    }
}
