//! The inbox (消息): what somebody must notice, by heading; what they subscribe to; and telling them by SMS and in the browser.
//!
//! What becomes a notification, and for whom, is `court::inbox`'s; the row is written with its act. This wing shows the rows to whom they
//! belong, with the words that they may read at that moment, and carries them out of the app, where they have no words at all (SR-17).

mod clear;
mod counts;
mod list;
mod push;
mod read;
mod strong;
mod subscriptions;
mod tell;
mod view;

pub use counts::{CategoryCount, InboxOverview};
pub use list::InboxPage;
pub use push::{PushKeys, PushState, PushWish};
pub use strong::strong_reminder;
pub use subscriptions::{Subscription, SubscriptionWay, WayCode};
pub use tell::tell;
pub use view::NotificationView;

use desk::{Desk, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long notifications are kept. What has effect is in the records, for good.
const KEPT: time::Duration = time::Duration::days(366);

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list::inbox))
        .routes(routes!(counts::inbox_counts))
        .routes(routes!(read::read_inbox))
        .routes(routes!(clear::clear_inbox))
        .routes(routes!(clear::undo_clear))
        .routes(routes!(subscriptions::subscriptions, subscriptions::subscribe))
        .routes(routes!(push::push_state, push::put_push, push::drop_push))
}

/// Forgets what is long past. A reconciler.
///
/// # Errors
/// 503 when the store cannot be written.
pub async fn forget(desk: Desk) -> Result<(), Problem> {
    desk.store.forget_notifications(court::beijing::micros(desk.now() - KEPT)).await?;
    Ok(())
}
