//! Small upright copies without a word about where they were made.

use image::{GenericImageView, ImageFormat, Rgba, RgbaImage};
use papers::{THUMBNAIL_EDGE, thumbnail};

use crate::made::*;

#[test]
fn a_thumbnail_is_a_small_jpeg() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let (_dir, path) = on_disk(&picture(1600, 1200, format));
        let small = thumbnail(&path, THUMBNAIL_EDGE).expect("a thumbnail");
        assert_eq!(image::guess_format(&small).ok(), Some(ImageFormat::Jpeg));
        assert_eq!(image::load_from_memory(&small).expect("a picture").dimensions(), (640, 480), "{format:?}");
    }
}

#[test]
fn a_small_photo_is_not_blown_up() {
    let (_dir, path) = on_disk(&picture(40, 30, ImageFormat::Png));
    assert_eq!(
        image::load_from_memory(&thumbnail(&path, 640).expect("a thumbnail")).expect("a picture").dimensions(),
        (40, 30)
    );
}

#[test]
fn a_turned_photo_stands_upright() {
    let (_dir, path) = on_disk(&jpeg_with_exif(800, 400));
    let small = image::load_from_memory(&thumbnail(&path, 200).expect("a thumbnail")).expect("a picture");
    assert_eq!(small.dimensions(), (100, 200));
    // The red left edge is on top after the turn to the right.
    let Rgba([red, green, _, _]) = small.get_pixel(50, 10);
    assert!(red > 180 && green < 80, "{red} {green}");
    let Rgba([red, ..]) = small.get_pixel(50, 190);
    assert!(red < 200);
}

#[test]
fn sr35_a_thumbnail_carries_no_metadata_and_the_original_keeps_its_own() {
    let original = jpeg_with_exif(800, 400);
    let (_dir, path) = on_disk(&original);
    let small = thumbnail(&path, 640).expect("a thumbnail");
    let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
    assert!(has(&original, b"Exif") && has(&original, b"2026:11:20"));
    assert!(!has(&small, b"Exif") && !has(&small, b"2026:11:20"));
    assert_eq!(std::fs::read(&path).expect("the original"), original);
}

#[test]
fn transparency_becomes_white() {
    let mut png = std::io::Cursor::new(Vec::new());
    RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0])).write_to(&mut png, ImageFormat::Png).expect("a picture");
    let (_dir, path) = on_disk(&png.into_inner());
    let small = image::load_from_memory(&thumbnail(&path, 640).expect("a thumbnail")).expect("a picture");
    assert!(small.get_pixel(10, 10).0[..3].iter().all(|c| *c > 250));
}

#[test]
fn only_photos_have_thumbnails() {
    for bytes in [pdf(""), fixture("video.mp4"), docx(), b"hello".to_vec()] {
        let (_dir, path) = on_disk(&bytes);
        assert_eq!(thumbnail(&path, 640).expect_err("no photo").code(), "file_type_unknown");
    }
}
