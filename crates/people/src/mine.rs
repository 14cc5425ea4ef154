use axum::Json;
use axum::extract::State;
use court::beijing::from_micros;
use court::notice::Notice;
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::Serialize;
use store::{Stage, VerificationRow};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::document::{Kind, masked};

/// Who I am to this court.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identity {
    pub verified: bool,
    /// 居民身份证 …; null while nobody has checked one.
    #[schema(required)]
    pub document: Option<String>,
    /// Masked: 3101**********1234.
    #[schema(required)]
    pub number: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub verified_at: Option<OffsetDateTime>,
    /// When it has to be done again; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub expires_at: Option<OffsetDateTime>,
    /// My latest attempt.
    #[schema(required)]
    pub attempt: Option<AttemptView>,
    /// What is read and accepted first.
    pub before: Notice,
    /// What is signed in the end.
    pub after: Notice,
    pub documents: Vec<DocumentKind>,
    /// Whether this court has a face service. There is always a reviewer.
    pub face: bool,
    /// For how many days the pictures for a reviewer are kept.
    pub keep_days: u32,
}

/// A kind of document that may be given.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentKind {
    pub kind: Kind,
    pub label: String,
    /// Whether the face service knows it.
    pub face: bool,
}

/// An attempt to show who I am.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    pub id: Uuid,
    /// `begun`, `facing`, `review`, `passed` or `rejected`.
    pub stage: String,
    pub name: String,
    pub kind: Kind,
    /// Masked.
    pub number: String,
    pub phone_verified: bool,
    /// 受诉法院, once it was handed to a reviewer.
    #[schema(required)]
    pub court: Option<String>,
    /// Why it did not pass.
    #[schema(required)]
    pub reason: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub begun_at: OffsetDateTime,
    /// Whether the notice at the end was signed.
    pub accepted: bool,
}

/// Show whether and how I am verified, where my latest attempt stands, and what there is to read.
#[utoipa::path(
    get, path = "/api/me/identity", operation_id = "my_identity", tag = "identity",
    responses(
        (status = 200, body = Identity),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn my_identity(State(desk): State<Desk>, account: Account) -> Result<Json<Identity>, Problem> {
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    let document = desk.store.document_of(account.person).await?;
    let passed = desk.store.passed_verification(account.person).await?;
    let latest = desk.store.latest_verification(account.person).await?;
    let face = desk.identity.is_some();
    Ok(Json(Identity {
        verified: person.verified,
        document: document.as_ref().and_then(|of| Kind::of_code(&of.kind)).map(|kind| kind.label().to_owned()),
        number: document.map(|of| masked(&of.number)),
        verified_at: passed.as_ref().and_then(|row| row.decided_at).map(from_micros),
        expires_at: passed.and_then(|row| row.expires_at).map(from_micros),
        attempt: latest.filter(|row| row.stage != Stage::Superseded).and_then(view),
        before: crate::BEFORE.clone(),
        after: crate::AFTER.clone(),
        documents: Kind::ALL
            .map(|kind| DocumentKind { kind, label: kind.label().to_owned(), face: face && kind == Kind::ResidentId })
            .into(),
        face,
        keep_days: desk.config.identity.keep_days,
    }))
}

/// An attempt as its person sees it.
pub(crate) fn view(row: VerificationRow) -> Option<AttemptView> {
    Some(AttemptView {
        id: row.id,
        stage: row.stage.code().to_owned(),
        kind: Kind::of_code(&row.document.kind)?,
        number: masked(&row.document.number),
        name: row.name,
        phone_verified: row.phone_at.is_some(),
        court: row.court,
        reason: row.reason,
        begun_at: from_micros(row.begun_at),
        accepted: row.accepted_at.is_some(),
    })
}
