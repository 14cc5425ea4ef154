//! The one way to write: load, decide, append, announce.
//!
//! The acts of one room are decided one after another in memory, each on a state into which those still on their way to the disk are
//! already folded, and no lock is held while the disk works. What was authorised is exactly what is committed: the store refuses a
//! part whose head has moved, the state is then reloaded and the act decided again.

mod backlog;
mod follow;
mod hub;
mod keys;
mod outside;
mod read;
mod report;
mod seal;
mod settle;
mod slot;
mod standing;

pub use hub::Hub;
pub use keys::Turn;
pub use read::{AsStored, stored_act};
use settle::Attempt;
pub(crate) use slot::{Slot, Touched, Watcher};

use std::collections::BTreeMap;

use court::consent::{State, To};
use court::inbox::Reminding;
use court::{Act, Actor, CaseFile, Facts, Kind, Member, Proposal, Room, RoomId, Scene, act, sitting};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{Answer, Append, AppendError, Effect, NewRoom, StoreError};
use time::OffsetDateTime;
use tracing::{info, warn};
use utoipa::ToSchema;

use crate::rim::IdempotencyKey;
use crate::{Acting, Desk, Problem, uploads};

/// What a person is told about an act that is durable: keep it, it proves that the court has the act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// The room that the act belongs to.
    pub room: RoomId,
    /// The actor's own number of the act.
    pub seq: u64,
    pub id: court::ActId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Leaf hash: SHA-256 of the act's leaf (see docs/record-format.md).
    #[schema(value_type = String)]
    pub leaf: Hash,
}

/// Somebody in a room, looked up for one request.
#[derive(Clone, Debug)]
pub struct Inside {
    pub(crate) slot: std::sync::Arc<Slot>,
    /// The room as it is durable.
    pub room: std::sync::Arc<Room>,
    pub actor: Actor,
    /// When the reading ends, of somebody who oversees from outside the case; none for members.
    pub until: Option<OffsetDateTime>,
}

impl Inside {
    /// The actor as somebody who looks.
    pub fn viewer(&self) -> court::Viewer {
        court::Viewer { member: self.actor.member, capacity: self.actor.capacity }
    }

    /// Whether a member of the room has a live socket open.
    pub fn online(&self, member: court::MemberId) -> bool {
        self.slot.online(member)
    }
}

impl Desk {
    /// The room, for a person who is a member of it in the role that they act in, or who oversees it at this moment (SR-23).
    ///
    /// # Errors
    /// 404 for everybody else, as if there were no such room.
    pub async fn enter(&self, acting: &Acting, room: RoomId) -> Result<Inside, Problem> {
        let slot = self.slot(room).await?.ok_or_else(Problem::not_found)?;
        let state = slot.durable();
        let (actor, until) = who(acting, &state, self.now()).ok_or_else(Problem::not_found)?;
        Ok(Inside { slot, room: state, actor, until })
    }

