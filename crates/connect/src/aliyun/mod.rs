//! Alibaba Cloud: the short-message service (`SendSms` and `QuerySendDetails` of 2017-05-25) and virtual numbers, signed with ACS3-HMAC-SHA256.

mod account;
mod phone;
mod sign;
mod wire;

use std::collections::BTreeMap;

use async_trait::async_trait;
use time::{OffsetDateTime, UtcOffset};

pub use account::Account;
pub use phone::{AliyunPhone, AliyunPhoneSettings};
pub use sign::{Canonical, Signature, sign};

use self::account::CallFailure;
use crate::outbound::Outbound;
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
    /// The approved template of the code before signing; has the place `${code}`.
    pub step_up_code: String,
    /// The approved template of the code of real-name verification; has the place `${code}`. None: the login code's is used.
    pub identity_code: Option<String>,
    /// The approved template of the notice of a sitting.
    pub sitting_notice: String,
    /// The approved template of the reminder of a deadline.
    pub matter_reminder: String,
    /// The approved template that says that there is something to look at; none: nothing of the kind is sent.
    pub message: Option<String>,
}

/// [`SmsPort`] over the vendor's HTTP interface.
pub struct AliyunSms {
    settings: AliyunSettings,
    account: Account,
}

impl AliyunSms {
    /// An adapter for this account; `chance` gives the nonce of each request.
    #[must_use]
    pub fn new(settings: AliyunSettings, outbound: Outbound, clock: Clock, chance: Chance) -> Self {
        let account = Account {
            endpoint: settings.endpoint.clone(),
            access_key_id: settings.access_key_id.clone(),
            access_key_secret: settings.access_key_secret.clone(),
            outbound,
            clock,
            chance,
        };
        Self { settings, account }
    }

    fn template(&self, template: SmsTemplate) -> Result<&str, SmsFailure> {
        let missing = || SmsFailure::Rejected { code: "template_missing".to_owned() };
        match template {
            SmsTemplate::LoginCode => Ok(&self.settings.login_code),
            SmsTemplate::StepUpCode => Ok(&self.settings.step_up_code),
            SmsTemplate::IdentityCode => Ok(self.settings.identity_code.as_ref().unwrap_or(&self.settings.login_code)),
            SmsTemplate::SittingNotice => Ok(&self.settings.sitting_notice),
            SmsTemplate::MatterReminder => Ok(&self.settings.matter_reminder),
            SmsTemplate::Message => self.settings.message.as_deref().ok_or_else(missing),
        }
    }

    /// Signs and sends one call; gives the vendor's answer if it says `OK`.
    async fn call(&self, action: &str, query: &BTreeMap<&str, &str>) -> Result<wire::Answer, SmsFailure> {
        let answer = self.account.call(action, query).await.map_err(unusable)?;
        wire::read(answer.status(), answer.body())
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
            ("TemplateCode", self.template(message.template)?),
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

fn unusable(failure: CallFailure) -> SmsFailure {
    match failure {
        CallFailure::Unreachable(reason) => SmsFailure::Unavailable { reason },
        CallFailure::Settings => SmsFailure::Rejected { code: "settings_invalid".to_owned() },
    }
}
