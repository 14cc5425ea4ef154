//! Tencent Cloud: face verification (FaceID, `DetectAuth` and `GetDetectInfoEnhanced` of 2018-03-01), signed with TC3-HMAC-SHA256.

mod sign;
mod wire;

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use sign::{Canonical, authorization};

use crate::Clock;
use crate::identity::{FaceCheck, FaceResult, FaceWish, IdentityFailure, IdentityPort};
use crate::outbound::Outbound;

/// The version of the interface.
pub const VERSION: &str = "2018-03-01";
/// The product, as it stands in a signature's scope.
pub const SERVICE: &str = "faceid";
const JSON: &str = "application/json; charset=utf-8";

/// An account with the vendor.
#[derive(Clone)]
pub struct TencentSettings {
    /// Where the service is, without a path: `https://faceid.tencentcloudapi.com`; the simulator's address in a demo.
    pub endpoint: String,
    /// The key's public part.
    pub secret_id: String,
    /// The key's secret part.
    pub secret_key: String,
    /// `ap-shanghai`; empty: none is named.
    pub region: String,
    /// The number of the flow that the court has set up with the vendor.
    pub rule: String,
}

/// [`IdentityPort`] over the vendor's HTTP interface.
pub struct TencentIdentity {
    settings: TencentSettings,
    outbound: Outbound,
    clock: Clock,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DetectAuth<'a> {
    rule_id: &'a str,
    id_card: &'a str,
    name: &'a str,
    redirect_url: &'a str,
    extra: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetDetectInfoEnhanced<'a> {
    biz_token: &'a str,
    rule_id: &'a str,
    /// `1`: the verdict in words, no pictures.
    info_type: &'a str,
}

impl TencentIdentity {
    /// An adapter for this account.
    #[must_use]
    pub fn new(settings: TencentSettings, outbound: Outbound, clock: Clock) -> Self {
        Self { settings, outbound, clock }
    }

    async fn call<T: DeserializeOwned>(&self, action: &str, body: &impl Serialize) -> Result<T, IdentityFailure> {
        let settings = || IdentityFailure::Rejected { code: "settings_invalid".to_owned() };
        let body = serde_json::to_vec(body).map_err(|_| settings())?;
        let endpoint = self.settings.endpoint.trim_end_matches('/');
        let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
        let host = host.split('/').next().unwrap_or(host);
        let now = (self.clock)();
        let canonical = Canonical { host, content_type: JSON, service: SERVICE, body: &body };
        let signed = authorization(&canonical, &self.settings.secret_id, &self.settings.secret_key, now);
        let mut request = Request::post(format!("{endpoint}/"))
            .header("authorization", signed)
            .header("content-type", JSON)
            .header("x-tc-action", action)
            .header("x-tc-version", VERSION)
            .header("x-tc-timestamp", now.unix_timestamp().to_string());
        if !self.settings.region.is_empty() {
            request = request.header("x-tc-region", &self.settings.region);
        }
        let request = request.body(Bytes::from(body)).map_err(|_| settings())?;
        let answer = self.outbound.send(request).await;
        let answer = answer.map_err(|error| IdentityFailure::Unavailable { reason: error.to_string() })?;
        wire::read(answer.status(), answer.body())
    }
}

#[async_trait]
impl IdentityPort for TencentIdentity {
    async fn begin(&self, wish: &FaceWish) -> Result<FaceCheck, IdentityFailure> {
        let asked = DetectAuth {
            rule_id: &self.settings.rule,
            id_card: &wish.number,
            name: &wish.name,
            redirect_url: &wish.back,
            extra: &wish.nonce,
        };
        let begun: wire::Begun = self.call("DetectAuth", &asked).await?;
        Ok(FaceCheck { token: begun.biz_token, url: begun.url })
    }

    async fn result(&self, token: &str) -> Result<FaceResult, IdentityFailure> {
        let asked = GetDetectInfoEnhanced { biz_token: token, rule_id: &self.settings.rule, info_type: "1" };
        let detected: wire::Detected = self.call("GetDetectInfoEnhanced", &asked).await?;
        Ok(detected.result())
    }
}
