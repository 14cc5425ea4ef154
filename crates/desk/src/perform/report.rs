//! What a service of the court reports becomes an act: by the same way as what people do, in the name of the member whom it is about.

use court::{Actor, MemberId, Refusal, Report, Room, RoomId, Scene, UploadId, act};
use store::Append;
use tracing::info;

use super::{Attempt, Slot, follow, seal};
use crate::{Desk, Problem};

impl Desk {
    /// Performs what a service reports. Returns only when it is durable. No request of a person leads here.
    ///
    /// Told twice it is one act: the court refuses the second one, because it does not fit what has happened any more.
    ///
    /// # Errors
    /// The refusal of the court, 404 when there is no such room, 503 when nothing could be stored.
    pub async fn report(&self, room: RoomId, report: Report) -> Result<(), Problem> {
        self.report_using(room, report, Vec::new()).await
    }

    /// The same of something that shows files which were uploaded: they belong to the record from then on.
    ///
    /// # Errors
    /// As [`Desk::report`].
    pub async fn report_using(&self, room: RoomId, report: Report, uploads: Vec<UploadId>) -> Result<(), Problem> {
        let desk = self.clone();
        let performing = async move { desk.report_to_the_end(room, report, &uploads).await };
        // A panic in there has been logged where it happened.
        tokio::spawn(performing).await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    async fn report_to_the_end(&self, room: RoomId, report: Report, uploads: &[UploadId]) -> Result<(), Problem> {
        let slot = self.slot(room).await?.ok_or_else(Problem::not_found)?;
        let Some(actor) = self.reported_actor(&slot, &report).await? else { return Err(Refusal::CallOver.into()) };
        let decide = |ahead: &Room, attempt: &Attempt| {
            let facts = court::Facts::default();
            let scene = Scene { room: ahead, actor: &actor, facts: &facts, policy: &self.policy, now: attempt.now };
            let decided = act::report(&scene, report.clone())?;
            seal::seal(&self.config.court.code, ahead, &actor, decided, attempt.id, attempt.now, attempt.salts)
        };
        let append = |ahead: &Room, sealed: &seal::Sealed| {
            let act = &sealed.act;
            info!(room.id = %room, act.seq, act.kind = act.body.kind().code(), "Report decided");
            let effects = follow::effects(act, ahead, &self.policy, uploads);
            let append = Append {
                record: act.room.0,
                founding: None,
                expected: sealed.expected,
                jobs: follow::jobs(act, &effects, sealed.row.at),
                effects,
                answer: None,
                acts: vec![sealed.row.clone()],
            };
            Ok(((), append))
        };
        self.settle(room, decide, append).await
    }

    /// The member whom the report is about, also when their membership has ended since.
    async fn reported_actor(&self, slot: &Slot, report: &Report) -> Result<Option<Actor>, Problem> {
        if let Some(by) = report.by() {
            let person = self.store.person(by.person).await?.ok_or_else(Problem::internal)?;
            let (member, name, capacity) = (by.member, by.name.clone(), by.capacity);
            return Ok(Some(Actor { member, person: person.id, pseudonym: person.pseudonym, name, capacity }));
        }
        let room = slot.durable();
        let found = report.actor(&room).and_then(|id: MemberId| room.ever().find(|member| member.id == id));
        let Some((member, person)) = found.and_then(|member| Some((member, member.person?))) else { return Ok(None) };
        let person = self.store.person(person).await?.ok_or_else(Problem::internal)?;
        Ok(Some(Actor {
            member: member.id,
            person: person.id,
            pseudonym: person.pseudonym,
            name: member.name.clone(),
            capacity: member.capacity,
        }))
    }
}
