//! Under which code and version a law is cited: what the book of rules says of its title and of the days on which it was passed.

use rules::book::book;

/// The code and version of a law with this title; `days` are those of its file, the most certain first. A law that no rule cites has its title for
/// a code, and the first of the days for a version.
pub(super) fn names(title: &str, days: &[String]) -> Option<(String, String)> {
    let same = |other: &str| bare(other) == bare(title);
    let Some(instrument) =
        book().instruments.iter().find(|instrument| same(&instrument.title) || same(&instrument.short))
    else {
        return Some((title.to_owned(), days.first()?.clone()));
    };
    let adopted = |day: &String| {
        let passed = |version: &&rules::book::Version| {
            rules::civil::iso(version.adopted) == *day || rules::civil::iso(version.from) == *day
        };
        instrument.version.iter().find(passed)
    };
    let same_year = |day: &String| {
        let year = day.get(..4)?;
        let mut of_year = instrument.version.iter().filter(|version| version.adopted.year().to_string() == year);
        of_year.next().filter(|_| of_year.next().is_none())
    };
    let version = days.iter().find_map(adopted).or_else(|| days.iter().find_map(same_year));
    let version = version.map(|version| version.version.clone()).or_else(|| days.first().cloned())?;
    Some((instrument.key.clone(), version))
}

/// How people call the law with this code, if they call it otherwise than its title.
pub(super) fn short(code: &str) -> &'static str {
    book().instruments.iter().find(|instrument| instrument.key == code).map_or("", |instrument| &instrument.short)
}

/// Titles are written with and without 中华人民共和国 and the marks of titles within.
fn bare(title: &str) -> String {
    title
        .replace("中华人民共和国", "")
        .chars()
        .filter(|char| !matches!(char, '《' | '》' | '〈' | '〉' | ' '))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f63_a_text_is_named_as_citations_name_it() {
        let days = |days: &[&str]| days.iter().map(|day| (*day).to_owned()).collect::<Vec<_>>();
        let named = |title: &str, of: &[&str]| names(title, &days(of)).unwrap();
        let both = |code: &str, version: &str| (code.to_owned(), version.to_owned());
        assert_eq!(named("中华人民共和国民事诉讼法", &["2023-09-01", "1991-04-09"]), both("CPL", "2023"));
        assert_eq!(named("民事诉讼法", &["2021-12-24"]), both("CPL", "2021"));
        // Published in another year than it was passed: the day of the file is not the day of the book.
        assert_eq!(named("诉讼费用交纳办法", &["2006-12-19", "2006-12-08"]), both("FEE", "2006"));
        assert_eq!(named("民事诉讼法", &["1999-01-01"]), both("CPL", "1999-01-01"), "a version that no rule cites");
        assert_eq!(named("示范桥梁管理办法", &["2019-05-01"]), both("示范桥梁管理办法", "2019-05-01"));
        assert_eq!(names("示范桥梁管理办法", &[]), None);
    }
}
