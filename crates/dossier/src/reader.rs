//! Who reads the dossier of a case: its bench, whether or not they are in a room of it (architecture 5, no. 90).

use std::cmp::Reverse;

use axum::http::StatusCode;
use court::dossier::{Entry, Opening};
use court::{Capacity, CaseId, EntryId, Viewer};
use desk::{Acting, Desk, Inside, Problem};

/// Somebody who may read the dossier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub(crate) case: CaseId,
    pub(crate) viewer: Viewer,
}

impl Reader {
    /// The caller, as one who reads the dossier of this case.
    ///
    /// # Errors
    /// 404 for everybody who is not on its bench in the role that they act in: for them there is no dossier.
    pub(crate) async fn of(desk: &Desk, acting: &Acting, case: CaseId) -> Result<Reader, Problem> {
        let part = desk.store.participant_of(case, acting.person, acting.role.code()).await?;
        let part = part.ok_or_else(Problem::not_found)?;
        let capacity = Capacity::from_code(&part.capacity).filter(|capacity| desk.policy.is_bench(*capacity));
        let capacity = capacity.ok_or_else(Problem::not_found)?;
        Ok(Reader { case, viewer: Viewer { member: part.id, capacity } })
    }

    /// Whether the reader sees an entry: [`Entry::is_seen_by`], the one question.
    pub(crate) fn sees(&self, desk: &Desk, entry: &Entry) -> bool {
        entry.is_seen_by(self.viewer, &desk.policy)
    }

    /// An entry that the reader sees.
    ///
    /// # Errors
    /// 404 when there is none, or not for them.
    pub(crate) async fn entry(&self, desk: &Desk, id: EntryId) -> Result<Entry, Problem> {
        let entry = desk.store.dossier_entry(self.case, id).await?;
        entry.filter(|entry| self.sees(desk, entry)).ok_or_else(Problem::not_found)
    }
}

/// The rooms of a case in which the caller is, those that open last first.
pub(crate) async fn rooms(desk: &Desk, acting: &Acting, case: CaseId) -> Result<Vec<Inside>, Problem> {
    let mut rooms = Vec::new();
    for (row, _) in desk.store.memberships_of(acting.person, acting.role.code()).await? {
        if row.case != case {
            continue;
        }
        match desk.enter(acting, row.id).await {
            Ok(inside) => rooms.push(inside),
            // Ended between the two reads.
            Err(problem) if problem.status() == StatusCode::NOT_FOUND => {}
            Err(problem) => return Err(problem),
        }
    }
    rooms.sort_by_key(|inside| (Reverse(inside.room.opens_at), inside.room.id));
    Ok(rooms)
}

/// In which of the caller's rooms an entry is opened: where it came from, or else the newest.
pub(crate) fn opened_in(rooms: Vec<Inside>, entry: &Entry) -> Option<Inside> {
    let own = rooms.iter().position(|inside| inside.room.id == entry.room).unwrap_or(0);
    rooms.into_iter().nth(own)
}

/// An entry that the caller has open, with the room and the opening.
///
/// # Errors
/// 404 when there is no such entry for them, 409 when they have not opened it.
pub(crate) async fn open(
    desk: &Desk,
    acting: &Acting,
    case: CaseId,
    id: EntryId,
) -> Result<(Entry, Inside, Opening), Problem> {
    let entry = Reader::of(desk, acting, case).await?.entry(desk, id).await?;
    let inside = opened_in(rooms(desk, acting, case).await?, &entry).ok_or_else(not_opened)?;
    let opening = inside.room.inspection(inside.actor.member, id, desk.now()).ok_or_else(not_opened)?;
    Ok((entry, inside, opening))
}

/// That something is read by whoever has opened it.
pub(crate) fn not_opened() -> Problem {
    Problem::new(StatusCode::CONFLICT, "dossier_not_opened", "请先打开这份材料再查阅；每次打开都会记入审理记录。")
}
