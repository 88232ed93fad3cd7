//! Programs that make far more objects than there is room for, on every engine, under every torment.

use regatta_vm::process::{GcOptions, Zeal};
use regatta_vm::{Config, Limits, Scalar, Vm, backends, load};

/// Every engine, with each way of collecting, and the heap looked at after each collection.
fn everywhere(source: &str, heap_bytes: usize, test: impl Fn(&mut Vm)) {
    for engine in backends() {
        for (zeal, nursery_bytes) in
            [(Zeal::Off, 1 << 20), (Zeal::Off, 512), (Zeal::Move, 512), (Zeal::Generations, 512)]
        {
            let gc = GcOptions { zeal, nursery_bytes, verify: true };
            let limits = Limits { heap_bytes, gc, ..Limits::default() };
            let engine = engine.name().to_string();
            let mut vm = Vm::new(Config { engine, limits, ..Config::default() }).unwrap();
            vm.add(load::load_text(source.to_string()).unwrap().module).unwrap();
            test(&mut vm);
        }
    }
}

fn call(vm: &mut Vm, name: &str, arg: i32) -> Vec<Scalar> {
    vm.call(name, &[Scalar::I32(arg)]).unwrap_or_else(|error| panic!("{}: {error}", vm.executor().name()))
}

const LISTS: &str = "
    func %list(n: i32) -> val {              ; {1, {2, … {n, null}}}
      reg number: val, list: val
      special_const list, null
    top:
      val_from_i32 number, n
      tuple_make list, number, 2
      loop_i32_dec_gt_imm n, 0, top
      ret_value list
    }
    func %sum(list: val) -> val {
      reg total: val, number: val
      val_const_i32 total, 0
    top:
      tuple_get number, list, 0
      num_add total, total, number
      tuple_get list, list, 1
      br_nothing list, done
      loop top
    done:
      ret_value total
    }
    func %sums(turns: i32) -> i32 {          ; each list lives for one turn
      reg total: val, w0: val, w1: val, n: i32, v0: val, v1: val, list: val
      val_const_i32 total, 0
    top:
      i32_const n, 100
      call w0, %list
      mov list, w0
      call v0, %sum
      num_add total, total, v0
      loop_i32_dec_gt_imm turns, 0, top
      i32_from_val n, total
      ret_value n
    }";

#[test]
fn what_is_dropped_makes_room_for_what_comes() {
    everywhere(LISTS, 8 << 10, |vm| assert_eq!(call(vm, "sums", 50), [Scalar::I32(50 * 5050)]));
}

/// Each frame holds on to a tuple of its own while deeper ones allocate, and looks at it on the way back.
const DEEP: &str = "
    func %main(n: i32) -> i32 {
      reg w0: val, w1: val, a: i32, r: i32
      mov a, n
      call w0, %deep
      i32_from_val r, w0
      ret_value r
    }
    func %deep(n: i32) -> val {              ; 1 + 2 + … + n, out of tuples
      reg number: val, mine: val, w0: val, w1: val, a: i32
      br_i32_gt_s_imm n, 0, on
      val_const_i32 mine, 0
      ret_value mine
    on:
      val_from_i32 number, n
      tuple_make mine, number, 1
      i32_add_imm a, n, -1
      call w0, %deep
      tuple_get number, mine, 0
      tuple_make mine, number, 1             ; something new on the way back
      num_add w0, w0, number
      ret_value w0
    }";

#[test]
fn frames_keep_what_they_need() {
    everywhere(DEEP, 1 << 20, |vm| {
        assert_eq!(call(vm, "main", 300), [Scalar::I32(300 * 301 / 2)]);
        assert_eq!(call(vm, "main", 300), [Scalar::I32(300 * 301 / 2)]);
    });
}

#[test]
fn a_very_deep_stack_is_not_scanned_again_and_again() {
    let gc = GcOptions { nursery_bytes: 512, ..GcOptions::default() };
    let mut vm = Vm::new(Config { limits: Limits { gc, ..Limits::default() }, ..Config::default() }).unwrap();
    vm.add(load::load_text(DEEP.to_string()).unwrap().module).unwrap();
    let n = 100_000;
    assert_eq!(call(&mut vm, "main", n), [Scalar::I32((i64::from(n) * i64::from(n + 1) / 2) as i32)]);
}
