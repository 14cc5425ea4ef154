//! 案号: （2026）浙0106民初123号. 法〔2015〕137号, amended by 法〔2018〕335号 (the character for special jurisdictions).

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::book;
use crate::book::identifiers::Named;
use crate::citation::Citation;
use crate::identifiers::courts::{self, Court};
use crate::identifiers::{plain, wrong};
use crate::wrong::Wrong;

/// The first year with numbers of this form.
const FIRST_YEAR: u16 = 2016;

/// A case number in its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseNumber {
    /// 收案年度.
    pub year: u16,
    /// 法院代字, and which court that is.
    pub court: Court,
    /// 专门审判代字: 知.
    pub special: Option<String>,
    /// 类型代字: 民初.
    pub kind: String,
    /// The kinds of case that have this code: 民事一审案件.
    pub kind_name: String,
    /// Their heading: 民事案件.
    pub group: String,
    /// 案件编号.
    pub serial: u32,
    /// Which document of its kind in this case, from the second one on: 之一 is 1 (法〔2016〕37号).
    pub document: Option<u16>,
}

impl CaseNumber {
    /// Reads a number, however its brackets were typed.
    pub fn parse(typed: &str) -> Result<Self, Wrong> {
        if typed.chars().count() > 60 {
            return Err(form());
        }
        let text = brackets(typed);
        let (year, rest) = text.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(form)?;
        let year = digits(year)
            .filter(|_| year.len() == 4)
            .ok_or_else(|| wrong("case_number.year", "案号以括号中的四位年度开头，例如“（2026）浙0106民初123号”。"))?;
        let year = u16::try_from(year).unwrap_or(0);
        if year < FIRST_YEAR {
            let old = (1949..FIRST_YEAR).contains(&year);
            return Err(if old {
                wrong(
                    "case_number.old_form",
                    format!("{year}年的案号早于2016年的案号规定，没有统一格式，不能拆分，但可以照原样填写。"),
                )
            } else {
                wrong("case_number.year", "案号的年度应为2016年以后的公历年份。")
            });
        }
        let (body, document) = rest
            .split_once('号')
            .ok_or_else(|| wrong("case_number.end", "案号应以“号”结尾，例如“（2026）浙0106民初123号”。"))?;
        let document = match document {
            "" => None,
            suffix => Some(
                suffix
                    .strip_prefix('之')
                    .and_then(ordinal)
                    .ok_or_else(|| wrong("case_number.suffix", "“号”之后只能是“之一”“之二”这样的文书序号。"))?,
            ),
        };
        let (court, rest) = courts::split(body)?;
        let at = rest.find(|char: char| char.is_ascii_digit()).ok_or_else(|| {
            wrong("case_number.serial", "案号缺少案件编号，编号在类型代字之后，例如“民初123号”中的123。")
        })?;
        let (letters, serial) = rest.split_at(at);
        let (special, kind) = kind(letters)?;
        let serial = digits(serial)
            .filter(|number| *number > 0 && serial.len() <= 8 && !serial.starts_with('0'))
            .ok_or_else(|| wrong("case_number.serial", "案件编号是不以0开头的数字，最多八位。"))?;
        Ok(Self {
            year,
            court,
            special: special.map(|special| special.code.clone()),
            kind: kind.code.clone(),
            kind_name: kind.name.clone(),
            group: kind.group.clone(),
            serial,
            document,
        })
    }

    /// Puts a number together from its parts, as a court does when it registers a case.
    pub fn new(year: u16, court: &str, special: Option<&str>, kind: &str, serial: u32) -> Result<Self, Wrong> {
        Self::parse(&format!("({year}){court}{}{kind}{serial}号", special.unwrap_or_default()))
    }

    /// The form in which numbers are kept and compared: half-width brackets.
    pub fn kept(&self) -> String {
        self.to_string().replace('（', "(").replace('）', ")")
    }

    /// Where the form stands.
    pub fn citations() -> Vec<Citation> {
        book()
            .case_specials
            .iter()
            .chain(&book().case_kinds)
            .take(2)
            .flat_map(|row| Citation::find_all(book(), &row.cite))
            .collect()
    }
}

/// As it is printed: full-width brackets.
impl fmt::Display for CaseNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let special = self.special.as_deref().unwrap_or_default();
        write!(out, "（{}）{}{special}{}{}号", self.year, self.court.code, self.kind, self.serial)?;
        match self.document {
            Some(document) => write!(out, "之{}", crate::citation::numeral(document)),
            None => Ok(()),
        }
    }
}

/// A number in the form in which it is kept, taken as leniently as an import must: numbers from before 2016, and of kinds that no table has, are numbers too.
/// None if it is none at all.
pub fn kept(typed: &str) -> Option<String> {
    let number = brackets(typed);
    let (year, rest) = number.strip_prefix('(')?.split_once(')')?;
    let rest = rest.strip_suffix('号')?;
    let fits = year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && (4..=50).contains(&rest.chars().count())
        && rest.chars().all(|char| char.is_alphanumeric() || char == '-')
        && rest.bytes().any(|byte| byte.is_ascii_digit());
    fits.then_some(number)
}

/// All kinds of case with their codes.
pub fn kinds() -> &'static [Named] {
    &book().case_kinds
}

fn brackets(typed: &str) -> String {
    plain(typed)
        .chars()
        .map(|char| match char {
            '〔' | '[' | '【' => '(',
            '〕' | ']' | '】' => ')',
            char => char,
        })
        .collect()
}

fn kind(letters: &str) -> Result<(Option<&'static Named>, &'static Named), Wrong> {
    let find = |code: &str| book().case_kinds.iter().find(|kind| kind.code == code);
    if let Some(kind) = find(letters) {
        return Ok((None, kind));
    }
    for special in &book().case_specials {
        if let Some(kind) = letters.strip_prefix(special.code.as_str()).and_then(find) {
            return Ok((Some(special), kind));
        }
    }
    if letters.is_empty() {
        return Err(wrong("case_number.kind_missing", "案号缺少类型代字，例如“民初”“民终”“执”。"));
    }
    let shown: String = letters.chars().take(8).collect();
    Err(wrong(
        "case_number.kind_unknown",
        format!(
            "“{shown}”不是案件类型代字。常用的有：民初（一审）、民终（二审）、民申（申请再审）、民特（特别程序）、执（执行）、执异（执行异议）。"
        ),
    ))
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        None
    } else {
        text.parse().ok()
    }
}

/// 一 to 九十九.
fn ordinal(text: &str) -> Option<u16> {
    (1..100).find(|number| crate::citation::numeral(*number) == text)
}

fn form() -> Wrong {
    wrong("case_number.form", "案号应写作“（年度）法院代字 类型代字 编号 号”，例如“（2026）浙0106民初123号”。")
}
