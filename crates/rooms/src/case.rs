use axum::Json;
use axum::extract::State;
use court::{Capacity, CaseId, Kind, Phase};
use desk::rim::Path;
use desk::{Acting, Desk, Problem, ProblemDocument};

use crate::cards::{self, CaseView, ParticipantView};

/// Show a case: its basics, its participants, its sittings.
#[utoipa::path(
    get, path = "/api/cases/{case}", operation_id = "case", tag = "cases",
    params(("case" = String, Path, description = "Case id")),
    responses(
        (status = 200, body = CaseView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn case(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
) -> Result<Json<CaseView>, Problem> {
    let me =
        desk.store.participant_of(case, acting.person, acting.role.code()).await?.ok_or_else(Problem::not_found)?;
    let row = desk.store.case(case).await?.ok_or_else(Problem::not_found)?;
    let participants = desk.store.participants(case).await?;
    let mut sittings = cards::my_rooms(&desk, &acting).await?;
    sittings.retain(|room| room.case.id == case);
    let card = cards::case_card(&desk, row, &me, &sittings).ok_or_else(Problem::internal)?;
    let mut participants: Vec<_> = participants
        .into_iter()
        .filter(|participant| participant.ended_at.is_none())
        .filter_map(|participant| {
            let capacity = Capacity::from_code(&participant.capacity)?;
            Some(ParticipantView {
                id: participant.id,
                name: participant.name,
                acting: participant.acting,
                capacity,
                label: capacity.label().to_owned(),
                group: capacity.group(),
            })
        })
        .collect();
    participants.sort_by(|a, b| (a.group, a.capacity, &a.name).cmp(&(b.group, b.capacity, &b.name)));
    let schedules = desk.policy.allows(Kind::SittingSchedule, Phase::Unscheduled, card.my.capacity);
    // The dossier is read whether or not a sitting is on.
    let inspects = desk.policy.ever_allows(Kind::DossierInspect, card.my.capacity);
    let may = [(Kind::SittingSchedule, schedules), (Kind::DossierInspect, inspects)];
    let may = may.into_iter().filter(|(_, may)| *may).map(|(kind, _)| kind).collect();
    Ok(Json(CaseView { card, participants, sittings, may }))
}
