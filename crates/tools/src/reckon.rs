//! What all calculations share: a mistake in what is asked becomes a problem with its code and sentence.

use axum::http::StatusCode;
use desk::Problem;
use rules::Wrong;

/// What is wrong with the question, as callers see it (422).
pub(crate) fn wrong(wrong: Wrong) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, wrong.code(), wrong.sentence())
}
