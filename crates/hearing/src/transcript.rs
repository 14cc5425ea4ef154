//! The transcript (笔录) of a room as one member sees it.

use axum::Json;
use axum::extract::State;
use court::act::Body;
use court::transcript::{self, Content, Point, Stage, Transcript, TranscriptNote};
use court::{Act, ActId, MemberId, Room, RoomId, view};
use desk::rim::Path;
use desk::{Acting, Desk, Inside, Problem, ProblemDocument};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// Where the transcript stands, what it says, and who has signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TranscriptView {
    /// The server's time: terms are counted from it.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
    /// The latest version; none before one is begun.
    pub current: Option<TranscriptNote>,
    /// What it says. For those who do not make it: from the moment that it is circulated.
    pub content: Option<Content>,
    /// What is to be read and signed.
    pub document: Option<FilePart>,
    /// The sealed file.
    pub sealed: Option<FilePart>,
    /// Who is asked to sign, and what they answered.
    pub signatories: Vec<SignatoryView>,
    /// Every version, oldest first.
    pub versions: Vec<VersionView>,
    /// What was last recorded as undisputed and disputed.
    pub undisputed: Vec<Point>,
    pub disputed: Vec<Point>,
    /// The matters that the caller could disclose in a new version; none for who does not make it.
    pub matters: Vec<MatterChoice>,
}

/// A file of the transcript.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TranscriptFile)]
pub struct FilePart {
    /// The act that reported it (own number): the file is `/api/rooms/{room}/acts/{seq}/file`.
    pub seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub name: String,
    pub pages: u32,
    /// Bytes.
    pub size: u64,
    #[schema(value_type = String)]
    pub sha256: record::Hash,
    #[schema(value_type = String)]
    pub leaf: record::Hash,
}

/// Somebody who is asked to sign.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignatoryView {
    pub member: MemberId,
    pub label: String,
    pub name: String,
    pub me: bool,
    pub status: SigningStatus,
    pub status_label: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// What became of being asked to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SigningStatus {
    Waiting,
    Confirmed,
    Refused,
    /// The term ended without an answer, or the member left before giving one.
    Silent,
}

/// A version of the transcript.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TranscriptVersion)]
pub struct VersionView {
    pub version: u32,
    pub stage: Stage,
    pub stage_label: String,
    pub document: Option<FilePart>,
    pub sealed: Option<FilePart>,
}

/// A matter that may be disclosed in the transcript.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatterChoice {
    pub id: ActId,
    pub title: String,
    /// How many have answered it.
    pub answers: u32,
}

impl SigningStatus {
    fn label(self) -> &'static str {
        match self {
            SigningStatus::Waiting => "待确认",
            SigningStatus::Confirmed => "已确认签名",
            SigningStatus::Refused => "已拒绝签名",
            SigningStatus::Silent => "逾期未答复",
        }
    }
}

/// The transcript of a room, as far as I may see it.
#[utoipa::path(
    get, path = "/api/rooms/{room}/transcript", operation_id = "transcript", tag = "transcript",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = TranscriptView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn transcript(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<TranscriptView>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let now = desk.now();
    view::may_read(&inside.room, &inside.actor, &desk.policy, now)?;
    let makes = desk.policy.ever_allows(court::Kind::TranscriptDraft, inside.actor.capacity);
    let current = inside.room.transcript();
    let readable = current.filter(|current| makes || current.stage >= Stage::Circulated);
    // What it says is for everybody the same, so it is made from the whole record; who may not read it yet gets none of it.
    let acts = if makes || readable.is_some() { desk.record(&inside.room).await? } else { Vec::new() };
    let content = readable.and_then(|current| transcript::content(&acts, current.version));
    let mut versions = Vec::new();
    for version in inside.room.transcripts() {
        versions.push(version_view(&desk, &inside, version).await?);
    }
    let (undisputed, disputed) = if makes { points(&acts) } else { Default::default() };
    let last = versions.last();
    Ok(Json(TranscriptView {
        now,
        current: current.map(|current| current.note(inside.actor.member, now)),
        content,
        document: last.and_then(|version| version.document.clone()),
        sealed: last.and_then(|version| version.sealed.clone()),
        signatories: match current {
            Some(current) => signatories(&desk, &inside, current, now).await?,
            None => Vec::new(),
        },
        versions,
        undisputed,
        disputed,
        matters: if makes { choices(&inside) } else { Vec::new() },
    }))
}

fn points(acts: &[Act]) -> (Vec<Point>, Vec<Point>) {
    let last = acts.iter().rev().find_map(|act| match &act.body {
        Body::PointsRecord(points) => Some((points.undisputed.clone(), points.disputed.clone())),
        _ => None,
    });
    last.unwrap_or_default()
}

fn choices(inside: &Inside) -> Vec<MatterChoice> {
    let seen = inside.room.matters_of(inside.actor.member);
    seen.map(|(id, matter)| MatterChoice {
        id,
        title: matter.title.clone(),
        answers: u32::try_from(matter.answers.len()).unwrap_or(u32::MAX),
    })
    .collect()
}

async fn version_view(desk: &Desk, inside: &Inside, version: &Transcript) -> Result<VersionView, Problem> {
    let file = async |seq: Option<u64>| match seq {
        Some(seq) => file_part(desk, inside, seq).await,
        None => Ok(None),
    };
    Ok(VersionView {
        version: version.version,
        stage: version.stage,
        stage_label: version.stage.label().to_owned(),
        document: file(version.document.as_ref().map(|document| document.seq)).await?,
        sealed: file(version.sealed).await?,
    })
}

async fn file_part(desk: &Desk, inside: &Inside, seq: u64) -> Result<Option<FilePart>, Problem> {
    let Some(act) = desk.act(inside, seq).await? else { return Ok(None) };
    let Some(seq) = inside.room.dense(inside.actor.member, seq) else { return Ok(None) };
    let (file, pages) = match act.body {
        Body::TranscriptFinalise(told) => (told.file, told.pages),
        Body::TranscriptSeal(told) => (told.file, told.pages),
        _ => return Ok(None),
    };
    let (at, leaf) = (act.at, act.leaf);
    Ok(Some(FilePart { seq, at, name: file.name, pages, size: file.size, sha256: file.sha256, leaf }))
}

async fn signatories(
    desk: &Desk,
    inside: &Inside,
    transcript: &Transcript,
    now: OffsetDateTime,
) -> Result<Vec<SignatoryView>, Problem> {
    let room: &Room = &inside.room;
    let mut views = Vec::new();
    for id in &transcript.signatories {
        let Some(member) = room.ever().find(|member| member.id == *id) else { continue };
        let (mut at, mut reason) = (None, None);
        let status = match transcript.answers.get(id) {
            Some(answer) => {
                if let Some(act) = desk.act(inside, answer.seq).await? {
                    at = Some(act.at);
                    if let Body::SignatureRefuse(refused) = act.body {
                        reason = Some(refused.reason);
                    }
                }
                if answer.confirmed { SigningStatus::Confirmed } else { SigningStatus::Refused }
            }
            None if member.ended.is_some()
                || transcript.stage == Stage::Sealed
                || transcript.sign_until.is_some_and(|until| now >= until) =>
            {
                SigningStatus::Silent
            }
            None => SigningStatus::Waiting,
        };
        views.push(SignatoryView {
            member: *id,
            label: member.capacity.label().to_owned(),
            name: member.name.clone(),
            me: *id == inside.actor.member,
            status,
            status_label: status.label().to_owned(),
            at,
            reason,
        });
    }
    Ok(views)
}
