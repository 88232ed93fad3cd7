//! A heap against a model of it: random programs, run on both, must never see a difference.
//!
//! The model is a list of nodes that is never collected. Each object has its node's number as layout, so walking both
//! graphs from the roots shows whether the heap kept what it should. After a full collection the bytes must be exactly
//! those of what the model can reach, and weak references must be `undefined` exactly where it cannot.

use regatta_heap::{Heap, HeapConfig, Kind, Object, Value, Zeal, header::Header};
use std::collections::{HashMap, HashSet};

/// Numbers that look random (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    Plain(Value),
    Node(usize),
    Raw(u64),
}

struct Node {
    kind: Kind,
    words: Vec<Word>,
}

impl Node {
    fn bytes(&self) -> usize {
        8 + 8 * self.words.len()
    }
}

struct Both {
    random: Random,
    heap: Heap,
    roots: Vec<Value>,
    nodes: Vec<Node>,
    model_roots: Vec<Word>,
    identities: HashMap<usize, u32>,
    shared: Object,
    /// Where `shared` lies.
    _program: Box<[u64; 3]>,
    refused: usize,
}

/// The layout of the one object that belongs to the program.
const SHARED: u32 = u32::MAX;
const MAX_ROOTS: usize = 40;

impl Both {
    fn new(seed: u64, config: HeapConfig) -> Both {
        let mut program = Box::new([Header::new(Kind::Complex, SHARED, 2).0 | Header::SHARED, 1, 2]);
        let shared = Object::from_address(program.as_mut_ptr().expose_provenance() as u64);
        Both {
            random: Random(seed.wrapping_mul(2).wrapping_add(0x9E37_79B9)),
            heap: Heap::with_config(config),
            roots: vec![],
            nodes: vec![],
            model_roots: vec![],
            identities: HashMap::new(),
            shared,
            _program: program,
            refused: 0,
        }
    }

    fn run(mut self, steps: usize) -> Both {
        for _ in 0..steps {
            match self.random.below(100) {
                0..45 => self.allocate(),
                45..65 => self.store(),
                65..78 => self.load(),
                78..92 => self.drop_root(),
                92..97 => self.identify(),
                97..99 => self.collect(false),
                _ => self.collect(true),
            }
        }
        self.collect(true);
        self.roots.clear();
        self.model_roots.clear();
        self.collect(true);
        assert_eq!(self.heap.used(), 0);
        self
    }

    /// A value of a root, or a plain one.
    fn pick(&mut self) -> (Value, Word) {
        match self.random.below(10) {
            0..7 if !self.roots.is_empty() => {
                let n = self.random.below(self.roots.len());
                (self.roots[n], self.model_roots[n])
            }
            7 => (Value::object(self.shared), Word::Plain(Value::object(self.shared))),
            8 => (Value::UNDEFINED, Word::Plain(Value::UNDEFINED)),
            _ => {
                let value = Value::i32(self.random.below(1000) as i32);
                (value, Word::Plain(value))
            }
        }
    }

    fn kind_and_words(&mut self) -> (Kind, usize) {
        let large = [300, 3000, 9000][self.random.below(3)];
        match self.random.below(24) {
            0..4 => (Kind::Cell, 1),
            4..10 => (Kind::Tuple, self.random.below(7)),
            10..12 => (Kind::Instance, self.random.below(60)),
            12..15 => (Kind::Weak, 1),
            15..18 => (Kind::WeakValues, 1 + 2 * self.random.below(5)),
            18 => (Kind::WeakValues, 1 + 2 * self.random.below(200)),
            19 => (Kind::Complex, 2),
            20 => (Kind::Bytes, 1 + self.random.below(40)),
            21 => (Kind::Values, 1 + self.random.below(40)),
            22 if self.random.below(4) == 0 => (Kind::Bytes, 1 + self.random.below(large)),
            23 if self.random.below(4) == 0 => (Kind::Values, 1 + self.random.below(large)),
            _ => (Kind::Array, 2),
        }
    }

