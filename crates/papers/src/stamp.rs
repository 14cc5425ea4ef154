//! Pictures put onto the pages of a PDF: handwritten signatures in their places.

use lopdf::{Object, Stream, dictionary};

use crate::open::{Picture, Turned, is_signed, numbers, page_id, to_append};
use crate::{PdfRefusal, Spot};

/// A picture and where it goes: into the middle of the spot, as large as fits, upright as the page is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    pub spot: Spot,
    /// A PNG; what is transparent in it stays so.
    pub png: Vec<u8>,
}

/// Puts `stamps` onto the pages. The bytes of `pdf` are the beginning of what comes out, so the file that people saw can be taken from it.
///
/// # Errors
/// If the file cannot be added to, is signed already, has no such page, or a picture is none.
pub fn stamp(pdf: &[u8], stamps: &[Stamp]) -> Result<Vec<u8>, PdfRefusal> {
    let mut document = to_append(pdf)?;
    if is_signed(document.get_prev_documents()) {
        return Err(PdfRefusal::Signed);
    }
    let mut pages: Vec<u32> = stamps.iter().map(|stamp| stamp.spot.page).collect();
    pages.sort_unstable();
    pages.dedup();
    for page in pages {
        let id = page_id(&document, page)?;
        let turned = Turned::of(document.get_prev_documents(), id)?;
        // What was there may leave the page's coordinates changed; `q … Q` around it undoes that. Readers of tagged files are told that
        // the pictures are no text.
        let mut drawing = String::from("Q /Artifact BMC\n");
        for stamp in stamps.iter().filter(|stamp| stamp.spot.page == page) {
            let picture = Picture::from_png(&stamp.png)?;
            let matrix = numbers(&turned.matrix(picture.within(stamp.spot)));
            let object = picture.add(&mut document.new_document);
            let name = format!("Stamp{}", object.0);
            document.add_xobject(id, name.as_bytes(), object).map_err(|_| PdfRefusal::Broken)?;
            drawing.push_str(&format!("q {matrix} cm /{name} Do Q\n"));
        }
        drawing.push_str("EMC\n");

        let before = document.new_document.add_object(Stream::new(dictionary! {}, b"q\n".to_vec()));
        let after = document.new_document.add_object(Stream::new(dictionary! {}, drawing.into_bytes()));
        let mut contents = vec![Object::Reference(before)];
        contents.extend(document.get_prev_documents().get_page_contents(id).into_iter().map(Object::Reference));
        contents.push(Object::Reference(after));
        document.opt_clone_object_to_new_document(id).map_err(|_| PdfRefusal::Broken)?;
        let entries = document.new_document.get_dictionary_mut(id).map_err(|_| PdfRefusal::Broken)?;
        entries.set("Contents", contents);
    }
    let mut out = Vec::with_capacity(pdf.len() + (64 << 10));
    document.save_to(&mut out).map_err(|_| PdfRefusal::Broken)?;
    Ok(out)
}
