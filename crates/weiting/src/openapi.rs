//! The OpenAPI document: what the routes say of themselves, and for each operation its row of `policy.toml`.

use court::Policy;

use crate::serve;

/// The document as it is committed in `docs/openapi.json`.
pub fn text() -> anyhow::Result<String> {
    let (_, api) = serve::api().split_for_parts();
    let document = desk::openapi::document(api, &Policy::builtin())?;
    Ok(serde_json::to_string_pretty(&document)?)
}
