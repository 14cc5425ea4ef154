//! Alibaba Cloud's short-message service, `SendSms` and `QuerySendDetails` of 2017-05-25, signed with ACS3-HMAC-SHA256.

mod sign;
mod wire;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request};
use time::{OffsetDateTime, UtcOffset};

pub use sign::{Canonical, Signature, sign};

use crate::outbound::{Outbound, OutboundError};
use crate::sms::{SmsDelivery, SmsFailure, SmsMessage, SmsPort, SmsReceipt, SmsTemplate};
use crate::{Chance, Clock};

/// The version of the interface.
pub const VERSION: &str = "2017-05-25";

/// An account with the vendor.
#[derive(Clone)]
pub struct AliyunSettings {
    /// Where the service is, without a path: `https://dysmsapi.aliyuncs.com`; the simulator's address in a demo. Must be on [`Outbound`]'s list.
    pub endpoint: String,
    /// The key's public part.
    pub access_key_id: String,
    /// The key's secret part.
    pub access_key_secret: String,
    /// The approved signature that stands in 【】 before the text.
    pub sign_name: String,
    /// The approved template of the login code, `SMS_…`; has the place `${code}`.
    pub login_code: String,
    /// The approved template of the notice of a sitting.
    pub sitting_notice: String,
    /// The approved template of the reminder of a deadline.
    pub matter_reminder: String,
}

/// [`SmsPort`] over the vendor's HTTP interface.
pub struct AliyunSms {
    settings: AliyunSettings,
    outbound: Outbound,
    clock: Clock,
    chance: Chance,
}

impl AliyunSms {
    /// An adapter for this account; `chance` gives the nonce of each request.
    #[must_use]
    pub fn new(settings: AliyunSettings, outbound: Outbound, clock: Clock, chance: Chance) -> Self {
        Self { settings, outbound, clock, chance }
    }

    fn template(&self, template: SmsTemplate) -> &str {
        match template {
            SmsTemplate::LoginCode => &self.settings.login_code,
            SmsTemplate::SittingNotice => &self.settings.sitting_notice,
            SmsTemplate::MatterReminder => &self.settings.matter_reminder,
        }
    }

    /// Signs and sends one call; gives the vendor's answer if it says `OK`.
    async fn call(&self, action: &str, query: &BTreeMap<&str, &str>) -> Result<wire::Answer, SmsFailure> {
        let request = self.request(action, query)?;
        let answer = self.outbound.send(request).await.map_err(unreachable)?;
        wire::read(answer.status(), answer.body())
    }

    fn request(&self, action: &str, query: &BTreeMap<&str, &str>) -> Result<Request<Bytes>, SmsFailure> {
        let endpoint = self.settings.endpoint.trim_end_matches('/');
        let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
        let nonce = hex::encode((self.chance)());
        let canonical = Canonical { method: "POST", path: "/", query, host, action, version: VERSION, body: b"" };
        let signature =
            sign(&canonical, &self.settings.access_key_id, &self.settings.access_key_secret, (self.clock)(), &nonce);
        let mut request =
            Request::builder().method(Method::POST).uri(format!("{endpoint}/?{}", canonical.query_string()));
        for (name, value) in &signature.headers {
            request = request.header(*name, value);
        }
        // Only a setting with a control character in it can make a header or a URI that cannot be written.
        request.body(Bytes::new()).map_err(|_| SmsFailure::Rejected { code: "settings_invalid".to_owned() })
    }
}

#[async_trait]
impl SmsPort for AliyunSms {
    async fn send(&self, message: SmsMessage) -> Result<SmsReceipt, SmsFailure> {
        let params = serde_json::to_string(&message.params)
            .map_err(|_| SmsFailure::Rejected { code: "isv.INVALID_JSON_PARAM".to_owned() })?;
        let query = BTreeMap::from([
            ("PhoneNumbers", message.to.as_str()),
            ("SignName", self.settings.sign_name.as_str()),
            ("TemplateCode", self.template(message.template)),
            ("TemplateParam", params.as_str()),
        ]);
        let answer = self.call("SendSms", &query).await?;
        match answer.biz_id {
            Some(id) => Ok(SmsReceipt { id, request: answer.request_id.unwrap_or_default() }),
            None => Err(SmsFailure::Unavailable { reason: "answer without BizId".to_owned() }),
        }
    }

    async fn delivery(&self, receipt: &SmsReceipt, to: &str, sent: OffsetDateTime) -> Result<SmsDelivery, SmsFailure> {
        let day = beijing_day(sent);
        let query = BTreeMap::from([
            ("BizId", receipt.id.as_str()),
            ("CurrentPage", "1"),
            ("PageSize", "10"),
            ("PhoneNumber", to),
            ("SendDate", day.as_str()),
        ]);
        Ok(wire::delivery(&self.call("QuerySendDetails", &query).await?))
    }
}

/// The vendor counts days in Beijing.
pub(crate) fn beijing_day(at: OffsetDateTime) -> String {
    let offset = UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC);
    let date = at.to_offset(offset).date();
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

fn unreachable(error: OutboundError) -> SmsFailure {
    SmsFailure::Unavailable { reason: error.to_string() }
}
