//! What a service of the court reports becomes an act: by the same way as what people do, in the name of the member whom it is about.

use court::{Actor, MemberId, Refusal, Report, Room, RoomId, Scene, act};
use store::{Append, AppendError};
use tracing::{info, warn};

use super::{ATTEMPTS, Slot, follow, not_stored, seal};
use crate::{Desk, Problem};

impl Desk {
    /// Performs what a service reports. Returns only when it is durable. No request of a person leads here.
    ///
    /// Told twice it is one act: the court refuses the second one, because it does not fit what has happened any more.
    ///
    /// # Errors
    /// The refusal of the court, 404 when there is no such room, 503 when nothing could be stored.
    pub async fn report(&self, room: RoomId, report: Report) -> Result<(), Problem> {
        let desk = self.clone();
        let performing = async move { desk.report_to_the_end(room, report).await };
        // A panic in there has been logged where it happened.
        tokio::spawn(performing).await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    async fn report_to_the_end(&self, room: RoomId, report: Report) -> Result<(), Problem> {
        for _ in 0..ATTEMPTS {
            let slot = self.slot(room).await?.ok_or_else(Problem::not_found)?;
            let Some(actor) = self.reported_actor(&slot, &report).await? else { return Err(Refusal::CallOver.into()) };
            let salts = (self.chance.bytes(), self.chance.bytes());
            let now = self.now();
            let id = self.chance.ordered_id(now);
            let decide = |ahead: &Room| {
                let facts = court::Facts::default();
                let scene = Scene { room: ahead, actor: &actor, facts: &facts, policy: &self.policy, now };
                let decided = act::report(&scene, report.clone())?;
                seal::seal(&self.config.court.code, ahead, &actor, decided, id.into(), now, salts)
            };
            let submit = |ahead: &Room, sealed: &seal::Sealed| {
                let append = Append {
                    record: sealed.act.room.0,
                    founding: None,
                    expected: sealed.expected,
                    effects: follow::effects(&sealed.act, ahead, &[]),
                    jobs: follow::jobs(&sealed.act, sealed.row.at),
                    answer: None,
                    acts: vec![sealed.row.clone()],
                };
                Ok((sealed.act.body.kind(), self.store.append(append)))
            };
            let (kind, pending, epoch) = slot.decide(decide, submit, &self.policy)?;
            match pending.await {
                Ok(()) => {
                    info!(room.id = %room, act.kind = kind.code(), "Report recorded");
                    crate::metrics::act(kind.code());
                    self.keep_snapshot(&slot);
                    return Ok(());
                }
                Err(AppendError::Conflict) => slot.drop_undurable(epoch),
                Err(error) => {
                    slot.drop_undurable(epoch);
                    warn!(room.id = %room, %error, "Report not stored");
                    return Err(not_stored(error));
                }
            }
        }
        Err(Problem::unavailable())
    }

    /// The member whom the report is about, also when their membership has ended since.
    async fn reported_actor(&self, slot: &Slot, report: &Report) -> Result<Option<Actor>, Problem> {
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
