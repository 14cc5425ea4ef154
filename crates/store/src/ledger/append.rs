//! What is handed to the writer, and what comes back.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use court::dossier::{Entry, Folder};
use court::{ActId, CaseId, EntryId, MemberId, PersonId, UploadId};
use record::{Hash, Head, Salt};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::standing::{ConsentChange, ConsentRow, DomicileConfirmed, MandateChange, NewParticipant};
use super::told::{NewNotification, StrongReminder};

/// An act to be stored, or as it is stored: everything that its leaf commits to, and who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAct {
    pub id: ActId,
    /// Its place in the record, from 1.
    pub seq: u64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who acted; none for the court's own machinery.
    pub person: Option<PersonId>,
    /// The pseudonym that stands in the leaf.
    pub pseudonym: String,
    pub member: Option<MemberId>,
    pub capacity: String,
    pub kind: String,
    /// Exactly these bytes are committed to.
    pub body: String,
    pub body_salt: Salt,
    /// Exactly these bytes are committed to.
    pub audience: String,
    pub audience_salt: Salt,
    pub leaf: Hash,
    /// The leaf of the act before it.
    pub prev: Hash,
}

/// An act as read back. It has the same fields as when it was handed in; its record is the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAct {
    pub record: Uuid,
    pub id: ActId,
    pub seq: u64,
    pub at: i64,
    pub person: Option<PersonId>,
    pub pseudonym: String,
    pub member: Option<MemberId>,
    pub capacity: String,
    pub kind: String,
    pub body: String,
    pub body_salt: Salt,
    pub audience: String,
    pub audience_salt: Salt,
    pub leaf: Hash,
    pub prev: Hash,
}

/// A room that begins with the acts of the same [`Append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRoom {
    pub case: CaseId,
    /// What kind of room, e.g. `micro_court`.
    pub kind: String,
    /// Microseconds since 1970-01-01 UTC.
    pub opens_at: i64,
    pub closes_at: i64,
}

/// Work that follows: done at least once, by whichever node takes it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub kind: String,
    /// Ids only, as JSON.
    pub payload: String,
    /// Not before this time, microseconds since 1970-01-01 UTC.
    pub run_at: i64,
}

/// The answer to a creating request, kept under the person's idempotency key (SR-39).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub person: PersonId,
    pub key: String,
    /// Of the request, so that the same key with another request can be told apart.
    pub request: Hash,
    pub response: String,
    pub at: i64,
}

/// A row that an act changes beside the record, in the same transaction. All of it is about the act's own record, but for the dossier, which is the
/// case's.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    MembershipStarted {
        member: MemberId,
        person: PersonId,
        role: String,
        seq: u64,
        at: i64,
    },
    MembershipEnded {
        member: MemberId,
        seq: u64,
        at: i64,
    },
    RoomPhase {
        opens_at: i64,
        closes_at: i64,
        marker: String,
    },
    /// From now on the uploaded file belongs to this record: it does not expire and counts towards the case.
    /// The append is refused with [`AppendError::Conflict`] if the upload is gone or was never finished.
    BlobUsed {
        upload: UploadId,
    },
    /// A file stands in the dossier of the case.
    DossierFiled(Box<Entry>),
    /// An entry of the case's dossier stands there, and is called that.
    DossierRefiled {
        case: CaseId,
        entry: EntryId,
        folder: Folder,
        title: String,
    },
    /// An entry of the case's dossier was taken back.
    DossierWithdrawn {
        case: CaseId,
        entry: EntryId,
        at: i64,
    },
    /// What the member had begun to answer is submitted: its draft goes.
    DraftDone {
        member: MemberId,
        matter: ActId,
    },
    /// Somebody must notice it. Said twice it is one notification.
    Notified(NewNotification),
    /// What somebody was told of this record is theirs no longer.
    NotificationsGone {
        person: PersonId,
        role: String,
    },
    /// An SMS was granted that is to remind somebody.
    Reminded(StrongReminder),
    /// The proof that let the act be done is used up.
    StepUpUsed {
        id: Uuid,
        at: i64,
    },
    /// Where a mandate stands now.
    MandateChanged(Box<MandateChange>),
    /// Somebody takes part in the case from now on.
    Participates(Box<NewParticipant>),
    /// Somebody takes part in the case no longer.
    ParticipatesNoLonger {
        member: MemberId,
        at: i64,
    },
    /// Somebody agreed to something, or refused.
    ConsentGiven(Box<ConsentRow>),
    /// A consent was taken back, or it was decided on.
    ConsentChanged(ConsentChange),
    /// Somebody confirmed where papers are sent to them.
    DomicileConfirmed(DomicileConfirmed),
    /// The act brought a document forth: it stands from now on among those of every member.
    DocumentFiled(Box<NewDocument>),
}

/// A document of the record that the effect belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    pub seq: u64,
    pub at: i64,
    pub title: String,
    /// Of the case.
    pub number: String,
    pub parties: String,
    pub version: u32,
    pub pages: u32,
    pub size: u64,
    pub sha256: Hash,
}

/// Acts of one record with everything that must become durable with them.
#[derive(Clone, Debug)]
pub struct Append {
    pub record: Uuid,
    /// Set when the record is a room that does not exist yet; `expected` is then [`Head::EMPTY`].
    pub founding: Option<NewRoom>,
    /// The head on which the acts were decided.
    pub expected: Head,
    /// At least one, chained onto `expected`.
    pub acts: Vec<NewAct>,
    pub jobs: Vec<NewJob>,
    pub effects: Vec<Effect>,
    pub answer: Option<Answer>,
}

/// Acts of one record that have just become durable, `first` and `last` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    pub record: Uuid,
    pub first: u64,
    pub last: u64,
    /// Whether jobs were written with them.
    pub jobs: bool,
    /// Whether rows beside the record changed with them.
    pub effects: bool,
}

/// Why an append was refused. Nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The record has gone on since the acts were decided, or an append before it in the same batch was refused: decide again.
    #[error("the record has gone on since this was decided")]
    Conflict,
    /// The person has used this key before; this is what was answered then.
    #[error("this request was answered before")]
    Duplicate(Answer),
    /// Too much is waiting for the disk.
    #[error("too much is waiting to be stored")]
    Busy,
    /// The disk is full (507).
    #[error("no space left")]
    Full,
    /// The database did not take it. After a lost connection it may yet turn out to be stored; the idempotency key tells.
    #[error("not stored: {0}")]
    Unavailable(String),
    /// The rows contradict each other or what is stored (a gap, a broken chain, a person that does not exist): a mistake of the caller.
    #[error("cannot be stored: {0}")]
    Invalid(String),
}

/// An append on its way. It is committed whether or not anybody waits.
#[derive(Debug)]
#[must_use = "the acts are durable only when this resolves to Ok"]
pub struct Pending(pub(crate) oneshot::Receiver<Result<(), AppendError>>);

impl Future for Pending {
    type Output = Result<(), AppendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // A writer that went away without a word has not said that it committed.
        Pin::new(&mut self.0)
            .poll(context)
            .map(|told| told.unwrap_or_else(|_| Err(AppendError::Unavailable("the writer has stopped".to_owned()))))
    }
}
