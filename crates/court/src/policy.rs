//! Who may do and see what, when: `policy.toml`, read and checked.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::act::{Kind, Scene};
use crate::notice::Notice;
use crate::{Capacity, Phase, PrivateMessages, Refusal, Role};

/// The version of [`crate::Room::fold`]: raised whenever the same acts would fold to another state.
const FOLD: u32 = 6;

/// The policy of a court. Built from `policy.toml` and the notices of `catalog/`.
#[derive(Clone, Debug)]
pub struct Policy {
    groups: BTreeMap<String, BTreeSet<Capacity>>,
    acts: BTreeMap<(Kind, Phase), BTreeSet<Capacity>>,
    operations: BTreeMap<String, Operation>,
    wait_for_start: BTreeSet<Capacity>,
    read_notice: BTreeSet<Capacity>,
    reserve_signature: BTreeSet<Capacity>,
    address_bench: BTreeSet<Capacity>,
    write_privately: BTreeSet<Capacity>,
    be_written_to: BTreeSet<Capacity>,
    be_called: BTreeSet<Capacity>,
    review_identity: BTreeSet<Capacity>,
    offices: Offices,
    private_messages: PrivateMessages,
    notice: Notice,
    fingerprint: record::Hash,
}

/// Who may call an operation of the API, before any act is decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// How the caller must stand to the object.
    pub relation: Relation,
    /// What kind of object it is, in a word.
    pub object: String,
    /// What the operation does to it: `read`, `act`, `own` or `keep`.
    pub effect: Effect,
}

/// How a caller stands to the object of an operation. Each includes what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Anybody, logged in or not.
    Anyone,
    /// Somebody who has logged in.
    Account,
    /// Somebody who has logged in and has chosen a role.
    Acting,
    /// A participant of the case, in the role that they act in.
    Participant,
    /// A participant of the case whom policy counts to the bench, in the role that they act in.
    Bench,
    /// A member of the room, in the role that they act in. (Includes a participant, not the bench.)
    Member,
    /// The person who made the object.
    Owner,
    /// A service that the court uses, which proves itself by a key of its own and is nobody's account. It includes nothing.
    Service,
    /// A clerk to whom the report came.
    Handler,
    /// Somebody acting in a role in which people's identity is reviewed.
    Reviewer,
    /// Somebody acting in a role that may read cases from outside, for a reason (SR-23).
    Supervisor,
    /// Somebody acting in a role that keeps the list of the court's staff.
    Administrator,
    /// Somebody acting in a role that answers what people write about the program.
    Helper,
    /// A program of the court with a token of its own; no person.
    Integration,
}

impl Relation {
    /// The name in `policy.toml` and in the OpenAPI document.
    pub fn code(self) -> &'static str {
        match self {
            Relation::Anyone => "anyone",
            Relation::Account => "account",
            Relation::Acting => "acting",
            Relation::Participant => "participant",
            Relation::Bench => "bench",
            Relation::Member => "member",
            Relation::Owner => "owner",
            Relation::Service => "service",
            Relation::Handler => "handler",
            Relation::Reviewer => "reviewer",
            Relation::Supervisor => "supervisor",
            Relation::Administrator => "administrator",
            Relation::Helper => "helper",
            Relation::Integration => "integration",
        }
    }
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Reads only.
    Read,
    /// Performs an act: the rows under `[acts]` decide further.
    Act,
    /// Changes what belongs to the caller alone (session, read mark, upload, report).
    Own,
    /// Writes into the court's books beside the records: cases and who takes part, answers to reports.
    Keep,
}

impl Effect {
    /// The name in `policy.toml` and in the OpenAPI document.
    pub fn code(self) -> &'static str {
        match self {
            Effect::Read => "read",
            Effect::Act => "act",
            Effect::Own => "own",
            Effect::Keep => "keep",
        }
    }
}

