//! What is asked, and what is answered. Amounts are typed in yuan, days as 2025-03-18; answers are in fen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::interest::days::{Basis, TypedRate};
use crate::money::Fen;
use crate::reason::Reason;

/// A question for interest of late performance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateInterestQuery)]
pub struct LateQuery {
    /// What the judgment fixes, without ordinary interest; one entry for each instalment.
    #[schema(min_items = 1, max_items = 120)]
    pub debts: Vec<LateDebt>,
    /// Ordinary interest that the judgment lets run on.
    #[serde(default)]
    pub ordinary: Option<Ordinary>,
    /// Ordinary interest that the judgment fixes as a sum, in yuan.
    #[serde(default)]
    pub ordinary_fixed: Option<String>,
    #[serde(default)]
    #[schema(max_items = 120)]
    pub payments: Vec<Payment>,
    /// Times in which enforcement was stayed.
    #[serde(default)]
    #[schema(max_items = 120)]
    pub stays: Vec<Stay>,
    /// The last day that counts.
    pub until: String,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub within: Within,
    /// If the judgment fixes a foreign currency.
    #[serde(default)]
    pub currency: Option<LateCurrency>,
}

/// One debt of the judgment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateDebt {
    /// In yuan.
    pub amount: String,
    /// The day on which its period of performance ended; where none was fixed, the day on which the judgment took effect.
    pub due: String,
    /// Whether the judgment's ordinary interest runs on it; not on penalties and costs, for example.
    #[serde(default = "yes")]
    pub bears_ordinary: bool,
}

const fn yes() -> bool {
    true
}

/// Ordinary interest that the judgment lets run until payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateOrdinary)]
pub struct Ordinary {
    pub rate: TypedRate,
    #[serde(default)]
    pub basis: Basis,
    /// The day from which the judgment lets it run; it does not count itself.
    pub from: String,
}

/// Money that came in: paid, transferred, or the day on which a sale took effect.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LatePayment)]
pub struct Payment {
    pub on: String,
    /// In yuan.
    pub amount: String,
}

/// A stay, first and last day included.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateStay)]
pub struct Stay {
    pub from: String,
    pub until: String,
    /// Whether the debtor had asked for it: then the extra interest runs on.
    #[serde(default)]
    pub by_debtor: bool,
}

/// What is paid first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LateOrder)]
pub enum Order {
    /// As the law has it.
    #[default]
    DebtFirst,
    /// As the parties agreed.
    ExtraFirst,
}

/// What is paid first inside of the judgment's money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LateWithin)]
pub enum Within {
    /// As the law has it.
    #[default]
    InterestFirst,
    /// As the parties agreed or the judgment says.
    PrincipalFirst,
}

/// A foreign currency of a judgment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateCurrency {
    /// Its name, such as `美元`.
    pub name: String,
    /// Yuan for one unit at the middle rate of the day on which the extra interest begins, if the creditor asks for yuan. Without it everything is in that currency.
    #[serde(default)]
    pub rate: Option<String>,
}

/// Interest of late performance; sums in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LateInterest)]
pub struct LateResult {
    /// The extra part that has run in all.
    #[schema(value_type = i64)]
    pub extra: Fen,
    #[schema(value_type = i64)]
    pub extra_left: Fen,
    /// Ordinary interest in all.
    #[schema(value_type = i64)]
    pub ordinary: Fen,
    #[schema(value_type = i64)]
    pub ordinary_left: Fen,
    /// What is left of the judgment's other money.
    #[schema(value_type = i64)]
    pub debt_left: Fen,
    /// All that is left.
    #[schema(value_type = i64)]
    pub left: Fen,
    /// What was paid too much.
    #[schema(value_type = i64)]
    pub surplus: Fen,
    /// Span by span; their extra parts add up to `extra`.
    pub rows: Vec<LateRow>,
    pub payments: Vec<Allocation>,
    pub reason: Reason,
}

/// One span on one amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LateRow {
    /// The first day that counts …
    pub from: String,
    /// … and the last.
    pub until: String,
    /// What was overdue.
    #[schema(value_type = i64)]
    pub base: Fen,
    /// Days that count.
    pub days: i64,
    /// Days that do not, because of a stay.
    pub excluded: i64,
    #[schema(value_type = i64)]
    pub extra: Fen,
    #[schema(value_type = i64)]
    pub ordinary: Fen,
}

/// Where a payment went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LateAllocation)]
pub struct Allocation {
    pub on: String,
    #[schema(value_type = i64)]
    pub amount: Fen,
    #[schema(value_type = i64)]
    pub ordinary: Fen,
    #[schema(value_type = i64)]
    pub debt: Fen,
    #[schema(value_type = i64)]
    pub extra: Fen,
    #[schema(value_type = i64)]
    pub surplus: Fen,
}
