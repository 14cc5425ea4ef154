//! The last question before a file is taken: whether a scanner finds a virus in it (SR-37). Until it has answered nobody can use the file, and so
//! nobody else can get it.

use std::path::Path;

use axum::http::StatusCode;
use connect::scanner::{ScanFailure, Verdict};
use metrics::counter;
use store::UploadRow;
use tracing::{error, warn};

use crate::{Desk, Problem};

/// Files that were looked through, by what came of it.
pub(crate) const SCANNED: &str = "uploads_scanned_total";

/// Has the file looked through, where the court has a scanner.
///
/// # Errors
/// 422 `file_infected` or `file_not_scannable`: the upload is gone. 503 `scan_unavailable`: all bytes are kept, and are checked again when somebody
/// asks what became of them.
pub(super) async fn look(desk: &Desk, row: &UploadRow, path: &Path) -> Result<(), Problem> {
    let Some(scanner) = desk.uploads.scanner() else { return Ok(()) };
    let (outcome, problem) = match scanner.scan(path).await {
        Ok(Verdict::Clean) => {
            counter!(SCANNED, "outcome" => "clean").increment(1);
            return Ok(());
        }
        Ok(Verdict::Infected { name }) => {
            warn!(upload.id = %row.id, person.id = %row.person, virus = name, "A virus was found in a file");
            let detail =
                "在这个文件里发现了病毒，没有接收。请先在自己的设备上杀毒，或者把内容重新拍照、另存为 PDF 后再上传。";
            ("infected", Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file_infected", detail))
        }
        Err(ScanFailure::TooLarge) => {
            error!(upload.id = %row.id, bytes = row.length, "The scanner takes no file of this size: raise its StreamMaxLength");
            let detail = "这个文件超过了本法院病毒检查的上限，没有接收。请压缩或者分成几个文件后再上传。";
            ("too_large", Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file_not_scannable", detail))
        }
        Err(failure) => {
            error!(upload.id = %row.id, %failure, "A file cannot be looked through for viruses; it waits");
            counter!(SCANNED, "outcome" => "unavailable").increment(1);
            let detail = "病毒检查暂时不能进行，文件已经收到但还不能使用，请稍后重试，不必重新上传。";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "scan_unavailable", detail);
            return Err(problem.retry_after(10));
        }
    };
    counter!(SCANNED, "outcome" => outcome).increment(1);
    desk.store.remove_upload(row.person, row.id, court::beijing::micros(desk.now())).await?;
    Err(problem)
}
