//! ACS3-HMAC-SHA256, written from the vendor's public specification ("V3 版本请求体&签名机制").
//!
//! The canonical request is six parts joined by newlines: method, path, sorted query, signed headers with their values, their names, and the
//! SHA-256 of the body. What is signed is the algorithm's name and the SHA-256 of that.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// The name of the algorithm as it stands in the header.
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// What is signed, beside time and nonce.
#[derive(Clone, Copy, Debug)]
pub struct Canonical<'a> {
    /// `POST` or `GET`.
    pub method: &'a str,
    /// The path as sent, encoded; `/` for this service.
    pub path: &'a str,
    /// Parameters, not encoded.
    pub query: &'a BTreeMap<&'a str, &'a str>,
    /// Host, with its port if the URL has one.
    pub host: &'a str,
    /// The operation, such as `SendSms`.
    pub action: &'a str,
    /// The version of the interface.
    pub version: &'a str,
    /// The bytes of the body.
    pub body: &'a [u8],
}

impl Canonical<'_> {
    /// The sorted and encoded query; the URL must carry exactly this.
    #[must_use]
    pub fn query_string(&self) -> String {
        let pairs: Vec<String> = self.query.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        pairs.join("&")
    }
}

/// The headers that make a request a signed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name and value, `authorization` last.
    pub headers: Vec<(&'static str, String)>,
}

/// Signs `request` for the moment `now` with a `nonce` that is used once.
#[must_use]
pub fn sign(request: &Canonical<'_>, key_id: &str, secret: &str, now: OffsetDateTime, nonce: &str) -> Signature {
    let body_hash = hex::encode(Sha256::digest(request.body));
    // In the order of the alphabet, as the canonical form wants them.
    let mut headers = vec![
        ("host", request.host.to_owned()),
        ("x-acs-action", request.action.to_owned()),
        ("x-acs-content-sha256", body_hash.clone()),
        ("x-acs-date", timestamp(now)),
        ("x-acs-signature-nonce", nonce.to_owned()),
        ("x-acs-version", request.version.to_owned()),
    ];
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let mut canonical = format!("{}\n{}\n{}\n", request.method, request.path, request.query_string());
    for (name, value) in &headers {
        canonical.push_str(&format!("{name}:{}\n", value.trim()));
    }
    canonical.push_str(&format!("\n{names}\n{body_hash}"));
    let to_sign = format!("{ALGORITHM}\n{}", hex::encode(Sha256::digest(canonical.as_bytes())));
    let signature = hex::encode(hmac(secret.as_bytes(), to_sign.as_bytes()));
    headers.push((
        "authorization",
        format!("{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"),
    ));
    Signature { headers }
}

fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// ISO 8601 in UTC, whole seconds: `2023-10-26T10:22:32Z`.
fn timestamp(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// Percent-encoding that leaves only RFC 3986's unreserved characters.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// The example with fixed values in the vendor's documentation of the V3 signature.
    #[test]
    fn the_published_example_is_signed_as_published() {
        let query = BTreeMap::from([
            ("RegionId", "cn-shanghai"),
            ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
        ]);
        let request = Canonical {
            method: "POST",
            path: "/",
            query: &query,
            host: "ecs.cn-shanghai.aliyuncs.com",
            action: "RunInstances",
            version: "2014-05-26",
            body: b"",
        };
        let signature = sign(
            &request,
            "YourAccessKeyId",
            "YourAccessKeySecret",
            datetime!(2023-10-26 10:22:32 UTC),
            "3156853299f313e23d1673dc12e1703d",
        );
        let (name, value) = signature.headers.last().expect("a header");
        assert_eq!(*name, "authorization");
        assert_eq!(
            value,
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;\
             x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        );
    }

    #[test]
    fn values_are_encoded_as_rfc_3986_says() {
        assert_eq!(encode("a b+c*d~e/f"), "a%20b%2Bc%2Ad~e%2Ff");
        assert_eq!(encode("微庭"), "%E5%BE%AE%E5%BA%AD");
    }

    #[test]
    fn time_is_written_in_utc() {
        assert_eq!(timestamp(datetime!(2026-11-23 07:00:00.999 +8)), "2026-11-22T23:00:00Z");
    }
}
