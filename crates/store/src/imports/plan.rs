//! What a file changes, given what is there. Pure.

use std::collections::{BTreeSet, HashMap};

use court::{CaseId, MemberId, PersonId, folded};
use uuid::Uuid;

use super::{Clash, Import, ImportCase, ImportPart, Imported, Tally, described, stranger};
use crate::cases::{CaseRow, Participant};
use crate::people::Person;

/// What the books hold.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By number, as [`folded`] makes it: a case that was entered with full-width brackets is the same case.
    pub(super) cases: HashMap<String, CaseRow>,
    /// By phone number.
    pub(super) people: HashMap<String, Person>,
    /// With their places.
    pub(super) parts: Vec<(i64, Participant)>,
    /// The last place of each case.
    pub(super) places: HashMap<CaseId, i64>,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) cases: Vec<CaseRow>,
    pub(super) people: Vec<Person>,
    pub(super) parts: Vec<(i64, Participant)>,
    pub(super) clashes: Vec<(usize, Clash)>,
    pub(super) done: Imported,
}

impl Plan {
    pub(super) fn of(import: &Import, mut known: Known, court: &str, now: i64, id: &dyn Fn() -> Uuid) -> Plan {
        let mut plan = Plan::default();
        let cases: Vec<Option<CaseId>> = import.cases.iter().map(|case| plan.case(case, &known, court, id)).collect();
        let mut people: HashMap<&str, Option<PersonId>> = HashMap::new();
        let mut there: HashMap<(CaseId, PersonId, String), (i64, Participant)> = HashMap::new();
        for (place, part) in std::mem::take(&mut known.parts) {
            // Where there are several, the one that lasts, and of those the first.
            let key = (part.case, part.person, part.capacity.clone());
            let kept = there.entry(key).or_insert_with(|| (place, part.clone()));
            if kept.1.ended_at.is_some() && part.ended_at.is_none() {
                *kept = (place, part);
            }
        }
        for part in &import.parts {
            let person = *people.entry(&part.phone).or_insert_with(|| plan.person(part, &known.people, now, id));
            let (Some(case), Some(person)) = (cases.get(part.case).copied().flatten(), person) else { continue };
            let before = there.get(&(case, person, part.capacity.clone()));
            let last = known.places.entry(case).or_default();
            plan.part(part, (case, person), before, last, now, id);
        }
        plan
    }

    fn case(&mut self, asked: &ImportCase, known: &Known, court: &str, id: &dyn Fn() -> Uuid) -> Option<CaseId> {
        if let Some(before) = known.cases.get(&folded(&asked.number)) {
            let or = |asked: &Option<String>, before: &String| asked.as_ref().unwrap_or(before).clone();
            let after = CaseRow {
                id: before.id,
                number: before.number.clone(),
                title: or(&asked.title, &before.title),
                cause: or(&asked.cause, &before.cause),
                court: before.court.clone(),
                stage: or(&asked.stage, &before.stage),
                filed_on: or(&asked.filed_on, &before.filed_on),
                status: or(&asked.status, &before.status),
            };
            count(&mut self.done.cases, after != *before);
            if after != *before {
                self.cases.push(after);
            }
            return Some(before.id);
        }
        let mut lacks = |name, value: &Option<String>| {
            if value.is_none() {
                self.clashes.push((asked.row, Clash::CaseLacks(name)));
            }
            value.clone()
        };
        let title = lacks("title", &asked.title);
        let cause = lacks("cause", &asked.cause);
        let filed_on = lacks("filed_on", &asked.filed_on);
        let new = CaseRow {
            id: CaseId(id()),
            number: asked.number.clone(),
            title: title?,
            cause: cause?,
            court: court.to_owned(),
            stage: asked.stage.clone().unwrap_or_else(|| "trial".to_owned()),
            filed_on: filed_on?,
            status: asked.status.clone().unwrap_or_else(|| "open".to_owned()),
        };
        self.done.cases.new += 1;
        let case = new.id;
        self.cases.push(new);
        Some(case)
    }

    fn person(
        &mut self,
        asked: &ImportPart,
        known: &HashMap<String, Person>,
        now: i64,
        id: &dyn Fn() -> Uuid,
    ) -> Option<PersonId> {
        let Some(before) = known.get(&asked.phone) else {
            let new = stranger(id(), id(), &asked.person, &asked.phone, now);
            self.done.people.new += 1;
            let person = new.id;
            self.people.push(new);
            return Some(person);
        };
        if before.name == asked.person {
            self.done.people.same += 1;
        } else if before.verified {
            self.clashes.push((asked.row, Clash::AnotherPerson));
            return None;
        } else {
            self.done.people.changed += 1;
            self.people.push(Person { name: asked.person.clone(), ..before.clone() });
        }
        Some(before.id)
    }

    fn part(
        &mut self,
        asked: &ImportPart,
        (case, person): (CaseId, PersonId),
        before: Option<&(i64, Participant)>,
        last: &mut i64,
        now: i64,
        id: &dyn Fn() -> Uuid,
    ) {
        let Some((place, before)) = before else {
            *last += 1;
            let ended = asked.ended == Some(true);
            self.done.participants.new += 1;
            self.done.ended += u64::from(ended);
            self.parts.push((*last, described(MemberId(id()), case, person, asked, ended.then_some(now))));
            return;
        };
        let ended_at = match asked.ended {
            Some(true) => Some(before.ended_at.unwrap_or(now)),
            Some(false) => None,
            None => before.ended_at,
        };
        let after = described(before.id, case, person, asked, ended_at);
        count(&mut self.done.participants, after != *before);
        if after != *before {
            self.done.ended += u64::from(before.ended_at.is_none() && ended_at.is_some());
            self.parts.push((*place, after));
        }
    }
}

fn count(tally: &mut Tally, changed: bool) {
    if changed {
        tally.changed += 1;
    } else {
        tally.same += 1;
    }
}

impl Import {
    /// The numbers of rows that the file names, each once.
    pub fn row_count(&self) -> u64 {
        let rows: BTreeSet<usize> =
            self.cases.iter().map(|case| case.row).chain(self.parts.iter().map(|part| part.row)).collect();
        rows.len() as u64
    }
}
