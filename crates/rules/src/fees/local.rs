//! The values that a province has fixed inside the ranges (FEE 13.2): configuration of a court, checked against the ranges.

use serde::Deserialize;

use crate::law::{self, law};
use crate::money::Fen;
use crate::typed;
use crate::wrong::Wrong;

/// What a province charges. Without it the ranges are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    values: Vec<(String, Fen, String)>,
}

/// One value, as configuration gives it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalValue {
    /// Which fee: `divorce`, `personality`, `other`, `intellectual_property`, `jurisdiction_objection`.
    pub code: String,
    /// Yuan.
    pub amount: String,
    /// The document that says so, for people.
    pub source: String,
}

impl Local {
    /// Takes the values of a province; refuses one outside of its range, and one where the law leaves no choice.
    pub fn new(values: &[LocalValue]) -> Result<Self, Wrong> {
        let mut taken: Vec<(String, Fen, String)> = Vec::with_capacity(values.len());
        for value in values {
            let fee = law()
                .fees
                .iter()
                .find(|fee| fee.row.code == value.code)
                .ok_or_else(|| Wrong::RuleUnknown { name: value.code.clone() })?
                .row;
            let Some(range) = fee.range() else {
                return Err(Wrong::NotApplicable {
                    what: "省级标准",
                    to: &fee.label,
                    allowed: "只有规定了幅度并授权各省确定的项目可以设置省级标准。",
                });
            };
            let amount = typed::amount(&value.amount)?;
            if amount < range.low || amount > range.high {
                return Err(Wrong::AmountOutOfRange { what: &fee.label, least: range.low, most: range.high });
            }
            taken.retain(|(code, ..)| *code != value.code);
            taken.push((value.code.clone(), amount, value.source.clone()));
        }
        Ok(Self { values: taken })
    }

    pub(super) fn find(&self, code: &str) -> Option<(Fen, &str)> {
        self.values.iter().find(|(of, ..)| of == code).map(|(_, amount, source)| (*amount, source.as_str()))
    }
}

/// The fee of that name on that day.
pub(super) fn item(code: &str, day: time::Date) -> Result<&'static law::Cited<crate::book::fees::Fee>, Wrong> {
    let rows = &law().fees;
    match law::on(rows, code, day) {
        Some(fee) => Ok(fee),
        None => match rows.iter().find(|fee| fee.row.code == code) {
            Some(fee) => Err(Wrong::RuleNotInForce { name: fee.row.label.clone(), day, from: fee.row.from }),
            None => Err(Wrong::RuleUnknown { name: code.to_owned() }),
        },
    }
}
