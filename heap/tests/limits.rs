//! What a heap may take: objects up to its limit, and memory of the host in proportion.

use regatta_heap::{Collect, Heap, HeapConfig, Kind, Object, OutOfMemory, Value, Zeal, header::Header};

const CELL: Header = Header::plain(Kind::Cell, 1);

fn bytes(heap: &mut Heap, length: usize) -> Result<Object, Collect> {
    let words = 1 + length.div_ceil(8);
    let object = heap.allocate(Header::plain(Kind::Bytes, words), words)?;
    // SAFETY: the object is new and has that many words.
    unsafe { object.set_word(0, length as u64) }
    Ok(object)
}

/// Prepends a cell to the list in the first root.
fn cons(heap: &mut Heap, roots: &mut Vec<Value>) -> Result<(), OutOfMemory> {
    while heap.reserve(16).is_err() {
        heap.collect(roots)?;
    }
    let cell = heap.allocate(CELL, 1).expect("the room was reserved");
    // SAFETY: the object is new and has one word.
    unsafe { cell.set_word(0, roots[0].bits()) }
    roots[0] = Value::object(cell);
    Ok(())
}

#[test]
fn an_idle_heap_is_small() {
    let mut heap = Heap::new(1 << 30);
    assert!(heap.physical_bytes() <= 160);
    for _ in 0..20 {
        heap.allocate(CELL, 1).expect("there is room");
    }
    assert!(heap.physical_bytes() <= 700, "{} bytes", heap.physical_bytes());
    assert_eq!(heap.used(), 320);
}

#[test]
fn a_list_fills_a_heap_to_the_last_byte() {
    for limit in [16, 64, 8 << 10, 64 << 10, 1 << 20, 5 << 20] {
        for zeal in [Zeal::Off, Zeal::Move, Zeal::Generations] {
            if zeal != Zeal::Off && limit > 64 << 10 {
                continue;
            }
            let mut heap = Heap::with_config(HeapConfig { zeal, ..HeapConfig::new(limit) });
            let mut roots = vec![Value::NULL];
            let mut cells = 0;
            while cons(&mut heap, &mut roots).is_ok() {
                cells += 1;
            }
            assert_eq!(16 * cells, limit, "{zeal:?}");
            assert_eq!(heap.used(), limit);
            heap.verify(&mut roots).expect("it is intact");
            // Half of it is let go of: there is room again, for exactly that much.
            for _ in 0..cells / 2 {
                // SAFETY: cells have one word, a value.
                roots[0] = unsafe { roots[0].as_object().expect("a cell").value(0) };
            }
            (0..cells / 2).for_each(|_| cons(&mut heap, &mut roots).expect("there is room again"));
            assert_eq!(cons(&mut heap, &mut roots), Err(OutOfMemory));
        }
    }
}

#[test]
fn young_memory_follows_what_is_alive() {
    let mut heap = Heap::new(1 << 30);
    let mut roots = vec![Value::NULL];
    for n in 1..3000 {
        cons(&mut heap, &mut roots).expect("the limit is far");
        let alive = 16 * n;
        assert!(heap.physical_bytes() <= 1200 + 4 * alive, "{} bytes for {alive}", heap.physical_bytes());
    }
    roots[0] = Value::NULL;
    let garbage = |heap: &mut Heap, roots: &mut Vec<Value>| {
        for _ in 0..100_000 {
            cons(heap, roots).expect("the limit is far");
            roots[0] = Value::NULL;
        }
    };
    garbage(&mut heap, &mut roots);
    assert!(heap.physical_bytes() <= 1200, "{} bytes for nothing", heap.physical_bytes());
}

#[test]
fn old_memory_is_given_back() {
    let mut heap = Heap::new(1 << 30);
    let mut roots = vec![Value::NULL];
    (0..1_000_000).for_each(|_| cons(&mut heap, &mut roots).expect("the limit is far"));
    heap.collect_fully(&mut roots).expect("the limit is far");
    let full = heap.physical_bytes();
    assert!(full < 19 << 20, "{full} bytes");
    roots[0] = Value::NULL;
    heap.collect_fully(&mut roots).expect("the limit is far");
    assert!(heap.physical_bytes() < 2 << 20, "{} bytes after {full}", heap.physical_bytes());
}

