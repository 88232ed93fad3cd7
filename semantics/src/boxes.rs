//! What instructions on complex numbers, weak references and proxies mean.
//!
//! A real number is a complex one without an imaginary part, so both parts can be asked of any number. Complex
//! arithmetic belongs to `num_add` and its relatives.

use crate::meanings;
use crate::values::number;
use regatta_heap::Value;
use regatta_runtime::object::{Complex, Proxy, Weak};
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    complex_make(cx: &mut Context<'_>, re: f64, im: f64) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(2))?;
        Ok(Complex::new(&mut cx.process.heap, re, im)?.value())
    }
    complex_re(_cx: &mut Context<'_>, value: Value) -> Result<f64, Stop> {
        match Complex::of(value) {
            Some(complex) => Ok(complex.re()),
            None => Ok(number(value)?),
        }
    }
    complex_im(_cx: &mut Context<'_>, value: Value) -> Result<f64, Stop> {
        match Complex::of(value) {
            Some(complex) => Ok(complex.im()),
            None => Ok(number(value).map(|_| 0.0)?),
        }
    }

    weak_new(cx: &mut Context<'_>, value: Value) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(1))?;
        Ok(Weak::new(&mut cx.process.heap, value)?.value())
    }
    weak_get(_cx: &mut Context<'_>, weak: Value) -> Result<Value, Stop> {
        Ok(Weak::of(weak).ok_or(Trap::NotAWeak)?.get())
    }

    proxy_new(cx: &mut Context<'_>, target: Value, handler: Value) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(2))?;
        Ok(Proxy::new(&mut cx.process.heap, target, handler)?.value())
    }
    proxy_target(_cx: &mut Context<'_>, proxy: Value) -> Result<Value, Stop> {
        Ok(Proxy::of(proxy).ok_or(Trap::NotAProxy)?.target())
    }
    proxy_handler(_cx: &mut Context<'_>, proxy: Value) -> Result<Value, Stop> {
        Ok(Proxy::of(proxy).ok_or(Trap::NotAProxy)?.handler())
    }
}
