//! Texts, classes and handlers, both ways.

use super::cursor::Cursor;
use super::error::within;
use super::write::add_name;
use super::{BinaryError, EncodeError, Item, size};
use crate::class::{Class, Method, Static};
use crate::index::{ClassId, FuncId, GlobalId, TextId};
use crate::limits::*;
use crate::module::{Function, Handler, Module};

pub(super) fn write_texts(module: &Module) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "texts", module.texts.len(), MAX_TEXTS)?;
    let mut out = Vec::new();
    for (n, text) in module.texts.iter().enumerate() {
        let len = within(Item::Text(n), "bytes", text.len(), MAX_STRING_BYTES)?;
        out.extend((len as u32).to_le_bytes());
        out.extend(text.as_bytes());
    }
    Ok(out)
}

pub(super) fn read_texts(mut from: Cursor) -> Result<Vec<String>, BinaryError> {
    let mut texts = Vec::new();
    while !from.is_at_end() {
        within(Item::Module, "texts", texts.len() + 1, MAX_TEXTS)?;
        let item = Item::Text(texts.len());
        let len = within(item, "bytes", from.u32()? as usize, MAX_STRING_BYTES)?;
        texts.push(from.utf8(item, len)?);
    }
    Ok(texts)
}

pub(super) fn write_class_imports(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "classes", module.class_imports.len() + module.classes.len(), MAX_CLASSES)?;
    let mut out = Vec::new();
    for (n, name) in module.class_imports.iter().enumerate() {
        out.extend(add_name(names, Item::ClassImport(n), name)?);
    }
    Ok(out)
}

pub(super) fn read_class_imports(mut from: Cursor, names: &mut Cursor) -> Result<Vec<String>, BinaryError> {
    let mut imports = Vec::new();
    while !from.is_at_end() {
        within(Item::Module, "classes", imports.len() + 1, MAX_CLASSES)?;
        let len = from.u32()? as usize;
        imports.push(names.name(Item::ClassImport(imports.len()), len)?);
    }
    Ok(imports)
}

pub(super) fn write_classes(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    for (n, class) in module.classes.iter().enumerate() {
        let item = Item::Class(n);
        out.extend(add_name(names, item, &class.name)?);
        let flags = [class.is_abstract, class.is_interface, class.parent.is_some(), class.constructor.is_some()];
        out.extend(flags.map(u8::from));
        let counts = [
            within(item, "interfaces", class.interfaces.len(), MAX_INTERFACES)?,
            within(item, "fields", class.fields.len(), MAX_FIELDS)?,
            within(item, "methods", class.methods.len(), MAX_METHODS)?,
            within(item, "static fields", class.statics.len(), MAX_FIELDS)?,
            within(item, "static methods", class.static_methods.len(), MAX_METHODS)?,
        ];
        let mut put = |number: u32| out.extend(number.to_le_bytes());
        put(class.parent.map_or(0, |parent| parent.0));
        put(class.constructor.map_or(0, |constructor| constructor.0));
        counts.into_iter().for_each(|count| put(count as u32));
        class.interfaces.iter().for_each(|interface| put(interface.0));
        class.fields.iter().for_each(|field| put(field.0));
        write_methods(&class.methods, &mut put);
        class.statics.iter().for_each(|field| [field.name.0, field.global.0].into_iter().for_each(&mut put));
        write_methods(&class.static_methods, &mut put);
    }
    Ok(out)
}

fn write_methods(methods: &[Method], put: &mut impl FnMut(u32)) {
    for Method { name, func } in methods {
        put(name.0);
        put(func.is_some().into());
        put(func.map_or(0, |func| func.0));
    }
}

pub(super) fn read_classes(mut from: Cursor, imports: usize, names: &mut Cursor) -> Result<Vec<Class>, BinaryError> {
    let mut classes = Vec::new();
    while !from.is_at_end() {
        within(Item::Module, "classes", imports + classes.len() + 1, MAX_CLASSES)?;
        classes.push(read_class(Item::Class(classes.len()), &mut from, names)?);
    }
    Ok(classes)
}

