//! What replaces a match: text with the groups of the match in it.

use regex::Captures;

/// Writes a replacement, or as much of it as makes the text longer than `room`: `$1` to `$99` and `$<name>` are groups, `$&` is the match, `$$` a dollar; any other dollar is one.
pub(super) fn expand(replacement: &str, captures: &Captures<'_>, room: usize, out: &mut String) {
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let taken = group(rest, captures, out);
        if taken == 0 {
            out.push('$');
        }
        if out.len() > room {
            return;
        }
        rest = &rest[taken..];
    }
    out.push_str(rest);
}

/// Writes what stands behind a dollar; says how many bytes that took.
fn group(rest: &str, captures: &Captures<'_>, out: &mut String) -> usize {
    let mut put = |group: Option<regex::Match<'_>>| out.push_str(group.map_or("", |group| group.as_str()));
    match rest.bytes().next() {
        Some(b'$') => {
            out.push('$');
            1
        }
        Some(b'&') => {
            put(captures.get(0));
            1
        }
        Some(b'<') => match rest.find('>') {
            Some(end) => {
                put(captures.name(&rest[1..end]));
                end + 1
            }
            None => 0,
        },
        Some(b'0'..=b'9') => {
            // Two digits, if there is such a group; else one.
            let digits = |n: usize| Some((n, rest.get(..n)?.parse().ok().filter(|n| (1..captures.len()).contains(n))?));
            let Some((taken, n)) = digits(2).or_else(|| digits(1)) else { return 0 };
            put(captures.get(n));
            taken
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn groups_are_put_in() {
        let regex = Regex::new("(?<first>a)(b)?(c)").unwrap();
        let captures = regex.captures("ac").unwrap();
        for (replacement, expanded) in [
            ("$1-$3", "a-c"),
            ("[$2]", "[]"),
            ("$13", "a3"),
            ("$03$4$0", "c$4$0"),
            ("$<first>$<none>$<", "a$<"),
            ("$&$$1$", "ac$1$"),
            ("$é", "$é"),
        ] {
            let mut out = String::new();
            expand(replacement, &captures, 100, &mut out);
            assert_eq!(out, expanded, "{replacement}");
        }
        let mut out = String::new();
        expand(&"$&".repeat(1000), &captures, 100, &mut out);
        assert_eq!(out.len(), 102);
    }
}
