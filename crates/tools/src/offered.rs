//! Which tools this court's server can offer.

use axum::extract::State;
use desk::rim::Json;
use desk::{Account, Desk, Problem};
use papers::reading::Turn;
use papers::work::Task;
use serde::Serialize;
use utoipa::ToSchema;

/// The tools.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedTools {
    /// 图片转文字
    pub text: Tool,
    /// 电子签名
    pub signature: Tool,
}

/// Whether a tool can be used here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tool {
    pub available: bool,
    /// Why not, in Chinese.
    #[schema(required)]
    pub sentence: Option<String>,
}

/// Say which tools can be used on this court's server.
#[utoipa::path(
    get, path = "/api/tools", operation_id = "tools", tag = "tools",
    responses(
        (status = 200, description = "The tools", body = OfferedTools),
        (status = 401, description = "Not logged in", body = desk::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn tools(State(desk): State<Desk>, _account: Account) -> Result<Json<OfferedTools>, Problem> {
    let offered = |task: &Task| match desk.worker.can(task) {
        Ok(()) => Tool { available: true, sentence: None },
        Err(missing) => Tool { available: false, sentence: Some(missing.sentence().to_owned()) },
    };
    let text = offered(&Task::Recognise { turn: Turn::None });
    Ok(Json(OfferedTools { text, signature: offered(&Task::Mark { marks: Vec::new() }) }))
}
