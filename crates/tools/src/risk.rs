//! 风险评估: questions in rounds, and a report of risks, advice, costs and time; also as a PDF. Nothing of it is kept.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use desk::rim::Json;
use desk::{Desk, Problem, ProblemDocument, Visitor};
use rules::risk::{self, Answers, Report, RiskAsk, RiskHint, RiskKind};
use serde::{Deserialize, Serialize};
use tracing::warn;
use typeset::assessment::{Answered, Assessment, Line, Section};
use utoipa::ToSchema;

use crate::open::Anybody;
use crate::pace::ReportPace;
use crate::reckon::wrong;

/// How long a report may wait for its turn and be typeset.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes files of reports. The program brings it along.
#[async_trait]
pub trait ReportPress: Send + Sync + 'static {
    /// Typesets a report as a PDF; none when that fails.
    async fn typeset(&self, assessment: Assessment) -> Option<Vec<u8>>;
}

/// What makes files of reports here; none where nothing can.
#[derive(Clone, Default)]
pub struct Reports(pub Option<Arc<dyn ReportPress>>);

/// The disputes that can be assessed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RiskKinds {
    pub kinds: Vec<RiskKind>,
    /// Whether reports can be had as a PDF.
    pub pdf: bool,
}

/// A dispute and what was answered so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskAnswers {
    /// One of the kinds.
    pub kind: String,
    /// By question: the names of the chosen answers; for an amount what was typed, in yuan.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Vec<String>>)]
    pub answers: Answers,
}

/// List the disputes that can be assessed.
#[utoipa::path(
    get, path = "/api/tools/risk", operation_id = "risk_kinds", tag = "reckon",
    responses(
        (status = 200, description = "The disputes", body = RiskKinds),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn risk_kinds(_: Anybody, reports: Option<Extension<Reports>>) -> Json<RiskKinds> {
    let pdf = reports.is_some_and(|Extension(reports)| reports.0.is_some());
    Json(RiskKinds { kinds: risk::kinds(), pdf })
}

/// Ask the next round of questions. The same answers give the same questions; nothing is kept.
#[utoipa::path(
    post, path = "/api/tools/risk", operation_id = "risk_ask", tag = "reckon", request_body = RiskAnswers,
    responses(
        (status = 200, description = "The next questions", body = RiskAsk),
        (status = 422, description = "What is wrong with the answers", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn risk_ask(_: Anybody, Json(given): Json<RiskAnswers>) -> Result<Json<RiskAsk>, Problem> {
    risk::ask(&given.kind, &given.answers).map(Json).map_err(wrong)
}

/// Make the report, when every question is answered.
#[utoipa::path(
    post, path = "/api/tools/risk/report", operation_id = "risk_report", tag = "reckon", request_body = RiskAnswers,
    responses(
        (status = 200, description = "The report", body = Report),
        (status = 422, description = "What is wrong with the answers", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn risk_report(
    State(desk): State<Desk>,
    _: Anybody,
    Json(given): Json<RiskAnswers>,
) -> Result<Json<Report>, Problem> {
    report(&desk, &given).map(Json)
}

const PDF: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "application/pdf"),
    (header::CONTENT_DISPOSITION, "attachment; filename=\"assessment.pdf\""),
];

/// The report as a PDF.
#[utoipa::path(
    post, path = "/api/tools/risk/report/pdf", operation_id = "risk_report_pdf", tag = "reckon", request_body = RiskAnswers,
    responses(
        (status = 200, description = "The report", body = String, content_type = "application/pdf"),
        (status = 422, description = "What is wrong with the answers", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`tool_switched_off`, `unavailable`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn risk_report_pdf(
    State(desk): State<Desk>,
    visitor: Visitor,
    Extension(pace): Extension<ReportPace>,
    reports: Option<Extension<Reports>>,
    Json(given): Json<RiskAnswers>,
) -> Result<impl IntoResponse, Problem> {
    let report = report(&desk, &given)?;
    let Some(press) = reports.and_then(|Extension(reports)| reports.0) else {
        let detail = "本院没有开通 PDF 下载，请使用“打印”。";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "tool_switched_off", detail));
    };
    pace.0.step(visitor.network(), desk.now())?;
    let assessment = assessment(&desk, &report);
    let made = tokio::time::timeout(PATIENCE, press.typeset(assessment)).await.ok().flatten();
    let pdf = made.ok_or_else(|| {
        warn!("A report of a risk assessment was not typeset");
        let detail = "使用的人较多，报告还没有生成，请稍候再试。";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(5)
    })?;
    Ok((PDF, pdf))
}

/// The report by today's rules.
fn report(desk: &Desk, given: &RiskAnswers) -> Result<Report, Problem> {
    let today = rules::civil::iso(rules::civil::of(desk.now()));
    risk::assess(&given.kind, &given.answers, &today, &desk.config.local_fees).map_err(wrong)
}

/// From the report to the typesetter's words.
fn assessment(desk: &Desk, report: &Report) -> Assessment {
    let said = |hint: &RiskHint| Line {
        text: hint.text.to_owned(),
        citations: hint.citations.iter().map(|citation| citation.text.clone()).collect(),
    };
    let plain = |text: String| Line { text, citations: Vec::new() };
    let mut sections: Vec<Section> = Vec::new();
    let mut put = |title: &str, lines: Vec<Line>| {
        if !lines.is_empty() {
            sections.push(Section { title: title.to_owned(), lines });
        }
    };
    put("风险提示：诉讼", report.litigation.iter().map(said).collect());
    put("风险提示：情绪", report.emotion.iter().map(said).collect());
    put("风险提示：信用", report.credit.iter().map(said).collect());
    put("行动建议", report.actions.iter().map(said).collect());
    put("解决途径", report.ways.iter().map(said).collect());
    if let Some(preservation) = &report.preservation {
        let mut lines: Vec<Line> = preservation.hints.iter().map(said).collect();
        lines.extend(preservation.fee.as_ref().map(|fee| plain(format!("保全申请费：{}。", fee.text))));
        lines
            .extend(preservation.security.map(|most| plain(format!("诉讼中保全的担保数额不超过{}。", most.chinese()))));
        put("财产保全", lines);
    }
    let mut costs: Vec<Line> = Vec::new();
    costs.extend(report.fee.as_ref().map(|fee| plain(format!("案件受理费：{}。", fee.text))));
    costs.extend(report.fee_halved.as_ref().map(|half| plain(format!("调解、撤诉或者适用简易程序的：{half}。"))));
    put("诉讼费用", costs);
    put("时间成本", report.time.iter().map(said).collect());
    Assessment {
        court: desk.config.court.name.clone(),
        kind: report.label.to_owned(),
        index: report.index,
        level: std::iter::once(report.level_text.to_owned())
            .chain(report.decisive.iter().cloned())
            .collect::<Vec<_>>()
            .join(" "),
        sections,
        answers: report
            .parts
            .iter()
            .map(|part| Answered {
                question: part.question.to_owned(),
                answer: part.answer.clone(),
                weight: part.weight,
            })
            .collect(),
        disclaimer: report.disclaimer.to_owned(),
        made_at: desk.now(),
    }
}
