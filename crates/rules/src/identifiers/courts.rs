//! Courts by their code (法院代字): 浙 the high court, 浙01 an intermediate court, 浙0106 a basic one.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::book;
use crate::book::identifiers::Region;
use crate::identifiers::plain;
use crate::wrong::Wrong;

/// Which court a code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Court {
    pub code: String,
    /// Its name, where the code is listed; most are not.
    pub name: Option<String>,
    pub region: String,
    /// `supreme`, `high`, `intermediate` or `basic`.
    pub level: &'static str,
    /// 最高、高级、中级 or 基层, with what the number means where it is a special one: 海事法院.
    pub level_name: String,
}

/// Reads a code.
pub fn read(typed: &str) -> Result<Court, Wrong> {
    let code = plain(typed);
    let (court, rest) = split(&code)?;
    if rest.is_empty() { Ok(court) } else { Err(unknown(&code)) }
}

/// The court that a text begins with, and what follows.
pub(super) fn split(text: &str) -> Result<(Court, &str), Wrong> {
    let region = book().regions.iter().find(|region| text.starts_with(&region.code)).ok_or_else(|| unknown(text))?;
    let rest = &text[region.code.len()..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at(digits);
    if !matches!(digits, 0 | 2 | 4) || (digits > 0 && region.code == "最高法") {
        return Err(super::wrong(
            "court.code_invalid",
            "法院代字由简称和数字组成：高级人民法院没有数字，中级人民法院两位，基层人民法院四位，例如“浙”“浙01”“浙0106”。",
        ));
    }
    Ok((court(region, number), rest))
}

/// All courts whose codes are known, for a list to choose from.
pub fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    let high = book().regions.iter().map(|region| (region.code.as_str(), region.court.as_str()));
    high.chain(book().courts.iter().map(|court| (court.code.as_str(), court.name.as_str())))
}

fn court(region: &'static Region, number: &str) -> Court {
    static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| known().collect());
    let code = format!("{}{number}", region.code);
    let (level, level_name) = match number.len() {
        0 if region.code == "最高法" => ("supreme", "最高人民法院"),
        0 => ("high", "高级人民法院"),
        2 => ("intermediate", "中级人民法院"),
        _ => ("basic", "基层人民法院"),
    };
    let class = (number.len() == 2).then(|| number.parse::<u8>().ok()).flatten().and_then(|number| {
        book()
            .court_classes
            .iter()
            .find(|class| class.first <= number && number <= class.last)
            .map(|class| class.name.as_str())
    });
    Court {
        name: NAMES.get(code.as_str()).map(|name| (*name).to_owned()),
        code,
        region: region.name.clone(),
        level,
        level_name: class.unwrap_or(level_name).to_owned(),
    }
}

fn unknown(text: &str) -> Wrong {
    let shown: String = text.chars().take(3).collect();
    super::wrong(
        "court.code_unknown",
        format!("“{shown}”不是法院代字的开头。法院代字以省级简称开头，例如“浙0106”，最高人民法院为“最高法”。"),
    )
}
