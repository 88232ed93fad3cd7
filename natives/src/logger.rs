//! Natives that tell people something.

use crate::arguments::{Arguments, Outcome};
use regatta_heap::Value;
use regatta_runtime::text_of;

pub(crate) fn debug<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    info(args)
}

pub(crate) fn info<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let line = line(args);
    args.host.write(line.as_bytes());
    args.plain(Value::NULL)
}

pub(crate) fn warn<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    error(args)
}

pub(crate) fn error<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let line = line(args);
    args.host.write_error(line.as_bytes());
    args.plain(Value::NULL)
}

fn line(args: &Arguments<'_, '_, '_>) -> String {
    text_of(args.program, args.value(0)) + "\n"
}
