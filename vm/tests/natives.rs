//! Every native of the table, with what it does not expect, while the heap is tormented: it answers or throws, and no more.

use regatta_vm::natives::table::{self, ROWS, Row};
use regatta_vm::process::{GcOptions, Zeal};
use regatta_vm::{Config, Limits, Scalar, Vm, VmError, load};
use std::fmt::Write;

/// Code that makes a value, in register `x`; `w`, `a` and `b` are for calls.
const VALUES: &[&str] = &[
    "special_const x, undefined",
    "special_const x, null",
    "special_const x, true",
    "val_const_i32 x, 0",
    "val_const_i32 x, -1",
    "val_const_i32 x, 3",
    "val_const_i32 x, 2147483647",
    "val_const_f64 x, 0.5",
    "val_const_f64 x, nan",
    "val_const_f64 x, -inf",
    "val_const_f64 x, 1e15",
    "str_const x, \"\"",
    "str_const x, \"é[1, {\\\"a\\\": 2}] 2024-02-29\"",
    "str_const x, \"(a+)+|(b)?\"",
    "str_const x, \"gi\"",
    "atom_const x, :atom",
    "func_val x, %make",
    "array_new x, 0",
    "str_const a, \"[3, 1, 2]\"\n call_native w, !json.parse\n mov x, w",
    "str_const a, \"[\\\"b\\\", [1, [2, \\\"é\\\"]], {\\\"k\\\": null}]\"\n call_native w, !json.parse\n mov x, w",
    "array_new x, 0\n array_push x, x",
    "map_new x",
    "map_new x\n str_const a, \"k\"\n map_set x, x, a\n map_set a, x, x",
    "set_new x\n str_const a, \"v\"\n set_add a, x\n val_const_i32 a, 1\n set_add a, x",
    "val_const_i32 a, 20\n call_native w, !buffer.new\n mov x, w",
    "str_const a, \"(a|b)+?\"\n str_const b, \"g\"\n call_native w, !regexp.new\n mov x, w",
    "special_const a, null\n tuple_make x, a, 1",
    "special_const a, null\n cell_new x, a",
];

/// A module with a function for each native that takes numbers of [`VALUES`].
fn module(rows: &[&Row]) -> String {
    let mut source = String::from(
        "native !json.parse (val) -> val\nnative !buffer.new (val) -> val\nnative !regexp.new (val, val) -> val\n",
    );
    let known = ["json.parse", "buffer.new", "regexp.new"];
    for row in rows {
        let params = vec!["val"; row.parameters().count()].join(", ");
        if row.is_of_prelude() {
            writeln!(source, "import %std.{} ({params}) -> val", row.name).unwrap();
        } else if !known.contains(&row.name) {
            writeln!(source, "native !{} ({params}) -> val", row.name).unwrap();
        }
    }
    writeln!(
        source,
        "func %make(k: i32) -> val {{\n reg x: val, w: val, _: val, a: val, b: val\n switch k, {}",
        VALUES.len() - 1
    )
    .unwrap();
    (0..VALUES.len()).for_each(|n| writeln!(source, " br k{n}").unwrap());
    for (n, code) in VALUES.iter().enumerate() {
        writeln!(source, "k{n}:\n {code}\n ret_value x").unwrap();
    }
    source.push_str("}\n");
    for row in rows {
        writeln!(source, "func %{}(k0: i32, k1: i32, k2: i32, k3: i32) -> val {{", row.name).unwrap();
        source.push_str(" reg v0: val, v1: val, v2: val, v3: val, w: val, _: val, k: i32\n reg n: val, _: val, a0: val, a1: val, a2: val, a3: val\n");
        let count = row.parameters().count();
        (0..count).for_each(|n| writeln!(source, " mov k, k{n}\n call w, %make\n mov v{n}, w").unwrap());
        (0..count).for_each(|n| writeln!(source, " mov a{n}, v{n}").unwrap());
        match row.is_of_prelude() {
            true => writeln!(source, " call n, %std.{}\n ret_value n\n}}", row.name).unwrap(),
            false => writeln!(source, " call_native n, !{}\n ret_value n\n}}", row.name).unwrap(),
        }
    }
    source
}

fn vm(zeal: Zeal, nursery_bytes: usize) -> Vm {
    let gc = GcOptions { zeal, nursery_bytes, verify: true };
    let limits = Limits { heap_bytes: 1 << 22, gc, fuel: Some(100_000), ..Limits::default() };
    let host = Box::new(regatta_vm::host::RecordingHost::default());
    let mut vm = Vm::new(Config { limits, host, ..Config::default() }).unwrap();
    vm.add(load::load_text(module(&ROWS.iter().collect::<Vec<_>>())).unwrap().module).unwrap();
    vm
}

#[test]
fn natives_stand_whatever_they_are_given() {
    let mut machines = [vm(Zeal::Move, 512), vm(Zeal::Generations, 512), vm(Zeal::Off, 512)];
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Scalar::I32((state >> 33) as i32 % VALUES.len() as i32)
    };
    for row in ROWS {
        let turns = VALUES.len() as i32 * if row.parameters().count() > 1 { 6 } else { 1 };
        for turn in 0..turns {
            let args = [Scalar::I32(turn % VALUES.len() as i32), random(), random(), random()];
            for vm in &mut machines {
                match vm.call(row.name, &args) {
                    Ok(_) | Err(VmError::Trapped(_) | VmError::Threw(_) | VmError::OutOfFuel(_)) => {}
                    Err(error) => panic!("{} {args:?}: {error}", row.name),
                }
            }
        }
    }
}

#[test]
fn what_is_wrong_with_an_argument_is_said() {
    let mut vm = vm(Zeal::Off, 1 << 20);
    let cell = Scalar::I32(VALUES.len() as i32 - 1);
    let any = ["object.", "logger.", "json.stringify", "number.is"];
    for row in ROWS.iter().filter(|row| !row.is_of_prelude() && row.parameters().next().is_some()) {
        if any.iter().any(|family| row.name.starts_with(family)) {
            continue;
        }
        let error =
            vm.call(row.name, &[cell.clone(), cell.clone(), cell.clone(), cell.clone()]).unwrap_err().to_string();
        let (start, end) = (format!("{}: argument ", row.name), " is cell(null), not ");
        assert!(error.contains(&start) && error.contains(end), "{}: {error}", row.name);
    }
}

#[test]
fn rows_are_in_order_and_names_are_unique() {
    assert!(ROWS.is_sorted_by(|a, b| a.id < b.id));
    for row in ROWS {
        assert_eq!(table::by_name(row.name).map(|found| found.id), Some(row.id), "{}", row.name);
        assert_eq!(table::by_id(row.id).map(|found| found.name), Some(row.name));
        let parameters: Vec<_> = row.parameters().collect();
        assert!(parameters.is_sorted_by_key(|(_, is_optional)| *is_optional), "{}", row.name);
        assert!(
            row.doc.iter().all(|line| line.starts_with(' '))
                && row.doc.last().is_some_and(|line| line.ends_with(['.', '?']))
        );
    }
    assert!(table::by_id(0xFFFF).is_none() && table::by_name("array.pusch").is_none());
}
