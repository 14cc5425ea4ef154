//! `data/fees.toml`: what each kind of case or application costs, who pays it first, who bears it, and the rules that change it.

use serde::Deserialize;
use time::Date;

use super::cite::Cite;
use super::instruments::Instrument;
use super::typed;
use super::validity::{self, Row};
use crate::civil;
use crate::money::{Fen, Rate};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeesFile {
    pub fee: Vec<Fee>,
    pub payment: Vec<Payment>,
    pub bearing: Vec<Bearing>,
    pub rule: Vec<Named>,
}

/// What kind of fee it is: only 案件受理费 is ever halved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    Acceptance,
    Application,
    /// The fee of a failed objection to jurisdiction.
    Objection,
    Free,
}

/// How a claim joins other claims of the same complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Property,
    NonProperty,
    /// Not property, but with a scale of its own for the money in it: divorce, personality rights.
    OwnScale,
    /// Joins nothing.
    Alone,
}

/// Whether an amount is part of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    Required,
    Optional,
    None,
}

/// A range of amounts; one amount where both ends are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    #[serde(deserialize_with = "typed::yuan")]
    pub low: Fen,
    #[serde(deserialize_with = "typed::yuan")]
    pub high: Fen,
}

/// A rate for the part of an amount above a threshold, up to the next one.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "(String, Rate)")]
pub struct Tier {
    pub above: Fen,
    pub rate: Rate,
}

impl TryFrom<(String, Rate)> for Tier {
    type Error = String;

    fn try_from((above, rate): (String, Rate)) -> Result<Self, String> {
        Ok(Self { above: Fen::parse(&above).ok_or_else(|| format!("{above:?} is no amount in yuan"))?, rate })
    }
}

/// One kind of case or application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    pub code: String,
    pub label: String,
    /// Item and point inside of the article, for people.
    pub place: String,
    pub family: Family,
    pub class: Class,
    pub amount: Asked,
    /// What the amount is of.
    #[serde(default)]
    pub asks: String,
    #[serde(default, deserialize_with = "typed::some_yuan")]
    pub low: Option<Fen>,
    #[serde(default, deserialize_with = "typed::some_yuan")]
    pub high: Option<Fen>,
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// What is due where nothing with an amount is in dispute.
    #[serde(default)]
    pub without: Option<Span>,
    /// The row whose scale is used.
    #[serde(default)]
    pub like: Option<String>,
    /// The part of that scale.
    #[serde(default)]
    pub share: Option<Rate>,
    #[serde(default, deserialize_with = "typed::some_yuan")]
    pub cap: Option<Fen>,
    /// Whether a province fixes a value inside the range.
    #[serde(default)]
    pub local: bool,
    pub pay: String,
    pub bears: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

impl Fee {
    /// What a case costs in any event.
    pub fn base(&self) -> Option<Span> {
        Some(Span { low: self.low?, high: self.high? })
    }

    /// The range that a province may choose from.
    pub fn range(&self) -> Option<Span> {
        self.base().or(self.without).filter(|span| self.local && span.low != span.high)
    }
}

/// Who pays first, and when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub code: String,
    pub who: String,
    pub when: String,
    pub prepaid: bool,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// Who bears it in the end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bearing {
    pub code: String,
    pub text: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// A rule that the arithmetic refers to by its name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub code: String,
    pub text: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

macro_rules! rows {
    ($($row:ident),*) => { $(
        impl Row for $row {
            fn key(&self) -> String {
                self.code.clone()
            }

            fn cite(&self) -> &[Cite] {
                &self.cite
            }

            fn from(&self) -> Date {
                self.from
            }

            fn to(&self) -> Option<Date> {
                self.to
            }
        }
    )* };
}
pub(crate) use rows;
rows!(Fee, Payment, Bearing, Named);

/// Says everything that is wrong with the file.
pub fn check(file: &FeesFile, instruments: &[Instrument], findings: &mut Vec<String>) {
    validity::check("fees.toml", &file.fee, instruments, findings);
    validity::check("fees.toml", &file.payment, instruments, findings);
    validity::check("fees.toml", &file.bearing, instruments, findings);
    validity::check("fees.toml", &file.rule, instruments, findings);
    for fee in &file.fee {
        let mut find = |what: &str| findings.push(format!("fees.toml: {}: {what}", fee.code));
        if !file.payment.iter().any(|row| row.code == fee.pay) {
            find("is paid by a rule that is not there");
        }
        if !file.bearing.iter().any(|row| row.code == fee.bears) {
            find("is borne by a rule that is not there");
        }
        if fee.low.is_some() != fee.high.is_some() || fee.base().is_some_and(|span| span.low > span.high) {
            find("has half a range, or one that is upside down");
        }
        if fee.tiers.windows(2).any(|pair| pair[0].above >= pair[1].above) {
            find("has tiers that do not ascend");
        }
        if (fee.amount == Asked::None) != fee.asks.is_empty() {
            find("asks for an amount without a name, or names one that it does not ask for");
        }
        if fee.amount == Asked::None && !(fee.tiers.is_empty() && fee.like.is_none()) {
            find("has a scale but asks for no amount");
        }
        match (&fee.like, fee.share) {
            (None, None) => {
                if fee.family != Family::Free && fee.base().is_none() {
                    find("says no amount");
                }
            }
            (Some(like), Some(_)) => {
                if !file.fee.iter().any(|row| row.code == *like && row.like.is_none() && row.from <= fee.from) {
                    find("takes the scale of a row that is not there or has none");
                }
            }
            _ => find("names a scale without its share, or a share without its scale"),
        }
    }
}
