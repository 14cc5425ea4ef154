//! Where courts and their tribunals are, as the operator has loaded it (法院导航).

use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, QueryOrder};

use crate::db::retrying;
use crate::error::StoreError;
use crate::schema::court_place;
use crate::store::Store;

/// Rows of one statement.
const ROWS: usize = 100;

/// A court, or a tribunal of one.
#[derive(Clone, Debug, PartialEq)]
pub struct CourtPlace {
    /// 省、市: what people choose first.
    pub region: String,
    pub name: String,
    /// The court that a tribunal belongs to; empty for a court.
    pub court: String,
    pub address: String,
    pub phone: String,
    /// Latitude and longitude in degrees.
    pub at: Option<(f64, f64)>,
    /// What the degrees are measured in: `wgs84` or `gcj02`.
    pub coordinate: String,
}

impl Store {
    /// Puts these places, in their order, in place of all that were there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_court_places(&self, places: &[CourtPlace]) -> Result<(), StoreError> {
        retrying(async || {
            let tx = self.db().begin().await?;
            court_place::Entity::delete_many().exec(&*tx).await?;
            let row = |(id, place): (usize, &CourtPlace)| court_place::ActiveModel {
                id: Set(i32::try_from(id).unwrap_or(i32::MAX)),
                region: Set(place.region.clone()),
                name: Set(place.name.clone()),
                court: Set(place.court.clone()),
                address: Set(place.address.clone()),
                phone: Set(place.phone.clone()),
                latitude: Set(place.at.map(|(latitude, _)| latitude)),
                longitude: Set(place.at.map(|(_, longitude)| longitude)),
                coordinate: Set(place.coordinate.clone()),
            };
            let rows: Vec<_> = places.iter().enumerate().map(row).collect();
            for rows in rows.chunks(ROWS) {
                court_place::Entity::insert_many(rows.to_vec()).exec_without_returning(&*tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// All places, in the order in which they were loaded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn court_places(&self) -> Result<Vec<CourtPlace>, StoreError> {
        let rows = court_place::Entity::find().order_by_asc(court_place::Column::Id).all(&self.db().read).await?;
        let place = |row: court_place::Model| CourtPlace {
            region: row.region,
            name: row.name,
            court: row.court,
            address: row.address,
            phone: row.phone,
            at: row.latitude.zip(row.longitude),
            coordinate: row.coordinate,
        };
        Ok(rows.into_iter().map(place).collect())
    }
}
