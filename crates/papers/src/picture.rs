//! Photos: what the header says, whether the bytes go on to the end, and a small upright copy.

use std::io::{self, Cursor};
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use crate::facts::MAX_PIXELS;
use crate::format::{Format, Magic, sniff};
use crate::{FileFacts, FileKind, FileRefusal};

/// What the decoder may allocate beside the file: eight-bit RGBA at the pixel limit, and some room to work.
const MAX_ALLOCATION: u64 = 320 * 1024 * 1024;

/// Reads header and structure; decodes no pixel, so a bomb is refused before it costs anything.
pub(crate) fn examine(path: &Path, format: Format) -> Result<FileFacts, FileRefusal> {
    let bytes = std::fs::read(path)?;
    let (format, media_type) = match format {
        Format::Jpeg => (ImageFormat::Jpeg, "image/jpeg"),
        Format::Png => (ImageFormat::Png, "image/png"),
        _ => (ImageFormat::WebP, "image/webp"),
    };
    let (mut decoder, width, height) = open(&bytes, format)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    drop(decoder);
    let complete = match format {
        ImageFormat::Jpeg => jpeg_ends(&bytes),
        ImageFormat::Png => png_ends(&bytes),
        _ => webp_ends(&bytes),
    };
    complete.ok_or(FileRefusal::Broken("picture ends early".into()))?;
    let (width, height) = if turns_sideways(orientation) { (height, width) } else { (width, height) };
    Ok(FileFacts {
        kind: FileKind::Photo,
        media_type: media_type.into(),
        width: Some(width),
        height: Some(height),
        seconds: None,
        pages: None,
        warnings: Vec::new(),
    })
}

pub(crate) fn thumbnail(path: &Path, max_edge: u32) -> Result<Vec<u8>, FileRefusal> {
    scaled(path, max_edge, max_edge)
}

/// A JPEG of the photo, upright, within these pixels across and down, and never enlarged.
pub(crate) fn scaled(path: &Path, max_width: u32, max_height: u32) -> Result<Vec<u8>, FileRefusal> {
    let (picture, orientation) = decode(path)?;
    let (width, height) = (picture.width(), picture.height());
    let (max_width, max_height) = (max_width.max(1), max_height.max(1));
    let (max_width, max_height) =
        if turns_sideways(orientation) { (max_height, max_width) } else { (max_width, max_height) };
    let fits = width <= max_width && height <= max_height;
    let mut small = if fits { picture } else { picture.thumbnail(max_width, max_height) };
    small.apply_orientation(orientation);
    jpeg(&on_white(small), 82)
}

/// The pixels of the photo, and how they must be turned.
pub(crate) fn decode(path: &Path) -> Result<(DynamicImage, Orientation), FileRefusal> {
    let (bytes, format) = read(path)?;
    let (mut decoder, width, height) = open(&bytes, format)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|e| refusal(e, width, height))?;
    Ok((picture, orientation))
}

/// Pixels across and down, upright.
pub(crate) fn size(path: &Path) -> Result<(u32, u32), FileRefusal> {
    let (bytes, format) = read(path)?;
    let (mut decoder, width, height) = open(&bytes, format)?;
    let sideways = turns_sideways(decoder.orientation().unwrap_or(Orientation::NoTransforms));
    Ok(if sideways { (height, width) } else { (width, height) })
}

/// The size of a JPEG that was made here.
pub(crate) fn size_of_jpeg(bytes: &[u8]) -> Result<(u32, u32), FileRefusal> {
    open(bytes, ImageFormat::Jpeg).map(|(_, width, height)| (width, height))
}

/// A JPEG of opaque pixels, four bytes each.
pub(crate) fn jpeg_of_rgba(width: u32, height: u32, pixels: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    let rgb: Vec<u8> = pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let picture = RgbImage::from_raw(width, height, rgb).ok_or(FileRefusal::Broken("page without pixels".into()))?;
    jpeg(&picture, 85)
}

fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, FileRefusal> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode_image(picture)
        .map_err(|_| FileRefusal::Broken("picture cannot be encoded".into()))?;
    Ok(jpeg)
}

