//! The questions of a questionnaire, round by round.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::book;
use crate::book::risk::{Kind, Question, Questionnaire, holds};
use crate::typed;
use crate::wrong::Wrong;

/// What was answered: the names of the chosen answers for each question; for an amount, what was typed, or nothing.
pub type Answers = BTreeMap<String, Vec<String>>;

/// A kind of dispute that can be assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskKind {
    pub code: &'static str,
    pub label: &'static str,
    pub intro: &'static str,
}

/// What is asked next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskAsk {
    pub kind: &'static str,
    pub label: &'static str,
    /// The round that is asked, counted from 1 among those that these answers lead through.
    pub round: usize,
    /// How many questions are answered already, of those asked so far.
    pub answered: usize,
    /// The questions of the round; none if all is answered.
    pub questions: Vec<RiskQuestion>,
    /// Whether the report can be made.
    pub done: bool,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskQuestion {
    pub id: &'static str,
    pub kind: RiskQuestionKind,
    pub text: &'static str,
    pub help: &'static str,
    pub answers: Vec<RiskAnswer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskQuestionKind {
    Choice,
    Many,
    Amount,
}

/// An answer that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskAnswer {
    pub id: &'static str,
    pub text: &'static str,
}

/// The kinds of disputes.
pub fn kinds() -> Vec<RiskKind> {
    book().risk.iter().map(|one| RiskKind { code: &one.code, label: &one.label, intro: &one.intro }).collect()
}

/// The next round for these answers. Answers to questions that they do not lead to are left aside.
pub fn ask(kind: &str, answers: &Answers) -> Result<RiskAsk, Wrong> {
    let questionnaire = find(kind)?;
    let asked = walked(questionnaire, answers)?;
    let next = asked.iter().find(|question| !answers.contains_key(&question.id)).map(|question| question.round);
    let mut rounds: Vec<u8> =
        asked.iter().map(|question| question.round).filter(|round| next.is_none_or(|next| *round <= next)).collect();
    rounds.dedup();
    let questions: Vec<RiskQuestion> =
        asked.iter().filter(|question| Some(question.round) == next).map(|question| shown(question)).collect();
    Ok(RiskAsk {
        kind: &questionnaire.code,
        label: &questionnaire.label,
        round: rounds.len(),
        answered: asked.iter().filter(|question| answers.contains_key(&question.id)).count(),
        done: questions.is_empty(),
        questions,
    })
}

pub(super) fn find(kind: &str) -> Result<&'static Questionnaire, Wrong> {
    book().risk.iter().find(|one| one.code == kind).ok_or_else(|| Wrong::RuleUnknown { name: kind.to_owned() })
}

/// The questions that these answers lead to, each answer checked. A question's condition looks at asked questions only, so that what was answered on a way that is
/// no longer taken changes nothing.
pub(super) fn walked(
    questionnaire: &'static Questionnaire,
    answers: &Answers,
) -> Result<Vec<&'static Question>, Wrong> {
    let mut taken = Answers::new();
    let mut asked = Vec::new();
    for question in &questionnaire.questions {
        if !holds(&question.when, &taken) {
            continue;
        }
        if let Some(given) = answers.get(&question.id) {
            check(question, given)?;
            taken.insert(question.id.clone(), given.clone());
        }
        asked.push(question);
    }
    Ok(asked)
}

fn check(question: &'static Question, given: &[String]) -> Result<(), Wrong> {
    let unknown = || Wrong::AnswerUnknown { question: question.text.clone() };
    match (question.kind, given) {
        (Kind::Amount, []) => Ok(()),
        (Kind::Amount, [typed]) => typed::amount(typed).map(|_| ()),
        (Kind::Choice, [one]) if question.answer.iter().any(|answer| answer.id == *one) => Ok(()),
        (Kind::Many, given) => {
            let known = given.iter().all(|one| question.answer.iter().any(|answer| answer.id == *one));
            let once = given.iter().enumerate().all(|(at, one)| !given[at + 1..].contains(one));
            if known && once { Ok(()) } else { Err(unknown()) }
        }
        _ => Err(unknown()),
    }
}

fn shown(question: &'static Question) -> RiskQuestion {
    RiskQuestion {
        id: &question.id,
        kind: match question.kind {
            Kind::Choice => RiskQuestionKind::Choice,
            Kind::Many => RiskQuestionKind::Many,
            Kind::Amount => RiskQuestionKind::Amount,
        },
        text: &question.text,
        help: &question.help,
        answers: question.answer.iter().map(|answer| RiskAnswer { id: &answer.id, text: &answer.text }).collect(),
    }
}