fn read_class(item: Item, from: &mut Cursor, names: &mut Cursor) -> Result<Class, BinaryError> {
    let name = from.u32()? as usize;
    let (is_abstract, is_interface) = (from.flag()?, from.flag()?);
    let (has_parent, has_constructor) = (from.flag()?, from.flag()?);
    let parent = read_optional(has_parent, from)?.map(ClassId);
    let constructor = read_optional(has_constructor, from)?.map(FuncId);
    let mut count = |what, limit| from.u32().and_then(|count| Ok(within(item, what, count as usize, limit)? as u32));
    let interfaces = count("interfaces", MAX_INTERFACES)?;
    let fields = count("fields", MAX_FIELDS)?;
    let methods = count("methods", MAX_METHODS)?;
    let statics = count("static fields", MAX_FIELDS)?;
    let static_methods = count("static methods", MAX_METHODS)?;
    Ok(Class {
        name: names.name(item, name)?,
        parent,
        interfaces: read_list(interfaces, 4, from, |from| from.u32().map(ClassId))?,
        is_abstract,
        is_interface,
        fields: read_list(fields, 4, from, |from| from.u32().map(TextId))?,
        methods: read_list(methods, 12, from, read_method)?,
        statics: read_list(statics, 8, from, |from| {
            Ok(Static { name: TextId(from.u32()?), global: GlobalId(from.u32()?) })
        })?,
        static_methods: read_list(static_methods, 12, from, read_method)?,
        constructor,
    })
}

fn read_list<T>(
    count: u32,
    bytes: usize,
    from: &mut Cursor,
    mut one: impl FnMut(&mut Cursor) -> Result<T, BinaryError>,
) -> Result<Vec<T>, BinaryError> {
    let mut list = Vec::with_capacity(from.at_most(count, bytes)?);
    for _ in 0..count {
        list.push(one(from)?);
    }
    Ok(list)
}

fn read_method(from: &mut Cursor) -> Result<Method, BinaryError> {
    let name = TextId(from.u32()?);
    let has_function = from.flag()?;
    from.reserved(3)?;
    Ok(Method { name, func: read_optional(has_function, from)?.map(FuncId) })
}

/// A number that is there, or zeros.
fn read_optional(is_there: bool, from: &mut Cursor) -> Result<Option<u32>, BinaryError> {
    if is_there { from.u32().map(Some) } else { from.reserved(4).map(|()| None) }
}

pub(super) fn write_handlers(module: &Module) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    for (n, function) in module.functions.iter().enumerate().filter(|(_, f)| !f.handlers.is_empty()) {
        let count = within(Item::Function(n), "handlers", function.handlers.len(), MAX_HANDLERS)?;
        out.extend((n as u32).to_le_bytes());
        out.extend((count as u32).to_le_bytes());
        for handler in &function.handlers {
            for word in [handler.start, handler.end, handler.target] {
                out.extend(word.to_le_bytes());
            }
            out.extend(handler.exception.to_le_bytes());
            out.extend([u8::from(handler.traps), 0]);
        }
    }
    Ok(out)
}

pub(super) fn read_handlers(mut from: Cursor, functions: &mut [Function]) -> Result<(), BinaryError> {
    let (mut first, end) = (0, functions.len());
    while !from.is_at_end() {
        let offset = from.offset();
        let (function, count) = (from.u32()?, from.u32()?);
        let n = function as usize;
        if !(first..end).contains(&n) {
            return Err(BinaryError::HandlersFunction { function, first, end, offset });
        }
        if count == 0 {
            return Err(BinaryError::HandlersEmpty { function: n, offset });
        }
        within(Item::Function(n), "handlers", count as usize, MAX_HANDLERS)?;
        functions[n].handlers = read_list(count, size::HANDLER, &mut from, read_handler)?;
        first = n + 1;
    }
    Ok(())
}

fn read_handler(from: &mut Cursor) -> Result<Handler, BinaryError> {
    let (start, end, target) = (from.u32()?, from.u32()?, from.u32()?);
    let (exception, traps) = (from.u16()?, from.flag()?);
    from.reserved(1)?;
    Ok(Handler { start, end, target, exception, traps })
}
