//! What a transcript says: a pure function of the record. The same acts give the same words, for everybody.
//!
//! **One transcript for all**: whoever reads it reads what everybody could see. Of an act with another audience stands that it happened (its
//! hint), and of a private message that one was sent. What the bench says to itself is deliberation and does not stand in it at all. Matters are
//! the one thing that may be disclosed in it, by the act that drafts it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{Drafted, Point, Points};
use crate::act::{Act, Body};
use crate::{ActId, Audience, Capacity, CaseTitle, File, FileKind, Member, MemberId, SittingKind};

/// A transcript's words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TranscriptContent)]
pub struct Content {
    pub version: u32,
    pub case: CaseTitle,
    pub kind: SittingKind,
    pub times: Times,
    /// In the order of the members list: 审判组织 → 当事人 → 代理人 → others.
    pub attendance: Vec<Attendee>,
    pub notices: Vec<NoticePart>,
    pub entries: Vec<Entry>,
    pub matters: Vec<MatterPart>,
    pub undisputed: Vec<Point>,
    pub disputed: Vec<Point>,
    pub remarks: Vec<Remark>,
    pub corrections: Vec<Correction>,
    pub annexes: Vec<Annex>,
    /// Leaf hash of the last act that it covers: what it was made from.
    #[schema(value_type = String)]
    pub leaf: record::Hash,
}

/// When the sitting was to be and was.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TranscriptTimes)]
pub struct Times {
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    /// When the asynchronous proceeding was opened first.
    #[serde(with = "time::serde::rfc3339::option")]
    pub opened: Option<OffsetDateTime>,
    /// When it was closed last.
    #[serde(with = "time::serde::rfc3339::option")]
    pub closed: Option<OffsetDateTime>,
}

/// Who speaks or acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TranscriptSpeaker)]
pub struct Speaker {
    pub label: String,
    pub name: String,
}

/// Somebody who was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TranscriptAttendee)]
pub struct Attendee {
    pub member: MemberId,
    pub label: String,
    pub name: String,
    /// Who acts for an organisation, with the position.
    pub acting: Option<String>,
    /// Whether they came: did anything in the sitting.
    pub came: bool,
    /// Whether their membership ended before it was over.
    pub left: bool,
}

/// A notice that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TranscriptNotice)]
pub struct NoticePart {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub by: Speaker,
    pub sentence: String,
}

/// One act, in the order of time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TranscriptEntry)]
pub struct Entry {
    /// The transcript's own number, from 1.
    pub no: u32,
    /// The act; none where only that it happened may be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<ActId>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub by: Speaker,
    pub words: Words,
    /// Shown in place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<File>,
    /// Numbers of annexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annexes: Vec<u32>,
}

/// What stands for an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
#[schema(as = TranscriptWords)]
pub enum Words {
    /// Said, word by word.
    Said { text: String },
    /// Done, as a sentence tells it.
    Done { sentence: String },
    /// A private message was sent.
    Private,
}

/// A matter whose words are disclosed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TranscriptMatter)]
pub struct MatterPart {
    pub no: u32,
    pub title: String,
    pub text: String,
    pub by: Speaker,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    pub answers: Vec<MatterAnswer>,
    /// Who was asked and gave no answer.
    pub unanswered: Vec<Speaker>,
}

/// An answer to a matter that is disclosed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TranscriptMatterAnswer)]
pub struct MatterAnswer {
    pub by: Speaker,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub text: String,
    pub annexes: Vec<u32>,
}

/// A remark of the clerk's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TranscriptRemark)]
pub struct Remark {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub by: Speaker,
    /// The entry that it is about.
    pub entry: Option<u32>,
    pub text: String,
}

/// A correction that was asked for, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TranscriptCorrection)]
pub struct Correction {
    /// The act that asked for it.
    pub request: ActId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub by: Speaker,
    /// The entry that it is about.
    pub entry: Option<u32>,
    pub text: String,
    /// None while it waits.
    pub accepted: Option<bool>,
    pub reason: Option<String>,
}