/// What is wrong with a policy file.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("policy.toml cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error("policy.toml names {0:?}, which is neither a group nor a capacity")]
    UnknownName(String),
    #[error("policy.toml has a row for {0:?}, which is no kind of act")]
    UnknownKind(String),
    #[error("policy.toml has no row for {0:?}")]
    MissingKind(&'static str),
    #[error("policy.toml names the phase {0:?}, which does not exist")]
    UnknownPhase(String),
    #[error("policy.toml names {0:?}, which is no role")]
    UnknownRole(String),
    #[error("policy.toml lacks the group {0:?}")]
    MissingGroup(&'static str),
    #[error(transparent)]
    Notice(#[from] crate::notice::NoticeError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    groups: BTreeMap<String, Vec<String>>,
    entry: Entry,
    private: Private,
    calls: Calls,
    review: Review,
    offices: OfficeNames,
    acts: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    operations: BTreeMap<String, Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    wait_for_start: Vec<String>,
    read_notice: Vec<String>,
    reserve_signature: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    address_bench: Vec<String>,
    write: Vec<String>,
    be_written_to: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calls {
    be_called: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    identity: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeNames {
    oversee: Vec<String>,
    told_of_oversight: Vec<String>,
    administer: Vec<String>,
    answer_feedback: Vec<String>,
}

/// What roles may do for the court as a whole.
#[derive(Clone, Debug)]
struct Offices {
    oversee: BTreeSet<Role>,
    told_of_oversight: BTreeSet<Role>,
    administer: BTreeSet<Role>,
    answer_feedback: BTreeSet<Role>,
}

impl Policy {
    /// The policy that this program ships.
    pub fn builtin() -> Policy {
        Policy::parse(include_str!("../../../policy.toml"), include_str!("../../../catalog/entry-notice.md"))
            .expect("the shipped policy is tested")
    }

    /// Reads a policy file and the entry notice.
    ///
    /// # Errors
    /// When a name is unknown or a kind of act has no row: nothing is allowed or forbidden by a slip of the pen.
    pub fn parse(policy: &str, notice: &str) -> Result<Policy, PolicyError> {
        let file: File = toml::from_str(policy)?;
        let mut groups = BTreeMap::new();
        for (name, members) in &file.groups {
            let set = capacities(members, &groups)?;
            groups.insert(name.clone(), set);
        }
        for needed in ["judge", "clerk", "bench", "parties", "agents"] {
            if !groups.contains_key(needed) {
                return Err(PolicyError::MissingGroup(needed));
            }
        }
        let mut acts = BTreeMap::new();
        for (code, row) in &file.acts {
            let kind = Kind::ALL.iter().find(|kind| kind.code() == code);
            let kind = *kind.ok_or_else(|| PolicyError::UnknownKind(code.clone()))?;
            for (phase, names) in row {
                let phase = Phase::ALL.into_iter().find(|known| known.code() == phase);
                let phase = phase.ok_or_else(|| PolicyError::UnknownPhase(code.clone()))?;
                acts.insert((kind, phase), capacities(names, &groups)?);
            }
        }
        for kind in Kind::ALL {
            if !file.acts.contains_key(kind.code()) {
                return Err(PolicyError::MissingKind(kind.code()));
            }
        }
        Ok(Policy {
            wait_for_start: capacities(&file.entry.wait_for_start, &groups)?,
            read_notice: capacities(&file.entry.read_notice, &groups)?,
            reserve_signature: capacities(&file.entry.reserve_signature, &groups)?,
            address_bench: capacities(&file.private.address_bench, &groups)?,
            write_privately: capacities(&file.private.write, &groups)?,
            be_written_to: capacities(&file.private.be_written_to, &groups)?,
            be_called: capacities(&file.calls.be_called, &groups)?,
            review_identity: capacities(&file.review.identity, &groups)?,
            offices: Offices {
                oversee: roles(&file.offices.oversee)?,
                told_of_oversight: roles(&file.offices.told_of_oversight)?,
                administer: roles(&file.offices.administer)?,
                answer_feedback: roles(&file.offices.answer_feedback)?,
            },
            private_messages: PrivateMessages::default(),
            operations: file.operations,
            groups,
            acts,
            notice: Notice::parse(notice)?,
            fingerprint: record::Hash::of(format!("{FOLD}\n{policy}\n{notice}").as_bytes()),
        })
    }

    /// The same policy in a court that treats private messages to those who judge in this way.
    pub fn with_private_messages(self, private_messages: PrivateMessages) -> Policy {
        Policy { private_messages, ..self }
    }

    /// Whether the actor may do this kind of act in the room as it is now.
    ///
    /// # Errors
    /// The reason, in the order in which a person meets it: not yet begun, notice not read, not in this capacity, not now.
    pub fn permit(&self, kind: Kind, scene: &Scene<'_>) -> Result<(), Refusal> {
        let capacity = scene.actor.capacity;
        if !kind.is_done_outside() {
            self.enter(scene)?;
            if kind != Kind::NoticeAcknowledge && self.must_read_notice(scene) {
                return Err(Refusal::NoticeRequired);
            }
        }
        let phase = scene.room.phase(scene.now);
        if self.allows(kind, phase, capacity) {
            return Ok(());
        }
        let room = scene.room;
        Err(match (self.ever_allows(kind, capacity), kind.is_speech()) {
            (true, _) if (kind, phase) == (Kind::MatterAnswer, Phase::Ended) => {
                Refusal::AnswerAfterEnd { closes_at: room.closes_at }
            }
            (true, true) => Refusal::NotOpen { phase, opens_at: room.opens_at, closes_at: room.closes_at },
            (true, false) => Refusal::NotInThisPhase { phase },
            (false, _) => Refusal::NotForCapacity { label: capacity.label() },
        })
    }

    /// Whether the actor may come in at all: visitors wait for the start (manual S0 二, 特别说明 1).
    ///
    /// # Errors
    /// [`Refusal::NotStarted`] with the time at which to come.
    pub fn enter(&self, scene: &Scene<'_>) -> Result<(), Refusal> {
        let early = scene.room.phase(scene.now) == Phase::Scheduled;
        if early && self.wait_for_start.contains(&scene.actor.capacity) {
            return Err(Refusal::NotStarted { opens_at: scene.room.opens_at });
        }
        Ok(())
    }

    /// Whether the actor still has to read and accept the entry notice.
    pub fn must_read_notice(&self, scene: &Scene<'_>) -> bool {
        self.read_notice.contains(&scene.actor.capacity) && !scene.room.has_acknowledged(scene.actor.member)
    }

    /// The bare table: kind of act × phase × capacity.
    pub fn allows(&self, kind: Kind, phase: Phase, capacity: Capacity) -> bool {
        self.acts.get(&(kind, phase)).is_some_and(|capacities| capacities.contains(&capacity))
    }

    /// Whether this capacity may do this kind of act in any phase.
    pub fn ever_allows(&self, kind: Kind, capacity: Capacity) -> bool {
        Phase::ALL.into_iter().any(|phase| self.allows(kind, phase, capacity))
    }

    /// Changes whenever the policy or the way of folding does: a state that was folded under another one is not this one's.
    pub fn fingerprint(&self) -> record::Hash {
        self.fingerprint
    }

    /// The operations of the API and who may call them, by operation id.
    pub fn operations(&self) -> &BTreeMap<String, Operation> {
        &self.operations
    }

    /// The entry notice.
    pub fn entry_notice(&self) -> &Notice {
        &self.notice
    }

    /// Whether the policy calls this capacity a judge who conducts proceedings.
    pub fn is_judge(&self, capacity: Capacity) -> bool {
        self.in_group("judge", capacity)
    }

    /// Whether the policy calls this capacity a party.
    pub fn is_party(&self, capacity: Capacity) -> bool {
        self.in_group("parties", capacity)
    }

    /// Whether the policy calls this capacity a clerk.
    pub fn is_clerk(&self, capacity: Capacity) -> bool {
        self.in_group("clerk", capacity)
    }

    /// Whether private messages to this capacity are also seen by the clerk: to those who judge (architecture 5, no. 86), so that nobody
    /// speaks with one of them unheard.
    pub fn is_heard_by_clerk(&self, capacity: Capacity) -> bool {
        self.is_bench(capacity) && !self.is_clerk(capacity)
    }

    /// Whether this capacity also sees a private message to somebody who judges.
    pub fn hears_with_judges(&self, capacity: Capacity) -> bool {
        let of_a_side = || self.in_group("parties", capacity) || self.in_group("agents", capacity);
        self.is_clerk(capacity) || (self.private_messages == PrivateMessages::Disclosed && of_a_side())
    }

    /// Whether this court refuses private messages to this capacity because it judges.
    pub fn hears_in_public_only(&self, capacity: Capacity) -> bool {
        self.private_messages == PrivateMessages::Forbidden && self.is_heard_by_clerk(capacity)
    }

    /// Whether the policy counts this capacity to the bench, whose notes it may read.
    pub fn is_bench(&self, capacity: Capacity) -> bool {
        self.in_group("bench", capacity)
    }

    /// Whether this capacity may write to the bench alone.
    pub fn may_address_bench(&self, capacity: Capacity) -> bool {
        self.address_bench.contains(&capacity)
    }

    /// Whether this capacity may send private messages (私信).
    pub fn may_write_privately(&self, capacity: Capacity) -> bool {
        self.write_privately.contains(&capacity)
    }

    /// Whether private messages may be sent to this capacity: parties yes, witnesses no (architecture 5, no. 92).
    pub fn may_be_written_to(&self, capacity: Capacity) -> bool {
        self.be_written_to.contains(&capacity)
    }

    /// Whether this capacity is asked to reserve a signature on coming in.
    pub fn asks_for_signature(&self, capacity: Capacity) -> bool {
        self.reserve_signature.contains(&capacity)
    }

    /// Whether this capacity may be called (虚拟电话).
    pub fn may_be_called(&self, capacity: Capacity) -> bool {
        self.be_called.contains(&capacity)
    }

    /// Whether somebody who acts in this role reviews people's identity (人工审核).
    pub fn reviews_identity(&self, role: Role) -> bool {
        self.review_identity.iter().any(|capacity| capacity.role() == role)
    }

    /// Whether this role may read a case from outside, for a reason (SR-23).
    pub fn oversees(&self, role: Role) -> bool {
        self.offices.oversee.contains(&role)
    }

    /// The roles whose holders are told when somebody reads a case from outside.
    pub fn told_of_oversight(&self) -> &BTreeSet<Role> {
        &self.offices.told_of_oversight
    }

    /// Whether this role keeps the list of the court's staff.
    pub fn administers(&self, role: Role) -> bool {
        self.offices.administer.contains(&role)
    }

    /// Whether this role answers what people write about the program.
    pub fn answers_feedback(&self, role: Role) -> bool {
        self.offices.answer_feedback.contains(&role)
    }

    /// The roles whose holders are told of what people write about the program.
    pub fn feedback_roles(&self) -> &BTreeSet<Role> {
        &self.offices.answer_feedback
    }

    /// Whether this capacity waits outside until the window begins.
    pub fn waits_for_start(&self, capacity: Capacity) -> bool {
        self.wait_for_start.contains(&capacity)
    }

    /// Whether this capacity must accept the entry notice.
    pub fn reads_notice(&self, capacity: Capacity) -> bool {
        self.read_notice.contains(&capacity)
    }

    fn in_group(&self, group: &str, capacity: Capacity) -> bool {
        self.groups.get(group).is_some_and(|capacities| capacities.contains(&capacity))
    }
}

impl Kind {
    /// Whether it is done without coming into the room: before there is one, from the dossier, which the bench reads at any time
    /// (architecture 5, no. 90), or because a mandate ends whenever one of the two wants it to.
    pub fn is_done_outside(self) -> bool {
        matches!(self, Kind::SittingSchedule | Kind::DossierInspect | Kind::AgencyEnd)
    }

    /// Whether it is about the dossier of the case.
    pub fn is_about_dossier(self) -> bool {
        self.code().starts_with("dossier.")
    }

    /// Whether it is something said or shown to the room.
    pub fn is_speech(self) -> bool {
        self.code().starts_with("speech.")
    }
}

/// Names of roles.
fn roles(names: &[String]) -> Result<BTreeSet<Role>, PolicyError> {
    names.iter().map(|name| Role::from_code(name).ok_or_else(|| PolicyError::UnknownRole(name.clone()))).collect()
}

/// Names of capacities, or of groups that stand before in alphabetical order.
fn capacities(
    names: &[String],
    groups: &BTreeMap<String, BTreeSet<Capacity>>,
) -> Result<BTreeSet<Capacity>, PolicyError> {
    let mut set = BTreeSet::new();
    for name in names {
        if let Some(capacity) = Capacity::from_code(name) {
            set.insert(capacity);
        } else if let Some(group) = groups.get(name) {
            set.extend(group);
        } else {
            return Err(PolicyError::UnknownName(name.clone()));
        }
    }
    Ok(set)
}
