//! What the signatures in a PDF are worth.

use certs::timestamp::Stamp;
use certs::{Anchors, Purpose, cms};
use lopdf::{Dictionary, Document, Object};
use serde::Serialize;
use time::OffsetDateTime;

use crate::PdfRefusal;
use crate::open::read;

/// One signature, and what can be said of it.
#[derive(Clone, Debug, Serialize)]
pub struct Signature {
    pub field: String,
    /// The common name in the signer's certificate; empty if the signature cannot be read.
    pub signer: String,
    /// Whether what it covers is as it was when it was signed.
    pub intact: bool,
    /// Whether it covers the file to its end. If not, something was added later; another signature may be that.
    pub covers_whole_file: bool,
    /// Whether a chain leads to somebody who is believed, at the time of the time stamp, or now if there is none that holds.
    pub trusted: bool,
    pub time_stamp: Option<TimeStamped>,
    /// What is wrong, in words for the curious.
    pub problem: Option<String>,
}

/// A time stamp on a signature.
#[derive(Clone, Debug, Serialize)]
pub struct TimeStamped {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub authority: String,
    /// Whether it is of this signature.
    pub intact: bool,
    pub trusted: bool,
}

/// All signatures of `pdf`, in the order of its fields.
///
/// # Errors
/// If the file cannot be read. A file without signatures is no error.
pub fn verify(pdf: &[u8], anchors: &Anchors, now: OffsetDateTime) -> Result<Vec<Signature>, PdfRefusal> {
    let document = read(pdf)?;
    Ok(fields(&document).into_iter().map(|(field, value)| one(pdf, field, value, anchors, now)).collect())
}

/// The check of what was made just now: the last signature covers everything and holds, and so does its time stamp.
pub(super) fn check_own(pdf: &[u8], stamped: bool) -> Result<(), String> {
    let anchors = Anchors::default();
    let found = verify(pdf, &anchors, OffsetDateTime::UNIX_EPOCH).map_err(|refusal| refusal.to_string())?;
    let last = found.iter().find(|signature| signature.covers_whole_file).ok_or("no signature covers the file")?;
    if !last.intact {
        return Err(last.problem.clone().unwrap_or_default());
    }
    match &last.time_stamp {
        Some(stamp) if stamp.intact => Ok(()),
        None if !stamped => Ok(()),
        _ => Err("the time stamp is not of this signature".into()),
    }
}

/// The signed fields with their values, by name.
pub(super) fn fields(document: &Document) -> Vec<(String, &Dictionary)> {
    let form = document.catalog().ok().and_then(|catalogue| entry(document, catalogue, b"AcroForm")?.as_dict().ok());
    let list = form.and_then(|form| entry(document, form, b"Fields")?.as_array().ok());
    list.into_iter()
        .flatten()
        .filter_map(|field| {
            let field = document.dereference(field).ok()?.1.as_dict().ok()?;
            let value = entry(document, field, b"V")?.as_dict().ok()?;
            value.has(b"ByteRange").then(|| (name(field), value))
        })
        .collect()
}

fn entry<'a>(document: &'a Document, of: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    document.dereference(of.get(key).ok()?).ok().map(|(_, object)| object)
}

fn name(field: &Dictionary) -> String {
    let bytes = field.get(b"T").and_then(Object::as_str).unwrap_or_default();
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn one(pdf: &[u8], field: String, value: &Dictionary, anchors: &Anchors, now: OffsetDateTime) -> Signature {
    let mut told = Signature {
        field,
        signer: String::new(),
        intact: false,
        covers_whole_file: false,
        trusted: false,
        time_stamp: None,
        problem: None,
    };
    let Some(covered) = covered(pdf, value) else {
        told.problem = Some("the range of the signature is not the file around it".into());
        return told;
    };
    told.covers_whole_file = covered.whole;
    let message = match cms::verify_detached(covered.message, &covered.parts) {
        Ok(message) => message,
        Err(fault) => {
            told.problem = Some(fault.to_string());
            return told;
        }
    };
    told.signer = message.signer.subject();
    told.intact = true;
    let stamp = message.token.as_deref().map(Stamp::from_token);
    let mut at = now;
    match stamp {
        Some(Ok(stamp)) => {
            let intact = stamp.is_of(&message.signature);
            let trust = stamp.check(anchors);
            if intact && trust.is_ok() {
                at = stamp.at;
            }
            told.problem = trust.as_ref().err().map(ToString::to_string);
            told.time_stamp = Some(TimeStamped {
                at: stamp.at,
                authority: stamp.authority.subject(),
                intact,
                trusted: trust.is_ok(),
            });
        }
        Some(Err(fault)) => told.problem = Some(format!("time stamp: {fault}")),
        None => {}
    }
    match anchors.check(&message.signer, &message.others, at, Purpose::Documents) {
        Ok(()) => told.trusted = true,
        Err(distrust) => told.problem = Some(distrust.to_string()),
    }
    told
}

/// The two parts that a signature covers, whether the second ends with the file, and the message between them.
struct Covered<'a> {
    parts: [&'a [u8]; 2],
    whole: bool,
    message: &'a [u8],
}

/// Between them must be that message in hexadecimal and nothing else: otherwise bytes that nobody signed could hide there.
fn covered<'a>(pdf: &'a [u8], value: &'a Dictionary) -> Option<Covered<'a>> {
    let range = value.get(b"ByteRange").and_then(Object::as_array).ok()?;
    let range: Vec<usize> = range.iter().filter_map(|number| usize::try_from(number.as_i64().ok()?).ok()).collect();
    let [0, first, second, length] = range[..] else { return None };
    let end = second.checked_add(length)?;
    if second < first || end > pdf.len() {
        return None;
    }
    let hole = &pdf[first..second];
    let inside = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let contents = value.get(b"Contents").and_then(Object::as_str).ok()?;
    let same = inside.len() == contents.len() * 2
        && inside.chunks_exact(2).zip(contents).all(|(digits, byte)| {
            std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()) == Some(*byte)
        });
    same.then_some(Covered { parts: [&pdf[..first], &pdf[second..end]], whole: end == pdf.len(), message: contents })
}
