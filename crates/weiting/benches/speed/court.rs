//! A court with rooms in which people may speak, made through the same door as every other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, anyhow};
use court::notice::Acknowledge;
use court::sitting::Schedule;
use court::speech::{Text, To};
use court::{Capacity, CaseId, MemberId, PersonId, Proposal, RoomId, SittingKind};
use desk::jobs::{Jobs, Wake};
use desk::rim::IdempotencyKey;
use desk::testkit::SmsInbox;
use desk::{Acting, Desk, HostChance, HostClock, Problem, Receipt, SessionKind};
use store::kit::TestDatabase;
use store::{CaseRow, Participant, Person};
use time::Duration;
use uuid::Uuid;
use weiting::Settings;

/// Who sits in a room, in the order in which it fills; then parties again.
const SEATS: [Capacity; 10] = [
    Capacity::PresidingJudge,
    Capacity::CourtClerk,
    Capacity::Plaintiff,
    Capacity::Defendant,
    Capacity::PlaintiffAgent,
    Capacity::DefendantAgent,
    Capacity::LayAssessor,
    Capacity::Mediator,
    Capacity::ThirdParty,
    Capacity::ThirdPartyAgent,
];

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A court in this process.
pub(crate) struct House {
    pub(crate) desk: Desk,
    wake: Wake,
}

/// A room in session.
pub(crate) struct Room {
    pub(crate) id: RoomId,
    pub(crate) seats: Vec<Seat>,
}

/// A member of a room.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) acting: Acting,
    pub(crate) member: MemberId,
    pub(crate) capacity: Capacity,
}

/// The settings of a court on this database.
pub(crate) fn settings(database: &TestDatabase, port: u16) -> Settings {
    let mut settings = Settings::demo(database.folder(), port, Some(database.options().database));
    settings.sandbox.listen = None;
    desk::KeyFile::make(&settings.vault.key_file, &desk::HostChance).expect("the folder takes a key file");
    settings
}

/// About as long as people write.
pub(crate) fn words() -> String {
    "我方已按合同约定交付全部货物，对方至今未付余款。".repeat(3)
}

fn key() -> IdempotencyKey {
    IdempotencyKey::new(format!("bench-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn told(problem: Problem) -> anyhow::Error {
    anyhow!("{}: {}", problem.code(), problem.detail())
}

impl House {
    /// Opens a court on this database.
    pub(crate) async fn open(database: &TestDatabase) -> anyhow::Result<House> {
        let (desk, wake) =
            weiting::desk(&settings(database, 1), Arc::new(SmsInbox::default()), None, None, None).await?;
        Ok(House { desk, wake })
    }

    /// A room with so many members, all of whom have accepted the notice, opened by its judge.
    pub(crate) async fn room(&self, members: usize) -> anyhow::Result<Room> {
        self.room_of(None, members).await
    }

    /// The same, under this judge if one is named.
    pub(crate) async fn room_of(&self, judge: Option<&Acting>, members: usize) -> anyhow::Result<Room> {
        let desk = &self.desk;
        let case = CaseId(desk.chance.id());
        let number = format!("(2026)沪0113民初{}号", NEXT.fetch_add(1, Ordering::Relaxed));
        let row = CaseRow {
            id: case,
            number,
            title: "甲公司诉乙公司".to_owned(),
            cause: "买卖合同纠纷".to_owned(),
            court: desk.config.court.name.clone(),
            stage: "trial".to_owned(),
            filed_on: "2026-10-12".to_owned(),
            status: "open".to_owned(),
        };
        desk.store.put_case(&row).await?;
        let mut seats = Vec::new();
        for place in 0..members {
            let capacity = SEATS.get(place).copied().unwrap_or([Capacity::Plaintiff, Capacity::Defendant][place % 2]);
            let person = match judge.filter(|_| place == 0) {
                Some(judge) => judge.clone(),
                None => self.person(capacity).await?,
            };
            seats.push(self.seat(case, capacity, person).await?);
        }
        let file = desk.case_file(case).await.map_err(told)?.context("the case was just made")?;
        let now = desk.now();
        let asked = Schedule {
            kind: SittingKind::Mediation,
            opens_at: now,
            closes_at: now + Duration::days(2),
            members: seats.iter().map(|seat| seat.member).collect(),
        };
        let id = desk.found(&seats[1].acting, file, &key(), asked).await.map_err(told)?.room;
        seats[0].does(desk, id, Proposal::SittingOpen(Default::default())).await?;
        for (seat, capacity) in seats.iter().zip(SEATS.into_iter().chain([Capacity::Plaintiff; 16])) {
            if desk.policy.reads_notice(capacity) {
                let notice = desk.policy.entry_notice();
                let accepted = Acknowledge { notice: notice.id.clone(), version: notice.version.clone() };
                seat.does(desk, id, Proposal::NoticeAcknowledge(accepted)).await?;
            }
        }
        Ok(Room { id, seats })
    }

    async fn person(&self, capacity: Capacity) -> anyhow::Result<Acting> {
        let desk = &self.desk;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let person = Person {
            id: PersonId(desk.chance.id()),
            pseudonym: desk.chance.id().simple().to_string(),
            name: format!("顾{number}"),
            phone: format!("139{number:08}"),
            verified: true,
            created_at: court::beijing::micros(desk.now()),
        };
        desk.store.put_person(&person).await?;
        Ok(Acting {
            session: Uuid::nil().into(),
            person: person.id,
            pseudonym: person.pseudonym,
            name: person.name,
            role: capacity.role(),
            kind: SessionKind::Program,
        })
    }

    async fn seat(&self, case: CaseId, capacity: Capacity, acting: Acting) -> anyhow::Result<Seat> {
        let participant = Participant {
            id: MemberId(self.desk.chance.id()),
            case,
            person: acting.person,
            name: acting.name.clone(),
            acting: None,
            capacity: capacity.code().to_owned(),
            role: capacity.role().code().to_owned(),
            ended_at: None,
        };
        self.desk.store.put_participant(&participant).await?;
        Ok(Seat { acting, member: participant.id, capacity })
    }

    /// A bearer token for this member.
    pub(crate) async fn token(&self, seat: &Seat) -> anyhow::Result<String> {
        let acting = &seat.acting;
        Ok(desk::program_token(&self.desk.store, &HostClock, &HostChance, acting.person, Some(acting.role)).await?)
    }

    /// Does what the schedules left to do, as the program would have long done, and gives the database back.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        let jobs = Jobs::new(self.desk.clone())
            .woken_by(&self.wake)
            .register("sitting.notice", rooms::sitting_notice)
            .register("notification.tell", inbox::tell);
        let store = self.desk.store.clone();
        let done = async {
            while matches!(store.next_job_at().await, Ok(Some(_))) {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        };
        jobs.run(done).await;
        store.close().await;
        Ok(())
    }
}

impl Seat {
    /// Says something.
    pub(crate) async fn says(&self, desk: &Desk, room: RoomId, to: To) -> anyhow::Result<Receipt> {
        self.does(desk, room, Proposal::SpeechText(Text { text: words(), to, remind: false })).await
    }

    async fn does(&self, desk: &Desk, room: RoomId, proposal: Proposal) -> anyhow::Result<Receipt> {
        desk.perform(&self.acting, room, &key(), proposal).await.map_err(told)
    }
}

/// Where the files of a child program go.
pub(crate) fn logs(folder: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::options().create(true).append(true).open(folder.join("weiting.log"))
}
