//! Finding cases among many: the list of those in which a person takes part, filtered and in order, a page at a time.

use std::collections::HashMap;

use court::{CaseId, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::cases::{CaseRow, Participant};
use crate::error::StoreError;
use crate::schema::{court_case, membership, participant, room};
use crate::store::Store;

/// Ids of one query.
const ROWS: usize = 250;

/// Which cases.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// Words, as [`court::folded`] makes them; each stands in the number, the title, the cause or the name of a party or agent.
    pub words: Vec<String>,
    /// `open` or `closed`; none: both.
    pub status: Option<String>,
    /// Only where the person has this capacity.
    pub capacity: Option<String>,
}

/// What a case in a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCase {
    pub id: CaseId,
    pub number: String,
    pub filed_on: String,
    /// When the next sitting begins of which the person is a member, or the one that is on began; none if there is none.
    pub next: Option<i64>,
}

impl Store {
    /// The cases in which a person takes part in a role (not ended), each once, in no order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_cases(
        &self,
        person: PersonId,
        role: &str,
        filter: &CaseFilter,
        now: i64,
    ) -> Result<Vec<ListedCase>, StoreError> {
        let of_case = participant::Entity::belongs_to(court_case::Entity)
            .from(participant::Column::Case)
            .to(court_case::Column::Id);
        let mut mine = participant::Entity::find()
            .select_only()
            .column(participant::Column::Case)
            .column(court_case::Column::Number)
            .column(court_case::Column::FiledOn)
            .join(JoinType::InnerJoin, of_case.into())
            .filter(participant::Column::Person.eq(person.0))
            .filter(participant::Column::Role.eq(role))
            .filter(participant::Column::EndedAt.is_null())
            .distinct();
        if let Some(status) = &filter.status {
            mine = mine.filter(court_case::Column::Status.eq(status.as_str()));
        }
        if let Some(capacity) = &filter.capacity {
            mine = mine.filter(participant::Column::Capacity.eq(capacity.as_str()));
        }
        for word in &filter.words {
            mine = mine.filter(holds(word));
        }
        let found: Vec<(Uuid, String, String)> = mine.into_tuple().all(&self.db().read).await?;
        let next = self.next_sittings(person, role, now).await?;
        Ok(found
            .into_iter()
            .map(|(id, number, filed_on)| ListedCase { id: CaseId(id), number, filed_on, next: next.get(&id).copied() })
            .collect())
    }

    /// These cases with the person's row in each, in the order of the ids; what is not there is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_by_id(
        &self,
        ids: &[CaseId],
        person: PersonId,
        role: &str,
    ) -> Result<Vec<(CaseRow, Participant)>, StoreError> {
        let (mut cases, mut parts) = (HashMap::new(), HashMap::new());
        for ids in ids.chunks(ROWS) {
            let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
            let rows = court_case::Entity::find().filter(court_case::Column::Id.is_in(ids.iter().copied()));
            cases.extend(rows.all(&self.db().read).await?.into_iter().map(|row| (row.id, row)));
            let mine = participant::Entity::find()
                .filter(participant::Column::Case.is_in(ids))
                .filter(participant::Column::Person.eq(person.0))
                .filter(participant::Column::Role.eq(role))
                .filter(participant::Column::EndedAt.is_null())
                .order_by_desc(participant::Column::Place)
                .all(&self.db().read)
                .await?;
            // Who has two capacities in one case stands in the list with the first.
            parts.extend(mine.into_iter().map(|row| (row.case, row)));
        }
        Ok(ids.iter().filter_map(|id| Some((cases.remove(&id.0)?.into(), parts.remove(&id.0)?.into()))).collect())
    }

    /// By case, the beginning of the sitting that is on or comes next.
    async fn next_sittings(&self, person: PersonId, role: &str, now: i64) -> Result<HashMap<Uuid, i64>, StoreError> {
        let of_room =
            membership::Entity::belongs_to(room::Entity).from(membership::Column::Record).to(room::Column::Id);
        let sittings: Vec<(Uuid, i64)> = membership::Entity::find()
            .select_only()
            .column(room::Column::Case)
            .column(room::Column::OpensAt)
            .join(JoinType::InnerJoin, of_room.into())
            .filter(membership::Column::Person.eq(person.0))
            .filter(membership::Column::Role.eq(role))
            .filter(membership::Column::UntilSeq.is_null())
            .filter(room::Column::ClosesAt.gt(now))
            .into_tuple()
            .all(&self.db().read)
            .await?;
        let mut next: HashMap<Uuid, i64> = HashMap::new();
        for (case, opens_at) in sittings {
            next.entry(case).and_modify(|first| *first = std::cmp::min(*first, opens_at)).or_insert(opens_at);
        }
        Ok(next)
    }
}

/// The case, or a party or agent of it, has the word in what it is found by.
fn holds(word: &str) -> Expr {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    let side = Query::select()
        .expr(Expr::val(1))
        .from_as(participant::Entity, "side")
        .and_where(Expr::col(("side", participant::Column::Case)).equals((court_case::Entity, court_case::Column::Id)))
        .and_where(Expr::col(("side", participant::Column::Role)).is_in(["party", "agent"]))
        .and_where(Expr::col(("side", participant::Column::EndedAt)).is_null())
        .and_where(Expr::col(("side", participant::Column::Search)).like(like()))
        .take();
    Expr::col((court_case::Entity, court_case::Column::Search)).like(like()).or(Expr::exists(side))
}
