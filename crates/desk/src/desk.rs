//! The desk itself: what every request shares.

use std::ops::Deref;
use std::sync::Arc;

use connect::identity::IdentityPort;
use connect::phone::PhonePort;
use connect::push::PushPort;
use connect::sms::SmsPort;
use court::Policy;
use store::Store;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::files::Files;
use crate::live::Tickets;
use crate::uploads::Uploads;
use crate::views::Views;
use crate::worker::Worker;
use crate::{Chance, Clock, Config, Hub, Vault};

/// What every request shares. Cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Parts>);

/// The parts of a desk.
pub struct Parts {
    pub config: Config,
    pub policy: Arc<Policy>,
    pub store: Store,
    /// The rooms in memory; the store's writer must call its [`Hub::committed`].
    pub hub: Hub,
    pub tickets: Tickets,
    /// The uploads that are being written to or checked; [`Default`] at start.
    pub uploads: Uploads,
    /// What delivering files needs to remember; [`Default`] at start.
    pub files: Files,
    /// What looks into files, in a process of its own.
    pub worker: Worker,
    /// Which views are being made; [`Default`] at start.
    pub views: Views,
    pub sms: Arc<dyn SmsPort>,
    /// The telephone service for virtual calls, if the court has one.
    pub phone: Option<Arc<dyn PhonePort>>,
    /// The service that compares faces, if the court has one.
    pub identity: Option<Arc<dyn IdentityPort>>,
    /// What wakes browsers, if the court uses it.
    pub push: Option<Arc<dyn PushPort>>,
    /// Personal secrets, locked.
    pub vault: Vault,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// Cancelled when the server stops.
    pub shutdown: CancellationToken,
}

impl Desk {
    /// Puts a desk together.
    pub fn new(parts: Parts) -> Desk {
        Desk(Arc::new(parts))
    }

    /// This moment.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }
}

impl Deref for Desk {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
