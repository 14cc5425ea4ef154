//! Showing again who one is, before something that binds (SR-09): a code to one's own number, good for one thing on one object.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use connect::sms::SmsTemplate;
use court::signature::StepUp;
use court::{Proposal, Refusal, RoomId, SessionId};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{StepUpRow, Verdict};
use time::{Duration, OffsetDateTime};
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Memory;
use super::code::{self, CodeSent};
use super::enter::{self, Code};
use super::own_code::send_own_code;
use crate::asking::{self, Account, Acting, Visitor};
use crate::rim::Json;
use crate::{Desk, Problem, ProblemDocument, metrics};

/// For how long the one thing may be done.
const FRESH: Duration = Duration::minutes(5);

/// What may be done after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = StepUpPurpose)]
pub enum Purpose {
    /// Sign this document in this room.
    #[serde(rename = "signature.confirm")]
    SignatureConfirm,
    /// Put my signature on these places of this file of my own, in no room.
    #[serde(rename = "signature.place")]
    SignaturePlace,
    /// Answer this text in this room.
    #[serde(rename = "consent.give")]
    ConsentGive,
}

/// For what a code shall be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskStepUp {
    purpose: Purpose,
    /// For `signature.confirm`, and for nothing else.
    #[serde(default)]
    room: Option<RoomId>,
    /// SHA-256 of the document; for `signature.place` what the refusal `step_up_required` names as `document`: file and places in one.
    #[schema(value_type = String)]
    document: Hash,
}

/// The code that came, and what it is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowStepUp {
    purpose: Purpose,
    /// As the code was asked for.
    #[serde(default)]
    room: Option<RoomId>,
    /// As the code was asked for.
    #[schema(value_type = String)]
    document: Hash,
    #[schema(value_type = String, example = "000000")]
    code: Code,
    /// The request that the code was sent for; none: the latest.
    #[serde(default)]
    request: Option<Uuid>,
}

/// The one thing may be done now, once.
#[derive(Debug, Serialize, ToSchema)]
pub struct SteppedUp {
    pub method: StepUp,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Purpose::SignatureConfirm => "signature.confirm",
            Purpose::SignaturePlace => "signature.place",
            Purpose::ConsentGive => "consent.give",
        }
    }
}

/// Get a code by SMS to my own number, good for signing this document alone.
#[utoipa::path(
    post, path = "/api/step-up/code", operation_id = "step_up_code", tag = "login",
    request_body = AskStepUp,
    responses(
        (status = 202, description = "A code is on its way", body = CodeSent),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`step_up_object`, or the request is not right", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`sms_too_often`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn step_up_code(
    State(desk): State<Desk>,
    account: Account,
    Json(ask): Json<AskStepUp>,
) -> Result<(StatusCode, Json<CodeSent>), Problem> {
    let object = object(ask.purpose, ask.room, ask.document)?;
    let sent = send_own_code(&desk, &account, &code_purpose(ask.purpose, &object), SmsTemplate::StepUpCode).await?;
    Ok((StatusCode::ACCEPTED, Json(sent)))
}

