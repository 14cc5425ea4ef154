//! The press of the program: the typesetter, the court's key, a time-stamping authority.

use std::sync::Arc;

use async_trait::async_trait;
use certs::Signer;
use connect::timestamp::{TimestampFailure, Timestamps};
use papers::attach::{self, Attachment};
use papers::signature::{self, Seal};
use papers::stamp::{self, Stamp};
use papers::{PdfRefusal, Spot};
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tracing::warn;
use typeset::transcript::Transcript;

use crate::press::{Pictures, Place, Press, PressFailure, SealedFile, Sealing, Sheet, Typeset};
use crate::typesetter::Typesetter;

/// The name of the receipt in a sealed file. `weiting verify` and the page 核验 look for it.
const RECEIPT: &str = "receipt.txt";

/// Has documents laid out and seals them with the court's key.
pub struct Printing {
    typesetter: Arc<dyn Typesetter>,
    signer: Arc<dyn Signer>,
    /// Who stamps, and by what name it is known; none where the court has none.
    timestamps: Option<(Arc<dyn Timestamps>, String)>,
    /// The name that stands in the seal.
    court: String,
    /// One document at a time: a large one takes hundreds of megabytes.
    turn: Semaphore,
}

impl Printing {
    /// A press with this typesetter and this key.
    pub fn new(
        typesetter: Arc<dyn Typesetter>,
        signer: Arc<dyn Signer>,
        timestamps: Option<(Arc<dyn Timestamps>, String)>,
        court: String,
    ) -> Printing {
        Printing { typesetter, signer, timestamps, court, turn: Semaphore::new(1) }
    }
}

#[async_trait]
impl Press for Printing {
    async fn typeset(&self, transcript: Transcript, pictures: Pictures) -> Result<Typeset, PressFailure> {
        let _turn = self.turn.acquire().await.map_err(|_| later("the press stops"))?;
        let made = self.typesetter.lay_out(transcript.into(), pictures).await?;
        if made.missing_pictures > 0 {
            warn!(count = made.missing_pictures, "Photos that cannot be printed; their places say so");
        }
        Ok(made.file)
    }

    async fn seal(&self, pdf: Vec<u8>, sealing: Sealing) -> Result<SealedFile, PressFailure> {
        let signer = self.signer.clone();
        let seal = Seal {
            field: "court".to_owned(),
            name: self.court.clone(),
            reason: "庭审笔录签章归档".to_owned(),
            at: sealing.at,
            look: None,
        };
        let (signatures, receipt) = (sealing.signatures, sealing.receipt);
        let prepared = spawn_blocking(move || {
            let stamps: Vec<Stamp> = signatures.into_iter().map(stamp_of).collect();
            let stamped = if stamps.is_empty() { pdf } else { stamp::stamp(&pdf, &stamps)? };
            // Before the signature, which covers it.
            let carrying = match receipt {
                Some(text) => attach::attach(&stamped, &carried(text, seal.at))?,
                None => stamped,
            };
            signature::prepare(&carrying, &seal, &*signer)
        });
        let prepared = prepared.await.map_err(|_| later("sealing panicked"))?.map_err(refused)?;
        let mut token = None;
        if let Some((timestamps, name)) = &self.timestamps {
            match timestamps.stamp(prepared.imprint()).await {
                Ok(stamp) => token = Some((stamp, name.clone())),
                // The court's own time stands in the signature; a stamp that cannot be had for hours must not keep a transcript from its people.
                Err(failure) if sealing.without_stamp => warn!(%failure, "Sealed without a time stamp"),
                Err(failure @ TimestampFailure::Unavailable { .. }) => return Err(later(&failure.to_string())),
                Err(failure) => return Err(later(&format!("the time stamp is of no use: {failure}"))),
            }
        }
        let (token, stamped_by) = token.unzip();
        let finished = spawn_blocking(move || prepared.finish(token.as_deref()));
        let pdf = finished.await.map_err(|_| later("sealing panicked"))?.map_err(refused)?;
        Ok(SealedFile { pdf, stamped_by })
    }
}

fn carried(text: String, at: OffsetDateTime) -> Attachment {
    Attachment {
        name: RECEIPT.to_owned(),
        description: "法院存证凭证：可用 weiting verify 或本院“核验”页核对".to_owned(),
        media_type: "text/plain".to_owned(),
        bytes: text.into_bytes(),
        at,
    }
}

fn stamp_of(Sheet { place, png }: Sheet) -> Stamp {
    let Place { page, x, y, width, height } = place;
    Stamp { spot: Spot { page, x, y, width, height }, png }
}

fn refused(refusal: PdfRefusal) -> PressFailure {
    match refusal {
        PdfRefusal::Key(_) => later(&refusal.to_string()),
        other => PressFailure::Never(other.to_string()),
    }
}

fn later(why: &str) -> PressFailure {
    PressFailure::Later(why.to_owned())
}
