//! Objects of a word or two: boxed numbers, weak references, proxies, regular expressions.
//!
//! ```text
//!   complex  header | real part, raw | imaginary part, raw
//!   i64      header | integer, raw
//!   weak     header | value, `undefined` once its object is gone
//!   proxy    header | target | handler
//!   regex    header | source, a string | flags, a string
//! ```
//!
//! None of them changes, but for the collector, which empties a weak reference. What a proxy does is up to those who
//! work with it: here it is two values.

use super::Str;
use crate::exec::Stop;
use regatta_heap::{Header, Heap, Kind, Object, Value};

macro_rules! boxes {
    ($($(#[$doc:meta])* $name:ident, $words:literal;)*) => { $(
        views! {
            $(#[$doc])*
            $name;
        }

        impl $name {
            #[inline(always)]
            fn make(heap: &mut Heap, words: [u64; $words]) -> Result<$name, Stop> {
                let object = heap.allocate(Header::plain(Kind::$name, $words), $words)?;
                for (n, word) in words.into_iter().enumerate() {
                    // SAFETY: [R-HEAP] the object is new and has so many words.
                    unsafe { object.set_word(n, word) };
                }
                Ok($name(object))
            }

            #[inline(always)]
            fn word<const N: usize>(self) -> u64 {
                const { assert!(N < $words) };
                // SAFETY: [R-HEAP] objects of this kind have so many words.
                unsafe { self.0.word(N) }
            }
        }
    )* };
}

boxes! {
    /// A complex number.
    Complex, 2;
    /// A 64-bit integer.
    I64, 1;
    /// A reference that does not keep its object alive.
    Weak, 1;
    /// An object that stands for another.
    Proxy, 2;
    /// A regular expression.
    Regex, 2;
}

impl Complex {
    /// A new complex number.
    #[inline(always)]
    pub fn new(heap: &mut Heap, re: f64, im: f64) -> Result<Complex, Stop> {
        Complex::make(heap, [re.to_bits(), im.to_bits()])
    }

    /// Its real part.
    #[inline(always)]
    pub fn re(self) -> f64 {
        f64::from_bits(self.word::<0>())
    }

    /// Its imaginary part.
    #[inline(always)]
    pub fn im(self) -> f64 {
        f64::from_bits(self.word::<1>())
    }
}

impl I64 {
    /// A new box with this integer.
    #[inline(always)]
    pub fn new(heap: &mut Heap, integer: i64) -> Result<I64, Stop> {
        I64::make(heap, [integer as u64])
    }

    /// The integer.
    #[inline(always)]
    pub fn get(self) -> i64 {
        self.word::<0>() as i64
    }
}

impl Weak {
    /// A new weak reference to what `value` is; a value that is no object stays for good.
    #[inline(always)]
    pub fn new(heap: &mut Heap, value: Value) -> Result<Weak, Stop> {
        Weak::make(heap, [value.bits()])
    }

    /// What it refers to; `undefined` once that is gone.
    #[inline(always)]
    pub fn get(self) -> Value {
        Value::from_bits(self.word::<0>())
    }
}

impl Regex {
    /// A new regular expression with these strings as source and flags.
    pub fn new(heap: &mut Heap, source: Value, flags: Value) -> Result<Regex, Stop> {
        debug_assert!(Str::of(source).is_some() && Str::of(flags).is_some());
        Regex::make(heap, [source.bits(), flags.bits()])
    }

    /// What it looks for.
    pub fn source(self) -> Value {
        Value::from_bits(self.word::<0>())
    }

    /// How.
    pub fn flags(self) -> Value {
        Value::from_bits(self.word::<1>())
    }
}

impl Proxy {
    /// A new proxy.
    #[inline(always)]
    pub fn new(heap: &mut Heap, target: Value, handler: Value) -> Result<Proxy, Stop> {
        Proxy::make(heap, [target.bits(), handler.bits()])
    }

    /// What it stands for.
    #[inline(always)]
    pub fn target(self) -> Value {
        Value::from_bits(self.word::<0>())
    }

    /// What decides about it.
    #[inline(always)]
    pub fn handler(self) -> Value {
        Value::from_bits(self.word::<1>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_give_back_what_they_hold() {
        let heap = &mut Heap::with_room(1 << 20);
        let complex = Complex::new(heap, 1.5, -0.0).unwrap();
        assert_eq!((complex.re(), complex.im().to_bits()), (1.5, (-0.0f64).to_bits()));
        assert_eq!(I64::new(heap, i64::MIN).unwrap().get(), i64::MIN);
        assert_eq!(Weak::new(heap, complex.value()).unwrap().get(), complex.value());
        let proxy = Proxy::new(heap, complex.value(), Value::NULL).unwrap();
        assert_eq!((proxy.target(), proxy.handler()), (complex.value(), Value::NULL));
        assert!(Complex::of(proxy.value()).is_none() && Proxy::of(proxy.value()) == Some(proxy));
        assert!(I64::of(Value::i32(1)).is_none());
    }
}
