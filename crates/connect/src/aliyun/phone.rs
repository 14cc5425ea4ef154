//! Alibaba Cloud's number protection (号码隐私保护) with fixed-line numbers: `BindAxbFixedLine` and `DeleteAxbBindFixedLine` of 2017-05-25, and the
//! receipts that the vendor pushes by HTTP.
//!
//! `BindAxb` with `UnbindSubscription` is the same product with mobile numbers; a court calls from 021, so the fixed-line operations are used.

mod receipt;
mod wire;

use std::collections::BTreeMap;

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};

use super::account::{Account, CallFailure};
use crate::phone::{Bind, Binding, CallReport, PhoneFailure, PhonePort, ReportRefused};

/// A pool of numbers with the vendor, and the account that it belongs to.
#[derive(Clone)]
pub struct AliyunPhoneSettings {
    /// The pool's id, `FC…`.
    pub pool: String,
    /// The area code without its zero, `21` for Shanghai.
    pub area: String,
    /// Which announcements the caller hears before the call: numbers of three recordings, as the vendor's contract says.
    pub announcements: String,
    /// What proves that a report comes from the vendor: the last part of the callback address that it was given. The vendor signs no receipts.
    pub callback_key: String,
}

/// [`PhonePort`] over the vendor's HTTP interface.
pub struct AliyunPhone {
    account: Account,
    settings: AliyunPhoneSettings,
}

impl AliyunPhone {
    /// An adapter for this pool.
    #[must_use]
    pub fn new(account: Account, settings: AliyunPhoneSettings) -> Self {
        Self { account, settings }
    }

    async fn call(&self, action: &str, query: &BTreeMap<&str, &str>) -> Result<wire::Answer, PhoneFailure> {
        let answer = self.account.call(action, query).await.map_err(unusable)?;
        wire::read(answer.status(), answer.body())
    }
}

#[async_trait]
impl PhonePort for AliyunPhone {
    async fn bind(&self, wish: &Bind) -> Result<Binding, PhoneFailure> {
        let now = self.account.now();
        let (stamp, begins) = (wire::stamp(now), wire::second(now));
        let expiration = wish.lasts.whole_seconds().max(60).to_string();
        let query = BTreeMap::from([
            ("AppId", self.settings.pool.as_str()),
            ("Ts", stamp.as_str()),
            // The vendor chooses the number, among those of the area.
            ("BindType", "mode102"),
            ("Areacode", self.settings.area.as_str()),
            ("OrderId", wish.request.as_str()),
            ("TelA", wish.a.as_str()),
            ("TelB", wish.b.as_str()),
            ("Subts", begins.as_str()),
            ("Anucode", self.settings.announcements.as_str()),
            ("Expiration", expiration.as_str()),
            // No recording: a call is not a hearing.
            ("Extra", r#"{"Callrecording":"0"}"#),
            ("Remark", wish.request.as_str()),
        ]);
        let data = self.call("BindAxbFixedLine", &query).await?.data;
        match data.map(|data| (data.subid, data.tel_x)) {
            Some((Some(id), Some(number))) => Ok(Binding { id, number }),
            _ => Err(PhoneFailure::Unavailable { reason: "answer without a number".to_owned() }),
        }
    }

    async fn unbind(&self, binding: &str) -> Result<(), PhoneFailure> {
        let stamp = wire::stamp(self.account.now());
        let order = self.account.nonce();
        let query = BTreeMap::from([
            ("AppId", self.settings.pool.as_str()),
            ("Ts", stamp.as_str()),
            ("OrderId", order.as_str()),
            ("SubId", binding),
        ]);
        match self.call("DeleteAxbBindFixedLine", &query).await {
            Err(PhoneFailure::Rejected { code }) if wire::is_gone(&code) => Ok(()),
            answer => answer.map(drop),
        }
    }

    fn reports(&self, key: &str, body: &[u8]) -> Result<Vec<CallReport>, ReportRefused> {
        // Hashes are compared, so that how far two keys agree is not told by the time it takes.
        if self.settings.callback_key.is_empty()
            || Sha256::digest(key.as_bytes()) != Sha256::digest(self.settings.callback_key.as_bytes())
        {
            return Err(ReportRefused::Forged);
        }
        receipt::read(&self.settings.pool, body)
    }
}

fn unusable(failure: CallFailure) -> PhoneFailure {
    match failure {
        CallFailure::Unreachable(reason) => PhoneFailure::Unavailable { reason },
        CallFailure::Settings => PhoneFailure::Rejected { code: "settings_invalid".to_owned() },
    }
}
