//! The report: the index and how it is made, what to look out for, what to do, which ways there are, what they cost and how long they take.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::book;
use crate::book::fees::Asked;
use crate::book::risk::{Aspect, Kind, MOST, Question, Questionnaire, holds};
use crate::citation::Citation;
use crate::fees::{FeeQuery, FeeResult, Halving, Local, fee};
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::ask::{Answers, find, walked};

/// A report; sums in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RiskReport)]
pub struct Report {
    pub kind: &'static str,
    pub label: &'static str,
    /// 风险指数: 0 to 100.
    pub index: u32,
    pub level: Level,
    /// The level in one sentence.
    pub level_text: &'static str,
    /// What alone keeps the index from being lower, each in one sentence.
    pub decisive: Vec<String>,
    /// What the index is made of, answer by answer.
    pub parts: Vec<Part>,
    /// The same by aspect.
    pub aspects: Aspects,
    /// 风险提示.
    pub litigation: Vec<RiskHint>,
    pub emotion: Vec<RiskHint>,
    pub credit: Vec<RiskHint>,
    /// 行动建议.
    pub actions: Vec<RiskHint>,
    /// 解决途径.
    pub ways: Vec<RiskHint>,
    /// 财产保全, where it comes into question.
    pub preservation: Option<Preservation>,
    /// 时间成本.
    pub time: Vec<RiskHint>,
    /// What the suit costs; none if an amount is needed and was not given.
    pub fee: Option<FeeResult>,
    /// The same where half is due (summary procedure, mediation, withdrawal).
    pub fee_halved: Option<String>,
    /// What was answered: amount in dispute, if one was given.
    #[schema(value_type = Option<i64>)]
    pub amount: Option<Fen>,
    pub reason: Reason,
    /// What such a report is not.
    pub disclaimer: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RiskLevel)]
pub enum Level {
    Low,
    Middle,
    High,
}

/// One answer and its part of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RiskPart)]
pub struct Part {
    pub question: &'static str,
    pub answer: String,
    pub weight: u32,
}

/// The index by aspect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RiskAspects)]
pub struct Aspects {
    pub litigation: u32,
    pub emotion: u32,
    pub credit: u32,
}

/// Something that is said, with the articles that say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskHint {
    pub code: &'static str,
    pub text: &'static str,
    #[schema(value_type = Vec<Citation>)]
    pub citations: &'static [Citation],
}

/// Preservation of property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RiskPreservation)]
pub struct Preservation {
    pub hints: Vec<RiskHint>,
    /// What the application costs; none without an amount.
    pub fee: Option<FeeResult>,
    /// The most security that is asked for in a pending suit: 30% of the amount.
    #[schema(value_type = Option<i64>)]
    pub security: Option<Fen>,
}

const DISCLAIMER: &str = "本报告由系统根据您的回答自动生成，仅供了解诉讼风险，不是法律意见，也不代表人民法院的判断；案件结果以依法作出的裁判为准。";

/// Makes the report. `on` is the day by whose rules the fees are computed.
pub fn assess(kind: &str, answers: &Answers, on: &str, local: &Local) -> Result<Report, Wrong> {
    let questionnaire = find(kind)?;
    let asked = walked(questionnaire, answers)?;
    if let Some(question) = asked.iter().find(|question| !answers.contains_key(&question.id)) {
        return Err(Wrong::AnswerMissing { question: question.text.clone() });
    }
    let taken: Answers = asked
        .iter()
        .filter_map(|question| answers.get(&question.id).map(|given| (question.id.clone(), given.clone())))
        .collect();
    let mut reason = Reason::default();
    let (parts, aspects) = weighed(&asked, &taken, &mut reason);
    let sum = (aspects.litigation + aspects.emotion + aspects.credit).min(MOST);
    let decisive = questionnaire.least.iter().filter(|one| holds(&one.when, &taken));
    let decisive: Vec<_> = decisive.filter(|one| one.index > sum).collect();
    let index = decisive.iter().map(|one| one.index).max().unwrap_or(sum);
    let decisive: Vec<String> =
        decisive.iter().map(|one| format!("{}：指数不低于{}分。", one.why, one.index)).collect();
    for one in &decisive {
        reason.step(StepKind::Rule, one.clone());
    }
    let (level, level_text) = match index {
        0..30 => (Level::Low, "风险较低：把证据和请求准备好，可以按建议推进。"),
        30..60 => (Level::Middle, "风险中等：请先处理下列提示，再决定是否起诉。"),
        _ => (Level::High, "风险较高：建议先咨询专业人士，并优先考虑协商或者调解。"),
    };
    reason.step(
        StepKind::Result,
        format!("各项合计{sum}分，指数为{index}分（满分{MOST}分）：30分以下为低，30至59分为中，60分及以上为高。"),
    );
    let hints = |aspect| hints(questionnaire, &taken, aspect);
    let amount = amount(&asked, &taken)?;
    let (fee, fee_halved) = costs(questionnaire, &taken, amount, on, local)?;
    let preservation = preservation(hints(Aspect::Preservation), amount, on, local)?;
    Ok(Report {
        kind: &questionnaire.code,
        label: &questionnaire.label,
        index,
        level,
        level_text,
        decisive,
        parts,
        aspects,
        litigation: hints(Aspect::Litigation),
        emotion: hints(Aspect::Emotion),
        credit: hints(Aspect::Credit),
        actions: hints(Aspect::Action),
        ways: hints(Aspect::Way),
        preservation,
        time: hints(Aspect::Time),
        fee,
        fee_halved,
        amount,
        reason,
        disclaimer: DISCLAIMER,
    })
}

