//! The people of the demonstration. All are invented, as are the companies and the numbers.

use court::Capacity;

/// A person of the demonstration.
pub(crate) struct Cast {
    pub(crate) phone: &'static str,
    pub(crate) name: &'static str,
    /// The number of a resident identity card that nobody has: of an area that does not exist. None: the person has not verified themselves.
    pub(crate) document: Option<&'static str>,
    /// In which case, in which capacity, and for which organisation.
    pub(crate) parts: &'static [Part],
}

/// A part that a person plays in a case.
pub(crate) struct Part {
    /// 0: the sale contract; 1: the loan.
    pub(crate) case: usize,
    pub(crate) capacity: Capacity,
    pub(crate) organisation: Option<Organisation>,
}

/// An organisation that is a party.
pub(crate) struct Organisation {
    pub(crate) name: &'static str,
    /// The person's position in it.
    pub(crate) position: &'static str,
}

pub(crate) const SALE: usize = 0;
pub(crate) const LOAN: usize = 1;

/// A case of the demonstration.
pub(crate) struct Docket {
    pub(crate) number: &'static str,
    pub(crate) title: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) filed_on: &'static str,
}

pub(crate) const CASES: [Docket; 2] = [
    Docket {
        number: "(2026)沪0113民初10241号",
        title: "青禾示例家居有限公司 诉 白石示例商贸有限公司",
        cause: "买卖合同纠纷",
        filed_on: "2026-10-26",
    },
    Docket {
        number: "(2026)沪0113民初10187号",
        title: "王一方 诉 赵二川",
        cause: "民间借贷纠纷",
        filed_on: "2026-10-19",
    },
];

const fn part(case: usize, capacity: Capacity) -> Part {
    Part { case, capacity, organisation: None }
}

const fn of(case: usize, capacity: Capacity, name: &'static str) -> Part {
    Part { case, capacity, organisation: Some(Organisation { name, position: "法定代表人" }) }
}

pub(crate) const PEOPLE: &[Cast] = &[
    Cast {
        phone: "19900000001",
        name: "周明远",
        document: Some("710000199002110018"),
        parts: &[part(SALE, Capacity::PresidingJudge), part(LOAN, Capacity::SoleJudge)],
    },
    Cast {
        phone: "19900000002",
        name: "许国华",
        document: Some("710000199003120023"),
        parts: &[part(SALE, Capacity::LayAssessor)],
    },
    Cast {
        phone: "19900000003",
        name: "孙悦",
        document: Some("710000199004130039"),
        parts: &[part(SALE, Capacity::CourtClerk), part(LOAN, Capacity::CourtClerk)],
    },
    Cast {
        phone: "19900000004",
        name: "沈望舒",
        document: Some("710000199005140044"),
        parts: &[of(SALE, Capacity::Plaintiff, "青禾示例家居有限公司")],
    },
    Cast {
        phone: "19900000005",
        name: "顾长河",
        document: Some("71000019900615005X"),
        parts: &[of(SALE, Capacity::Defendant, "白石示例商贸有限公司")],
    },
    Cast {
        phone: "19900000006",
        name: "陈立",
        document: Some("710000199007160065"),
        parts: &[part(SALE, Capacity::PlaintiffAgent)],
    },
    Cast {
        phone: "19900000007",
        name: "李思源",
        document: Some("710000199008170070"),
        parts: &[part(SALE, Capacity::DefendantAgent), part(LOAN, Capacity::Mediator)],
    },
    Cast { phone: "19900000008", name: "何敏", document: None, parts: &[part(SALE, Capacity::Mediator)] },
    Cast { phone: "19900000009", name: "王一方", document: None, parts: &[part(LOAN, Capacity::Plaintiff)] },
    Cast { phone: "19900000010", name: "赵二川", document: None, parts: &[part(LOAN, Capacity::Defendant)] },
    // A lawyer whom nobody has given a mandate yet.
    Cast { phone: "19900000011", name: "林一舟", document: None, parts: &[] },
];

impl Cast {
    /// 审判长 周明远: every capacity once, then the name.
    pub(crate) fn introduction(&self) -> String {
        let mut capacities: Vec<String> = Vec::new();
        for part in self.parts {
            let label = match &part.organisation {
                Some(organisation) => {
                    format!("{}{}{}", part.capacity.label(), organisation.name, organisation.position)
                }
                None => part.capacity.label().to_owned(),
            };
            if !capacities.contains(&label) {
                capacities.push(label);
            }
        }
        if capacities.is_empty() {
            capacities.push("律师".to_owned());
        }
        format!("{} {}", capacities.join("、"), self.name)
    }
}
