//! Cases and their micro-courts (微法庭): lists, the room, its acts, its files, its schedule.
//!
//! One endpoint, one file. What an act means is decided in `court`; how it is stored, numbered and announced is `desk`'s.

mod act;
mod acts;
mod call;
mod calling;
mod cards;
mod case;
mod cases;
mod contact;
mod days;
mod draft;
mod file;
mod matters;
mod notice;
mod phone_reports;
mod read;
mod reminder;
mod room;
mod rooms;
mod schedule;
mod search;
mod search_rooms;
mod sight;

pub use call::{CallState, CallView};
pub use calling::{call_bind, call_expire, call_unbind};
pub use cards::{CaseCard, CaseView, NextSitting, ParticipantView, Place, RoomCard};
pub use contact::Contact;
pub use matters::{AnswerPart, ChangeView, DraftView, MatterView, MattersView, TargetView};
pub use notice::sitting_notice;
pub use reminder::matter_reminder;
pub use schedule::ScheduleRequest;
pub use sight::RoomSight;

use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(cases::cases))
        .routes(routes!(case::case))
        .routes(routes!(schedule::schedule))
        .routes(routes!(rooms::rooms))
        .routes(routes!(room::room))
        .routes(routes!(acts::acts, act::act))
        .routes(routes!(contact::view_contact))
        .routes(routes!(file::act_file))
        .routes(routes!(file::act_thumb))
        .routes(routes!(call::call))
        .routes(routes!(phone_reports::phone_reports))
        .routes(routes!(search::search))
        .routes(routes!(days::days))
        .routes(routes!(search_rooms::search_rooms))
        .routes(routes!(read::mark_read))
        .routes(routes!(matters::matters))
        .routes(routes!(draft::save_draft, draft::drop_draft))
}
