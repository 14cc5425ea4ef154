//! What goes over a live socket.

use axum::extract::ws::Utf8Bytes;
use court::view::{ActView, RefusalView};
use court::{Act, Extent, MemberId, RoomId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tally::InboxCounts;

/// What a client says.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientFrame {
    /// Rooms to watch from now on, each from an act on.
    #[serde(default)]
    pub watch: Vec<Watch>,
    /// Rooms to watch no longer.
    #[serde(default)]
    pub unwatch: Vec<RoomId>,
    /// Whether to be told of the inbox from now on; nothing said, nothing changes.
    #[serde(default)]
    pub inbox: Option<bool>,
}

/// A room to watch.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    pub room: RoomId,
    /// The last act (own number) that the client has; what comes after it is sent.
    #[serde(default)]
    pub after: u64,
}

/// What the server says about a room.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ServerFrame {
    /// An act.
    Act { room: RoomId, seq: u64, act: Box<ActView> },
    /// The client has everything up to here.
    Head { room: RoomId, head: u64 },
    /// Who is online, whenever it changes.
    Online { room: RoomId, online: Vec<MemberId> },
    /// The room cannot be watched (any longer).
    Error { room: RoomId, error: RefusalView },
    /// How much the caller has not read, in the role that they act in, whenever it changes.
    Inbox { inbox: InboxCounts },
}

impl ServerFrame {
    /// The frame as text.
    pub(crate) fn encode(&self) -> Utf8Bytes {
        serde_json::to_string(self).expect("frames are plain data").into()
    }
}

/// The frame of an act under the viewer's own number, with as much of it as they are shown.
pub(crate) fn act_frame(act: &Act, dense: u64, extent: Extent) -> Utf8Bytes {
    ServerFrame::Act { room: act.room, seq: dense, act: Box::new(act.view(dense, extent)) }.encode()
}
