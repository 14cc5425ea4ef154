//! The job `transcript.typeset`: a transcript whose words are settled becomes a file that can be read and signed.

use std::sync::Arc;

use court::transcript::{self, Finalise, Stage, Transcript};
use court::{Act, File, FileKind, Report, Room, RoomId};
use desk::jobs::Outcome;
use desk::views::Unavailable;
use desk::{Desk, Problem};
use futures_util::TryStreamExt;
use record::Hash;
use serde::Deserialize;
use store::BlobRow;
use tracing::info;

use crate::lay_out::{Refusals, lay_out, record_of};
use crate::press::{Pictures, Press, PressFailure};

/// The payload of both jobs: which transcript.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) room: RoomId,
    pub(crate) version: u32,
}

/// Why an attempt came to nothing.
pub(crate) enum Stopped {
    /// There is nothing (more) to do.
    Nothing,
    Later(String),
    Never(String),
}

/// The handler of the job `transcript.typeset`. Done twice, it makes the same file, and the court takes one report of it.
pub async fn typeset(desk: Desk, press: Arc<dyn Press>, payload: String) -> Outcome {
    let Ok(wanted) = serde_json::from_str::<Wanted>(&payload) else {
        return Outcome::Fail("the payload names no transcript".to_owned());
    };
    outcome(make(&desk, &*press, wanted).await)
}

async fn make(desk: &Desk, press: &dyn Press, wanted: Wanted) -> Result<(), Stopped> {
    let (room, acts) = at(desk, wanted, Stage::Concluded).await?;
    let content = transcript::content(&acts, wanted.version).ok_or_else(|| never("no such version"))?;
    let (record, hash) = record_of(&content).ok_or_else(|| never("its words cannot be written"))?;
    let concluded = current(&room, wanted).and_then(|transcript| transcript.concluded);
    let made_at = acts.iter().find(|act| Some(act.seq) == concluded).map(|act| act.at);
    let made_at = made_at.ok_or_else(|| never("its conclusion is not in the record"))?;
    let remark = "本笔录由系统根据审理记录自动生成，经核对定稿。".to_owned();
    let court = &desk.config.court.name;
    let document = lay_out(court, &room, &content, record, &Refusals::new(), (made_at, remark));
    let pictures = pictures(desk, &content).await?;
    let typeset = press.typeset(document, pictures).await?;
    let file = keep(desk, &room, typeset.pdf, "笔录").await?;
    info!(room.id = %wanted.room, version = wanted.version, pages = typeset.pages, "Transcript typeset");
    let told = Finalise { version: wanted.version, file, pages: typeset.pages, content: hash };
    reported(desk.report(wanted.room, Report::TranscriptFinalise(told)).await)
}

/// The room and its record, if the transcript is the latest and stands at this stage.
pub(crate) async fn at(desk: &Desk, wanted: Wanted, stage: Stage) -> Result<(Arc<Room>, Vec<Act>), Stopped> {
    let room = desk.room(wanted.room).await.map_err(later)?.ok_or_else(|| never("no such room"))?;
    if current(&room, wanted).is_none_or(|transcript| transcript.stage != stage) {
        return Err(Stopped::Nothing);
    }
    let acts = desk.record(&room).await.map_err(later)?;
    Ok((room, acts))
}

pub(crate) fn current(room: &Room, wanted: Wanted) -> Option<&Transcript> {
    room.transcript().filter(|transcript| transcript.version == wanted.version)
}

/// The small pictures of its photos. One that cannot be made is missing: its place says so, with the hash.
pub(crate) async fn pictures(desk: &Desk, content: &transcript::Content) -> Result<Pictures, Stopped> {
    let mut pictures = Pictures::new();
    for photo in content.entries.iter().flat_map(|entry| &entry.photos) {
        let id = photo.sha256.to_string();
        if !pictures.contains_key(&id)
            && let Some(bytes) = small_picture(desk, photo).await?
        {
            pictures.insert(id, bytes);
        }
    }
    Ok(pictures)
}

/// The bytes of a photo's small picture; none where there will never be one.
async fn small_picture(desk: &Desk, photo: &File) -> Result<Option<Vec<u8>>, Stopped> {
    let copy = match desk.small_picture(photo).await {
        Ok(copy) => copy,
        Err(Unavailable::Ever(_)) => return Ok(None),
        Err(Unavailable::Now(problem)) => return Err(later(problem)),
    };
    let unread = |error: store::StoreError| Stopped::Later(error.to_string());
    let parts = desk.store.blobs().get_range(copy.sha256, 0..copy.size).await.map_err(unread)?;
    let parts: Vec<_> = parts.try_collect().await.map_err(unread)?;
    Ok(Some(parts.concat()))
}

/// Keeps a file for ever: `what` and the case's number are its name.
pub(crate) async fn keep(desk: &Desk, room: &Room, pdf: Vec<u8>, what: &str) -> Result<File, Stopped> {
    let number = room.case.as_ref().map(|case| case.number.as_str()).unwrap_or_default();
    let (size, sha256) = (pdf.len() as u64, Hash::of(&pdf));
    let media_type = "application/pdf".to_owned();
    let kept = desk.store.blobs().put_bytes(pdf.into()).await.map_err(|error| Stopped::Later(error.to_string()))?;
    debug_assert_eq!(kept, sha256);
    let row = BlobRow { sha256, size, media_type: media_type.clone() };
    let now = court::beijing::micros(desk.now());
    desk.store.put_blob(&row, now).await.map_err(|error| Stopped::Later(error.to_string()))?;
    Ok(File {
        warnings: Vec::new(),
        kind: FileKind::Document,
        name: format!("{number}{}{what}.pdf", room.kind.label()),
        size,
        media_type,
        sha256,
        width: None,
        height: None,
        seconds: None,
    })
}

/// What the court said to a report. That it does not fit any more means that it was made before, or is of no use.
pub(crate) fn reported(answer: Result<(), Problem>) -> Result<(), Stopped> {
    match answer {
        Ok(()) => Ok(()),
        Err(problem) if problem.status().is_client_error() => Err(Stopped::Nothing),
        Err(problem) => Err(later(problem)),
    }
}

pub(crate) fn outcome(done: Result<(), Stopped>) -> Outcome {
    match done {
        Ok(()) | Err(Stopped::Nothing) => Outcome::Done,
        Err(Stopped::Later(why)) => Outcome::retry(why),
        Err(Stopped::Never(why)) => Outcome::Fail(why),
    }
}

pub(crate) fn never(why: &str) -> Stopped {
    Stopped::Never(why.to_owned())
}

fn later(problem: Problem) -> Stopped {
    Stopped::Later(problem.code().to_owned())
}

impl From<PressFailure> for Stopped {
    fn from(failure: PressFailure) -> Stopped {
        match failure {
            PressFailure::Later(why) => Stopped::Later(why),
            PressFailure::Never(why) => Stopped::Never(why),
        }
    }
}
