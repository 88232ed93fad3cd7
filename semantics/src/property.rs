//! What instructions on properties and prototypes mean.
//!
//! Each goes by name. Where the instruction has a site, the first thing it remembers is compared inline; the rest, and the
//! rules, are in [`regatta_runtime::property`].

use crate::meanings;
use regatta_heap::Value;
use regatta_ir::{SiteId, TextId};
use regatta_runtime::object::{Array, PrototypeObject};
use regatta_runtime::property::Who;
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    prop_get(cx: &mut Context<'_>, object: Value, name: TextId, site: SiteId) -> Result<Value, Trap> {
        if let Some(value) = cx.known_property(object, site) {
            return Ok(value);
        }
        W::seldom(|| Ok(cx.property(object, name, Some(site), Who::Anyone)?.unwrap_or(Value::UNDEFINED)))
    }
    prop_get_this(cx: &mut Context<'_>, object: Value, name: TextId, site: SiteId) -> Result<Value, Trap> {
        if let Some(value) = cx.known_property(object, site) {
            return Ok(value);
        }
        W::seldom(|| Ok(cx.property(object, name, Some(site), Who::Privileged)?.unwrap_or(Value::UNDEFINED)))
    }
    prop_set(cx: &mut Context<'_>, value: Value, object: Value, name: TextId, site: SiteId) -> Result<(), Stop> {
        match cx.known_place(object, site) {
            Some(place) => W::store(&mut cx.process.heap, place, value),
            None => W::seldom(|| cx.set_property(value, object, name, Some(site), Who::Anyone)),
        }
    }
    prop_set_this(cx: &mut Context<'_>, value: Value, object: Value, name: TextId, site: SiteId) -> Result<(), Stop> {
        match cx.known_place(object, site) {
            Some(place) => W::store(&mut cx.process.heap, place, value),
            None => W::seldom(|| cx.set_property(value, object, name, Some(site), Who::Privileged)),
        }
    }

    prop_has(cx: &mut Context<'_>, object: Value, name: TextId) -> Result<Value, Trap> {
        W::seldom(|| Ok(Value::bool(cx.has_property(object, name)?)))
    }
    prop_delete(cx: &mut Context<'_>, object: Value, name: TextId) -> Result<Value, Stop> {
        W::seldom(|| Ok(Value::bool(cx.delete_property(object, name)?)))
    }
    prop_define(cx: &mut Context<'_>, value: Value, object: Value, access: u16, name: TextId) -> Result<(), Stop> {
        W::seldom(|| cx.define_property(value, object, name, access))
    }
    prop_access(cx: &mut Context<'_>, object: Value, name: TextId) -> Result<Value, Trap> {
        W::seldom(|| {
            Ok(cx.property_access(object, name)?.map_or(Value::UNDEFINED, |access| Value::i32(access.into())))
        })
    }
    prop_keys(cx: &mut Context<'_>, object: Value) -> Result<Value, Stop> {
        W::seldom(|| keys(cx, object))
    }

    proto_new(cx: &mut Context<'_>, prototype: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(PrototypeObject::new(&mut cx.process.heap, prototype)?.value()))
    }
    proto_get(_cx: &mut Context<'_>, object: Value) -> Result<Value, Trap> {
        let of_object = PrototypeObject::of(object).and_then(PrototypeObject::prototype);
        if object.is_object() { Ok(of_object.map_or(Value::NULL, PrototypeObject::value)) } else { Err(Trap::NotAnObject) }
    }
    proto_set(cx: &mut Context<'_>, prototype: Value, object: Value) -> Result<(), Stop> {
        let object = PrototypeObject::of(object).ok_or(Trap::NotAnObject)?;
        W::seldom(|| object.set_prototype(&mut cx.process.heap, prototype))
    }
}

/// The names of an object's own properties, as an array of atoms.
#[inline(never)]
fn keys(cx: &mut Context<'_>, object: Value) -> Result<Value, Stop> {
    let names = cx.property_names(object)?;
    let atoms: Vec<u64> = names.into_iter().map(|name| Value::atom(name.0).bits()).collect();
    Ok(Array::from_values(&mut cx.process.heap, &atoms)?.value())
}
