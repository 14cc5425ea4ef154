use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::RoomId;
use desk::rim::Query;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::OwnActs;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

/// Acts in which somebody's own signature is used or refused. Kinds that this program does not have yet find nothing.
const SIGNATURES: &[&str] = &["signature.confirm", "signature.refuse"];
/// How many acts one page has at most.
const LIMIT: u64 = 50;

/// Which acts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Go on after the page before: its `next`.
    #[serde(default)]
    before: Option<u64>,
    /// How many at most: 1 to 50.
    #[param(minimum = 1, maximum = 50, default = 20)]
    #[serde(default = "page")]
    limit: u64,
    /// Only where my signature was used or refused.
    #[serde(default)]
    signatures: bool,
}

fn page() -> u64 {
    20
}

/// Something that I did, as the log holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnAct {
    pub room: RoomId,
    /// My own number of it in the room: by it the receipt is fetched.
    pub seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What kind of act, `subject.verb`.
    pub kind: String,
    pub sentence: String,
    /// 案号
    pub case_number: String,
    #[schema(value_type = String)]
    pub leaf: record::Hash,
}

/// A page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnActsPage {
    pub acts: Vec<OwnAct>,
    /// What to ask for next; null when there is no more.
    #[schema(required)]
    pub next: Option<u64>,
}

/// List what I did in my rooms, in the role that I act in, the latest first: each with a receipt to download.
///
/// An act appears when the log has come to it, a few seconds after it was done.
#[utoipa::path(
    get, path = "/api/attestation", operation_id = "own_acts", tag = "proof",
    params(Page),
    responses(
        (status = 200, body = OwnActsPage),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn own_acts(
    State(desk): State<Desk>,
    acting: Acting,
    Query(page): Query<Page>,
) -> Result<Json<OwnActsPage>, Problem> {
    let Some(epoch) = desk.store.tree_epoch().await? else {
        return Ok(Json(OwnActsPage { acts: Vec::new(), next: None }));
    };
    let limit = page.limit.clamp(1, LIMIT);
    let own = OwnActs {
        person: acting.person,
        role: acting.role.code(),
        kinds: page.signatures.then_some(SIGNATURES),
        before: page.before.unwrap_or(u64::MAX >> 1),
        limit,
    };
    let leaves = desk.store.own_acts(epoch.epoch, own).await?;
    let next = leaves.last().filter(|_| leaves.len() as u64 == limit).map(|last| last.index);
    let mut acts = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        match own_act(&desk, &acting, leaf).await {
            Ok(act) => acts.extend(act),
            // Ended between the two reads, or a gate is in the way.
            Err(problem) if matches!(problem.status(), StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Json(OwnActsPage { acts, next }))
}

async fn own_act(desk: &Desk, acting: &Acting, leaf: store::TreeLeaf) -> Result<Option<OwnAct>, Problem> {
    let room = RoomId(leaf.record);
    let inside = desk.enter(acting, room).await?;
    court::view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let Some(seq) = inside.room.dense(inside.actor.member, leaf.seq) else { return Ok(None) };
    let Some(act) = desk.act(&inside, leaf.seq).await? else { return Ok(None) };
    Ok(Some(OwnAct {
        room,
        seq,
        at: act.at,
        kind: leaf.kind,
        sentence: act.sentence,
        case_number: inside.room.case.as_ref().map(|case| case.number.clone()).unwrap_or_default(),
        leaf: act.leaf,
    }))
}
