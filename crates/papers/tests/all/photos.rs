//! What is said of a photo (manual 2.5).

use papers::Warning::*;
use papers::photo::{Grade, Look, look};
use papers::{FileKind, Warning, identify};
use proptest::prelude::*;

use crate::made::{jpeg_with_exif, on_disk};
use crate::scene::{Photo, Scene, printed};

fn seen(scene: &Scene) -> Look {
    look(&scene.file(&printed(5.0)).path).expect("a photo")
}

#[test]
fn f18_each_way_to_take_a_bad_photo_is_told_and_a_good_one_is_not() {
    use Grade::{Fault, Hint};
    let usual = Scene::default();
    let large = Scene { sides: (3024, 4032), blur: 1.0, ..Scene::default() };
    let mut wrong = Vec::new();
    for (name, scene, expected) in [
        ("straight", usual.clone(), vec![]),
        ("12 megapixels", large.clone(), vec![]),
        ("just large enough", Scene { sides: (1080, 1440), ..usual.clone() }, vec![]),
        ("2 degrees", Scene { tilt: 2.0, ..usual.clone() }, vec![]),
        ("5 degrees", Scene { tilt: -5.0, sheet: 0.85, ..usual.clone() }, vec![(CrookedPhoto, Hint)]),
        (
            "12 degrees",
            Scene { tilt: 12.0, sheet: 0.74, ..usual.clone() },
            vec![(CrookedPhoto, Fault), (FarPhoto, Hint)],
        ),
        ("a little blurred", Scene { blur: 2.0, ..large.clone() }, vec![]),
        ("blurred", Scene { blur: 8.0, ..large }, vec![(BlurredPhoto, Fault)]),
        ("blurred, and grain", Scene { blur: 4.0, noise: 8.0, ..usual.clone() }, vec![(BlurredPhoto, Fault)]),
        ("grain", Scene { noise: 8.0, ..usual.clone() }, vec![]),
        ("small on the desk", Scene { sheet: 0.65, ..usual.clone() }, vec![(FarPhoto, Hint)]),
        ("lost on the desk", Scene { sheet: 0.45, ..usual.clone() }, vec![(FarPhoto, Fault), (BlurredPhoto, Hint)]),
        ("dim", Scene { light: 0.6, ..usual.clone() }, vec![]),
        ("dark", Scene { light: 0.35, ..usual.clone() }, vec![(DarkPhoto, Hint)]),
        ("night", Scene { light: 0.2, ..usual.clone() }, vec![(DarkPhoto, Fault)]),
        ("aslant", Scene { slant: 0.18, ..usual.clone() }, vec![(SlantedPhoto, Hint)]),
        ("very aslant", Scene { slant: 0.3, ..usual.clone() }, vec![(SlantedPhoto, Fault)]),
        ("a corner folded", Scene { folded: 0.35, ..usual.clone() }, vec![(FoldedPhoto, Hint)]),
        ("half outside", Scene { moved: (0.2, 0.0), ..usual.clone() }, vec![(CutPhoto, Fault)]),
        (
            "a corner outside",
            Scene { tilt: 8.0, moved: (0.1, 0.15), sheet: 0.85, ..usual.clone() },
            vec![(CutPhoto, Fault), (CrookedPhoto, Hint)],
        ),
        ("so near that no edge is seen", Scene { sheet: 1.5, ..usual.clone() }, vec![]),
        ("near and crooked", Scene { sheet: 1.5, tilt: 6.0, ..usual.clone() }, vec![(CrookedPhoto, Hint)]),
        ("white paper on a white desk", Scene { desk: [228, 228, 226], ..usual.clone() }, vec![]),
        ("white paper on a grey desk", Scene { desk: [140, 140, 140], ..usual.clone() }, vec![]),
        ("paper under a yellow lamp", Scene { desk: [150, 110, 60], light: 0.8, ..usual.clone() }, vec![]),
    ] {
        let look = seen(&scene);
        let told: Vec<_> = look.findings.iter().map(|finding| (finding.what, finding.grade)).collect();
        if told != expected {
            wrong.push(format!("{name}: {expected:?} was expected of {look:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let tiny = seen(&Scene { sides: (600, 800), ..usual });
    assert_eq!(tiny.findings[0].what, SmallPhoto, "{tiny:?}");
}

#[test]
fn f18_what_is_no_paper_is_not_measured_as_one() {
    use image::{Rgb, RgbImage};
    let sides = (1200, 1600);
    let plain = |colour| RgbImage::from_pixel(sides.0, sides.1, Rgb(colour));
    let wall =
        RgbImage::from_fn(
            sides.0,
            sides.1,
            |x, y| if y < 700 { Rgb([230, 230, 230]) } else { Rgb([90, 60, (x % 40) as u8]) },
        );
    let night = RgbImage::from_fn(sides.0, sides.1, |x, y| {
        if (y / 30) % 4 == 1 && (x / 9) % 3 != 0 && x < 900 { Rgb([230, 230, 230]) } else { Rgb([18, 18, 20]) }
    });
    let things = RgbImage::from_fn(sides.0, sides.1, |x, y| {
        Rgb([(x * 7 % 251) as u8, (y * 3 % 241) as u8, ((x + y) / 9 % 255) as u8])
    });
    for (name, picture) in [
        ("white", plain([250; 3])),
        ("grey", plain([120; 3])),
        ("a white wall", wall),
        ("a dark screen", night),
        ("things", things),
    ] {
        let look = look(&Photo::of(&picture).path).expect("a photo");
        assert_eq!(look.findings, [], "{name}: {look:?}");
    }
}

#[test]
fn f18_the_warnings_of_a_photo_come_with_its_facts() {
    let photo = Scene { tilt: 12.0, sheet: 0.74, ..Scene::default() }.file(&printed(5.0));
    let facts = identify(&photo.path, "借条.jpg").expect("taken all the same");
    assert_eq!((facts.kind, facts.warnings), (FileKind::Photo, vec![CrookedPhoto, FarPhoto]));
    // Its header is right and its pixels are not: it is taken as before, and only what the header says is told.
    let mut broken = jpeg_with_exif(800, 400);
    let at = broken.windows(2).position(|pair| pair == [0xFF, 0xDA]).expect("a scan");
    let end = broken.len() - 2;
    broken.drain(at + 14..end);
    let (_folder, path) = on_disk(&broken);
    assert_eq!(identify(&path, "a.jpg").expect("taken").warnings[..1], [SmallPhoto]);
}

#[test]
fn every_warning_has_its_words() {
    for warning in Warning::OF_PHOTOS {
        let (name, hint) = (warning.name().expect("a name"), warning.hint().expect("a hint"));
        assert!((3..=6).contains(&name.chars().count()) && hint.ends_with('。'), "{}", warning.code());
    }
    assert_eq!(LockedPdf.name(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Wherever a sheet lies, its corners and its turn are found.
    #[test]
    fn f18_the_corners_of_a_sheet_are_found(tilt in -20.0..20.0_f64, sheet in 0.5..0.7_f64, slant in 0.0..0.2_f64, x in -0.05..0.05_f64, y in -0.1..0.1_f64, warm in 0_u8..60) {
        let scene = Scene { sides: (900, 1200), tilt, sheet, slant, moved: (x, y), desk: [110 + warm, 90, 70], ..Scene::default() };
        let page = printed(3.0);
        let look = look(&scene.file(&page).path).expect("a photo");
        let found = look.sheet.expect("a sheet");
        for ((x, y), (found_x, found_y)) in scene.corners(&page).into_iter().zip(found.corners) {
            let (dx, dy) = (x - found_x * 900.0, y - found_y * 1200.0);
            prop_assert!(dx.hypot(dy) < 12.0, "{dx} {dy}");
        }
        prop_assert!((look.tilt.expect("a turn") - tilt).abs() < 0.6);
    }

    /// Whatever the bytes of a picture are, looking at it ends.
    #[test]
    fn sr33_any_picture_can_be_looked_at(bytes in proptest::collection::vec(any::<u8>(), 3 * 37 * 23), width in 1_u32..38) {
        let height = (bytes.len() / 3) as u32 / width;
        let pixels = bytes[..(3 * width * height) as usize].to_vec();
        let picture = image::RgbImage::from_raw(width, height, pixels).expect("as many bytes as pixels");
        look(&Photo::of(&picture).path).expect("a photo");
    }
}
