//! Whether a file may (still) be seen: asked again at the moment of delivery (SR-08).

use async_trait::async_trait;
use court::{File, MemberId, RoomId};
use desk::files::Sight;
use desk::{Acting, Desk, Inside, Problem};

/// Answers from the room's state and the record, all as they are now.
#[derive(Clone, Copy, Debug)]
pub struct RoomSight;

#[async_trait]
impl Sight for RoomSight {
    async fn may_see(
        &self,
        desk: &Desk,
        acting: &Acting,
        room: RoomId,
        member: MemberId,
        (seq, place): (u64, u8),
    ) -> Result<Option<File>, Problem> {
        let inside = desk.enter(acting, room).await?;
        if inside.actor.member != member {
            return Ok(None);
        }
        court::view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
        file_of(desk, &inside, seq, place).await
    }
}

/// A file of the act with this record number, by its place there from 0, if there is one that the member may see.
pub(crate) async fn file_of(desk: &Desk, inside: &Inside, seq: u64, place: u8) -> Result<Option<File>, Problem> {
    let act = desk.act(inside, seq).await?;
    Ok(act.and_then(|act| act.body.files().get(usize::from(place)).cloned()))
}
