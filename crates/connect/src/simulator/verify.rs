//! Verifies ACS3-HMAC-SHA256 from the request as it arrived. Shares no line with the adapter's signer: other parsing, other encoding, and HMAC
//! written out from RFC 2104.

use http::HeaderMap;
use sha2::{Digest as _, Sha256};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// How far a request's date may be from the vendor's clock.
const MAX_SKEW: Duration = Duration::minutes(15);

/// What the gateway says of a request that it does not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// A request as it arrived.
pub(super) struct Arrived<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// Gives the request's nonce if it is signed rightly for `now`.
pub(super) fn verify(
    arrived: &Arrived<'_>,
    key_id: &str,
    secret: &str,
    now: OffsetDateTime,
) -> Result<String, Refused> {
    let authorization = header(arrived, "authorization")?;
    let fields = authorization.strip_prefix("ACS3-HMAC-SHA256 ").ok_or_else(|| incomplete("Authorization"))?;
    let field = |name: &str| {
        fields.split(',').find_map(|f| f.trim().strip_prefix(name)?.strip_prefix('=')).ok_or_else(|| incomplete(name))
    };
    if field("Credential")? != key_id {
        return Err(refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."));
    }
    let date = header(arrived, "x-acs-date")?;
    let date = OffsetDateTime::parse(date, &Rfc3339).map_err(|_| incomplete("x-acs-date"))?;
    if (now - date).abs() > MAX_SKEW {
        return Err(refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."));
    }
    let signed: Vec<&str> = field("SignedHeaders")?.split(';').collect();
    for name in arrived.headers.keys().map(http::HeaderName::as_str) {
        if (name == "host" || name.starts_with("x-acs-")) && !signed.contains(&name) {
            return Err(incomplete(name));
        }
    }
    let body_hash = hex::encode(Sha256::digest(arrived.body));
    if header(arrived, "x-acs-content-sha256")? != body_hash {
        return Err(mismatch("x-acs-content-sha256"));
    }
    let canonical = canonical(arrived, &signed, &body_hash)?;
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex::encode(Sha256::digest(&canonical)));
    let expected = hex::encode(rfc2104(secret.as_bytes(), to_sign.as_bytes()));
    if !expected.eq_ignore_ascii_case(field("Signature")?) {
        return Err(mismatch(&to_sign.replace('\n', "\\n")));
    }
    Ok(header(arrived, "x-acs-signature-nonce")?.to_owned())
}

fn canonical(arrived: &Arrived<'_>, signed: &[&str], body_hash: &str) -> Result<Vec<u8>, Refused> {
    let mut lines = vec![arrived.method.to_owned(), arrived.path.to_owned(), sorted_query(arrived.query)];
    for name in signed {
        lines.push(format!("{}:{}", name.to_lowercase(), header(arrived, name)?.trim()));
    }
    lines.push(String::new());
    lines.push(signed.join(";"));
    lines.push(body_hash.to_owned());
    Ok(lines.join("\n").into_bytes())
}

/// The query's pairs, decoded, sorted by their bytes and encoded again as the specification says.
fn sorted_query(query: &str) -> String {
    let mut pairs = pairs(query);
    pairs.sort();
    pairs.iter().map(|(k, v)| format!("{}={}", unreserved(k), unreserved(v))).collect::<Vec<_>>().join("&")
}

/// The pairs of a query or of a form.
pub(super) fn pairs(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex_digits = tail.get(..2).filter(|_| *first == b'%').and_then(|two| hex::decode(two).ok());
        match hex_digits {
            Some(byte) => {
                bytes.extend(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    bytes
}

fn unreserved(bytes: &[u8]) -> String {
    let as_is = |b: &u8| matches!(b, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~');
    bytes
        .iter()
        .map(|b| if as_is(b) { char::from(*b).to_string() } else { format!("%{}", hex::encode_upper([*b])) })
        .collect()
}

/// HMAC by its definition: H(K xor opad, H(K xor ipad, text)).
pub(super) fn rfc2104(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|b| b ^ 0x5C)).chain_update(inner).finalize().to_vec()
}

fn header<'a>(arrived: &Arrived<'a>, name: &str) -> Result<&'a str, Refused> {
    arrived.headers.get(name).and_then(|value| value.to_str().ok()).ok_or_else(|| incomplete(name))
}

fn refused(status: u16, code: &'static str, message: impl Into<String>) -> Refused {
    Refused { status, code, message: message.into() }
}

fn incomplete(what: &str) -> Refused {
    refused(400, "IncompleteSignature", format!("The request signature does not conform to Aliyun standards: {what}."))
}

pub(super) fn mismatch(server: &str) -> Refused {
    refused(
        400,
        "SignatureDoesNotMatch",
        format!("Specified signature does not match our calculation. server string to sign is:{server}"),
    )
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn published() -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
            (
                "authorization",
                "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
            ),
        ] {
            headers.insert(name, value.parse().expect("a header"));
        }
        headers
    }

    fn verdict(query: &str, headers: &HeaderMap, secret: &str) -> Result<String, &'static str> {
        let arrived = Arrived { method: "POST", path: "/", query, headers, body: b"" };
        verify(&arrived, "YourAccessKeyId", secret, datetime!(2023-10-26 10:30 UTC)).map_err(|refused| refused.code)
    }

    const QUERY: &str = "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd";

    #[test]
    fn the_published_example_is_let_in() {
        assert_eq!(
            verdict(QUERY, &published(), "YourAccessKeySecret").as_deref(),
            Ok("3156853299f313e23d1673dc12e1703d")
        );
    }

    #[test]
    fn any_change_keeps_the_published_example_out() {
        let mismatch = Err("SignatureDoesNotMatch");
        assert_eq!(verdict(QUERY, &published(), "another secret"), mismatch);
        assert_eq!(verdict(&QUERY.replace("shanghai", "beijing"), &published(), "YourAccessKeySecret"), mismatch);
        let mut headers = published();
        headers.insert("x-acs-action", "StopInstances".parse().expect("a header"));
        assert_eq!(verdict(QUERY, &headers, "YourAccessKeySecret"), mismatch);
        let mut headers = published();
        headers.insert("x-acs-security-token", "x".parse().expect("a header"));
        assert_eq!(verdict(QUERY, &headers, "YourAccessKeySecret"), Err("IncompleteSignature"), "not signed");
    }
}
