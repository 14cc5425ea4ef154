//! Bringing a file into the books, from the command line or from a program of the court.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::{Extension, Json};
use desk::rim::{Query, Table};
use desk::worker::{NotDone, Worker};
use desk::{Chance, Clock, Desk, Integration, Problem, ProblemDocument};
use papers::work::Task;
use papers::{FileRefusal, Sheet, TableKind, TableRefusal};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{Clash, ImportOutcome, ImportRun, Imported, Store, Tally};
use tokio::sync::Semaphore;
use tracing::{info, warn};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::read::{Fault, Form, Unreadable, of_sheets, read};

/// How many faults an answer of the API lists; of the rest it says only how many there are.
const LISTED: usize = 500;

/// Whether to import, or only to say what would happen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    /// Look at everything and change nothing.
    #[serde(default)]
    check: bool,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportAnswer {
    /// Names the line that the import left; absent when it was only checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<Uuid>,
    /// Only checked: nothing was changed.
    pub checked: bool,
    /// Rows of the file that say something.
    pub rows: u64,
    pub cases: Counts,
    pub people: Counts,
    pub participants: Counts,
    /// How many of the participants ended with this import.
    pub ended: u64,
}

/// How many were new, were changed, were as the file says already.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    pub new: u64,
    pub changed: u64,
    pub same: u64,
}

/// One import: what, by whom, into which court.
#[derive(Clone, Copy)]
pub struct Importing<'a> {
    pub store: &'a Store,
    pub clock: &'a dyn Clock,
    pub chance: &'a dyn Chance,
    /// The name of the court that the cases are of.
    pub court: &'a str,
    /// Who imports, for the line that it leaves.
    pub source: &'a str,
    /// Try everything and keep nothing.
    pub check: bool,
    /// Who reads tables. Without one this process does, which is for the operator's own files alone.
    pub worker: Option<&'a Worker>,
}

/// Why an import did nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotImported {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error("the reader of files failed")]
    Reader,
}

/// Reads a file and puts it into the books, whole or not at all; leaves an audit line.
///
/// # Errors
/// Every row that is not right or does not fit; then nothing has changed.
pub async fn import(how: Importing<'_>, bytes: Vec<u8>, form: Form) -> Result<ImportAnswer, NotImported> {
    let (sha256, length) = (Hash::of(&bytes), bytes.len() as u64);
    let said = match (how.worker, form.table()) {
        (Some(worker), Some(kind)) => of_sheets(sheets(worker, &bytes, kind).await?)?,
        _ => tokio::task::spawn_blocking(move || read(&bytes, form)).await.map_err(|_| NotImported::Reader)??,
    };
    let run = ImportRun {
        id: how.chance.ordered_id(how.clock.now()),
        at: court::beijing::micros(how.clock.now()),
        source: how.source.to_owned(),
        form: form.ending().to_owned(),
        sha256,
        bytes: length,
        rows: said.places.len() as u64,
    };
    let id = || how.chance.id();
    match how.store.import(&said.import, &run, how.court, how.check, &id).await? {
        ImportOutcome::Done(done) => {
            // Numbers alone: what a file says of people is in no log.
            info!(
                import.id = %run.id, import.form = form.ending(), import.rows = run.rows, import.checked = how.check,
                file.sha256 = %sha256, cases.new = done.cases.new, cases.changed = done.cases.changed,
                people.new = done.people.new, participants.new = done.participants.new,
                participants.changed = done.participants.changed, participants.ended = done.ended, "File imported"
            );
            Ok(answer(&run, how.check, &done))
        }
        ImportOutcome::Refused(clashes) => {
            let fault = |(row, clash): (usize, Clash)| {
                let (column, reason) = explain(clash);
                Fault { place: said.places.get(row).cloned().unwrap_or_default(), column, reason }
            };
            let mut faults: Vec<Fault> = clashes.into_iter().map(fault).collect();
            faults.sort_by(|a, b| (&a.place, a.column).cmp(&(&b.place, b.column)));
            Err(Unreadable::Rows(faults).into())
        }
    }
}

