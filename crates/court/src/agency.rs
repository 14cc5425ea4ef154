//! Agents by mandate (委托诉讼代理人): who applied to speak for whom, with which authority, what the court said, and how it ended.
//!
//! An application reaches the record of a room by a report: whoever applies need not be a member yet. The court's decision and the end of a
//! mandate are acts of people; the program carries them into the other rooms of the case. A mandate has one id in all of them.

mod authority;

pub use authority::{Authority, Power, Powers, Scope};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::{Audience, Capacity, File, MandateId, Member, MemberId, PersonId, Policy, Refusal, Role, Room, refusal};

/// How many agents one party may have at once: 民事诉讼法 (2023) 第六十一条.
pub const AGENTS_LIMIT: usize = 2;
/// How many applications a room may have: its state holds them all.
const APPLICATIONS_LIMIT: usize = 200;

/// Who did outside of this room what is told in it: the program reports it in their name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgencyBy)]
pub struct By {
    pub member: MemberId,
    pub person: PersonId,
    pub name: String,
    pub capacity: Capacity,
}

/// An application to act for a party, as the program brings it into a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgencyApply)]
pub struct Apply {
    pub mandate: MandateId,
    /// Who is to act; a member of the room or not yet.
    pub agent: Member,
    /// For whom.
    pub party: MemberId,
    pub authority: Authority,
    /// The 授权委托书.
    pub file: File,
}

/// Somebody applied to act for a party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AgencyApplied)]
pub struct Applied {
    pub mandate: MandateId,
    pub agent: Member,
    pub party: MemberId,
    pub party_name: String,
    pub authority: Authority,
    pub file: File,
}

/// Lets the agent act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgencyApprove)]
pub struct Approve {
    pub mandate: MandateId,
}

/// An agent may act for a party, with this authority and no other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AgencyApproved)]
pub struct Approved {
    pub mandate: MandateId,
    pub agent: Member,
    pub party: MemberId,
    pub party_name: String,
    pub authority: Authority,
    /// Whether the agent comes in with it; else they were a member already.
    pub enters: bool,
}

/// Turns an application down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgencyReject)]
pub struct Reject {
    pub mandate: MandateId,
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// An application was turned down.
pub type Rejected = Reject;

/// Ends a mandate: the party revokes it, the agent resigns, or the court ends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgencyEnd)]
pub struct End {
    pub mandate: MandateId,
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// A mandate ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AgencyEnded)]
pub struct Ended {
    pub mandate: MandateId,
    pub agent: MemberId,
    pub party: MemberId,
    pub cause: Cause,
    pub reason: String,
    /// Whether the agent leaves with it: no other party has given them a mandate.
    pub leaves: bool,
}

/// Whose will ended a mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgencyCause)]
pub enum Cause {
    /// The party's.
    Revoked,
    /// The agent's.
    Resigned,
    /// The court's.
    Court,
}

/// What is told in a room of a case because it was done elsewhere.
#[derive(Clone, Debug)]
pub enum Told {
    Applied(Apply),
    /// Approved in another room of the case.
    Approved(Approved),
    /// Ended in another room of the case.
    Ended(Ended),
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MandateStatus)]
pub enum Status {
    /// The court has not decided.
    Pending,
    Approved,
    Rejected,
    Ended,
}

/// A mandate or an application for one, as the state keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mandate {
    /// The act that brought it into this room.
    pub seq: u64,
    pub agent: Member,
    pub party: MemberId,
    pub party_name: String,
    pub authority: Authority,
    pub status: Status,
    /// Why it was turned down or ended.
    pub reason: Option<String>,
    /// Whether the application itself, with its paper, is in this record.
    pub here: bool,
}

impl Status {
    /// The name in code, on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Approved => "approved",
            Status::Rejected => "rejected",
            Status::Ended => "ended",
        }
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Status::Pending => "待法院审核",
            Status::Approved => "已通过",
            Status::Rejected => "未通过",
            Status::Ended => "已终止",
        }
    }
}

impl Cause {
    fn verb(self) -> &'static str {
        match self {
            Cause::Revoked => "解除",
            Cause::Resigned => "辞去",
            Cause::Court => "终止",
        }
    }
}