    fn allocate(&mut self) {
        let (kind, words) = self.kind_and_words();
        let id = self.nodes.len();
        let bytes = 8 + 8 * words;
        while self.heap.reserve(bytes).is_err() {
            if self.heap.collect(&mut self.roots).is_err() {
                let alive: usize = self.reachable().iter().map(|&node| self.nodes[node].bytes()).sum();
                let limit = self.heap.limit();
                assert!(alive + bytes > limit, "{alive} bytes are alive, {bytes} were asked for, the limit is {limit}");
                self.compare(false);
                self.refused += 1;
                return self.drop_root();
            }
            self.compare(false);
        }
        let object = self.heap.allocate(Header::new(kind, id as u32, words), words).expect("the room was reserved");
        let mut node = Node { kind, words: vec![] };
        for n in 0..words {
            let (value, word) = if is_value(kind, n) {
                if words > 100 && n % 16 != 0 { (Value::NULL, Word::Plain(Value::NULL)) } else { self.pick() }
            } else {
                let raw = if n == 0 { length(kind, words) } else { self.random.below(1 << 30) as u64 };
                (Value::from_bits(raw), Word::Raw(raw))
            };
            // SAFETY: the object is new and has that many words.
            unsafe { object.set_word(n, value.bits()) }
            node.words.push(word);
        }
        self.nodes.push(node);
        self.keep(Value::object(object), Word::Node(id));
    }

    fn keep(&mut self, value: Value, word: Word) {
        if self.roots.len() < MAX_ROOTS {
            self.roots.push(value);
            self.model_roots.push(word);
        } else {
            let n = self.random.below(MAX_ROOTS);
            (self.roots[n], self.model_roots[n]) = (value, word);
        }
    }

    /// A root that is an object with values in it, and which of its words.
    fn pick_slot(&mut self) -> Option<(Object, usize, usize)> {
        let n = self.random.below(self.roots.len().max(1));
        let Some(&Word::Node(id)) = self.model_roots.get(n) else { return None };
        let object = self.roots[n].as_object()?;
        let word = self.random.below(object.words().max(1));
        let fits = word < object.words() && is_value(self.nodes[id].kind, word);
        if fits { Some((object, id, word)) } else { None }
    }

    fn store(&mut self) {
        if let Some((object, id, n)) = self.pick_slot() {
            let (value, word) = self.pick();
            // SAFETY: the word exists and is a value.
            unsafe { self.heap.store(object, n, value) }
            self.nodes[id].words[n] = word;
        }
    }

    fn load(&mut self) {
        if let Some((object, id, n)) = self.pick_slot() {
            // SAFETY: the word exists and is a value.
            let value = unsafe { object.value(n) };
            // What is weak may have become undefined already.
            let word = if value == Value::UNDEFINED { Word::Plain(value) } else { self.nodes[id].words[n] };
            self.keep(value, word);
        }
    }

    fn drop_root(&mut self) {
        if !self.roots.is_empty() {
            let n = self.random.below(self.roots.len());
            self.roots.swap_remove(n);
            self.model_roots.swap_remove(n);
        }
    }

    fn identify(&mut self) {
        let n = self.random.below(self.roots.len().max(1));
        if let Some(&Word::Node(id)) = self.model_roots.get(n) {
            let hash = self.heap.identity_hash(self.roots[n].as_object().expect("a node is an object"));
            assert_eq!(*self.identities.entry(id).or_insert(hash), hash);
        }
    }

    fn collect(&mut self, full: bool) {
        let heap = &mut self.heap;
        let result = if full { heap.collect_fully(&mut self.roots) } else { heap.collect(&mut self.roots) };
        result.expect("nothing is asked for");
        self.compare(full);
        if full {
            let alive: usize = self.reachable().iter().map(|&node| self.nodes[node].bytes()).sum();
            assert_eq!(self.heap.used(), alive);
        }
    }

    /// What the roots keep alive.
    fn reachable(&self) -> HashSet<usize> {
        let mut reached = HashSet::new();
        let mut todo: Vec<usize> = self.model_roots.iter().filter_map(|word| word.node()).collect();
        let mut tables = vec![];
        loop {
            while let Some(id) = todo.pop() {
                if reached.insert(id) {
                    match self.nodes[id].kind {
                        Kind::Weak => {}
                        Kind::WeakValues => tables.push(id),
                        _ => todo.extend(self.nodes[id].words.iter().filter_map(|word| word.node())),
                    }
                }
            }
            for pair in tables.iter().flat_map(|&table| self.nodes[table].words[1..].chunks(2)) {
                let key_lives = pair[0].node().is_none_or(|key| reached.contains(&key));
                todo.extend(pair[1].node().filter(|value| key_lives && !reached.contains(value)));
            }
            if todo.is_empty() {
                return reached;
            }
        }
    }

