//! A PDF opened to have something added at its end: what was there before stays, byte for byte.

use image::{ImageDecoder, ImageReader, Limits};
use lopdf::{Dictionary, Document, IncrementalDocument, LoadOptions, Object, ObjectId, Stream, dictionary};

/// Why nothing can be added to a PDF, or nothing said of its signatures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfRefusal {
    #[error("PDF 文件已损坏或者不符合规范")]
    Broken,
    #[error("PDF 文件已加密")]
    Locked,
    #[error("PDF 文件已经签名，不能再改动页面内容")]
    Signed,
    #[error("PDF 文件没有第 {0} 页")]
    NoSuchPage(u32),
    #[error("签名图片无法读取（需要 PNG，长边不超过 4096 像素）")]
    Picture,
    #[error("签名域“{0}”已经存在")]
    FieldTaken(String),
    #[error("签名和时间戳太大，预留的位置放不下")]
    NoRoom,
    #[error(transparent)]
    Key(#[from] certs::KeyFault),
    /// What was made does not hold; it is not given out.
    #[error("签名自检未通过：{0}")]
    SelfCheck(String),
}

/// A box on a page as a person sees it: in points from the top left corner, whatever turn and crop the page has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// From 1.
    pub page: u32,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

const MAX_EDGE: u32 = 4096;

/// Opens `pdf`. A file that had to be repaired cannot be added to: what is added would hang on a table that is wrong.
pub(crate) fn read(pdf: &[u8]) -> Result<Document, PdfRefusal> {
    // The parser may panic on hostile bytes; nothing outlives the closure but its result.
    let read = std::panic::catch_unwind(|| {
        Document::load_mem_with_options(
            pdf,
            LoadOptions { max_decompressed_size: Some(64 << 20), ..LoadOptions::default() },
        )
    });
    let document = read.map_err(|_| PdfRefusal::Broken)?.map_err(|_| PdfRefusal::Broken)?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err(PdfRefusal::Locked);
    }
    if document.xref_recovery.is_some() || !pdf.starts_with(b"%PDF-") {
        return Err(PdfRefusal::Broken);
    }
    Ok(document)
}

pub(crate) fn to_append(pdf: &[u8]) -> Result<IncrementalDocument, PdfRefusal> {
    Ok(IncrementalDocument::create_from(pdf.to_vec(), read(pdf)?))
}

pub(crate) fn page_id(document: &IncrementalDocument, page: u32) -> Result<ObjectId, PdfRefusal> {
    document.get_prev_documents().get_pages().get(&page).copied().ok_or(PdfRefusal::NoSuchPage(page))
}

/// From what a person sees of a page to the page's own coordinates.
pub(crate) struct Turned {
    left: f64,
    bottom: f64,
    right: f64,
    top: f64,
    turn: i64,
}

impl Turned {
    pub(crate) fn of(document: &Document, page: ObjectId) -> Result<Self, PdfRefusal> {
        let media = inherited(document, page, b"MediaBox").and_then(|object| rectangle(document, &object));
        let media = media.ok_or(PdfRefusal::Broken)?;
        let crop =
            inherited(document, page, b"CropBox").and_then(|object| rectangle(document, &object)).unwrap_or(media);
        let turn =
            inherited(document, page, b"Rotate").and_then(|object| object.as_i64().ok()).unwrap_or(0).rem_euclid(360);
        let (left, bottom) = (crop[0].max(media[0]), crop[1].max(media[1]));
        let (right, top) = (crop[2].min(media[2]), crop[3].min(media[3]));
        Ok(Self { left, bottom, right, top, turn })
    }

    /// A point `across` and `down` from the top left corner that is seen.
    fn point(&self, across: f64, down: f64) -> (f64, f64) {
        match self.turn {
            90 => (self.left + down, self.bottom + across),
            180 => (self.right - across, self.bottom + down),
            270 => (self.right - down, self.top - across),
            _ => (self.left + across, self.top - down),
        }
    }

    /// The matrix that puts a picture of one by one upright on `spot`.
    pub(crate) fn matrix(&self, spot: Spot) -> [f64; 6] {
        let (e, f) = self.point(spot.x, spot.y + spot.height);
        let (right_x, right_y) = self.point(spot.x + spot.width, spot.y + spot.height);
        let (up_x, up_y) = self.point(spot.x, spot.y);
        [right_x - e, right_y - f, up_x - e, up_y - f, e, f]
    }

