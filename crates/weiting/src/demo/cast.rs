//! The people of the demonstration. All are invented, as are the companies and the numbers.

use court::{Capacity, Role};

/// A person of the demonstration.
pub(crate) struct Cast {
    pub(crate) phone: &'static str,
    pub(crate) name: &'static str,
    /// The number of a resident identity card that nobody has: of an area that does not exist. None: the person has not verified themselves.
    pub(crate) document: Option<&'static str>,
    /// In which case, in which capacity, and for which organisation.
    pub(crate) parts: &'static [Part],
    /// The office of the court that they hold.
    pub(crate) office: Option<Role>,
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

const fn cast(phone: &'static str, name: &'static str, parts: &'static [Part]) -> Cast {
    Cast { phone, name, document: None, parts, office: None }
}

const fn staff(phone: &'static str, name: &'static str, parts: &'static [Part], office: Role) -> Cast {
    Cast { phone, name, document: None, parts, office: Some(office) }
}

pub(crate) const PEOPLE: &[Cast] = &[
    staff(
        "19900000001",
        "周明远",
        &[part(SALE, Capacity::PresidingJudge), part(LOAN, Capacity::SoleJudge)],
        Role::Judge,
    )
    .known("710000199002110018"),
    cast("19900000002", "许国华", &[part(SALE, Capacity::LayAssessor)]).known("710000199003120023"),
    staff("19900000003", "孙悦", &[part(SALE, Capacity::CourtClerk), part(LOAN, Capacity::CourtClerk)], Role::Clerk)
        .known("710000199004130039"),
    cast("19900000004", "沈望舒", &[of(SALE, Capacity::Plaintiff, "青禾示例家居有限公司")]).known("710000199005140044"),
    cast("19900000005", "顾长河", &[of(SALE, Capacity::Defendant, "白石示例商贸有限公司")]).known("71000019900615005X"),
    cast("19900000006", "陈立", &[part(SALE, Capacity::PlaintiffAgent)]).known("710000199007160065"),
    cast("19900000007", "李思源", &[part(SALE, Capacity::DefendantAgent), part(LOAN, Capacity::Mediator)])
        .known("710000199008170070"),
    cast("19900000008", "何敏", &[part(SALE, Capacity::Mediator)]),
    cast("19900000009", "王一方", &[part(LOAN, Capacity::Plaintiff)]),
    cast("19900000010", "赵二川", &[part(LOAN, Capacity::Defendant)]),
    // A lawyer whom nobody has given a mandate yet.
    cast("19900000011", "林一舟", &[]),
    // In no case: they hold offices of the court.
    staff("19900000012", "方闻", &[], Role::Supervisor),
    staff("19900000013", "钱知行", &[], Role::Administrator),
    staff("19900000014", "郑书衡", &[], Role::Judge),
    staff("19900000015", "梁启明", &[], Role::President),
];

impl Cast {
    /// The same person, verified by this document.
    const fn known(self, document: &'static str) -> Cast {
        Cast { document: Some(document), ..self }
    }

    /// 审判长 周明远: every capacity once, then the name.
    pub(crate) fn introduction(&self) -> String {
        let mut capacities: Vec<String> = Vec::new();
        if let Some(office) = self.office.filter(|_| self.parts.is_empty()) {
            capacities.push(office.label().to_owned());
        }
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
