//! A sitting that never was, and ways to look at a PDF.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use typeset::transcript::{
    Annex, Answer, Attached, Attendance, Content, Correction, Entry, Matter, NoticeAccepted, Picture, Point, Signer,
    SittingKind, Span, Speaker, Transcript,
};
use typeset::{Document, Fonts, Pictures, Rendered, render};

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    Fonts::in_directories(&["/usr/share/fonts"]).expect("fonts-noto-cjk; scripts/setup test installs it")
});

pub(crate) const START: OffsetDateTime = datetime!(2026-11-26 09:00:00 +8);

pub(crate) fn made(transcript: Transcript) -> Rendered {
    made_with(transcript, &pictures())
}

pub(crate) fn made_with(transcript: Transcript, pictures: &Pictures) -> Rendered {
    render(&Document::from(transcript), pictures, &FONTS).expect("a transcript")
}

/// One small picture under the id that [`shows`] names.
pub(crate) fn pictures() -> Pictures {
    Pictures::from([("slip".to_owned(), include_bytes!("../files/slip.jpg").to_vec())])
}

pub(crate) fn judge() -> Speaker {
    Speaker { name: "沈若云".into(), capacity: "审判员".into() }
}

pub(crate) fn plaintiff() -> Speaker {
    Speaker { name: "王小满".into(), capacity: "原告".into() }
}

pub(crate) fn says(seq: u64, speaker: Speaker, text: &str) -> Entry {
    Entry {
        seq,
        at: START + Duration::seconds(97 * i64::try_from(seq).expect("small")),
        speaker: Some(speaker),
        content: Content::Said { text: text.into() },
        pictures: Vec::new(),
        annexes: Vec::new(),
        mark: None,
    }
}

pub(crate) fn does(seq: u64, sentence: &str) -> Entry {
    Entry { content: Content::Done { sentence: sentence.into() }, ..says(seq, judge(), "") }
}

pub(crate) fn shows(seq: u64, speaker: Speaker, text: &str) -> Entry {
    let picture = Picture { id: "slip".into(), sha256: "5f2b".repeat(16), name: Some("转账回单.jpg".into()) };
    Entry { pictures: vec![picture], ..says(seq, speaker, text) }
}

