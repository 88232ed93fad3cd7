//! Numbers to so many decimal digits, rounded half away from zero: exactly, as a float is a finite decimal.

/// The most digits that a float has, from its first one on.
const ALL_DIGITS: usize = 767;

/// A number as decimal digits, the first of which is not 0, and the power of ten of the first.
struct Decimal {
    digits: Vec<u8>,
    power: i32,
}

impl Decimal {
    fn of(number: f64) -> Decimal {
        let text = format!("{:.*e}", ALL_DIGITS - 1, number.abs());
        let (mantissa, power) = text.split_once('e').expect("the format has an exponent");
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        Decimal { digits, power: power.parse().expect("the exponent is an integer") }
    }

    /// Keeps so many digits; none, if the number is too small to have any.
    fn round(&mut self, count: i32) {
        let up = count >= 0 && self.digits.get(count as usize).is_some_and(|&digit| digit >= 5);
        self.digits.resize(count.max(0) as usize, 0);
        if up {
            match self.digits.iter().rposition(|&digit| digit < 9) {
                Some(n) => {
                    self.digits[n] += 1;
                    self.digits[n + 1..].fill(0);
                }
                None => {
                    self.digits.fill(0);
                    self.digits.insert(0, 1);
                    self.power += 1;
                }
            }
        }
    }

    /// The digit that stands for this power of ten.
    fn at(&self, power: i32) -> char {
        let digit = usize::try_from(self.power - power).ok().and_then(|n| self.digits.get(n));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }

    /// Written out from the largest power down to one.
    fn write(&self, out: &mut String, down_to: i32) {
        for power in (down_to..=self.power.max(0)).rev() {
            if power == -1 {
                out.push('.');
            }
            out.push(self.at(power));
        }
    }
}

/// With so many digits behind the point.
pub(super) fn fixed(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return super::usual(number);
    }
    let mut decimal = Decimal::of(number);
    decimal.round(decimal.power + 1 + digits as i32);
    if decimal.digits.is_empty() {
        decimal.power = 0;
    }
    let mut out = String::from(if number < 0.0 { "-" } else { "" });
    decimal.write(&mut out, -(digits as i32));
    out
}

/// With so many digits in all; with an exponent where the point would be far away.
pub(super) fn precise(number: f64, digits: usize) -> String {
    let mut decimal = Decimal::of(number);
    if number == 0.0 {
        decimal.power = 0;
    }
    decimal.round(digits as i32);
    decimal.digits.truncate(digits);
    let mut out = String::from(if number < 0.0 { "-" } else { "" });
    let power = decimal.power;
    if (-6..digits as i32).contains(&power) {
        decimal.write(&mut out, power + 1 - digits as i32);
        return out;
    }
    decimal.power = 0;
    decimal.write(&mut out, 1 - digits as i32);
    out + &format!("e{}{}", if power < 0 { '-' } else { '+' }, power.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_behind_the_point() {
        for (number, digits, text) in [
            (0.0, 0, "0"),
            (0.0, 2, "0.00"),
            (0.5, 0, "1"),
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (1.005, 2, "1.00"), // the float is a little less
            (1.45, 1, "1.4"),
            (8.345, 2, "8.35"), // the float is a little more
            (0.000001, 7, "0.0000010"),
            (0.04, 1, "0.0"),
            (0.05, 1, "0.1"),
            (-0.04, 1, "-0.0"),
            (99.95, 1, "100.0"),
            (9.999, 2, "10.00"),
            (123.456, 0, "123"),
            (1e20, 1, "100000000000000000000.0"),
            (5e-324, 3, "0.000"),
        ] {
            assert_eq!(fixed(number, digits), text, "{number} to {digits}");
        }
    }

    #[test]
    fn digits_in_all() {
        for (number, digits, text) in [
            (0.0, 1, "0"),
            (0.0, 3, "0.00"),
            (123.456, 4, "123.5"),
            (123.456, 2, "1.2e+2"),
            (0.000123, 2, "0.00012"),
            (0.00000123, 2, "0.0000012"),
            (0.000000123, 2, "1.2e-7"),
            (2.5, 1, "3"),
            (9.96, 2, "10"),
            (99.6, 2, "1.0e+2"),
            (-1e21, 3, "-1.00e+21"),
            (1e21, 22, "1000000000000000000000"),
        ] {
            assert_eq!(precise(number, digits), text, "{number} to {digits}");
        }
    }
}
