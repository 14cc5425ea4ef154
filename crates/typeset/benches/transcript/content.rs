//! A long sitting, made of a few sentences and drawn pictures.

use std::io::Cursor;

use time::Duration;
use time::macros::datetime;
use typeset::Pictures;
use typeset::transcript::{
    Annex, Attached, Attendance, Content, Entry, Picture, Signer, SittingKind, Speaker, Transcript,
};

const SENTENCES: [&str; 5] = [
    "对该组证据的真实性无异议，对关联性有异议，不能证明原告已经全额交付货物。",
    "好的，收到。",
    "我方已于 2026 年 10 月 12 日付款 86,400.00 元，转账凭证编号 HX-2026-10-0012，请法庭核对后记录在案。",
    "请双方在今天下午五点之前确认调解方案；逾期未确认的，本院将依法安排开庭审理，并另行通知开庭时间。",
    "合同第七条约定，质量异议应当在收货后十日内以书面形式提出；被告从未提出过书面异议，其现在的主张没有事实和法律依据。",
];

const PEOPLE: [(&str, &str); 4] =
    [("审判员", "沈若云"), ("原告", "王小满"), ("被告委托诉讼代理人", "周以宁"), ("被告法定代表人", "李长青")];

pub(crate) fn sitting(acts: usize, photos: usize) -> (Transcript, Pictures) {
    let start = datetime!(2026-11-02 09:00:00 +8);
    let pictures: Pictures = (0..photos).map(|number| (format!("photo{number}"), photo(number as u32))).collect();
    let every = acts / photos.max(1);
    let entries: Vec<Entry> = (0..acts)
        .map(|number| {
            let (capacity, name) = PEOPLE[number % PEOPLE.len()];
            let shown = (number % every == 0).then(|| number / every).filter(|photo| *photo < photos);
            Entry {
                seq: number as u64 + 1,
                at: start + Duration::seconds(number as i64 * 61),
                speaker: Some(Speaker { name: name.into(), capacity: capacity.into() }),
                content: Content::Said { text: SENTENCES[number * 7 % SENTENCES.len()].into() },
                pictures: shown
                    .map(|photo| Picture {
                        id: format!("photo{photo}"),
                        sha256: format!("{photo:064x}"),
                        name: Some(format!("照片{photo}.jpg")),
                    })
                    .into_iter()
                    .collect(),
                annexes: Vec::new(),
                mark: None,
            }
        })
        .collect();
    let record = serde_json::to_string(&entries).expect("JSON");
    let transcript = Transcript {
        court: "上海市某某区人民法院".into(),
        kind: SittingKind::EvidenceExchange,
        case_number: "（2026）沪0199民初1234号".into(),
        cause: "买卖合同纠纷".into(),
        place: "微法庭（异步）".into(),
        scheduled: None,
        opened: Some(start),
        closed: Some(start + Duration::days(8)),
        attendance: PEOPLE
            .map(|(capacity, name)| Attendance { name: name.into(), capacity: capacity.into(), note: None })
            .to_vec(),
        absent: Vec::new(),
        notices: Vec::new(),
        entries,
        matters: Vec::new(),
        undisputed: Vec::new(),
        disputed: Vec::new(),
        corrections: Vec::new(),
        annexes: (1..=50)
            .map(|no| Annex {
                no,
                name: format!("送货单{no}.pdf"),
                kind: "PDF 文档".into(),
                size: 348_160,
                sha256: format!("{no:064x}"),
                from: "原告 王小满".into(),
                at: start,
            })
            .collect(),
        signers: PEOPLE
            .map(|(capacity, name)| Signer {
                id: name.into(),
                name: name.into(),
                capacity: capacity.into(),
                refused: None,
            })
            .to_vec(),
        record: Attached { name: "record.json".into(), description: "审理记录".into(), text: record },
        made_at: start + Duration::days(9),
        remark: None,
    };
    (transcript, pictures)
}

/// 640 × 480, as `papers` makes thumbnails; each another picture, with as much detail as a photo of a paper has.
fn photo(number: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(640, 480, |x, y| {
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ number.wrapping_mul(97)) >> 13 & 15;
        let line = if y % 24 < 6 && (x + number * 13) % 11 < 6 { 90 } else { 0 };
        let light = 235 - (x / 12) as i32 - line + grain as i32;
        let shade = light.clamp(0, 255) as u8;
        image::Rgb([shade, shade.saturating_sub(6), shade.saturating_sub((number % 30) as u8)])
    });
    let mut bytes = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 85);
    picture.write_with_encoder(encoder).expect("a JPEG");
    bytes.into_inner()
}
