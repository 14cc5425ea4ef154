//! A sitting (排期): the window in which a micro-court meets, and the judge's opening and closing of the asynchronous proceeding.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::member::Member;
use crate::{CaseTitle, Group, MemberId, Refusal, Room, beijing, refusal};

/// What the sitting is for (manual S1; architecture 5, no. 83).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SittingKind {
    EvidenceExchange,
    #[default]
    Inquiry,
    Mediation,
    /// Refused for now: a hearing needs the conditions of 人民法院在线诉讼规则 (2021) 第二十条第二款 and recorded video.
    Hearing,
}

impl SittingKind {
    /// Every kind.
    pub const ALL: [SittingKind; 4] =
        [SittingKind::EvidenceExchange, SittingKind::Inquiry, SittingKind::Mediation, SittingKind::Hearing];

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            SittingKind::EvidenceExchange => "证据交换",
            SittingKind::Inquiry => "谈话",
            SittingKind::Mediation => "调解",
            SittingKind::Hearing => "庭审",
        }
    }
}

/// Where a room stands, by the clock and by what the judge did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No sitting yet: the record is empty.
    Unscheduled,
    /// Before the window.
    Scheduled,
    /// In the window, not yet opened by the judge.
    Waiting,
    /// 异步审理中.
    Open,
    /// In the window, closed by the judge; may be opened again.
    Closed,
    /// After the window: to be read, not written.
    Ended,
}

impl Phase {
    /// Every phase, in the order of time.
    pub const ALL: [Phase; 6] =
        [Phase::Unscheduled, Phase::Scheduled, Phase::Waiting, Phase::Open, Phase::Closed, Phase::Ended];

    /// The name in code, in `policy.toml` and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Phase::Unscheduled => "unscheduled",
            Phase::Scheduled => "scheduled",
            Phase::Waiting => "waiting",
            Phase::Open => "open",
            Phase::Closed => "closed",
            Phase::Ended => "ended",
        }
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Phase::Unscheduled => "未排期",
            Phase::Scheduled => "未到时间",
            Phase::Waiting => "待启动",
            Phase::Open => "异步审理中",
            Phase::Closed => "已关闭",
            Phase::Ended => "已结束",
        }
    }
}

/// What the judge last did with the asynchronous proceeding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proceeding {
    #[default]
    NotOpened,
    Opened,
    Closed,
}

impl Proceeding {
    /// The name in code and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Proceeding::NotOpened => "not_opened",
            Proceeding::Opened => "opened",
            Proceeding::Closed => "closed",
        }
    }
}

/// Asks for a sitting of a case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    #[serde(rename = "sitting")]
    pub kind: SittingKind,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    /// Participants of the case.
    pub members: Vec<MemberId>,
}

/// A sitting was scheduled: the first act of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Scheduled {
    pub case: CaseTitle,
    #[serde(rename = "sitting")]
    pub kind: SittingKind,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub members: Vec<Member>,
}

/// Asks for another window.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reschedule {
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub reason: String,
}

/// The window was moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rescheduled {
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub reason: String,
}

/// 启动异步审理.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {}

/// 关闭异步审理.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Close {}

/// Ends the sitting before its window does: from then on the room is read, not written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SittingEnd)]
pub struct End {}

pub(crate) fn schedule(scene: &Scene<'_>, asked: Schedule) -> Result<Decided, Refusal> {
    if asked.kind == SittingKind::Hearing {
        return Err(Refusal::HearingNeedsVideo);
    }
    let (opens_at, closes_at) = window(scene, asked.opens_at, asked.closes_at)?;
    let case = scene.facts.case.as_ref().ok_or(Refusal::ParticipantUnknown)?;
    let mut members: Vec<Member> = Vec::new();
    for id in &asked.members {
        let participant = case.participant(*id).ok_or(Refusal::ParticipantUnknown)?;
        if members.iter().all(|member| member.id != participant.id) {
            members.push(participant.into());
        }
    }
    if !members.iter().any(|member| scene.policy.is_judge(member.capacity)) {
        return Err(Refusal::JudgeMissing);
    }
    if members.iter().all(|member| member.capacity.group() == Group::Tribunal) {
        return Err(Refusal::NobodyToMeet);
    }
    // Whoever schedules takes part: a room that its maker cannot enter helps nobody.
    if members.iter().all(|member| member.id != scene.actor.member) {
        let maker = case.participant(scene.actor.member).ok_or(Refusal::ParticipantUnknown)?;
        members.push(maker.into());
    }
    members.sort_by(|a, b| (a.capacity, &a.name).cmp(&(b.capacity, &b.name)));
    let sentence = format!(
        "{}安排{}，微法庭开放时间为 {} 至 {}",
        scene.actor.said_name(),
        asked.kind.label(),
        beijing::short(opens_at),
        beijing::short(closes_at)
    );
    let body = Scheduled { case: case.title.clone(), kind: asked.kind, opens_at, closes_at, members };
    Ok(Decided::open(Body::SittingSchedule(body), sentence))
}

