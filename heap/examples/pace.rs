//! How fast the heap is: nanoseconds per operation, and pauses, of native code that works with it directly.
//!
//! ```text
//! cargo run --release -p regatta-heap --example pace [row…]
//! ```
//!
//! Each row runs five times; the best is shown, since whatever else the machine does only makes it slower. Times are
//! those of the processor where the host tells, pauses are those of the clock. Every row checks its result.
//!
//! `trees` builds and counts binary trees as `bintrees` does; `lists` makes short-lived lists beside a ring of long-lived
//! ones; `live` makes garbage beside 200 MB of live objects; `array` replaces random elements of an array of a million,
//! so that what it held dies old and scattered; `heaps` are made with twenty nodes each and dropped, `growth` goes on to
//! four hundred; `stores` and `nothing` are the barrier and its floor.

use regatta_heap::{Heap, HeapConfig, HeapStats, Kind, Object, Roots, Value, Which, header::Header};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Registers of the code below: all that it holds across an allocation.
struct Frame(Vec<Value>);

impl Roots for Frame {
    fn each(&mut self, _: Which, visit: &mut dyn FnMut(&mut Value)) {
        self.0.iter_mut().for_each(visit);
    }
}

struct Machine {
    heap: Heap,
    frame: Frame,
}

const LIMIT: usize = 8 << 30;
const NODE: Header = Header::new(Kind::Instance, 1, 2);

impl Machine {
    fn new(nursery_bytes: usize) -> Machine {
        Machine {
            heap: Heap::with_config(HeapConfig { nursery_bytes, ..HeapConfig::new(LIMIT) }),
            frame: Frame(vec![]),
        }
    }

    fn push(&mut self, value: Value) {
        self.frame.0.push(value);
    }

    fn pop(&mut self) -> Value {
        self.frame.0.pop().expect("as many are popped as were pushed")
    }

    #[cold]
    #[inline(never)]
    fn allocate_slowly(&mut self, header: Header, words: usize) -> Object {
        self.heap.collect(&mut self.frame).expect("the limit is far");
        self.heap.allocate(header, words).expect("there is room now")
    }

    /// A node of two values, which are in the frame only if there is a collection.
    #[inline(always)]
    fn node(&mut self, left: Value, right: Value) -> Value {
        match self.heap.allocate(NODE, 2) {
            Ok(object) => fill(object, left, right),
            Err(_) => self.node_slowly(left, right),
        }
    }

    #[cold]
    #[inline(never)]
    fn node_slowly(&mut self, left: Value, right: Value) -> Value {
        self.push(left);
        self.push(right);
        let object = self.allocate_slowly(NODE, 2);
        let (right, left) = (self.pop(), self.pop());
        fill(object, left, right)
    }

    fn tree(&mut self, depth: u32) -> Value {
        if depth == 0 {
            return self.node(Value::NULL, Value::NULL);
        }
        let left = self.tree(depth - 1);
        self.push(left);
        let right = self.tree(depth - 1);
        let left = self.pop();
        self.node(left, right)
    }

    /// An array of values, all null, on top of the frame.
    fn array(&mut self, length: usize) {
        let header = Header::plain(Kind::Values, 1 + length);
        let object = self.heap.allocate(header, 1 + length);
        let object = object.unwrap_or_else(|_| self.allocate_slowly(header, 1 + length));
        // SAFETY: [R-HEAP] the object is new and has that many words.
        unsafe {
            object.set_word(0, length as u64);
            (1..=length).for_each(|n| object.set_word(n, Value::NULL.bits()));
        }
        self.push(Value::object(object));
    }

    /// Stores into an element of the array at the bottom of the frame.
    #[inline(always)]
    fn put(&mut self, n: usize, value: Value) {
        let array = self.frame.0[0].as_object().expect("an array");
        // SAFETY: [R-HEAP] the array has that element; elements are values.
        unsafe { self.heap.store(array, 1 + n, value) }
    }
}

#[inline(always)]
fn fill(object: Object, left: Value, right: Value) -> Value {
    // SAFETY: [R-HEAP] the object is new and has two words.
    unsafe {
        object.set_word(0, left.bits());
        object.set_word(1, right.bits());
    }
    Value::object(object)
}

fn field(value: Value, n: usize) -> Value {
    // SAFETY: [R-HEAP] nodes have two values.
    value.as_object().map_or(Value::NULL, |object| unsafe { object.value(n) })
}

fn count(tree: Value) -> u64 {
    if tree == Value::NULL { 0 } else { 1 + count(field(tree, 0)) + count(field(tree, 1)) }
}

/// Operations, and the machine that performed them.
type Row = fn(&mut Machine) -> u64;

