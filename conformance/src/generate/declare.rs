//! Declarations: the texts, classes, patterns and tables that dynamic programs name.
//!
//! Few names, so that they meet: fields of classes and properties of objects share them, and so do methods. A name that is
//! called stands for a number of arguments everywhere, which makes most calls fit. Classes form small families: an
//! interface, an abstract class, children of children.

use super::world::World;
use arbitrary::{Result, Unstructured};
use regatta_ir::module::{Class, Key, Method, Pattern, Static, Table};
use regatta_ir::vocabulary::Special;
use regatta_ir::{ClassId, FuncId, GlobalId, TextId, Type};

/// Names that are called, and with how many arguments, the receiver among them.
const CALLED: [(&str, usize); 15] = [
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("__add__", 2),
    ("__sub__", 2),
    ("__mul__", 2),
    ("__div__", 2),
    ("__rem__", 2),
    ("__eq__", 2),
    ("__lt__", 2),
    ("__le__", 2),
    ("__str__", 1),
    ("__call__", 2),
    ("__getattr__", 2),
    ("__setattr__", 3),
];
/// Names that are not, and texts that are no names.
const OTHERS: [&str; 12] = ["x", "y", "z", "w", "0", "1", "", "abc", "a-ü-😀", "-0.5", "1e400", "\"\n"];
/// Where names of fields begin in all texts, by how many ancestors a class has.
const FIELDS: usize = CALLED.len();

/// What a dynamic program declares.
#[derive(Default)]
pub(super) struct Declared {
    pub(super) texts: Vec<String>,
    pub(super) classes: Vec<Class>,
    /// How many fields each class has, with those it inherits.
    pub(super) fields: Vec<usize>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) tables: Vec<Table>,
}

impl Declared {
    /// How many arguments what this text names takes, if it is called.
    pub(super) fn takes(&self, text: usize) -> Option<usize> {
        CALLED.get(text).map(|&(_, takes)| takes)
    }

    /// The texts that name something called.
    pub(super) fn called(&self) -> usize {
        CALLED.len().min(self.texts.len())
    }
}

/// Declares what fits the functions and globals of a world.
pub(super) fn declare(u: &mut Unstructured<'_>, world: &World) -> Result<Declared> {
    let texts = CALLED.iter().map(|&(text, _)| text).chain(OTHERS).map(str::to_string).collect();
    let mut declared = Declared { texts, ..Declared::default() };
    for n in 0..u.int_in_range(2..=5)? {
        class(u, world, &mut declared, n)?;
    }
    for _ in 0..u.int_in_range(1..=4)? {
        declared.patterns.push(pattern(u, 3)?);
    }
    for _ in 0..u.int_in_range(1..=2)? {
        declared.tables.push(table(u)?);
    }
    Ok(declared)
}

/// Class `n`: its parent and its interfaces come before it.
fn class(u: &mut Unstructured<'_>, world: &World, declared: &mut Declared, n: usize) -> Result<()> {
    let before = |wanted: bool| -> Vec<ClassId> {
        let classes = declared.classes.iter().zip(0..);
        classes.filter(|(class, _)| class.is_interface == wanted).map(|(_, n)| ClassId(n)).collect()
    };
    let (parents, interfaces) = (before(false), before(true));
    let mut class = Class { name: format!("C{n}"), ..Class::default() };
    class.is_interface = n == 0 && u.ratio(1, 2)?;
    class.is_abstract = !class.is_interface && u.ratio(1, 8)?;
    if !parents.is_empty() && u.ratio(2, 3)? {
        class.parent = Some(*u.choose(&parents)?);
    }
    if !interfaces.is_empty() && !class.is_interface && u.ratio(1, 2)? {
        class.interfaces = interfaces;
    }
    let inherited = class.parent.map_or(0, |parent| declared.fields[parent.index()]);
    let own = if class.is_interface { 0 } else { u.int_in_range(0..=2)? };
    // Parents have other fields than their children.
    class.fields = (inherited..inherited + own).map(|n| TextId((FIELDS + n) as u32)).collect();
    let bodiless = class.is_interface || class.is_abstract;
    // The first two are everywhere, so that a slot of the vtable is the same method in all classes.
    let named: Vec<usize> = (0..2).chain((2..CALLED.len()).filter(|_| u.ratio(1, 4).unwrap_or(false))).collect();
    for name in named {
        let functions: Vec<usize> = world.functions_of(CALLED[name].1).collect();
        let func = if bodiless && name < 2 && u.ratio(1, 2)? { None } else { u.choose_iter(functions.iter()).ok() };
        if func.is_some() || bodiless {
            let func = func.map(|&func| FuncId(func as u32));
            class.methods.push(Method { name: TextId(name as u32), func });
        }
    }
    for (global, _) in world.globals.iter().enumerate().filter(|(_, global)| global.ty == Type::Val).take(1) {
        class.statics.push(Static { name: TextId(FIELDS as u32), global: GlobalId(global as u32) });
    }
    if !class.is_interface && u.ratio(1, 4)? {
        class.constructor = world.functions_of(1).next().map(|func| FuncId(func as u32));
    }
    declared.fields.push(inherited + own);
    declared.classes.push(class);
    Ok(())
}

fn text(u: &mut Unstructured<'_>) -> Result<TextId> {
    Ok(TextId(u.choose_index(CALLED.len() + OTHERS.len())? as u32))
}

fn key(u: &mut Unstructured<'_>) -> Result<Key> {
    const SPECIAL: [Key; 5] = [Key::Undefined, Key::Null, Key::Unit, Key::Bool(false), Key::Bool(true)];
    Ok(match u.int_in_range(0..=4)? {
        0 => SPECIAL[u.choose_index(Special::ALL.len())?],
        1 => Key::F64(super::float_bits(u, Type::F64)?),
        2 => Key::Atom(text(u)?),
        3 => Key::Text(text(u)?),
        _ => Key::I32(u.int_in_range(0..=5)?),
    })
}

/// A pattern with at most as many bindings as there are registers for them.
fn pattern(u: &mut Unstructured<'_>, depth: usize) -> Result<Pattern> {
    let made = part(u, depth)?;
    Ok(if made.bindings() <= super::values::MAX_RUN { made } else { Pattern::Any })
}

fn part(u: &mut Unstructured<'_>, depth: usize) -> Result<Pattern> {
    let kind = if depth == 3 { u.int_in_range(3..=6)? } else { u.int_in_range(0..=5)? };
    if depth == 0 || kind < 3 {
        return Ok(match kind {
            0 => Pattern::Any,
            1 => Pattern::Is(key(u)?),
            _ => Pattern::Bind,
        });
    }
    let items = (0..u.int_in_range(0..=3)?).map(|_| part(u, depth - 1)).collect::<Result<_>>()?;
    Ok(match kind {
        3 => Pattern::Tuple(items),
        4 => Pattern::Array { items, rest: u.arbitrary()? },
        _ => Pattern::Enum { tag: text(u)?, items },
    })
}

/// Keys that are equal to no other: by number, if they are numbers.
fn table(u: &mut Unstructured<'_>) -> Result<Table> {
    let mut keys: Vec<Key> = Vec::new();
    for _ in 0..u.int_in_range(0..=5)? {
        let key = key(u)?;
        let is_number = |key: &Key| matches!(key, Key::I32(_) | Key::F64(_));
        if !(keys.contains(&key) || is_number(&key) && keys.iter().any(is_number)) {
            keys.push(key);
        }
    }
    Ok(Table { keys })
}
