//! What people ask to see: a register or a global, and from there on into objects. `n`, `r3`, `point.x`, `list[2].name`,
//! `ages["Ann"]`, `@count`.

use super::near::nearest;
use super::scope::{Scope, Unseen};
use regatta_ir::{Function, GlobalId, Type};
use regatta_runtime::heap::Value;
use regatta_runtime::object::{Array, Cell, Enum, Instance, Map, PrototypeObject, Str, Tuple};
use regatta_runtime::task::Frame;
use regatta_runtime::{Dynamic, Process, Program, Scalar, Task, text_of};

/// A register or a global, and the keys that lead from there into objects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Path {
    pub(crate) root: Root,
    keys: Vec<Key>,
    /// As it was written.
    pub(crate) text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Root {
    Register(u16),
    Global(GlobalId),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Key {
    /// `.name`
    Name(String),
    /// `[2]`, `["two"]`, `[:two]`
    Item(Dynamic),
}

/// Where a path is followed.
pub(crate) struct View<'a> {
    pub(crate) program: &'a Program,
    pub(crate) process: &'a Process,
    pub(crate) task: &'a Task,
    pub(crate) scope: &'a mut Scope,
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) ty: Type,
    pub(crate) slot: u64,
}

impl Path {
    /// Reads a path, as in a frame of this function.
    pub(crate) fn parse(program: &Program, function: &Function, text: &str) -> Result<Path, String> {
        let text = text.trim();
        let (root, mut rest) = match text.strip_prefix('@') {
            Some(name) => global(program, name)?,
            None => register(function, text)?,
        };
        let mut keys = Vec::new();
        while !rest.is_empty() {
            let (key, after) = key(rest)?;
            keys.push(key);
            rest = after;
        }
        Ok(Path { root, keys, text: text.to_string() })
    }

    /// Does it end at a register or a global?
    pub(crate) fn is_plain(&self) -> bool {
        self.keys.is_empty()
    }

    /// What it leads to in this frame.
    pub(crate) fn follow(&self, view: &mut View<'_>, frame: Frame) -> Result<Found, String> {
        let mut found = self.start(view, frame).map_err(|unseen| unseen.in_words(&self.text))?;
        for key in &self.keys {
            if found.ty != Type::Val {
                return Err(format!("a value of type {} has nothing inside", found.ty));
            }
            found.slot = key.of(view.program, Value::from_bits(found.slot))?.bits();
        }
        Ok(found)
    }

    /// What is in its register or global.
    pub(crate) fn start(&self, view: &mut View<'_>, frame: Frame) -> Result<Found, Unseen> {
        match self.root {
            Root::Register(register) => {
                let slot = view.scope.slot(view.program, view.process, view.task, frame, register)?;
                let body = view.program.entry(frame.func).and_then(|entry| entry.body());
                let ty = body.and_then(|body| body.registers.get(usize::from(register)).copied());
                Ok(Found { ty: ty.ok_or(Unseen::NoRegister)?, slot })
            }
            Root::Global(id) => {
                let global = view.program.global(id).ok_or(Unseen::NoRegister)?;
                let slot = view.process.globals().get(id.index()).ok_or(Unseen::NotWritten)?;
                Ok(Found { ty: global.ty, slot: *slot })
            }
        }
    }
}

impl Unseen {
    pub(crate) fn in_words(self, name: &str) -> String {
        match self {
            Unseen::NoRegister => format!("there is no register `{name}` here"),
            Unseen::NotWritten => format!("`{name}` has no value here"),
            Unseen::NotNeeded => format!("`{name}` held an object that is not needed any more"),
        }
    }
}

fn global<'t>(program: &Program, text: &'t str) -> Result<(Root, &'t str), String> {
    let globals = (0..program.globals() as u32).map(GlobalId);
    let named = globals.filter_map(|id| Some((id, program.global(id).filter(|global| !global.name.is_empty())?)));
    let mut found = None;
    for (id, global) in named {
        found = longest(found, text, &global.name, Root::Global(id));
    }
    found.map(|(root, _, rest)| (root, rest)).ok_or_else(|| format!("there is no global `@{text}`"))
}

fn register<'t>(function: &Function, text: &'t str) -> Result<(Root, &'t str), String> {
    let mut found = None;
    for (register, name) in &function.debug.names {
        found = longest(found, text, name, Root::Register(*register));
    }
    if let Some((root, _, rest)) = found {
        return Ok((root, rest));
    }
    let digits = text.strip_prefix('r').unwrap_or_default();
    let (digits, rest) = digits.split_at(digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()));
    let number: Option<u16> = digits.parse().ok().filter(|_| rest.is_empty() || rest.starts_with(['.', '[']));
    match number {
        Some(number) if usize::from(number) < function.registers.len() => Ok((Root::Register(number), rest)),
        Some(number) => Err(format!("the function has {} registers, r{number} is none", function.registers.len())),
        None => {
            let name = text.split(['.', '[']).next().unwrap_or(text);
            let names = function.debug.names.iter().map(|(_, name)| &**name);
            let near = nearest(name, names).map_or(String::new(), |near| format!("; there is `{near}`"));
            Err(format!("there is no register `{name}`{near}"))
        }
    }
}

