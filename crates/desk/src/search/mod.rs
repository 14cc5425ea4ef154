//! 查找消息记录: what was said is found again, by each member over what that member may see.
//!
//! The index is derived from the record and written behind it, off the way of the acts ([`index`]). A search asks the index for what it
//! has and looks through the acts after it itself ([`find`]), so that a word just said is found at once.

mod days;
mod find;
mod index;

use court::Act;
use store::SearchEntry;

pub use days::DayCount;
pub use find::Found;

/// An act as search knows it.
fn entry(act: &Act) -> SearchEntry {
    SearchEntry {
        seq: act.seq,
        at: court::beijing::micros(act.at),
        member: act.actor,
        day: act.day().to_julian_day(),
        media: act.is_media(),
        text: act.searchable().into_owned(),
    }
}
