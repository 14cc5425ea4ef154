//! The matters (诉讼事项) of a room as one member sees them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use court::act::Body;
use court::matter::{Field, Issued, Matter, Status};
use court::{ActId, Facts, File, Kind, MemberId, RoomId, Scene, view};
use desk::rim::Path;
use desk::{Acting, Desk, Inside, Problem, ProblemDocument};
use serde::Serialize;
use store::Draft;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::draft::DraftAnswer;

/// The matters that the caller sees, oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MattersView {
    /// The server's time: deadlines are counted from it, never from the device's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
    pub matters: Vec<MatterView>,
    /// Whom the caller could ask now; nobody when they may not issue matters.
    pub askable: Vec<MemberId>,
}

/// A matter as the caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatterView {
    /// The act that issued it.
    pub id: ActId,
    /// That act under the caller's own number: its files are `acts/{seq}/file?place=`.
    pub seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub issued_at: OffsetDateTime,
    /// Who issued it.
    pub name: String,
    pub label: String,
    pub title: String,
    pub text: String,
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    /// For one who is asked: their own; for the bench: of all together.
    pub status: Status,
    pub status_label: String,
    /// Whether the caller is asked to answer it.
    pub mine: bool,
    pub fields: Vec<Field>,
    pub attachments: Vec<File>,
    /// The deadlines that it had before, oldest first.
    pub changes: Vec<ChangeView>,
    /// For the bench: who is asked, and how far they are.
    pub targets: Vec<TargetView>,
    /// The caller's own answer.
    pub answer: Option<AnswerPart>,
    /// What the caller has begun to answer; nobody else sees it.
    pub draft: Option<DraftView>,
}

/// A change of the deadline, with its reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub sentence: String,
}

/// Somebody who is asked to answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TargetView {
    pub member: MemberId,
    pub name: String,
    pub label: String,
    pub status: Status,
    pub status_label: String,
    /// Whether they have left the room.
    pub left: bool,
    pub answer: Option<AnswerPart>,
}

/// An answer: what it says is in the act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerPart {
    /// The act under the caller's own number.
    pub seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub text: String,
    pub values: Vec<court::matter::Filled>,
    pub attachments: Vec<File>,
}

/// What somebody has begun to answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftView {
    #[serde(flatten)]
    pub answer: DraftAnswer,
    #[serde(with = "time::serde::rfc3339")]
    pub saved_at: OffsetDateTime,
}

/// List the matters of a room that I see, with where each stands now, my answer or my draft; the bench sees who has answered.
#[utoipa::path(
    get, path = "/api/rooms/{room}/matters", operation_id = "matters", tag = "matters",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = MattersView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn matters(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<MattersView>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let now = desk.now();
    view::may_read(&inside.room, &inside.actor, &desk.policy, now)?;
    let mut drafts = desk.store.drafts_of(room, inside.actor.member).await?;
    let mut matters = Vec::new();
    for (id, matter) in inside.room.matters_of(inside.actor.member) {
        matters.extend(shown(&desk, &inside, (id, matter), drafts.remove(&id), now).await?);
    }
    Ok(Json(MattersView { now, matters, askable: askable(&desk, &inside, now) }))
}

/// The members whom a matter can be for: those who may answer.
fn askable(desk: &Desk, inside: &Inside, now: OffsetDateTime) -> Vec<MemberId> {
    let facts = Facts::default();
    let scene = Scene { room: &inside.room, actor: &inside.actor, facts: &facts, policy: &desk.policy, now };
    if desk.policy.permit(Kind::MatterIssue, &scene).is_err() {
        return Vec::new();
    }
    let listed = inside.room.listed().into_iter();
    listed
        .filter(|member| desk.policy.ever_allows(Kind::MatterAnswer, member.capacity))
        .map(|member| member.id)
        .collect()
}

/// A matter with the words of its acts; none if they cannot be seen.
async fn shown(
    desk: &Desk,
    inside: &Inside,
    (id, matter): (ActId, &Matter),
    draft: Option<Draft>,
    now: OffsetDateTime,
) -> Result<Option<MatterView>, Problem> {
    let (room, me) = (&inside.room, inside.actor.member);
    let Some(act) = desk.act(inside, matter.seq).await? else { return Ok(None) };
    let (Some(seq), Body::MatterIssue(issued)) = (room.dense(me, act.seq), act.body) else { return Ok(None) };
    let Issued { title, text, attachments, fields, .. } = issued;
    let mut answers = answers(desk, inside, matter).await?;
    let mine = matter.asks(me);
    let status = if mine { matter.status_of(me, now) } else { matter.status(room, now) };
    let mut changes = Vec::new();
    for extension in &matter.extensions {
        let act = desk.act(inside, *extension).await?;
        changes.extend(act.map(|act| ChangeView { at: act.at, sentence: act.sentence }));
    }
    Ok(Some(MatterView {
        id,
        seq,
        issued_at: act.at,
        name: act.name,
        label: act.capacity.label().to_owned(),
        title,
        text,
        deadline: matter.deadline,
        status,
        status_label: status.label().to_owned(),
        mine,
        fields,
        attachments,
        changes,
        answer: answers.get(&me).cloned(),
        targets: if mine { Vec::new() } else { targets(inside, matter, &mut answers, now) },
        draft: draft.filter(|_| mine && status == Status::Open).and_then(|draft| draft_view(&draft)),
    }))
}

/// The answers that the caller sees: all for the bench, one's own for who is asked.
async fn answers(desk: &Desk, inside: &Inside, matter: &Matter) -> Result<BTreeMap<MemberId, AnswerPart>, Problem> {
    let mut answers = BTreeMap::new();
    for (member, seq) in &matter.answers {
        let Some(act) = desk.act(inside, *seq).await? else { continue };
        let (Some(seq), Body::MatterAnswer(answered)) = (inside.room.dense(inside.actor.member, act.seq), act.body)
        else {
            continue;
        };
        let (text, values, attachments) = (answered.text, answered.values, answered.attachments);
        answers.insert(*member, AnswerPart { seq, at: act.at, text, values, attachments });
    }
    Ok(answers)
}

fn targets(
    inside: &Inside,
    matter: &Matter,
    answers: &mut BTreeMap<MemberId, AnswerPart>,
    now: OffsetDateTime,
) -> Vec<TargetView> {
    let asked = matter.targets.iter().filter_map(|id| inside.room.ever().find(|member| member.id == *id));
    asked
        .map(|member| {
            let status = matter.status_of(member.id, now);
            TargetView {
                member: member.id,
                name: member.name.clone(),
                label: member.capacity.label().to_owned(),
                status,
                status_label: status.label().to_owned(),
                left: member.ended.is_some(),
                answer: answers.remove(&member.id),
            }
        })
        .collect()
}

fn draft_view(draft: &Draft) -> Option<DraftView> {
    let answer = serde_json::from_str(&draft.content).ok()?;
    Some(DraftView { answer, saved_at: court::beijing::from_micros(draft.saved_at) })
}