/// Names may have points in them, so the longest one that fits is meant.
fn longest<'t>(
    best: Option<(Root, usize, &'t str)>,
    text: &'t str,
    name: &str,
    root: Root,
) -> Option<(Root, usize, &'t str)> {
    match text.strip_prefix(name) {
        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => {
            best.filter(|(_, len, _)| *len >= name.len()).or(Some((root, name.len(), rest)))
        }
        _ => best,
    }
}

/// Reads the first key of what is left of a path.
fn key(text: &str) -> Result<(Key, &str), String> {
    if let Some(rest) = text.strip_prefix('.') {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        return match rest.split_at(end) {
            ("", _) => Err("a field has a name: `point.x`".to_string()),
            (name, rest) => Ok((Key::Name(name.to_string()), rest)),
        };
    }
    let wrong = || format!("`{text}` does not lead on: `.name`, `[2]`, `[\"text\"]` and `[:atom]` do");
    let inside = text.strip_prefix('[').ok_or_else(wrong)?;
    let from = match inside.strip_prefix('"') {
        Some(quoted) => 1 + quoted.find("\"]").ok_or_else(wrong)?,
        None => 0,
    };
    let end = from + inside[from..].find(']').ok_or_else(wrong)?;
    let item = Dynamic::parse(inside[..end].trim()).ok_or_else(wrong)?;
    Ok((Key::Item(item), &inside[end + 1..]))
}

impl Key {
    /// What a value has under this key.
    fn of(&self, program: &Program, value: Value) -> Result<Value, String> {
        let found = match self {
            Key::Name(name) => named(program, value, name),
            Key::Item(Dynamic::I32(n)) => usize::try_from(*n).ok().and_then(|n| numbered(value, n)),
            Key::Item(Dynamic::Text(name) | Dynamic::Atom(name)) if Map::of(value).is_none() => {
                named(program, value, name)
            }
            Key::Item(_) => None,
        };
        let in_map = || match self {
            Key::Item(item) => Map::of(value)?.iter().find(|(key, _)| Dynamic::of(program, *key) == *item),
            Key::Name(_) => None,
        };
        found.or_else(|| in_map().map(|(_, value)| value)).ok_or_else(|| {
            let value = shown(program, Type::Val, value.bits(), SHORT);
            match self {
                Key::Name(name) => format!("{value} has no `{name}`"),
                Key::Item(item) => format!("{value} has nothing at {item}"),
            }
        })
    }
}

fn numbered(value: Value, n: usize) -> Option<Value> {
    if let Some(array) = Array::of(value) {
        return array.get(n);
    }
    if let Some(tuple) = Tuple::of(value) {
        return tuple.get(n);
    }
    Enum::of(value)?.get(n)
}

fn named(program: &Program, value: Value, name: &str) -> Option<Value> {
    if let Some(map) = Map::of(value) {
        let is_meant = |key: Value| match Dynamic::of(program, key) {
            Dynamic::Atom(text) | Dynamic::Text(text) => &*text == name,
            _ => false,
        };
        return map.iter().find(|(key, _)| is_meant(*key)).map(|(_, value)| value);
    }
    if let Some(cell) = Cell::of(value) {
        return (name == "value").then(|| cell.get());
    }
    let id = program.find_text(name)?;
    if let Some(instance) = Instance::of(value) {
        let n = instance.class(program).fields().iter().position(|&field| field == id)?;
        return instance.get(n);
    }
    let objects = PrototypeObject::of(value)?.chain();
    objects.into_iter().find_map(|object| object.find(program, id).map(|(place, _)| object.get(place)))
}

/// Characters of a value among others.
pub(crate) const SHORT: usize = 60;
/// Characters of a value that was asked for.
pub(crate) const LONG: usize = 1 << 16;

/// What a register of this type holds, as people read it, in so many characters.
pub(crate) fn shown(program: &Program, ty: Type, slot: u64, most: usize) -> String {
    if ty != Type::Val {
        return Scalar::from_slot(program, ty, slot).to_string();
    }
    let value = Value::from_bits(slot);
    if let Some(string) = Str::of(value) {
        let start: String = string.parts().flat_map(str::chars).take(most + 1).collect();
        return cut(&Dynamic::Text(start.into()).to_string(), most);
    }
    let is_function = value.as_function().is_some();
    let text = if is_function { text_of(program, value) } else { Dynamic::of(program, value).to_string() };
    cut(&text, most)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
