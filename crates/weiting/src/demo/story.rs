//! What has happened in the demonstration court before a newcomer comes in: told once, through the same door as everything else.

use court::sitting::Schedule;
use court::speech::{Text, To};
use court::{Capacity, CaseId, MemberId, PersonId, Proposal, Role, RoomId, SittingKind, beijing};
use desk::rim::IdempotencyKey;
use desk::{Acting, Desk, SessionKind};
use store::{CaseRow, Document, OfficeRow, Participant, Person};
use time::macros::{offset, time};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::cast::{CASES, LOAN, PEOPLE, SALE};
use super::papers::FILINGS;

/// Marks a court whose story has been told.
const TOLD: &str = "demo.story";

/// Tells the story, unless it has been told.
pub(crate) async fn tell(desk: &Desk) -> anyhow::Result<()> {
    if desk.store.get_meta(TOLD).await?.is_some() {
        return Ok(());
    }
    let people = enrol(desk).await?;
    let now = desk.now();
    // The sale: a mediation that began this morning and goes on for three days.
    let morning = hour(now - Duration::hours(1));
    let sale = sitting(desk, &people, SALE, SittingKind::Mediation, morning, evening(now + Duration::days(3))).await?;
    // The loan: an exchange of evidence that has not begun.
    let begins = nine(now + Duration::days(2));
    sitting(desk, &people, LOAN, SittingKind::EvidenceExchange, begins, begins + Duration::days(2)).await?;
    for (capacity, text) in CONVERSATION {
        let actor = people.acting(SALE, *capacity)?;
        let proposal = match text {
            Some(text) => Proposal::SpeechText(Text { text: (*text).to_owned(), to: To::Everyone, remind: false }),
            None if *capacity == Capacity::PresidingJudge => Proposal::SittingOpen(Default::default()),
            None => {
                let notice = desk.policy.entry_notice();
                Proposal::NoticeAcknowledge(court::notice::Acknowledge {
                    notice: notice.id.clone(),
                    version: notice.version.clone(),
                })
            }
        };
        perform(desk, &actor, sale, proposal).await?;
    }
    let clerk = people.acting(SALE, Capacity::CourtClerk)?;
    for filing in &FILINGS {
        let proposal = filing.brought(desk, clerk.person).await?;
        perform(desk, &clerk, sale, proposal).await?;
    }
    desk.store.put_meta_if_absent(TOLD, "told").await?;
    Ok(())
}

/// Who did what. Without words: the judge opens, the others accept the notice. The mediator, the assessor and both representatives
/// have not come in yet, so that a newcomer meets the notice.
const CONVERSATION: &[(Capacity, Option<&str>)] = &[
    (Capacity::PresidingJudge, Some("双方好。本案今天以微法庭方式组织调解，请各方在开放时间内登录，随时发言。")),
    (Capacity::PresidingJudge, None),
    (Capacity::PlaintiffAgent, None),
    (Capacity::DefendantAgent, None),
    (
        Capacity::PlaintiffAgent,
        Some("审判长好。我方请求解除合同，被告退还货款 86,400 元。货物到达时外包装破损，我方当天已通知对方。"),
    ),
    (Capacity::DefendantAgent, Some("收到。我方愿意调解，请原告上传收货当天的照片，我方核对后答复。")),
    (
        Capacity::PresidingJudge,
        Some("请原告上传照片和验收单，请被告在看到材料后说明意见。方案谈妥后被告可以立即付款，原告随即申请解除保全。"),
    ),
];

struct People(Vec<(Person, Vec<Participant>)>);

impl People {
    fn acting(&self, case: usize, capacity: Capacity) -> anyhow::Result<Acting> {
        let number = CASES[case].number;
        let found = self.0.iter().find_map(|(person, parts)| {
            let part = parts.iter().find(|part| part.case == case_id(number) && part.capacity == capacity.code());
            part.map(|_| person)
        });
        let person = found.ok_or_else(|| anyhow::anyhow!("nobody is {} in {number}", capacity.label()))?;
        Ok(Acting {
            session: Uuid::nil().into(),
            person: person.id,
            pseudonym: person.pseudonym.clone(),
            name: person.name.clone(),
            role: capacity.role(),
            kind: SessionKind::Program,
        })
    }

    fn members(&self, case: usize) -> Vec<MemberId> {
        let parts = self.0.iter().flat_map(|(_, parts)| parts);
        parts.filter(|part| part.case == case_id(CASES[case].number)).map(|part| part.id).collect()
    }
}

