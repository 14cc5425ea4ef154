//! Files of acts, shown from a host of their own to which no cookie ever goes (SR-24).
//!
//! The app's host answers a request for the file of an act with a redirect that carries a [`ticket`]. The files' host reads the ticket
//! and asks again whether the session lives and the member still sees the act, before the first byte and while it sends (SR-08): so
//! an old address is worth nothing once the right behind it has ended.

mod deliver;
mod headers;
mod range;
#[cfg(test)]
mod tests;
mod ticket;

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use court::{File, FileKind, MemberId, RoomId, SessionId};
use tokio::sync::OnceCell;

use crate::{Acting, Desk, PageWidth, Problem};

/// The name under which the court's secret is kept.
const SECRET: &str = "file_ticket_secret";

/// Which form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Exactly the bytes that were sent.
    Original,
    /// A small JPEG of a photo, without metadata, or a still of a video.
    Thumb,
    /// A page of a document, from 1, as a JPEG.
    Page { n: u16, width: PageWidth },
}

impl Variant {
    /// As it stands in a ticket: what, and which page.
    fn code(self) -> (u8, u16) {
        match self {
            Variant::Original => (0, 0),
            Variant::Thumb => (1, 0),
            Variant::Page { n, width: PageWidth::Strip } => (2, n),
            Variant::Page { n, width: PageWidth::Read } => (3, n),
            Variant::Page { n, width: PageWidth::Close } => (4, n),
        }
    }

    fn from_code(code: (u8, u16)) -> Option<Variant> {
        let page = |n, width| Some(Variant::Page { n, width });
        match code {
            (0, 0) => Some(Variant::Original),
            (1, 0) => Some(Variant::Thumb),
            (2, n) => page(n, PageWidth::Strip),
            (3, n) => page(n, PageWidth::Read),
            (4, n) => page(n, PageWidth::Close),
            _ => None,
        }
    }
}

/// Says what a member may see at this moment. Asked at every delivery.
#[async_trait]
pub trait Sight: Send + Sync + 'static {
    /// One file of the act with this record number, by its place there from 0, for somebody whose session lives; none when they are not this member (any longer),
    /// do not see the act, or it has no file. A refusal counts as none.
    ///
    /// # Errors
    /// 503 when it cannot be told.
    async fn may_see(
        &self,
        desk: &Desk,
        acting: &Acting,
        room: RoomId,
        member: MemberId,
        (seq, place): (u64, u8),
    ) -> Result<Option<File>, Problem>;
}

/// What delivering files needs to remember. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Files(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    secret: OnceCell<ticket::Secret>,
}

impl Files {
    /// The court's secret, made when it is first needed; all nodes of a court have the same.
    async fn secret(&self, desk: &Desk) -> Result<&ticket::Secret, Problem> {
        let made = async || {
            let fresh = hex::encode(desk.chance.bytes::<32>());
            let kept = desk.store.put_meta_if_absent(SECRET, &fresh).await?;
            let mut secret = [0; 32];
            hex::decode_to_slice(&kept, &mut secret).map_err(|_| {
                tracing::error!("The secret of file tickets cannot be read");
                Problem::internal()
            })?;
            Ok(secret)
        };
        self.0.secret.get_or_try_init(made).await
    }
}

/// The `Content-Disposition` of a file that can only be saved, under this name.
pub fn attachment(name: &str) -> String {
    headers::saved(name)
}

/// The route of the files' host. It is no part of the API: its addresses are made by [`send`] and live ten minutes.
pub fn routes(sight: impl Sight) -> Router<Desk> {
    Router::new()
        .route("/files/{ticket}", get(deliver::deliver))
        .layer(axum::Extension(deliver::Eyes(Arc::new(sight))))
        .layer(axum::middleware::map_response(deliver::guarded))
}

/// Leads a member to the file of an act that they see: 307 to the files' host.
///
/// `seq` is the act's number in the record, `place` which of its files it is, `file` what that is.
///
/// # Errors
/// 404 for the small picture of what is neither photo nor video.
pub async fn send(
    desk: &Desk,
    session: SessionId,
    room: RoomId,
    member: MemberId,
    (seq, place): (u64, u8),
    file: &File,
    variant: Variant,
) -> Result<Response, Problem> {
    if variant == Variant::Thumb && !matches!(file.kind, FileKind::Photo | FileKind::Video) {
        return Err(Problem::not_found());
    }
    let expires = (desk.now() + ticket::LIFE).unix_timestamp();
    let ticket = ticket::Ticket { session, room, member, seq, place, variant, expires };
    let ticket = ticket.write(desk.files.secret(desk).await?);
    let location = format!("{}/files/{ticket}", desk.config.files_origin);
    let location = HeaderValue::from_str(&location).map_err(|_| Problem::internal())?;
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((StatusCode::TEMPORARY_REDIRECT, headers).into_response())
}
