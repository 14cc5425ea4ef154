//! A court in memory: people, a clock that is moved by hand, acts that speak the court's language.

use std::collections::BTreeMap;

use court::act::{self, Act, Body, Decided};
use court::dossier::Entry;
use court::signature::{Method, Specimen, StepUp};
use court::sitting::Schedule;
use court::speech::{Text, To};
use court::{
    ActId, Actor, Audience, Capacity, CaseFile, CaseId, CaseTitle, EntryId, Facts, File, FileKind, Kind, MemberId,
    Participant, PersonId, Policy, Proposal, Refusal, Report, Room, RoomId, Scene, SittingKind, UploadId,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The afternoon on which every test begins: 2 p.m. in Beijing.
pub(crate) const OPENS: OffsetDateTime = datetime!(2026-11-23 06:00 UTC);
/// Three hours later.
pub(crate) const CLOSES: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

pub(crate) struct Trial {
    pub(crate) policy: Policy,
    pub(crate) room: Room,
    pub(crate) acts: Vec<Act>,
    pub(crate) case: CaseFile,
    pub(crate) now: OffsetDateTime,
    /// Files that have been uploaded, by everybody.
    pub(crate) files: BTreeMap<UploadId, File>,
    /// The dossier of the case, as a list.
    pub(crate) dossier: BTreeMap<EntryId, Entry>,
    /// The digits that are drawn for every call; none: the court has no telephone service.
    pub(crate) proof: Option<&'static str>,
    /// The signature that every actor has; none: they have reserved none.
    pub(crate) specimen: Option<Specimen>,
    /// How every actor has just shown again who they are.
    pub(crate) step_up: Option<StepUp>,
}

/// The participant with this capacity; every capacity takes part once.
pub(crate) fn id(capacity: Capacity) -> MemberId {
    MemberId(Uuid::from_u128(100 + capacity as u128))
}

pub(crate) fn people() -> Vec<Participant> {
    let participant = |capacity: Capacity| Participant {
        id: id(capacity),
        person: PersonId(Uuid::from_u128(200 + capacity as u128)),
        pseudonym: format!("p{}", capacity as u8),
        name: format!("{}甲", capacity.label()),
        acting: None,
        capacity,
        ended: false,
    };
    Capacity::ALL.into_iter().map(participant).collect()
}

impl Trial {
    /// A case without a sitting.
    pub(crate) fn case() -> Trial {
        let title = CaseTitle {
            id: CaseId(Uuid::from_u128(1)),
            number: "(2026)沪0113民初10241号".into(),
            title: "甲公司 诉 乙公司".into(),
            cause: "买卖合同纠纷".into(),
        };
        Trial {
            policy: Policy::builtin(),
            room: Room::empty(RoomId(Uuid::from_u128(7))),
            acts: Vec::new(),
            case: CaseFile { title, participants: people() },
            now: OPENS - Duration::days(1),
            files: BTreeMap::new(),
            dossier: BTreeMap::new(),
            proof: Some("4017"),
            specimen: Some(drawn(1)),
            step_up: Some(StepUp::Sms),
        }
    }

    /// A mediation scheduled for this afternoon, with everybody in it; it is the day before.
    pub(crate) fn scheduled() -> Trial {
        let mut trial = Trial::case();
        trial.does(Capacity::CourtClerk, Trial::schedule()).unwrap();
        trial
    }

    /// The same at 2 p.m., notices accepted, opened by the judge.
    pub(crate) fn open() -> Trial {
        let mut trial = Trial::scheduled();
        trial.now = OPENS;
        for capacity in Capacity::ALL {
            if trial.policy.reads_notice(capacity) {
                trial.does(capacity, trial.acknowledge()).unwrap();
            }
        }
        trial.does(Capacity::PresidingJudge, Proposal::SittingOpen(Default::default())).unwrap();
        trial
    }

    pub(crate) fn schedule() -> Proposal {
        Proposal::SittingSchedule(Schedule {
            kind: SittingKind::Mediation,
            opens_at: OPENS,
            closes_at: CLOSES,
            members: Capacity::ALL.into_iter().map(id).collect(),
        })
    }

    pub(crate) fn acknowledge(&self) -> Proposal {
        let notice = self.policy.entry_notice();
        Proposal::NoticeAcknowledge(court::notice::Acknowledge {
            notice: notice.id.clone(),
            version: notice.version.clone(),
        })
    }

    pub(crate) fn actor(&self, capacity: Capacity) -> Actor {
        Actor::from(self.case.participants.iter().find(|p| p.capacity == capacity).unwrap())
    }

    /// Decides without doing.
    pub(crate) fn decides(&self, capacity: Capacity, proposal: Proposal) -> Result<Decided, Refusal> {
        let proof = self.proof.map(str::to_owned);
        let (specimen, step_up) = (self.specimen.clone(), self.step_up);
        let entry = proposal.entry(&self.room).and_then(|entry| self.dossier.get(&entry).cloned());
        let (case, files) = (Some(self.case.clone()), self.files.clone());
        let facts = Facts { case, files, entry, proof, specimen, step_up, ..Facts::default() };
        let actor = self.actor(capacity);
        act::decide(
            &Scene { room: &self.room, actor: &actor, facts: &facts, policy: &self.policy, now: self.now },
            proposal,
        )
    }

    /// Decides, and folds the act into the room.
    pub(crate) fn does(&mut self, capacity: Capacity, proposal: Proposal) -> Result<&Act, Refusal> {
        let decided = self.decides(capacity, proposal)?;
        let act = self.seal(capacity, decided);
        self.room.fold(&act, &self.policy);
        self.list(&act);
        self.acts.push(act);
        Ok(self.acts.last().unwrap())
    }

    pub(crate) fn says(&mut self, capacity: Capacity, text: &str, to: To) -> Result<&Act, Refusal> {
        self.does(capacity, Proposal::SpeechText(Text { text: text.into(), to, remind: false }))
    }

    /// A service reports something; folds the act into the room.
    pub(crate) fn reports(&mut self, report: Report) -> Result<&Act, Refusal> {
        let by = report.actor(&self.room).map(|id| people().into_iter().find(|one| one.id == id).unwrap().capacity);
        let by = by.unwrap_or(Capacity::PresidingJudge);
        let (actor, facts) = (self.actor(by), Facts::default());
        let scene = Scene { room: &self.room, actor: &actor, facts: &facts, policy: &self.policy, now: self.now };
        let decided = act::report(&scene, report)?;
        let act = self.seal(by, decided);
        self.room.fold(&act, &self.policy);
        self.acts.push(act);
        Ok(self.acts.last().unwrap())
    }

    /// What somebody did outside of the room is told in it.
    pub(crate) fn tells(&mut self, report: Report) -> Result<&Act, Refusal> {
        let by = report.by().expect("somebody did it").clone();
        let pseudonym = "outside".to_owned();
        let (member, person, capacity) = (by.member, by.person, by.capacity);
        let (actor, facts) = (Actor { member, person, pseudonym, name: by.name, capacity }, Facts::default());
        let scene = Scene { room: &self.room, actor: &actor, facts: &facts, policy: &self.policy, now: self.now };
        let decided = act::report(&scene, report)?;
        let act = Act { actor: member, name: actor.name, ..self.seal(capacity, decided) };
        self.room.fold(&act, &self.policy);
        self.acts.push(act);
        Ok(self.acts.last().unwrap())
    }

    /// Whether policy and state let this capacity do this kind of act now.
    pub(crate) fn permits(&self, capacity: Capacity, kind: Kind) -> Result<(), Refusal> {
        let facts = Facts::default();
        let actor = self.actor(capacity);
        let scene = Scene { room: &self.room, actor: &actor, facts: &facts, policy: &self.policy, now: self.now };
        self.policy.permit(kind, &scene)
    }

    /// The texts that a member reads, by the member's own numbers from 1.
    pub(crate) fn read_by(&self, capacity: Capacity) -> Vec<u64> {
        let member = id(capacity);
        (1..=self.room.dense_head(member)).map(|dense| self.room.record_seq(member, dense).unwrap()).collect()
    }

    /// The record numbers that the audience lets a member see, straight from the acts.
    pub(crate) fn audience_of(&self, capacity: Capacity) -> Vec<u64> {
        let viewer = court::Viewer { member: id(capacity), capacity };
        let sees = |act: &&Act| act.audience.includes(viewer, act.actor, &self.policy);
        self.acts.iter().filter(sees).map(|act| act.seq).collect()
    }

    /// Does to the list of the dossier what the act says.
    fn list(&mut self, act: &Act) {
        let new = act.entries(self.case.title.id).into_iter().map(|entry| (entry.id, entry));
        self.dossier.extend(new);
        match &act.body {
            Body::DossierRefile(refiled) => {
                let entry = self.dossier.get_mut(&refiled.entry).unwrap();
                (entry.folder, entry.title) = (refiled.now.folder, refiled.now.title.clone());
            }
            Body::DossierWithdraw(withdrawn) => drop(self.dossier.remove(&withdrawn.entry)),
            _ => {}
        }
    }

    /// A file of this kind that somebody has uploaded.
    pub(crate) fn upload(&mut self, kind: FileKind, name: &str) -> UploadId {
        let id = UploadId(Uuid::from_u128(9_000 + self.files.len() as u128));
        let file = File {
            warnings: Vec::new(),
            kind,
            name: name.into(),
            size: 9,
            media_type: "application/octet-stream".into(),
            sha256: record::Hash::of(name.as_bytes()),
            width: None,
            height: None,
            seconds: None,
        };
        self.files.insert(id, file);
        id
    }

    fn seal(&self, capacity: Capacity, decided: Decided) -> Act {
        let seq = self.room.seq + 1;
        Act {
            room: self.room.id,
            seq,
            id: ActId(Uuid::from_u128(u128::from(seq))),
            at: self.now,
            actor: id(capacity),
            capacity,
            name: self.actor(capacity).name,
            audience: decided.audience,
            sentence: decided.sentence,
            hint: decided.hint,
            body: decided.body,
            leaf: record::Hash::of(&seq.to_be_bytes()),
        }
    }
}

/// A signature written by hand.
pub(crate) fn drawn(version: u32) -> Specimen {
    let commitment = record::Hash::of(&version.to_be_bytes());
    Specimen { version, method: Method::Drawn, commitment, typed: None }
}

/// A name that was typed.
pub(crate) fn typed(version: u32) -> Specimen {
    Specimen { method: Method::Typed, typed: Some("原告甲".into()), ..drawn(version) }
}

/// The audience in which only these capacities (and nobody else) are named.
pub(crate) fn only(capacities: &[Capacity]) -> Audience {
    Audience::Members(capacities.iter().copied().map(id).collect())
}