pub(crate) fn reschedule(scene: &Scene<'_>, asked: Reschedule) -> Result<Decided, Refusal> {
    let (opens_at, closes_at) = window(scene, asked.opens_at, asked.closes_at)?;
    let reason = refusal::reason(&asked.reason)?;
    let sentence = format!(
        "{}将微法庭开放时间调整为 {} 至 {}，理由：{reason}",
        scene.actor.said_name(),
        beijing::short(opens_at),
        beijing::short(closes_at)
    );
    Ok(Decided::open(Body::SittingReschedule(Rescheduled { opens_at, closes_at, reason }), sentence))
}

pub(crate) fn open(scene: &Scene<'_>) -> Decided {
    Decided::open(Body::SittingOpen(Open {}), format!("{}启动异步审理", scene.actor.said_name()))
}

pub(crate) fn close(scene: &Scene<'_>) -> Decided {
    Decided::open(Body::SittingClose(Close {}), format!("{}关闭异步审理", scene.actor.said_name()))
}

pub(crate) fn end(scene: &Scene<'_>) -> Decided {
    Decided::open(Body::SittingEnd(End {}), format!("{}结束微法庭", scene.actor.said_name()))
}

/// A window that can be kept: forwards, not over yet, at most a year long and not further than two years away.
fn window(
    scene: &Scene<'_>,
    opens_at: OffsetDateTime,
    closes_at: OffsetDateTime,
) -> Result<(OffsetDateTime, OffsetDateTime), Refusal> {
    if closes_at <= opens_at {
        return Err(Refusal::WindowBackwards);
    }
    if closes_at <= scene.now {
        return Err(Refusal::WindowOver);
    }
    if closes_at - opens_at > Duration::days(366) || closes_at - scene.now > Duration::days(2 * 366) {
        return Err(Refusal::WindowTooLong);
    }
    // The record and the database keep microseconds.
    let exact = |instant: OffsetDateTime| beijing::from_micros(beijing::micros(instant));
    Ok((exact(opens_at), exact(closes_at)))
}

impl Room {
    pub(crate) fn sitting_scheduled(&mut self, scheduled: &Scheduled) {
        self.case = Some(scheduled.case.clone());
        self.kind = scheduled.kind;
        self.opens_at = scheduled.opens_at;
        self.closes_at = scheduled.closes_at;
        self.members = scheduled.members.clone();
    }

    pub(crate) fn sitting_rescheduled(&mut self, rescheduled: &Rescheduled) {
        self.opens_at = rescheduled.opens_at;
        self.closes_at = rescheduled.closes_at;
    }

    /// The window ends here: everything that asks whether it is over asks the clock.
    pub(crate) fn sitting_ended(&mut self, act: &Act) {
        self.closes_at = act.at;
        if self.proceeding == Proceeding::Opened {
            self.proceeding = Proceeding::Closed;
        }
    }

    /// Where the room stands at this moment.
    pub fn phase(&self, now: OffsetDateTime) -> Phase {
        if self.case.is_none() {
            Phase::Unscheduled
        } else if now < self.opens_at {
            Phase::Scheduled
        } else if now >= self.closes_at {
            Phase::Ended
        } else {
            match self.proceeding {
                Proceeding::NotOpened => Phase::Waiting,
                Proceeding::Opened => Phase::Open,
                Proceeding::Closed => Phase::Closed,
            }
        }
    }
}
