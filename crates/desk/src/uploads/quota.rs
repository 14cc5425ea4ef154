//! How much one person may have under way, and how much one case may hold (SR-33).

use axum::http::StatusCode;
use court::{CaseId, PersonId};

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

/// Refuses a file that would be too much for a case. Files that are shown at the same moment may together go a little beyond.
///
/// # Errors
/// 507 when the case would hold more than the operator allows.
pub(crate) async fn check_case(desk: &Desk, case: CaseId, size: u64) -> Result<(), Problem> {
    let used = desk.store.used_bytes_case(case).await?;
    if used.saturating_add(size) > desk.config.case_bytes {
        let detail = "本案的文件已达到法院设定的总量，这个文件没有发送。请联系书记员，或以其他方式提交。";
        return Err(Problem::new(StatusCode::INSUFFICIENT_STORAGE, "case_quota", detail));
    }
    Ok(())
}
