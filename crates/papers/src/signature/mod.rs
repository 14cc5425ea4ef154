//! Signatures in a PDF, as PAdES (ETSI EN 319 142-1) has them: B-B, or B-T with a time stamp.
//!
//! [`prepare`] signs and says what a time stamp must cover; whoever can reach an authority gets one; [`Prepared::finish`] puts all of it in
//! and checks its own work. A file that was signed is only ever added to.

mod verify;

use std::ops::Range;

use certs::cms::{Signed, sign_detached};
use certs::{Signer, sha256};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, StringFormat, dictionary};
use time::OffsetDateTime;

pub use verify::{Signature, TimeStamped, verify};

use crate::open::{Picture, Turned, compressed, numbers, page_id, reals, to_append};
use crate::stamp::Stamp;
use crate::{PdfRefusal, Spot};

/// What a signature says of itself, and how it is seen.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The field's name, once in a file: `court`.
    pub field: String,
    /// Who signs, for people who open the file: 上海市某某区人民法院.
    pub name: String,
    pub reason: String,
    /// The court's clock; a time stamp proves more.
    pub at: OffsetDateTime,
    /// The picture of the seal and its place. Without one the signature is not seen on any page.
    pub look: Option<Stamp>,
}

/// Bytes that are kept free for the signed message with its certificates and its time stamp.
const ROOM: usize = 24 << 10;

/// Stands where the numbers will be, with room for the longest.
const RANGE: i64 = 9_999_999_999;

/// A file that is signed but for the signature's place in it.
#[derive(Clone, Debug)]
pub struct Prepared {
    bytes: Vec<u8>,
    hole: Range<usize>,
    signed: Signed,
}

/// Adds a signature to `pdf`. Earlier signatures stay valid.
///
/// # Errors
/// If the file cannot be added to, the field's name is taken, or the key cannot sign.
pub fn prepare(pdf: &[u8], seal: &Seal, signer: &dyn Signer) -> Result<Prepared, PdfRefusal> {
    let mut document = to_append(pdf)?;
    let page = page_id(&document, seal.look.as_ref().map_or(1, |look| look.spot.page))?;
    let value = document.new_document.add_object(value(seal));
    let field = widget(&mut document, seal, page, value)?;
    add_annotation(&mut document, page, field)?;
    add_field(&mut document, &seal.field, field)?;

    let mut bytes = Vec::with_capacity(pdf.len() + 4 * ROOM);
    document.save_to(&mut bytes).map_err(|_| PdfRefusal::Broken)?;
    let hole = fill_range(&mut bytes, pdf.len()).ok_or(PdfRefusal::Broken)?;
    let digest = sha256(&[&bytes[..hole.start], &bytes[hole.end..]].concat());
    Ok(Prepared { signed: sign_detached(digest, signer)?, bytes, hole })
}

impl Prepared {
    /// The SHA-256 that a time stamp must cover.
    pub fn imprint(&self) -> [u8; 32] {
        self.signed.imprint()
    }

    /// The signed file, with a time stamp if there is one.
    ///
    /// # Errors
    /// If there is not enough room, the token is not of this signature, or the file does not verify.
    pub fn finish(mut self, token: Option<&[u8]>) -> Result<Vec<u8>, PdfRefusal> {
        let message = self.signed.to_der(token).map_err(|fault| PdfRefusal::SelfCheck(fault.to_string()))?;
        let room = &mut self.bytes[self.hole.start + 1..self.hole.end - 1];
        if message.len() * 2 > room.len() {
            return Err(PdfRefusal::NoRoom);
        }
        for (place, byte) in room.chunks_exact_mut(2).zip(&message) {
            place.copy_from_slice(format!("{byte:02x}").as_bytes());
        }
        verify::check_own(&self.bytes, token.is_some()).map_err(PdfRefusal::SelfCheck)?;
        Ok(self.bytes)
    }
}

fn value(seal: &Seal) -> Dictionary {
    let time = time::macros::format_description!("D:[year][month][day][hour][minute][second]Z");
    let at = seal.at.to_offset(time::UtcOffset::UTC).format(time).unwrap_or_default();
    dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), RANGE.into(), RANGE.into(), RANGE.into()],
        "Contents" => Object::String(vec![0; ROOM], StringFormat::Hexadecimal),
        "Name" => text(&seal.name),
        "Reason" => text(&seal.reason),
        "M" => Object::string_literal(at),
    }
}

