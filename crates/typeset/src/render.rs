//! From data to a file: sanitise, compile, ask where the signatures go, export.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Label, Packed, Selector, Smart, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::document::COMMON;
use crate::hash::sha256;
use crate::pictures::{Printable, drawing, printable};
use crate::world::Desk;
use crate::{Document, Fonts, MAX_ENTRIES, MAX_PICTURE_BYTES, MAX_PICTURES, Pictures, Replaced, Sanitiser, moment};

/// A document as it came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rendered {
    /// PDF/A-3b, all fonts in it, with the record attached.
    pub pdf: Vec<u8>,
    pub pages: u32,
    /// Where signatures and the seal go.
    pub places: Vec<Place>,
    /// Characters that no font has.
    pub replaced: Vec<Replaced>,
    /// The ids of pictures that were not given or could not be decoded; their places say so.
    pub missing_pictures: Vec<String>,
    /// The SHA-256 of the template, to be kept beside the document: with the same template the same data gives the same bytes.
    pub template: String,
}

/// A place on a page, in points from the page's top left corner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// `signer:` and the signer's id, or `seal`.
    pub name: String,
    /// From 1.
    pub page: u32,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{what}过多：{found}，上限为 {most}")]
    TooLarge { what: &'static str, found: usize, most: usize },
    #[error("the data cannot be written as JSON: {0}")]
    Data(#[from] serde_json::Error),
    /// A fault of the template, or of the fonts.
    #[error("typesetting failed: {0}")]
    Typesetting(String),
}

/// Makes `document`. Blocking; 10,000 entries with 200 pictures of 640 pixels take some seconds and 500 to 700 MB.
///
/// # Errors
/// See [`Failure`]. Pictures and characters that cannot be printed are no error: [`Rendered`] lists them.
pub fn render(document: &Document, pictures: &Pictures, fonts: &Fonts) -> Result<Rendered, Failure> {
    let made = set(document, pictures, fonts);
    // The typesetter remembers what it has laid out; the next document would find none of it useful.
    comemo::evict(0);
    made
}

fn set(document: &Document, pictures: &Pictures, fonts: &Fonts) -> Result<Rendered, Failure> {
    let printed = document.pictures();
    within("笔录条目", document.entries(), MAX_ENTRIES)?;
    within("照片", printed.len(), MAX_PICTURES)?;
    within("照片字节数", printed.iter().filter_map(|id| pictures.get(*id)).map(Vec::len).sum(), MAX_PICTURE_BYTES)?;

    let mut desk =
        Desk::new(fonts, document.template(), COMMON).ok_or_else(|| Failure::Typesetting("no desk".into()))?;
    let mut files: HashMap<&str, String> = HashMap::new();
    let mut missing_pictures = Vec::new();
    for (number, id) in printed.into_iter().enumerate() {
        match pictures.get(id).and_then(|bytes| printable(bytes)) {
            Some(Printable::Decoded(bytes)) => {
                let name = format!("picture-{number}");
                desk.put(&name, bytes);
                files.insert(id, name);
            }
            Some(Printable::Whole { bytes, width, height }) => {
                let (photo, name) = (format!("picture-{number}.jpg"), format!("picture-{number}.svg"));
                desk.put(&photo, bytes);
                desk.put(&name, drawing(&photo, width, height));
                files.insert(id, name);
            }
            None => missing_pictures.push(id.to_owned()),
        }
    }
    let mut data = document.data(&files)?;
    let mut sanitiser = Sanitiser::new(|c| fonts.can_print(c));
    sanitiser.value(&mut data);
    desk.put("data.json", Bytes::new(serde_json::to_vec(&data)?));
    drop(data);
    if let Some(attached) = document.attached() {
        desk.put("attached", Bytes::from_string(attached.text.clone()));
    }

    let laid_out =
        typst::compile::<PagedDocument>(&desk).output.map_err(|errors| Failure::Typesetting(told(&errors)))?;
    let pdf = typst_pdf::pdf(&laid_out, &options(document)?).map_err(|errors| Failure::Typesetting(told(&errors)))?;
    Ok(Rendered {
        pdf,
        pages: u32::try_from(laid_out.pages().len()).unwrap_or(u32::MAX),
        places: places(&laid_out),
        replaced: sanitiser.replaced(),
        missing_pictures,
        template: template_hash(document),
    })
}

fn within(what: &'static str, found: usize, most: usize) -> Result<(), Failure> {
    if found > most { Err(Failure::TooLarge { what, found, most }) } else { Ok(()) }
}

/// The archive format with files inside, and the one time that the data names.
fn options(document: &Document) -> Result<PdfOptions, Failure> {
    let at = document.made_at().to_offset(moment::COURT);
    let (year, month, day) = at.to_calendar_date();
    let datetime = Datetime::from_ymd_hms(year, month.into(), day, at.hour(), at.minute(), at.second());
    let timestamp =
        datetime.and_then(|datetime| Timestamp::new_local(datetime, i32::from(moment::COURT.whole_minutes())));
    let standards =
        PdfStandards::new(&[PdfStandard::A_3b]).map_err(|error| Failure::Typesetting(error.message().to_string()))?;
    Ok(PdfOptions {
        // Which document this is: the same for the same content, another for any other.
        ident: Smart::Custom(document.attached().map_or_else(String::new, |attached| sha256(&attached.text))),
        creator: Smart::Custom(Some("Weiting 微庭".into())),
        timestamp,
        standards,
        ..PdfOptions::default()
    })
}

/// The places that the template named: values labelled `<place>` with a name, a width and a height.
fn places(laid_out: &PagedDocument) -> Vec<Place> {
    let introspector = laid_out.introspector();
    let Some(label) = Label::new(PicoStr::intern("place")) else { return Vec::new() };
    let found = introspector.query(&Selector::Label(label));
    found
        .into_iter()
        .filter_map(|content| {
            let position = introspector.position(content.location()?)?;
            let named: Packed<MetadataElem> = content.into_packed().ok()?;
            let Value::Dict(about) = &named.value else { return None };
            let text = |key| match about.get(key) {
                Ok(Value::Str(text)) => Some(text.to_string()),
                _ => None,
            };
            let length = |key| match about.get(key) {
                Ok(Value::Length(length)) => Some(length.abs.to_pt()),
                _ => None,
            };
            Some(Place {
                name: text("name")?,
                page: u32::try_from(position.page.get()).ok()?,
                x: position.point.x.to_pt(),
                y: position.point.y.to_pt(),
                width: length("width")?,
                height: length("height")?,
            })
        })
        .collect()
}

fn template_hash(document: &Document) -> String {
    sha256(&format!("{COMMON}\0{}", document.template()))
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}
