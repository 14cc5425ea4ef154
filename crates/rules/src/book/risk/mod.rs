//! `data/risk/*.toml`: questionnaires of the risk assessment, and what is said for which answers. `common.toml` has the questions that many disputes share.

mod check;

use std::collections::BTreeMap;

use serde::Deserialize;
use time::Date;

use super::cite::Cite;
use crate::civil;

/// Which answers something depends on: each of these questions, one of these answers.
pub type When = BTreeMap<String, Vec<String>>;

/// The most that all answers of a walk may weigh together: the index ends there.
pub const MOST: u32 = 100;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommonFile {
    question: Vec<Question>,
    note: Vec<Note>,
    #[serde(default)]
    least: Vec<Least>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionnaireFile {
    code: String,
    label: String,
    intro: String,
    #[serde(with = "civil::serde_iso")]
    from: Date,
    /// Which of the common questions are asked.
    common: Vec<String>,
    /// Who claims something: common questions that are for claimants are asked of these only.
    #[serde(default)]
    claimant: When,
    /// Which of the common notes are not said.
    #[serde(default)]
    without: Vec<String>,
    question: Vec<Question>,
    note: Vec<Note>,
    #[serde(default)]
    least: Vec<Least>,
    fee: Vec<FeeRule>,
}

/// A questionnaire with its share of the common questions.
#[derive(Debug)]
pub struct Questionnaire {
    pub code: String,
    pub label: String,
    pub intro: String,
    pub from: Date,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
    pub notes: Vec<Note>,
    /// What alone decides how much there is to see to.
    pub least: Vec<Least>,
    pub fees: Vec<FeeRule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One answer.
    Choice,
    /// Any number of answers, also none.
    Many,
    /// An amount in yuan, or nothing.
    Amount,
}

/// What a question or a note is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    #[default]
    Litigation,
    Emotion,
    Credit,
    Action,
    Way,
    Preservation,
    Time,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    /// Questions of one round are asked together; a condition looks at earlier rounds only.
    pub round: u8,
    pub kind: Kind,
    pub text: String,
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub aspect: Aspect,
    #[serde(default)]
    pub when: When,
    /// Asked of who claims something, not of who defends.
    #[serde(default)]
    pub claimant: bool,
    #[serde(default)]
    pub answer: Vec<Answer>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub id: String,
    pub text: String,
    /// How much it raises the index.
    #[serde(default)]
    pub weight: u32,
}

/// What is said, when.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub code: String,
    pub aspect: Aspect,
    #[serde(default)]
    pub when: When,
    pub text: String,
    #[serde(default)]
    pub cite: Vec<Cite>,
    /// Advice that states no law, and so cites none.
    #[serde(default)]
    pub plain: bool,
}

/// What alone may lose the case, or keep it out of court: then the index is at least so much, however little the rest weighs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Least {
    pub index: u32,
    /// Of who claims something; for common ones.
    #[serde(default)]
    pub claimant: bool,
    pub when: When,
    /// What it is, in words that a report shows.
    pub why: String,
}

/// By which row of `fees.toml` the fee is computed; the first that fits is taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    pub code: String,
    #[serde(default)]
    pub when: When,
}

/// Whether the answers meet a condition.
pub fn holds(when: &When, answers: &BTreeMap<String, Vec<String>>) -> bool {
    when.iter().all(|(question, wanted)| {
        answers.get(question).is_some_and(|given| given.iter().any(|answer| wanted.contains(answer)))
    })
}

impl Questionnaire {
    pub(crate) fn whole(file: QuestionnaireFile, common: &CommonFile, findings: &mut Vec<String>) -> Self {
        let mut questions = file.question;
        for id in &file.common {
            match common.question.iter().find(|question| question.id == *id) {
                Some(question) if question.claimant => {
                    let mut question = question.clone();
                    question.when.extend(file.claimant.clone());
                    questions.push(question);
                }
                Some(question) => questions.push(question.clone()),
                None => findings.push(format!("risk/{}.toml: common.toml has no question {id:?}", file.code)),
            }
        }
        questions.sort_by_key(|question| question.round);
        let mut notes = file.note;
        let asked = |note: &&Note| note.when.keys().all(|id| questions.iter().any(|question| question.id == *id));
        notes.extend(common.note.iter().filter(asked).filter(|note| !file.without.contains(&note.code)).cloned());
        let mut least = file.least;
        let asked = |one: &&Least| one.when.keys().all(|id| questions.iter().any(|question| question.id == *id));
        least.extend(common.least.iter().filter(asked).cloned().map(|mut one| {
            if one.claimant {
                one.when.extend(file.claimant.clone());
            }
            one
        }));
        for code in &file.without {
            if !common.note.iter().any(|note| note.code == *code) {
                findings.push(format!("risk/{}.toml: common.toml has no note {code:?}", file.code));
            }
        }
        Self {
            code: file.code,
            label: file.label,
            intro: file.intro,
            from: file.from,
            questions,
            notes,
            least,
            fees: file.fee,
        }
    }
}
