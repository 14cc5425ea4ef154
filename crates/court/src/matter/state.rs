//! What a matter amounts to so far: the part of the room's state that later decisions rest on, and how acts change it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{Answered, Closed, Extended, Field, Issued, Withdrawn};
use crate::act::Act;
use crate::{ActId, Audience, MemberId, Room};

/// Where a matter stands, for one target or as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MatterStatus)]
pub enum Status {
    Open,
    Answered,
    /// The deadline has passed without an answer.
    Overdue,
    Withdrawn,
    /// Ended by the judge without an answer.
    Closed,
}

impl Status {
    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Status::Open => "进行中",
            Status::Answered => "已办理",
            Status::Overdue => "已逾期",
            Status::Withdrawn => "已撤回",
            Status::Closed => "已关闭",
        }
    }
}

/// What the judge did to end a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    Withdrawn,
    Closed,
}

/// A matter as the room's state holds it: what decisions need. Its words are in the acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matter {
    /// The act that issued it, by number in the record.
    pub seq: u64,
    pub title: String,
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    /// The act that set the deadline, by number in the record.
    pub deadline_set_by: u64,
    /// The acts that moved the deadline, by number in the record.
    pub extensions: Vec<u64>,
    pub fields: Vec<Field>,
    pub targets: Vec<MemberId>,
    /// Everybody who sees it, the targets among them.
    audience: BTreeSet<MemberId>,
    /// Who has answered, with the number of the act in the record.
    pub answers: BTreeMap<MemberId, u64>,
    pub(super) ended: Option<End>,
}

impl Matter {
    /// Whether this member sees the matter at all.
    pub fn is_for(&self, member: MemberId) -> bool {
        self.audience.contains(&member)
    }

    /// Whether this member was asked to answer.
    pub fn asks(&self, member: MemberId) -> bool {
        self.targets.contains(&member)
    }

    /// Where the matter stands for one of its targets at this moment.
    pub fn status_of(&self, target: MemberId, now: OffsetDateTime) -> Status {
        match self.ended {
            Some(End::Withdrawn) => Status::Withdrawn,
            _ if self.answers.contains_key(&target) => Status::Answered,
            Some(End::Closed) => Status::Closed,
            None if now >= self.deadline => Status::Overdue,
            None => Status::Open,
        }
    }

    /// Where the matter stands as a whole, as the bench sees it: answered when all targets who are still members have answered.
    pub fn status(&self, room: &Room, now: OffsetDateTime) -> Status {
        match self.ended {
            Some(End::Withdrawn) => Status::Withdrawn,
            Some(End::Closed) => Status::Closed,
            None if self.is_answered(room) => Status::Answered,
            None if now >= self.deadline => Status::Overdue,
            None => Status::Open,
        }
    }

    fn is_answered(&self, room: &Room) -> bool {
        let mut waited_for = self.targets.iter().filter(|target| !self.answers.contains_key(target));
        !self.answers.is_empty() && waited_for.all(|target| room.member(*target).is_none())
    }

    /// Those who see the matter, as an audience.
    pub(super) fn everybody(&self) -> Audience {
        Audience::Members(self.audience.clone())
    }

    /// The bench and this target.
    pub(super) fn bench_and(&self, target: MemberId) -> Audience {
        let others = |member: &&MemberId| !self.targets.contains(member) || **member == target;
        Audience::Members(self.audience.iter().filter(others).copied().collect())
    }
}

impl Room {
    /// The matter that the act with this id issued.
    pub fn matter(&self, id: ActId) -> Option<&Matter> {
        self.matters.get(&id)
    }

    /// The matters that this member sees, oldest first.
    pub fn matters_of(&self, member: MemberId) -> impl Iterator<Item = (ActId, &Matter)> {
        let mut matters: Vec<_> =
            self.matters.iter().filter(|(_, matter)| matter.is_for(member)).map(|(id, matter)| (*id, matter)).collect();
        matters.sort_by_key(|(_, matter)| matter.seq);
        matters.into_iter()
    }

    pub(crate) fn matter_issued(&mut self, act: &Act, issued: &Issued) {
        let Audience::Members(audience) = &act.audience else { return };
        let matter = Matter {
            seq: act.seq,
            title: issued.title.clone(),
            deadline: issued.deadline,
            deadline_set_by: act.seq,
            extensions: Vec::new(),
            fields: issued.fields.clone(),
            targets: issued.targets.clone(),
            audience: audience.clone(),
            answers: BTreeMap::new(),
            ended: None,
        };
        self.matters.insert(act.id, matter);
    }

    pub(crate) fn matter_answered(&mut self, act: &Act, answered: &Answered) {
        if let Some(matter) = self.matters.get_mut(&answered.matter) {
            matter.answers.insert(act.actor, act.seq);
        }
    }

    pub(crate) fn matter_extended(&mut self, act: &Act, extended: &Extended) {
        if let Some(matter) = self.matters.get_mut(&extended.matter) {
            matter.deadline = extended.deadline;
            matter.deadline_set_by = act.seq;
            matter.extensions.push(act.seq);
        }
    }

    pub(crate) fn matter_withdrawn(&mut self, withdrawn: &Withdrawn) {
        if let Some(matter) = self.matters.get_mut(&withdrawn.matter) {
            matter.ended = Some(End::Withdrawn);
        }
    }

    pub(crate) fn matter_closed(&mut self, closed: &Closed) {
        if let Some(matter) = self.matters.get_mut(&closed.matter) {
            matter.ended = Some(End::Closed);
        }
    }
}
