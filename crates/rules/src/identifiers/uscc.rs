//! 统一社会信用代码 (GB 32100—2015). It warns and never refuses: old registrations carry codes that do not fit the rule, and their holders are parties all the same.

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::book;
use crate::citation::Citation;
use crate::identifiers::{form, plain};

/// The characters of the code, in the order of their values: no I, O, S, V, Z.
const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weights of GB 11714 for the eight characters of a subject's own code.
const OWN_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// What there is to say about a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Uscc {
    /// As it is kept: half-width capitals, no spaces.
    pub code: String,
    pub warnings: Vec<Warning>,
    /// 机关、企业 and so on: who registered it.
    pub registrar: Option<&'static str>,
    pub citations: Vec<Citation>,
}

/// Something that a person should look at again. It stops nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    pub code: &'static str,
    pub text: String,
}

/// Looks at a code.
pub fn check(typed: &str) -> Uscc {
    let code: String = plain(typed).to_uppercase().chars().filter(|char| *char != '-').take(64).collect();
    let mut warnings = Vec::new();
    let mut warn = |code, text: &str| warnings.push(Warning { code, text: text.to_owned() });
    let values: Vec<Option<u32>> = code.chars().map(value).collect();
    if values.len() != 18 {
        warn("uscc.length", &format!("统一社会信用代码应为18位，现在是{}位，请对照证照检查。", values.len()));
    } else if values.iter().any(Option::is_none) {
        warn(
            "uscc.characters",
            "统一社会信用代码只用数字和大写字母，不用I、O、S、V、Z，请检查是否把1、0、5、2看成了字母。",
        );
    } else {
        let values: Vec<u32> = values.into_iter().flatten().collect();
        if check_value(&values[..17]) != values[17] {
            warn("uscc.check", "统一社会信用代码的校验码不符，请对照证照逐位检查；确认无误的，可以继续。");
        }
        if own_check(&values[8..16]) != code.chars().nth(16) {
            warn(
                "uscc.subject",
                "第9至17位的主体标识码（组织机构代码）校验不符，请对照证照检查；确认无误的，可以继续。",
            );
        }
        if registrar(&code).is_none() {
            warn("uscc.registrar", "第一位不是现有的登记管理部门代码，请对照证照检查。");
        }
        if !code.chars().skip(2).take(6).all(|char| char.is_ascii_digit()) {
            warn("uscc.division", "第3至8位应为六位数字的行政区划码，请对照证照检查。");
        }
    }
    let citations = form("uscc").map(|form| Citation::find_all(book(), &form.cite)).unwrap_or_default();
    Uscc { registrar: registrar(&code), code, warnings, citations }
}

fn value(char: char) -> Option<u32> {
    CHARACTERS.chars().position(|known| known == char).and_then(|at| u32::try_from(at).ok())
}

/// 31 less the sum of value × 3^position, modulo 31.
fn check_value(values: &[u32]) -> u32 {
    let (sum, _) = values.iter().fold((0, 1), |(sum, weight), value| ((sum + value * weight) % 31, weight * 3 % 31));
    (31 - sum) % 31
}

/// The check character of the subject's own code: values of letters go on after 9 without gaps (GB 11714), so they are read from the letter itself.
fn own_check(values: &[u32]) -> Option<char> {
    let sum: u32 = values.iter().zip(OWN_WEIGHTS).map(|(value, weight)| own_value(*value) * weight).sum();
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

fn own_value(value: u32) -> u32 {
    let letter = usize::try_from(value).ok().and_then(|at| CHARACTERS.as_bytes().get(at)).copied().unwrap_or(b'0');
    if letter.is_ascii_digit() { u32::from(letter - b'0') } else { u32::from(letter - b'A') + 10 }
}

fn registrar(code: &str) -> Option<&'static str> {
    Some(match code.chars().next()? {
        '1' => "机构编制",
        '2' => "外交",
        '3' => "司法行政",
        '4' => "文化",
        '5' => "民政",
        '6' => "旅游",
        '7' => "宗教",
        '8' => "工会",
        '9' => "市场监督管理",
        'A' => "中央军委改革和编制办公室",
        'N' => "农业农村",
        'Y' => "其他",
        _ => return None,
    })
}
