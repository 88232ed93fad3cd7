//! Calls of values: which function a value stands for, and what it adds to the arguments.
//!
//! ```text
//!   value                     the function takes                    so it is called as
//!   function                  (arguments)                           its own signature
//!   closure                   (arguments, closure)                  without the last parameter
//!   bound function            (receiver, arguments)                 without the first
//!   bound closure             (receiver, arguments, closure)        without both
//!   object with `__call__`    what `__call__` holds, bound to it    as bound functions
//! ```
//!
//! A call names the signature it is written against. Each [`Entry`] knows the numbers of the four signatures above, so
//! that a call compares numbers and looks at no types. Where a function can't be called one of these ways, its number there
//! is [`NO_SIGNATURE`], which no call can name.
//!
//! Engines may find plain functions and closures on their own; [`Context::callee`] knows all cases.

use crate::Entry;
use crate::exec::{Context, Stop};
use crate::link::LinkError;
use crate::object::{Bound, Closure};
use crate::program::{Growth, Program};
use crate::property::Who;
use crate::texts::atoms;
use crate::trap::Trap;
use regatta_heap::{Kind, Value};
use regatta_ir::limits::MAX_TYPES;
use regatta_ir::{FuncId, SigId, Signature, Type};
use std::collections::HashSet;

/// The number of no signature: instructions name theirs in 16 bits.
pub const NO_SIGNATURE: SigId = SigId(u32::MAX);

/// The signatures that a function can be called under.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signatures {
    /// Its own.
    pub plain: SigId,
    /// As what a closure holds.
    pub closure: SigId,
    /// With a receiver.
    pub bound: SigId,
    /// As what a closure with a receiver holds.
    pub bound_closure: SigId,
}

/// What a value is called as.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// The function.
    pub entry: &'a Entry,
    /// What it takes before the arguments.
    pub receiver: Option<Value>,
    /// What it takes behind them.
    pub closure: Option<Value>,
}

impl Callee<'_> {
    /// Adds receiver and closure to the arguments. `params` are the callee's, of which the first have the arguments.
    pub fn bind(&self, params: &mut [u64]) {
        if let Some(receiver) = self.receiver {
            params.copy_within(..params.len() - 1, 1);
            params[0] = receiver.bits();
        }
        if let (Some(closure), Some(last)) = (self.closure, params.last_mut()) {
            *last = closure.bits();
        }
    }
}

impl<'a> Context<'a> {
    /// What a call of `value` through signature `sig` enters.
    #[cold]
    #[inline(never)]
    pub fn callee(&self, value: Value, sig: SigId) -> Result<Callee<'a>, Stop> {
        let (function, receiver) = match Bound::of(value) {
            Some(bound) => (bound.function(), Some(bound.receiver())),
            // An object that can be called is as good as its method, bound to it.
            None if is_open(value) => match self.property(value, atoms::MAGIC_CALL, None, Who::Privileged)? {
                Some(method) => (method, Some(value)),
                None => return Err(Trap::NotCallable.into()),
            },
            None => (value, None),
        };
        let (func, closure) = match (function.as_function(), Closure::of(function)) {
            (Some(func), _) => (FuncId(func), None),
            (None, Some(closure)) => (closure.func(), Some(function)),
            (None, None) => return Err(Trap::NotCallable.into()),
        };
        let entry = self.program.entry(func).ok_or(Trap::UndefinedFunction)?;
        let called_as = match (receiver, closure) {
            (None, None) => entry.sig,
            (None, Some(_)) => entry.signatures.closure,
            (Some(_), None) => entry.signatures.bound,
            (Some(_), Some(_)) => entry.signatures.bound_closure,
        };
        if called_as == sig { Ok(Callee { entry, receiver, closure }) } else { Err(Trap::SignatureMismatch.into()) }
    }
}

/// May the value have properties that a program gives it?
fn is_open(value: Value) -> bool {
    value.as_object().is_some_and(|object| matches!(object.header().kind(), Kind::Instance | Kind::Object))
}

/// Without the last parameter, without the first, without both: where these are values.
fn shortened(signature: &Signature) -> [Option<Signature>; 3] {
    let value = |ty: Option<&Type>| ty == Some(&Type::Val);
    let (params, len) = (&signature.params, signature.params.len());
    let (first, last) = (value(params.first()), value(params.last()));
    let part = |is: bool, range: std::ops::Range<usize>| {
        is.then(|| Signature { params: params[range].into(), results: signature.results.clone() })
    };
    [
        part(last, 0..len.saturating_sub(1)),
        part(first, 1.min(len)..len),
        part(first && last && len >= 2, 1..len.max(2) - 1),
    ]
}

impl Program {
    /// Would there be few enough signatures with these, and those that functions of these can be called under? Code names
    /// signatures in 16 bits.
    pub(crate) fn check_types<'s>(
        &self,
        growth: &Growth,
        types: impl ExactSizeIterator<Item = &'s Signature>,
    ) -> Result<(), LinkError> {
        let count = self.types_count();
        if count + 4 * types.len() <= MAX_TYPES {
            return Ok(());
        }
        let all = types.flat_map(|ty| [Some(ty.clone())].into_iter().chain(shortened(ty)).flatten());
        let new: HashSet<Signature> = all.filter(|signature| !growth.has_interned(signature)).collect();
        if count + new.len() > MAX_TYPES { Err(LinkError::TooManyTypes) } else { Ok(()) }
    }

    /// The signatures that functions of this one can be called under.
    pub(crate) fn signatures(&self, growth: &mut Growth, sig: SigId) -> Signatures {
        let signature = self.type_of(sig).expect("[V-REF] the signature exists");
        let [closure, bound, bound_closure] =
            shortened(signature).map(|part| part.map_or(NO_SIGNATURE, |part| self.intern_type(growth, &part)));
        Signatures { plain: sig, closure, bound, bound_closure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Type::{I32, Val};

    #[test]
    fn only_values_are_added() {
        let short =
            |params: &[Type]| shortened(&Signature::new(params, [])).map(|part| part.map(|part| part.params.to_vec()));
        assert_eq!(short(&[]), [None, None, None]);
        assert_eq!(short(&[I32]), [None, None, None]);
        assert_eq!(short(&[Val]), [Some(vec![]), Some(vec![]), None]);
        assert_eq!(short(&[I32, Val]), [Some(vec![I32]), None, None]);
        assert_eq!(short(&[Val, I32, Val]), [Some(vec![Val, I32]), Some(vec![I32, Val]), Some(vec![I32])]);
        assert_eq!(short(&[Val, Val])[2], Some(vec![]));
    }
}
