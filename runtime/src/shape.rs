//! Shapes: which properties an object has, in which order, and who may do what with them.
//!
//! ```text
//!   {} ---x---> {x} ---y---> {x, y}            each shape: the one before it, and the property that it adds
//!     \                  \--z: readonly--> {x, z}
//!      ---y---> {y} ---x---> {y, x}
//! ```
//!
//! Objects that got the same properties in the same order have the same shape, in all processes of a program: shapes are
//! its own, and only come. The number of a property says where an object keeps it, so what a shape says is true of every
//! object that has it, now and later. That is what inline caches rest on.
//!
//! An object with more than [`MAX_SHAPE_PROPERTIES`], one that lost a property, and any new one once there are
//! [`MAX_SHAPES`], leaves this tree for a dictionary of its own: [`DICTIONARY`] is the layout of those.

use crate::index::Index;
use crate::names::Names;
use crate::places::Places;
use regatta_ir::TextId;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// Shapes of one program.
pub const MAX_SHAPES: usize = 1 << 20;
/// Properties of one shape.
pub const MAX_SHAPE_PROPERTIES: usize = 128;

/// The layout of an object without properties; the layouts of other shapes follow.
pub const ROOT: u32 = 1 << 31;
/// The layout of objects that are dictionaries. It says nothing about any property.
pub const DICTIONARY: u32 = 0xFFFF_FFFE;

/// Looked through so often, a shape gets an index.
const WALKS_BEFORE_INDEX: u8 = 16;

/// A shape.
#[derive(Debug)]
pub struct Shape {
    layout: u32,
    parent: u32,
    key: TextId,
    access: u16,
    count: u16,
    // The shape that came of this one last, `key:32 | layout:32`: objects made by one constructor find it at once.
    latest: AtomicU64,
    walks: AtomicU8,
    names: OnceLock<Names>,
}

/// What a shape says of a property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Property {
    /// Its number, in the order they came.
    pub number: usize,
    /// A set of [`regatta_ir::vocabulary::access`] bits.
    pub access: u16,
}

impl Shape {
    fn new(layout: u32, parent: u32, key: TextId, access: u16, count: u16) -> Shape {
        let (latest, walks) = (AtomicU64::new(0), AtomicU8::new(0));
        Shape { layout, parent, key, access, count, latest, walks, names: OnceLock::new() }
    }

    /// The layout of objects that have it.
    #[inline]
    pub fn layout(&self) -> u32 {
        self.layout
    }

    /// How many properties it has.
    #[inline]
    pub fn count(&self) -> usize {
        usize::from(self.count)
    }

    fn property(&self) -> Property {
        Property { number: self.count() - 1, access: self.access }
    }

    /// The layout of the shape that came of this one last, if it did so by adding an ordinary property of this name.
    #[inline]
    fn latest_by(&self, key: TextId) -> Option<u32> {
        let latest = self.latest.load(Ordering::Relaxed);
        (latest != 0 && (latest >> 32) as u32 == key.0).then_some(latest as u32)
    }
}

/// All shapes of a program.
#[derive(Debug)]
pub struct Shapes {
    shapes: Places<Shape>,
    transitions: Index,
}

impl Shapes {
    pub(crate) fn new() -> Shapes {
        let shapes = Shapes { shapes: Places::new(MAX_SHAPES), transitions: Index::new(16) };
        shapes.shapes.push(Shape::new(ROOT, ROOT, TextId(u32::MAX), 0, 0));
        shapes
    }

    /// The shape of objects without properties.
    pub fn root(&self) -> &Shape {
        self.get(ROOT).expect("it is there from the start")
    }

    /// The shape with this layout; a dictionary has none.
    #[inline]
    pub fn get(&self, layout: u32) -> Option<&Shape> {
        self.shapes.get(layout.wrapping_sub(ROOT) as usize)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.shapes.count()
    }

    /// What a shape says of a property.
    pub fn find(&self, shape: &Shape, key: TextId) -> Option<Property> {
        if let Some(names) = shape.names.get() {
            let found = names.get(key)?;
            return Some(Property { number: (found & 0xFFFF) as usize, access: (found >> 16) as u16 });
        }
        if shape.walks.fetch_add(1, Ordering::Relaxed) >= WALKS_BEFORE_INDEX && shape.count() > 4 {
            let all: Vec<_> =
                self.back(shape).map(|s| (s.key, u32::from(s.access) << 16 | u32::from(s.count - 1))).collect();
            shape.names.get_or_init(|| Names::new(all.into_iter()));
            return self.find(shape, key);
        }
        self.back(shape).find(|shape| shape.key == key).map(Shape::property)
    }

    /// Names and access of all properties of a shape, in the order they came.
    pub fn properties(&self, shape: &Shape) -> Vec<(TextId, u16)> {
        let mut all: Vec<_> = self.back(shape).map(|shape| (shape.key, shape.access)).collect();
        all.reverse();
        all
    }

    /// The shapes on the way to the root, without that.
    fn back<'s>(&'s self, shape: &'s Shape) -> impl Iterator<Item = &'s Shape> {
        std::iter::successors(Some(shape), |shape| self.get(shape.parent)).take(shape.count())
    }

