//! The text of a law in Markdown: `# title`, who passed it when, `## 第一章 …`, and articles that begin with 第…条.

use rules::citation::numeral;
use store::NewArticle;

/// A law as its file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LawFile {
    pub(super) title: String,
    /// A line each.
    pub(super) notes: String,
    pub(super) articles: Vec<NewArticle>,
}

/// Where the notes under the title end.
const NOTES_END: &str = "<!-- INFO END -->";

/// Reads a file.
///
/// # Errors
/// What is wrong with it, in Chinese.
pub(super) fn read(text: &str) -> Result<LawFile, String> {
    let mut law = LawFile::default();
    let mut headings: Vec<(usize, String)> = Vec::new();
    let mut in_notes = text.contains(NOTES_END);
    for line in text.lines() {
        let line = line.trim_matches(|char: char| char.is_whitespace() || matches!(char, '\u{200b}' | '\u{feff}'));
        if line.is_empty() {
            continue;
        }
        if line == NOTES_END {
            in_notes = false;
        } else if let Some(rest) = line.strip_prefix('#') {
            let depth = 1 + rest.chars().take_while(|char| *char == '#').count();
            let words = spaced(rest.trim_start_matches('#'));
            if depth == 1 && law.title.is_empty() {
                law.title = words;
            } else {
                headings.retain(|(above, _)| *above < depth);
                headings.push((depth, words));
            }
        } else if line.starts_with("<!--") {
        } else if in_notes {
            add_line(&mut law.notes, line);
        } else if let Some((number, rest)) = begins_article(line) {
            let heading = headings.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("\n");
            law.articles.push(NewArticle { also: also(&number), number, heading, text: rest.to_owned() });
        } else if let Some(article) = law.articles.last_mut() {
            add_line(&mut article.text, line);
        } else {
            let also = String::new();
            law.articles.push(NewArticle {
                number: String::new(),
                heading: String::new(),
                text: line.to_owned(),
                also,
            });
        }
    }
    if law.title.is_empty() {
        return Err("没有标题：第一行应为“# 法规名称”".to_owned());
    }
    if law.articles.iter().all(|article| article.number.is_empty()) {
        return Err("没有找到条文：条文应以“第…条”开头，单独成段".to_owned());
    }
    let mut numbers: Vec<&str> = law.articles.iter().map(|article| article.number.as_str()).collect();
    numbers.sort_unstable();
    if let Some(twice) = numbers.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]) {
        return Err(format!("{}出现了两次", label(twice)));
    }
    Ok(law)
}

/// 第八十五条 of `85`, 第八十五条之一 of `85-1`.
pub(super) fn label(number: &str) -> String {
    let Some((article, more)) = parts(number) else { return String::new() };
    let more = more.map(|more| format!("之{}", numeral(more))).unwrap_or_default();
    format!("第{}条{more}", numeral(article))
}

/// What an article is found by besides its text: its number in both scripts.
fn also(number: &str) -> String {
    let Some((article, more)) = parts(number) else { return String::new() };
    let more = more.map(|more| format!("之{}", numeral(more))).unwrap_or_default();
    format!("第{}条{more} 第{article}条{more}", numeral(article))
}

fn parts(number: &str) -> Option<(u16, Option<u16>)> {
    match number.split_once('-') {
        Some((article, more)) => Some((article.parse().ok()?, Some(more.parse().ok()?))),
        None => Some((number.parse().ok()?, None)),
    }
}

/// The number of an article and what follows it, of a line that begins one.
fn begins_article(line: &str) -> Option<(String, &str)> {
    let rest = line.strip_prefix('第')?;
    let (digits, rest) = rest.split_once('条')?;
    let mut number = count(digits)?.to_string();
    let mut rest = rest;
    if let Some(more) = rest.strip_prefix('之') {
        let end = more.find(|char: char| !DIGITS.contains(char)).unwrap_or(more.len());
        number = format!("{number}-{}", count(&more[..end])?);
        rest = &more[end..];
    }
    // 第十条规定的… within a sentence is no beginning.
    let text = rest.trim_start_matches(|char: char| char.is_whitespace() || char == '\u{200b}');
    (text.len() < rest.len() || rest.is_empty()).then_some((number, text))
}