#[test]
fn what_cannot_be_is_refused_without_trying() {
    let mut heap = Heap::new(1 << 20);
    for words in [1 << 17, 1 << 40, usize::MAX / 8, usize::MAX / 8 + 1, usize::MAX] {
        assert_eq!(heap.allocate(Header::plain(Kind::Bytes, words), words), Err(Collect));
        assert_eq!(heap.collect(&mut ()), Err(OutOfMemory), "{words} words");
    }
    assert_eq!(heap.reserve(usize::MAX), Err(Collect));
    assert_eq!(heap.collect(&mut ()), Err(OutOfMemory));
    assert!(heap.physical_bytes() < 2000);
    heap.allocate(CELL, 1).expect("it still works");
}

#[test]
fn what_the_host_does_not_have_is_refused() {
    let mut heap = Heap::new(usize::MAX);
    let words = 1 << 55;
    assert_eq!(heap.allocate(Header::plain(Kind::Bytes, words), words), Err(Collect));
    assert_eq!(heap.collect(&mut ()), Err(OutOfMemory));
    cons(&mut heap, &mut vec![Value::NULL]).expect("it still works");
}

#[test]
fn large_objects_count_and_go() {
    let mut heap = Heap::new(1 << 20);
    let mut roots = vec![];
    let mut made = 0;
    // Nobody holds them, so this goes on as long as one pleases.
    while made < 100 {
        match bytes(&mut heap, 300_000) {
            Ok(_) => made += 1,
            Err(Collect) => heap.collect(&mut roots).expect("nothing is alive"),
        }
        assert!(heap.used() <= 1 << 20);
        assert!(heap.physical_bytes() < 4 << 20);
    }
    let kept = bytes(&mut heap, 600_000).or_else(|_| {
        heap.collect(&mut roots).expect("nothing is alive");
        bytes(&mut heap, 600_000)
    });
    roots.push(Value::object(kept.expect("there is room now")));
    assert!(bytes(&mut heap, 600_000).is_err());
    assert_eq!(heap.collect(&mut roots), Err(OutOfMemory));
    heap.verify(&mut roots).expect("it is intact");
}

#[test]
fn a_reservation_holds_for_all_that_it_was_made_for() {
    for zeal in [Zeal::Off, Zeal::Move, Zeal::Generations] {
        let mut heap = Heap::with_config(HeapConfig { zeal, nursery_bytes: 4 << 10, ..HeapConfig::new(1 << 20) });
        let mut roots = vec![];
        for round in 0..200 {
            let (small, length): (usize, usize) = (round % 40, 1000 * (round % 60));
            let sum = 16 * small + 16 + length.div_ceil(8) * 8;
            while heap.reserve(sum).is_err() {
                heap.collect(&mut roots).expect("there is room");
            }
            for n in 0..small {
                let cell = heap.allocate(CELL, 1).expect("the room was reserved");
                // SAFETY: the object is new and has one word.
                unsafe { cell.set_word(0, Value::i32(n as i32).bits()) }
            }
            let object = bytes(&mut heap, length).expect("the room was reserved");
            roots = vec![Value::object(object)];
        }
        heap.verify(&mut roots).expect("it is intact");
    }
}

#[test]
fn statistics_add_up() {
    let mut heap = Heap::new(1 << 30);
    let mut roots = vec![Value::NULL];
    (0..100_000).for_each(|_| cons(&mut heap, &mut roots).expect("the limit is far"));
    let before = heap.stats();
    assert_eq!(before.allocated_bytes, 1_600_000);
    assert!(before.copies > 0 && before.minor > 0 && before.full == 0);
    heap.collect_fully(&mut roots).expect("the limit is far");
    let after = heap.stats();
    assert_eq!((after.full, after.allocated_bytes, after.used_bytes), (1, 1_600_000, 1_600_000));
    assert!(after.pause_max <= after.pause_total && after.promoted_bytes == 1_600_000);
}