    /// The shape that has one property more, if it is known that `shape` does not have it: a glance, for the common case.
    #[inline]
    pub fn glance(&self, shape: &Shape, key: TextId) -> Option<&Shape> {
        self.get(shape.latest_by(key)?)
    }

    /// The shape that has one property more, which `shape` must not have. `None` beyond the limits.
    pub fn add(&self, shape: &Shape, key: TextId, access: u16) -> Option<&Shape> {
        if shape.count() >= MAX_SHAPE_PROPERTIES {
            return None;
        }
        let hash = (shape.layout ^ key.0.rotate_left(12) ^ u32::from(access)).wrapping_mul(0x9E37_79B9);
        let is_it = |number: u32| {
            let child = self.get(ROOT + number).expect("numbers in the index exist");
            child.parent == shape.layout && child.key == key && child.access == access
        };
        let make = || {
            if self.shapes.room() == 0 {
                return Err(());
            }
            let number = self.shapes.count() as u32;
            self.shapes.push(Shape::new(ROOT + number, shape.layout, key, access, shape.count + 1));
            Ok(number)
        };
        let number = self.transitions.find_or_add(hash ^ hash >> 15, is_it, make).ok()?;
        if access == 0 {
            shape.latest.store(u64::from(key.0) << 32 | u64::from(ROOT + number), Ordering::Relaxed);
        }
        self.get(ROOT + number)
    }

    /// The shape that has the same properties in the same order, but this one with another access.
    pub fn with_access(&self, shape: &Shape, key: TextId, access: u16) -> Option<&Shape> {
        let changed = |(name, before)| (name, if name == key { access } else { before });
        let mut properties = self.properties(shape).into_iter().map(changed);
        properties.try_fold(self.root(), |shape, (name, access)| self.add(shape, name, access))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_ir::vocabulary::access::{HIDDEN, READONLY};

    const X: TextId = TextId(1);
    const Y: TextId = TextId(2);

    #[test]
    fn the_same_way_leads_to_the_same_shape() {
        let shapes = Shapes::new();
        let x = shapes.add(shapes.root(), X, 0).unwrap();
        let xy = shapes.add(x, Y, 0).unwrap();
        let y = shapes.add(shapes.root(), Y, 0).unwrap();
        let yx = shapes.add(y, X, 0).unwrap();
        assert_eq!(shapes.add(x, Y, 0).unwrap().layout(), xy.layout());
        assert_eq!(shapes.glance(x, Y).unwrap().layout(), xy.layout());
        assert!(shapes.glance(x, TextId(9)).is_none() && shapes.glance(xy, X).is_none());
        assert_ne!(xy.layout(), yx.layout());
        assert_eq!(shapes.count(), 5);
        assert_eq!(shapes.find(yx, Y), Some(Property { number: 0, access: 0 }));
        assert_eq!(shapes.find(xy, Y), Some(Property { number: 1, access: 0 }));
        assert_eq!(shapes.find(x, Y), None);
        assert_eq!(shapes.find(shapes.root(), X), None);
    }

    #[test]
    fn access_is_part_of_a_shape() {
        let shapes = Shapes::new();
        let plain = shapes.add(shapes.root(), X, 0).unwrap();
        let readonly = shapes.add(shapes.root(), X, READONLY).unwrap();
        assert_ne!(plain.layout(), readonly.layout());
        assert!(shapes.glance(shapes.root(), X).is_some_and(|shape| shape.layout() == plain.layout()));
        let both = shapes.add(plain, Y, HIDDEN).unwrap();
        let changed = shapes.with_access(both, X, READONLY).unwrap();
        assert_eq!(changed.layout(), shapes.add(readonly, Y, HIDDEN).unwrap().layout());
        assert_eq!(shapes.properties(changed), [(X, READONLY), (Y, HIDDEN)]);
    }

    #[test]
    fn a_large_shape_is_found_through_its_index() {
        let shapes = Shapes::new();
        let mut shape = shapes.root();
        for n in 0..MAX_SHAPE_PROPERTIES as u32 {
            shape = shapes.add(shape, TextId(3 * n), (n % 2) as u16).unwrap();
        }
        assert!(shapes.add(shape, TextId(1), 0).is_none(), "one too many");
        for _ in 0..3 {
            for n in 0..3 * MAX_SHAPE_PROPERTIES {
                let found = shapes.find(shape, TextId(n as u32));
                let expected = Property { number: n / 3, access: (n / 3 % 2) as u16 };
                assert_eq!(found, (n % 3 == 0).then_some(expected), "{n}");
            }
        }
        assert!(shape.names.get().is_some());
    }

    #[test]
    fn threads_agree_on_shapes() {
        let shapes = Shapes::new();
        let walk = || {
            let mut shape = shapes.root();
            (0..100)
                .map(|n| {
                    shape = shapes.add(shape, TextId(n), 0).unwrap();
                    shape.layout()
                })
                .collect::<Vec<_>>()
        };
        let (a, b) = std::thread::scope(|scope| {
            let (a, b) = (scope.spawn(walk), scope.spawn(walk));
            (a.join().unwrap(), b.join().unwrap())
        });
        assert_eq!(a, b);
        assert_eq!(shapes.count(), 101);
    }
}