/// Text of any language, as PDF writes it.
fn text(words: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// The field, which is its own annotation: printed, locked, with a look even if it is an empty one.
fn widget(
    document: &mut IncrementalDocument,
    seal: &Seal,
    page: ObjectId,
    value: ObjectId,
) -> Result<ObjectId, PdfRefusal> {
    const PRINT_AND_LOCKED: i64 = 4 + 128;
    let turned = Turned::of(document.get_prev_documents(), page)?;
    let mut form = dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => dictionary! {} };
    let mut drawing = String::new();
    let mut rectangle = [0.0; 4];
    if let Some(look) = &seal.look {
        let picture = Picture::from_png(&look.png)?;
        let spot = picture.within(look.spot);
        rectangle = turned.rectangle(spot);
        let [a, b, c, d, e, f] = turned.matrix(spot);
        // The form's own corner is the rectangle's.
        let matrix = numbers(&[a, b, c, d, e - rectangle[0], f - rectangle[1]]);
        let object = picture.add(&mut document.new_document);
        drawing = format!("q {matrix} cm /Seal Do Q");
        form.set("Resources", dictionary! { "XObject" => dictionary! { "Seal" => Object::Reference(object) } });
    }
    form.set("BBox", reals(&[0.0, 0.0, rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]]));
    let look = document.new_document.add_object(compressed(form, drawing.into_bytes()));
    Ok(document.new_document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig",
        "T" => text(&seal.field),
        "F" => PRINT_AND_LOCKED,
        "Rect" => reals(&rectangle),
        "P" => Object::Reference(page),
        "V" => Object::Reference(value),
        "AP" => dictionary! { "N" => Object::Reference(look) },
    }))
}

fn add_annotation(document: &mut IncrementalDocument, page: ObjectId, field: ObjectId) -> Result<(), PdfRefusal> {
    document.opt_clone_object_to_new_document(page).map_err(|_| PdfRefusal::Broken)?;
    let entries = document.new_document.get_dictionary(page).map_err(|_| PdfRefusal::Broken)?;
    let mut list = array(document.get_prev_documents(), entries.get(b"Annots").ok());
    list.push(Object::Reference(field));
    let entries = document.new_document.get_dictionary_mut(page).map_err(|_| PdfRefusal::Broken)?;
    entries.set("Annots", list);
    Ok(())
}

fn add_field(document: &mut IncrementalDocument, name: &str, field: ObjectId) -> Result<(), PdfRefusal> {
    const SIGNED_AND_ONLY_ADDED_TO: i64 = 3;
    let before = document.get_prev_documents();
    let root = before.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| PdfRefusal::Broken)?;
    let catalogue = before.get_dictionary(root).map_err(|_| PdfRefusal::Broken)?;
    let mut form = catalogue
        .get(b"AcroForm")
        .and_then(|form| before.dereference(form))
        .and_then(|(_, form)| form.as_dict())
        .cloned()
        .unwrap_or_default();
    let mut fields = array(before, form.get(b"Fields").ok());
    if verify::fields(before).iter().any(|(taken, _)| taken == name) {
        return Err(PdfRefusal::FieldTaken(name.to_owned()));
    }
    fields.push(Object::Reference(field));
    form.set("Fields", fields);
    form.set("SigFlags", SIGNED_AND_ONLY_ADDED_TO);
    document.opt_clone_object_to_new_document(root).map_err(|_| PdfRefusal::Broken)?;
    let form = document.new_document.add_object(form);
    let catalogue = document.new_document.get_dictionary_mut(root).map_err(|_| PdfRefusal::Broken)?;
    catalogue.set("AcroForm", Object::Reference(form));
    Ok(())
}

fn array(document: &Document, object: Option<&Object>) -> Vec<Object> {
    let found = object.and_then(|object| document.dereference(object).ok()).and_then(|(_, list)| list.as_array().ok());
    found.cloned().unwrap_or_default()
}

/// Writes into the range what it is: everything but the hole, which is returned.
fn fill_range(bytes: &mut [u8], from: usize) -> Option<Range<usize>> {
    let zeros = [b"<".as_slice(), &[b'0'; 64]].concat();
    let start = from + memchr::memmem::find(&bytes[from..], &zeros)?;
    let hole = start..start + 2 + 2 * ROOM;
    if bytes.get(hole.end - 1) != Some(&b'>') {
        return None;
    }
    let place = format!("[0 {RANGE} {RANGE} {RANGE}]");
    let at = from + memchr::memmem::find(&bytes[from..], place.as_bytes())?;
    let range = format!("[0 {} {} {}]", hole.start, hole.end, bytes.len() - hole.end);
    let range = format!("{range:<width$}", width = place.len());
    bytes[at..at + place.len()].copy_from_slice(range.as_bytes());
    Some(hole)
}

impl Seal {
    /// The same seal, seen at `spot`.
    #[must_use]
    pub fn seen_at(self, spot: Spot, png: Vec<u8>) -> Self {
        Self { look: Some(Stamp { spot, png }), ..self }
    }
}
