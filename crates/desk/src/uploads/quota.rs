//! How much one person may have under way (SR-33).

use axum::http::StatusCode;
use court::PersonId;

use super::LIFE;
use crate::{Desk, Problem};

/// How many bytes a person may announce within 24 hours.
const BYTES: u64 = 20 * 1024 * 1024 * 1024;
/// How many unfinished uploads a person may have.
const UNFINISHED: u64 = 8;

/// Refuses an upload that would be too much for one person.
///
/// # Errors
/// 429 for too many unfinished uploads, 507 for too many bytes within a day.
pub(super) async fn check(desk: &Desk, person: PersonId, length: u64) -> Result<(), Problem> {
    let now = desk.now();
    let load = desk.store.upload_load(person, court::beijing::micros(now - LIFE), court::beijing::micros(now)).await?;
    if load.unfinished >= UNFINISHED {
        let detail = format!("您已有 {UNFINISHED} 个文件正在上传，请等其中一个完成或取消后再试。");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "uploads_too_many", detail).retry_after(30));
    }
    if load.bytes.saturating_add(length) > BYTES {
        let detail = "您 24 小时内上传的文件合计已达 20 GB，请明天再传，或联系法院工作人员现场提交。";
        return Err(Problem::new(StatusCode::INSUFFICIENT_STORAGE, "upload_quota", detail).retry_after(3600));
    }
    Ok(())
}
