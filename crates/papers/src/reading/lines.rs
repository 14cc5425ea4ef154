//! What Tesseract says (its TSV), as lines of text.

use serde::{Deserialize, Serialize};

/// More lines than a page has; what comes after is dropped.
const MOST_LINES: usize = 2_000;
/// More characters than a page has.
const MOST_CHARACTERS: usize = 60_000;

/// A line of text as it was read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) words: Vec<Word>,
    /// Left, top, right, bottom in pixels of the picture that was read.
    pub(super) bounds: [u32; 4],
    pub(super) paragraph: u32,
}

/// Some characters, with how sure the machine is of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// With the space before it, if there is one.
    pub text: String,
    /// 0 to 100.
    pub sure: u8,
}

/// The lines in a TSV of Tesseract. What is not understood is left out: it comes from a program that has read a stranger's picture.
pub(super) fn lines(tsv: &str) -> Vec<Read> {
    let mut lines: Vec<Read> = Vec::new();
    let (mut last_line, mut last_paragraph, mut paragraph) = (None, None, 0);
    let mut characters = 0;
    for row in tsv.lines() {
        let Some(Row { place, bounds, sure, text }) = row_of(row) else { continue };
        characters += text.chars().count();
        if characters > MOST_CHARACTERS {
            break;
        }
        let [page, block, part, line] = place;
        if last_paragraph.is_some_and(|last| last != [page, block, part]) {
            paragraph += 1;
        }
        last_paragraph = Some([page, block, part]);
        if last_line != Some([page, block, part, line]) {
            if lines.len() == MOST_LINES {
                break;
            }
            last_line = Some([page, block, part, line]);
            lines.push(Read { words: Vec::new(), bounds, paragraph });
        }
        let Some(line) = lines.last_mut() else { continue };
        let apart = line.words.last().is_some_and(|before| spaced(&before.text, text));
        line.words.push(Word { text: if apart { format!(" {text}") } else { text.to_owned() }, sure });
        let [left, top, right, bottom] = line.bounds;
        line.bounds = [left.min(bounds[0]), top.min(bounds[1]), right.max(bounds[2]), bottom.max(bounds[3])];
    }
    lines
}

/// A word's row.
struct Row<'a> {
    /// Page, block, paragraph, line.
    place: [u32; 4],
    bounds: [u32; 4],
    sure: u8,
    text: &'a str,
}

fn row_of(row: &str) -> Option<Row<'_>> {
    let mut cells = row.split('\t');
    let mut number = || cells.next()?.parse::<u32>().ok();
    // The fifth level is that of words.
    if number()? != 5 {
        return None;
    }
    let place = [number()?, number()?, number()?, number()?];
    let _word = number()?;
    let (left, top, width, height) = (number()?, number()?, number()?, number()?);
    let sure: f64 = cells.next()?.parse().ok()?;
    let text = cells.next()?.trim();
    let plain = !text.is_empty() && !text.chars().any(char::is_control);
    let bounds = [left, top, left.saturating_add(width), top.saturating_add(height)];
    plain.then(|| Row { place, bounds, sure: sure.clamp(0.0, 100.0) as u8, text })
}

/// Whether there is a space between two words: Tesseract parts Chinese into words where nobody writes one.
fn spaced(before: &str, after: &str) -> bool {
    let latin = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    latin(before.chars().last()) && latin(after.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TSV: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t
4\t1\t1\t1\t1\t0\t100\t50\t400\t30\t-1\t
5\t1\t1\t1\t1\t1\t100\t50\t60\t30\t96.52\t原告
5\t1\t1\t1\t1\t2\t170\t48\t30\t34\t41.00\t：
5\t1\t1\t1\t1\t3\t210\t50\t90\t30\t88\tWang
5\t1\t1\t1\t1\t4\t310\t50\t60\t30\t87\tXiao
5\t1\t1\t1\t2\t1\t100\t90\t60\t30\t93\t住址
5\t1\t1\t2\t1\t1\t100\t150\t60\t30\t93\t此致
";

    fn text(line: &Read) -> String {
        line.words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_become_lines_and_lines_paragraphs() {
        let lines = lines(TSV);
        let texts: Vec<_> = lines.iter().map(|line| (text(line), line.paragraph)).collect();
        let expected = [("原告：Wang Xiao", 0), ("住址", 0), ("此致", 1)];
        assert_eq!(texts, expected.map(|(text, paragraph)| (text.to_owned(), paragraph)));
        assert_eq!(lines[0].bounds, [100, 48, 370, 82]);
        assert_eq!(lines[0].words[1], Word { text: "：".to_owned(), sure: 41 });
    }

    #[test]
    fn sr33_what_a_strange_program_says_is_taken_with_care() {
        for bad in [
            "",
            "5\t1\t1",
            "5\t1\t1\t1\t1\t1\t-3\t0\t1\t1\t90\tx",
            "5\t1\t1\t1\t1\t1\t0\t0\t1\t1\tsure\tx",
            "5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t90\t \u{1b}[2J",
        ] {
            assert_eq!(lines(bad), [], "{bad:?}");
        }
        let edge = lines("5\t1\t1\t1\t1\t1\t4294967295\t0\t9\t1\t900\tx");
        assert_eq!((edge[0].bounds[2], edge[0].words[0].sure), (u32::MAX, 100));
        let many: String = (0..5_000).map(|i| format!("5\t1\t1\t1\t{i}\t1\t0\t0\t1\t1\t90\tx\n")).collect();
        assert_eq!(lines(&many).len(), MOST_LINES);
        let long = format!("5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t90\t{}\n", "字".repeat(20_000)).repeat(9);
        assert!(lines(&long).iter().map(|line| text(line).chars().count()).sum::<usize>() <= MOST_CHARACTERS);
    }
}
