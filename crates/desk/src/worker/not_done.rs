//! Why a task was not done.

use axum::http::StatusCode;
use papers::FileRefusal;

use super::Missing;
use crate::Problem;

/// Why a task was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// It is the file's fault: trying again changes nothing.
    #[error(transparent)]
    Refused(FileRefusal),
    /// It took more time, memory or room than its task may.
    #[error("the task takes too much: {0}")]
    Resource(String),
    /// The worker broke.
    #[error("the worker broke: {0}")]
    Bug(String),
    /// This machine cannot do it.
    #[error("the task cannot be done on this machine")]
    Missing(Missing),
    /// Not now.
    #[error("the worker is busy, or cannot be started")]
    Unavailable,
}

impl NotDone {
    /// By whose fault, as it is noted and counted.
    pub fn class(&self) -> &'static str {
        match self {
            NotDone::Refused(_) => "bad_input",
            NotDone::Resource(_) => "resource",
            NotDone::Bug(_) => "bug",
            NotDone::Missing(_) => "missing",
            NotDone::Unavailable => "unavailable",
        }
    }

    /// The stable code that programs rely on.
    pub fn code(&self) -> &'static str {
        match self {
            NotDone::Refused(refusal) => refusal.code(),
            NotDone::Resource(_) | NotDone::Bug(_) => "view_unavailable",
            NotDone::Missing(_) => "view_switched_off",
            NotDone::Unavailable => "unavailable",
        }
    }

    /// A sentence in Chinese for the person who wanted to see something.
    pub fn detail(&self) -> String {
        match self {
            NotDone::Refused(refusal) => refusal.detail(),
            NotDone::Missing(missing) => missing.sentence().to_owned(),
            NotDone::Resource(_) | NotDone::Bug(_) | NotDone::Unavailable => UNAVAILABLE.to_owned(),
        }
    }
}

/// What people are told of a view that could not be made after all attempts.
pub(crate) const UNAVAILABLE: &str = "这个文件的预览无法生成，请下载原件查看。";

impl From<NotDone> for Problem {
    fn from(not_done: NotDone) -> Self {
        match &not_done {
            NotDone::Unavailable => Problem::unavailable(),
            NotDone::Missing(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, not_done.code(), not_done.detail()),
            _ => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, not_done.code(), not_done.detail()),
        }
    }
}
