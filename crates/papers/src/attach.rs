//! Files inside of a PDF: put there by adding to its end, and read again.

use lopdf::{Dictionary, Document, Object, StringFormat, dictionary};
use time::OffsetDateTime;

use crate::PdfRefusal;
use crate::open::{compressed, is_signed, read, to_append};

/// A file to be carried along.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Plain ASCII, once in a PDF: `receipt.txt`.
    pub name: String,
    /// For people who open the list.
    pub description: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub at: OffsetDateTime,
}

/// A file that was found in a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// How deep a tree of names is followed.
const DEPTH: usize = 8;
/// The largest file that is unpacked, in bytes.
const LARGEST: usize = 256 << 20;
/// The most files that are looked at.
const MOST: usize = 64;

/// Adds a file to the list of those that `pdf` carries, as a supplement to it. The bytes of `pdf` are the beginning of what comes out.
///
/// # Errors
/// If nothing can be added, the file is signed already, its list is a tree, or has a file of this name.
pub fn attach(pdf: &[u8], file: &Attachment) -> Result<Vec<u8>, PdfRefusal> {
    let mut document = to_append(pdf)?;
    let before = document.get_prev_documents();
    if is_signed(before) {
        return Err(PdfRefusal::Signed);
    }
    let root = before.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| PdfRefusal::Broken)?;
    let catalogue = before.get_dictionary(root).map_err(|_| PdfRefusal::Broken)?;
    let names = dictionary_of(before, catalogue.get(b"Names").ok());
    let embedded = dictionary_of(before, names.get(b"EmbeddedFiles").ok());
    if embedded.has(b"Kids") {
        return Err(PdfRefusal::Broken);
    }
    let mut list = list_of(before, embedded.get(b"Names").ok());
    let mut associated = list_of(before, catalogue.get(b"AF").ok());
    let name_at = |pair: &[Object]| pair.first().and_then(|name| name.as_str().ok()).map(<[u8]>::to_vec);
    if list.chunks(2).any(|pair| name_at(pair).is_some_and(|name| plain(&name) == file.name)) {
        return Err(PdfRefusal::FieldTaken(file.name.clone()));
    }

    let time = time::macros::format_description!("D:[year][month][day][hour][minute][second]Z");
    let at = file.at.to_offset(time::UtcOffset::UTC).format(time).unwrap_or_default();
    let about = dictionary! {
        "Type" => "EmbeddedFile", "Subtype" => Object::Name(file.media_type.clone().into_bytes()),
        "Params" => dictionary! { "ModDate" => Object::string_literal(at), "Size" => file.bytes.len() as i64 },
    };
    let new = &mut document.new_document;
    let stream = new.add_object(compressed(about, file.bytes.clone()));
    let held = dictionary! { "F" => Object::Reference(stream), "UF" => Object::Reference(stream) };
    let named = || Object::String(file.name.clone().into_bytes(), StringFormat::Literal);
    let specification = new.add_object(dictionary! {
        "Type" => "Filespec", "F" => named(), "UF" => named(), "Desc" => wide(&file.description),
        "AFRelationship" => "Supplement", "EF" => held,
    });

    // The list is in the order of its names: readers search it by halves.
    let place =
        list.chunks(2).take_while(|pair| name_at(pair).is_some_and(|name| name.as_slice() < file.name.as_bytes()));
    let place = 2 * place.count();
    list.splice(place..place, [named(), Object::Reference(specification)]);
    associated.push(Object::Reference(specification));
    let (mut names, mut embedded) = (names, embedded);
    embedded.set("Names", list);
    embedded.remove(b"Limits");
    let embedded = new.add_object(embedded);
    names.set("EmbeddedFiles", Object::Reference(embedded));
    let names = new.add_object(names);
    document.opt_clone_object_to_new_document(root).map_err(|_| PdfRefusal::Broken)?;
    let catalogue = document.new_document.get_dictionary_mut(root).map_err(|_| PdfRefusal::Broken)?;
    catalogue.set("Names", Object::Reference(names));
    catalogue.set("AF", associated);
    let mut out = Vec::with_capacity(pdf.len() + file.bytes.len() + (16 << 10));
    document.save_to(&mut out).map_err(|_| PdfRefusal::Broken)?;
    Ok(out)
}

