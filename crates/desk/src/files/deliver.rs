//! What the files' host answers: the ticket is read, the right behind it is asked for, the bytes are sent.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use court::{File, Role};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, stream};
use record::Hash;
use store::StoreError;
use tokio::time::Instant;
use tracing::{error, info};

use super::range::{Wanted, wanted};
use super::ticket::Ticket;
use super::{Sight, Variant, headers};
use crate::rim::Path;
use crate::views::{Copy, Unavailable};
use crate::{Acting, Desk, Problem, SessionKind};

/// How long bytes flow before it is asked again whether they may (SR-08: a revocation works within a second).
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Who says what a member may see.
#[derive(Clone)]
pub(super) struct Eyes(pub(super) Arc<dyn Sight>);

/// What is sent: the description of the file and the blob that it is.
struct Sent {
    file: File,
    blob: Hash,
}

/// Delivers the file that a ticket names. HEAD is answered as GET would be, without a range and without bytes.
pub(super) async fn deliver(
    State(desk): State<Desk>,
    Extension(eyes): Extension<Eyes>,
    Path(ticket): Path<String>,
    method: Method,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let secret = desk.files.secret(&desk).await?;
    let ticket = Ticket::read(&ticket, secret, desk.now()).ok_or_else(Problem::not_found)?;
    let file = eyes.look(&desk, &ticket).await?.ok_or_else(Problem::not_found)?;
    let sent = match ticket.variant {
        Variant::Original => Sent { blob: file.sha256, file },
        Variant::Thumb => sent(desk.small_picture(&file).await, file)?,
        Variant::Page { n, width } => {
            // The app asks whether there are pages before it asks for one; meanwhile there is none.
            let page = desk.page(&file, n.into(), width).await.transpose().ok_or_else(Problem::not_found)?;
            sent(page, file)?
        }
    };
    let tag = format!("\"{}\"", sent.blob);
    let mut described = HeaderMap::new();
    headers::describe(&sent.file, &tag, &mut described);
    let length = sent.file.size;
    match wanted(&method, &asked, &tag, length) {
        Wanted::Whole => {
            described.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            let body = body(&desk, &method, &eyes, ticket, sent.blob, 0..length).await?;
            Ok((StatusCode::OK, described, body).into_response())
        }
        Wanted::Part(part) => {
            described.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
            described
                .insert(header::CONTENT_RANGE, content_range(&format!("{}-{}", part.start, part.end - 1), length)?);
            let body = body(&desk, &method, &eyes, ticket, sent.blob, part).await?;
            Ok((StatusCode::PARTIAL_CONTENT, described, body).into_response())
        }
        Wanted::Nothing => {
            let problem =
                Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", "请求的范围超出了文件。");
            let mut response = problem.into_response();
            response.headers_mut().insert(header::CONTENT_RANGE, content_range("*", length)?);
            response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            Ok(response)
        }
        Wanted::NotModified => {
            let tag = HeaderValue::from_str(&tag).map_err(|_| Problem::internal())?;
            Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response())
        }
        Wanted::Changed => {
            Err(Problem::new(StatusCode::PRECONDITION_FAILED, "file_differs", "文件与您要找的版本不同，请刷新页面。"))
        }
    }
}

/// Puts the guarding headers on every answer, refusals too.
pub(super) async fn guarded(mut response: Response) -> Response {
    headers::guard(response.headers_mut());
    response
}

impl Eyes {
    /// The file, if the session of the ticket still lives and its member still sees the act.
    async fn look(&self, desk: &Desk, ticket: &Ticket) -> Result<Option<File>, Problem> {
        let now = court::beijing::micros(desk.now());
        let Some((session, person)) = desk.store.session(ticket.session, now).await? else { return Ok(None) };
        let Some(role) = session.role.as_deref().and_then(Role::from_code) else { return Ok(None) };
        let kind = if session.kind == "program" { SessionKind::Program } else { SessionKind::Browser };
        let acting = Acting {
            session: session.id,
            person: person.id,
            name: person.name,
            pseudonym: person.pseudonym,
            role,
            kind,
        };
        match self.0.may_see(desk, &acting, ticket.room, ticket.member, (ticket.seq, ticket.place)).await {
            Err(problem) if problem.status().is_client_error() => Ok(None),
            seen => seen,
        }
    }
}

/// A copy as a file of its own.
fn sent(copy: Result<Copy, Unavailable>, original: File) -> Result<Sent, Problem> {
    let copy = copy.map_err(|unavailable| match unavailable {
        Unavailable::Now(problem) => problem,
        Unavailable::Ever(_) => Problem::not_found(),
    })?;
    let stem = original.name.rsplit_once('.').map_or(original.name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}.jpg");
    let file = File { name, size: copy.size, media_type: copy.media_type, sha256: copy.sha256, ..original };
    Ok(Sent { blob: file.sha256, file })
}

async fn body(
    desk: &Desk,
    method: &Method,
    eyes: &Eyes,
    ticket: Ticket,
    blob: Hash,
    part: Range<u64>,
) -> Result<Body, Problem> {
    if method == Method::HEAD {
        return Ok(Body::empty());
    }
    match desk.store.blobs().get_range(blob, part).await {
        Ok(bytes) => Ok(Body::from_stream(while_allowed(bytes, desk.clone(), eyes.clone(), ticket))),
        Err(StoreError::NotFound) => {
            error!(file.sha256 = %blob, "A file of the record is not there");
            Err(Problem::internal())
        }
        Err(error) => Err(error.into()),
    }
}

/// The bytes for as long as the member may have them. A right that ends breaks the transfer off, so that no half file passes for whole.
fn while_allowed(
    bytes: BoxStream<'static, Result<Bytes, StoreError>>,
    desk: Desk,
    eyes: Eyes,
    ticket: Ticket,
) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    stream::try_unfold((bytes, desk, eyes, Instant::now()), move |(mut bytes, desk, eyes, mut asked)| async move {
        let Some(next) = bytes.next().await.transpose()? else { return Ok(None) };
        // Asked after the bytes are here and before they go: the client may have been slow to take the ones before.
        if asked.elapsed() >= ASK_EVERY {
            match eyes.look(&desk, &ticket).await {
                Ok(Some(_)) => asked = Instant::now(),
                Ok(None) => {
                    info!(session.id = %ticket.session, room.id = %ticket.room, "A transfer was broken off: the right to it has ended");
                    return Err(StoreError::NotFound);
                }
                Err(problem) => return Err(StoreError::Unavailable(problem.code().into())),
            }
        }
        Ok(Some((next, (bytes, desk, eyes, asked))))
    })
}

fn content_range(range: &str, length: u64) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&format!("bytes {range}/{length}")).map_err(|_| Problem::internal())
}
