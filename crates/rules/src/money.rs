//! Money without rounding errors: whole fen, exact rates, one rounding at the end.
//!
//! **The rounding rule.** An amount is computed exactly, as a fraction of fen, and rounded once, when it is said: half a fen and more goes up (四舍五入到分). Neither
//! 诉讼费用交纳办法 nor the interpretations on interest say how to round; this is what banks do with Renminbi.
//!
//! Floating-point numbers do not occur.

use serde::{Deserialize, Serialize};

/// An amount in fen, never negative on input. 10,000 yuan are `Fen(1_000_000)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The largest amount that is taken as input: ten trillion yuan. Below it nothing here can overflow.
pub const MOST: Fen = Fen(1_000_000_000_000_000);

impl Fen {
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// Reads `1234`, `1234.5`, `1,234.56` or `¥1234.56`: at most two decimals, no sign, at most [`MOST`].
    pub fn parse(typed: &str) -> Option<Self> {
        let plain: String = typed
            .trim()
            .trim_start_matches(['¥', '￥'])
            .trim_end_matches('元')
            .chars()
            .filter(|char| !matches!(char, ',' | '，' | ' '))
            .collect();
        let (yuan, fen) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || yuan.len() > 14 || !digits(yuan) || fen.len() > 2 || !digits(fen) || plain.ends_with('.')
        {
            return None;
        }
        let fen: i64 = format!("{fen:0<2}").parse().ok()?;
        let amount = Self(yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen)?);
        (amount <= MOST).then_some(amount)
    }

    /// `1,234.56元`; whole yuan without decimals.
    pub fn chinese(self) -> String {
        let (sign, amount) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let digits = (amount / 100).to_string();
        let mut grouped = String::with_capacity(digits.len() + 8);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        match amount % 100 {
            0 => format!("{sign}{grouped}元"),
            fen => format!("{sign}{grouped}.{fen:02}元"),
        }
    }

    /// This amount at a rate, not yet rounded.
    pub fn at(self, rate: Rate) -> Exact {
        Exact::from(self).times(rate)
    }
}

/// An exact rate or factor: `2.5%`, `0.0175%`, `1/3`, `4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    numerator: i64,
    denominator: i64,
}

impl Rate {
    /// `numerator / denominator`; a denominator that is not positive counts as 1.
    pub const fn new(numerator: i64, denominator: i64) -> Self {
        Self { numerator, denominator: if denominator > 0 { denominator } else { 1 } }
    }

    /// Reads `2.5%`, `0.175‰`, `1/3`, `0.5` or `4`; at most nine decimals.
    pub fn parse(typed: &str) -> Option<Self> {
        if let Some((numerator, denominator)) = typed.split_once('/') {
            let (numerator, denominator) = (numerator.trim().parse().ok()?, denominator.trim().parse().ok()?);
            return (numerator >= 0 && denominator > 0 && denominator <= 1_000_000_000)
                .then_some(Self { numerator, denominator });
        }
        let typed = typed.trim();
        let (typed, scale) = match (typed.strip_suffix('%'), typed.strip_suffix('‰')) {
            (Some(percent), _) => (percent, 100),
            (_, Some(permille)) => (permille, 1000),
            _ => (typed, 1),
        };
        let (whole, part) = typed.split_once('.').unwrap_or((typed, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 6 || part.len() > 9 || !digits(whole) || !digits(part) {
            return None;
        }
        let denominator = 10_i64.pow(u32::try_from(part.len()).ok()?);
        let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
        Some(Self { numerator: whole.parse::<i64>().ok()? * denominator + part, denominator: denominator * scale })
    }

    /// `2.5%`; a rate that has no short decimal form as a fraction.
    pub fn chinese(self) -> String {
        let (numerator, denominator) = (i128::from(self.numerator) * 100, i128::from(self.denominator));
        let scaled = numerator * 1_000_000_000;
        if scaled % denominator != 0 {
            return format!("{}/{}", self.numerator, self.denominator);
        }
        let scaled = scaled / denominator;
        let (whole, part) = (scaled / 1_000_000_000, format!("{:09}", scaled % 1_000_000_000));
        match part.trim_end_matches('0') {
            "" => format!("{whole}%"),
            part => format!("{whole}.{part}%"),
        }
    }

    /// So many times this rate, such as twelve monthly ones for a year.
    pub const fn times_count(self, count: i64) -> Self {
        Self { numerator: self.numerator.saturating_mul(count), denominator: self.denominator }
    }

    /// This rate a number of times that is itself a fraction, such as 1.3 times.
    pub const fn times(self, factor: Self) -> Self {
        Self {
            numerator: self.numerator.saturating_mul(factor.numerator),
            denominator: self.denominator.saturating_mul(factor.denominator),
        }
    }

    /// Numerator and denominator.
    pub const fn parts(self) -> (i64, i64) {
        (self.numerator, self.denominator)
    }

    /// The lower of the two.
    pub fn at_most(self, cap: Self) -> Self {
        if self.exceeds(cap) { cap } else { self }
    }

    /// Exact comparison: whether this rate is above the other.
    pub fn exceeds(self, other: Self) -> bool {
        i128::from(self.numerator) * i128::from(other.denominator)
            > i128::from(other.numerator) * i128::from(self.denominator)
    }
}

impl TryFrom<String> for Rate {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, String> {
        Self::parse(&typed).ok_or_else(|| format!("{typed:?} is no rate such as \"2.5%\" or \"1/3\""))
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.chinese()
    }
}

/// An amount that has not been rounded yet: a fraction of fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Exact {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    pub fn times(self, rate: Rate) -> Self {
        Self {
            numerator: self.numerator.saturating_mul(i128::from(rate.numerator)),
            denominator: self.denominator.saturating_mul(i128::from(rate.denominator)),
        }
        .reduced()
    }

    /// So many times this amount, such as for days.
    pub fn times_count(self, count: i64) -> Self {
        Self { numerator: self.numerator.saturating_mul(i128::from(count)), ..self }.reduced()
    }

    /// The same divided, such as by the 365 days of a year; by zero it stays what it is.
    pub fn over(self, count: u32) -> Self {
        Self { denominator: self.denominator.saturating_mul(i128::from(count.max(1))), ..self }.reduced()
    }

    pub fn plus(self, other: Self) -> Self {
        // Over the least common denominator: sums of many spans stay far from the limits of the numbers.
        let common =
            i128::try_from(gcd(self.denominator.unsigned_abs(), other.denominator.unsigned_abs())).unwrap_or(1).max(1);
        let (mine, others) = (other.denominator / common, self.denominator / common);
        Self {
            numerator: self.numerator.saturating_mul(mine).saturating_add(other.numerator.saturating_mul(others)),
            denominator: self.denominator.saturating_mul(mine),
        }
        .reduced()
    }

    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { numerator: -other.numerator, ..other })
    }

    /// To whole fen: half a fen and more goes up (away from zero). The only rounding there is.
    pub fn rounded(self) -> Fen {
        let (twice, whole) = (self.numerator.unsigned_abs().saturating_mul(2), self.denominator.unsigned_abs().max(1));
        let fen = i64::try_from(twice.saturating_add(whole) / whole.saturating_mul(2)).unwrap_or(i64::MAX);
        Fen(if self.numerator < 0 { -fen } else { fen })
    }

    fn reduced(self) -> Self {
        let by = gcd(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        let by = i128::try_from(by.max(1)).unwrap_or(1);
        Self { numerator: self.numerator / by, denominator: self.denominator / by }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl From<Fen> for Exact {
    fn from(fen: Fen) -> Self {
        Self { numerator: i128::from(fen.0), denominator: 1 }
    }
}