/// The bytes of a photo and what they are.
fn read(path: &Path) -> Result<(Vec<u8>, ImageFormat), FileRefusal> {
    let mut file = std::fs::File::open(path)?;
    FileKind::Photo.check_size(file.metadata()?.len())?;
    let format = match sniff(&mut file)? {
        Some(Magic::Jpeg) => ImageFormat::Jpeg,
        Some(Magic::Png) => ImageFormat::Png,
        Some(Magic::Webp) => ImageFormat::WebP,
        _ => return Err(FileRefusal::TypeUnknown { ending: String::new() }),
    };
    drop(file);
    Ok((std::fs::read(path)?, format))
}

/// A decoder that has read the header only, and the size that the header claims, within limits.
fn open(bytes: &[u8], format: ImageFormat) -> Result<(impl ImageDecoder + '_, u32, u32), FileRefusal> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATION);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|e| refusal(e, 0, 0))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(FileRefusal::Broken("picture without size".into()));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(FileRefusal::PictureTooLarge { width, height });
    }
    Ok((decoder, width, height))
}

fn refusal(error: ImageError, width: u32, height: u32) -> FileRefusal {
    match error {
        ImageError::Limits(_) => FileRefusal::PictureTooLarge { width, height },
        ImageError::IoError(e) if e.kind() != io::ErrorKind::UnexpectedEof && e.raw_os_error().is_some() => e.into(),
        _ => FileRefusal::Broken("picture cannot be decoded".into()),
    }
}

pub(crate) fn turns_sideways(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

/// JPEG knows no transparency; a scan with a transparent ground is meant to be read on white.
pub(crate) fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let source = picture.to_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [r, g, b, a] = source.get_pixel(x, y).0;
        let blend = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
        image::Rgb([blend(r), blend(g), blend(b)])
    })
}

/// The largest drawing that is taken: bytes, and pixels on an edge.
const DRAWING_BYTES: usize = 96 * 1024;
const DRAWING_EDGE: u32 = 1_600;
/// So many visible pixels are a drawing; fewer are a slip of the hand.
const INK: usize = 60;

pub(crate) fn drawing(png: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    if png.len() > DRAWING_BYTES {
        return Err(FileRefusal::TooLarge { kind: FileKind::Photo });
    }
    let (decoder, width, height) = open(png, ImageFormat::Png)?;
    if width > DRAWING_EDGE || height > DRAWING_EDGE {
        return Err(FileRefusal::PictureTooLarge { width, height });
    }
    png_ends(png).ok_or(FileRefusal::Broken("picture ends early".into()))?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|e| refusal(e, width, height))?.to_rgba8();
    let visible = |pixel: &&image::Rgba<u8>| {
        let [r, g, b, a] = pixel.0;
        a > 64 && u32::from(r) + u32::from(g) + u32::from(b) < 540
    };
    if picture.pixels().filter(visible).count() < INK {
        return Err(FileRefusal::Empty);
    }
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|_| FileRefusal::Broken("drawing cannot be encoded".into()))?;
    Ok(bytes)
}

/// Walks segments and scans up to the end marker. What follows it (a phone's "motion photo") is left alone.
fn jpeg_ends(bytes: &[u8]) -> Option<()> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xFF => at += 1,
            0xD9 => return Some(()),
            0x01 | 0xD0..=0xD7 => at += 2,
            _ => {
                at += 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                if marker == 0xDA {
                    at = after_scan(bytes, at)?;
                }
            }
        }
    }
}

/// The next marker after entropy-coded data: 0xFF not followed by a stuffed zero or a restart.
fn after_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

fn png_ends(bytes: &[u8]) -> Option<()> {
    let mut at = 8;
    loop {
        let header = bytes.get(at..at + 8)?;
        let length = usize::try_from(u32::from_be_bytes([header[0], header[1], header[2], header[3]])).ok()?;
        at = at.checked_add(12)?.checked_add(length)?;
        if at > bytes.len() {
            return None;
        }
        if &header[4..8] == b"IEND" {
            return Some(());
        }
    }
}

fn webp_ends(bytes: &[u8]) -> Option<()> {
    let size = bytes.get(4..8)?;
    let size = usize::try_from(u32::from_le_bytes([size[0], size[1], size[2], size[3]])).ok()?;
    (size.checked_add(8)? <= bytes.len()).then_some(())
}
