//! What somebody does for a case as a whole is told in each of its rooms: in their name, whether or not they are a member there.

use court::{Actor, Capacity, MemberId, Report, Room, RoomId, Scene, act};
use store::Append;
use tracing::info;

use super::{Attempt, follow, seal};
use crate::{Acting, Desk, Problem};

impl Desk {
    /// Somebody reads a room from outside the case from now on (SR-23). Returns only when the act that says so is durable; done again under
    /// the same id it changes nothing.
    ///
    /// # Errors
    /// The refusal of the court, 404 when there is no such room, 503 when nothing could be stored.
    pub async fn oversee(
        &self,
        acting: &Acting,
        room: RoomId,
        reading: MemberId,
        opening: court::oversight::Opening,
    ) -> Result<(), Problem> {
        if self.room(room).await?.is_some_and(|room| room.is_overseen_as(reading)) {
            return Ok(());
        }
        let actor = Actor {
            member: reading,
            person: acting.person,
            pseudonym: acting.pseudonym.clone(),
            name: acting.name.clone(),
            capacity: Capacity::Overseer,
        };
        self.tell(actor, room, Report::OversightRead(opening)).await
    }

    /// Tells in a room what was done outside of it. No request of a person leads here but through the policy of what was done.
    ///
    /// # Errors
    /// As [`Desk::report`].
    pub async fn tell(&self, actor: Actor, room: RoomId, report: Report) -> Result<(), Problem> {
        let desk = self.clone();
        let telling = async move { desk.tell_to_the_end(&actor, room, &report).await };
        // A panic in there has been logged where it happened.
        tokio::spawn(telling).await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    async fn tell_to_the_end(&self, actor: &Actor, room: RoomId, report: &Report) -> Result<(), Problem> {
        let decide = |ahead: &Room, attempt: &Attempt| {
            let facts = court::Facts::default();
            let scene = Scene { room: ahead, actor, facts: &facts, policy: &self.policy, now: attempt.now };
            let decided = act::report(&scene, report.clone())?;
            seal::seal(&self.config.court.code, ahead, actor, decided, attempt.id, attempt.now, attempt.salts)
        };
        let append = |ahead: &Room, sealed: &seal::Sealed| {
            let act = &sealed.act;
            info!(room.id = %room, act.seq, act.kind = act.body.kind().code(), "Told in a room");
            let effects = follow::effects(act, ahead, &self.policy, &[]);
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
}
