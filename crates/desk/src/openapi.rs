//! The OpenAPI document: what the routes say, and for each operation its row of `policy.toml`.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use court::Policy;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Desk;
use crate::live::{ClientFrame, ServerFrame};

/// The finished document, shared by all requests.
#[derive(Clone, Debug)]
pub struct Document(Arc<str>);

impl Document {
    /// Keeps the document as text.
    pub fn new(document: Value) -> Document {
        Document(document.to_string().into())
    }
}

/// Where policy and API do not fit together: nothing may be reachable that policy does not name (SR-13).
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    #[error("the operation {0:?} has no row in policy.toml")]
    NoRow(String),
    #[error("policy.toml has a row for {0:?}, which is no operation")]
    NoOperation(String),
    #[error("{0} {1} has no operation id")]
    NoId(String, String),
}

/// The document's route.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// Read this document.
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "openapi", tag = "server",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json"))
)]
async fn openapi(Extension(document): Extension<Document>) -> Response {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], document.0.to_string()).into_response()
}

/// Finishes the document: title, frames of the live feed, `x-authz` of every operation.
///
/// # Errors
/// The first operation without a row in the policy, or row without an operation.
pub fn document(api: OpenApi, policy: &Policy) -> Result<Value, Mismatch> {
    let mut document = serde_json::to_value(&api).expect("an OpenAPI document is plain data");
    document["info"] = json!({
        "title": "Weiting 微庭",
        "version": env!("CARGO_PKG_VERSION"),
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        "description": "An online court. Every error is a problem (RFC 9457) with a stable `code` and a Chinese `detail`."
    });
    add_frames(&mut document);
    merge_tagged(&mut document);
    let mut seen = BTreeSet::new();
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !operation.is_object() {
                continue;
            }
            let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            if id.is_empty() {
                return Err(Mismatch::NoId(method.clone(), path.clone()));
            }
            let row = policy.operations().get(&id).ok_or_else(|| Mismatch::NoRow(id.clone()))?;
            operation["x-authz"] =
                json!({ "relation": row.relation.code(), "object": row.object, "effect": row.effect.code() });
            seen.insert(id);
        }
    }
    match policy.operations().keys().find(|id| !seen.contains(*id)) {
        Some(id) => Err(Mismatch::NoOperation(id.clone())),
        None => Ok(document),
    }
}

/// WebSocket frames are no operation; they are listed so that clients get their types too.
fn add_frames(document: &mut Value) {
    use utoipa::{PartialSchema, ToSchema};
    let mut schemas = Vec::new();
    ClientFrame::schemas(&mut schemas);
    ServerFrame::schemas(&mut schemas);
    schemas.push((ClientFrame::name().into_owned(), ClientFrame::schema()));
    schemas.push((ServerFrame::name().into_owned(), ServerFrame::schema()));
    let Some(known) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, schema) in schemas {
        let schema = serde_json::to_value(schema).expect("a schema is plain data");
        known.entry(name).or_insert(schema);
    }
}

/// A tagged variant is written as "this schema, and a kind". Where the schema allows no other field, nothing could ever match both;
/// so the kind is put among the schema's own fields.
fn merge_tagged(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let known = document["components"]["schemas"].as_object_mut();
    for schema in known.into_iter().flat_map(Map::values_mut) {
        // `get_mut`, because looking a field up by index would make it.
        for variant in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(merged) = merged(variant, &schemas) {
                *variant = merged;
            }
        }
    }
}

fn merged(variant: &Value, schemas: &Value) -> Option<Value> {
    let [reference, kind] = variant["allOf"].as_array()?.as_slice() else { return None };
    let name = reference["$ref"].as_str()?.rsplit('/').next()?;
    let mut whole = schemas.get(name)?.clone();
    let fields = kind["properties"].as_object()?;
    let object = whole.as_object_mut()?;
    object.entry("properties").or_insert_with(|| json!({})).as_object_mut()?.extend(fields.clone());
    let required = object.entry("required").or_insert_with(|| json!([])).as_array_mut()?;
    required.extend(fields.keys().map(|field| json!(field)));
    object.remove("description");
    Some(whole)
}
