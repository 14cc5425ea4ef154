//! 送达地址: one's own list, and what was confirmed in a case, for its bench.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{Capacity, CaseId, MemberId};
use desk::domicile::{Entry, KeptDomicile, Way};
use desk::rim::{Json, Path};
use desk::{Account, Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// How many places a list may have.
const ENTRIES: usize = 10;

/// A list as it is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutDomicile {
    /// One of them is the default.
    #[schema(max_items = 10)]
    entries: Vec<Entry>,
}

/// Where papers are sent to me.
#[derive(Serialize, ToSchema)]
pub struct DomicileView {
    /// 0: I have given none yet.
    pub version: u32,
    pub entries: Vec<Entry>,
}

/// Where papers are sent to a participant of a case, as they confirmed it.
#[derive(Serialize, ToSchema)]
pub struct MemberDomicile {
    pub member: MemberId,
    pub name: String,
    pub label: String,
    pub version: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub confirmed_at: OffsetDateTime,
    pub entries: Vec<Entry>,
}

/// Where papers are sent to me.
#[utoipa::path(
    get, path = "/api/me/domicile", operation_id = "my_domicile", tag = "consent",
    responses(
        (status = 200, body = DomicileView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn my_domicile(State(desk): State<Desk>, account: Account) -> Result<Reply<DomicileView>, Problem> {
    let kept = desk.domicile(account.person, None).await?;
    Ok(Reply(kept.map_or(DomicileView { version: 0, entries: Vec::new() }, view)))
}

/// Change where papers are sent to me. What was confirmed for a case stays as it was confirmed, until it is confirmed anew.
#[utoipa::path(
    put, path = "/api/me/domicile", operation_id = "put_domicile", tag = "consent",
    request_body = PutDomicile,
    responses(
        (status = 200, description = "Kept, encrypted", body = DomicileView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`domicile_invalid`: says what", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was stored; try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_domicile(
    State(desk): State<Desk>,
    account: Account,
    Json(given): Json<PutDomicile>,
) -> Result<Reply<DomicileView>, Problem> {
    let entries: Vec<Entry> = given.entries.into_iter().map(trimmed).collect();
    if let Some(detail) = fault(&entries) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "domicile_invalid", detail));
    }
    Ok(Reply(view(desk.keep_domicile(account.person, &entries).await?)))
}

/// List where papers are sent in a case, as each has confirmed it. For the bench.
#[utoipa::path(
    get, path = "/api/cases/{case}/domiciles", operation_id = "domiciles", tag = "consent",
    params(("case" = String, Path, description = "Case id")),
    responses(
        (status = 200, body = Vec<MemberDomicile>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller on its bench", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn domiciles(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
) -> Result<Reply<Vec<MemberDomicile>>, Problem> {
    let me =
        desk.store.participant_of(case, acting.person, acting.role.code()).await?.ok_or_else(Problem::not_found)?;
    if !Capacity::from_code(&me.capacity).is_some_and(|capacity| desk.policy.is_bench(capacity)) {
        return Err(Problem::not_found());
    }
    let participants = desk.store.participants(case).await?;
    let mut list = Vec::new();
    for row in desk.store.domiciles_in(case).await? {
        let Some(who) = participants.iter().find(|other| other.id == row.member) else { continue };
        let Some(kept) = desk.domicile(row.person, Some(row.version)).await? else { continue };
        list.push(MemberDomicile {
            member: row.member,
            name: who.name.clone(),
            label: Capacity::from_code(&who.capacity).map(|it| it.label().to_owned()).unwrap_or_default(),
            version: row.version,
            confirmed_at: court::beijing::from_micros(row.at),
            entries: kept.entries,
        });
    }
    Ok(Reply(list))
}

fn view(kept: KeptDomicile) -> DomicileView {
    DomicileView { version: kept.version, entries: kept.entries }
}

fn trimmed(entry: Entry) -> Entry {
    let trim = |text: String| text.trim().to_owned();
    Entry {
        recipient: trim(entry.recipient),
        phone: trim(entry.phone),
        postcode: trim(entry.postcode),
        address: trim(entry.address),
        email: trim(entry.email),
        ..entry
    }
}

/// What is wrong with a list, if anything is.
fn fault(entries: &[Entry]) -> Option<String> {
    if entries.len() > ENTRIES {
        return Some(format!("送达地址最多填写 {ENTRIES} 个。"));
    }
    if !entries.is_empty() && entries.iter().filter(|entry| entry.default).count() != 1 {
        return Some("请选择其中一个作为默认送达地址。".to_owned());
    }
    entries.iter().enumerate().find_map(|(at, entry)| {
        let fits = |text: &str, from: usize, to: usize| (from..=to).contains(&text.chars().count());
        let digits = |text: &str| text.chars().all(|char| char.is_ascii_digit() || "+- ".contains(char));
        let what = if !fits(&entry.recipient, 1, 50) {
            "请填写收件人（50 字以内）"
        } else if !fits(&entry.phone, 5, 20) || !digits(&entry.phone) {
            "请填写联系电话"
        } else if !fits(&entry.address, 1, 200) {
            "请填写详细地址（200 字以内）"
        } else if !(entry.postcode.is_empty() || entry.postcode.len() == 6 && digits(&entry.postcode)) {
            "邮政编码应为 6 位数字"
        } else if entry.ways.contains(&Way::Email) && !(fits(&entry.email, 3, 100) && entry.email.contains('@')) {
            "选择电子邮件送达的，请填写电子邮箱"
        } else {
            return None;
        };
        Some(format!("第 {} 个地址：{what}。", at + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            recipient: "示例".to_owned(),
            phone: "021-00000000".to_owned(),
            postcode: "200000".to_owned(),
            address: "示例路 1 号".to_owned(),
            ways: vec![Way::Email],
            email: "a@example.com".to_owned(),
            default: true,
        }
    }

    #[test]
    fn a_list_has_one_default_and_each_place_can_be_written_to() {
        assert_eq!(fault(&[]), None, "a list may be emptied");
        assert_eq!(fault(&[entry()]), None);
        for wrong in [
            Entry { default: false, ..entry() },
            Entry { recipient: String::new(), ..entry() },
            Entry { phone: "电话".to_owned(), ..entry() },
            Entry { address: "路".repeat(201), ..entry() },
            Entry { postcode: "20000".to_owned(), ..entry() },
            Entry { email: String::new(), ..entry() },
        ] {
            assert!(fault(std::slice::from_ref(&wrong)).is_some(), "{}", serde_json::to_string(&wrong).unwrap());
        }
        assert!(fault(&[entry(), entry()]).is_some(), "two defaults are none");
        assert!(fault(&vec![entry(); 11]).is_some());
    }
}
