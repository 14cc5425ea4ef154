//! One's signature put on the chosen places.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use court::UploadId;
use desk::rim::{IdempotencyKey, Json, Path};
use desk::uploads::{Brought, ToolResult, tool_file};
use desk::{Account, Desk, KeptSignature, Problem};
use papers::Mark;
use papers::work::{Sizes, Task};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{Answer, SignatureUse};
use tracing::{info, warn};
use utoipa::ToSchema;

use super::problem;
use crate::pace::{Cost, PersonPace};

/// The most places in one file.
const PLACES: usize = 100;
/// The smallest and the largest edge of a place, in points.
const EDGE: std::ops::RangeInclusive<f64> = 8.0..=20_000.0;

/// Where my signature goes, on which file. What is consented to: this file, this signature, these places.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignWanted {
    /// SHA-256 of the file, as its pages were shown.
    #[schema(value_type = String)]
    document: Hash,
    /// My signature, by its commitment.
    #[schema(value_type = String)]
    signature: Hash,
    /// 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    places: Vec<PlacedSignature>,
}

/// A place: a box on a page as it is seen, in points from its top left corner. The signature is put into its middle, as large as fits.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacedSignature {
    /// From 1.
    pub page: u32,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// What came of it: a PDF, which is deleted after 24 hours at the latest.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SignedFile {
    /// The upload under which it is shown and fetched; deleted like any upload.
    #[schema(value_type = String)]
    pub upload: UploadId,
    pub name: String,
    /// Bytes.
    pub size: u64,
    #[schema(value_type = String)]
    pub sha256: Hash,
}

/// Put my signature on places of a file of mine. The file is deleted; what came of it is fetched, and deleted after 24 hours at the latest.
///
/// The signature is used for exactly this: without a fresh proof of who I am for this file, this signature and these places, the answer is
/// `step_up_required` with the `document` that the proof must name.
#[utoipa::path(
    post, path = "/api/tools/signature/{upload}", operation_id = "sign_file", tag = "tools",
    params(
        ("upload" = String, Path, description = "Id of an upload for a tool"),
        ("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer"),
    ),
    request_body = SignWanted,
    responses(
        (status = 201, description = "Signed", body = SignedFile),
        (status = 401, description = "Not logged in", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`step_up_required`, with `document`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_unfinished`, `upload_not_for_tool`, `signature_missing`, `signature_other`, `document_other`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`places_invalid`, `document_signed`, `document_not_addable`, `sign_unreadable`, `idempotency_key_reused`, or why the file is refused", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`: it is being worked on", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`, `tool_switched_off`", body = desk::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sign_file(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<UploadId>,
    key: IdempotencyKey,
    Extension(pace): Extension<PersonPace>,
    Json(wanted): Json<SignWanted>,
) -> Result<(StatusCode, Json<SignedFile>), Problem> {
    let marks = marks(&wanted.places)?;
    let digest = digest(&wanted, &marks);
    let request = Hash::of(format!("sign {id} {digest}").as_bytes());
    let _turn = desk.turn(account.person, key.as_str()).await;
    if let Some(answer) = desk.store.answer(account.person, key.as_str()).await? {
        return signed(answer, request);
    }
    let file = tool_file(&desk, &account, id).await?;
    let kept = right_ones(&desk, &account, &wanted, file.brought()).await?;
    let proof = desk.placing_proof(&account, digest).await?;
    pace.step(account.person, Cost::Work, desk.now())?;

    let task = Task::Mark { marks };
    let done = desk.worker.run_beside::<Sizes>(&task, file.path(), &kept.signature.png).await.map_err(|not_done| {
        warn!(upload.id = %id, outcome = not_done.class(), "File not signed");
        problem(&not_done)
    })?;
    let made = done.files.first().ok_or_else(Problem::internal)?;
    let name = signed_name(&file.brought().name);
    let result = ToolResult::stage(&desk, &account, name.clone(), made.path()).await?;

    let at = court::beijing::micros(desk.now());
    let told = SignedFile { upload: result.id(), name, size: result.size(), sha256: result.sha256() };
    let used = SignatureUse {
        id: desk.chance.id(),
        person: account.person,
        at,
        signature: kept.commitment,
        name: file.brought().name.clone(),
        document: wanted.document,
        result: told.sha256,
        places: serde_json::to_string(&wanted.places).map_err(|_| Problem::internal())?,
        method: "sms".to_owned(),
    };
    let response = serde_json::to_string(&told).map_err(|_| Problem::internal())?;
    let answer = Answer { person: account.person, key: key.as_str().to_owned(), request, response, at };
    result.note(&desk, &used, proof.1, &answer).await?;
    info!(upload.id = %id, person.id = %account.person, places = wanted.places.len(), "File signed");
    // What cannot be removed now goes when its time is over; the answer is the same.
    if let Err(problem) = file.remove(&desk).await {
        warn!(upload.id = %id, code = problem.code(), "A signed file was not removed");
    }
    Ok((StatusCode::CREATED, Json(told)))
}

/// The signature that is meant, if it and the file are still those that the person saw.
async fn right_ones(
    desk: &Desk,
    account: &Account,
    wanted: &SignWanted,
    file: &Brought,
) -> Result<KeptSignature, Problem> {
    if file.sha256 != wanted.document {
        let detail = "要签名的文件与您看到的不是同一份，请重新选择文件。";
        return Err(Problem::new(StatusCode::CONFLICT, "document_other", detail));
    }
    let Some(kept) = desk.signature(account.person).await? else {
        let detail = "您还没有预留签名，请先书写签名。";
        return Err(Problem::new(StatusCode::CONFLICT, "signature_missing", detail));
    };
    if kept.commitment != wanted.signature {
        let detail = "您的签名刚刚更换过，请查看预览后重新确认。";
        return Err(Problem::new(StatusCode::CONFLICT, "signature_other", detail));
    }
    Ok(kept)
}

/// The places in whole numbers, so that they are the same wherever they are written.
fn marks(places: &[PlacedSignature]) -> Result<Vec<Mark>, Problem> {
    let invalid = || {
        let detail = format!("签名位置不正确，请调整后重试；一份文件最多可放 {PLACES} 处。");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "places_invalid", detail)
    };
    if places.is_empty() || places.len() > PLACES {
        return Err(invalid());
    }
    let mark = |place: &PlacedSignature| {
        let inside = |from: f64| (0.0..=*EDGE.end()).contains(&from);
        let fits = inside(place.x) && inside(place.y) && EDGE.contains(&place.width) && EDGE.contains(&place.height);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2,000,000")]
        let hundredths = |points: f64| (points * 100.0).round() as u32;
        (fits && place.page > 0).then(|| Mark {
            page: place.page,
            x: hundredths(place.x),
            y: hundredths(place.y),
            width: hundredths(place.width),
            height: hundredths(place.height),
        })
    };
    places.iter().map(mark).collect::<Option<_>>().ok_or_else(invalid)
}

/// What the proof is for: file, signature and places in one.
fn digest(wanted: &SignWanted, marks: &[Mark]) -> Hash {
    let mut text = format!("weiting signature place v1\n{}\n{}\n", wanted.document, wanted.signature);
    for mark in marks {
        text += &format!("{} {} {} {} {}\n", mark.page, mark.x, mark.y, mark.width, mark.height);
    }
    Hash::of(text.as_bytes())
}

fn signed_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}（已签名）.pdf")
}

