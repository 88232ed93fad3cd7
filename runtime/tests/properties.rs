//! Properties as a library asks for them: shapes, dictionaries, methods of kinds, sites, and threads that share a program.

use regatta_heap::{Kind, Value};
use regatta_ir::vocabulary::access::{FIXED, HIDDEN, PROTECTED, READONLY};
use regatta_ir::{FuncId, SiteId, TextId};
use regatta_runtime::host::RecordingHost;
use regatta_runtime::object::{PrototypeObject, Tuple};
use regatta_runtime::process::ProcessLimits;
use regatta_runtime::property::Who;
use regatta_runtime::shape::MAX_SHAPE_PROPERTIES;
use regatta_runtime::{Context, Natives, Process, Program, Stop, Trap};

fn with<R>(program: &Program, work: impl FnOnce(&mut Context<'_>) -> R) -> R {
    let mut process = Process::new(program, ProcessLimits::default(), Box::new(RecordingHost::default())).unwrap();
    process.heap.reserve(1 << 22).expect("a new heap has all its room"); // so that nothing is collected
    work(&mut Context { program, process: &mut process })
}

fn program() -> Program {
    Program::new(Natives::default())
}

fn name(program: &Program, n: usize) -> TextId {
    program.intern(&format!("p{n}")).unwrap()
}

fn object(cx: &mut Context<'_>, prototype: Value) -> Value {
    PrototypeObject::new(&mut cx.process.heap, prototype).unwrap().value()
}

fn set(cx: &mut Context<'_>, object: Value, n: usize, value: i32) {
    cx.set_property(Value::i32(value), object, name(cx.program, n), None, Who::Anyone).unwrap();
}

fn get(cx: &Context<'_>, object: Value, n: usize) -> Option<i32> {
    cx.property(object, name(cx.program, n), None, Who::Anyone).unwrap().and_then(Value::as_i32)
}

#[test]
fn an_object_with_many_properties_becomes_a_dictionary() {
    let program = program();
    with(&program, |cx| {
        let o = object(cx, Value::NULL);
        let count = 3 * MAX_SHAPE_PROPERTIES;
        for n in 0..count {
            set(cx, o, n, n as i32);
            assert_eq!(PrototypeObject::of(o).unwrap().is_dictionary(), n >= MAX_SHAPE_PROPERTIES);
        }
        for n in 0..count {
            assert_eq!(get(cx, o, n), Some(n as i32));
            set(cx, o, n, -(n as i32));
            assert_eq!(get(cx, o, n), Some(-(n as i32)));
        }
        assert_eq!(get(cx, o, count), None);
        let names: Vec<TextId> = (0..count).map(|n| name(&program, n)).collect();
        assert_eq!(cx.property_names(o), Ok(names));
    });
}

#[test]
fn a_dictionary_keeps_order_and_access_through_holes() {
    let program = program();
    with(&program, |cx| {
        let o = object(cx, Value::NULL);
        for n in 0..20 {
            cx.define_property(Value::i32(n as i32), o, name(&program, n), if n % 3 == 0 { HIDDEN } else { 0 })
                .unwrap();
        }
        for n in (0..20).step_by(2) {
            assert_eq!(cx.delete_property(o, name(&program, n)), Ok(true));
            assert_eq!(cx.delete_property(o, name(&program, n)), Ok(false));
        }
        for n in 20..40 {
            set(cx, o, n, n as i32);
        }
        let left: Vec<usize> = (0..40).filter(|n| *n >= 20 || n % 2 == 1).collect();
        let shown = left.iter().filter(|n| **n >= 20 || **n % 3 != 0);
        assert_eq!(cx.property_names(o), Ok(shown.map(|&n| name(&program, n)).collect()));
        assert!(left.iter().all(|&n| get(cx, o, n) == Some(n as i32)));
        assert_eq!(cx.property_access(o, name(&program, 3)), Ok(Some(HIDDEN)));
        assert_eq!(cx.property_access(o, name(&program, 4)), Ok(None));
    });
}

#[test]
fn objects_made_alike_have_one_shape() {
    let program = program();
    with(&program, |cx| {
        let before = program.shapes().count();
        let layouts: Vec<u32> = (0..10)
            .map(|_| {
                let o = object(cx, Value::NULL);
                (0..6).for_each(|n| set(cx, o, n, 1));
                o.as_object().unwrap().header().layout()
            })
            .collect();
        assert!(layouts.iter().all(|&layout| layout == layouts[0]));
        assert_eq!(program.shapes().count(), before + 6);
    });
}

#[test]
fn who_may_do_what() {
    let program = program();
    let x = name(&program, 0);
    with(&program, |cx| {
        for (access, everyone, owner) in [
            (0, [true, true], [true, true]),
            (READONLY, [true, false], [true, false]),
            (PROTECTED, [false, false], [true, true]),
            (PROTECTED | READONLY, [false, false], [true, false]),
        ] {
            for (who, [get, set]) in [(Who::Anyone, everyone), (Who::Privileged, owner)] {
                let o = object(cx, Value::NULL);
                cx.define_property(Value::i32(1), o, x, access).unwrap();
                let got = cx.property(o, x, None, who);
                assert_eq!(
                    got,
                    if get { Ok(Some(Value::i32(1))) } else { Err(Trap::PropertyDenied) },
                    "{access} {who:?}"
                );
                let done = cx.set_property(Value::i32(2), o, x, None, who);
                assert_eq!(done, if set { Ok(()) } else { Err(Stop::trap(Trap::PropertyDenied)) }, "{access} {who:?}");
                let now = cx.property(o, x, None, Who::Privileged);
                assert_eq!(now, Ok(Some(Value::i32(if set { 2 } else { 1 }))));
            }
        }
        let o = object(cx, Value::NULL);
        cx.define_property(Value::i32(1), o, x, FIXED).unwrap();
        assert_eq!(cx.define_property(Value::i32(2), o, x, FIXED), Ok(()));
        assert_eq!(cx.define_property(Value::i32(3), o, x, 0), Err(Stop::trap(Trap::PropertyDenied)));
        assert_eq!(cx.delete_property(o, x), Ok(false));
    });
}

#[test]
fn a_site_remembers_and_is_right_after_every_change() {
    let program = program();
    let site = program.add_site();
    let x = name(&program, 0);
    with(&program, |cx| {
        let get = |cx: &Context<'_>, o: Value| match cx.known_property(o, site) {
            Some(value) => Some(value),
            None => cx.property(o, x, Some(site), Who::Anyone).unwrap(),
        };
        let p = object(cx, Value::NULL);
        let o = object(cx, p);
        assert_eq!(get(cx, o), None);
        set(cx, p, 0, 1);
        assert_eq!(get(cx, o), Some(Value::i32(1)), "it comes to the prototype");
        set(cx, o, 0, 2);
        assert_eq!(get(cx, o), Some(Value::i32(2)), "it comes to the object");
        assert!(cx.known_property(o, site).is_some(), "the second time it is known");
        set(cx, o, 1, 5);
        assert_eq!(get(cx, o), Some(Value::i32(2)), "another shape");
        cx.delete_property(o, x).unwrap();
        assert_eq!(get(cx, o), Some(Value::i32(1)), "it goes away");
        cx.delete_property(p, x).unwrap();
        assert_eq!(get(cx, o), None);
        set(cx, o, 0, 7);
        assert_eq!(get(cx, o), Some(Value::i32(7)), "it comes back");
    });
}

