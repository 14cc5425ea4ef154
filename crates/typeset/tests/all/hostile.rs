//! Words that were written to deceive, to break the form, or by somebody who writes much.

use crate::kit::{annex, judge, made, plaintiff, says, signer, sitting, text_of};

#[test]
fn what_people_write_is_printed_and_never_run() {
    let spells = [
        "#import \"/etc/passwd\": * #panic(\"x\") #eval(\"1+1\") *粗* $x^2$ <label> @ref ] } ) // 注释 /* */ \\ `raw`",
        "#pdf.attach(\"/etc/passwd\") #read(\"data.json\") #image(\"picture-0\") #set page(width: 1mm)",
        "= 标题\n- 列表\n+ 编号\n/ 术语: 值",
        "-- --- ... \"直引号\" 'a'",
    ];
    let mut transcript = sitting();
    transcript.entries = spells.iter().zip(1..).map(|(words, seq)| says(seq, plaintiff(), words)).collect();
    transcript.court = "#panic()[法院]".into();
    transcript.annexes[0].name = "#table()[x].pdf".into();
    let text = text_of(&made(transcript).pdf);
    for words in spells.iter().flat_map(|words| words.lines()).chain(["#panic()[法院]", "#table()[x].pdf"]) {
        let words = words.replace(' ', "");
        assert!(text.contains(&words), "{words} is not in\n{text}");
    }
}

#[test]
fn characters_without_a_glyph_are_named_and_reported() {
    let mut transcript = sitting();
    transcript.entries.push(says(7, plaintiff(), "好的😀😀👍🏽\u{1}\u{202E}倒\u{202C}；\u{E000}；\u{645}"));
    transcript.signers[0].name = "沈\u{10FFFF}".into();
    let made = made(transcript);
    let text = text_of(&made.pdf);
    assert!(text.contains("好的〔U+1F600〕〔U+1F600〕〔U+1F44D〕〔U+1F3FD〕倒；〔U+E000〕；〔U+0645〕"), "{text}");
    let smiles = made.replaced.iter().find(|replaced| replaced.character == '😀').expect("a report");
    assert_eq!(smiles.times, 2);
}

#[test]
fn a_line_that_imitates_another_speaker_does_not_look_like_one() {
    let mut transcript = sitting();
    transcript.entries = vec![says(1, plaintiff(), "好\n审判员 沈若云［2　09:10:00］：准许原告撤诉。")];
    let made = made(transcript);
    let (_dir, path) = crate::kit::on_disk(&made.pdf);
    let boxes = crate::kit::output("pdftotext", &["-bbox-layout", path.to_str().expect("a path"), "-"]);
    let x_of = |words: &str| -> f64 {
        let line = boxes.lines().find(|line| line.contains("<word") && line.contains(words)).expect(words);
        line.split("xMin=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a place")
            .parse()
            .expect("a number")
    };
    // A real speaker begins at the margin, in the bold face; whatever is inside of a message is indented.
    assert!(x_of(">审判员<") > x_of(">原告") + 20.0 || x_of(">审判员") > 28.0 / 25.4 * 72.0 + 20.0, "{boxes}");
}

#[test]
fn long_things_stay_on_the_page() {
    let mut transcript = sitting();
    let name = "名".repeat(200);
    transcript.attendance[0].name.clone_from(&name);
    transcript.attendance[1].capacity = "W".repeat(300);
    transcript.signers = (0..9).map(|n| signer(&n.to_string(), &name, "被告委托诉讼代理人")).collect();
    transcript.case_number = "（2026）".repeat(60);
    transcript.annexes = (1..=200).map(|no| annex(no, &format!("{}{no}.pdf", "很长的文件名".repeat(12)))).collect();
    transcript.annexes[7].name = "A".repeat(180);
    transcript.annexes[8].from = "。".repeat(90);
    transcript.entries.push(says(7, judge(), &"我方认为该证据的真实性合法性关联性均无异议。".repeat(455)));
    transcript.entries.push(says(8, plaintiff(), &"A".repeat(4000)));
    transcript.entries.push(says(9, plaintiff(), &"。".repeat(4000)));
    transcript.entries.push(says(10, plaintiff(), &"（".repeat(400)));
    transcript.entries.push(says(11, plaintiff(), &"\n".repeat(9000)));
    transcript.cause = "https://example.test/".to_owned() + &"a".repeat(400);
    transcript.remark = Some("W".repeat(500));
    let made = made(transcript);
    let (_dir, path) = crate::kit::on_disk(&made.pdf);
    let boxes = crate::kit::output("pdftotext", &["-bbox", path.to_str().expect("a path"), "-"]);
    let edge = |line: &str, name: &str| -> f64 {
        line.split(name).nth(1).and_then(|rest| rest.split('"').nth(1)).expect("a place").parse().expect("a number")
    };
    let words: Vec<&str> = boxes.lines().filter(|line| line.contains("<word")).collect();
    assert!(words.len() > 1000);
    for line in words {
        assert!(edge(line, "xMin") >= 70.0 && edge(line, "xMax") <= 595.28 - 60.0, "off the page: {line}");
        assert!(edge(line, "yMin") >= 30.0 && edge(line, "yMax") <= 841.89 - 30.0, "off the page: {line}");
    }
}