/// Show with the code that it is me. The one thing may then be done once, within five minutes, in this session.
///
/// A browser gets a new cookie; the old one, and the live sockets opened with it, are over (SR-07).
#[utoipa::path(
    post, path = "/api/step-up", operation_id = "step_up", tag = "login",
    request_body = ShowStepUp,
    responses(
        (status = 200, description = "It may be done now", body = SteppedUp),
        (status = 401, description = "`code_wrong`; or not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The request is not right", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`login_too_often`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn step_up(
    State(desk): State<Desk>,
    axum::Extension(memory): axum::Extension<Arc<Memory>>,
    account: Account,
    visitor: Visitor,
    Json(show): Json<ShowStepUp>,
) -> Result<Response, Problem> {
    let object = object(show.purpose, show.room, show.document)?;
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    let network = visitor.network();
    memory.attempts.may_try(&network, desk.now()).map_err(enter::too_often)?;
    let purpose = code_purpose(show.purpose, &object);
    let now = desk.now();
    let check = |salt: &record::Salt| code::hash(salt, &purpose, &person.phone, show.code.expose());
    let verdict = desk
        .store
        .try_code(&person.phone, &purpose, show.request, check, enter::TRIES, court::beijing::micros(now))
        .await?;
    if verdict != Verdict::Right {
        memory.attempts.wrong(&network, now);
        metrics::denied("code_wrong");
        return Err(enter::code_wrong());
    }
    let (session, cookie) = asking::renew(&desk, &account, &visitor).await?;
    let expires_at = now + FRESH;
    let row = StepUpRow {
        id: desk.chance.id(),
        session,
        purpose: show.purpose.code().to_owned(),
        object,
        method: "sms".to_owned(),
        granted_at: court::beijing::micros(now),
        expires_at: court::beijing::micros(expires_at),
    };
    desk.store.put_step_up(&row).await?;
    info!(person.id = %person.id, session.id = %session, purpose = row.purpose, "Stepped up");
    let done = Json(SteppedUp { method: StepUp::Sms, expires_at });
    Ok((AppendHeaders(cookie.map(|cookie| (header::SET_COOKIE, cookie))), done).into_response())
}

impl Desk {
    /// The proof that the actor's session holds for this proposal, if it needs one and there is one: how, and which.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub(crate) async fn step_up_proof(
        &self,
        acting: &Acting,
        room: RoomId,
        proposal: &Proposal,
    ) -> Result<Option<(StepUp, Uuid)>, Problem> {
        let (purpose, document) = match proposal {
            Proposal::SignatureConfirm(asked) => (Purpose::SignatureConfirm, asked.document),
            Proposal::ConsentGive(asked) => (Purpose::ConsentGive, asked.to.text().sha256),
            _ => return Ok(None),
        };
        self.proof(acting.session, purpose, &in_room(room, document)).await
    }

    /// The proof that this session holds for putting its person's signature on places of a file, both of which `document` stands for.
    ///
    /// # Errors
    /// 403 `step_up_required` with that `document` when there is none; 503 when the store cannot be read.
    pub async fn placing_proof(&self, account: &Account, document: Hash) -> Result<(StepUp, Uuid), Problem> {
        let proof = self.proof(account.session, Purpose::SignaturePlace, &in_tool(document)).await?;
        let needed = || Problem::from(Refusal::StepUpRequired).with("document", document.to_string());
        proof.ok_or_else(needed)
    }

    async fn proof(
        &self,
        session: SessionId,
        purpose: Purpose,
        object: &str,
    ) -> Result<Option<(StepUp, Uuid)>, Problem> {
        let now = court::beijing::micros(self.now());
        let row = self.store.step_up(session, purpose.code(), object, now).await?;
        Ok(row.filter(|row| row.method == "sms").map(|row| (StepUp::Sms, row.id)))
    }
}

/// What a proof or a code is bound to.
///
/// # Errors
/// 422 when a room is named for what happens in none, or none for what happens in one.
fn object(purpose: Purpose, room: Option<RoomId>, document: Hash) -> Result<String, Problem> {
    match (purpose, room) {
        (Purpose::SignatureConfirm | Purpose::ConsentGive, Some(room)) => Ok(in_room(room, document)),
        (Purpose::SignaturePlace, None) => Ok(in_tool(document)),
        _ => {
            let detail = "验证的用途与对象不符，请刷新页面后重试。";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "step_up_object", detail))
        }
    }
}

fn in_room(room: RoomId, document: Hash) -> String {
    format!("{room}/{document}")
}

fn in_tool(document: Hash) -> String {
    format!("tool/{document}")
}

/// A code for one document is none for another, and none for logging in (SR-03).
fn code_purpose(purpose: Purpose, object: &str) -> String {
    format!("{} {object}", purpose.code())
}