impl Mandate {
    /// Whether this viewer knows of it: an application is between those whom it concerns and the bench; who acts for whom is for all.
    pub fn is_seen_by(&self, member: MemberId, capacity: Capacity, policy: &Policy) -> bool {
        let concerned = [self.party, self.agent.id].contains(&member) || policy.is_bench(capacity);
        concerned || matches!(self.status, Status::Approved | Status::Ended)
    }
}

impl Capacity {
    /// The capacity of somebody who acts for one in this capacity.
    pub fn agent(self) -> Option<Capacity> {
        match self {
            Capacity::Plaintiff => Some(Capacity::PlaintiffAgent),
            Capacity::Defendant => Some(Capacity::DefendantAgent),
            Capacity::ThirdParty => Some(Capacity::ThirdPartyAgent),
            _ => None,
        }
    }
}

pub(crate) fn approve(scene: &Scene<'_>, asked: &Approve) -> Result<Decided, Refusal> {
    let mandate = pending(scene, asked.mandate)?;
    may_act(scene.room, asked.mandate, mandate)?;
    let approved = Approved {
        mandate: asked.mandate,
        agent: mandate.agent.clone(),
        party: mandate.party,
        party_name: mandate.party_name.clone(),
        authority: mandate.authority,
        enters: true,
    };
    Ok(admitted(scene, approved))
}

pub(crate) fn reject(scene: &Scene<'_>, asked: &Reject) -> Result<Decided, Refusal> {
    let mandate = pending(scene, asked.mandate)?;
    let reason = refusal::reason(&asked.reason)?;
    let (agent, party) = (&mandate.agent, party_of(scene.room, mandate.party, &mandate.party_name));
    let name = scene.actor.said_name();
    Ok(Decided {
        audience: concerned(scene, agent.id, mandate.party),
        sentence: format!("{name}未批准{}担任{party}的诉讼代理人，理由：{reason}", agent.name),
        hint: format!("{name}处理了一项代理申请"),
        body: Body::AgencyReject(Rejected { mandate: asked.mandate, reason }),
    })
}

pub(crate) fn end(scene: &Scene<'_>, asked: &End) -> Result<Decided, Refusal> {
    let (me, capacity) = (scene.actor.member, scene.actor.capacity);
    let mandate = scene.room.mandate(asked.mandate).filter(|mandate| mandate.status == Status::Approved);
    let mandate = mandate.ok_or(Refusal::MandateUnknown)?;
    let cause = if mandate.party == me {
        Cause::Revoked
    } else if mandate.agent.id == me {
        Cause::Resigned
    } else if scene.policy.is_bench(capacity) {
        Cause::Court
    } else {
        return Err(Refusal::MandateUnknown);
    };
    let reason = refusal::reason(&asked.reason)?;
    let ended = Ended {
        mandate: asked.mandate,
        agent: mandate.agent.id,
        party: mandate.party,
        cause,
        reason,
        leaves: scene.room.only_mandate(asked.mandate, mandate.agent.id),
    };
    Ok(over(scene, mandate, ended))
}

/// What was done elsewhere becomes an act here: once, and only if it fits what has happened here.
pub(crate) fn told(scene: &Scene<'_>, told: Told) -> Result<Decided, Refusal> {
    match told {
        Told::Applied(asked) => apply(scene, asked),
        Told::Approved(approved) => {
            let known = scene.room.mandate(approved.mandate);
            if known.is_some_and(|known| known.status != Status::Pending) {
                return Err(Refusal::MandateDecided);
            }
            scene.room.member(approved.party).ok_or(Refusal::MemberUnknown)?;
            let party = party_of(scene.room, approved.party, &approved.party_name);
            let (agent, authority) = (approved.agent.name.clone(), approved.authority.said());
            let sentence = format!("依据法院的批准，{agent}担任{party}的诉讼代理人，代理权限为{authority}");
            // Nobody decides here: it says what was decided.
            Ok(Decided { sentence: sentence.clone(), hint: sentence, ..admitted(scene, approved) })
        }
        Told::Ended(ended) => {
            let mandate = scene.room.mandate(ended.mandate).filter(|mandate| mandate.status == Status::Approved);
            let mandate = mandate.ok_or(Refusal::MandateUnknown)?;
            let leaves = scene.room.only_mandate(ended.mandate, ended.agent);
            Ok(over(scene, mandate, Ended { leaves, ..ended }))
        }
    }
}

