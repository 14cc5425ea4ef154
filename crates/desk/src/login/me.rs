use axum::extract::State;
use court::{PersonId, Role};
use serde::Serialize;
use store::Person;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::logs::mask_phone;
use crate::rim::Json;
use crate::{Account, Desk, Problem, ProblemDocument};

/// The person who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    person: PersonId,
    name: String,
    /// Whether the name was checked against an identity document.
    verified: bool,
    /// Masked: 139****0001.
    phone: String,
    /// What the person may act as, and in how many cases.
    roles: Vec<RoleChoice>,
    /// What this session acts as; null while none is chosen.
    #[schema(required)]
    role: Option<Role>,
    /// The server's time.
    #[serde(with = "time::serde::rfc3339")]
    now: OffsetDateTime,
    court: CourtName,
}

/// A role that the person has.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleChoice {
    role: Role,
    label: &'static str,
    /// In how many cases.
    cases: u64,
}

/// The court that this server belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourtName {
    name: String,
}

/// Who am I?
#[utoipa::path(
    get, path = "/api/me", operation_id = "me", tag = "login",
    responses(
        (status = 200, description = "The person who is logged in", body = Me),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn me(State(desk): State<Desk>, account: Account) -> Result<Json<Me>, Problem> {
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    of(&desk, person, account.role).await.map(Json)
}

/// The view of a person by themselves.
pub(super) async fn of(desk: &Desk, person: Person, role: Option<Role>) -> Result<Me, Problem> {
    Ok(Me {
        roles: roles(desk, person.id).await?,
        person: person.id,
        name: person.name,
        verified: person.verified,
        phone: mask_phone(&person.phone),
        role,
        now: desk.now(),
        court: CourtName { name: desk.config.court.name.clone() },
    })
}

/// The roles of a person, in the order in which they are offered.
pub(super) async fn roles(desk: &Desk, person: PersonId) -> Result<Vec<RoleChoice>, Problem> {
    let counted = desk.store.roles_of(person).await?;
    let cases = |role: Role| counted.iter().find(|(code, _)| code == role.code()).map(|(_, cases)| *cases);
    let choice = |role: Role| Some(RoleChoice { role, label: role.label(), cases: cases(role)? });
    Ok(Role::ALL.into_iter().filter_map(choice).collect())
}

impl RoleChoice {
    pub(super) fn role(&self) -> Role {
        self.role
    }
}
