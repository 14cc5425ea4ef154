//! Where a rule stands: instrument, version, article. What is computed carries these, and what is shown shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::{Book, Cite};
use crate::civil;

/// A citation as people and programs read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Citation {
    /// The instrument's short key, such as `CPL`: stable, for programs.
    pub instrument: String,
    /// The version of the instrument, such as `2023`.
    pub version: String,
    /// The whole title of the instrument.
    pub title: String,
    /// The number that the version was issued under, such as 法释〔2022〕11号; may be empty.
    pub number: String,
    /// The article; none where the instrument has none or is meant as a whole.
    pub article: Option<u16>,
    /// The paragraph (款) of the article.
    pub paragraph: Option<u16>,
    /// The first day on which this version was in force.
    pub from: String,
    /// The first day on which it no longer was.
    pub to: Option<String>,
    /// All of it in words: 《民事诉讼法》（2023年修正）第一百二十八条第一款.
    pub text: String,
}

impl Citation {
    /// Looks a row's citation up. The book was checked when it was built, so each has its instrument; one without would be left out.
    pub fn find(book: &Book, cite: &Cite) -> Option<Self> {
        let instrument = book.instruments.iter().find(|instrument| instrument.key == cite.instrument)?;
        let version = instrument.version.iter().find(|version| version.version == cite.version)?;
        let label = if version.label.is_empty() { String::new() } else { format!("（{}）", version.label) };
        let article = cite.article.map(|number| format!("第{}条", numeral(number))).unwrap_or_default();
        let paragraph = cite.paragraph.map(|number| format!("第{}款", numeral(number))).unwrap_or_default();
        Some(Self {
            instrument: cite.instrument.clone(),
            version: cite.version.clone(),
            title: instrument.title.clone(),
            number: version.number.clone(),
            article: cite.article,
            paragraph: cite.paragraph,
            from: civil::iso(version.from),
            to: version.to.map(civil::iso),
            text: format!("《{}》{label}{article}{paragraph}", instrument.short),
        })
    }

    pub fn find_all(book: &Book, cites: &[Cite]) -> Vec<Self> {
        cites.iter().filter_map(|cite| Self::find(book, cite)).collect()
    }
}

/// A number below 10,000 as laws count their articles: 128 → 一百二十八.
pub fn numeral(number: u16) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push_str(DIGITS[0]);
            gap = false;
        }
        if !(digit == 1 && unit == 10 && text.is_empty()) {
            text.push_str(DIGITS[usize::from(digit)]);
        }
        text.push_str(name);
    }
    if text.is_empty() { DIGITS[0].to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_counted_as_laws_count_them() {
        for (number, text) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (100, "一百"),
            (105, "一百零五"),
            (110, "一百一十"),
            (128, "一百二十八"),
            (550, "五百五十"),
        ] {
            assert_eq!(numeral(number), text);
        }
    }

    #[test]
    fn a_citation_names_instrument_version_and_article() {
        let cite = Cite::try_from("CPL@2023 85.2".to_owned()).expect("a citation");
        let citation = Citation::find(crate::book::book(), &cite).expect("a known instrument");
        assert_eq!(citation.text, "《民事诉讼法》（2023年修正）第八十五条第二款");
        assert_eq!((citation.title.as_str(), citation.from.as_str()), ("中华人民共和国民事诉讼法", "2024-01-01"));
    }
}
