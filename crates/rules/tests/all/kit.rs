//! Short ways to ask.

use rules::Wrong;
use rules::periods::{Ask, PauseAsked, Period, reckon};

/// `answer` or `answer/abroad`, from a day.
pub(crate) fn ask(rule: &str, start: &str) -> Ask {
    let (rule, variant) = rule.split_once('/').unwrap_or((rule, ""));
    Ask { rule: rule.to_owned(), variant: variant.to_owned(), start: start.to_owned(), ..Ask::default() }
}

pub(crate) fn period(ask: &Ask) -> Period {
    reckon(ask).unwrap_or_else(|wrong| panic!("{ask:?}: {wrong}"))
}

pub(crate) fn wrong(ask: &Ask) -> Wrong {
    match reckon(ask) {
        Ok(period) => panic!("{ask:?} gave {}", period.last_day),
        Err(wrong) => wrong,
    }
}

/// The last day, `2025-03-18`.
pub(crate) fn last_day(ask: &Ask) -> String {
    rules::civil::iso(period(ask).last_day)
}

pub(crate) fn without(kind: &str, from: &str, until: &str) -> PauseAsked {
    PauseAsked { kind: kind.to_owned(), from: from.to_owned(), until: until.to_owned() }
}
