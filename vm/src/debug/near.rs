//! What somebody may have meant who wrote something else.

/// The candidate that is closest to `word`, if one is close enough: one mistake in short words, two in longer ones.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let most = match word.chars().count() {
        0 | 1 => return None,
        2 | 3 => 1,
        _ => 2,
    };
    let near = candidates.into_iter().map(|candidate| (distance(word, candidate), candidate));
    near.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// How many characters have to be put in, left out or replaced; two that have changed places count once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for n in 0..=a.len() {
        for m in 0..=b.len() {
            if n == 0 || m == 0 {
                rows[n][m] = n + m;
                continue;
            }
            let replaced = rows[n - 1][m - 1] + usize::from(a[n - 1] != b[m - 1]);
            let mut least = replaced.min(rows[n - 1][m] + 1).min(rows[n][m - 1] + 1);
            if n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1] {
                least = least.min(rows[n - 2][m - 2] + 1);
            }
            rows[n][m] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_counted() {
        for (a, b, expected) in
            [("step", "step", 0), ("setp", "step", 1), ("brek", "break", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
        assert_eq!(nearest("contineu", ["run", "continue", "step"]), Some("continue"));
        assert_eq!(nearest("nex", ["next", "line"]), Some("next"));
        assert_eq!(nearest("xyz", ["next", "line"]), None);
    }
}
