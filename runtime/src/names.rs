//! Small maps from names to numbers, made once and then only read.

use regatta_ir::TextId;

/// From names to numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Names {
    // `name + 1:32 | number:32`, or 0; at most half of the cells are in use.
    cells: Box<[u64]>,
}

impl Names {
    /// A map of these; a later one takes the place of an earlier one of the same name.
    pub(crate) fn new(names: impl ExactSizeIterator<Item = (TextId, u32)>) -> Names {
        let mut map = Names { cells: vec![0; (2 * names.len()).next_power_of_two().max(2)].into() };
        for (name, number) in names {
            let at = map.place(name);
            map.cells[at] = key(name) << 32 | u64::from(number);
        }
        map
    }

    /// The number of a name.
    #[inline]
    pub(crate) fn get(&self, name: TextId) -> Option<u32> {
        let cell = self.cells[self.place(name)];
        (cell != 0).then_some(cell as u32)
    }

    /// Where the name is, or where it would be.
    #[inline]
    fn place(&self, name: TextId) -> usize {
        let mask = self.cells.len() - 1;
        let mut at = (name.0.wrapping_mul(0x9E37_79B9) >> 7) as usize & mask;
        while self.cells[at] != 0 && self.cells[at] >> 32 != key(name) {
            at = (at + 1) & mask;
        }
        at
    }
}

fn key(name: TextId) -> u64 {
    u64::from(name.0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_their_numbers() {
        for count in [0, 1, 2, 3, 100] {
            let names = Names::new((0..count).map(|n| (TextId(7 * n), n)));
            for n in 0..7 * count {
                assert_eq!(names.get(TextId(n)), (n % 7 == 0).then_some(n / 7), "{n} of {count}");
            }
        }
        assert_eq!(Names::new([(TextId(1), 1), (TextId(1), 2)].into_iter()).get(TextId(1)), Some(2));
    }
}
