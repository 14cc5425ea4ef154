//! What stands in a transcript.

use typeset::transcript::{Content, SittingKind};
use typeset::{Document, Fonts};

use crate::kit::{FONTS, made, made_with, pictures, plaintiff, says, shows, sitting, text_of};

#[test]
fn everything_that_happened_is_in_it() {
    let text = text_of(&made(sitting()).pdf);
    for words in [
        "上海市某某区人民法院",
        "调解笔录",
        "（2026）沪0199民初1234号",
        "买卖合同纠纷",
        "2026年11月26日09:00:00至2026年11月29日09:00:00",
        "被告委托诉讼代理人周以宁",
        "经通知未进入微法庭",
        "原告王小满于2026年11月26日09:05:00阅读并接受《进入微法庭须知》。",
        "请求判令被告支付货款86,400.00元及逾期付款利息。",
        "（附件1、2）",
        "转账回单.jpg",
        "SHA-2565f2b5f2b5f2b5f2b",
        "（发送私密消息一条，内容不予载明）",
        "，逾期］",
        "确认还款方案",
        "未办理：上海晴川五金有限公司。",
        "无争议事实和证据",
        "理由：被告称未经验收，原告提交签收单。",
        "处理：与记录一致，无需更正。",
        "送货单（签收）.pdf",
        "被告法定代表人李长青：［2026年11月28日09:50:00］认为第三批货物的质量问题没有记全。",
        "拒绝签名",
        "（院印）",
        "第1页共",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn the_title_says_what_the_sitting_was_for() {
    for (kind, title) in [(SittingKind::Inquiry, "询问笔录"), (SittingKind::EvidenceExchange, "证据交换笔录")]
    {
        let mut transcript = sitting();
        transcript.kind = kind;
        assert!(text_of(&made(transcript).pdf).contains(title));
    }
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let first = made(sitting());
    // As it comes out of another process, and with its fonts found anew.
    let copied: Document =
        serde_json::from_str(&serde_json::to_string(&Document::from(sitting())).expect("JSON")).expect("a document");
    let fonts = Fonts::in_directories(&["/usr/share/fonts"]).expect("fonts");
    let second = typeset::render(&copied, &pictures(), &fonts).expect("a transcript");
    assert!(first.pdf == second.pdf, "{} and {} bytes", first.pdf.len(), second.pdf.len());
    assert_eq!(first, second);
    let mut other = sitting();
    other.made_at += time::Duration::seconds(1);
    assert!(made(other).pdf != first.pdf);
}

#[test]
fn a_private_message_leaves_neither_words_nor_pictures() {
    let mut transcript = sitting();
    transcript.entries = vec![shows(1, plaintiff(), "")];
    transcript.entries[0].content = Content::Private {};
    transcript.entries[0].annexes = vec![1];
    let made = made(transcript);
    let text = text_of(&made.pdf);
    assert!(text.contains("（发送私密消息一条，内容不予载明）"));
    assert!(!text.contains("转账回单") && !text.contains("（附件1）"), "{text}");
    assert!(!made.pdf.windows(11).any(|part| part == b"/DCTDecode "), "a picture is in the file");
}

#[test]
fn each_signer_and_the_seal_has_a_place_and_who_refused_has_none() {
    let made = made(sitting());
    let names: Vec<&str> = made.places.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["signer:judge", "signer:wang", "signer:zhou", "seal"]);
    for place in &made.places {
        assert!(place.page >= 1 && place.page <= made.pages, "{place:?}");
        assert!(place.x >= 70.0 && place.x + place.width <= 595.28 - 60.0, "{place:?}");
        assert!(place.y >= 70.0 && place.y + place.height <= 841.89 - 60.0, "{place:?}");
    }
    let [first, second, ..] = &made.places[..] else { panic!("places") };
    assert!(
        first.y == second.y && first.x + first.width < second.x,
        "two boxes beside each other: {first:?} {second:?}"
    );
}

#[test]
fn a_picture_that_is_missing_or_broken_does_not_cost_the_transcript() {
    let mut transcript = sitting();
    transcript.entries.push(shows(9, plaintiff(), "又一张"));
    transcript.entries[8].pictures[0].id = "cut".into();
    let mut given = pictures();
    let whole = given["slip"].clone();
    given.insert("cut".into(), whole[..300].to_vec());
    let made = made_with(transcript.clone(), &given);
    assert_eq!(made.missing_pictures, ["cut"]);
    assert!(text_of(&made.pdf).contains("照片无法显示"));
    assert_eq!(made_with(transcript, &pictures()).missing_pictures, ["cut"]);
}

#[test]
fn without_its_fonts_nothing_is_set_and_the_error_says_what_to_install() {
    let empty = tempfile::tempdir().expect("a folder");
    let Err(missing) = Fonts::in_directories(&[empty.path()]) else { panic!("fonts in an empty folder") };
    let words = missing.to_string();
    assert!(words.contains("Noto Serif CJK SC") && words.contains("fonts-noto-cjk"), "{words}");
}

#[test]
fn too_much_is_refused_before_anything_is_made() {
    let mut transcript = sitting();
    transcript.entries = vec![says(1, plaintiff(), "好"); typeset::MAX_ENTRIES + 1];
    let refused = typeset::render(&Document::from(transcript), &pictures(), &FONTS).expect_err("too many entries");
    assert!(refused.to_string().contains("50001"), "{refused}");
}