/// The answer to this request, or to the same request before (SR-39).
fn signed(answer: Answer, request: Hash) -> Result<(StatusCode, Json<SignedFile>), Problem> {
    if answer.request != request {
        let detail = "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail));
    }
    let told = serde_json::from_str(&answer.response).map_err(|_| Problem::internal())?;
    Ok((StatusCode::CREATED, Json(told)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(x: f64, width: f64) -> PlacedSignature {
        PlacedSignature { page: 1, x, y: 10.0, width, height: 40.0 }
    }

    #[test]
    fn sr40_another_place_file_or_signature_is_another_consent() {
        let wanted = |document: &[u8], signature: &[u8], x: f64| {
            let (document, signature) = (Hash::of(document), Hash::of(signature));
            let wanted = SignWanted { document, signature, places: vec![place(x, 120.0)] };
            let marks = marks(&wanted.places).unwrap();
            digest(&wanted, &marks)
        };
        let one = wanted(b"a", b"s", 10.0);
        assert_eq!(one, wanted(b"a", b"s", 10.001), "what no printer can tell apart is the same");
        for other in [wanted(b"b", b"s", 10.0), wanted(b"a", b"t", 10.0), wanted(b"a", b"s", 10.01)] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_place_that_is_none_is_refused() {
        for bad in [place(-1.0, 120.0), place(f64::NAN, 120.0), place(10.0, 0.5), place(10.0, f64::INFINITY)] {
            assert_eq!(marks(&[bad]).unwrap_err().code(), "places_invalid");
        }
        assert_eq!(marks(&[]).unwrap_err().code(), "places_invalid");
        assert_eq!(marks(&[place(1.0, 50.0); PLACES + 1]).unwrap_err().code(), "places_invalid");
        assert_eq!(marks(&[PlacedSignature { page: 0, ..place(1.0, 50.0) }]).unwrap_err().code(), "places_invalid");
        assert_eq!(marks(&[place(1.0, 50.0); PLACES]).unwrap().len(), PLACES);
    }
}