/// The files that `pdf` carries, in the order of its list.
///
/// # Errors
/// If it cannot be read, or carries more than any honest file does.
pub fn attachments(pdf: &[u8]) -> Result<Vec<Attached>, PdfRefusal> {
    let document = read(pdf)?;
    let catalogue = document.catalog().map_err(|_| PdfRefusal::Broken)?;
    let names = dictionary_of(&document, catalogue.get(b"Names").ok());
    let embedded = dictionary_of(&document, names.get(b"EmbeddedFiles").ok());
    let mut found = Vec::new();
    gather(&document, &embedded, DEPTH, &mut found)?;
    Ok(found)
}

fn gather(document: &Document, node: &Dictionary, depth: usize, found: &mut Vec<Attached>) -> Result<(), PdfRefusal> {
    for pair in list_of(document, node.get(b"Names").ok()).chunks(2) {
        let [name, specification] = pair else { return Err(PdfRefusal::Broken) };
        if found.len() >= MOST {
            return Err(PdfRefusal::Broken);
        }
        let name = plain(name.as_str().map_err(|_| PdfRefusal::Broken)?);
        let specification = dictionary_of(document, Some(specification));
        let held = dictionary_of(document, specification.get(b"EF").ok());
        let stream = held.get(b"F").or_else(|_| held.get(b"UF")).and_then(|file| document.dereference(file));
        let stream = stream.and_then(|(_, stream)| stream.as_stream()).map_err(|_| PdfRefusal::Broken)?;
        let bytes = stream.get_plain_content_with_limit(LARGEST).map_err(|_| PdfRefusal::Broken)?;
        found.push(Attached { name, bytes });
    }
    if depth > 0 {
        for kid in list_of(document, node.get(b"Kids").ok()) {
            gather(document, &dictionary_of(document, Some(&kid)), depth - 1, found)?;
        }
    }
    Ok(())
}

fn dictionary_of(document: &Document, object: Option<&Object>) -> Dictionary {
    let found = object.and_then(|object| document.dereference(object).ok());
    found.and_then(|(_, object)| object.as_dict().ok()).cloned().unwrap_or_default()
}

fn list_of(document: &Document, object: Option<&Object>) -> Vec<Object> {
    let found = object.and_then(|object| document.dereference(object).ok());
    found.and_then(|(_, object)| object.as_array().ok()).cloned().unwrap_or_default()
}

/// A name as PDF has it, in two bytes a letter or in one.
fn plain(name: &[u8]) -> String {
    match name.strip_prefix(&[0xFE, 0xFF]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(name).into_owned(),
    }
}

fn wide(words: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>\nendobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF\n";

    fn file(name: &str, bytes: &[u8]) -> Attachment {
        Attachment {
            name: name.to_owned(),
            description: "凭证".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: bytes.to_vec(),
            at: datetime!(2026-11-20 06:00 UTC),
        }
    }

    #[test]
    fn what_is_attached_is_read_again_in_the_order_of_names_and_what_was_there_stays() {
        assert_eq!(attachments(PDF).unwrap(), []);
        let one = attach(PDF, &file("record.json", b"{}")).unwrap();
        let long = "行为\n".repeat(2_000);
        let both = attach(&one, &file("receipt.txt", long.as_bytes())).unwrap();
        assert!(both.starts_with(&one) && one.starts_with(PDF));
        let read = attachments(&both).unwrap();
        let found: Vec<_> = read.iter().map(|file| (file.name.as_str(), file.bytes.len())).collect();
        assert_eq!(found, [("receipt.txt", long.len()), ("record.json", 2)]);
        assert_eq!(read[0].bytes, long.as_bytes());
        assert!(matches!(attach(&both, &file("record.json", b"")), Err(PdfRefusal::FieldTaken(_))));
    }
}
