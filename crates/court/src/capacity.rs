//! In which capacity (诉讼地位, 出庭职务) somebody takes part in a case, and what follows from it for order and name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The capacity of a member in a case. Code names and terms: the glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    PresidingJudge,
    SoleJudge,
    PanelMember,
    LayAssessor,
    JudgeAssistant,
    CourtClerk,
    Plaintiff,
    Defendant,
    ThirdParty,
    PlaintiffAgent,
    DefendantAgent,
    ThirdPartyAgent,
    Mediator,
    Witness,
    /// 院庭长 who reads a case from outside for a reason (SR-23). Nobody takes part in a case in it, and no row of the policy can name it: it is
    /// not among [`Capacity::ALL`].
    Overseer,
}

/// What a session acts as. A person with several roles chooses one before seeing any case (manual S0 二.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Judge,
    Clerk,
    Assessor,
    Party,
    Agent,
    Mediator,
    Witness,
    /// 院长: an office of the court, held in no case.
    President,
    /// 庭长: an office of the court, held in no case.
    Supervisor,
    /// Who keeps the list of the court's staff; an office, held in no case.
    Administrator,
}

/// The parts of the members list, in the order of manual S0 五.1(3): 审判组织 → 当事人 → 代理人, then everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Tribunal,
    Parties,
    Agents,
    Others,
}

impl Capacity {
    /// Every capacity in a case, in the order in which members are listed.
    pub const ALL: [Capacity; 14] = [
        Capacity::PresidingJudge,
        Capacity::SoleJudge,
        Capacity::PanelMember,
        Capacity::LayAssessor,
        Capacity::JudgeAssistant,
        Capacity::CourtClerk,
        Capacity::Plaintiff,
        Capacity::Defendant,
        Capacity::ThirdParty,
        Capacity::PlaintiffAgent,
        Capacity::DefendantAgent,
        Capacity::ThirdPartyAgent,
        Capacity::Mediator,
        Capacity::Witness,
    ];

    /// The name in code and on the wire, e.g. `presiding_judge`.
    pub fn code(self) -> &'static str {
        match self {
            Capacity::PresidingJudge => "presiding_judge",
            Capacity::SoleJudge => "sole_judge",
            Capacity::PanelMember => "panel_member",
            Capacity::LayAssessor => "lay_assessor",
            Capacity::JudgeAssistant => "judge_assistant",
            Capacity::CourtClerk => "court_clerk",
            Capacity::Plaintiff => "plaintiff",
            Capacity::Defendant => "defendant",
            Capacity::ThirdParty => "third_party",
            Capacity::PlaintiffAgent => "plaintiff_agent",
            Capacity::DefendantAgent => "defendant_agent",
            Capacity::ThirdPartyAgent => "third_party_agent",
            Capacity::Mediator => "mediator",
            Capacity::Witness => "witness",
            Capacity::Overseer => "overseer",
        }
    }

    /// The capacity with this name in code.
    pub fn from_code(code: &str) -> Option<Capacity> {
        Capacity::ALL.into_iter().find(|capacity| capacity.code() == code)
    }

    /// The term that people read, e.g. 审判长.
    pub fn label(self) -> &'static str {
        match self {
            Capacity::PresidingJudge => "审判长",
            Capacity::SoleJudge => "独任审判员",
            Capacity::PanelMember => "审判员",
            Capacity::LayAssessor => "人民陪审员",
            Capacity::JudgeAssistant => "法官助理",
            Capacity::CourtClerk => "书记员",
            Capacity::Plaintiff => "原告",
            Capacity::Defendant => "被告",
            Capacity::ThirdParty => "第三人",
            Capacity::PlaintiffAgent => "原告代理人",
            Capacity::DefendantAgent => "被告代理人",
            Capacity::ThirdPartyAgent => "第三人代理人",
            Capacity::Mediator => "调解员",
            Capacity::Witness => "证人",
            Capacity::Overseer => "院庭长",
        }
    }

    /// The role under which a person with this capacity logs in.
    pub fn role(self) -> Role {
        match self {
            Capacity::PresidingJudge | Capacity::SoleJudge | Capacity::PanelMember => Role::Judge,
            Capacity::LayAssessor => Role::Assessor,
            Capacity::JudgeAssistant | Capacity::CourtClerk => Role::Clerk,
            Capacity::Plaintiff | Capacity::Defendant | Capacity::ThirdParty => Role::Party,
            Capacity::PlaintiffAgent | Capacity::DefendantAgent | Capacity::ThirdPartyAgent => Role::Agent,
            Capacity::Mediator => Role::Mediator,
            Capacity::Witness => Role::Witness,
            Capacity::Overseer => Role::Supervisor,
        }
    }

    /// The part of the members list in which this capacity stands.
    pub fn group(self) -> Group {
        match self.role() {
            Role::Judge | Role::Assessor | Role::Clerk => Group::Tribunal,
            Role::Party => Group::Parties,
            Role::Agent => Group::Agents,
            Role::Mediator | Role::Witness | Role::President | Role::Supervisor | Role::Administrator => Group::Others,
        }
    }
}

impl Role {
    /// Every role, in the order in which they are offered.
    pub const ALL: [Role; 10] = [
        Role::Judge,
        Role::Clerk,
        Role::Assessor,
        Role::Party,
        Role::Agent,
        Role::Mediator,
        Role::Witness,
        Role::President,
        Role::Supervisor,
        Role::Administrator,
    ];

    /// The offices that somebody of the court's staff may be given.
    pub const OFFICES: [Role; 6] =
        [Role::Judge, Role::Clerk, Role::Assessor, Role::President, Role::Supervisor, Role::Administrator];

    /// The name in code and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Role::Judge => "judge",
            Role::Clerk => "clerk",
            Role::Assessor => "assessor",
            Role::Party => "party",
            Role::Agent => "agent",
            Role::Mediator => "mediator",
            Role::Witness => "witness",
            Role::President => "president",
            Role::Supervisor => "supervisor",
            Role::Administrator => "administrator",
        }
    }

    /// The role with this name in code.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Role::Judge => "法官",
            Role::Clerk => "书记员",
            Role::Assessor => "人民陪审员",
            Role::Party => "当事人",
            Role::Agent => "代理人",
            Role::Mediator => "调解员",
            Role::Witness => "证人",
            Role::President => "院长",
            Role::Supervisor => "庭长",
            Role::Administrator => "管理员",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_serde_writes() {
        for capacity in Capacity::ALL {
            assert_eq!(serde_json::to_value(capacity).unwrap(), capacity.code());
            assert_eq!(Capacity::from_code(capacity.code()), Some(capacity));
        }
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        }
    }

    #[test]
    fn members_are_listed_tribunal_then_parties_then_agents() {
        let groups: Vec<_> = Capacity::ALL.into_iter().map(Capacity::group).collect();
        assert!(groups.is_sorted(), "the order of Capacity::ALL is the order of the members list");
    }
}
