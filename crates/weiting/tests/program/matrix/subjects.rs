//! Everybody who might ask.

use court::{Capacity, CaseId, MemberId, PersonId, Role};
use desk::testkit::Caller;
use time::Duration;

use super::world::{Cast, Place, World};
use crate::kit::{House, Seat, Trial};

/// Somebody who asks, and what the world's builder knows of them.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) caller: Caller,
    /// Whether the session that it shows holds.
    pub(super) live: bool,
    pub(super) person: Option<PersonId>,
    pub(super) role: Option<Role>,
    /// A program of the court, with a token of its own.
    pub(super) integration: bool,
    program: Option<String>,
}

/// How a subject stands to a room of which it is a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) member: MemberId,
    pub(super) capacity: Capacity,
    pub(super) accepted: bool,
}

impl Subject {
    /// The secrets with which it shows who it is.
    pub(super) fn tokens(&self) -> Vec<String> {
        let cookie = self.caller.cookie().and_then(|cookie| cookie.split_once('=')).map(|(_, token)| token.to_owned());
        cookie.into_iter().chain(self.program.clone()).collect()
    }

    /// The same somebody with a session that may be lost.
    pub(super) async fn double(&self, house: &House) -> Caller {
        match (self.live, self.person) {
            (true, Some(person)) if self.program.is_some() => house.kit.program(&house.app, person, self.role).await,
            (true, Some(person)) => house.kit.caller(&house.app, person, self.role).await,
            _ => self.caller.clone(),
        }
    }
}

impl World {
    /// As what a subject takes part in a case.
    pub(super) fn participant(&self, subject: &Subject, case: CaseId) -> Option<Capacity> {
        self.seat_in(subject, case).map(|seat| seat.capacity)
    }

    /// The seat of a subject in a case.
    pub(super) fn seat_in(&self, subject: &Subject, case: CaseId) -> Option<&Seat> {
        let (person, role) = (subject.person?, subject.role?);
        let trial = self.trials().into_iter().find(|trial| trial.case == case)?;
        let seat = trial
            .seats
            .iter()
            .find(|seat| seat.person == person && seat.capacity.role() == role && !self.ended.contains(&seat.member))?;
        subject.live.then_some(seat)
    }

    /// Whether a subject is a clerk of a case.
    pub(super) fn is_clerk_of(&self, subject: &Subject, case: CaseId) -> bool {
        self.participant(subject, case).is_some_and(|capacity| self.policy.is_clerk(capacity))
    }

    /// As whom a subject reads the rooms of a case from outside now, if at all.
    fn oversees(&self, subject: &Subject, case: CaseId) -> Option<MemberId> {
        let (person, reading) = self.overseer;
        let reads = subject.live && subject.person == Some(person) && subject.role == Some(Role::President);
        (reads && case == self.ours.case).then_some(reading)
    }

    /// As what a subject is a member of a room.
    pub(super) fn standing(&self, subject: &Subject, place: &Place) -> Option<Standing> {
        let (person, role) = (subject.person?, subject.role?);
        if let Some(member) = self.oversees(subject, place.case) {
            return Some(Standing { member, capacity: Capacity::Overseer, accepted: true });
        }
        let trial = self.trials().into_iter().find(|trial| trial.case == place.case)?;
        let present = |member: &MemberId| place.members.get(member) == Some(&true);
        let seat = trial
            .seats
            .iter()
            .find(|seat| seat.person == person && seat.capacity.role() == role && present(&seat.member))?;
        let accepted = place.accepted.contains(&seat.member);
        subject.live.then_some(Standing { member: seat.member, capacity: seat.capacity, accepted })
    }
}

