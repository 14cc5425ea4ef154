//! Photos of print, read by a machine: what comes back must be what was printed.
//!
//! The pages are drawn here, in a font of the system, with a text that nobody has written to a court.

use std::collections::HashMap;

use ab_glyph::{Font, FontVec, PxScale, ScaleFont};
use image::{GrayImage, Luma};
use papers::reading::{Reading, Turn};
use papers::work::{Bench, Task, perform};
use tempfile::TempDir;
use unicode_normalization::UnicodeNormalization;

use crate::scene::{Photo, Scene};

const TEXT: &str = "民事起诉状
原告：王小禾，女，1988年3月12日出生，汉族，住东江市青石区杨树路18号
2幢601室。联系电话：13900000001。
委托诉讼代理人：陈立，示范律师事务所律师。
被告：东江市明远木器有限公司，住所地东江市青石区工业园三路6号。
法定代表人：李明远，该公司经理。
诉讼请求：
一、判令被告支付原告货款人民币48,600元；
二、判令被告以48,600元为基数，自2026年6月1日起至实际付清之日止，
按照全国银行间同业拆借中心公布的一年期贷款市场报价利率支付逾期利息；
三、本案诉讼费用由被告负担。
事实与理由：
2026年3月8日，原告与被告签订《购销合同》一份，约定原告向被告供应松木
板材一批，总价款为人民币98,600元，被告应当在收货后三十日内付清全部货款。
合同签订后，原告于2026年4月20日将全部货物送至被告仓库，被告的仓库管理
人员张某在送货单上签字确认，并未提出任何质量异议。
2026年5月15日，被告向原告转账支付50,000元，余款48,600元至今没有支付。
原告多次通过电话和微信向被告催要，被告以资金周转困难为由一再拖延。
原告认为，双方之间的买卖合同关系合法有效，被告收到货物以后应当按照约定
履行付款义务。被告的行为已经构成违约，应当承担继续履行、赔偿损失等违约
责任。为维护自身合法权益，特依据《中华人民共和国民法典》的有关规定向贵院
提起诉讼，请求依法支持原告的全部诉讼请求。
此致
东江市青石区人民法院
具状人：王小禾
2026年9月1日";

/// The text on A4 at this many pixels across, in 12 points.
fn page(width: u32, face: &str) -> GrayImage {
    let path = format!("/usr/share/fonts/opentype/noto/{face}-Regular.ttc");
    let bytes = std::fs::read(&path).expect("scripts/setup test installs the fonts");
    // The collection's third face is the one for simplified Chinese.
    let font = FontVec::try_from_vec_and_index(bytes, 2).expect("a font");
    let unit = f64::from(width) / 210.0;
    let scale = PxScale::from((4.23 * unit * 1.45) as f32);
    let scaled = font.as_scaled(scale);
    let mut page = GrayImage::from_pixel(width, (297.0 * unit) as u32, Luma([238]));
    for (row, line) in TEXT.lines().enumerate() {
        let down = (28.0 + 8.5 * row as f64) * unit;
        // The title stands in the middle, the signature on the right, as they do.
        let mut across = match row {
            0 => 90.0 * unit,
            24 | 25 => 130.0 * unit,
            _ => 28.0 * unit,
        };
        for char in line.chars() {
            let glyph = font.glyph_id(char).with_scale_and_position(scale, ab_glyph::point(across as f32, down as f32));
            across += f64::from(scaled.h_advance(glyph.id));
            let Some(drawn) = font.outline_glyph(glyph) else { continue };
            let bounds = drawn.px_bounds();
            drawn.draw(|x, y, ink| {
                let (x, y) = (bounds.min.x as u32 + x, bounds.min.y as u32 + y);
                if x < page.width() && y < page.height() {
                    let pixel = page.get_pixel_mut(x, y);
                    pixel.0[0] = pixel.0[0].min((238.0 - 205.0 * ink.min(1.0)) as u8);
                }
            });
        }
    }
    page
}

fn read(photo: &Photo, turn: Turn) -> Reading {
    let scratch = TempDir::new().expect("a folder");
    let bench = Bench::new(vec![photo.path.clone()], scratch.path().to_owned());
    let product = perform(&Task::Recognise { turn }, &bench).expect("scripts/setup test installs Tesseract");
    let (answer, files) = product.into_parts().expect("an answer");
    assert!(files.is_empty(), "nothing but words leaves the worker");
    serde_json::from_value(answer).expect("a reading")
}

