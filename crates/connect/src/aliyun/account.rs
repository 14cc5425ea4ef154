//! An account with the vendor: every operation of every product is called and signed in the same way.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request, Response};
use time::OffsetDateTime;

use super::VERSION;
use super::sign::{Canonical, sign};
use crate::outbound::Outbound;
use crate::{Chance, Clock};

/// A key, where it is used, and what signing needs.
#[derive(Clone)]
pub struct Account {
    /// Where the product is, without a path; must be on [`Outbound`]'s list.
    pub endpoint: String,
    /// The key's public part.
    pub access_key_id: String,
    /// The key's secret part.
    pub access_key_secret: String,
    /// The way out.
    pub outbound: Outbound,
    /// The time of each request.
    pub clock: Clock,
    /// Gives the nonce of each request.
    pub chance: Chance,
}

/// Why a call brought no answer.
pub(super) enum CallFailure {
    /// For the log; carries no URL.
    Unreachable(String),
    /// Only a setting with a control character in it can make a header or a URI that cannot be written.
    Settings,
}

impl Account {
    /// Signs and sends one call; gives whatever the vendor answered.
    pub(super) async fn call(
        &self,
        action: &str,
        query: &BTreeMap<&str, &str>,
    ) -> Result<Response<Bytes>, CallFailure> {
        let request = self.request(action, query)?;
        self.outbound.send(request).await.map_err(|error| CallFailure::Unreachable(error.to_string()))
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }

    pub(super) fn nonce(&self) -> String {
        hex::encode((self.chance)())
    }

    fn request(&self, action: &str, query: &BTreeMap<&str, &str>) -> Result<Request<Bytes>, CallFailure> {
        let endpoint = self.endpoint.trim_end_matches('/');
        let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
        let canonical = Canonical { method: "POST", path: "/", query, host, action, version: VERSION, body: b"" };
        let signature = sign(&canonical, &self.access_key_id, &self.access_key_secret, self.now(), &self.nonce());
        let mut request =
            Request::builder().method(Method::POST).uri(format!("{endpoint}/?{}", canonical.query_string()));
        for (name, value) in &signature.headers {
            request = request.header(*name, value);
        }
        request.body(Bytes::new()).map_err(|_| CallFailure::Settings)
    }
}
