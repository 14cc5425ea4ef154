//! The browsers on which somebody wants to be woken.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connect::push::PushTarget;
use desk::rim::Json;
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::PushSubscription;
use tracing::info;
use utoipa::ToSchema;

/// The longest address, in bytes.
const ADDRESS: usize = 1_024;

/// Whether this browser can be woken, and is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PushState {
    /// With which key it subscribes; null where the court has no push.
    #[schema(required)]
    pub key: Option<String>,
    /// Whether this login is woken.
    pub on: bool,
}

/// A browser's subscription, as `PushSubscription.toJSON()` gives it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushWish {
    #[schema(max_length = 1024)]
    pub endpoint: String,
    pub keys: PushKeys,
}

/// The keys with which messages to it are sealed, base64url.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushKeys {
    pub p256dh: String,
    pub auth: String,
}

/// Whether this browser is woken, and with which key it subscribes.
#[utoipa::path(
    get, path = "/api/push", operation_id = "push_state", tag = "inbox",
    responses(
        (status = 200, body = PushState),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn push_state(State(desk): State<Desk>, account: Account) -> Result<Reply<PushState>, Problem> {
    let own = desk.store.push_subscriptions(account.person).await?;
    let on = own.iter().any(|subscription| subscription.session == account.session);
    Ok(Reply(PushState { key: desk.push.as_ref().map(|push| push.public_key()), on }))
}

/// Have this browser woken as long as this login lasts. A person may have ten of them; a further one takes the oldest's place.
#[utoipa::path(
    put, path = "/api/push", operation_id = "put_push", tag = "inbox",
    request_body = PushWish,
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`push_unavailable`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`push_invalid`: no keys, or an address that is no push service's", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_push(
    State(desk): State<Desk>,
    account: Account,
    Json(wish): Json<PushWish>,
) -> Result<StatusCode, Problem> {
    let push = desk.push.as_ref().ok_or_else(|| {
        Problem::new(StatusCode::CONFLICT, "push_unavailable", "本院没有开通消息推送，请留意站内消息和短信。")
    })?;
    let invalid = || {
        let detail = "这个浏览器的推送服务不在本院支持的范围内，请留意站内消息和短信。";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "push_invalid", detail)
    };
    let key = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| invalid());
    let target = PushTarget { p256dh: key(&wish.keys.p256dh)?, auth: key(&wish.keys.auth)?, endpoint: wish.endpoint };
    // What may not be reached is not even kept (SR-38); when something is sent, it is asked again.
    if target.endpoint.len() > ADDRESS || !target.has_keys() || !push.takes(&target.endpoint) {
        return Err(invalid());
    }
    let subscription = PushSubscription {
        id: desk.chance.id(),
        person: account.person,
        session: account.session,
        endpoint: target.endpoint,
        p256dh: target.p256dh,
        auth: target.auth,
        created_at: court::beijing::micros(desk.now()),
    };
    desk.store.put_push_subscription(&subscription).await?;
    info!(person.id = %account.person, session.id = %account.session, "A browser is to be woken");
    Ok(StatusCode::NO_CONTENT)
}

/// Have this browser woken no longer.
#[utoipa::path(
    delete, path = "/api/push", operation_id = "drop_push", tag = "inbox",
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn drop_push(State(desk): State<Desk>, account: Account) -> Result<StatusCode, Problem> {
    desk.store.drop_push_of(account.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
