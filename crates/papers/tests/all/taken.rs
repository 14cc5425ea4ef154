//! What is taken, and what is said of it.

use image::ImageFormat;
use papers::{FileKind, Warning};

use crate::made::*;

#[test]
fn sr32_every_listed_type_is_taken() {
    let jpeg = picture(1200, 1600, ImageFormat::Jpeg);
    let table: Vec<(Vec<u8>, &str, FileKind, &str)> = vec![
        (jpeg.clone(), "借条.JPG", FileKind::Photo, "image/jpeg"),
        (jpeg, "a.jpeg", FileKind::Photo, "image/jpeg"),
        (picture(1200, 1600, ImageFormat::Png), "a.png", FileKind::Photo, "image/png"),
        (picture(1200, 1600, ImageFormat::WebP), "a.webp", FileKind::Photo, "image/webp"),
        (fixture("voice.webm"), "a.webm", FileKind::Voice, "audio/webm"),
        (fixture("recorded.webm"), "a.webm", FileKind::Voice, "audio/webm"),
        (fixture("voice.ogg"), "a.ogg", FileKind::Voice, "audio/ogg"),
        (fixture("voice.ogg"), "a.opus", FileKind::Voice, "audio/ogg"),
        (fixture("voice.m4a"), "a.m4a", FileKind::Voice, "audio/mp4"),
        (fixture("voice.m4a"), "a.mp4", FileKind::Voice, "audio/mp4"),
        (fixture("voice.mp3"), "a.mp3", FileKind::Voice, "audio/mpeg"),
        (fixture("voice.wav"), "a.wav", FileKind::Voice, "audio/wav"),
        (fixture("video.mp4"), "a.mp4", FileKind::Video, "video/mp4"),
        (fixture("fragmented.mp4"), "a.mp4", FileKind::Video, "video/mp4"),
        (fixture("video.mov"), "a.mov", FileKind::Video, "video/quicktime"),
        (fixture("recorded-video.webm"), "a.webm", FileKind::Video, "video/webm"),
        (pdf(""), "a.pdf", FileKind::Document, "application/pdf"),
        (pdf_with_stream(), "a.pdf", FileKind::Document, "application/pdf"),
        (
            docx(),
            "a.docx",
            FileKind::Document,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (xlsx(), "a.xlsx", FileKind::Document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (compound(&[("/WordDocument", &word_header(0))]), "a.doc", FileKind::Document, "application/msword"),
        (compound(&[("/Workbook", &workbook(b""))]), "a.xls", FileKind::Document, "application/vnd.ms-excel"),
        (compound(&[("/Book", &workbook(b""))]), "a.xls", FileKind::Document, "application/vnd.ms-excel"),
    ];
    for (bytes, name, kind, media_type) in table {
        let facts = examine(&bytes, name).unwrap_or_else(|refusal| panic!("{name} as {media_type}: {refusal}"));
        assert_eq!((facts.kind, &*facts.media_type), (kind, media_type), "{name}");
        assert!(facts.warnings.is_empty(), "{name}: {:?}", facts.warnings);
    }
}

#[test]
fn recordings_say_how_long_they_are_where_they_know() {
    for (file, about) in [
        ("voice.webm", Some(1.0)),
        ("recorded.webm", None),
        ("voice.ogg", Some(1.0)),
        ("voice.m4a", Some(1.0)),
        ("voice.mp3", Some(1.0)),
        ("voice.wav", Some(1.0)),
        ("video.mp4", Some(1.0)),
        ("video.mov", Some(1.0)),
        ("recorded-video.webm", None),
    ] {
        let seconds = examine(&fixture(file), file).expect(file).seconds;
        match (seconds, about) {
            (Some(seconds), Some(about)) => assert!((seconds - about).abs() < 0.2, "{file}: {seconds}"),
            (seconds, about) => assert_eq!(seconds, about, "{file}"),
        }
    }
}

#[test]
fn a_video_says_its_size() {
    for file in ["video.mp4", "video.mov", "recorded-video.webm"] {
        let facts = examine(&fixture(file), file).expect(file);
        assert_eq!((facts.width, facts.height), (Some(64), Some(48)), "{file}");
    }
}

#[test]
fn a_turned_photo_has_its_upright_size() {
    let facts = examine(&jpeg_with_exif(1600, 1200), "a.jpg").expect("a photo");
    assert_eq!((facts.width, facts.height), (Some(1200), Some(1600)));
}

#[test]
fn a_small_photo_is_taken_with_a_warning_in_either_orientation() {
    for (width, height, small) in [
        (1080, 1440, false),
        (1440, 1080, false),
        (1079, 1440, true),
        (1440, 1079, true),
        (1080, 1439, true),
        (64, 48, true),
    ] {
        let facts = examine(&picture(width, height, ImageFormat::Png), "a.png").expect("a photo");
        assert_eq!(facts.warnings.contains(&Warning::SmallPhoto), small, "{width} x {height}");
    }
}

#[test]
fn a_pdf_with_restrictions_is_taken_with_a_warning() {
    let facts = examine(&pdf("/Encrypt 9 0 R"), "流水.pdf").expect("a document");
    assert_eq!(facts.warnings, [Warning::LockedPdf]);
    assert_eq!(Warning::LockedPdf.code(), "locked_pdf");
}

#[test]
fn a_pdf_with_a_wrong_pointer_is_searched_as_viewers_do() {
    let mut bytes = pdf("");
    let at = bytes.windows(9).rposition(|w| w == b"startxref").expect("a pointer") + 10;
    bytes[at] = b'9';
    assert_eq!(verdict(&bytes, "a.pdf"), "application/pdf");
}

#[test]
fn a_workbook_inside_a_document_is_no_bomb() {
    assert_eq!(
        verdict(&docx_with(&[("word/embeddings/sheet.xlsx", &xlsx())]), "a.docx"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    );
}

#[test]
fn a_motion_photo_is_a_photo() {
    let mut bytes = picture(1200, 1600, ImageFormat::Jpeg);
    bytes.extend(fixture("video.mp4"));
    assert_eq!(verdict(&bytes, "a.jpg"), "image/jpeg");
}