    /// `spot` as a rectangle of the page.
    pub(crate) fn rectangle(&self, spot: Spot) -> [f64; 4] {
        let (x1, y1) = self.point(spot.x, spot.y);
        let (x2, y2) = self.point(spot.x + spot.width, spot.y + spot.height);
        [x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)]
    }
}

/// A value of the page, or of the nearest node above it that has one.
fn inherited(document: &Document, page: ObjectId, key: &[u8]) -> Option<Object> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..64 {
        if let Ok(value) = node.get(key) {
            return document.dereference(value).ok().map(|(_, value)| value.clone());
        }
        node = document.get_dictionary(node.get(b"Parent").ok()?.as_reference().ok()?).ok()?;
    }
    None
}

fn rectangle(document: &Document, object: &Object) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = object
        .as_array()
        .ok()?
        .iter()
        .filter_map(|number| document.dereference(number).ok()?.1.as_float().ok().map(f64::from))
        .collect();
    let [a, b, c, d] = numbers[..] else { return None };
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}

/// A PNG ready to be put into a document.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    colours: Vec<u8>,
    alpha: Vec<u8>,
}

impl Picture {
    pub(crate) fn from_png(png: &[u8]) -> Result<Self, PdfRefusal> {
        let refused = |_| PdfRefusal::Picture;
        let mut reader = ImageReader::with_format(std::io::Cursor::new(png), image::ImageFormat::Png);
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_EDGE);
        limits.max_image_height = Some(MAX_EDGE);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(refused)?;
        if decoder.dimensions().0 == 0 || decoder.dimensions().1 == 0 {
            return Err(PdfRefusal::Picture);
        }
        let pixels = image::DynamicImage::from_decoder(decoder).map_err(refused)?.into_rgba8();
        let (width, height) = pixels.dimensions();
        let colours = pixels.pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let alpha = pixels.pixels().map(|pixel| pixel[3]).collect();
        Ok(Self { width, height, colours, alpha })
    }

    /// The largest spot inside of `spot`, in its middle, that has the picture's proportions.
    pub(crate) fn within(&self, spot: Spot) -> Spot {
        let scale = (spot.width / f64::from(self.width)).min(spot.height / f64::from(self.height));
        let (width, height) = (f64::from(self.width) * scale, f64::from(self.height) * scale);
        let (x, y) = (spot.x + (spot.width - width) / 2.0, spot.y + (spot.height - height) / 2.0);
        Spot { page: spot.page, x, y, width, height }
    }

    /// Adds it as an image with its transparency beside it: plain RGB, as the archive formats want it.
    pub(crate) fn add(self, document: &mut Document) -> ObjectId {
        let image = |space: &str, mask: Option<ObjectId>| {
            let mut about = dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(self.width), "Height" => i64::from(self.height),
                "ColorSpace" => space, "BitsPerComponent" => 8, "Interpolate" => false,
            };
            if let Some(mask) = mask {
                about.set("SMask", Object::Reference(mask));
            }
            about
        };
        let mask = document.add_object(compressed(image("DeviceGray", None), self.alpha.clone()));
        let about = image("DeviceRGB", Some(mask));
        document.add_object(compressed(about, self.colours))
    }
}

pub(crate) fn compressed(about: Dictionary, content: Vec<u8>) -> Stream {
    let mut stream = Stream::new(about, content);
    // Where compression gains nothing the stream stays as it is.
    let _ = stream.compress();
    stream
}

pub(crate) fn numbers(values: &[f64]) -> String {
    values.iter().map(|value| format!("{value:.4}")).collect::<Vec<_>>().join(" ")
}

pub(crate) fn reals(values: &[f64]) -> Object {
    #[expect(clippy::cast_possible_truncation, reason = "PDF numbers have no more digits")]
    Object::Array(values.iter().map(|value| Object::Real(*value as f32)).collect())
}

/// Whether something in the document is signed already.
pub(crate) fn is_signed(document: &Document) -> bool {
    document.objects.values().any(|object| object.as_dict().is_ok_and(|entries| entries.has(b"ByteRange")))
}
