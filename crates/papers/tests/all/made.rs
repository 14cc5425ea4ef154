//! Files made in memory, and a place to put them.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use image::{ImageFormat, Rgb, RgbImage};
use papers::{FileFacts, FileRefusal, identify};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Writes `bytes` to a file of its own and identifies it under `name`.
pub(crate) fn examine(bytes: &[u8], name: &str) -> Result<FileFacts, FileRefusal> {
    let (_dir, path) = on_disk(bytes);
    identify(&path, name)
}

/// The refusal's code, or what the file was taken for.
pub(crate) fn verdict(bytes: &[u8], name: &str) -> String {
    match examine(bytes, name) {
        Ok(facts) => facts.media_type.into_owned(),
        Err(refusal) => refusal.code().to_owned(),
    }
}

pub(crate) fn on_disk(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    // Its name on disk says nothing, as in a blob store.
    let path = dir.path().join("blob");
    std::fs::write(&path, bytes).expect("a file");
    (dir, path)
}

/// A fixture under `tests/files`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).expect("a fixture")
}

/// A picture with a red left edge, so that a turn can be seen.
pub(crate) fn pixels(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 { Rgb([220, 20, 20]) } else { Rgb([(x % 251) as u8, (y % 241) as u8, 90]) }
    })
}

pub(crate) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    pixels(width, height).write_to(&mut bytes, format).expect("an encoded picture");
    bytes.into_inner()
}

/// A JPEG with an EXIF block: orientation 6 (turn right to see it upright) and a place of recording.
pub(crate) fn jpeg_with_exif(width: u32, height: u32) -> Vec<u8> {
    let jpeg = picture(width, height, ImageFormat::Jpeg);
    let mut tiff: Vec<u8> = Vec::new();
    tiff.extend(b"MM\0\x2A\0\0\0\x08\0\x02");
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // Orientation = 6
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26"); // GPS block at 38
    tiff.extend(b"\0\0\0\0");
    tiff.extend(b"\0\x01\0\x1D\0\x02\0\0\0\x0B\0\0\0\x38\0\0\0\0"); // GPSDateStamp at 56
    tiff.extend(b"2026:11:20\0");
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend(b"\xFF\xE1");
    bytes.extend(u16::try_from(tiff.len() + 8).expect("short").to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

fn content_types(part: &str, kind: &str) -> String {
    format!(r#"<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{kind}"/></Types>"#)
}

pub(crate) fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))
            .expect("an entry");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

pub(crate) fn docx_with(more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = content_types("word/document.xml", WORD_TYPE);
    // Word puts the content types first, others do not.
    let mut entries = vec![("word/document.xml", &b"<w:document/>"[..]), ("[Content_Types].xml", types.as_bytes())];
    entries.extend_from_slice(more);
    package(&entries)
}

pub(crate) fn docx() -> Vec<u8> {
    docx_with(&[])
}

pub(crate) fn xlsx() -> Vec<u8> {
    let types = content_types("xl/workbook.xml", EXCEL_TYPE);
    package(&[("[Content_Types].xml", types.as_bytes()), ("xl/workbook.xml", b"<workbook/>")])
}

pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file");
    for (name, bytes) in streams {
        if let Some((folder, _)) = name[1..].rsplit_once('/') {
            file.create_storage_all(format!("/{folder}")).expect("a storage");
        }
        file.create_stream(name).expect("a stream").write_all(bytes).expect("bytes");
    }
    file.flush().expect("written");
    file.into_inner().into_inner()
}

/// A file information block with these flags.
pub(crate) fn word_header(flags: u16) -> Vec<u8> {
    let mut head = vec![0_u8; 64];
    head[..2].copy_from_slice(&[0xEC, 0xA5]);
    head[10..12].copy_from_slice(&flags.to_le_bytes());
    head
}

/// BOF, perhaps FILEPASS, EOF.
pub(crate) fn workbook(password: &[u8]) -> Vec<u8> {
    let mut records = b"\x09\x08\x10\0\0\x06\x05\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    records.extend(password);
    records.extend(b"\x0A\0\0\0");
    records
}

pub(crate) const FILEPASS: &[u8] = b"\x2F\0\x04\0\0\0\0\0";

/// A PDF of one empty page with a right cross-reference table; `extra` goes into the trailer.
pub(crate) fn pdf(extra: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ];
    let mut text = String::from("%PDF-1.7\n");
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj{object}endobj\n", number + 1));
    }
    let at = text.len();
    text.push_str(&format!("{table}trailer<</Size 4/Root 1 0 R{extra}>>\nstartxref\n{at}\n%%EOF\n"));
    text.into_bytes()
}

/// A PDF whose cross-reference is a stream, as most writers make it today.
pub(crate) fn pdf_with_stream() -> Vec<u8> {
    let mut text = String::from(
        "%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n",
    );
    let at = text.len();
    text.push_str(&format!("3 0 obj<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Length 4>>stream\nabcd\nendstream endobj\nstartxref\n{at}\n%%EOF"));
    text.into_bytes()
}
