//! Consents (同意记录): what somebody agreed to, on which text, for which stage; refused, and taken back.
//!
//! Online proceedings need the consent of each, for each stage (在线诉讼规则 (2021) 第四条); nothing is inferred from another consent, nothing is
//! ticked beforehand, and who refuses loses nothing by it. The texts are the court's and live in `catalog/consents/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::notice::Notice;
use crate::signature::StepUp;
use crate::{Audience, Capacity, MemberId, Policy, Refusal, Role, Room, refusal};

/// What is consented to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentTo)]
pub enum To {
    /// 电子送达: for the whole case (规则第二十九条).
    ElectronicService,
    /// 在线诉讼: this stage online (规则第四条).
    OnlineProceedings,
    /// 异步审理: this stage without being there at the same time (规则第二十条). It needs all parties.
    Asynchronous,
}

/// How a consent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentMethod)]
pub enum Method {
    /// Chosen by the person, logged in.
    OwnChoice,
    /// Chosen by the person right after they had shown again who they are.
    StepUp,
}

/// Agrees, or says that one does not.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsentGive)]
pub struct Give {
    pub to: To,
    /// The version of the text that was read.
    pub version: String,
    /// Never taken for granted: there is no default.
    pub agreed: bool,
}

/// Somebody agreed or refused: to which text, to the byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsentGiven)]
pub struct Given {
    pub to: To,
    pub title: String,
    pub version: String,
    #[schema(value_type = String)]
    pub sha256: record::Hash,
    /// For which part of the proceedings: 证据交换, 送达 …
    pub stage: String,
    pub agreed: bool,
    pub method: Method,
}

/// Takes a consent back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsentWithdraw)]
pub struct Withdraw {
    pub to: To,
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// A consent was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsentWithdrawn)]
pub struct Withdrawn {
    pub to: To,
    pub title: String,
    pub reason: String,
    /// Whether it holds at once; else the court decides (规则第五条).
    pub at_once: bool,
}

/// Decides whether a stage goes on offline because somebody took their consent back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsentSettle)]
pub struct Settle {
    pub member: MemberId,
    pub to: To,
    pub granted: bool,
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// It was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsentSettled)]
pub struct Settled {
    pub member: MemberId,
    pub to: To,
    pub title: String,
    pub granted: bool,
    pub reason: String,
}

/// Where somebody's consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentState)]
pub enum State {
    Agreed,
    Refused,
    /// Taken back; the court has not decided. It holds until then.
    Withdrawing,
    Withdrawn,
}

/// An answer as the state keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub state: State,
    /// The text that it was given on.
    pub sha256: record::Hash,
    /// The act that it stands in.
    pub seq: u64,
}

/// A text that is consented to.
#[derive(Debug)]
pub struct Text {
    pub to: To,
    pub notice: Notice,
}

impl To {
    /// Everything that there is to consent to, in the order in which it is asked.
    pub const ALL: [To; 3] = [To::ElectronicService, To::OnlineProceedings, To::Asynchronous];

    /// The name in code, on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            To::ElectronicService => "electronic_service",
            To::OnlineProceedings => "online_proceedings",
            To::Asynchronous => "asynchronous",
        }
    }

    /// The thing with this name.
    pub fn from_code(code: &str) -> Option<To> {
        To::ALL.into_iter().find(|to| to.code() == code)
    }

    /// The court's text about it.
    pub fn text(self) -> &'static Notice {
        static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| {
            let read = |to: To| {
                let file = match to {
                    To::ElectronicService => include_str!("../../../catalog/consents/electronic-service.md"),
                    To::OnlineProceedings => include_str!("../../../catalog/consents/online-proceedings.md"),
                    To::Asynchronous => include_str!("../../../catalog/consents/asynchronous.md"),
                };
                Text { to, notice: Notice::parse(file).expect("the shipped texts are tested") }
            };
            To::ALL.into_iter().map(read).collect()
        });
        &TEXTS.iter().find(|text| text.to == self).expect("every thing has its text").notice
    }

    /// Whether it is for the whole case; else for the stage that the room is for.
    pub fn is_of_case(self) -> bool {
        self == To::ElectronicService
    }

    /// Whether taking it back holds at once, or only with the court's decision (规则第五条).
    pub fn ends_at_once(self) -> bool {
        self == To::ElectronicService
    }
}

impl Method {
    /// The name in code, on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Method::OwnChoice => "own_choice",
            Method::StepUp => "step_up",
        }
    }
}

impl State {
    /// The name in code, on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            State::Agreed => "agreed",
            State::Refused => "refused",
            State::Withdrawing => "withdrawing",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state with this name.
    pub fn from_code(code: &str) -> Option<State> {
        [State::Agreed, State::Refused, State::Withdrawing, State::Withdrawn].into_iter().find(|it| it.code() == code)
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            State::Agreed => "已同意",
            State::Refused => "不同意",
            State::Withdrawing => "已申请撤回，待法院决定",
            State::Withdrawn => "已撤回",
        }
    }

    /// Whether the consent holds.
    pub fn holds(self) -> bool {
        matches!(self, State::Agreed | State::Withdrawing)
    }
}

impl Capacity {
    /// Whether it is for somebody in this capacity to consent: the parties, and for them their agents.
    pub fn consents(self) -> bool {
        matches!(self.role(), Role::Party | Role::Agent)
    }
}

