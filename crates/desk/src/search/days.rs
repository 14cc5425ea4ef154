//! The calendar: on which days there is how much that a member sees.

use std::collections::BTreeMap;

use court::MemberId;
use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use super::find::{in_reach, is_of};
use crate::{Desk, Inside, Problem};

/// A day with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayCount {
    /// The date in Beijing, `2026-11-18`.
    #[serde(serialize_with = "iso")]
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// How many acts of that day the caller sees; never 0.
    pub acts: u64,
}

fn iso<S: serde::Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    // A date shows itself in the form of ISO 8601.
    serializer.collect_str(date)
}

impl Desk {
    /// The days on which there is something that the member sees (of this one other member, if one is named), in order.
    ///
    /// # Errors
    /// 503 when the store cannot be read, or when the index is far behind.
    pub async fn days(&self, inside: &Inside, of: Option<MemberId>) -> Result<Vec<DayCount>, Problem> {
        let (room, viewer) = (&inside.room, inside.actor.member);
        let (mark, known) = self.store.search_days(room.id.0).await?;
        in_reach(self, room.id, mark, room.seq)?;
        let mut counts: BTreeMap<i32, i64> = BTreeMap::new();
        let mut count = |day: i32, acts: i64| *counts.entry(day).or_default() += acts;
        for day in known.iter().filter(|day| is_of(of, day.member)) {
            count(day.day, i64::try_from(day.acts).unwrap_or(i64::MAX));
        }
        // A day reaches from its first act to the first of the next, since a record's time never runs back.
        let day_of = |seq: u64| known[..known.partition_point(|day| day.first <= seq)].last().map(|day| day.day);
        for (seq, _) in room.hidden_from(viewer).filter(|(seq, actor)| *seq <= mark && is_of(of, *actor)) {
            if let Some(day) = day_of(seq) {
                count(day, -1);
            }
        }
        let (from, to) = (mark.min(room.seq), mark.max(room.seq));
        for act in self.record_acts(room.id, from, to, to - from).await? {
            if !is_of(of, act.actor) {
                continue;
            }
            if act.seq <= mark {
                // Another node's act, in the index before it is known here: who sees it is not known either.
                count(act.day().to_julian_day(), -1);
            } else if room.dense(viewer, act.seq).is_some() {
                count(act.day().to_julian_day(), 1);
            }
        }
        let days = counts.into_iter().filter_map(|(day, acts)| {
            let acts = u64::try_from(acts).ok().filter(|acts| *acts > 0)?;
            Some(DayCount { date: Date::from_julian_day(day).ok()?, acts })
        });
        Ok(days.collect())
    }
}
