//! What is asked, and what is answered. Amounts are typed in yuan, days as 2025-03-18; answers are in fen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::interest::days::{Basis, TypedRate, Unit};
use crate::interest::late::Payment;
use crate::money::Fen;
use crate::reason::Reason;

/// A question for the interest of a private loan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LendingQuery {
    /// What the note says was lent, in yuan.
    pub amount: String,
    /// Interest that was deducted from it beforehand.
    #[serde(default)]
    pub deducted: Option<String>,
    /// The day on which the contract was formed.
    pub formed: String,
    /// The day on which the money was given, if it was another one.
    #[serde(default)]
    pub lent: Option<String>,
    /// The day on which it was to be paid back; none if no term was agreed.
    #[serde(default)]
    pub due: Option<String>,
    /// The last day that counts.
    pub until: String,
    /// The day on which the suit was (or would be) filed; without it, the last day that counts.
    #[serde(default)]
    pub filed: Option<String>,
    /// Whether both are natural persons.
    #[serde(default)]
    pub between_persons: bool,
    #[serde(default)]
    pub interest: Agreed,
    /// The rate after the day it was due, if one was agreed.
    #[serde(default)]
    pub overdue: Option<TypedRate>,
    /// Penalties that are claimed beside it, in yuan.
    #[serde(default)]
    pub penalty: Option<String>,
    /// Other charges that are claimed beside it, in yuan.
    #[serde(default)]
    pub charges: Option<String>,
    #[serde(default)]
    pub basis: Basis,
    /// Whether a party asks for the rules of then for the time until 2020-08-19 (PLR 31.2).
    #[serde(default)]
    pub old_rules: bool,
    /// The one-year LPR for the cap, where the table does not reach.
    #[serde(default)]
    pub lpr: Option<String>,
    /// The one-year LPR of the day after it was due, where the table does not reach.
    #[serde(default)]
    pub lpr_overdue: Option<String>,
    #[serde(default)]
    #[schema(max_items = 240)]
    pub repayments: Vec<Payment>,
}

/// What was agreed on interest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = LendingAgreed)]
pub enum Agreed {
    /// Nothing.
    #[default]
    None,
    /// Something, but not clearly.
    Unclear,
    Rate {
        rate: String,
        #[serde(default)]
        unit: Unit,
    },
}

/// What a court upholds; sums in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Lending)]
pub struct LendingResult {
    /// What counts as principal.
    #[schema(value_type = i64)]
    pub principal: Fen,
    /// Interest until the day it was due.
    #[schema(value_type = i64)]
    pub interest: Fen,
    /// Interest after it.
    #[schema(value_type = i64)]
    pub overdue: Fen,
    /// What is upheld of penalties and other charges.
    #[schema(value_type = i64)]
    pub charges: Fen,
    /// What is not, although it was agreed or claimed.
    #[schema(value_type = i64)]
    pub refused: Fen,
    #[schema(value_type = i64)]
    pub principal_left: Fen,
    #[schema(value_type = i64)]
    pub interest_left: Fen,
    /// All that is still owed.
    #[schema(value_type = i64)]
    pub left: Fen,
    /// What came back beyond that.
    #[schema(value_type = i64)]
    pub surplus: Fen,
    pub rows: Vec<LendingRow>,
    pub reason: Reason,
}

/// One span at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LendingRow {
    /// The first day that counts …
    pub from: String,
    /// … and the last.
    pub until: String,
    pub days: i64,
    #[schema(value_type = i64)]
    pub principal: Fen,
    /// What was agreed, of a year.
    pub agreed: String,
    /// The most that is upheld.
    pub cap: String,
    /// What is applied.
    pub rate: String,
    pub overdue: bool,
    #[schema(value_type = i64)]
    pub interest: Fen,
}
