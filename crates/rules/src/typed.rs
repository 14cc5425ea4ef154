//! What people type: amounts in yuan, days and rates, read once, with a sentence for what is none.

use time::Date;

use crate::civil;
use crate::money::{Fen, MOST, Rate};
use crate::wrong::Wrong;

/// An amount in yuan.
pub(crate) fn amount(typed: &str) -> Result<Fen, Wrong> {
    Fen::parse(typed).ok_or_else(|| {
        // Digits alone that are refused are too many of them.
        let digits = typed.trim().bytes().filter(u8::is_ascii_digit).count();
        let number = typed
            .trim()
            .split('.')
            .next()
            .is_some_and(|yuan| yuan.bytes().all(|byte| byte.is_ascii_digit() || byte == b','));
        if number && digits > 13 { Wrong::AmountTooLarge } else { Wrong::AmountInvalid { typed: typed.to_owned() } }
    })
}

/// An amount that must be more than nothing.
pub(crate) fn positive(what: &'static str, typed: &str) -> Result<Fen, Wrong> {
    match amount(typed)? {
        Fen(0) => Err(Wrong::AmountOutOfRange { what, least: Fen(1), most: MOST }),
        amount => Ok(amount),
    }
}

/// A day such as 2025-03-18, in the years that can be counted with.
pub(crate) fn day(typed: &str) -> Result<Date, Wrong> {
    civil::parse(typed)
        .filter(|day| (1949..=2199).contains(&day.year()))
        .ok_or_else(|| Wrong::DateInvalid { typed: typed.to_owned() })
}

/// Two days, the second not before the first.
pub(crate) fn span(from: &str, until: &str) -> Result<(Date, Date), Wrong> {
    let (from, until) = (day(from)?, day(until)?);
    if until < from { Err(Wrong::DatesBackwards { from, until }) } else { Ok((from, until)) }
}

/// A rate such as `5.5%`; without a sign it would be a hundred times too much, so the sign is required.
pub(crate) fn rate(typed: &str) -> Result<Rate, Wrong> {
    let wrong = || Wrong::RateInvalid { typed: typed.to_owned() };
    let plain = typed.trim();
    if !(plain.ends_with('%') || plain.ends_with('‰')) {
        return Err(wrong());
    }
    // Six decimals are what every contract and every table needs; more would only make sums overflow.
    let decimals = plain.trim_end_matches(['%', '‰']).split_once('.').map_or(0, |(_, part)| part.len());
    Rate::parse(plain).filter(|rate| decimals <= 6 && !rate.exceeds(Rate::new(10, 1))).ok_or_else(wrong)
}
