//! What can be wrong with what is asked: a stable code for programs, a sentence for people that says what is wrong and what is allowed.

use time::Date;

use crate::civil;
use crate::money::{Fen, MOST};

/// Why there is no result. Nothing here repeats more of the input than is needed to see the mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {sentence}", code = self.code(), sentence = self.sentence())]
pub enum Wrong {
    /// A name of a rule, an event or a variant that no data file has.
    RuleUnknown { name: String },
    /// The rule is there, but not on that day.
    RuleNotInForce { name: String, day: Date, from: Date },
    /// No date such as 2025-03-18.
    DateInvalid { typed: String },
    /// A span that ends before it begins.
    DatesBackwards { from: Date, until: Date },
    /// An amount that is none.
    AmountInvalid { typed: String },
    /// An amount beyond what is taken.
    AmountTooLarge,
    /// A number outside of what the rule allows.
    OutOfRange { what: &'static str, least: i64, most: i64 },
    /// An amount outside of what the rule allows.
    AmountOutOfRange { what: &'static str, least: Fen, most: Fen },
    /// Something that the rule needs was not given.
    Missing { what: &'static str },
    /// A day so far off that no calendar here knows it.
    DateOutOfRange { first: Date, last: Date },
    /// The end falls into a year before the first table of holidays.
    HolidaysUnknown { first: Date },
    /// A period counted in hours was given no time of day, or a time that is none.
    TimeInvalid { typed: String },
    /// The rule has no such variant; these it has.
    VariantUnknown { typed: String, allowed: String },
    /// A length that is none.
    LengthInvalid { typed: String },
    /// The law fixes the length.
    LengthFixed { name: String, length: String },
    /// The court may give at least that much.
    LengthTooShort { name: String, least: String },
    /// The court may give at most that much.
    LengthTooLong { name: String, most: String },
    /// A length in another unit than the rule's.
    LengthUnit { name: String, unit: &'static str },
    /// What is said not to count does count in this period.
    PauseForbidden { typed: String, allowed: String },
    /// Too many of them.
    TooMany { what: &'static str, most: usize },
    /// An invariable period is neither suspended nor extended.
    Invariable { name: String },
    /// This period is not extended.
    ExtensionForbidden { name: String },
    /// It is extended by so much at most.
    ExtensionTooLong { name: String, most: String },
    /// An identifier of another form, or with another check digit; its module words the sentence.
    Identifier { code: &'static str, sentence: String },
    /// A rate that is none.
    RateInvalid { typed: String },
    /// A rate of exchange that is none.
    ExchangeInvalid { typed: String },
    /// Something that does not go with what it is asked for.
    NotApplicable { what: &'static str, to: &'static str, allowed: &'static str },
    /// A day before the first one for which the rule is known here.
    TooEarly { what: &'static str, first: Date },
    /// The table of the loan prime rate does not reach that day.
    LprUnknown { day: Date, first: Date, last: Date },
    /// A questionnaire that does not know the question or the answer.
    AnswerUnknown { question: String },
    /// The next question has not been answered yet.
    AnswerMissing { question: String },
}

impl Wrong {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RuleUnknown { .. } => "rule.unknown",
            Self::RuleNotInForce { .. } => "rule.not_in_force",
            Self::DateInvalid { .. } => "date.invalid",
            Self::DatesBackwards { .. } => "date.backwards",
            Self::AmountInvalid { .. } => "amount.invalid",
            Self::AmountTooLarge => "amount.too_large",
            Self::OutOfRange { .. } => "value.out_of_range",
            Self::AmountOutOfRange { .. } => "amount.out_of_range",
            Self::Missing { .. } => "value.missing",
            Self::DateOutOfRange { .. } => "date.out_of_range",
            Self::HolidaysUnknown { .. } => "date.holidays_unknown",
            Self::TimeInvalid { .. } => "time.invalid",
            Self::VariantUnknown { .. } => "rule.variant_unknown",
            Self::LengthInvalid { .. } => "length.invalid",
            Self::LengthFixed { .. } => "length.fixed",
            Self::LengthTooShort { .. } => "length.too_short",
            Self::LengthTooLong { .. } => "length.too_long",
            Self::LengthUnit { .. } => "length.unit",
            Self::PauseForbidden { .. } => "pause.forbidden",
            Self::TooMany { .. } => "value.too_many",
            Self::Invariable { .. } => "period.invariable",
            Self::ExtensionForbidden { .. } => "extension.forbidden",
            Self::ExtensionTooLong { .. } => "extension.too_long",
            Self::Identifier { code, .. } => code,
            Self::RateInvalid { .. } => "rate.invalid",
            Self::ExchangeInvalid { .. } => "exchange.invalid",
            Self::NotApplicable { .. } => "rule.not_applicable",
            Self::TooEarly { .. } => "date.too_early",
            Self::LprUnknown { .. } => "rate.lpr_unknown",
            Self::AnswerUnknown { .. } => "answer.unknown",
            Self::AnswerMissing { .. } => "answer.missing",
        }
    }

    /// What is wrong, and what is allowed.
    pub fn sentence(&self) -> String {
        match self {
            Self::RuleUnknown { name } => format!("没有名为“{}”的规则，请从规则列表中选择。", short(name)),
            Self::RuleNotInForce { name, day, from } => {
                format!(
                    "“{name}”的规定自{}起适用，{}尚不能按此计算，请改选日期。",
                    civil::chinese(*from),
                    civil::chinese(*day)
                )
            }
            Self::DateInvalid { typed } => format!("“{}”不是有效日期，请按“2025-03-18”的格式填写。", short(typed)),
            Self::DatesBackwards { from, until } => {
                format!("结束日期{}早于开始日期{}，请改正其中之一。", civil::chinese(*until), civil::chinese(*from))
            }
            Self::AmountInvalid { typed } => {
                format!("“{}”不是有效金额，请填写以元为单位的数字，最多两位小数，不能为负。", short(typed))
            }
            Self::AmountTooLarge => format!("金额超出可计算的范围，最多{}。", MOST.chinese()),
            Self::OutOfRange { what, least, most } => format!("{what}应在{least}至{most}之间。"),
            Self::AmountOutOfRange { what, least, most } => {
                format!("{what}应在{}至{}之间。", least.chinese(), most.chinese())
            }
            Self::Missing { what } => format!("还需要填写{what}。"),
            Self::DateOutOfRange { first, last } => {
                format!("日期应在{}至{}之间。", civil::chinese(*first), civil::chinese(*last))
            }
            Self::HolidaysUnknown { first } => {
                format!("只收录了{}以后的节假日安排，不能计算在此之前届满的期间。", civil::chinese(*first))
            }
            Self::TimeInvalid { typed } => {
                format!("以小时计算的期间须有起始时刻，“{}”不符合，请按“2025-03-18T09:30”的格式填写。", short(typed))
            }
            Self::VariantUnknown { typed, allowed } => format!("没有“{}”这一情形，可以选择：{allowed}。", short(typed)),
            Self::LengthInvalid { typed } => {
                format!("“{}”不是有效的期间长度，请按“15日”“48小时”“6个月”“2年”“3个工作日”的格式填写。", short(typed))
            }
            Self::LengthFixed { name, length } => format!("“{name}”由法律规定为{length}，不能另行指定。"),
            Self::LengthTooShort { name, least } => format!("“{name}”由人民法院指定，但不得少于{least}。"),
            Self::LengthTooLong { name, most } => format!("“{name}”由人民法院指定，但不得超过{most}。"),
            Self::LengthUnit { name, unit } => format!("“{name}”以{unit}计算，请用同一单位。"),
            Self::PauseForbidden { typed, allowed } if allowed.is_empty() => {
                format!("“{}”不影响这一期间，这一期间没有可以扣除的时间。", short(typed))
            }
            Self::PauseForbidden { typed, allowed } => {
                format!("“{}”不影响这一期间，可以扣除的有：{allowed}。", short(typed))
            }
            Self::TooMany { what, most } => format!("{what}最多填写{most}项。"),
            Self::Invariable { name } => format!("“{name}”是不变期间，不适用中止、中断、延长。"),
            Self::ExtensionForbidden { name } => format!("法律没有规定“{name}”可以延长。"),
            Self::ExtensionTooLong { name, most } => format!("“{name}”最多延长{most}。"),
            Self::Identifier { sentence, .. } => sentence.clone(),
            Self::RateInvalid { typed } => {
                format!(
                    "“{}”不是有效利率，请填写带百分号的数字，如“5.5%”，最多六位小数，折合年利率不超过1000%。",
                    short(typed)
                )
            }
            Self::ExchangeInvalid { typed } => {
                format!("“{}”不是有效汇率，请填写一单位外币折合的人民币数，如“7.1234”，最多九位小数。", short(typed))
            }
            Self::NotApplicable { what, to, allowed } => format!("{what}不适用于“{to}”。{allowed}"),
            Self::TooEarly { what, first } => {
                format!("{what}只能计算{}及以后的部分，此前适用以前的规定，请分段另行计算。", civil::chinese(*first))
            }
            Self::LprUnknown { day, first, last } => format!(
                "没有{}适用的一年期贷款市场报价利率（系统收录{}至{}），请自行填写当时公布的利率。",
                civil::chinese(*day),
                civil::chinese(*first),
                civil::chinese(*last)
            ),
            Self::AnswerUnknown { question } => format!("问题“{}”没有这个选项，请从所列选项中选择。", short(question)),
            Self::AnswerMissing { question } => format!("还需要回答“{}”。", short(question)),
        }
    }
}

/// What was typed, cut to a length that fits into a sentence.
pub(crate) fn short(typed: &str) -> String {
    const MOST: usize = 24;
    if typed.chars().count() <= MOST { typed.to_owned() } else { typed.chars().take(MOST).chain(['…']).collect() }
}
