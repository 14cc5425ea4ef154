//! A report of a risk assessment says everything that it was given, the same twice, and takes hostile words as words.

use time::macros::datetime;
use typeset::assessment::{Answered, Assessment, Line, Section};
use typeset::{Document, Pictures, render};

use crate::kit;

fn assessment() -> Assessment {
    Assessment {
        court: "示范区人民法院".to_owned(),
        kind: "民间借贷纠纷".to_owned(),
        index: 42,
        level: "风险中等：请先处理下列提示。".to_owned(),
        sections: vec![Section {
            title: "风险提示：诉讼".to_owned(),
            lines: vec![
                Line {
                    text: "没有转账记录的，需要其他证据。".to_owned(),
                    citations: vec!["《民间借贷规定》第二条".to_owned()],
                },
                Line { text: "#eval(\"1+1\") $x$ *粗*".to_owned(), citations: Vec::new() },
            ],
        }],
        answers: vec![Answered { question: "有没有借条？".to_owned(), answer: "没有".to_owned(), weight: 12 }],
        disclaimer: "仅供参考。".to_owned(),
        made_at: datetime!(2026-11-28 08:00 +8),
    }
}

#[test]
fn f70_a_report_says_what_it_was_given_and_the_same_twice() {
    let document: Document = assessment().into();
    let [first, second] = [(); 2].map(|()| render(&document, &Pictures::new(), &kit::FONTS).unwrap());
    assert_eq!(first.pdf, second.pdf);
    assert_eq!(first.pages, 1);
    let text: String = kit::text_of(&first.pdf).split_whitespace().collect();
    for part in [
        "诉讼风险评估报告",
        "民间借贷纠纷",
        "42/100",
        "没有转账记录的",
        "第二条",
        "#eval(\"1+1\")$x$*粗*",
        "有没有借条",
        "仅供参考",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
