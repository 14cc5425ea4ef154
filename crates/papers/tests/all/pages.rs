//! Pages as pictures, and the worker's way of being asked for them.

use std::fmt::Write as _;
use std::path::Path;

use image::{GenericImageView, ImageFormat};
use papers::work::{Bench, Failure, Head, Order, Outcome, Picture, Sizes, Task, perform, send, serve};

use crate::made::*;

/// A PDF with pages of these sizes and turns, all with this content.
pub(crate) fn pdf(pages: &[(u32, u32, u32)], content: &str) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", page + 6)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font \
         /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>] >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    objects.extend(pages.iter().map(|(width, height, turn)| {
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {turn} /Contents 5 0 R \
             /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
    }));
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).unwrap();
    file.into_bytes()
}

fn work<A: serde::de::DeserializeOwned>(task: &Task, path: &Path) -> Result<(A, Vec<Vec<u8>>), String> {
    let bench = Bench::new(vec![path.to_owned()], std::env::temp_dir());
    match perform(task, &bench) {
        Ok(product) => {
            let (answer, files) = product.into_parts().unwrap();
            Ok((serde_json::from_value(answer).unwrap(), files))
        }
        Err(Failure::BadInput(refusal)) => Err(refusal.code().to_owned()),
        Err(other) => panic!("{other:?}"),
    }
}

fn drawn(path: &Path, n: u32, width: u32) -> image::DynamicImage {
    let (size, files) = work::<Picture>(&Task::Page { n, width }, path).unwrap();
    let picture = image::load_from_memory_with_format(&files[0], ImageFormat::Jpeg).unwrap();
    assert_eq!(picture.dimensions(), (size.width, size.height));
    picture
}

fn dark(picture: &image::DynamicImage) -> usize {
    picture.to_luma8().pixels().filter(|pixel| pixel.0[0] < 100).count()
}

#[test]
fn pages_are_measured_as_they_are_shown() {
    let (_dir, path) = on_disk(&pdf(&[(595, 842, 0), (595, 842, 90)], ""));
    let (sizes, _) = work::<Sizes>(&Task::Pages, &path).unwrap();
    let sizes: Vec<_> = sizes.pages.iter().map(|page| (page.width, page.height)).collect();
    assert_eq!(sizes, [(595, 842), (842, 595)], "the second is turned");
    let (_dir, path) = on_disk(&jpeg_with_exif(800, 400));
    let (sizes, _) = work::<Sizes>(&Task::Pages, &path).unwrap();
    assert_eq!((sizes.pages[0].width, sizes.pages[0].height), (400, 800), "a photo is one page, upright");
}

#[test]
fn a_page_is_drawn_as_wide_as_asked_with_its_words_on_white() {
    let (_dir, path) = on_disk(&pdf(&[(595, 842, 0), (300, 300, 0)], "BT /F1 40 Tf 40 200 Td (Loan) Tj ET"));
    let page = drawn(&path, 1, 400);
    assert!((399..=401).contains(&page.width()) && (564..=567).contains(&page.height()), "{:?}", page.dimensions());
    assert!(dark(&page) > 50, "the word is there");
    assert!(page.get_pixel(2, 2).0[0] > 250, "white ground");
    assert_eq!(work::<Picture>(&Task::Page { n: 3, width: 400 }, &path).unwrap_err(), "no_such_page");
    assert_eq!(work::<Picture>(&Task::Page { n: 0, width: 400 }, &path).unwrap_err(), "no_such_page");
    let (_dir, photo) = on_disk(&picture(800, 400, ImageFormat::Png));
    assert_eq!(drawn(&photo, 1, 200).dimensions(), (200, 100));
    assert_eq!(drawn(&photo, 1, 2000).dimensions(), (800, 400), "never enlarged");
    assert_eq!(work::<Picture>(&Task::Page { n: 2, width: 400 }, &photo).unwrap_err(), "no_such_page");
}