/// The index, answer by answer.
fn weighed(asked: &[&'static Question], taken: &Answers, reason: &mut Reason) -> (Vec<Part>, Aspects) {
    reason.step(StepKind::Rule, "风险指数从0分起，逐项加上各回答的分值；每项分值由评估问卷事先确定。");
    let mut aspects = Aspects::default();
    let mut parts = Vec::new();
    for question in asked.iter().filter(|question| question.kind != Kind::Amount) {
        let given = taken.get(&question.id).map_or(&[] as &[String], Vec::as_slice);
        let chosen: Vec<_> = question.answer.iter().filter(|answer| given.contains(&answer.id)).collect();
        let weight = chosen.iter().map(|answer| answer.weight).sum();
        *match question.aspect {
            Aspect::Emotion => &mut aspects.emotion,
            Aspect::Credit => &mut aspects.credit,
            _ => &mut aspects.litigation,
        } += weight;
        let answer = match chosen.as_slice() {
            [] => "以上都没有".to_owned(),
            chosen => chosen.iter().map(|answer| answer.text.as_str()).collect::<Vec<_>>().join("；"),
        };
        if weight > 0 {
            reason.step(StepKind::Arithmetic, format!("“{}”回答“{answer}”：＋{weight}分。", question.text));
        }
        parts.push(Part { question: &question.text, answer, weight });
    }
    (parts, aspects)
}

/// What is said of an aspect.
fn hints(questionnaire: &'static Questionnaire, taken: &Answers, aspect: Aspect) -> Vec<RiskHint> {
    let citations = citations(questionnaire);
    questionnaire
        .notes
        .iter()
        .zip(citations)
        .filter(|(note, _)| note.aspect == aspect && holds(&note.when, taken))
        .map(|(note, citations)| RiskHint { code: &note.code, text: &note.text, citations })
        .collect()
}

/// The citations of each note of a questionnaire, in their order.
fn citations(questionnaire: &'static Questionnaire) -> &'static [Vec<Citation>] {
    static CITATIONS: LazyLock<Vec<Vec<Vec<Citation>>>> = LazyLock::new(|| {
        let of = |one: &Questionnaire| one.notes.iter().map(|note| Citation::find_all(book(), &note.cite)).collect();
        book().risk.iter().map(of).collect()
    });
    let at = book().risk.iter().position(|one| std::ptr::eq(one, questionnaire));
    at.and_then(|at| CITATIONS.get(at)).map_or(&[], Vec::as_slice)
}

/// The amount in dispute, if one was given.
fn amount(asked: &[&'static Question], taken: &Answers) -> Result<Option<Fen>, Wrong> {
    for question in asked.iter().filter(|question| question.kind == Kind::Amount) {
        if let Some([typed]) = taken.get(&question.id).map(Vec::as_slice) {
            return typed::amount(typed).map(Some);
        }
    }
    Ok(None)
}

/// The fee of the suit, and half of it.
fn costs(
    questionnaire: &'static Questionnaire,
    taken: &Answers,
    amount: Option<Fen>,
    on: &str,
    local: &Local,
) -> Result<(Option<FeeResult>, Option<String>), Wrong> {
    let Some(rule) = questionnaire.fees.iter().find(|rule| holds(&rule.when, taken)) else { return Ok((None, None)) };
    let row = law().fees.iter().find(|fee| fee.row.code == rule.code).map(|fee| fee.row);
    let asks = row.map_or(Asked::None, |row| row.amount);
    let query = FeeQuery {
        code: rule.code.clone(),
        on: on.to_owned(),
        amount: amount.filter(|_| asks != Asked::None).map(plain),
        ..FeeQuery::default()
    };
    if asks == Asked::Required && query.amount.is_none() {
        return Ok((None, None));
    }
    let whole = fee(&query, local)?;
    let half = fee(&FeeQuery { halving: vec![Halving::Summary], ..query }, local).ok().map(|half| half.text);
    Ok((Some(whole), half))
}

fn preservation(
    hints: Vec<RiskHint>,
    amount: Option<Fen>,
    on: &str,
    local: &Local,
) -> Result<Option<Preservation>, Wrong> {
    if hints.is_empty() {
        return Ok(None);
    }
    let query = |amount| FeeQuery {
        code: "preservation".to_owned(),
        on: on.to_owned(),
        amount: Some(plain(amount)),
        ..FeeQuery::default()
    };
    let cost = amount.map(|amount| fee(&query(amount), local)).transpose()?;
    let security = amount.map(|amount| Exact::from(amount).times(Rate::new(3, 10)).rounded());
    Ok(Some(Preservation { hints, fee: cost, security }))
}

/// An amount as it is typed.
fn plain(amount: Fen) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0 % 100)
}
