//! What an answer fills in: the fields of a matter, and whether the values fit them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::format_description;
use utoipa::ToSchema;

use crate::Refusal;

/// How many fields a matter may have.
const FIELDS_LIMIT: usize = 20;
/// The longest label or choice, in characters.
const LABEL_LIMIT: usize = 50;
/// How many choices a field may offer.
const CHOICES_LIMIT: usize = 20;
/// The longest value, in characters.
const VALUE_LIMIT: usize = 1_000;
/// The most digits of a number, sign and point included.
const NUMBER_LIMIT: usize = 30;

/// One thing that the answer has to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatterField)]
pub struct Field {
    /// What is asked for; no two fields of a matter have the same.
    #[schema(min_length = 1, max_length = 50)]
    pub label: String,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// For a choice: what can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub choices: Vec<String>,
    #[serde(default)]
    pub required: bool,
}

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MatterFieldKind)]
pub enum FieldKind {
    Text,
    Number,
    Date,
    Choice,
}

impl FieldKind {
    /// What a person should write, for the refusal.
    pub(crate) fn asks(self) -> &'static str {
        match self {
            FieldKind::Text => "请填写文字，不超过 1000 个字",
            FieldKind::Number => "请填写数字，例如 86400.50",
            FieldKind::Date => "请填写日期，例如 2026-11-23",
            FieldKind::Choice => "请从给出的选项中选择",
        }
    }
}

/// A field that was filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatterValue)]
pub struct Filled {
    pub label: String,
    pub value: String,
}

/// Whether these fields can be filled in.
pub(crate) fn check_fields(fields: &[Field]) -> Result<(), Refusal> {
    let wrong = |why: &'static str| Err(Refusal::FieldsWrong { why });
    if fields.len() > FIELDS_LIMIT {
        return wrong("表单项最多 20 项");
    }
    let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= LABEL_LIMIT;
    let mut labels = BTreeSet::new();
    for field in fields {
        if !fits(&field.label) {
            return wrong("每个表单项都要有名称，不超过 50 个字");
        }
        if !labels.insert(field.label.as_str()) {
            return wrong("表单项的名称不能相同");
        }
        let unique: BTreeSet<_> = field.choices.iter().collect();
        match field.kind {
            FieldKind::Choice if field.choices.len() < 2 || field.choices.len() > CHOICES_LIMIT => {
                return wrong("选择项要有 2 至 20 个选项");
            }
            FieldKind::Choice if unique.len() < field.choices.len() => return wrong("选项不能相同"),
            FieldKind::Choice if !field.choices.iter().all(|choice| fits(choice)) => {
                return wrong("每个选项都要有文字，不超过 50 个字");
            }
            FieldKind::Choice => {}
            _ if !field.choices.is_empty() => return wrong("只有选择项可以有选项"),
            _ => {}
        }
    }
    Ok(())
}

/// The values in the order of the fields, each as its field wants it.
pub(crate) fn values(fields: &[Field], mut given: BTreeMap<String, String>) -> Result<Vec<Filled>, Refusal> {
    let mut values = Vec::new();
    for field in fields {
        let value = given.remove(&field.label).map(|value| value.trim().to_owned()).unwrap_or_default();
        match value.as_str() {
            "" if field.required => return Err(Refusal::FieldMissing { label: field.label.clone() }),
            "" => {}
            value if fits(field, value) => {
                values.push(Filled { label: field.label.clone(), value: value.to_owned() });
            }
            _ => return Err(Refusal::FieldWrong { label: field.label.clone(), asks: field.kind.asks() }),
        }
    }
    match given.into_keys().next() {
        Some(_) => Err(Refusal::FieldUnknown),
        None => Ok(values),
    }
}

fn fits(field: &Field, value: &str) -> bool {
    match field.kind {
        FieldKind::Text => value.chars().count() <= VALUE_LIMIT,
        FieldKind::Number => is_number(value),
        FieldKind::Date => Date::parse(value, format_description!("[year]-[month]-[day]")).is_ok(),
        FieldKind::Choice => field.choices.iter().any(|choice| choice == value),
    }
}

/// Digits, with a sign before and a point within: what a court adds up, not what a programming language takes for a number.
fn is_number(value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = unsigned.split_once('.').map_or((unsigned, None), |(whole, part)| (whole, Some(part)));
    value.len() <= NUMBER_LIMIT && digits(whole) && part.is_none_or(digits)
}
