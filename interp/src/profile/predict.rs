//! Models of what processors guess the target of an indirect jump with.
//!
//! Three predictors see the dispatches of a run in the order in which they happen, once for each of three ways of laying out
//! an engine: one jump that all instructions share, a jump at the end of each op's handler, and code in which handlers lie
//! end to end, so that only branches are left to guess.
//!
//! | predictor | guesses | from |
//! |---|---|---|
//! | `btb` | the target of last time | Lee and Smith, *Branch prediction strategies and branch target buffer design*, 1984 |
//! | `two-level` | what came at this jump after the same few targets | Chang, Hao and Patt, *Target prediction for indirect jumps*, 1997 |
//! | `ittage` | what came after the longest path that it has seen before, of five lengths | Seznec, *A 64-Kbytes ITTAGE indirect branch predictor*, 2011 |
//!
//! They are models: real processors share their tables with everything else that runs, and nobody says what they do in
//! detail. The figures compare layouts and programs, not processors.

use super::Place;
use regatta_ir::Opcode;
use regatta_ir::ops::Kind;

/// How large predictors are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// Entries of each table; rounded up to a power of two.
    pub entries: usize,
    /// Targets that `two-level` looks back at.
    pub history: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { entries: 1024, history: 4 }
    }
}

/// What a predictor guessed wrong, in a layout.
#[derive(Clone, PartialEq, Debug)]
pub struct Misses {
    /// The layout: `shared`, `replicated` or `inlined`.
    pub layout: &'static str,
    /// The predictor.
    pub predictor: &'static str,
    /// Jumps it guessed.
    pub jumps: u64,
    /// Of these, wrong ones.
    pub wrong: u64,
}

/// Names of layouts, in the order of `Predictors::tracks`.
const LAYOUTS: [&str; 3] = ["shared", "replicated", "inlined"];

/// All predictors, for all layouts.
#[derive(Debug)]
pub struct Predictors {
    tracks: [Track; 3],
}

/// The predictors of one layout.
#[derive(Debug)]
struct Track {
    jumps: u64,
    btb: Btb,
    two_level: TwoLevel,
    ittage: Ittage,
    wrong: [u64; 3],
}

impl Predictors {
    /// Predictors that have seen nothing.
    pub fn new(sizes: Sizes) -> Predictors {
        Predictors { tracks: [(); 3].map(|()| Track::new(sizes)) }
    }

    /// Control goes from one instruction to the next.
    pub(super) fn dispatch(&mut self, from: (Place, Opcode), to: (Place, Opcode)) {
        let target = to.1 as u64 + 1;
        let [shared, replicated, inlined] = &mut self.tracks;
        shared.jump(0, target);
        replicated.jump(from.1 as u64 + 1, target);
        if is_guessed(from.1) {
            let place = |(func, word): Place| (u64::from(func) << 32) + u64::from(word) + 1;
            inlined.jump(place(from.0), place(to.0));
        }
    }

    /// What was wrong so far.
    pub fn misses(&self) -> Vec<Misses> {
        let of = |(layout, track): (&'static str, &Track)| {
            let names = ["btb", "two-level", "ittage"];
            let jumps = track.jumps;
            let miss = move |(predictor, wrong)| Misses { layout, predictor, jumps, wrong };
            names.into_iter().zip(track.wrong).map(miss).collect::<Vec<_>>()
        };
        LAYOUTS.into_iter().zip(&self.tracks).flat_map(of).collect()
    }
}

/// In code laid end to end: does the instruction jump to one of several places?
fn is_guessed(op: Opcode) -> bool {
    let fixed = matches!(op, Opcode::Br | Opcode::Loop | Opcode::Call | Opcode::TailCall | Opcode::CallNative)
        || op.info().brings_argument();
    match op.info().kind {
        Kind::branch | Kind::skip | Kind::load_branch | Kind::object_branch | Kind::unmatched => true,
        Kind::latch | Kind::step | Kind::give | Kind::guard | Kind::magic => true,
        Kind::control => !fixed && op != Opcode::Fuel,
        _ => false,
    }
}

impl Track {
    fn new(sizes: Sizes) -> Track {
        let entries = sizes.entries.max(1).next_power_of_two();
        Track {
            jumps: 0,
            btb: Btb(vec![(0, 0); entries]),
            two_level: TwoLevel { table: vec![0; entries], recent: vec![0; sizes.history.max(1)] },
            ittage: Ittage::new(entries),
            wrong: [0; 3],
        }
    }

    fn jump(&mut self, point: u64, target: u64) {
        self.jumps += 1;
        let right = [
            self.btb.guesses(point, target),
            self.two_level.guesses(point, target),
            self.ittage.guesses(point, target),
        ];
        for (wrong, right) in self.wrong.iter_mut().zip(right) {
            *wrong += u64::from(!right);
        }
    }
}

/// Spreads bits: multiplication by an odd number, and the upper half folded in.
fn mix(value: u64) -> u64 {
    let spread = value.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    spread ^ (spread >> 32)
}

/// The target of last time, with the point it belongs to.
#[derive(Debug)]
struct Btb(Vec<(u64, u64)>);

impl Btb {
    /// Does it guess this target? It learns it.
    fn guesses(&mut self, point: u64, target: u64) -> bool {
        let place = mix(point) as usize & (self.0.len() - 1);
        std::mem::replace(&mut self.0[place], (point, target)) == (point, target)
    }
}

/// The target after these targets.
#[derive(Debug)]
struct TwoLevel {
    table: Vec<u64>,
    /// The last targets, the latest first.
    recent: Vec<u64>,
}

