//! Numbers in any radix.

/// Digits behind the point, at most: more than any float needs in radix 2.
const MAX_FRACTION: usize = 1100;

/// A finite number in a radix: the fewest digits behind the point that no other float would have.
pub(super) fn text(number: f64, radix: u32) -> String {
    let mut whole = number.abs().trunc();
    let mut fraction = number.abs() - whole;
    // Half the distance to the next float: what is smaller says nothing.
    let mut distance = (0.5 * (number.abs().next_up() - number.abs())).max(f64::from_bits(1));
    let base = f64::from(radix);
    let mut digits = Vec::new();
    while fraction >= distance && digits.len() < MAX_FRACTION {
        fraction *= base;
        distance *= base;
        let digit = fraction.trunc();
        digits.push(digit as u32);
        fraction -= digit;
        if (fraction > 0.5 || fraction == 0.5 && digits.last().is_some_and(|digit| digit % 2 == 1))
            && fraction + distance > 1.0
        {
            whole += f64::from(carry(&mut digits, radix));
            break;
        }
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let point = if digits.is_empty() { "" } else { "." };
    let fraction: String = digits.into_iter().map(|digit| figure(digit, radix)).collect();
    format!("{sign}{}{point}{fraction}", whole_text(whole, radix))
}

/// Adds one to the last digit; says whether there is one too many in front.
fn carry(digits: &mut Vec<u32>, radix: u32) -> bool {
    while let Some(digit) = digits.pop() {
        if digit + 1 < radix {
            digits.push(digit + 1);
            return false;
        }
    }
    true
}

/// An integer that is a float.
fn whole_text(mut whole: f64, radix: u32) -> String {
    const EXACT: f64 = (1u64 << 53) as f64;
    let base = f64::from(radix);
    let mut figures = Vec::new();
    while whole >= EXACT {
        // Beyond this the last digits are nobody's.
        whole = (whole / base).trunc();
        figures.push('0');
    }
    let mut rest = whole as u64;
    loop {
        figures.push(figure((rest % u64::from(radix)) as u32, radix));
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    figures.iter().rev().collect()
}

fn figure(digit: u32, radix: u32) -> char {
    char::from_digit(digit, radix).unwrap_or('0')
}

/// The integer that digits tell; nothing, if there are none.
pub(super) fn integer(digits: &str, radix: u32) -> Option<f64> {
    if radix == 10 {
        return digits.parse().ok(); // rounded once
    }
    let value = |number: f64, c: char| number * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0));
    (!digits.is_empty()).then(|| digits.chars().fold(0.0, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radices() {
        for (number, radix, expected) in [
            (255.0, 16, "ff"),
            (-255.0, 2, "-11111111"),
            (0.5, 2, "0.1"),
            (-0.75, 16, "-0.c"),
            (35.0, 36, "z"),
            (9007199254740992.0, 2, "100000000000000000000000000000000000000000000000000000"),
            (0.0, 7, "0"),
        ] {
            assert_eq!(text(number, radix), expected, "{number} in {radix}");
        }
        assert_eq!(text(1.0 / 3.0, 3), "0.1");
        assert_eq!((integer("zz", 36), integer("", 10), integer("010", 10)), (Some(1295.0), None, Some(10.0)));
    }
}