/// A file that was shown, other than a photo.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TranscriptAnnex)]
pub struct Annex {
    /// From 1.
    pub no: u32,
    pub file: File,
    pub by: Speaker,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// The words of a version of the transcript, from the acts of the record in order; none if it has no such version. What happened after its words
/// were settled changes nothing in it.
pub fn content(acts: &[Act], version: u32) -> Option<Content> {
    let (drafted, scribe) = acts.iter().find_map(|act| match &act.body {
        Body::TranscriptDraft(drafted) if drafted.version == version => Some((drafted, act.actor)),
        _ => None,
    })?;
    let settled = acts.iter().position(|act| match &act.body {
        Body::TranscriptConclude(concluded) => concluded.version == version,
        // A version that another one followed before it was settled ends there.
        Body::TranscriptDraft(later) => later.version > version,
        _ => false,
    });
    let acts = &acts[..settled.unwrap_or(acts.len())];
    let covered = acts.iter().position(|act| act.seq > drafted.up_to).unwrap_or(acts.len());
    Some(Making::of(&acts[..covered], drafted, scribe)?.finished(acts))
}

/// A transcript while it is being put together.
struct Making {
    content: Content,
    /// The entry of an act.
    places: BTreeMap<ActId, u32>,
}

impl Making {
    fn of(covered: &[Act], drafted: &Drafted, scribe: MemberId) -> Option<Making> {
        let scheduled = covered.iter().find_map(|act| match &act.body {
            Body::SittingSchedule(scheduled) => Some(scheduled),
            _ => None,
        })?;
        let content = Content {
            version: drafted.version,
            case: scheduled.case.clone(),
            kind: scheduled.kind,
            times: times(covered, scheduled.opens_at, scheduled.closes_at),
            attendance: attendance(covered, scribe),
            notices: notices(covered),
            entries: Vec::new(),
            matters: Vec::new(),
            undisputed: Vec::new(),
            disputed: Vec::new(),
            remarks: Vec::new(),
            corrections: Vec::new(),
            annexes: Vec::new(),
            leaf: covered.last()?.leaf,
        };
        let mut making = Making { content, places: BTreeMap::new() };
        let disclosed: BTreeSet<ActId> = drafted.matters.iter().copied().collect();
        for act in covered {
            making.enter(act, &disclosed);
        }
        let members = members(covered);
        for id in &drafted.matters {
            making.matter(covered, *id, &members);
        }
        Some(making)
    }

    fn enter(&mut self, act: &Act, disclosed: &BTreeSet<ActId>) {
        if act.audience == Audience::Bench {
            return;
        }
        // Who has applied to act for somebody, and what one asked of the court alone, is nothing of the sitting: not even that somebody did.
        let aside = matches!(act.body, Body::AgencyApply(_) | Body::AgencyReject(_) | Body::ConsentSettle(_));
        if aside {
            return;
        }
        let open = act.audience == Audience::Everyone || matter_of(act).is_some_and(|id| disclosed.contains(&id));
        let words = match &act.body {
            Body::SpeechText(said) if open => Words::Said { text: said.text.clone() },
            _ if open => Words::Done { sentence: act.sentence.clone() },
            body if body.kind().is_speech() => Words::Private,
            _ => Words::Done { sentence: act.hint.clone() },
        };
        let no = self.content.entries.len() as u32 + 1;
        let shown = open && act.body.kind().is_speech();
        let (photos, files): (Vec<&File>, Vec<&File>) =
            act.body.files().iter().filter(|_| shown).partition(|file| file.kind == FileKind::Photo);
        let photos = photos.into_iter().cloned().collect();
        let annexes = files.into_iter().map(|file| self.annex(act, file)).collect();
        self.places.insert(act.id, no);
        let shown = open.then_some(act.id);
        self.content.entries.push(Entry { no, act: shown, at: act.at, by: speaker(act), words, photos, annexes });
    }

    fn annex(&mut self, act: &Act, file: &File) -> u32 {
        let no = self.content.annexes.len() as u32 + 1;
        self.content.annexes.push(Annex { no, file: file.clone(), by: speaker(act), at: act.at });
        no
    }

    fn matter(&mut self, covered: &[Act], id: ActId, members: &BTreeMap<MemberId, Member>) {
        let issue = covered.iter().find(|act| act.id == id);
        let Some((act, Body::MatterIssue(issued))) = issue.map(|act| (act, &act.body)) else { return };
        for file in &issued.attachments {
            self.annex(act, file);
        }
        let (mut deadline, mut answers, mut answered) = (issued.deadline, Vec::new(), BTreeSet::new());
        for act in covered.iter().filter(|act| matter_of(act) == Some(id)) {
            match &act.body {
                Body::MatterExtend(extended) => deadline = extended.deadline,
                Body::MatterAnswer(given) => {
                    answered.insert(act.actor);
                    let values = given.values.iter().map(|filled| format!("{}：{}", filled.label, filled.value));
                    let text = values.chain([given.text.clone()].into_iter().filter(|text| !text.trim().is_empty()));
                    let text = text.collect::<Vec<_>>().join("\n");
                    let annexes = given.attachments.iter().map(|file| self.annex(act, file)).collect();
                    answers.push(MatterAnswer { by: speaker(act), at: act.at, text, annexes });
                }
                _ => {}
            }
        }
        let silent = issued.targets.iter().filter(|target| !answered.contains(target));
        let unanswered = silent.filter_map(|target| members.get(target)).map(member_speaker).collect();
        self.content.matters.push(MatterPart {
            no: self.content.matters.len() as u32 + 1,
            title: issued.title.clone(),
            text: issued.text.clone(),
            by: speaker(act),
            at: act.at,
            deadline,
            answers,
            unanswered,
        });
    }