#[test]
fn chinese_whose_font_is_not_in_the_file_is_drawn() {
    // 借条 in UCS-2.
    let (_dir, path) = on_disk(&pdf(&[(595, 842, 0)], "BT /F2 80 Tf 60 400 Td <501F6761> Tj ET"));
    assert!(dark(&drawn(&path, 1, 600)) > 1_000);
}

#[test]
fn sr33_a_page_of_any_claimed_size_makes_a_picture_of_bounded_size() {
    for size in [(1, 14_400, 0), (14_400, 1, 0), (2_000_000_000, 2_000_000_000, 0)] {
        let (_dir, path) = on_disk(&pdf(&[size], ""));
        let Ok((picture, _)) = work::<Picture>(&Task::Page { n: 1, width: 2000 }, &path) else { continue };
        assert!(u64::from(picture.width) * u64::from(picture.height) <= 17 * 1024 * 1024, "{picture:?}");
    }
}

#[test]
fn sr33_a_document_has_at_most_two_thousand_pages() {
    let pages = vec![(595, 842, 0); 2001];
    assert_eq!(examine(&pdf(&pages[..2000], ""), "a.pdf").unwrap().pages, Some(2000));
    let refusal = examine(&pdf(&pages, ""), "a.pdf").unwrap_err();
    assert_eq!(refusal.code(), "too_many_pages");
    assert!(refusal.detail().contains("2001 页") && refusal.detail().contains("2000 页"), "{}", refusal.detail());
    let (_dir, path) = on_disk(&pdf(&pages, ""));
    assert_eq!(work::<Sizes>(&Task::Pages, &path).unwrap_err(), "too_many_pages");
}

#[test]
fn f19_what_is_no_page_is_refused_by_name() {
    for bytes in [&b"%PDF-1.7\nnonsense\n%%EOF"[..], b"", b"GIF89a", &picture(10, 10, ImageFormat::Jpeg)[..40]] {
        let (_dir, path) = on_disk(bytes);
        assert!(work::<Sizes>(&Task::Pages, &path).is_err());
        assert!(work::<Picture>(&Task::Page { n: 1, width: 100 }, &path).is_err());
    }
}

#[test]
fn the_worker_reads_an_order_and_answers_with_a_line_and_the_bytes() {
    let (dir, path) = on_disk(&picture(800, 600, ImageFormat::Png));
    let order = Order { task: Task::Thumbnail { edge: 100 }, inputs: vec![path], scratch: dir.path().to_owned() };
    let mut said = Vec::new();
    send(perform(&order.task, &Bench::new(order.inputs.clone(), order.scratch.clone())), &mut said).unwrap();
    let mut served = Vec::new();
    serve(&mut serde_json::to_vec(&order).unwrap().as_slice(), &mut served).unwrap();
    assert_eq!(said, served);
    let end = said.iter().position(|byte| *byte == b'\n').unwrap();
    let head: Head = serde_json::from_slice(&said[..end]).unwrap();
    assert!(matches!(head.outcome, Outcome::Done(answer) if answer["width"] == 100));
    assert_eq!(head.files, [(said.len() - end - 1) as u64]);
    assert!(said[end + 1..].starts_with(b"\xFF\xD8"));
    assert!(
        serve(&mut &b"{\"task\":{\"task\":\"unheard\"},\"inputs\":[],\"scratch\":\"/\"}"[..], &mut Vec::new()).is_err()
    );
}

#[test]
fn a_refusal_arrives_as_it_was_made() {
    let (dir, path) = on_disk(&pdf(&vec![(10, 10, 0); 2001], ""));
    let order = Order { task: Task::Pages, inputs: vec![path], scratch: dir.path().to_owned() };
    let mut said = Vec::new();
    serve(&mut serde_json::to_vec(&order).unwrap().as_slice(), &mut said).unwrap();
    let head: Head = serde_json::from_slice(said.strip_suffix(b"\n").unwrap()).unwrap();
    let Outcome::Failed(Failure::BadInput(refusal)) = head.outcome else { panic!("{head:?}") };
    assert_eq!((refusal.code(), refusal.to_string().as_str()), ("too_many_pages", "too many pages: 2001"));
}