fn apply(scene: &Scene<'_>, asked: Apply) -> Result<Decided, Refusal> {
    if scene.room.mandate(asked.mandate).is_some() {
        return Err(Refusal::MandateDecided);
    }
    if scene.room.agency.0.len() >= APPLICATIONS_LIMIT {
        return Err(Refusal::MandatesTooMany { limit: APPLICATIONS_LIMIT });
    }
    let party = scene.room.member(asked.party).ok_or(Refusal::MemberUnknown)?;
    let (said, party_name) = (format!("{}{}", party.capacity.label(), party.name), party.name.clone());
    let agent = &asked.agent;
    let authority = asked.authority.said();
    let sentence = if scene.actor.member == party.id {
        format!("{said}申请委托{}为诉讼代理人（{authority}）", agent.name)
    } else {
        format!("{}申请担任{said}的诉讼代理人（{authority}）", agent.name)
    };
    Ok(Decided {
        audience: concerned(scene, agent.id, party.id),
        sentence,
        hint: "一项代理申请已提交法院".to_owned(),
        body: Body::AgencyApply(Applied {
            mandate: asked.mandate,
            agent: asked.agent,
            party: asked.party,
            party_name,
            authority: asked.authority,
            file: asked.file,
        }),
    })
}

fn admitted(scene: &Scene<'_>, approved: Approved) -> Decided {
    let enters = scene.room.member(approved.agent.id).is_none();
    let approved = Approved { enters, ..approved };
    let party = party_of(scene.room, approved.party, &approved.party_name);
    let sentence = format!(
        "{}批准{}担任{party}的诉讼代理人，代理权限为{}",
        scene.actor.said_name(),
        approved.agent.name,
        approved.authority.said()
    );
    Decided::open(Body::AgencyApprove(approved), sentence)
}

fn over(scene: &Scene<'_>, mandate: &Mandate, ended: Ended) -> Decided {
    let party = party_of(scene.room, mandate.party, &mandate.party_name);
    let agent = &mandate.agent.name;
    let (verb, reason) = (ended.cause.verb(), &ended.reason);
    let sentence = match ended.cause {
        Cause::Revoked => format!("{party}{verb}对{agent}的委托，理由：{reason}"),
        Cause::Resigned => format!("{agent}{verb}{party}的委托，理由：{reason}"),
        Cause::Court => format!("{}{verb}{agent}对{party}的代理，理由：{reason}", scene.actor.said_name()),
    };
    Decided::open(Body::AgencyEnd(ended), sentence)
}

/// The bench of this moment and those whom it is about.
fn concerned(scene: &Scene<'_>, agent: MemberId, party: MemberId) -> Audience {
    let bench = scene.room.present().filter(|member| scene.policy.is_bench(member.capacity)).map(|member| member.id);
    Audience::Members(bench.chain([agent, party, scene.actor.member]).collect::<BTreeSet<_>>())
}

fn pending<'a>(scene: &Scene<'a>, id: MandateId) -> Result<&'a Mandate, Refusal> {
    let mandate = scene.room.mandate(id).ok_or(Refusal::MandateUnknown)?;
    if mandate.status == Status::Pending { Ok(mandate) } else { Err(Refusal::MandateDecided) }
}

/// What stands in the way of an agent, whatever the paper says.
fn may_act(room: &Room, id: MandateId, mandate: &Mandate) -> Result<(), Refusal> {
    let party = room.member(mandate.party).ok_or(Refusal::MemberUnknown)?;
    if room.agents_of(party, id) >= AGENTS_LIMIT {
        return Err(Refusal::AgentsTooMany { limit: AGENTS_LIMIT });
    }
    if party.capacity.agent() != Some(mandate.agent.capacity) {
        return Err(Refusal::AgentElsewhere { label: mandate.agent.capacity.label() });
    }
    let same_person = |member: &&Member| member.person.is_some() && member.person == mandate.agent.person;
    for other in room.present().filter(same_person) {
        // Whoever judges, mediates or bears witness in a case acts for nobody in it; nor does anybody act for both sides.
        let neutral = matches!(other.capacity.role(), Role::Judge | Role::Clerk | Role::Assessor)
            || matches!(other.capacity, Capacity::Mediator | Capacity::Witness);
        let other_side = match other.capacity.role() {
            Role::Agent => other.capacity != mandate.agent.capacity,
            Role::Party => other.capacity.agent() != Some(mandate.agent.capacity),
            _ => false,
        };
        if neutral || other_side {
            return Err(Refusal::AgentElsewhere { label: other.capacity.label() });
        }
    }
    Ok(())
}

