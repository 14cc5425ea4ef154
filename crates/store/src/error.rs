//! What may go wrong below.

/// Why the store did not do what it was asked. Nothing has changed, unless a function says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Database, disk or object store cannot be reached or is too busy; later it may work (503).
    #[error("the store is not available: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something else was written meanwhile, or there is one already (409).
    #[error("something else was written meanwhile")]
    Conflict,
    /// No room left on the disk; reading still works (507).
    #[error("no space left")]
    Full,
    /// More bytes than were announced or are allowed (413).
    #[error("more bytes than allowed")]
    TooLarge,
    /// What is asked for is not there (404).
    #[error("not there")]
    NotFound,
    /// What was read cannot have been written by this program.
    #[error("the stored data is damaged: {0}")]
    Corrupt(String),
    /// Personal data were asked for before the court's key was handed in.
    #[error("personal data are locked: the court's key has not been handed in")]
    Locked,
    /// The settings, or the database that they name, cannot be used. Said at the start, for the person who runs the court.
    #[error("{0}")]
    Settings(String),
}
