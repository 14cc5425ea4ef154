//! What somebody means who types 民诉法第85条 or 举证 期限, and which article they mean most.

use store::{ArticleRow, LawRow};

use super::read;

/// Articles that are looked at for one answer.
pub(super) const CANDIDATES: usize = 1_000;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sought {
    /// Every one must be there; the number of an article as 第85条.
    pub(super) words: Vec<String>,
    /// The article's own number, if one was typed.
    number: Option<u16>,
}

/// What was typed. Numbers of articles are written in both scripts, with and without 第, and often without a space before them.
pub(super) fn sought(typed: &str) -> Sought {
    let mut sought = Sought::default();
    for word in typed.split_whitespace() {
        if let Some(number) = word.bytes().all(|byte| byte.is_ascii_digit()).then(|| read::count(word)).flatten()
            && sought.number.is_none()
        {
            sought.number = Some(number);
            sought.words.push(format!("第{number}条"));
            continue;
        }
        match numbered(word) {
            Some((before, number, after)) if sought.number.is_none() => {
                sought.number = Some(number);
                sought.words.extend(Some(before).filter(|word| !word.is_empty()).map(str::to_owned));
                sought.words.push(format!("第{number}条"));
                sought.words.extend(Some(after).filter(|word| !word.is_empty()).map(str::to_owned));
            }
            _ => sought.words.push(word.to_owned()),
        }
    }
    sought
}

/// A word with the number of an article in it: what stands before, the number, what stands after.
fn numbered(word: &str) -> Option<(&str, u16, &str)> {
    let (head, after) = word.split_once('条')?;
    let is_digit = |char: char| char.is_ascii_digit() || "零〇一二三四五六七八九十百千".contains(char);
    let start = head.char_indices().rev().take_while(|(_, char)| is_digit(*char)).last()?.0;
    let number = read::count(&head[start..])?;
    let before = head[..start].strip_suffix('第').unwrap_or(&head[..start]);
    // 《民事诉讼法》 is its name between marks.
    Some((before.trim_matches(['《', '》']), number, after))
}

/// The articles in the order of what they are worth: those with the number that was typed, then of laws in force, then those that speak of it most.
pub(super) fn ranked<'a>(found: Vec<ArticleRow>, laws: &'a [LawRow], sought: &Sought) -> Vec<(&'a LawRow, ArticleRow)> {
    let number = sought.number.map(|number| number.to_string());
    let law_of = |article: &ArticleRow| laws.iter().find(|law| law.id == article.law);
    let mut ranked: Vec<_> = found
        .into_iter()
        .filter_map(|article| {
            let law = law_of(&article)?;
            let latest = laws.iter().find(|other| other.code == law.code).is_some_and(|other| other.id == law.id);
            let exact = number.as_deref() == Some(article.number.as_str());
            let folded = article.text.to_lowercase();
            let times: usize =
                sought.words.iter().map(|word| folded.matches(&word.to_lowercase()).count().min(5)).sum();
            // Who names a law and a number means the law of that name, not the one about it.
            let named = sought.words.iter().any(|word| law.title.contains(word.as_str()));
            let about = if exact && named { law.title.chars().count() } else { 0 };
            Some(((!exact, !latest, about, std::cmp::Reverse(times)), law, article))
        })
        .collect();
    ranked.sort_by(|(a, law_a, article_a), (b, law_b, article_b)| {
        a.cmp(b).then_with(|| law_a.title.cmp(&law_b.title)).then_with(|| article_a.place.cmp(&article_b.place))
    });
    ranked.into_iter().map(|(_, law, article)| (law, article)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f63_numbers_are_found_however_they_are_typed() {
        for (typed, words) in [
            ("民事诉讼法第85条", &["民事诉讼法", "第85条"][..]),
            ("《民事诉讼法》第八十五条", &["民事诉讼法", "第85条"]),
            ("民诉法85条", &["民诉法", "第85条"]),
            ("民事诉讼法 一百零五条", &["民事诉讼法", "第105条"]),
            ("85", &["第85条"]),
            ("举证 期限", &["举证", "期限"]),
            ("条件 附条件", &["条件", "附条件"]),
            ("第85条 第86条", &["第85条", "第86条"]),
        ] {
            assert_eq!(sought(typed).words, words, "{typed}");
        }
        assert_eq!(sought("举证 期限").number, None);
    }

    #[test]
    fn f63_the_article_itself_comes_before_those_that_name_it_and_the_law_in_force_before_its_past() {
        let law = |id: i64, version: &str| LawRow {
            id,
            code: "甲".to_owned(),
            title: "甲".to_owned(),
            version: version.to_owned(),
            notes: String::new(),
            articles: 9,
        };
        let article = |law: i64, number: &str, text: &str| ArticleRow {
            law,
            place: number.parse().unwrap(),
            number: number.to_owned(),
            heading: String::new(),
            text: text.to_owned(),
        };
        let laws = [law(2, "2023"), law(1, "2017")];
        let found = vec![article(1, "5", "桥"), article(2, "9", "依照第5条，桥、桥"), article(2, "5", "桥")];
        let order = |typed: &str| {
            let ranked = ranked(found.clone(), &laws, &sought(typed));
            ranked.into_iter().map(|(law, article)| format!("{} {}", law.version, article.number)).collect::<Vec<_>>()
        };
        assert_eq!(order("第五条"), ["2023 5", "2017 5", "2023 9"]);
        assert_eq!(order("桥"), ["2023 9", "2023 5", "2017 5"]);
    }
}
