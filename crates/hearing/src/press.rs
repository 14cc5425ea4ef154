//! What turns a transcript into a sealed file: typesetting, pictures of signatures in their places, the court's signature, a time stamp. The program
//! brings it along; here is what is asked of it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use court::RoomId;
use desk::{Desk, Problem};
use time::OffsetDateTime;
use typeset::transcript::Transcript;

/// Pictures by their id: JPEG or PNG.
pub type Pictures = BTreeMap<String, Vec<u8>>;

/// A typeset file.
#[derive(Clone, Debug)]
pub struct Typeset {
    pub pdf: Vec<u8>,
    pub pages: u32,
    /// By name: `signer:` and the signer's id; `seal`.
    pub places: BTreeMap<String, Place>,
}

/// A place on a page, in points from its top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// From 1.
    pub page: u32,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A picture in its place.
#[derive(Clone)]
pub struct Sheet {
    pub place: Place,
    pub png: Vec<u8>,
}

/// How a file is sealed.
#[derive(Clone)]
pub struct Sealing {
    /// The pictures of signatures.
    pub signatures: Vec<Sheet>,
    /// Where the seal is seen.
    pub seal: Option<Place>,
    /// What proves the record, to be carried inside of the file.
    pub receipt: Option<String>,
    /// The court's time.
    pub at: OffsetDateTime,
    /// Whether it is sealed also when nobody can stamp its time: after that has been tried for long.
    pub without_stamp: bool,
}

/// A sealed file.
#[derive(Clone, Debug)]
pub struct SealedFile {
    pub pdf: Vec<u8>,
    /// The time-stamping service, if it gave a stamp.
    pub stamped_by: Option<String>,
}

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PressFailure {
    /// It may succeed later.
    #[error("{0}")]
    Later(String),
    /// It will never succeed with this.
    #[error("{0}")]
    Never(String),
}

/// What can be had of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptOf {
    Here(String),
    /// The log has not come to the act.
    NotYet,
    /// Nothing is put into a log here.
    NoLog,
}

/// What proves an act to anybody. The program brings it along: the court's log is another wing's.
#[async_trait]
pub trait Receipts: Send + Sync + 'static {
    /// The receipt of an act that is for everybody.
    ///
    /// # Errors
    /// 503 when it cannot be told.
    async fn receipt(&self, desk: &Desk, room: RoomId, seq: u64) -> Result<ReceiptOf, Problem>;
}

/// Makes files of transcripts.
#[async_trait]
pub trait Press: Send + Sync + 'static {
    /// Typesets a transcript. The same transcript gives the same bytes.
    ///
    /// # Errors
    /// [`PressFailure`].
    async fn typeset(&self, transcript: Transcript, pictures: Pictures) -> Result<Typeset, PressFailure>;

    /// Puts the pictures in their places, signs for the court, has the time stamped, and checks the result.
    ///
    /// # Errors
    /// [`PressFailure`].
    async fn seal(&self, pdf: Vec<u8>, sealing: Sealing) -> Result<SealedFile, PressFailure>;
}
