//! The file as an archive takes it.

use crate::kit::{made, on_disk, output, sitting};

#[test]
fn other_programs_find_nothing_wrong_with_the_file() {
    let made = made(sitting());
    let (_dir, path) = on_disk(&made.pdf);
    let path = path.to_str().expect("a path");
    let checked = output("qpdf", &["--check", path]);
    assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
    let told = output("pdfinfo", &[path]);
    assert!(told.contains(&format!("Pages:           {}", made.pages)), "{told}");
    assert!(told.contains("A4") && told.contains("Tagged:          yes"), "{told}");
    // The pages can be drawn, and whoever draws them has nothing to complain of.
    let drawn = output("pdftoppm", &["-r", "20", "-png", path, path]);
    assert_eq!(drawn, "");
}

#[test]
fn it_says_that_it_is_an_archive_file_with_files_inside() {
    let made = made(sitting());
    let words = String::from_utf8_lossy(&made.pdf);
    assert!(
        words.contains("<pdfaid:part>3</pdfaid:part>") && words.contains("<pdfaid:conformance>B</pdfaid:conformance>")
    );
    assert!(words.contains("/OutputIntents") && words.contains("/AFRelationship"));
}

#[test]
fn all_fonts_are_in_the_file() {
    let made = made(sitting());
    let (_dir, path) = on_disk(&made.pdf);
    let fonts = output("pdffonts", &[path.to_str().expect("a path")]);
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(!lines.is_empty());
    for line in lines {
        // The columns emb, sub and uni: embedded, a subset, with its characters.
        assert!(line.contains(" yes yes yes "), "{line}");
    }
}

#[test]
fn the_record_comes_out_as_it_went_in() {
    let transcript = sitting();
    let record = transcript.record.text.clone();
    let made = made(transcript);
    let (dir, path) = on_disk(&made.pdf);
    let out = dir.path().join("record.json");
    output("pdfdetach", &["-save", "1", "-o", out.to_str().expect("a path"), path.to_str().expect("a path")]);
    assert_eq!(std::fs::read(out).expect("the record"), record.as_bytes());
}
