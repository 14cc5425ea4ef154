//! Requests that are repeated under their key: one effect, one answer (SR-39).

use axum::http::StatusCode;
use court::PersonId;
use desk::rim::IdempotencyKey;
use desk::{Desk, Problem};
use record::Hash;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Answer;
use uuid::Uuid;

/// What was answered before under this key, if anything was.
pub(crate) async fn earlier<T: DeserializeOwned>(
    desk: &Desk,
    person: PersonId,
    key: &IdempotencyKey,
    request: Hash,
) -> Result<Option<T>, Problem> {
    match desk.store.answer(person, key.as_str()).await? {
        Some(answer) => read(&answer, request).map(Some),
        None => Ok(None),
    }
}

/// Keeps an answer; the one that stands is given back.
pub(crate) async fn keep<T: Serialize + DeserializeOwned>(
    desk: &Desk,
    person: PersonId,
    key: &IdempotencyKey,
    request: Hash,
    answer: &T,
) -> Result<T, Problem> {
    let answer = Answer {
        person,
        key: key.as_str().to_owned(),
        request,
        response: serde_json::to_string(answer).map_err(|_| Problem::internal())?,
        at: court::beijing::micros(desk.now()),
    };
    read(&desk.store.put_answer(answer).await?, request)
}

/// An id that the same request gets again.
pub(crate) fn id(person: PersonId, key: &IdempotencyKey, of: &str) -> Uuid {
    let Hash(hash) = Hash::of(format!("{of}\n{person}\n{}", key.as_str()).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// What somebody typed without spaces around it, if its length in characters fits.
pub(crate) fn text(typed: &str, least: usize, most: usize) -> Option<String> {
    let text = typed.trim();
    let fits = (least..=most).contains(&text.chars().count());
    let plain = !text.chars().any(|char| char.is_control() && char != '\n');
    (fits && plain).then(|| text.to_owned())
}

fn read<T: DeserializeOwned>(answer: &Answer, request: Hash) -> Result<T, Problem> {
    if answer.request != request {
        let detail = "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail));
    }
    serde_json::from_str(&answer.response).map_err(|_| Problem::internal())
}
