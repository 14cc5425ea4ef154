//! Puts a report into the inboxes of those who must notice it: its clerks, and, once it was answered, whoever made it. Runs as a job, so
//! that taking a report does the same work whatever the court has.

use court::{Capacity, ReportId, Topic};
use desk::jobs::Outcome;
use desk::{Desk, Problem};
use serde::Deserialize;
use serde_json::json;
use store::{MissingReport, NewJob};

/// So many clerks are told at most.
const CLERKS: u64 = 200;

/// The payload of the job: which report.
#[derive(Deserialize)]
struct ReportToNotice {
    report: ReportId,
}

/// The job that follows when a report was made or answered.
pub(super) fn job(report: ReportId, run_at: i64) -> NewJob {
    NewJob { kind: "report.notice".to_owned(), payload: json!({ "report": report }).to_string(), run_at }
}

/// The handler of the job `report.notice`. Done again it changes nothing.
pub async fn report_notice(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<ReportToNotice>(&payload) else {
        return Outcome::Fail("the payload names no report".to_owned());
    };
    match notice(&desk, job.report).await {
        Ok(()) => Outcome::Done,
        Err(_) => Outcome::retry("the store cannot be read or written"),
    }
}

async fn notice(desk: &Desk, id: ReportId) -> Result<(), Problem> {
    let Some(report) = desk.store.missing_report(id).await? else { return Ok(()) };
    let (topic, people) = match report.handled_at {
        // Whoever made it sees it in any role: reports belong to accounts.
        Some(_) => (Topic::ReportAnswered, vec![(report.person, String::new())]),
        None => (Topic::ReportReceived, clerks(desk, &report).await?),
    };
    desk.notify(topic, (id.0, 0), people).await
}

async fn clerks(desk: &Desk, report: &MissingReport) -> Result<store::Inboxes, Problem> {
    let clerks = Capacity::ALL.into_iter().filter(|capacity| desk.policy.is_clerk(*capacity));
    let capacities: Vec<_> = clerks.map(Capacity::code).collect();
    Ok(desk.store.clerks_of_number(&report.number_key, &capacities, CLERKS).await?)
}