impl TwoLevel {
    fn guesses(&mut self, point: u64, target: u64) -> bool {
        let path = self.recent.iter().fold(point, |path, &target| mix(path.rotate_left(7) ^ target));
        let place = path as usize & (self.table.len() - 1);
        self.recent.rotate_right(1);
        self.recent[0] = target;
        std::mem::replace(&mut self.table[place], target) == target
    }
}

/// How many targets each tagged table looks back at.
const LENGTHS: [usize; 5] = [2, 5, 12, 28, 64];

/// A table without history, and tagged ones with longer and longer ones. The longest that knows the path guesses; when it is
/// wrong, a longer one gets an entry.
#[derive(Debug)]
struct Ittage {
    base: Vec<u64>,
    tagged: [Vec<Entry>; LENGTHS.len()],
    /// The last targets, the latest at `at - 1`.
    recent: [u64; 64],
    at: usize,
}

#[derive(Clone, Copy, Default, Debug)]
struct Entry {
    tag: u16,
    target: u64,
    /// 0 to 3: how sure it is.
    trust: u8,
    /// Has it been right where the shorter ones were not?
    useful: bool,
}

impl Ittage {
    fn new(entries: usize) -> Ittage {
        let tagged = LENGTHS.map(|_| vec![Entry::default(); entries]);
        Ittage { base: vec![0; entries], tagged, recent: [0; 64], at: 0 }
    }

    fn guesses(&mut self, point: u64, target: u64) -> bool {
        let places = self.places(point);
        let base = mix(point) as usize & (self.base.len() - 1);
        let hits: Vec<usize> =
            (0..LENGTHS.len()).rev().filter(|&n| self.tagged[n][places[n].0].tag == places[n].1).collect();
        let guess = |hit: Option<&usize>| hit.map_or(self.base[base], |&n| self.tagged[n][places[n].0].target);
        // One that has just been made is not sure yet: then the next shorter one speaks.
        let sure = |&&n: &&usize| self.tagged[n][places[n].0].trust > 0;
        let (guessed, shorter) = (guess(hits.iter().find(sure).or(hits.get(1))), guess(hits.get(1)));
        let right = guessed == target;
        match hits.first() {
            Some(&n) => {
                let entry = &mut self.tagged[n][places[n].0];
                entry.useful |= entry.target == target && shorter != target;
                match (entry.target == target, entry.trust) {
                    (true, trust) => entry.trust = (trust + 1).min(3),
                    (false, 0) => entry.target = target,
                    (false, trust) => entry.trust = trust - 1,
                }
            }
            None => self.base[base] = target,
        }
        if !right {
            self.allocate(&places, hits.first().map_or(0, |&n| n + 1), target);
        }
        self.recent[self.at % 64] = target;
        self.at += 1;
        right
    }

    /// Makes an entry in a table from number `first` on, where there is none that is useful; if there are such everywhere,
    /// they are less so.
    fn allocate(&mut self, places: &[(usize, u16)], first: usize, target: u64) {
        for (n, &(place, tag)) in places.iter().enumerate().skip(first) {
            let entry = &mut self.tagged[n][place];
            if !entry.useful {
                *entry = Entry { tag, target, trust: 0, useful: false };
                return;
            }
            entry.useful = false;
        }
    }

    /// Where each tagged table keeps this path, and its tag, which is not 0.
    fn places(&self, point: u64) -> [(usize, u16); LENGTHS.len()] {
        let (mut path, mut seen) = (mix(point), 0);
        LENGTHS.map(|length| {
            for back in seen..length {
                path = mix(path.rotate_left(5) ^ self.recent[self.at.wrapping_sub(1 + back) % 64]);
            }
            seen = length;
            (path as usize & (self.base.len() - 1), (path >> 40) as u16 | 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of wrong guesses in the second half of a run.
    fn wrong(targets: impl Fn(u64) -> u64 + Copy) -> [f64; 3] {
        let mut track = Track::new(Sizes::default());
        (0..4000).for_each(|n| track.jump(0, targets(n)));
        let before = track.wrong;
        (4000..8000).for_each(|n| track.jump(0, targets(n)));
        [0, 1, 2].map(|n| (track.wrong[n] - before[n]) as f64 / 4000.0)
    }

    #[test]
    fn what_never_changes_is_guessed_by_all() {
        assert_eq!(wrong(|_| 7), [0.0; 3]);
    }

    #[test]
    fn a_short_cycle_takes_history() {
        let [btb, two_level, ittage] = wrong(|n| 1 + n % 3);
        assert_eq!(btb, 1.0, "it is never the target of last time");
        assert_eq!((two_level, ittage), (0.0, 0.0));
    }

    /// Twenty times the same, then another: what comes is not to be seen in the last four.
    #[test]
    fn a_long_cycle_takes_a_long_history() {
        let [btb, two_level, ittage] = wrong(|n| if n % 21 == 20 { 2 } else { 1 });
        assert!((0.09..0.1).contains(&btb), "{btb}");
        assert!((0.04..0.1).contains(&two_level), "{two_level}");
        assert!(ittage < 0.01, "{ittage}");
    }

    #[test]
    fn chance_is_guessed_by_nobody() {
        let chance = |n: u64| 1 + mix(mix(n + 17)) % 8;
        assert!(wrong(chance).iter().all(|&wrong| (0.8..0.95).contains(&wrong)), "{:?}", wrong(chance));
    }

    #[test]
    fn points_are_kept_apart() {
        let mut btb = Btb(vec![(0, 0); 64]);
        assert!(!btb.guesses(1, 5) && !btb.guesses(2, 6));
        assert!(btb.guesses(1, 5) && btb.guesses(2, 6) && !btb.guesses(1, 6));
    }
}
