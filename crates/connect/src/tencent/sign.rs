//! TC3-HMAC-SHA256, written from the vendor's public specification ("签名方法 v3").
//!
//! The canonical request is six parts joined by newlines: method, path, query, signed headers with their values, their names, and the SHA-256 of the
//! body. What is signed is the algorithm's name, the time, the scope (day, product, `tc3_request`) and the SHA-256 of that; the key is drawn from the
//! secret by day, product and `tc3_request`, one HMAC after the other.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const SIGNED: &str = "content-type;host";

/// What is signed, beside the time. Always a POST of a body to `/`.
#[derive(Clone, Copy, Debug)]
pub struct Canonical<'a> {
    /// Host, with its port if the URL has one.
    pub host: &'a str,
    pub content_type: &'a str,
    /// The product, such as `cvm`.
    pub service: &'a str,
    /// The bytes of the body.
    pub body: &'a [u8],
}

/// The `Authorization` header of a request at this moment.
#[must_use]
pub fn authorization(request: &Canonical<'_>, id: &str, key: &str, now: OffsetDateTime) -> String {
    let Canonical { host, content_type, service, body } = request;
    let body_hash = hex::encode(Sha256::digest(body));
    let canonical = format!("POST\n/\n\ncontent-type:{content_type}\nhost:{host}\n\n{SIGNED}\n{body_hash}");
    let date = day(now);
    let scope = format!("{date}/{service}/tc3_request");
    let hashed = hex::encode(Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{hashed}", now.unix_timestamp());
    let drawn = [date.as_str(), service, "tc3_request"]
        .iter()
        .fold(format!("TC3{key}").into_bytes(), |key, part| hmac(&key, part.as_bytes()));
    let signature = hex::encode(hmac(&drawn, to_sign.as_bytes()));
    format!("{ALGORITHM} Credential={id}/{scope}, SignedHeaders={SIGNED}, Signature={signature}")
}

fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// The day in UTC, as the vendor counts it: `2019-02-25`.
fn day(at: OffsetDateTime) -> String {
    let date = at.to_offset(time::UtcOffset::UTC).date();
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The request of the specification's example, with a key of our own; the signature was computed apart, with Python's hmac.
    #[test]
    fn a_request_is_signed_for_its_day_product_and_body() {
        let now = OffsetDateTime::from_unix_timestamp(1_551_113_065).expect("a time");
        let body = br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
        let request = Canonical {
            host: "cvm.tencentcloudapi.com",
            content_type: "application/json; charset=utf-8",
            service: "cvm",
            body,
        };
        assert_eq!(
            hex::encode(Sha256::digest(body)),
            "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064",
            "the hash of the body in the specification's example"
        );
        const KEY: &str = "Gu5t9xGARNpq86cd98joQYCP3EXAMPLE";
        assert_eq!(
            authorization(&request, "AKIDEXAMPLE", KEY, now),
            "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, \
             Signature=45e3b86e4ff244d1a135395b39abef75fafc36a86a97d0f93536d055d3f5a5c3"
        );
    }
}
