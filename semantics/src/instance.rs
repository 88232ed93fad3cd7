//! What instructions on instances of classes mean.

use crate::meanings;
use regatta_heap::{Header, Value};
use regatta_ir::ClassId;
use regatta_runtime::object::Instance;
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    object_new(cx: &mut Context<'_>, class: ClassId) -> Result<Value, Stop> {
        let head = cx.program.instance_head(class);
        if head.0 & Header::FORWARDED != 0 {
            return Err(Trap::AbstractClass.into());
        }
        W::quick_if::<Stop>(|| cx.process.heap.has_room(head.count()))?;
        let fields = std::iter::repeat_n(Value::NULL.bits(), head.count());
        Ok(Instance::make(&mut cx.process.heap, head, fields)?.value())
    }

    object_make(cx: &mut Context<'_>, fields: &[u64], class: ClassId) -> Result<Value, Stop> {
        let head = cx.program.instance_head(class);
        if head.count() != fields.len() || head.0 & Header::FORWARDED != 0 {
            return W::seldom(|| Err(cannot_make(head).into()));
        }
        W::quick_if::<Stop>(|| cx.process.heap.has_room(fields.len()))?;
        Ok(Instance::make(&mut cx.process.heap, head, fields.iter().copied())?.value())
    }

    field_get(object: Value, index: usize) -> Result<Value, Trap> {
        if let Some(instance) = Instance::of(object) && let Some(value) = instance.get(index) {
            return Ok(value);
        }
        W::seldom(|| Err(no_field(object)))
    }

    field_set(cx: &mut Context<'_>, value: Value, object: Value, index: usize) -> Result<(), Trap> {
        match Instance::of(object).and_then(|instance| instance.word(index)) {
            Some(place) => W::store(&mut cx.process.heap, place, value),
            None => W::seldom(|| Err(no_field(object))),
        }
    }

    num_add_field(cx: &mut Context<'_>, a: Value, object: Value, index: usize) -> Result<Value, Stop> {
        crate::num_add::<W>(cx, a, field_get::<W>(object, index)?)
    }
    num_sub_field(cx: &mut Context<'_>, a: Value, object: Value, index: usize) -> Result<Value, Stop> {
        crate::num_sub::<W>(cx, a, field_get::<W>(object, index)?)
    }
    num_mul_field(cx: &mut Context<'_>, a: Value, object: Value, index: usize) -> Result<Value, Stop> {
        crate::num_mul::<W>(cx, a, field_get::<W>(object, index)?)
    }
    field_add_imm(cx: &mut Context<'_>, object: Value, index: usize, b: i32) -> Result<(), Stop> {
        let sum = crate::num_add_imm::<W>(cx, field_get::<W>(object, index)?, b)?;
        Ok(field_set::<W>(cx, sum, object, index)?)
    }
    field_mul_add(cx: &mut Context<'_>, a: Value, b: Value, object: Value, index: usize) -> Result<(), Stop> {
        let sum = crate::num_mul_add::<W>(cx, field_get::<W>(object, index)?, a, b)?;
        Ok(field_set::<W>(cx, sum, object, index)?)
    }
    field_mul_sub(cx: &mut Context<'_>, a: Value, b: Value, object: Value, index: usize) -> Result<(), Stop> {
        let difference = crate::num_mul_sub::<W>(cx, field_get::<W>(object, index)?, a, b)?;
        Ok(field_set::<W>(cx, difference, object, index)?)
    }

    instance_of(cx: &mut Context<'_>, value: Value, class: ClassId) -> Result<bool, Trap> {
        match Instance::of(value) {
            None => Ok(false),
            Some(instance) if instance.class_id() == class => Ok(true),
            Some(instance) => W::seldom(|| Ok(inherits(cx, instance, class))),
        }
    }

    not_instance_of(cx: &mut Context<'_>, value: Value, class: ClassId) -> Result<bool, Trap> {
        instance_of::<W>(cx, value, class).map(|is| !is)
    }

    cast(cx: &mut Context<'_>, value: Value, class: ClassId) -> Result<Value, Trap> {
        if instance_of::<W>(cx, value, class)? || value == Value::NULL { Ok(value) } else { Err(Trap::BadCast) }
    }
}

#[inline(never)]
fn inherits(cx: &Context<'_>, instance: Instance, class: ClassId) -> bool {
    cx.program.class(class).is_some_and(|class| instance.class(cx.program).is_a(class))
}

#[cold]
#[inline(never)]
fn cannot_make(head: Header) -> Trap {
    if head.0 & Header::FORWARDED != 0 { Trap::AbstractClass } else { Trap::NoSuchField }
}

#[cold]
#[inline(never)]
fn no_field(object: Value) -> Trap {
    if Instance::of(object).is_some() { Trap::NoSuchField } else { Trap::NotAnObject }
}
