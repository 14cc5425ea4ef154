//! Why a result is what it is, step by step: what went in, which rule in which article, which days were left out, where the end rolled to, the arithmetic.
//!
//! The app shows the steps under 为什么, in their order; each says one thing in one Chinese sentence, and names its articles. Programs read the kinds.

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::citation::Citation;
use crate::civil;
use crate::money::Fen;

/// What a step of a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// What was given.
    Input,
    /// The rule that is applied, and why this one.
    Rule,
    /// How the days or hours were counted.
    Count,
    /// Days that do not count: suspension, publication, appraisal, travel.
    Excluded,
    /// The last day was no working day, so the end moved.
    RollOver,
    /// One line of arithmetic.
    Arithmetic,
    /// A cap or a floor that changed the result.
    Limit,
    /// What is not certain, or what somebody still has to see to.
    Caution,
    /// What came out.
    Result,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    pub kind: StepKind,
    /// One sentence in Chinese.
    pub text: String,
    /// The articles that say so.
    #[schema(value_type = Vec<Citation>)]
    pub citations: &'static [Citation],
    /// The days that the step is about: the first one …
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "civil::serde_iso::option::serialize")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// … and the last one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "civil::serde_iso::option::serialize")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// The amount that the step came to, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub amount: Option<Fen>,
}

/// All the steps, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Reason(pub Vec<Step>);

impl Reason {
    /// Adds a step; what [`Step`] has beyond kind and sentence is added to what is given back.
    pub fn step(&mut self, kind: StepKind, text: impl Into<String>) -> &mut Step {
        self.0.push(Step { kind, text: text.into(), citations: &[], from: None, until: None, amount: None });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }
}

impl Step {
    pub fn cite(&mut self, citations: &'static [Citation]) -> &mut Self {
        self.citations = citations;
        self
    }

    pub fn days(&mut self, from: Date, until: Date) -> &mut Self {
        (self.from, self.until) = (Some(from), Some(until));
        self
    }

    pub fn amount(&mut self, amount: Fen) -> &mut Self {
        self.amount = Some(amount);
        self
    }
}
