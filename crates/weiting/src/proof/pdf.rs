//! A sealed transcript (.pdf): whether the court's seal holds over the whole file, and whether the record in it is the one that the receipt in it proves.

use certs::Anchors;
use court::act::{Body, BodyDocument};
use papers::attach::attachments;
use papers::signature::{self, Signature};
use record::note::VerifyingKey;
use record::receipt::{self, Receipt};
use record::{Fault, Finding, Hash};
use time::OffsetDateTime;

/// The machine-readable record in a transcript.
const RECORD: &str = "record.json";
/// What proves it.
const RECEIPT: &str = "receipt.txt";

/// What was found in a PDF.
#[derive(Default)]
pub(super) struct Sealed {
    signatures: Vec<Signature>,
    /// Whether anybody was named whose seals are believed.
    roots: bool,
    record: Option<Hash>,
    /// The receipt that it carries.
    pub(super) receipt: Option<Receipt>,
    /// Whether the receipt is of this very record.
    proven: bool,
}

/// Verifies a sealed PDF. A part that it does not have is told, and is wrong only if it must be there: the seal.
pub(super) fn verify(
    pdf: &[u8],
    pinned: Option<&VerifyingKey>,
    roots: Option<&Anchors>,
    now: OffsetDateTime,
) -> (Sealed, Vec<Finding>) {
    let mut sealed = Sealed { roots: roots.is_some(), ..Sealed::default() };
    let mut findings = Vec::new();
    let mut wrong = |fault: Fault, place: String| findings.push(Finding { fault, place });
    let nobody = Anchors::default();
    let (Ok(signatures), Ok(files)) = (signature::verify(pdf, roots.unwrap_or(&nobody), now), attachments(pdf)) else {
        wrong(Fault::Malformed, "pdf".to_owned());
        return (sealed, findings);
    };
    if signatures.is_empty() {
        wrong(Fault::Missing, "signature".to_owned());
    } else if !signatures.iter().any(|signature| signature.covers_whole_file) {
        wrong(Fault::Altered, "pdf".to_owned());
    }
    for one in &signatures {
        let stamp = one.time_stamp.as_ref();
        let believed = roots.is_none() || (one.trusted && stamp.is_none_or(|stamp| stamp.trusted));
        if !one.intact || stamp.is_some_and(|stamp| !stamp.intact) || !believed {
            wrong(Fault::Signature, format!("signature {}", one.field));
        }
    }
    sealed.signatures = signatures;

    let file = |name: &str| files.iter().find(|file| file.name == name).map(|file| &file.bytes);
    sealed.record = file(RECORD).map(|bytes| Hash::of(bytes));
    let Some(text) = file(RECEIPT) else { return (sealed, findings) };
    let (read, wrongs) = match std::str::from_utf8(text) {
        Ok(text) => receipt::verify(text, pinned),
        Err(_) => (None, vec![Finding { fault: Fault::Malformed, place: "receipt".to_owned() }]),
    };
    let sound = wrongs.is_empty();
    for Finding { fault, place } in wrongs {
        wrong(fault, format!("{RECEIPT} {place}"));
    }
    // A receipt of something else proves nothing of this record.
    let named = read.as_ref().and_then(content);
    sealed.proven = sound && named.is_some() && named == sealed.record;
    if sound && !sealed.proven {
        wrong(if sealed.record.is_some() { Fault::Altered } else { Fault::Missing }, RECORD.to_owned());
    }
    sealed.receipt = read;
    (sealed, findings)
}

/// The hash of the record that the act of a receipt names.
fn content(receipt: &Receipt) -> Option<Hash> {
    let document: BodyDocument = serde_json::from_str(receipt.body.as_deref()?).ok()?;
    match document.act {
        Body::TranscriptFinalise(finalised) => Some(finalised.content),
        _ => None,
    }
}

impl Sealed {
    /// What was checked, for people.
    pub(super) fn tell(&self) {
        for one in &self.signatures {
            let held = if one.intact { "签章之后文件没有改动" } else { "签章不成立" };
            let believed = match (self.roots, one.trusted) {
                (false, _) => "（没有给出信任的根证书，未核对签章人身份）",
                (true, true) => "，签章人可信",
                (true, false) => "，签章人不可信",
            };
            println!("    签章：{}，{held}{believed}", one.signer);
            match &one.time_stamp {
                Some(stamp) => println!("    时间戳：{}，由 {} 出具", rfc3339(stamp.at), stamp.authority),
                None => println!("    没有时间戳，签章时间由法院自己记载"),
            }
        }
        match (&self.record, &self.receipt) {
            (Some(record), Some(receipt)) => {
                let proven = if self.proven { "与存证一致" } else { "与存证不一致" };
                println!("    所附审理记录 {RECORD}：{proven}，SHA-256 {record}");
                println!("    存证：记录 {} 第 {} 项行为，哈希 {}", receipt.record, receipt.seq, receipt.leaf);
                if let Some(checkpoint) = &receipt.checkpoint {
                    println!("    存证日志 {}，共 {} 项", checkpoint.origin, checkpoint.size);
                }
                println!("    公钥 {}（请与法院公布的公钥核对）", receipt.key);
            }
            (Some(record), None) => {
                println!("    所附审理记录 {RECORD}：SHA-256 {record}；文件内没有存证凭证，未核对存证")
            }
            _ => println!("    文件内没有审理记录，未核对存证"),
        }
    }
}

fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}