    /// Walks both graphs. After a full collection, nothing weak may refer to what is dead.
    fn compare(&mut self, full: bool) {
        self.heap.verify(&mut self.roots).unwrap_or_else(|corruption| panic!("{corruption}"));
        let reached = self.reachable();
        let mut seen: HashMap<usize, Object> = HashMap::new();
        let mut todo = vec![];
        for (&value, &word) in self.roots.iter().zip(&self.model_roots) {
            todo.push((value, word));
        }
        while let Some((value, word)) = todo.pop() {
            let id = match word {
                Word::Node(id) => id,
                Word::Plain(expected) => {
                    assert_eq!(value, expected);
                    continue;
                }
                Word::Raw(expected) => {
                    assert_eq!(value.bits(), expected);
                    continue;
                }
            };
            let object = value.as_object().unwrap_or_else(|| panic!("node {id} became {value:?}"));
            match seen.insert(id, object) {
                Some(before) => assert_eq!(before, object),
                None => self.compare_words(object, id, full, &reached, &mut todo),
            }
        }
        for (id, hash) in &self.identities {
            if let Some(&object) = seen.get(id) {
                assert_eq!(self.heap.identity_hash(object), *hash);
            }
        }
    }

    fn compare_words(
        &mut self,
        object: Object,
        id: usize,
        full: bool,
        reached: &HashSet<usize>,
        todo: &mut Vec<(Value, Word)>,
    ) {
        let node = &mut self.nodes[id];
        let header = object.header();
        assert_eq!((header.kind(), header.layout(), object.words()), (node.kind, id as u32, node.words.len()));
        for n in 0..node.words.len() {
            // SAFETY: the word exists; raw words are only looked at as bits.
            let value = unsafe { object.value(n) };
            let key = match node.kind {
                Kind::Weak => node.words[n].node(),
                Kind::WeakValues if n > 0 => node.words[(n - 1) / 2 * 2 + 1].node(),
                _ => None,
            };
            if key.is_none_or(|key| reached.contains(&key)) {
                todo.push((value, node.words[n]));
            } else if full {
                assert_eq!(value, Value::UNDEFINED, "word {n} of node {id} should have died");
            }
        }
        // What died is forgotten on both sides, keys last.
        if matches!(node.kind, Kind::Weak | Kind::WeakValues) {
            for n in 0..node.words.len() {
                // SAFETY: as above.
                let value = unsafe { object.value(n) };
                if is_value(node.kind, n) && value == Value::UNDEFINED {
                    node.words[n] = Word::Plain(value);
                }
            }
        }
    }
}

impl Word {
    fn node(self) -> Option<usize> {
        if let Word::Node(id) = self { Some(id) } else { None }
    }
}

fn is_value(kind: Kind, n: usize) -> bool {
    match kind {
        Kind::Complex | Kind::Bytes => false,
        Kind::Array | Kind::Values | Kind::WeakValues => n > 0,
        _ => true,
    }
}

/// What the first word of a kind with a length says.
fn length(kind: Kind, words: usize) -> u64 {
    match kind {
        Kind::Bytes => 8 * (words as u64 - 1),
        _ => words as u64 - 1,
    }
}

fn run(seeds: std::ops::Range<u64>, steps: usize, config: HeapConfig) -> usize {
    seeds.map(|seed| Both::new(seed, config).run(steps).refused).sum()
}

const ROOMY: HeapConfig = HeapConfig::new(1 << 30);

#[test]
fn without_torment() {
    run(0..12, 3000, ROOMY);
}

#[test]
fn with_generations_and_a_small_nursery() {
    run(20..32, 3000, HeapConfig { nursery_bytes: 16 << 10, ..ROOMY });
}

#[test]
fn moving_at_every_allocation() {
    run(40..46, 800, HeapConfig { zeal: Zeal::Move, ..ROOMY });
}

#[test]
fn promoting_at_every_allocation() {
    run(50..56, 800, HeapConfig { zeal: Zeal::Generations, ..ROOMY });
    run(60..64, 600, HeapConfig { zeal: Zeal::Generations, nursery_bytes: 512, ..ROOMY });
}

#[test]
fn close_to_the_limit() {
    for limit in [8 << 10, 30 << 10, 64 << 10, 200 << 10] {
        let refused = run(70..74, 2000, HeapConfig::new(limit));
        assert!(refused > 0, "{limit} bytes were enough");
        run(80..82, 2000, HeapConfig { nursery_bytes: 4 << 10, ..HeapConfig::new(limit) });
        run(84..86, 500, HeapConfig { zeal: Zeal::Generations, ..HeapConfig::new(limit) });
    }
}