/// 原告甲公司, also after it has left.
fn party_of(room: &Room, party: MemberId, name: &str) -> String {
    let member = room.ever().find(|member| member.id == party);
    member.map_or_else(|| name.to_owned(), |member| format!("{}{}", member.capacity.label(), member.name))
}

/// The mandates of a room, by id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mandates(BTreeMap<MandateId, Mandate>);

impl Room {
    /// The mandate or application with this id.
    pub fn mandate(&self, id: MandateId) -> Option<&Mandate> {
        self.agency.0.get(&id)
    }

    /// Every mandate and application, in the order in which they came.
    pub fn mandates(&self) -> Vec<(MandateId, &Mandate)> {
        let mut all: Vec<_> = self.agency.0.iter().map(|(id, mandate)| (*id, mandate)).collect();
        all.sort_by_key(|(_, mandate)| mandate.seq);
        all
    }

    /// What this agent may do for this party; none where the court keeps no mandate of theirs.
    pub fn authority(&self, agent: MemberId, party: MemberId) -> Option<Authority> {
        let live = self.agency.0.values().filter(|mandate| mandate.status == Status::Approved);
        live.filter(|mandate| mandate.agent.id == agent && mandate.party == party)
            .map(|mandate| mandate.authority)
            .next()
    }

    /// How many act for a party now, this mandate left out. An agent whom the court let in without a mandate counts for the only party of
    /// their side; of several nobody knows which.
    fn agents_of(&self, party: &Member, but: MandateId) -> usize {
        let live = || self.agency.0.iter().filter(|(id, it)| **id != but && it.status == Status::Approved);
        let by_mandate = live().filter(|(_, it)| it.party == party.id).count();
        let alone = self.present().filter(|other| other.capacity == party.capacity).count() == 1;
        let agent = self.agency.0.get(&but).map(|mandate| mandate.agent.id);
        let unrecorded = self.present().filter(|member| {
            let known = live().any(|(_, it)| it.agent.id == member.id) || Some(member.id) == agent;
            Some(member.capacity) == party.capacity.agent() && !known
        });
        by_mandate + if alone { unrecorded.count() } else { 0 }
    }

    /// Whether this agent has no other mandate here.
    fn only_mandate(&self, id: MandateId, agent: MemberId) -> bool {
        let others = self.agency.0.iter().filter(|(other, it)| **other != id && it.status == Status::Approved);
        others.filter(|(_, it)| it.agent.id == agent).count() == 0
    }

    pub(crate) fn agency_applied(&mut self, act: &Act, applied: &Applied) {
        let Applied { mandate, agent, party, party_name, authority, .. } = applied.clone();
        let status = Status::Pending;
        let new = Mandate { seq: act.seq, agent, party, party_name, authority, status, reason: None, here: true };
        self.agency.0.insert(mandate, new);
    }

    pub(crate) fn agency_approved(&mut self, act: &Act, approved: &Approved) {
        let Approved { mandate, agent, party, party_name, authority, enters } = approved.clone();
        if enters {
            self.member_admitted(&crate::member::Admitted { member: agent.clone() });
        }
        let known = self.agency.0.get(&mandate);
        let (seq, here) = known.map_or((act.seq, false), |known| (known.seq, known.here));
        let status = Status::Approved;
        self.agency.0.insert(mandate, Mandate { seq, agent, party, party_name, authority, status, reason: None, here });
    }

    pub(crate) fn agency_rejected(&mut self, rejected: &Rejected) {
        if let Some(mandate) = self.agency.0.get_mut(&rejected.mandate) {
            mandate.status = Status::Rejected;
            mandate.reason = Some(rejected.reason.clone());
        }
    }

    pub(crate) fn agency_ended(&mut self, ended: &Ended, seq: u64) {
        if let Some(mandate) = self.agency.0.get_mut(&ended.mandate) {
            mandate.status = Status::Ended;
            mandate.reason = Some(ended.reason.clone());
        }
        if ended.leaves {
            self.member_ended(&crate::member::End { member: ended.agent, reason: String::new() }, seq);
        }
    }
}