/// A short sitting with one of everything.
pub(crate) fn sitting() -> Transcript {
    let at = |minutes| START + Duration::minutes(minutes);
    let person = |capacity: &str, name: &str, note: Option<&str>| Attendance {
        name: name.into(),
        capacity: capacity.into(),
        note: note.map(Into::into),
    };
    Transcript {
        court: "上海市某某区人民法院".into(),
        kind: SittingKind::Mediation,
        case_number: "（2026）沪0199民初1234号".into(),
        cause: "买卖合同纠纷".into(),
        place: "微法庭（异步）".into(),
        scheduled: Some(Span { from: START, to: at(3 * 24 * 60) }),
        opened: Some(at(2)),
        closed: Some(at(2 * 24 * 60 + 31)),
        attendance: vec![
            person("审判员", "沈若云", None),
            person("书记员", "顾一舟", None),
            person("原告", "王小满", Some("2026年11月26日起")),
            person("被告", "上海晴川五金有限公司", Some("法定代表人：李长青")),
            person("被告委托诉讼代理人", "周以宁", Some("特别授权，某某律师事务所律师")),
        ],
        absent: vec![person("第三人", "赵秋生", Some("经通知未进入微法庭"))],
        notices: vec![NoticeAccepted {
            title: "进入微法庭须知".into(),
            name: "王小满".into(),
            capacity: "原告".into(),
            at: at(5),
        }],
        entries: vec![
            does(1, "审判员沈若云开启异步审理"),
            says(
                2,
                judge(),
                "现在进行庭前调解。双方当事人可以在期限内随时发表意见，本院将依法记录在案。\n请原告先陈述诉讼请求。",
            ),
            says(3, plaintiff(), "请求判令被告支付货款 86,400.00 元及逾期付款利息。合同、送货单已经上传。"),
            Entry { annexes: vec![1, 2], ..does(4, "原告王小满提交文件《买卖合同》等二份") },
            shows(5, plaintiff(), "这是去年十月的转账回单。"),
            Entry { content: Content::Private {}, ..says(6, plaintiff(), "") },
            Entry { mark: Some("逾期".into()), ..says(1805, judge(), "被告是否同意今天付清？") },
            says(1806, Speaker { name: "周以宁".into(), capacity: "被告委托诉讼代理人".into() }, "同意今天付清。"),
        ],
        matters: vec![Matter {
            no: 1,
            title: "确认还款方案".into(),
            text: "请双方分别确认本金、利息和付款日期。".into(),
            issued_by: "审判员 沈若云".into(),
            issued_at: at(60),
            deadline: Some(at(24 * 60)),
            answers: vec![Answer {
                name: "王小满".into(),
                capacity: "原告".into(),
                at: at(90),
                text: "同意本金 86,400.00 元，利息放弃。".into(),
                annexes: vec![2],
            }],
            unanswered: vec!["上海晴川五金有限公司".into()],
        }],
        undisputed: vec![Point {
            text: "双方于 2025 年 3 月 1 日签订《买卖合同》。".into(), reason: None
        }],
        disputed: vec![Point {
            text: "第三批货物是否合格。".into(),
            reason: Some("被告称未经验收，原告提交签收单。".into()),
        }],
        corrections: vec![Correction {
            name: "王小满".into(),
            capacity: "原告".into(),
            at: at(2 * 24 * 60 + 40),
            text: "第 3 条金额应为 86,400.00 元。".into(),
            outcome: Some("与记录一致，无需更正。".into()),
        }],
        annexes: vec![annex(1, "买卖合同.pdf"), annex(2, "送货单（签收）.pdf")],
        signers: vec![
            signer("judge", "沈若云", "审判员"),
            signer("wang", "王小满", "原告"),
            signer("zhou", "周以宁", "被告委托诉讼代理人"),
            Signer {
                refused: Some(typeset::transcript::SigningRefused {
                    at: at(2 * 24 * 60 + 50),
                    reason: "认为第三批货物的质量问题没有记全。".into(),
                }),
                ..signer("li", "李长青", "被告法定代表人")
            },
        ],
        record: Attached {
            name: "record.json".into(),
            description: "审理记录（机器可读）".into(),
            text: "{\"acts\":[{\"seq\":1,\"text\":\"原文😀\u{202E}\"}]}\n".into(),
        },
        made_at: at(2 * 24 * 60 + 60),
        remark: Some("本笔录由系统根据审理记录按时间顺序自动生成。".into()),
    }
}

pub(crate) fn annex(no: u32, name: &str) -> Annex {
    Annex {
        no,
        name: name.into(),
        kind: "PDF 文档".into(),
        size: 348_160 * u64::from(no),
        sha256: format!("{no:02x}").repeat(32),
        from: "原告 王小满".into(),
        at: START + Duration::minutes(i64::from(no)),
    }
}

pub(crate) fn signer(id: &str, name: &str, capacity: &str) -> Signer {
    Signer { id: id.into(), name: name.into(), capacity: capacity.into(), refused: None }
}

/// Puts `pdf` into a folder of its own.
pub(crate) fn on_disk(pdf: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("transcript.pdf");
    std::fs::write(&path, pdf).expect("a file");
    // Whoever wants to look at what the tests make names a folder for it.
    if let Some(kept) = std::env::var_os("KEEP_PDFS") {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        std::fs::write(Path::new(&kept).join(name).with_extension("pdf"), pdf).expect("a kept file");
    }
    (dir, path)
}

/// What another program prints about a file; it must end well.
pub(crate) fn output(program: &str, arguments: &[&str]) -> String {
    let answer = Command::new(program).args(arguments).output();
    let answer = answer.unwrap_or_else(|error| panic!("{program}: {error}; scripts/setup test installs it"));
    let words = String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{program} {arguments:?}: {words}");
    words
}

/// The text of a PDF as a reader copies it, without what only breaks lines.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let (_dir, path) = on_disk(pdf);
    let text = output("pdftotext", &["-layout", path.to_str().expect("a path"), "-"]);
    text.replace(['\u{200B}', ' ', '\n', '\u{3000}', '\u{c}'], "")
}
