//! Numbers of people: 公民身份号码 (GB 11643—1999), residents from Hong Kong, Macao and Taiwan, foreign permanent residents.

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::book::book;
use crate::citation::Citation;
use crate::civil;
use crate::identifiers::{form, plain, wrong};
use crate::wrong::Wrong;

/// What a number says about itself. Not the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IdNumber {
    /// `resident`, `hmt_resident` or `foreign_permanent_resident`.
    pub form: String,
    pub name: String,
    /// The province of the first registration; for those from Hong Kong, Macao and Taiwan, which of them.
    pub region: Option<String>,
    #[serde(with = "civil::serde_iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    pub born: Option<Date>,
    /// `male` or `female`.
    pub sex: Option<&'static str>,
    pub citations: Vec<Citation>,
}

/// Whether it can be such a number. `on` is the day on which it is asked: nobody is born after it.
pub fn check(typed: &str, on: Date) -> Result<IdNumber, Wrong> {
    let number = plain(typed).to_uppercase();
    match number.chars().count() {
        0 => Err(Wrong::Missing { what: "身份证件号码" }),
        18 => eighteen(&number, on),
        15 if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(wrong("id_number.old", "15位的身份号码自2013年1月1日起停止使用，请填写18位的公民身份号码。"))
        }
        15 if number.bytes().take(3).all(|byte| byte.is_ascii_uppercase())
            && number.bytes().skip(3).all(|byte| byte.is_ascii_digit()) =>
        {
            Ok(said("foreign_permanent_resident", None, None, None))
        }
        length => {
            Err(wrong("id_number.length", format!("身份号码应为18位，现在是{length}位，请检查是否多填或者漏填。")))
        }
    }
}

fn eighteen(number: &str, on: Date) -> Result<IdNumber, Wrong> {
    let bytes = number.as_bytes();
    let body_ok = bytes.len() == 18 && bytes[..17].iter().all(u8::is_ascii_digit);
    if !body_ok || !(bytes[17].is_ascii_digit() || bytes[17] == b'X') {
        return Err(wrong("id_number.characters", "身份号码的前17位应为数字，最后一位为数字或者X。"));
    }
    let (id, region) = match &number[..2] {
        _ if bytes[0] == b'9' => ("foreign_permanent_resident", province(&number[1..3])),
        "81" | "82" | "83" if &number[2..6] == "0000" => (
            "hmt_resident",
            Some(if bytes[1] == b'1' {
                "香港"
            } else if bytes[1] == b'2' {
                "澳门"
            } else {
                "台湾"
            }),
        ),
        division => ("resident", province(division)),
    };
    if region.is_none() && id != "foreign_permanent_resident" {
        return Err(wrong("id_number.region", "身份号码的前两位不是省级地址码，请对照证件检查前六位。"));
    }
    let born = civil::parse(&format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]));
    let born = born.filter(|born| born.year() >= 1850 && *born <= on).ok_or_else(|| {
        wrong("id_number.birth", "身份号码第7至14位应为出生的年月日，这里不是有效的日期，或者晚于今天。")
    })?;
    if check_character(&bytes[..17]) != bytes[17] {
        return Err(wrong(
            "id_number.check",
            "身份号码的校验码不符，请对照证件逐位检查，注意是否有数字填错或者相邻两位颠倒。",
        ));
    }
    let sex = if (bytes[16] - b'0') % 2 == 1 { "male" } else { "female" };
    Ok(said(id, region, Some(born), Some(sex)))
}

/// ISO 7064 MOD 11-2 over the first seventeen digits: '0' to '9' or 'X'.
fn check_character(body: &[u8]) -> u8 {
    let rest = body.iter().fold(0_u32, |rest, byte| (rest + u32::from(byte.wrapping_sub(b'0'))) * 2 % 11);
    match (12 - rest) % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    }
}

fn province(division: &str) -> Option<&'static str> {
    book().regions.iter().find(|region| region.division.as_deref() == Some(division)).map(|region| region.name.as_str())
}

fn said(id: &'static str, region: Option<&str>, born: Option<Date>, sex: Option<&'static str>) -> IdNumber {
    let form = form(id);
    IdNumber {
        form: id.to_owned(),
        name: form.map(|form| form.name.clone()).unwrap_or_default(),
        region: region.map(str::to_owned),
        born,
        sex,
        citations: form.map(|form| Citation::find_all(book(), &form.cite)).unwrap_or_default(),
    }
}
