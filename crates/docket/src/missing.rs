//! "My case is missing" (案件缺失反馈): a report that comes to the clerk of the case.
//!
//! Whoever reports is never told whether there is such a case: a report is taken in the same way whatever the court has, and it is the
//! clerk's answer that says more, or does not.

mod answer;
mod inbox;
mod notify;
mod own;
mod report;

pub use notify::report_notice;

use court::{Capacity, ReportId, Role};
use desk::Desk;
use serde::{Deserialize, Serialize};
use store::MissingReport;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many reports a list shows.
const LISTED: u64 = 200;

pub(super) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(report::report_missing, own::missing_reports))
        .routes(routes!(inbox::missing_inbox))
        .routes(routes!(answer::answer_missing))
}

/// A report to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingCase {
    /// 案号, as the person knows it: 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub number: String,
    /// At which court: at most 60 characters.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub court: String,
    /// What helps to find it: at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// What a clerk answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub reply: String,
}

/// A report as its maker sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnReport {
    pub id: ReportId,
    pub number: String,
    pub court: String,
    pub remark: String,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Null while nobody has answered.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub handled_at: Option<OffsetDateTime>,
    #[schema(required)]
    pub reply: Option<String>,
}

/// A report as a clerk sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxReport {
    #[serde(flatten)]
    pub report: OwnReport,
    /// Who misses the case.
    pub name: String,
    /// Masked: 139****0001.
    pub phone: String,
}

impl From<MissingReport> for OwnReport {
    fn from(row: MissingReport) -> Self {
        OwnReport {
            id: row.id,
            number: row.number,
            court: row.court,
            remark: row.remark,
            created_at: court::beijing::from_micros(row.created_at),
            handled_at: row.handled_at.map(court::beijing::from_micros),
            reply: row.reply,
        }
    }
}

/// The capacities in which somebody in this role looks after reports: which are a clerk's, the policy says.
fn clerks(desk: &Desk, role: Role) -> Vec<&'static str> {
    let clerks = Capacity::ALL.into_iter().filter(|capacity| capacity.role() == role);
    clerks.filter(|capacity| desk.policy.is_clerk(*capacity)).map(Capacity::code).collect()
}

/// What somebody typed without spaces around it, if its length in characters fits.
fn text(typed: &str, least: usize, most: usize) -> Option<String> {
    let text = typed.trim();
    let fits = (least..=most).contains(&text.chars().count());
    let plain = !text.chars().any(|char| char.is_control() && char != '\n');
    (fits && plain).then(|| text.to_owned())
}