    /// What was added to it until its words were settled.
    fn finished(mut self, acts: &[Act]) -> Content {
        let version = self.content.version;
        let place = |places: &BTreeMap<ActId, u32>, at: Option<ActId>| at.and_then(|id| places.get(&id).copied());
        for act in acts {
            match &act.body {
                Body::PointsRecord(Points { undisputed, disputed }) => {
                    self.content.undisputed.clone_from(undisputed);
                    self.content.disputed.clone_from(disputed);
                }
                Body::TranscriptAnnotate(added) if added.version == version => {
                    let entry = place(&self.places, added.place);
                    let text = added.text.clone();
                    self.content.remarks.push(Remark { at: act.at, by: speaker(act), entry, text });
                }
                Body::TranscriptRequestCorrection(asked) if asked.version == version => {
                    self.content.corrections.push(Correction {
                        request: act.id,
                        at: act.at,
                        by: speaker(act),
                        entry: place(&self.places, asked.place),
                        text: asked.text.clone(),
                        accepted: None,
                        reason: None,
                    });
                }
                Body::TranscriptSettleCorrection(settled) => {
                    let asked = self.content.corrections.iter_mut().find(|asked| asked.request == settled.request);
                    if let Some(asked) = asked {
                        asked.accepted = Some(settled.accepted);
                        asked.reason.clone_from(&settled.reason);
                    }
                }
                _ => {}
            }
        }
        self.content
    }
}

/// The matter that an act is about.
fn matter_of(act: &Act) -> Option<ActId> {
    match &act.body {
        Body::MatterIssue(_) => Some(act.id),
        Body::MatterAnswer(done) => Some(done.matter),
        Body::MatterExtend(done) => Some(done.matter),
        Body::MatterWithdraw(done) => Some(done.matter),
        Body::MatterClose(done) => Some(done.matter),
        _ => None,
    }
}

fn times(covered: &[Act], mut opens_at: OffsetDateTime, mut closes_at: OffsetDateTime) -> Times {
    let (mut opened, mut closed) = (None, None);
    for act in covered {
        match &act.body {
            Body::SittingReschedule(moved) => (opens_at, closes_at) = (moved.opens_at, moved.closes_at),
            Body::SittingOpen(_) => opened = opened.or(Some(act.at)),
            Body::SittingClose(_) | Body::SittingEnd(_) => closed = Some(act.at),
            _ => {}
        }
    }
    Times { opens_at, closes_at, opened, closed: closed.filter(|_| opened.is_some()) }
}

/// Everybody who was ever a member, as they last came in.
fn members(covered: &[Act]) -> BTreeMap<MemberId, Member> {
    let mut members = BTreeMap::new();
    for act in covered {
        match &act.body {
            Body::SittingSchedule(scheduled) => {
                members.extend(scheduled.members.iter().map(|member| (member.id, member.clone())));
            }
            Body::MemberAdmit(admitted) => {
                members.insert(admitted.member.id, admitted.member.clone());
            }
            Body::AgencyApprove(approved) => {
                members.entry(approved.agent.id).or_insert_with(|| approved.agent.clone()).ended = None;
            }
            Body::MemberEnd(crate::member::End { member, .. })
            | Body::AgencyEnd(crate::agency::Ended { agent: member, leaves: true, .. }) => {
                if let Some(member) = members.get_mut(member) {
                    member.ended = Some(act.seq);
                }
            }
            _ => {}
        }
    }
    members
}

/// Who is a member, and who of them came: whoever did something in the sitting, and the scribe who takes it down.
fn attendance(covered: &[Act], scribe: MemberId) -> Vec<Attendee> {
    // Whoever calls the sitting together has not come to it yet, nor has who does something about a mandate, which is done from outside.
    let there = |act: &&Act| {
        !matches!(
            act.body,
            Body::SittingSchedule(_) | Body::SittingReschedule(_) | Body::AgencyApply(_) | Body::AgencyEnd(_)
        )
    };
    let came: BTreeSet<MemberId> = covered.iter().filter(there).map(|act| act.actor).chain([scribe]).collect();
    let mut members: Vec<Member> = members(covered).into_values().collect();
    members.sort_by(|a, b| {
        let key = |member: &Member| (member.capacity.group(), member.capacity);
        (key(a), &a.name).cmp(&(key(b), &b.name))
    });
    let attendee = |member: Member| Attendee {
        member: member.id,
        label: member.capacity.label().to_owned(),
        came: came.contains(&member.id),
        left: member.ended.is_some(),
        name: member.name,
        acting: member.acting,
    };
    members.into_iter().map(attendee).collect()
}

fn notices(covered: &[Act]) -> Vec<NoticePart> {
    let accepted = covered.iter().filter(|act| matches!(act.body, Body::NoticeAcknowledge(_)));
    accepted.map(|act| NoticePart { at: act.at, by: speaker(act), sentence: act.sentence.clone() }).collect()
}

fn speaker(act: &Act) -> Speaker {
    named(act.capacity, &act.name)
}

fn member_speaker(member: &Member) -> Speaker {
    named(member.capacity, &member.name)
}

fn named(capacity: Capacity, name: &str) -> Speaker {
    Speaker { label: capacity.label().to_owned(), name: name.to_owned() }
}