    /// Performs an act in a room. Returns only when it is durable.
    ///
    /// Runs to its end even when the caller goes away: what has been handed to the writer must be taken back if it is refused.
    ///
    /// # Errors
    /// The refusal of the court, 404 for strangers, 422 for a reused key, 503 when nothing could be stored; then nothing was stored.
    pub async fn perform(
        &self,
        acting: &Acting,
        room: RoomId,
        key: &IdempotencyKey,
        proposal: Proposal,
    ) -> Result<Receipt, Problem> {
        let (desk, acting, key) = (self.clone(), acting.clone(), key.clone());
        let performing = async move { desk.perform_to_the_end(&acting, room, &key, proposal).await };
        // A panic in there has been logged where it happened.
        tokio::spawn(performing).await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    async fn perform_to_the_end(
        &self,
        acting: &Acting,
        room: RoomId,
        key: &IdempotencyKey,
        proposal: Proposal,
    ) -> Result<Receipt, Problem> {
        let _timer = crate::metrics::ack_timer();
        let request = hash_of(&(room, &proposal));
        let _turn = self.hub.keys.turn(acting.person, key.as_str()).await;
        // No key has a space in it: what is counted of a person's reminders and what is granted stay together (SR-48).
        let _reminding =
            if proposal.reminds() { Some(self.turn(acting.person, "strong reminders").await) } else { None };
        // The relation comes before the key, so that an old answer tells an ended member nothing.
        self.enter(acting, room).await?;
        let done = self.decide_and_append(acting, room, key, request, &proposal).await;
        self.or_earlier(acting, key, request, done).await
    }

    /// What was answered to the same request before, where it could not be done now. Most keys are new, so it is tried first: what was
    /// done before cannot be stored again under its key.
    async fn or_earlier(
        &self,
        acting: &Acting,
        key: &IdempotencyKey,
        request: Hash,
        done: Result<Receipt, Problem>,
    ) -> Result<Receipt, Problem> {
        let Err(problem) = done else { return done };
        match self.store.answer(acting.person, key.as_str()).await? {
            Some(answer) => earlier(answer, request),
            None => {
                if problem.status() == axum::http::StatusCode::FORBIDDEN {
                    crate::metrics::denied(problem.code());
                }
                Err(problem)
            }
        }
    }

    async fn decide_and_append(
        &self,
        acting: &Acting,
        room: RoomId,
        key: &IdempotencyKey,
        request: Hash,
        proposal: &Proposal,
    ) -> Result<Receipt, Problem> {
        let facts = self.facts(acting, proposal, room).await?;
        let proof = self.step_up_proof(acting, room, proposal).await?;
        let facts = Facts { step_up: proof.map(|(method, _)| method), ..facts };
        let decide = |ahead: &Room, attempt: &Attempt| {
            let (actor, _) = who(acting, ahead, attempt.now).ok_or_else(Problem::not_found)?;
            let scene = Scene { room: ahead, actor: &actor, facts: &facts, policy: &self.policy, now: attempt.now };
            let decided = act::decide(&scene, proposal.clone())?;
            seal::seal(&self.config.court.code, ahead, &actor, decided, attempt.id, attempt.now, attempt.salts)
        };
        let append = |ahead: &Room, sealed: &seal::Sealed| {
            let receipt = receipt(ahead, &sealed.act)?;
            let mut effects = follow::effects(&sealed.act, ahead, &self.policy, proposal.uploads());
            effects.extend(proof.map(|(_, id)| Effect::StepUpUsed { id, at: sealed.row.at }));
            let append = self.append(acting, key, request, sealed, &receipt, effects)?;
            Ok((receipt, append))
        };
        self.settle(room, decide, append).await
    }

    /// Schedules a sitting of a case: founds a room whose first act it is.
    ///
    /// # Errors
    /// As [`Desk::perform`].
    pub async fn found(
        &self,
        acting: &Acting,
        case: CaseFile,
        key: &IdempotencyKey,
        asked: sitting::Schedule,
    ) -> Result<Receipt, Problem> {
        let request = hash_of(&(case.title.id, &asked));
        let _turn = self.hub.keys.turn(acting.person, key.as_str()).await;
        let done = self.decide_and_found(acting, case, key, request, asked).await;
        self.or_earlier(acting, key, request, done).await
    }

    async fn decide_and_found(
        &self,
        acting: &Acting,
        case: CaseFile,
        key: &IdempotencyKey,
        request: Hash,
        asked: sitting::Schedule,
    ) -> Result<Receipt, Problem> {
        let me = case.participants.iter().find(|participant| {
            participant.person == acting.person && participant.capacity.role() == acting.role && !participant.ended
        });
        let mut actor = Actor::from(me.ok_or_else(Problem::not_found)?);
        actor.pseudonym = acting.pseudonym.clone();
        let now = self.now();
        let id = RoomId(self.chance.id());
        let empty = Room::empty(id);
        let case_id = case.title.id;
        let facts = Facts { case: Some(case), ..Facts::default() };
        let scene = Scene { room: &empty, actor: &actor, facts: &facts, policy: &self.policy, now };
        let decided = act::decide(&scene, Proposal::SittingSchedule(asked))?;
        let salts = (self.chance.bytes(), self.chance.bytes());
        let act_id = self.chance.ordered_id(now).into();
        let sealed = seal::seal(&self.config.court.code, &empty, &actor, decided, act_id, now, salts)?;
        let mut room = empty;
        room.fold(&sealed.act, &self.policy);
        let receipt = receipt(&room, &sealed.act)?;
        let effects = follow::effects(&sealed.act, &room, &self.policy, &[]);
        let mut append = self.append(acting, key, request, &sealed, &receipt, effects)?;
        append.founding = Some(NewRoom {
            case: case_id,
            kind: "micro_court".to_owned(),
            opens_at: court::beijing::micros(room.opens_at),
            closes_at: court::beijing::micros(room.closes_at),
        });
        match self.store.append(append).await {
            Ok(()) => {
                info!(room.id = %id, "Sitting scheduled");
                Ok(receipt)
            }
            Err(AppendError::Duplicate(answer)) => earlier(answer, request),
            Err(error) => {
                warn!(room.id = %id, %error, "Sitting not stored");
                Err(not_stored(error))
            }
        }
    }

    /// An act as it goes to the writer, with everything that follows it.
    fn append(
        &self,
        acting: &Acting,
        key: &IdempotencyKey,
        request: Hash,
        sealed: &seal::Sealed,
        receipt: &Receipt,
        effects: Vec<Effect>,
    ) -> Result<Append, Problem> {
        let act = &sealed.act;
        info!(room.id = %act.room, act.seq, act.kind = act.body.kind().code(), member.id = %act.actor, "Act decided");
        Ok(Append {
            record: act.room.0,
            founding: None,
            expected: sealed.expected,
            jobs: follow::jobs(act, &effects, sealed.row.at),
            effects,
            answer: Some(Answer {
                person: acting.person,
                key: key.as_str().to_owned(),
                request,
                response: seal::json(receipt)?,
                at: sealed.row.at,
            }),
            acts: vec![sealed.row.clone()],
        })
    }

    /// What the decision needs to know from outside the room.
    async fn facts(&self, acting: &Acting, proposal: &Proposal, room: RoomId) -> Result<Facts, Problem> {
        let mut files = BTreeMap::new();
        // More than an act may carry are refused by the court; they need not all be looked for.
        for upload in proposal.uploads().iter().take(court::matter::FILES_LIMIT + 1) {
            if let Some(file) = uploads::finished_file(self, acting.person, *upload).await? {
                files.insert(*upload, file);
            }
        }
        if !files.is_empty() {
            let inside = self.enter(acting, room).await?;
            if let Some(title) = &inside.room.case {
                let size = files.values().map(|file| file.size).sum();
                uploads::check_case(self, title.id, size).await?;
            }
        }
        let case = match proposal.kind() {
            Kind::MemberAdmit => {
                let inside = self.enter(acting, room).await?;
                match &inside.room.case {
                    Some(title) => self.case_file(title.id).await?,
                    None => None,
                }
            }
            _ => None,
        };
        let calls = proposal.kind() == Kind::CallStart && self.phone.is_some();
        let proof = calls.then(|| four_digits(self.chance.bytes()));
        let entry = self.entry(acting, proposal, room).await?;
        let reminding = if proposal.reminds() { self.reminding(acting, room).await? } else { Reminding::default() };
        let signs = matches!(proposal.kind(), Kind::SignatureReserve | Kind::SignatureConfirm);
        let specimen = if signs { self.specimen(acting.person).await? } else { None };
        let mut facts = Facts { case, files, entry, proof, reminding, specimen, ..Facts::default() };
        if proposal.kind() == Kind::DomicileConfirm {
            facts.domicile = self.domicile_listed(acting.person).await?;
            facts.electronic_service = self.agreed_in_case(acting, room, To::ElectronicService).await?;
        }
        Ok(facts)
    }

    /// Whether the actor has agreed to something in any room of this room's case, and stands by it.
    async fn agreed_in_case(&self, acting: &Acting, room: RoomId, to: To) -> Result<bool, Problem> {
        let inside = self.enter(acting, room).await?;
        let Some(case) = &inside.room.case else { return Ok(false) };
        let answers = self.store.consents_in(case.id).await?;
        // The latest answer holds.
        let mine = answers.into_iter().find(|row| row.member == inside.actor.member && row.what == to.code());
        Ok(mine.and_then(|row| State::from_code(&row.state)).is_some_and(State::holds))
    }

    /// The strong reminders that were granted in a room's case, by the actor, and to the room's members, within the last 24 hours.
    async fn reminding(&self, acting: &Acting, room: RoomId) -> Result<Reminding, Problem> {
        let inside = self.enter(acting, room).await?;
        let Some(case) = &inside.room.case else { return Ok(Reminding::default()) };
        let people: Vec<_> = inside.room.present().filter_map(|member| member.person).collect();
        let since = court::beijing::micros(self.now() - time::Duration::days(1));
        let granted = self.store.strong_reminders_since(since, case.id, acting.person, &people).await?;
        Ok(Reminding { muted: !self.config.strong_reminders, granted })
    }

    /// The entry of the case's dossier that a proposal is about, as it stands now.
    async fn entry(
        &self,
        acting: &Acting,
        proposal: &Proposal,
        room: RoomId,
    ) -> Result<Option<court::dossier::Entry>, Problem> {
        if !proposal.kind().is_about_dossier() {
            return Ok(None);
        }
        let inside = self.enter(acting, room).await?;
        match (proposal.entry(&inside.room), &inside.room.case) {
            (Some(entry), Some(case)) => Ok(self.store.dossier_entry(case.id, entry).await?),
            _ => Ok(None),
        }
    }
}

/// As whom somebody is in a room, and until when if that ends by itself.
fn who(acting: &Acting, room: &Room, now: OffsetDateTime) -> Option<(Actor, Option<OffsetDateTime>)> {
    if let Some(member) = room.member_of(acting.person, acting.role) {
        return Some((actor(acting, member), None));
    }
    let overseer = room.overseer_of(acting.person, acting.role, now)?;
    let (member, capacity) = (overseer.id, court::Capacity::Overseer);
    let (person, pseudonym, name) = (acting.person, acting.pseudonym.clone(), overseer.name.clone());
    Some((Actor { member, person, pseudonym, name, capacity }, Some(overseer.until)))
}

/// The actor that a member is.
pub(crate) fn actor(acting: &Acting, member: &Member) -> Actor {
    Actor {
        member: member.id,
        person: acting.person,
        pseudonym: acting.pseudonym.clone(),
        name: member.name.clone(),
        capacity: member.capacity,
    }
}

/// Four decimal digits; the unevenness of the remainder is one in 10^15.
fn four_digits(random: [u8; 8]) -> String {
    format!("{:04}", u64::from_be_bytes(random) % 10_000)
}

fn receipt(room: &Room, act: &Act) -> Result<Receipt, Problem> {
    let seq = room.dense(act.actor, act.seq).ok_or_else(Problem::internal)?;
    Ok(Receipt { room: act.room, seq, id: act.id, at: act.at, leaf: act.leaf })
}

/// The answer that was given to the same request before (SR-39).
fn earlier(answer: Answer, request: Hash) -> Result<Receipt, Problem> {
    if answer.request != request {
        return Err(Problem::new(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。",
        ));
    }
    serde_json::from_str(&answer.response).map_err(|_| Problem::internal())
}

fn not_stored(error: AppendError) -> Problem {
    match error {
        AppendError::Full => StoreError::Full.into(),
        AppendError::Invalid(_) => Problem::internal(),
        _ => Problem::unavailable(),
    }
}

fn hash_of(request: &impl Serialize) -> Hash {
    Hash::of(&serde_json::to_vec(request).expect("requests that were read from JSON can be written as JSON"))
}
