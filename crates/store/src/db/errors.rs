//! What the errors of the two databases mean to us.

use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::ErrorKind;

use crate::error::StoreError;

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Another transaction came in between; everything was rolled back.
    Again,
    /// There is such a row already.
    Twice,
    /// The rows contradict the schema.
    Rows,
    /// The disk is full.
    Full,
    /// The database refused or was never reached; everything was rolled back.
    Down,
    /// The connection was lost: if that was at the commit, nobody knows whether it happened.
    Lost,
}

impl Trouble {
    pub(crate) fn of(error: &DbErr) -> Trouble {
        match sqlx_error(error) {
            Some(sqlx::Error::Database(told)) => {
                let code = told.code().unwrap_or_default();
                match told.kind() {
                    ErrorKind::UniqueViolation => Trouble::Twice,
                    ErrorKind::ForeignKeyViolation | ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
                        Trouble::Rows
                    }
                    _ => match (sqlite_primary(told.as_ref()), &*code) {
                        // SQLITE_BUSY, SQLITE_LOCKED; serialization_failure, deadlock_detected.
                        (Some(5 | 6), _) | (None, "40001" | "40P01") => Trouble::Again,
                        // SQLITE_FULL; disk_full.
                        (Some(13), _) | (None, "53100") => Trouble::Full,
                        // duplicate_table, duplicate_object: another node is making the schema.
                        (None, "42P07" | "42710") => Trouble::Twice,
                        // The server ends the connection, or has lost it: admin_shutdown, crash_shutdown, connection_exception.
                        (None, code) if code.starts_with("57P0") || code.starts_with("08") => Trouble::Lost,
                        // Values that do not fit: data_exception and what is under it.
                        (None, code) if code.starts_with("22") => Trouble::Rows,
                        // SQLITE_TOOBIG, SQLITE_MISMATCH.
                        (Some(18 | 20), _) => Trouble::Rows,
                        _ => Trouble::Down,
                    },
                }
            }
            Some(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed) => Trouble::Lost,
            _ => Trouble::Down,
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match Trouble::of(&error) {
            Trouble::Again | Trouble::Twice => StoreError::Conflict,
            Trouble::Full => StoreError::Full,
            Trouble::Rows => StoreError::Corrupt(error.to_string()),
            Trouble::Down | Trouble::Lost => StoreError::Unavailable(Box::new(error)),
        }
    }
}

/// Whether SQLite could not write or sync (SQLITE_IOERR and all that is under it). A full disk is not that: it is told before anything
/// is lost. PostgreSQL looks after its own disk and ends itself.
pub(crate) fn disk_failed(error: &DbErr) -> bool {
    matches!(sqlx_error(error), Some(sqlx::Error::Database(told)) if sqlite_primary(told.as_ref()) == Some(10))
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}

/// The primary result code, which is the lowest byte of an extended one; none if this is not SQLite.
fn sqlite_primary(told: &(dyn sqlx::error::DatabaseError + 'static)) -> Option<u32> {
    told.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    told.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}
