//! Bombs, torn files and random bytes: answered quickly, with little memory, without a panic.

use std::io::Write;
use std::time::{Duration, Instant};

use image::ImageFormat;
use papers::{identify, thumbnail};
use proptest::prelude::*;

use crate::made::*;

const ENDINGS: [&str; 15] =
    ["jpg", "png", "webp", "mp4", "mov", "m4a", "webm", "ogg", "mp3", "wav", "pdf", "docx", "xlsx", "doc", "xls"];

/// SR-33: two seconds at most.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let answer = work();
    assert!(start.elapsed() < Duration::from_secs(2), "{what} took {:?}", start.elapsed());
    answer
}

/// A PNG that claims this size and has no pixels.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(1, 1, ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, b| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

#[test]
fn sr33_pixel_bomb_is_refused_by_its_header() {
    let (_dir, path) = on_disk(&png_header(40_000, 40_000));
    let refusal = in_time("identify", || identify(&path, "a.png")).expect_err("a bomb");
    assert_eq!(refusal.code(), "picture_too_large");
    assert!(refusal.detail().contains("40000×40000"), "{}", refusal.detail());
    let refusal = in_time("thumbnail", || thumbnail(&path, 640)).expect_err("a bomb");
    assert_eq!(refusal.code(), "picture_too_large");
}

#[test]
fn sr33_a_phone_of_64_megapixels_is_not_a_bomb() {
    assert_eq!(verdict(&png_header(9248, 6936), "a.png"), "image/png");
    assert_eq!(verdict(&png_header(8193, 8192), "a.png"), "picture_too_large");
}

#[test]
fn sr33_jpeg_that_claims_the_largest_size_is_refused() {
    let mut bytes = picture(16, 16, ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).expect("a frame header");
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(in_time("identify", || verdict(&bytes, "a.jpg")), "picture_too_large");
}

#[test]
fn sr33_zip_bombs_are_refused() {
    let zeros = vec![0_u8; 40 * 1024 * 1024];
    let bomb = in_time("building", || docx_with(&[("word/media/image1.bmp", &zeros)]));
    assert_eq!(in_time("one entry", || verdict(&bomb, "a.docx")), "archive_bomb");

    let many: Vec<(String, Vec<u8>)> = (0..10_050).map(|n| (format!("word/{n}"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let bomb = docx_with(&many);
    assert_eq!(in_time("many entries", || verdict(&bomb, "a.docx")), "archive_bomb");

    let nested = package(&[("a/b.docx", &package(&[("c.xlsx", &xlsx())]))]);
    let bomb = docx_with(&[("word/embeddings/o.docx", &nested)]);
    assert_eq!(in_time("nested", || verdict(&bomb, "a.docx")), "archive_bomb");
}

#[test]
fn sr33_an_entry_that_lies_about_its_size_is_refused() {
    let zeros = vec![0_u8; 12 * 1024 * 1024];
    let mut bomb = docx_with(&[("word/big.xml", &zeros)]);
    let claimed = u32::try_from(zeros.len()).expect("short").to_le_bytes();
    let places: Vec<usize> = bomb.windows(4).enumerate().filter(|(_, w)| *w == claimed).map(|(at, _)| at).collect();
    assert!(places.len() >= 2, "local header and directory");
    for at in places {
        bomb[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    assert_eq!(in_time("liar", || verdict(&bomb, "a.docx")), "archive_bomb");
}

#[test]
fn sr33_a_directory_larger_than_any_document_needs_is_not_read() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let long = "n".repeat(60_000);
    for n in 0..200 {
        zip.start_file(format!("{long}{n}"), options).expect("an entry");
        zip.write_all(b"").expect("nothing");
    }
    let bytes = zip.finish().expect("an archive").into_inner();
    assert_eq!(in_time("names", || verdict(&bytes, "a.docx")), "file_broken");
}

#[test]
fn sr33_a_package_that_leaves_its_folder_is_refused() {
    assert_eq!(verdict(&docx_with(&[("../../etc/cron.d/x", b"x")]), "a.docx"), "file_broken");
}

#[test]
fn sr33_a_film_of_endless_boxes_is_refused() {
    let mut bytes = b"\0\0\0\x10ftypisom\0\0\0\0".to_vec();
    bytes.extend(b"\0\0\0\x08free".repeat(400_000));
    assert_eq!(in_time("boxes", || verdict(&bytes, "a.mp4")), "file_broken");
}

#[test]
fn torn_files_are_refused() {
    let whole: Vec<(Vec<u8>, &str)> = vec![
        (picture(300, 200, ImageFormat::Jpeg), "a.jpg"),
        (picture(300, 200, ImageFormat::Png), "a.png"),
        (picture(300, 200, ImageFormat::WebP), "a.webp"),
        (fixture("video.mp4"), "a.mp4"),
        (fixture("video.mov"), "a.mov"),
        (fixture("voice.m4a"), "a.m4a"),
        (fixture("voice.webm"), "a.webm"),
        (pdf(""), "a.pdf"),
        (docx(), "a.docx"),
        (xlsx(), "a.xlsx"),
    ];
    for (bytes, name) in whole {
        for part in [bytes.len() / 2, bytes.len() * 9 / 10, bytes.len() - 20] {
            assert_eq!(verdict(&bytes[..part], name), "file_broken", "{name}: {part} of {} bytes", bytes.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096), ending in 0..ENDINGS.len()) {
        let (_dir, path) = on_disk(&bytes);
        let answer = identify(&path, &format!("a.{}", ENDINGS[ending]));
        prop_assert!(not_panicked(&answer));
        prop_assert!(not_panicked(&thumbnail(&path, 640)));
    }

    #[test]
    fn damaged_real_files_never_panic(which in 0..16_usize, damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24)) {
        let (mut bytes, name) = seed(which);
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let (_dir, path) = on_disk(&bytes);
        prop_assert!(not_panicked(&identify(&path, name)), "{}", name);
        prop_assert!(not_panicked(&thumbnail(&path, 64)), "{}", name);
    }
}

/// The rim turns a panic into a refusal; here one would still be a defect worth knowing.
fn not_panicked<T>(answer: &Result<T, papers::FileRefusal>) -> bool {
    !matches!(answer, Err(papers::FileRefusal::Broken(why)) if why == "parser panicked")
}

fn seed(which: usize) -> (Vec<u8>, &'static str) {
    match which {
        0 => (picture(40, 30, ImageFormat::Jpeg), "a.jpg"),
        1 => (picture(40, 30, ImageFormat::Png), "a.png"),
        2 => (picture(40, 30, ImageFormat::WebP), "a.webp"),
        3 => (jpeg_with_exif(40, 30), "a.jpg"),
        4 => (fixture("voice.webm"), "a.webm"),
        5 => (fixture("recorded-video.webm"), "a.webm"),
        6 => (fixture("voice.ogg"), "a.ogg"),
        7 => (fixture("voice.m4a"), "a.m4a"),
        8 => (fixture("voice.mp3"), "a.mp3"),
        9 => (fixture("voice.wav"), "a.wav"),
        10 => (fixture("video.mp4"), "a.mp4"),
        11 => (fixture("video.mov"), "a.mov"),
        12 => (pdf(""), "a.pdf"),
        13 => (docx_with(&[("word/embeddings/sheet.xlsx", &xlsx())]), "a.docx"),
        14 => (compound(&[("/WordDocument", &word_header(0))]), "a.doc"),
        _ => (fixture("fragmented.mp4"), "a.mp4"),
    }
}
