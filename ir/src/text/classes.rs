//! Classes in the text form.
//!
//! ```text
//! class &P3 extends &Point implements &Shape, &Other     ; or `abstract class`, or `interface`
//!   field z
//!   static count = @P3.count
//!   method area = %P3.area                               ; without a function: abstract
//!   static_method make = %P3.make
//!   constructor %P3.new
//! end
//! ```

use super::error::ParseError;
use super::lexer::{Cursor, Lines, shortened};
use super::parse::Reader;
use super::print::write_reference;
use super::spans::Span;
use super::spelling::{Spellings, write_name};
use super::texts::write_text_name;
use crate::class::{Class, Method, Static};
use crate::index::{ClassId, FuncId, GlobalId};
use std::fmt::{self, Write};

/// A class whose name has been read.
pub(super) struct ClassHeader<'s> {
    pub(super) class: Class,
    /// After the name.
    pub(super) rest: Cursor<'s>,
    pub(super) body: Span,
}

/// Reads what comes after the name: all names of the module are known now.
pub(super) fn read<'s>(reader: &mut Reader<'s>, mut header: ClassHeader<'s>) -> Class {
    let result = relations(reader, &mut header.class, header.rest);
    reader.errors.keep(result);
    for line in Lines::new(reader.source, header.body.range()) {
        if reader.errors.is_full() {
            break;
        }
        let result = member(reader, &mut header.class, line);
        reader.errors.keep(result);
    }
    header.class
}

/// `extends &Point implements &Shape, &Other`
fn relations<'s>(reader: &mut Reader<'s>, class: &mut Class, mut line: Cursor<'s>) -> Result<(), ParseError> {
    let of_class = |line: &mut Cursor<'s>| reader.names.classes.resolve(line).map(|id| ClassId(id as u32));
    if eat_word(&mut line, "extends") {
        class.parent = Some(of_class(&mut line)?);
    }
    if eat_word(&mut line, "implements") {
        class.interfaces.push(of_class(&mut line)?);
        while line.eat(",") {
            class.interfaces.push(of_class(&mut line)?);
        }
    }
    line.finish()
}

/// A line between the header and `end`.
fn member<'s>(reader: &mut Reader<'s>, class: &mut Class, mut line: Cursor<'s>) -> Result<(), ParseError> {
    let before = line;
    if line.peek().is_none() {
        return Ok(());
    }
    let Some(word) = line.word() else { return Err(before.expected("a member of a class")) };
    match word.text {
        "field" => {
            let name = reader.texts.name(&mut line, "a field")?;
            class.fields.push(name);
        }
        "static" => {
            let name = reader.texts.name(&mut line, "a static field")?;
            line.expect("=")?;
            let global = GlobalId(reader.names.globals.resolve(&mut line)? as u32);
            class.statics.push(Static { name, global });
        }
        "method" => class.methods.push(method(reader, &mut line)?),
        "static_method" => class.static_methods.push(method(reader, &mut line)?),
        "constructor" => {
            let func = FuncId(reader.names.functions.resolve(&mut line)? as u32);
            if class.constructor.replace(func).is_some() {
                return Err(ParseError::new(word.span(), "the class has a constructor already"));
            }
        }
        other => {
            let members = ["field", "static", "method", "static_method", "constructor"];
            let message = format!("`{}` begins no member of a class", shortened(other));
            return Err(ParseError::new(word.span(), message)
                .suggesting(other, members)
                .or_help("members are field, static, method, static_method and constructor"));
        }
    }
    line.finish()
}

/// `area = %Point.area`, `area`
fn method<'s>(reader: &mut Reader<'s>, line: &mut Cursor<'s>) -> Result<Method, ParseError> {
    let name = reader.texts.name(line, "a method")?;
    if !line.eat("=") {
        return Ok(Method { name, func: None });
    }
    let func = reader.names.functions.resolve(line)?;
    Ok(Method { name, func: Some(FuncId(func as u32)) })
}

/// Takes this word if it is next.
pub(super) fn eat_word(line: &mut Cursor<'_>, word: &str) -> bool {
    let mut after = *line;
    let found = after.word().is_some_and(|found| found.text == word);
    if found {
        *line = after;
    }
    found
}

/// Writes a class.
pub(super) fn write_class(out: &mut dyn Write, spellings: &Spellings<'_>, class: &Class) -> fmt::Result {
    let kind = match (class.is_abstract, class.is_interface) {
        (false, false) => "class ",
        (true, false) => "abstract class ",
        (false, true) => "interface ",
        (true, true) => "abstract interface ",
    };
    out.write_str(kind)?;
    write_name(out, "&", &class.name)?;
    if let Some(parent) = class.parent {
        out.write_str(" extends ")?;
        write_reference(out, "&", spellings.class(parent.index()), parent.0.into())?;
    }
    for (n, interface) in class.interfaces.iter().enumerate() {
        out.write_str(if n == 0 { " implements " } else { ", " })?;
        write_reference(out, "&", spellings.class(interface.index()), interface.0.into())?;
    }
    out.write_str("\n")?;
    write_members(out, spellings, class)?;
    out.write_str("end\n")
}

fn write_members(out: &mut dyn Write, spellings: &Spellings<'_>, class: &Class) -> fmt::Result {
    for field in &class.fields {
        out.write_str("  field ")?;
        write_text_name(out, spellings, *field)?;
        out.write_str("\n")?;
    }
    for Static { name, global } in &class.statics {
        out.write_str("  static ")?;
        write_text_name(out, spellings, *name)?;
        out.write_str(" = ")?;
        write_reference(out, "@", spellings.global(global.index()), global.0.into())?;
        out.write_str("\n")?;
    }
    let methods = class.methods.iter().map(|method| ("method", method));
    let static_methods = class.static_methods.iter().map(|method| ("static_method", method));
    for (word, Method { name, func }) in methods.chain(static_methods) {
        write!(out, "  {word} ")?;
        write_text_name(out, spellings, *name)?;
        if let Some(func) = func {
            out.write_str(" = ")?;
            write_reference(out, "%", spellings.function(func.index()), func.0.into())?;
        }
        out.write_str("\n")?;
    }
    if let Some(func) = class.constructor {
        out.write_str("  constructor ")?;
        write_reference(out, "%", spellings.function(func.index()), func.0.into())?;
        out.write_str("\n")?;
    }
    Ok(())
}
