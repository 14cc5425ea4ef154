//! The job `transcript.seal`: when nobody is waited for any more, the signatures go in their places, refusals with their reasons beside them, and
//! the court seals the file. From then on it does not change (SR-41).

use std::sync::Arc;

use court::act::Body;
use court::signature::Confirmed;
use court::transcript::{self, Seal, Stage};
use court::{Act, MemberId, Report, Room};
use desk::Desk;
use desk::jobs::Outcome;
use time::Duration;
use tracing::{info, warn};

use crate::lay_out::{Refusals, lay_out, record_of};
use crate::press::{Press, ReceiptOf, Receipts, Sealing, Sheet, Typeset};
use crate::typesetting::{Stopped, Wanted, at, current, keep, never, outcome, pictures, reported};

/// How long after the term a time stamp is waited for. The job is given up about two hours after it was first tried.
const STAMP_PATIENCE: Duration = Duration::hours(1);

/// How long after the words were settled their receipt is waited for; a checkpoint is at most a minute behind.
const LOG_PATIENCE: Duration = Duration::minutes(10);

/// The handler of the job `transcript.seal`. It runs after every answer and at the end of the term, and does nothing until all have answered or
/// the term is over. Done twice, the court takes one report.
pub async fn seal(desk: Desk, press: Arc<dyn Press>, receipts: Arc<dyn Receipts>, payload: String) -> Outcome {
    let Ok(wanted) = serde_json::from_str::<Wanted>(&payload) else {
        return Outcome::Fail("the payload names no transcript".to_owned());
    };
    outcome(make(&desk, &*press, &*receipts, wanted).await)
}

async fn make(desk: &Desk, press: &dyn Press, receipts: &dyn Receipts, wanted: Wanted) -> Result<(), Stopped> {
    let (room, acts) = at(desk, wanted, Stage::Signing).await?;
    let transcript = current(&room, wanted).filter(|transcript| transcript.is_complete(&room, desk.now()));
    let Some(transcript) = transcript else { return Err(Stopped::Nothing) };
    let document = transcript.document.as_ref().ok_or(Stopped::Nothing)?;
    let content = transcript::content(&acts, wanted.version).ok_or_else(|| never("no such version"))?;
    let (record, hash) = record_of(&content).ok_or_else(|| never("its words cannot be written"))?;
    if hash != document.content {
        return Err(never("the record gives other words than those that were signed"));
    }
    let made_at = acts.last().map(|act| act.at).ok_or(Stopped::Nothing)?;
    let receipt = receipt(desk, receipts, &acts, wanted).await?;
    let remark = format!(
        "各成员确认或拒绝签名的笔录定稿：共 {} 页，SHA-256 {}。本件内容与定稿一致，并载明签名情况。",
        document.pages, document.sha256
    );
    let refusals = refusals(&acts, wanted.version);
    let court = &desk.config.court.name;
    let printed = lay_out(court, &room, &content, record, &refusals, (made_at, remark));
    let pictures = pictures(desk, &content).await?;
    let typeset = press.typeset(printed, pictures).await?;
    let signatures = signatures(desk, &room, &acts, wanted.version, &typeset).await?;
    let patient = transcript.sign_until.is_some_and(|until| desk.now() < until + STAMP_PATIENCE);
    let seal = typeset.places.get("seal").copied();
    let sealing = Sealing { signatures, seal, receipt, at: desk.now(), without_stamp: !patient };
    let sealed = press.seal(typeset.pdf, sealing).await?;
    let file = keep(desk, &room, sealed.pdf, "笔录（已签章）").await?;
    info!(room.id = %wanted.room, version = wanted.version, pages = typeset.pages, "Transcript sealed");
    let told = Seal { version: wanted.version, file, pages: typeset.pages, stamped_by: sealed.stamped_by };
    reported(desk.report(wanted.room, Report::TranscriptSeal(told)).await)
}

/// The receipt of the act that names the words of this file by their hash: with it the file proves its record without anybody's server. What the log
/// has not come to is waited for a little; a log that stands still must not keep a transcript from its people.
async fn receipt(
    desk: &Desk,
    receipts: &dyn Receipts,
    acts: &[Act],
    wanted: Wanted,
) -> Result<Option<String>, Stopped> {
    let finalised = acts.iter().rfind(|act| match &act.body {
        Body::TranscriptFinalise(finalised) => finalised.version == wanted.version,
        _ => false,
    });
    let Some(finalised) = finalised else { return Ok(None) };
    match receipts.receipt(desk, wanted.room, finalised.seq).await {
        Ok(ReceiptOf::Here(text)) => Ok(Some(text)),
        Ok(ReceiptOf::NoLog) => Ok(None),
        Ok(ReceiptOf::NotYet) if desk.now() < finalised.at + LOG_PATIENCE => {
            Err(Stopped::Later("receipt_pending".to_owned()))
        }
        Ok(ReceiptOf::NotYet) => {
            warn!(room.id = %wanted.room, version = wanted.version, "Sealed without a receipt: the log stands still");
            Ok(None)
        }
        Err(problem) => Err(Stopped::Later(problem.code().to_owned())),
    }
}

fn refusals(acts: &[Act], version: u32) -> Refusals {
    let refused = acts.iter().filter_map(|act| match &act.body {
        Body::SignatureRefuse(refused) if refused.version == version => Some((act.actor, (act.at, refused.clone()))),
        _ => None,
    });
    refused.collect()
}

/// The pictures of those who have confirmed: of each the very signature that their act named. This is the one place where another than its person
/// has it opened, and what comes of it stands in the file alone.
async fn signatures(
    desk: &Desk,
    room: &Room,
    acts: &[Act],
    version: u32,
    typeset: &Typeset,
) -> Result<Vec<Sheet>, Stopped> {
    let mut sheets = Vec::new();
    for (member, confirmed) in confirmed(acts, version) {
        let person = room.ever().find(|one| one.id == member).and_then(|one| one.person);
        let person = person.ok_or_else(|| never("a signatory has no account"))?;
        let place = typeset.places.get(&format!("signer:{member}")).copied();
        let place = place.ok_or_else(|| never("a signatory has no place in the file"))?;
        let kept = desk.signature_named(person, confirmed.commitment).await;
        let kept = kept.map_err(|problem| Stopped::Later(problem.code().to_owned()))?;
        let kept = kept.ok_or_else(|| never("a signature that was confirmed is not there"))?;
        sheets.push(Sheet { place, png: kept.signature.png });
    }
    Ok(sheets)
}

fn confirmed(acts: &[Act], version: u32) -> impl Iterator<Item = (MemberId, &Confirmed)> {
    acts.iter().filter_map(move |act| match &act.body {
        Body::SignatureConfirm(confirmed) if confirmed.version == version => Some((act.actor, confirmed)),
        _ => None,
    })
}
