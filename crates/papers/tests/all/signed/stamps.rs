//! Pictures on pages.

use papers::stamp::{Stamp, stamp};
use papers::{PdfRefusal, Spot};

use super::kit::{court, drawn, mark, on_disk, output, page, seal, transcript};

const SPOT: Spot = Spot { page: 1, x: 40.0, y: 60.0, width: 160.0, height: 60.0 };

fn colour(picture: &image::RgbImage, x: u32, y: u32) -> &'static str {
    match picture.get_pixel(x, y).0 {
        [r, g, b] if r > 200 && g < 60 && b < 60 => "red",
        [r, g, b] if r < 60 && g < 60 && b > 200 => "blue",
        [r, g, b] if r > 240 && g > 240 && b > 240 => "white",
        _ => "other",
    }
}

#[test]
fn a_stamp_is_upright_and_in_its_place_on_pages_of_every_turn() {
    for turn in [0, 90, 180, 270] {
        for crop in [None, Some([30, 20, 380, 590])] {
            let stamped = stamp(&page(turn, crop), &[Stamp { spot: SPOT, png: mark() }]).expect("stamped");
            let picture = drawn(&stamped);
            // Fitted into 160 × 60 with its own proportions: 120 × 60, in the middle.
            let seen = [(75, 75), (165, 75), (75, 105), (165, 105), (55, 90), (190, 90), (120, 50), (120, 130)]
                .map(|(x, y)| colour(&picture, x, y));
            let right = ["red", "blue", "blue", "white", "white", "white", "white", "white"];
            assert_eq!(seen, right, "turned by {turn}, cropped to {crop:?}");
        }
    }
}

#[test]
fn what_people_saw_is_the_beginning_of_what_is_stamped() {
    let before = transcript();
    let spots = [3, 3, 1].map(|page| Spot { page, ..SPOT });
    let stamps = spots.map(|spot| Stamp { spot, png: mark() });
    let after = stamp(&before, &stamps).expect("stamped");
    assert!(after.starts_with(&before));
    let (_dir, path) = on_disk(&after);
    let (well, words) = output("qpdf", &["--check", path.to_str().expect("a path")]);
    assert!(well, "{words}");
    let (_, text) = output("pdftotext", &[path.to_str().expect("a path"), "-"]);
    assert!(text.contains("调解笔录") && text.contains("同意今天付清"));
    let (_, fonts) = output("pdfimages", &["-list", path.to_str().expect("a path")]);
    assert!(fonts.contains("smask"), "{fonts}");
    // Still an archive file, with the record inside.
    let words = String::from_utf8_lossy(&after);
    assert!(words.contains("<pdfaid:part>3</pdfaid:part>") && words.contains("/AFRelationship"));
}

#[test]
fn what_cannot_be_stamped_is_refused() {
    let whole = transcript();
    let one = |page, png: &[u8]| [Stamp { spot: Spot { page, ..SPOT }, png: png.to_vec() }];
    assert_eq!(stamp(&whole, &one(99, &mark())), Err(PdfRefusal::NoSuchPage(99)));
    assert_eq!(stamp(&whole, &one(1, b"no picture")), Err(PdfRefusal::Picture));
    assert_eq!(stamp(&whole[..whole.len() / 2], &one(1, &mark())), Err(PdfRefusal::Broken));
    assert_eq!(stamp(b"%PDF-1.7 rubbish", &one(1, &mark())), Err(PdfRefusal::Broken));
    let court = court();
    let signed = court.sealed(&whole, &seal("court"), &court.key);
    assert_eq!(stamp(&signed, &one(1, &mark())), Err(PdfRefusal::Signed));
}