/// Characters that are wrong, missing or too many, as a share of those that were printed.
fn wrong(reading: &Reading) -> f64 {
    let plain = |text: &str| text.nfkc().filter(|char| !char.is_whitespace()).collect::<Vec<_>>();
    let read = plain(&reading.lines.iter().map(papers::reading::Line::text).collect::<String>());
    let printed = plain(TEXT);
    let mut row: Vec<usize> = (0..=read.len()).collect();
    for (i, char) in printed.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, other) in read.iter().enumerate() {
            let changed = before + usize::from(char != other);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[read.len()] as f64 / printed.len() as f64
}

/// The gate: at most three characters in a hundred.
fn assert_read(name: &str, reading: &Reading) {
    let wrong = wrong(reading);
    let text: Vec<_> = reading.lines.iter().map(papers::reading::Line::text).collect();
    eprintln!("{name}: {:.2} % of the characters are wrong", wrong * 100.0);
    assert!(wrong <= 0.03, "{name}: {:.1} %\n{}", wrong * 100.0, text.join("\n"));
}

fn camera() -> Scene {
    Scene { sides: (3024, 4032), blur: 1.2, noise: 5.0, ..Scene::default() }
}

#[test]
fn f70_a_scan_is_read() {
    let page = page(1654, "NotoSerifCJK");
    let photo = Photo::of(&image::DynamicImage::from(page).into_rgb8());
    let reading = read(&photo, Turn::None);
    assert_read("scan", &reading);
    // Who is asked to check is shown where each line stands and what is doubtful.
    let title = &reading.lines[0];
    assert_eq!(title.text(), "民事起诉状");
    let [left, _, right, _] = title.corners;
    assert!((0.40..0.46).contains(&left.0) && (0.07..0.11).contains(&left.1) && right.0 > 0.52, "{:?}", title.corners);
    assert!(reading.lines.iter().flat_map(|line| &line.words).all(|word| word.sure <= 100));
}

#[test]
fn f70_a_scan_that_lies_three_degrees_askew_is_read() {
    let page = page(2480, "NotoSansCJK");
    // A white ground: no edge of the sheet is to be seen, the lines alone tell.
    let scene = Scene { sides: (2480, 3508), tilt: 3.0, sheet: 1.0, desk: [238, 235, 226], blur: 0.6, ..camera() };
    assert_read("three degrees", &read(&scene.file(&page), Turn::None));
}

#[test]
fn f70_a_photo_on_a_desk_is_read() {
    let page = page(2480, "NotoSerifCJK");
    let scene = Scene { tilt: -4.0, sheet: 0.82, slant: 0.08, light: 0.85, ..camera() };
    let reading = read(&scene.file(&page), Turn::None);
    assert_read("photo", &reading);
    // The title's place on the photo lies on the sheet, above its middle.
    let [(x, y), ..] = reading.lines[0].corners;
    assert!((0.35..0.5).contains(&x) && (0.1..0.25).contains(&y), "{x} {y}");
}

#[test]
fn f70_a_photo_that_lies_on_its_side_is_read_once_it_is_turned() {
    let page = page(2480, "NotoSerifCJK");
    let lying = image::imageops::rotate270(&Scene { tilt: 2.0, slant: 0.05, ..camera() }.of(&page));
    let reading = read(&Photo::of(&lying), Turn::Right);
    assert_read("turned", &reading);
    // Places are told on the photo as it was sent: the title stands at its left edge.
    let [(x, y), ..] = reading.lines[0].corners;
    assert!(x < 0.2 && (0.4..0.65).contains(&y), "{x} {y}");
}

#[test]
fn a_photo_without_print_is_read_as_nothing() {
    let words: HashMap<_, _> = [("white", [250; 3]), ("dark", [20; 3])].into();
    for (name, colour) in words {
        let photo = Photo::of(&image::RgbImage::from_pixel(900, 1200, image::Rgb(colour)));
        assert_eq!(read(&photo, Turn::None).lines, [], "{name}");
    }
}
