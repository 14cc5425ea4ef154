//! A case (案件) and those who take part in it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Capacity, CaseId, MemberId, PersonId};

/// What names a case to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseTitle {
    pub id: CaseId,
    /// 案号, e.g. (2026)沪0113民初10241号.
    pub number: String,
    /// Parties, e.g. 某某公司 诉 某某公司.
    pub title: String,
    /// 案由.
    pub cause: String,
}

/// Where a case stands, as its people are shown it (manual S2 3.2.1: 收立案, 审理, 裁判, 送达).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseStage {
    Filing,
    Trial,
    Decision,
    Service,
}

impl CaseStage {
    /// Every stage, in the order of a case.
    pub const ALL: [CaseStage; 4] = [CaseStage::Filing, CaseStage::Trial, CaseStage::Decision, CaseStage::Service];

    /// The stage with this name in code; an unknown one is shown as trial.
    pub fn from_code(code: &str) -> CaseStage {
        match code {
            "filing" => CaseStage::Filing,
            "decision" => CaseStage::Decision,
            "service" => CaseStage::Service,
            _ => CaseStage::Trial,
        }
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            CaseStage::Filing => "收立案",
            CaseStage::Trial => "审理",
            CaseStage::Decision => "裁判",
            CaseStage::Service => "送达",
        }
    }

    /// The name in code and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            CaseStage::Filing => "filing",
            CaseStage::Trial => "trial",
            CaseStage::Decision => "decision",
            CaseStage::Service => "service",
        }
    }
}

/// Whether a case is over (manual S2 3.1: 未结, 已结).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    Open,
    Closed,
}

impl CaseStatus {
    /// The status with this name in code; an unknown one is shown as open.
    pub fn from_code(code: &str) -> CaseStatus {
        if code == "closed" { CaseStatus::Closed } else { CaseStatus::Open }
    }

    /// The name in code and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            CaseStatus::Open => "open",
            CaseStatus::Closed => "closed",
        }
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            CaseStatus::Open => "未结",
            CaseStatus::Closed => "已结",
        }
    }
}

/// A text as it is searched: full-width forms are half-width ones, capitals small letters, spaces and brackets are left out. So
/// （2026）沪 finds (2026)沪.
pub fn folded(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
            _ => char,
        })
        .filter(|char| !char.is_whitespace() && !matches!(char, '(' | ')' | '[' | ']' | '〔' | '〕' | '【' | '】'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A person in one capacity in one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: MemberId,
    pub person: PersonId,
    pub pseudonym: String,
    /// As shown to others: a person's or an organisation's name.
    pub name: String,
    /// Who acts for an organisation, with the position: 法定代表人 沈望舒.
    pub acting: Option<String>,
    pub capacity: Capacity,
    /// Whether the capacity has ended (mandate withdrawn, recused).
    pub ended: bool,
}

/// A case with its participants, as decisions need it.
#[derive(Clone, Debug)]
pub struct CaseFile {
    pub title: CaseTitle,
    pub participants: Vec<Participant>,
}

impl CaseFile {
    /// The participant with this id whose capacity has not ended.
    pub fn participant(&self, id: MemberId) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.id == id && !participant.ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        for typed in
            ["(2026)沪0113民初10241号", "（２０２６）沪０１１３民初１０２４１号", " 〔2026〕 沪0113 民初10241号"]
        {
            assert_eq!(folded(typed), "2026沪0113民初10241号");
        }
        assert_eq!(folded("ＡＢＣ　Trading"), "abctrading");
    }
}