/// The sheets of a table that a program of the court sent, read where it can do no harm.
async fn sheets(worker: &Worker, bytes: &[u8], kind: TableKind) -> Result<Vec<Sheet>, NotImported> {
    match worker.run_on_bytes::<Result<Vec<Sheet>, TableRefusal>>(&Task::Table { kind }, bytes).await {
        Ok(done) => done.answer.map_err(|refusal| Unreadable::Table(refusal).into()),
        Err(NotDone::Refused(refusal)) => Err(Unreadable::Table(refusal.into()).into()),
        Err(NotDone::Resource(_)) => Err(Unreadable::Table(FileRefusal::TooCostly.into()).into()),
        Err(NotDone::Bug(_) | NotDone::Missing(_) | NotDone::Unavailable) => Err(NotImported::Reader),
    }
}

fn answer(run: &ImportRun, checked: bool, done: &Imported) -> ImportAnswer {
    let counts = |tally: Tally| Counts { new: tally.new, changed: tally.changed, same: tally.same };
    ImportAnswer {
        import: (!checked).then_some(run.id),
        checked,
        rows: run.rows,
        cases: counts(done.cases),
        people: counts(done.people),
        participants: counts(done.participants),
        ended: done.ended,
    }
}

fn explain(clash: Clash) -> (&'static str, String) {
    let (column, reason) = match clash {
        Clash::CaseLacks("title") => ("案件名称", "本院还没有这件案件，新案件须填写案件名称。"),
        Clash::CaseLacks("cause") => ("案由", "本院还没有这件案件，新案件须填写案由。"),
        Clash::CaseLacks(_) => ("立案日期", "本院还没有这件案件，新案件须填写立案日期。"),
        Clash::AnotherPerson => ("手机号", "这个手机号在本院已由另一姓名的人实名认证，请核对姓名和手机号。"),
    };
    (column, reason.to_owned())
}

/// Import cases and people from a court's own system: all of a file, or nothing.
///
/// With an integration token (`weiting token --integration`). The body is the file itself: JSON, CSV or xlsx, as `Content-Type` says;
/// docs/import.md describes each. The same file again changes nothing.
#[utoipa::path(
    post, path = "/api/import", operation_id = "import", tag = "docket",
    params(Check),
    request_body(
        content(
            (String = "application/json"),
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        description = "The file, at most 8 MB",
    ),
    responses(
        (status = 200, description = "Imported, or with `check` found right", body = ImportAnswer),
        (status = 400, description = "`malformed_json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "`integration_required`: no integration token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "`table_too_large`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "`import_type_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`import_refused`, with `faults` (sheet, row, column, reason) and `total`; nothing was changed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was changed; try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn import_file(
    State(desk): State<Desk>,
    integration: Integration,
    Extension(one): Extension<Arc<Semaphore>>,
    Query(query): Query<Check>,
    headers: HeaderMap,
    table: Table,
) -> Result<Json<ImportAnswer>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = Form::of_media_type(kind).ok_or_else(|| {
        let detail = "请用 Content-Type 注明文件格式：application/json、text/csv 或者 xlsx 的类型。";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "import_type_unknown", detail)
    })?;
    // One file at a time: an import is rare and holds its whole file in memory.
    let _turn = one.acquire().await.map_err(|_| Problem::unavailable())?;
    let how = Importing {
        store: &desk.store,
        clock: &*desk.clock,
        chance: &*desk.chance,
        court: &desk.config.court.name,
        source: &format!("{} {}", integration.name, integration.id),
        check: query.check,
        worker: Some(&desk.worker),
    };
    match import(how, table.0.to_vec(), form).await {
        Ok(answer) => Ok(Json(answer)),
        Err(error) => Err(refused(error, &integration)),
    }
}

fn refused(error: NotImported, integration: &Integration) -> Problem {
    let unreadable = match error {
        NotImported::Unreadable(unreadable) => unreadable,
        NotImported::Store(error) => return error.into(),
        NotImported::Reader => return Problem::internal(),
    };
    let status = match unreadable.code() {
        "malformed_json" => StatusCode::BAD_REQUEST,
        "table_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let problem = Problem::new(status, unreadable.code(), unreadable.detail());
    let Unreadable::Rows(faults) = unreadable else { return problem };
    warn!(integration.id = %integration.id, import.faults = faults.len(), "A file was not imported");
    let listed: Vec<_> = faults.iter().take(LISTED).filter_map(|fault| serde_json::to_value(fault).ok()).collect();
    problem.with("total", faults.len()).with("faults", listed)
}
