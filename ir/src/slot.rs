//! Slots: how a typed value lies in the 64 bits of a register.
//!
//! 32-bit values are kept zero-extended, so that equal values are equal slots and a plain 64-bit move copies any type.

/// A value that lives in a register slot.
pub trait Slot: Copy {
    /// The slot that holds this value.
    fn to_slot(self) -> u64;
    /// The value this slot holds.
    fn from_slot(slot: u64) -> Self;
}

macro_rules! slot {
    ($($ty:ty: |$value:ident| $to:expr, |$bits:ident| $from:expr;)*) => { $(
        impl Slot for $ty {
            #[inline(always)]
            fn to_slot(self) -> u64 {
                let $value = self;
                $to
            }

            #[inline(always)]
            fn from_slot($bits: u64) -> Self {
                $from
            }
        }
    )* };
}

slot! {
    u64: |v| v, |s| s;
    i64: |v| v as u64, |s| s as i64;
    i32: |v| u64::from(v as u32), |s| s as i32;
    u32: |v| u64::from(v), |s| s as u32;
    f64: |v| v.to_bits(), |s| f64::from_bits(s);
    f32: |v| u64::from(v.to_bits()), |s| f32::from_bits(s as u32);
    bool: |v| u64::from(v), |s| s != 0;
}