pub(crate) fn give(scene: &Scene<'_>, asked: &Give) -> Result<Decided, Refusal> {
    let text = asked.to.text();
    if asked.version != text.version {
        return Err(Refusal::ConsentOutdated);
    }
    let before = scene.room.consent(scene.actor.member, asked.to);
    match (before.map(|before| (before.state, before.sha256 == text.sha256)), asked.agreed) {
        // A consent is taken back with a reason, not answered away.
        (Some((State::Agreed | State::Withdrawing, _)), false) => return Err(Refusal::ConsentStands),
        (Some((State::Agreed | State::Withdrawing, true)), true) | (Some((State::Refused, true)), false) => {
            return Err(Refusal::ConsentAnswered);
        }
        _ => {}
    }
    let stage = if asked.to.is_of_case() { "送达" } else { scene.room.kind.label() };
    let name = scene.actor.said_name();
    let answer = if asked.agreed { "同意" } else { "不同意" };
    let given = Given {
        to: asked.to,
        title: text.title.clone(),
        version: text.version.clone(),
        sha256: text.sha256,
        stage: stage.to_owned(),
        agreed: asked.agreed,
        method: if scene.facts.step_up == Some(StepUp::Sms) { Method::StepUp } else { Method::OwnChoice },
    };
    Ok(Decided {
        audience: Audience::Bench,
        sentence: format!("{name}对《{}》表示{answer}（适用环节：{stage}）", text.title),
        hint: format!("{name}答复了一项告知"),
        body: Body::ConsentGive(given),
    })
}

pub(crate) fn withdraw(scene: &Scene<'_>, asked: &Withdraw) -> Result<Decided, Refusal> {
    let before = scene.room.consent(scene.actor.member, asked.to).map(|answer| answer.state);
    match before {
        Some(State::Agreed) => {}
        Some(State::Withdrawing) => return Err(Refusal::ConsentWithdrawing),
        _ => return Err(Refusal::ConsentNotGiven),
    }
    let reason = refusal::reason(&asked.reason)?;
    let (title, at_once) = (asked.to.text().title.clone(), asked.to.ends_at_once());
    let name = scene.actor.said_name();
    let what = if at_once { "撤回" } else { "申请撤回" };
    Ok(Decided {
        audience: Audience::Bench,
        sentence: format!("{name}{what}对《{title}》的同意，理由：{reason}"),
        hint: format!("{name}撤回了一项同意"),
        body: Body::ConsentWithdraw(Withdrawn { to: asked.to, title, reason, at_once }),
    })
}

pub(crate) fn settle(scene: &Scene<'_>, asked: Settle) -> Result<Decided, Refusal> {
    let member = scene.room.member(asked.member).ok_or(Refusal::MemberUnknown)?;
    let waits = scene.room.consent(member.id, asked.to).is_some_and(|answer| answer.state == State::Withdrawing);
    if !waits {
        return Err(Refusal::ConsentNotWithdrawing);
    }
    let reason = refusal::reason(&asked.reason)?;
    let title = asked.to.text().title.clone();
    let name = scene.actor.said_name();
    let verdict = if asked.granted { "准许" } else { "不准许" };
    let sentence =
        format!("{name}{verdict}{}{}撤回对《{title}》的同意，理由：{reason}", member.capacity.label(), member.name);
    let bench = scene.room.present().filter(|other| scene.policy.is_bench(other.capacity)).map(|other| other.id);
    Ok(Decided {
        audience: Audience::Members(bench.chain([member.id, scene.actor.member]).collect()),
        sentence,
        hint: format!("{name}就一项撤回同意的申请作出决定"),
        body: Body::ConsentSettle(Settled {
            member: asked.member,
            to: asked.to,
            title,
            granted: asked.granted,
            reason,
        }),
    })
}

/// The consents of a room's members.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Consents(BTreeMap<MemberId, BTreeMap<To, Answer>>);

impl Room {
    /// What a member has answered here.
    pub fn consent(&self, member: MemberId, to: To) -> Option<Answer> {
        self.consents.0.get(&member).and_then(|answers| answers.get(&to)).copied()
    }

    /// Whose consent a stage without presence needs, and whether it is there: each party, by themselves or by an agent of their side.
    pub fn asynchronous(&self, policy: &Policy) -> Vec<(MemberId, Option<State>)> {
        let state = |member: MemberId| self.consent(member, To::Asynchronous).map(|answer| answer.state);
        let parties = self.listed().into_iter().filter(|member| policy.is_party(member.capacity));
        let by_agent = |party: &crate::Member| {
            let agents = self.present().filter(|agent| Some(agent.capacity) == party.capacity.agent());
            agents.filter_map(|agent| state(agent.id)).find(|state| state.holds())
        };
        parties.map(|party| (party.id, state(party.id).or_else(|| by_agent(party)))).collect()
    }

    pub(crate) fn consent_given(&mut self, act: &Act, given: &Given) {
        let state = if given.agreed { State::Agreed } else { State::Refused };
        let answer = Answer { state, sha256: given.sha256, seq: act.seq };
        self.consents.0.entry(act.actor).or_default().insert(given.to, answer);
    }

    pub(crate) fn consent_withdrawn(&mut self, act: &Act, withdrawn: &Withdrawn) {
        let state = if withdrawn.at_once { State::Withdrawn } else { State::Withdrawing };
        self.change_consent(act.actor, withdrawn.to, state);
    }

    pub(crate) fn consent_settled(&mut self, settled: &Settled) {
        let state = if settled.granted { State::Withdrawn } else { State::Agreed };
        self.change_consent(settled.member, settled.to, state);
    }

    fn change_consent(&mut self, member: MemberId, to: To, state: State) {
        if let Some(answer) = self.consents.0.get_mut(&member).and_then(|answers| answers.get_mut(&to)) {
            answer.state = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_and_cites_the_rule() {
        for to in To::ALL {
            let text = to.text();
            assert_eq!(text.id, to.code().replace('_', "-"));
            assert!(text.text.contains("在线诉讼规则"), "{}", text.id);
            assert_eq!(To::from_code(to.code()), Some(to));
        }
    }
}