#[test]
fn kinds_have_methods() {
    let program = program();
    let site: SiteId = program.add_site();
    let size = program.intern("size").unwrap();
    with(&program, |cx| {
        let tuple = Tuple::new(&mut cx.process.heap, &[]).unwrap().value();
        assert_eq!(cx.property(tuple, size, Some(site), Who::Anyone), Ok(None));
        assert_eq!(program.add_kind_method(Kind::Tuple, "size", FuncId(3)), Ok(true));
        assert_eq!(program.add_kind_method(Kind::Tuple, "size", FuncId(4)), Ok(false));
        for _ in 0..2 {
            assert_eq!(cx.property(tuple, size, Some(site), Who::Anyone), Ok(Some(Value::function(3))));
        }
    });
}

#[test]
fn threads_share_shapes_and_sites() {
    let program = program();
    let site = program.add_site();
    let work = |seed: usize| {
        with(&program, |cx| {
            for round in 0..2000 {
                let o = object(cx, Value::NULL);
                let count = (round * 7 + seed) % 6;
                for n in 0..count {
                    set(cx, o, n + 1, -1);
                }
                set(cx, o, 0, round as i32);
                let x = name(&program, 0);
                let value = match cx.known_property(o, site) {
                    Some(value) => value,
                    None => cx.property(o, x, Some(site), Who::Anyone).unwrap().unwrap(),
                };
                assert_eq!(value, Value::i32(round as i32));
            }
        });
    };
    std::thread::scope(|scope| (0..4).for_each(|seed| drop(scope.spawn(move || work(seed)))));
    // The empty one, five ways to begin, and `p0` at the end of each of six.
    assert_eq!(program.shapes().count(), 1 + 5 + 6);
}