fn trees(m: &mut Machine, depth: u32) -> u64 {
    let long = m.tree(depth);
    m.push(long);
    let mut nodes = (2 << depth) - 1;
    for d in (4..=depth).step_by(2) {
        for _ in 0..1 << (depth - d + 4) {
            let tree = m.tree(d);
            let expected = (2 << d) - 1;
            assert_eq!(count(tree), expected);
            nodes += expected;
        }
    }
    assert_eq!(count(m.pop()), (2 << depth) - 1);
    nodes
}

fn lists(m: &mut Machine) -> u64 {
    m.array(16);
    for round in 0..4000 {
        let list = (0..1000).fold(Value::NULL, |list, n| m.node(list, Value::i32(n)));
        m.put(round % 16, list);
    }
    4_000_000
}

fn live(m: &mut Machine) -> u64 {
    let live = m.tree(22);
    m.push(live);
    for _ in 0..20_000_000 / 31 {
        black_box(m.tree(4));
    }
    assert_eq!(count(m.pop()), (2 << 22) - 1);
    (2 << 22) + 20_000_000
}

fn array(m: &mut Machine) -> u64 {
    const LENGTH: usize = 1_000_000;
    m.array(LENGTH);
    let mut random = 1u64;
    for _ in 0..20_000_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let node = m.node(Value::NULL, Value::i32(random as i32));
        m.put((random >> 33) as usize % LENGTH, node);
    }
    20_000_000
}

fn stores(m: &mut Machine) -> u64 {
    for _ in 0..1000 {
        let node = m.node(Value::NULL, Value::NULL);
        m.push(node);
    }
    let node = m.frame.0[0].as_object().expect("a node");
    for n in 0..100_000_000 {
        let value = black_box(m.frame.0[n % 1000]);
        // SAFETY: [R-HEAP] nodes have two values.
        unsafe { m.heap.store(black_box(node), n % 2, value) }
    }
    100_000_000
}

fn nothing(m: &mut Machine) -> u64 {
    let node = m.node(Value::NULL, Value::NULL);
    (0..1000).for_each(|_| m.push(node));
    for n in 0..100_000_000 {
        let value = black_box(m.frame.0[n % 1000]);
        // SAFETY: [R-HEAP] nodes have two values.
        unsafe { black_box(node.as_object().expect("a node")).set_word(n % 2, value.bits()) }
    }
    100_000_000
}

/// Time that the processor spent on this thread, on Linux; elsewhere, time.
fn now() -> Duration {
    thread_local!(static START: Instant = Instant::now());
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = schedstat.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.with(Instant::elapsed), Duration::from_nanos)
}

/// A heap with twenty nodes, again and again.
fn heaps(_: &mut Machine) -> u64 {
    for _ in 0..1_000_000 {
        let mut machine = Machine::new(1 << 20);
        black_box((0..20).fold(Value::NULL, |list, n| machine.node(list, Value::i32(n))));
    }
    1_000_000
}

/// A heap that grows to a few hundred nodes.
fn growth(_: &mut Machine) -> u64 {
    for _ in 0..10_000 {
        let mut machine = Machine::new(1 << 20);
        for _ in 0..400 {
            let rest = machine.frame.0.pop().unwrap_or(Value::NULL);
            let list = machine.node(rest, Value::NULL);
            machine.push(list);
        }
    }
    4_000_000
}

/// Best time per operation, and what the heap said of that run.
fn measure(row: Row, nursery_bytes: usize) -> (f64, Duration, HeapStats) {
    let mut best: Option<(f64, Duration, HeapStats)> = None;
    for _ in 0..5 {
        let mut machine = Machine::new(nursery_bytes);
        let started = now();
        let operations = row(&mut machine);
        let time = now() - started;
        let per_operation = time.as_nanos() as f64 / operations as f64;
        if best.is_none_or(|(before, ..)| per_operation < before) {
            best = Some((per_operation, time, machine.heap.stats()));
        }
    }
    best.expect("it ran five times")
}

fn main() {
    let rows: [(&str, Row); 9] = [
        ("trees 14", |m| trees(m, 14)),
        ("trees 17", |m| trees(m, 17)),
        ("lists", lists),
        ("live", live),
        ("array", array),
        ("heaps", heaps),
        ("growth", growth),
        ("stores", stores),
        ("nothing", nothing),
    ];
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    println!("row           KB      s   ns/op  gc ns/op  max ms  minor full  memory MB");
    for (name, row) in rows {
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        for nursery in [256 << 10, 1 << 20, 4 << 20] {
            let (per_operation, time, stats) = measure(row, nursery);
            let collecting = stats.pause_total.as_nanos() as f64 / (time.as_nanos() as f64 / per_operation);
            println!(
                "{name:10} {:5} {:7.3} {per_operation:7.2} {collecting:9.2} {:7.2} {:6} {:4} {:10.1}",
                nursery >> 10,
                time.as_secs_f64(),
                stats.pause_max.as_secs_f64() * 1e3,
                stats.minor,
                stats.full,
                stats.physical_bytes as f64 / 1e6,
            );
        }
    }
}
