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
        let fields = std::iter::repeat_n(Value::NULL.bits(), head.count());
        Ok(Instance::make(&mut cx.process.heap, head, fields)?.value())
    }

    object_make(cx: &mut Context<'_>, fields: &[u64], class: ClassId) -> Result<Value, Stop> {
        let head = cx.program.instance_head(class);
        if head.count() != fields.len() || head.0 & Header::FORWARDED != 0 {
            return Err(cannot_make(head).into());
        }
        Ok(Instance::make(&mut cx.process.heap, head, fields.iter().copied())?.value())
    }

    field_get(object: Value, index: usize) -> Result<Value, Trap> {
        if let Some(instance) = Instance::of(object) && let Some(value) = instance.get(index) {
            return Ok(value);
        }
        Err(no_field(object))
    }

    field_set(cx: &mut Context<'_>, value: Value, object: Value, index: usize) -> Result<(), Trap> {
        if let Some(instance) = Instance::of(object) && instance.set(&mut cx.process.heap, index, value) {
            return Ok(());
        }
        Err(no_field(object))
    }

    num_add_field(cx: &mut Context<'_>, a: Value, object: Value, index: usize) -> Result<Value, Stop> {
        crate::num_add(cx, a, field_get(object, index)?)
    }
    num_sub_field(cx: &mut Context<'_>, a: Value, object: Value, index: usize) -> Result<Value, Stop> {
        crate::num_sub(cx, a, field_get(object, index)?)
    }
    num_mul_field(cx: &mut Context<'_>, a: Value, object: Value, index: usize) -> Result<Value, Stop> {
        crate::num_mul(cx, a, field_get(object, index)?)
    }
    field_add_imm(cx: &mut Context<'_>, object: Value, index: usize, b: i32) -> Result<(), Stop> {
        let sum = crate::num_add_imm(cx, field_get(object, index)?, b)?;
        Ok(field_set(cx, sum, object, index)?)
    }
    field_mul_add(cx: &mut Context<'_>, a: Value, b: Value, object: Value, index: usize) -> Result<(), Stop> {
        let sum = crate::num_mul_add(cx, field_get(object, index)?, a, b)?;
        Ok(field_set(cx, sum, object, index)?)
    }
    field_mul_sub(cx: &mut Context<'_>, a: Value, b: Value, object: Value, index: usize) -> Result<(), Stop> {
        let difference = crate::num_mul_sub(cx, field_get(object, index)?, a, b)?;
        Ok(field_set(cx, difference, object, index)?)
    }

    instance_of(cx: &mut Context<'_>, value: Value, class: ClassId) -> bool {
        Instance::of(value).is_some_and(|instance| instance.class_id() == class || inherits(cx, instance, class))
    }

    not_instance_of(cx: &mut Context<'_>, value: Value, class: ClassId) -> bool {
        !instance_of(cx, value, class)
    }

    cast(cx: &mut Context<'_>, value: Value, class: ClassId) -> Result<Value, Trap> {
        if instance_of(cx, value, class) || value == Value::NULL { Ok(value) } else { Err(Trap::BadCast) }
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
