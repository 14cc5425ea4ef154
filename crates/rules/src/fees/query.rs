//! What is asked of the fee table. Amounts are typed in yuan, days as 2025-03-18; what is wrong with them is answered with a sentence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question for the fee of one complaint or application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeQuery {
    /// What it is: `property`, `divorce`, `enforcement` … (`GET` the list).
    pub code: String,
    /// The day on which the court accepts it, such as 2025-03-18: the rules of that day are applied.
    pub on: String,
    /// The amount in dispute, in yuan (or in the currency given): `12,000.50`.
    #[serde(default)]
    pub amount: Option<String>,
    /// Further claims in the same complaint.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub claims: Vec<Claim>,
    /// If the amounts are in a foreign currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    #[serde(default)]
    pub instance: Instance,
    /// Grounds for paying half. Several are one half all the same.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub halving: Vec<Halving>,
    #[serde(default)]
    pub relief: Option<Relief>,
    /// Whether wages are claimed: then nothing need be paid beforehand.
    #[serde(default)]
    pub wages: bool,
    /// Whether representatives sue for members whose number is not fixed (民事诉讼法 57): then nothing is paid beforehand.
    #[serde(default)]
    pub collective: bool,
}

/// One more claim in the same complaint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeClaim)]
pub struct Claim {
    pub code: String,
    #[serde(default)]
    pub amount: Option<String>,
}

/// A foreign currency, and what one unit of it is in yuan on the day that counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeCurrency)]
pub struct Currency {
    /// Its name, such as `美元`.
    pub name: String,
    /// Yuan for one unit, such as `7.1234`.
    pub rate: String,
}

/// Where the case is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeeInstance)]
pub enum Instance {
    #[default]
    First,
    /// The amount is what is contested of the first judgment.
    Appeal,
    /// A retrial that costs something: new evidence, or no appeal before (FEE 9); the amount is what is contested.
    Retrial,
}

/// Why half is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeeHalving)]
pub enum Halving {
    Mediation,
    Withdrawal,
    Summary,
    Counterclaim,
    ThirdParty,
}

impl Halving {
    pub(super) const fn rule(self) -> &'static str {
        match self {
            Self::Mediation => "halve_mediation",
            Self::Withdrawal => "halve_withdrawal",
            Self::Summary => "halve_summary",
            Self::Counterclaim => "halve_counterclaim",
            Self::ThirdParty => "halve_third_party",
        }
    }
}

/// Relief (司法救助) that the court has granted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = FeeRelief)]
pub enum Relief {
    /// Nothing is due; for natural persons only.
    Exempt { natural_person: bool },
    /// So many percent less: 30 at least.
    Reduce { percent: i64 },
    /// The same amount, later.
    Defer,
}
