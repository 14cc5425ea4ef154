//! What cases, courts, people and organisations are called by: 案号, 法院代字, 公民身份号码, 统一社会信用代码, 案由.
//!
//! Nothing here looks a person up. It says whether a number can be one, which catches a slip of the finger and nothing more. No number of a person is repeated in what
//! is said about it.

pub mod case_number;
pub mod causes;
pub mod courts;
pub mod id_number;
pub mod uscc;

use crate::book::identifiers::Form;
use crate::book::{Row, book};
use crate::citation::Citation;
use crate::civil;
use crate::listed::Listed;
use crate::wrong::Wrong;

/// Half-width, without spaces: how people type numbers on a phone makes no difference.
pub(crate) fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(|char| !char.is_whitespace() && !matches!(char, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(|char| match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
            _ => char,
        })
        .collect()
}

fn wrong(code: &'static str, sentence: impl Into<String>) -> Wrong {
    Wrong::Identifier { code, sentence: sentence.into() }
}

fn form(id: &str) -> Option<&'static Form> {
    book().forms.iter().find(|form| form.id == id)
}

/// Everything about identifiers, for the page that lists the rules.
pub fn listed() -> Vec<Listed> {
    let book = book();
    let line = |id: String, name: String, says: String, row: &dyn Row| Listed {
        subject: "identifier".to_owned(),
        id,
        name,
        says,
        citations: Citation::find_all(book, row.cite()),
        from: civil::iso(row.from()),
        to: row.to().map(civil::iso),
    };
    let forms = book.forms.iter().map(|row| line(row.id.clone(), row.name.clone(), row.says.clone(), row));
    let specials = book
        .case_specials
        .iter()
        .map(|row| line(row.code.clone(), "专门审判代字".to_owned(), format!("{}：{}", row.code, row.name), row));
    let kinds = book
        .case_kinds
        .iter()
        .map(|row| line(row.code.clone(), "案件类型代字".to_owned(), format!("{}：{}", row.code, row.name), row));
    let regions = book
        .regions
        .iter()
        .map(|row| line(row.code.clone(), "法院代字".to_owned(), format!("{}：{}", row.code, row.court), row));
    let classes = book.court_classes.iter().map(|row| {
        line(row.key(), "法院代字".to_owned(), format!("数字代码{}至{}：{}", row.first, row.last, row.name), row)
    });
    let causes = book.causes.iter().map(|row| {
        let count = row.lines().filter(|line| line.level == 3).count();
        line(format!("causes/{}", row.edition), "民事案件案由".to_owned(), format!("三级案由{count}个"), row)
    });
    forms.chain(specials).chain(kinds).chain(regions).chain(classes).chain(causes).collect()
}