/// The same case has the same id in every demonstration, so that links in documents work.
fn case_id(number: &str) -> CaseId {
    let hash = record::Hash::of(number.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.0[..16]);
    CaseId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// Puts the people and their cases into the books.
async fn enrol(desk: &Desk) -> anyhow::Result<People> {
    let at = beijing::micros(desk.now());
    for docket in &CASES {
        desk.store
            .put_case(&CaseRow {
                id: case_id(docket.number),
                number: docket.number.to_owned(),
                title: docket.title.to_owned(),
                cause: docket.cause.to_owned(),
                court: desk.config.court.name.clone(),
                stage: "trial".to_owned(),
                filed_on: docket.filed_on.to_owned(),
                status: "open".to_owned(),
            })
            .await?;
    }
    let mut people = Vec::new();
    for cast in PEOPLE {
        // A first run that was cut short is taken up where it stopped.
        let person = match desk.store.person_by_phone(cast.phone).await? {
            Some(person) => person,
            None => {
                let person = Person {
                    id: PersonId(desk.chance.id()),
                    pseudonym: desk.chance.id().simple().to_string(),
                    name: cast.name.to_owned(),
                    phone: cast.phone.to_owned(),
                    verified: cast.document.is_some(),
                    created_at: at,
                };
                desk.store.put_person(&person).await?;
                if let Some(number) = cast.document {
                    let document = Document { kind: "resident_id".to_owned(), number: number.to_owned() };
                    desk.store.put_document(person.id, &document).await?;
                }
                person
            }
        };
        if cast.parts.is_empty() && cast.office.is_none() {
            desk.store.put_agent(person.id, "lawyer", at).await?;
        }
        if let Some(office) = cast.office {
            hold(desk, person.id, office, at).await?;
        }
        let mut parts = Vec::new();
        for part in cast.parts {
            let case = case_id(CASES[part.case].number);
            let known = desk.store.participant_of(case, person.id, part.capacity.role().code()).await?;
            let participant = match known {
                Some(known) => known,
                None => {
                    let participant = Participant {
                        id: MemberId(desk.chance.id()),
                        case,
                        person: person.id,
                        name: part.organisation.as_ref().map_or(cast.name, |organisation| organisation.name).to_owned(),
                        acting: part
                            .organisation
                            .as_ref()
                            .map(|organisation| format!("{} {}", organisation.position, cast.name)),
                        capacity: part.capacity.code().to_owned(),
                        role: part.capacity.role().code().to_owned(),
                        ended_at: None,
                    };
                    desk.store.put_participant(&participant).await?;
                    participant
                }
            };
            parts.push(participant);
        }
        people.push((person, parts));
    }
    Ok(People(people))
}

/// Gives an office to a person, as if they had accepted it.
async fn hold(desk: &Desk, person: PersonId, office: Role, at: i64) -> anyhow::Result<()> {
    if desk.store.offices_of(person).await?.iter().any(|held| held.role == office.code()) {
        return Ok(());
    }
    let row = OfficeRow {
        id: desk.chance.id(),
        person,
        role: office.code().to_owned(),
        invited_at: at,
        invited_by: None,
        code_hash: None,
        expires_at: at,
        accepted_at: Some(at),
        ended_at: None,
        ended_by: None,
    };
    Ok(desk.store.put_office(&row).await?)
}

async fn sitting(
    desk: &Desk,
    people: &People,
    case: usize,
    kind: SittingKind,
    opens_at: OffsetDateTime,
    closes_at: OffsetDateTime,
) -> anyhow::Result<RoomId> {
    let clerk = people.acting(case, Capacity::CourtClerk)?;
    let file = desk.case_file(case_id(CASES[case].number)).await.map_err(told)?;
    let file = file.ok_or_else(|| anyhow::anyhow!("the case was just put into the books"))?;
    let asked = Schedule { kind, opens_at, closes_at, members: people.members(case) };
    let receipt = desk.found(&clerk, file, &key(desk), asked).await.map_err(told)?;
    Ok(receipt.room)
}

async fn perform(desk: &Desk, actor: &Acting, room: RoomId, proposal: Proposal) -> anyhow::Result<()> {
    desk.perform(actor, room, &key(desk), proposal).await.map_err(told)?;
    Ok(())
}

fn key(desk: &Desk) -> IdempotencyKey {
    IdempotencyKey::new(desk.chance.id().to_string())
}

fn told(problem: desk::Problem) -> anyhow::Error {
    anyhow::anyhow!("{}: {}", problem.code(), problem.detail())
}

/// The full hour before.
fn hour(instant: OffsetDateTime) -> OffsetDateTime {
    instant - Duration::nanoseconds((instant.unix_timestamp_nanos() % 3_600_000_000_000) as i64)
}

/// 17:00 in Beijing on that day.
fn evening(day: OffsetDateTime) -> OffsetDateTime {
    day.to_offset(offset!(+8)).replace_time(time!(17:00)).to_offset(offset!(UTC))
}

/// 09:00 in Beijing on that day.
fn nine(day: OffsetDateTime) -> OffsetDateTime {
    day.to_offset(offset!(+8)).replace_time(time!(09:00)).to_offset(offset!(UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_a_judge_a_clerk_and_two_sides() {
        for case in [SALE, LOAN] {
            let roles: Vec<Role> = PEOPLE
                .iter()
                .flat_map(|person| person.parts)
                .filter(|part| part.case == case)
                .map(|part| part.capacity.role())
                .collect();
            assert!(roles.contains(&Role::Judge) && roles.contains(&Role::Clerk));
            assert!(roles.iter().filter(|role| **role == Role::Party).count() == 2);
        }
    }
}
