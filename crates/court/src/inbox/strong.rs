//! Strong reminders (强提醒): an SMS that says nothing but that there is something, when who sends it asks for one (SR-48).
//!
//! That it was asked for stands in the record, and what became of the wish. The message itself goes in any case.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use super::{Catalogue, StrongLimits};
use crate::{CaseId, MemberId, PersonId, beijing};

/// What becomes of a wish to remind somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReminderVerdict)]
pub enum Verdict {
    /// An SMS goes, by day.
    Granted,
    /// This sender has reminded this recipient often enough for a day.
    PairFull,
    /// There were enough in this case for a day.
    CaseFull,
    /// This sender has asked often enough for a day.
    SenderFull,
    /// This recipient was reminded often enough for a day.
    RecipientFull,
    /// The court lets nobody send them.
    Muted,
}

/// A member whom an SMS was to remind, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reminded {
    pub member: MemberId,
    pub outcome: Verdict,
}

/// A strong reminder that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub case: CaseId,
    pub from: PersonId,
    pub to: PersonId,
}

/// What a decision needs to know: what was granted within the last 24 hours, and whether the court lets anybody.
#[derive(Clone, Debug, Default)]
pub struct Reminding {
    pub muted: bool,
    pub granted: Vec<Asked>,
}

impl Reminding {
    /// What becomes of reminding these, one after the other.
    pub(crate) fn verdicts(
        &self,
        case: CaseId,
        from: PersonId,
        recipients: impl IntoIterator<Item = (MemberId, Option<PersonId>)>,
    ) -> Vec<Reminded> {
        let limits = Catalogue::builtin().strong;
        let mut granted = self.granted.clone();
        let mut verdicts = Vec::new();
        for (member, person) in recipients {
            let Some(to) = person.filter(|to| *to != from) else { continue };
            let asked = Asked { case, from, to };
            let outcome = if self.muted { Verdict::Muted } else { verdict(&granted, asked, limits) };
            if outcome == Verdict::Granted {
                granted.push(asked);
            }
            verdicts.push(Reminded { member, outcome });
        }
        verdicts
    }
}

fn verdict(granted: &[Asked], wish: Asked, limits: StrongLimits) -> Verdict {
    let count = |counts: &dyn Fn(&Asked) -> bool| granted.iter().filter(|one| counts(one)).count();
    if count(&|one| one.from == wish.from && one.to == wish.to) >= limits.pair {
        Verdict::PairFull
    } else if count(&|one| one.to == wish.to) >= limits.recipient {
        Verdict::RecipientFull
    } else if count(&|one| one.from == wish.from) >= limits.sender {
        Verdict::SenderFull
    } else if count(&|one| one.case == wish.case) >= limits.case {
        Verdict::CaseFull
    } else {
        Verdict::Granted
    }
}

/// When somebody may be woken: at once by day, at the end of the quiet hours by night.
pub fn awake(now: OffsetDateTime) -> OffsetDateTime {
    let limits = Catalogue::builtin().strong;
    let local = now.to_offset(time::macros::offset!(+8));
    let morning = |date: time::Date| {
        let hour = time::Time::from_hms(limits.quiet_to, 0, 0).expect("the catalogue was checked");
        date.with_time(hour).assume_offset(time::macros::offset!(+8)).to_offset(time::UtcOffset::UTC)
    };
    let today = beijing::day(now);
    if local.hour() < limits.quiet_to {
        morning(today)
    } else if local.hour() >= limits.quiet_from {
        morning(today + Duration::days(1))
    } else {
        now
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn case(n: u128) -> CaseId {
        CaseId(Uuid::from_u128(n))
    }

    fn member(n: u128) -> MemberId {
        MemberId(Uuid::from_u128(n))
    }

    #[test]
    fn sr48_each_limit_is_the_one_that_is_told() {
        let limits = Catalogue::builtin().strong;
        let asked = |from: u128, to: u128, at: u128| Asked { case: case(at), from: person(from), to: person(to) };
        let many = |n: usize, one: &dyn Fn(u128) -> Asked| (0..n as u128).map(one).collect::<Vec<_>>();
        let wish = asked(1, 2, 3);
        for (what, below, full) in [
            ("pair", many(limits.pair, &|_| asked(1, 2, 9)), Verdict::PairFull),
            ("recipient", many(limits.recipient, &|i| asked(100 + i, 2, 9)), Verdict::RecipientFull),
            ("sender", many(limits.sender, &|i| asked(1, 100 + i, 9)), Verdict::SenderFull),
            ("case", many(limits.case, &|i| asked(100 + i, 200 + i, 3)), Verdict::CaseFull),
        ] {
            assert_eq!(verdict(&below, wish, limits), full, "{what}");
            assert_eq!(verdict(&below[1..], wish, limits), Verdict::Granted, "{what}, one fewer");
        }
    }

    #[test]
    fn sr48_several_at_once_count_one_by_one_and_nobody_reminds_themselves() {
        let reminding = Reminding::default();
        let limits = Catalogue::builtin().strong;
        let recipients = (0..30).map(|n| (member(n), Some(person(n))));
        let verdicts = reminding.verdicts(case(1), person(0), recipients);
        assert_eq!(verdicts.len(), 29, "the sender is not among them");
        let granted = verdicts.iter().filter(|one| one.outcome == Verdict::Granted).count();
        assert_eq!(granted, limits.sender.min(limits.case));
        let muted = Reminding { muted: true, granted: Vec::new() };
        let verdicts = muted.verdicts(case(1), person(0), [(member(1), Some(person(1))), (member(2), None)]);
        assert_eq!(verdicts, [Reminded { member: member(1), outcome: Verdict::Muted }]);
    }

    #[test]
    fn sr48_at_night_a_reminder_waits_until_eight_in_beijing() {
        let morning = datetime!(2026-11-24 00:00 UTC);
        for (now, then) in [
            (datetime!(2026-11-23 12:59:59 UTC), datetime!(2026-11-23 12:59:59 UTC)),
            (datetime!(2026-11-23 13:00 UTC), morning),
            (datetime!(2026-11-23 15:59:59 UTC), morning),
            (datetime!(2026-11-23 16:00 UTC), morning),
            (datetime!(2026-11-23 23:59:59 UTC), morning),
            (morning, morning),
        ] {
            assert_eq!(awake(now), then, "{now}");
        }
    }
}