const DIGITS: &str = "零〇一二三四五六七八九十百千两";

/// 八十五 or 85 as a number below 10,000.
pub(super) fn count(digits: &str) -> Option<u16> {
    if digits.is_empty() || digits.chars().count() > 9 {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().ok().filter(|number| (1..10_000).contains(number));
    }
    let (mut sum, mut digit) = (0u16, None);
    for char in digits.chars() {
        let unit = match char {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '零' | '〇' => {
                digit = None;
                continue;
            }
            '两' => {
                digit = Some(2);
                continue;
            }
            _ => {
                let place = "一二三四五六七八九".chars().position(|one| one == char)?;
                digit = Some(u16::try_from(place).ok()? + 1);
                continue;
            }
        };
        sum = sum.checked_add(digit.take().unwrap_or(1) * unit)?;
    }
    let number = sum.checked_add(digit.unwrap_or(0))?;
    (1..10_000).contains(&number).then_some(number)
}

/// 第一章 总 则 as 第一章 总则: printers space two characters out.
fn spaced(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut spaced = String::new();
    for (at, word) in words.iter().enumerate() {
        let single = |at: usize| words.get(at).is_some_and(|word: &&str| word.chars().count() == 1);
        if at > 0 && !(single(at) && single(at - 1)) {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRIDGES: &str = "# 示范桥梁管理办法\n\n2019年5月1日 示范市人民政府通过\n\n2020年1月1日 施行\n\n<!-- INFO END -->\n\n为了桥。\n\n## 第一章 总 则\n\n\u{200b}\n\n第一条 桥梁应当安全。\n\n第二条　本办法所称桥梁：\n\n（一）公路桥；\n\n第三条规定的除外。\n\n### 第一节 养护\n\n第二条之一 养护由县人民政府负责。\n\n## 第二章 附则\n\n第一百零五条 自公布之日起施行。\n";

    #[test]
    fn f63_a_file_is_its_articles_under_their_headings() {
        let law = read(BRIDGES).unwrap();
        assert_eq!(law.title, "示范桥梁管理办法");
        assert_eq!(law.notes, "2019年5月1日 示范市人民政府通过\n2020年1月1日 施行");
        let articles: Vec<(&str, &str, &str)> =
            law.articles.iter().map(|a| (a.number.as_str(), a.heading.as_str(), a.text.as_str())).collect();
        assert_eq!(
            articles,
            [
                ("", "", "为了桥。"),
                ("1", "第一章 总则", "桥梁应当安全。"),
                ("2", "第一章 总则", "本办法所称桥梁：\n（一）公路桥；\n第三条规定的除外。"),
                ("2-1", "第一章 总则\n第一节 养护", "养护由县人民政府负责。"),
                ("105", "第二章 附则", "自公布之日起施行。"),
            ]
        );
        assert_eq!(law.articles[3].also, "第二条之一 第2条之一");
        assert_eq!(label("105"), "第一百零五条");
    }

    #[test]
    fn a_file_without_title_or_articles_or_with_one_twice_says_so() {
        for (text, says) in [
            ("第一条 甲。\n", "没有标题"),
            ("# 甲\n\n乙。\n", "没有找到条文"),
            ("# 甲\n\n第一条 甲。\n\n第1条 乙。\n", "第一条出现了两次"),
        ] {
            assert!(read(text).unwrap_err().contains(says), "{text}");
        }
    }

    #[test]
    fn numbers_of_articles_are_read_in_both_scripts() {
        for n in 1..10_000 {
            assert_eq!(count(&numeral(n)), Some(n), "{}", numeral(n));
            assert_eq!(count(&n.to_string()), Some(n));
        }
        for none in ["", "0", "甲", "一甲", "10000", "九千九百九十九千"] {
            assert_eq!(count(none), None, "{none}");
        }
    }

    #[test]
    fn f63_the_texts_that_this_machine_has_are_read_whole() {
        let Ok(folder) = std::env::var("WEITING_LAWS") else { return };
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let law = read(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let numbers: Vec<u16> = law.articles.iter().filter_map(|article| article.number.parse().ok()).collect();
            let expected: Vec<u16> = (1..=u16::try_from(numbers.len()).unwrap()).collect();
            assert_eq!(numbers, expected, "{}", path.display());
        }
    }
}
