//! Programs that make far more objects than there is room for, on every engine, under every torment.

use regatta_vm::native::{Call, Failure};
use regatta_vm::process::{GcOptions, Zeal};
use regatta_vm::values::{Stop, Value, object::Tuple};
use regatta_vm::{Config, Limits, Natives, Scalar, Vm, backends, load};

/// Every engine, with each way of collecting, and the heap looked at after each collection.
fn everywhere(source: &str, heap_bytes: usize, test: impl Fn(&mut Vm)) {
    for engine in backends() {
        for (zeal, nursery_bytes) in
            [(Zeal::Off, 1 << 20), (Zeal::Off, 512), (Zeal::Move, 512), (Zeal::Generations, 512)]
        {
            let gc = GcOptions { zeal, nursery_bytes, verify: true };
            let limits = Limits { heap_bytes, gc, ..Limits::default() };
            let engine = engine.name().to_string();
            let mut vm = Vm::new(Config { engine, limits, natives: natives(), ..Config::default() }).unwrap();
            vm.add(load::load_text(source.to_string()).unwrap().module).unwrap();
            test(&mut vm);
        }
    }
}

/// Natives that make objects: one in a single step, which is done again when there is no room, one in many.
fn natives() -> Natives {
    let mut natives = Natives::new();
    natives
        .add("pair", |call: &mut Call<'_>, a: Value, b: Value| -> Result<Value, Stop> {
            Ok(Tuple::new(&mut call.process.heap, &[a.bits(), b.bits()])?.value())
        })
        .add_scoped::<(i32, Value), Value>("repeat", |objects, (count, item)| {
            let mut list = objects.local(Value::NULL);
            for _ in 0..count {
                list = objects.make([item, list], |heap, [item, list]| {
                    Ok(Tuple::new(heap, &[item.bits(), list.bits()])?.value())
                })?;
            }
            Ok(list)
        })
        .add_scoped::<(Value,), ()>("complain", |objects, (about,)| {
            let text = objects.string("something is wrong with this")?;
            let complaint = objects.make([text, about], |heap, [text, about]| {
                Ok(Tuple::new(heap, &[text.bits(), about.bits()])?.value())
            })?;
            Err(Failure::Throw(complaint))
        });
    natives
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
    let n = 60_000;
    assert_eq!(call(&mut vm, "main", n), [Scalar::I32(n / 2 * (n + 1))]);
}

#[test]
fn natives_keep_what_they_make() {
    let source = "
        native !pair (val, val) -> val
        native !repeat (i32, val) -> val
        func %main(n: i32) -> i32 {
          reg sum: val, one: val, list: val, turns: i32
          reg w0: val, w1: val, count: i32, item: val, p0: val, p1: val, a: val, b: val
          val_const_i32 one, 1
          val_const_i32 sum, 0
          i32_const turns, 20
        again:
          mov count, n
          mov a, one
          mov b, sum
          call_native p0, !pair
          mov item, p0
          call_native w0, !repeat
          mov list, w0
        next:
          tuple_get w0, list, 0               ; {1, the sum before}
          tuple_get w0, w0, 0
          num_add sum, sum, w0
          tuple_get list, list, 1
          br_nothing list, done
          loop next
        done:
          loop_i32_dec_gt_imm turns, 0, again
          i32_from_val n, sum
          ret_value n
        }";
    everywhere(source, 16 << 10, |vm| assert_eq!(call(vm, "main", 50), [Scalar::I32(20 * 50)]));
}

#[test]
fn what_a_native_throws_arrives_and_handlers_have_their_registers() {
    let source = "
        native !complain (val) -> ()
        func %main(n: i32) -> i32 {
          reg kept: val, dropped: val, exception: val, number: val
          reg w0: val, w1: val, about: val
          val_from_i32 number, n
          tuple_make kept, number, 1          ; read by the handler alone
        start:
          tuple_make about, number, 1
          call_native w0, !complain
        end:
          trap 1
        caught:
          tuple_get exception, exception, 1
          tuple_get exception, exception, 0
          tuple_get kept, kept, 0
          num_add number, kept, exception
          i32_from_val n, number
          ret_value n
          .catch exception, start, end, caught
        }";
    everywhere(source, 4 << 10, |vm| {
        for n in 0..30 {
            assert_eq!(call(vm, "main", n), [Scalar::I32(2 * n)]);
        }
    });
}

/// What a program sees of its limit is the same for every engine and every way of collecting: a list of tuples of 24
/// bytes each is as long as there is room for.
#[test]
fn memory_runs_out_at_the_same_place() {
    let source = "
        func %main(count: i32) -> i32 {
          reg number: val, list: val, exception: val
          special_const list, null
        start:
        top:
          val_from_i32 number, count
          tuple_make list, number, 2
          i32_add_imm count, count, 1
          loop_i32_ne_imm count, -1, top
        end:
          trap 1
        caught:
          ret_value count
          .catch_all exception, start, end, caught
        }";
    everywhere(source, 24 * 100 + 8, |vm| assert_eq!(call(vm, "main", 0), [Scalar::I32(100)]));
}