/// All subjects, each with a session of its own.
pub(super) async fn all(house: &House, ours: &Trial, others: &Trial, closed: &Trial, cast: &Cast) -> Vec<Subject> {
    let mut subjects = vec![
        unknown("anonymous", house.stranger()),
        unknown("forged cookie", house.stranger().with_cookie(format!("__Host-weiting={}", "A".repeat(43)))),
        unknown("forged bearer", house.stranger().with_bearer("A".repeat(43))),
    ];
    let stranger = house.kit.person("路人", "13977040001").await;
    subjects.push(browser(house, "stranger without role", stranger, None).await);
    subjects.push(browser(house, "stranger as party", stranger, Some(Role::Party)).await);
    for capacity in Capacity::ALL {
        let person = ours.seat(capacity).person;
        subjects.push(browser(house, capacity.code(), person, Some(capacity.role())).await);
    }
    let judge = ours.judge().person;
    subjects.push(browser(house, "judge who has chosen no role", judge, None).await);
    subjects.push(browser(house, "judge as party", judge, Some(Role::Party)).await);
    for (name, seat) in [
        ("member who left", &cast.ended),
        ("participant whose mandate ended", &cast.ended_in_case),
        ("member who came back", &cast.returned),
        ("dual person as agent", &cast.dual),
        ("judge of the case, not of the room", &cast.outside_judge),
        ("party of the case, not of the room", &cast.outside_party),
        ("agent not yet admitted", &cast.pending[0]),
        ("recused judge", &cast.recused),
        ("judge who handed the case over", &cast.transferred),
    ] {
        subjects.push(browser(house, name, seat.person, Some(seat.capacity.role())).await);
    }
    subjects.push(browser(house, "applicant who is not let in", cast.applicant, Some(Role::Agent)).await);
    subjects.push(browser(house, "dual person as mediator", cast.dual.person, Some(Role::Mediator)).await);
    subjects.push(browser(house, "dual person without role", cast.dual.person, None).await);
    for capacity in [Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::Plaintiff, Capacity::PlaintiffAgent] {
        let person = others.seat(capacity).person;
        subjects
            .push(browser(house, &format!("other case's {}", capacity.code()), person, Some(capacity.role())).await);
    }
    for capacity in [Capacity::SoleJudge, Capacity::Defendant] {
        let person = closed.seat(capacity).person;
        subjects
            .push(browser(house, &format!("closed case's {}", capacity.code()), person, Some(capacity.role())).await);
    }
    for (name, person, role) in [
        ("supervisor who reads nothing", cast.officers.idle, Some(Role::Supervisor)),
        ("president who reads our case", cast.officers.reading, Some(Role::President)),
        ("supervisor whose hour is over", cast.officers.over, Some(Role::Supervisor)),
        ("administrator", cast.officers.administrator, Some(Role::Administrator)),
        ("invited, not accepted", cast.officers.invited, None),
        ("invited, not accepted, in the role", cast.officers.invited, Some(Role::Supervisor)),
    ] {
        subjects.push(browser(house, name, person, role).await);
    }
    let plaintiff = ours.seat(Capacity::Plaintiff).person;
    subjects.push(program(house, "program of the plaintiff", plaintiff, Some(Role::Party)).await);
    subjects.push(program(house, "program of the judge", judge, Some(Role::Judge)).await);
    subjects.extend(over(house, judge).await);
    subjects.extend(integrations(house).await);
    subjects
}

/// Sessions of the judge that hold no longer, or are shown in the wrong way.
async fn over(house: &House, judge: PersonId) -> Vec<Subject> {
    let now = house.desk().now();
    let role = Some(Role::Judge);
    let mut over = Vec::new();
    for (name, ago) in [("expired session", Duration::days(8)), ("session left idle", Duration::hours(13))] {
        house.kit.clock.set(now - ago);
        over.push(unknown(name, house.kit.caller(&house.app, judge, role).await));
    }
    house.kit.clock.set(now);
    let revoked = house.kit.caller(&house.app, judge, role).await;
    // The answer removes the cookie from the one who asked; the other still shows it.
    assert_eq!(revoked.clone().post("/api/logout", serde_json::json!({})).await.status, 204);
    over.push(unknown("revoked session", revoked));
    let cookie = house.kit.caller(&house.app, judge, role).await;
    let token = cookie.cookie().and_then(|cookie| cookie.split_once('=')).map(|(_, token)| token.to_owned());
    over.push(unknown("cookie's token as bearer", house.stranger().with_bearer(token.expect("a token"))));
    over
}

/// A program of the court, and one whose token was taken back.
async fn integrations(house: &House) -> Vec<Subject> {
    let desk = house.desk();
    let token = async |name| {
        desk::integration_token(&desk.store, &*desk.clock, &*desk.chance, name, 90).await.expect("a token")
    };
    let revoked = token("旧系统").await;
    let row = desk.store.integrations().await.expect("a store").pop().expect("a token");
    assert!(desk.store.revoke_integration(row.id, house.kit.micros()).await.expect("a store"));
    let valid = token("审判系统").await;
    let mut caller = house.stranger().with_bearer(valid.clone());
    // That it was used is noted once, beside the way of the request.
    assert_eq!(caller.post("/api/import", serde_json::json!({"cases": []})).await.status, 422);
    let mut program = unknown("program of the court", caller);
    (program.integration, program.program) = (true, Some(valid));
    vec![program, unknown("program of the court without leave", house.stranger().with_bearer(revoked))]
}

fn unknown(name: &str, caller: Caller) -> Subject {
    Subject { name: name.to_owned(), caller, live: false, person: None, role: None, integration: false, program: None }
}

async fn browser(house: &House, name: &str, person: PersonId, role: Option<Role>) -> Subject {
    let caller = house.kit.caller(&house.app, person, role).await;
    Subject { name: name.to_owned(), caller, live: true, person: Some(person), role, integration: false, program: None }
}

async fn program(house: &House, name: &str, person: PersonId, role: Option<Role>) -> Subject {
    let desk = house.desk();
    let token = desk::program_token(&desk.store, &*desk.clock, &*desk.chance, person, role).await.expect("a token");
    let caller = house.stranger().with_bearer(token.clone());
    Subject {
        name: name.to_owned(),
        caller,
        live: true,
        person: Some(person),
        role,
        integration: false,
        program: Some(token),
    }
}
