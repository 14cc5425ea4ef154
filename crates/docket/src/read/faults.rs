//! What is wrong with a row, said to the person who made the file.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// Where something stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[schema(as = FaultPlace)]
pub struct Place {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the sheet or the line of the file, from 1.
    pub row: u64,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    #[serde(flatten)]
    pub place: Place,
    /// The column, as the documentation names it.
    pub column: &'static str,
    /// What is wrong and what to write instead, in Chinese. Numbers of people are masked.
    pub reason: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "工作表“{sheet}”第 {} 行", self.row),
            None => write!(f, "第 {} 行", self.row),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}，{}：{}", self.place, self.column, self.reason)
    }
}

/// How many characters of a wrong value are repeated.
const SHOWN: usize = 24;

/// A value as it may be repeated: short, on one line, and of seven or more digits in a row only the first three and the last two.
pub(super) fn shown(value: &str) -> String {
    let (mut out, mut run) = (String::new(), Vec::new());
    let flush = |run: &mut Vec<char>, out: &mut String| {
        if run.len() < 7 {
            out.extend(run.iter());
        } else {
            out.extend(&run[..3]);
            out.push_str("****");
            out.extend(&run[run.len() - 2..]);
        }
        run.clear();
    };
    for char in value.chars().take(200) {
        // Spaces and dashes do not part a number, and full-width digits are digits.
        if char.is_numeric() || (!run.is_empty() && matches!(char, ' ' | '-' | 'x' | 'X')) {
            run.push(char);
        } else {
            flush(&mut run, &mut out);
            out.push(if char.is_control() { ' ' } else { char });
        }
    }
    flush(&mut run, &mut out);
    if out.chars().count() > SHOWN {
        out = out.chars().take(SHOWN).chain(['…']).collect();
    }
    format!("“{out}”")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn sr52_numbers_of_people_are_repeated_masked() {
        for (value, repeated) in [
            ("13900000001", "“139****01”"),
            ("310113199001011234", "“310****34”"),
            ("31011319900101123X", "“310****3X”"),
            ("139 0000-0001", "“139****01”"),
            ("１３９００００００01", "“１３９****01”"),
            ("2026", "“2026”"),
            ("a\nb", "“a b”"),
        ] {
            assert_eq!(shown(value), repeated);
        }
        assert!(shown(&"字".repeat(99)).chars().count() < 30);
    }
}
