//! Whether a page may (still) be read: asked again at the moment of delivery (SR-08).

use async_trait::async_trait;
use court::act::Body;
use court::{File, MemberId, RoomId};
use desk::files::Sight;
use desk::{Acting, Desk, Problem};

use crate::reader::Reader;
use crate::share;

/// Answers for acts of opening, from the room's state and the dossier as they are now.
#[derive(Clone, Copy, Debug)]
pub struct DossierSight;

#[async_trait]
impl Sight for DossierSight {
    /// The file that this act of the member opened, for as long as the opening lasts and what is behind it stands.
    async fn may_see(
        &self,
        desk: &Desk,
        acting: &Acting,
        room: RoomId,
        member: MemberId,
        (seq, _): (u64, u8),
    ) -> Result<Option<File>, Problem> {
        let inside = desk.enter(acting, room).await?;
        let Some(act) = desk.act(&inside, seq).await? else { return Ok(None) };
        if inside.actor.member != member || act.actor != member {
            return Ok(None);
        }
        let (entry, opening) = match act.body {
            Body::DossierOpen(opened) => share::open(desk, &inside, opened.share).await?,
            Body::DossierInspect(inspected) => {
                let Some(case) = inside.room.case.as_ref() else { return Ok(None) };
                let entry = Reader::of(desk, acting, case.id).await?.entry(desk, inspected.entry).await?;
                let Some(opening) = inside.room.inspection(member, entry.id, desk.now()) else { return Ok(None) };
                (entry, opening)
            }
            _ => return Ok(None),
        };
        // Whoever has opened anew since has another address.
        Ok((opening.seq == seq).then_some(entry.file))
    }
}
