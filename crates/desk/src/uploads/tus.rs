//! The words of tus 1.0: versions, lengths, offsets, metadata, dates.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use store::Purpose;
use time::OffsetDateTime;
use time::macros::{format_description, offset};

use crate::{Desk, Problem};

pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(super) const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(super) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(super) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// The version of the protocol that is spoken here.
pub(super) const SPOKEN: HeaderValue = HeaderValue::from_static("1.0.0");
/// What the body of a part calls itself.
pub(super) const PART: &str = "application/offset+octet-stream";

/// The longest file name that is read, in bytes.
const NAME_LIMIT: usize = 4096;

/// A request whose client speaks the same version; others get 412.
pub(super) struct Tus;

impl FromRequestParts<Desk> for Tus {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Desk) -> Result<Tus, Problem> {
        if parts.headers.get(RESUMABLE) == Some(&SPOKEN) {
            return Ok(Tus);
        }
        let detail = "上传程序的版本与服务器不一致，请刷新页面后重试。";
        Err(Problem::new(StatusCode::PRECONDITION_FAILED, "tus_version", detail))
    }
}

/// Says the version on every answer, and on a 412 which versions would do.
pub(super) async fn say_version(mut response: Response) -> Response {
    response.headers_mut().insert(RESUMABLE, SPOKEN);
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert(VERSION, SPOKEN);
    }
    response
}

/// A header that is a number of bytes.
pub(super) fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "upload_header_invalid", "上传请求不完整，请刷新页面后重试。")
            .with("header", name.as_str())
    })
}

/// Whether the body says that it is a part of a file.
pub(super) fn is_part(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(PART)
}

/// The file name in `Upload-Metadata` (`key base64, key base64, …`), as it may be shown; none when there is none that can be read.
pub(super) fn filename(headers: &HeaderMap) -> Option<String> {
    metadata(headers, "filename").flatten().map(|name| papers::display_name(&name))
}

/// What the file is for: a record, unless `purpose` in `Upload-Metadata` says `tool` or `identity`.
pub(super) fn purpose(headers: &HeaderMap) -> Result<Purpose, Problem> {
    match metadata(headers, "purpose") {
        None => Ok(Purpose::Record),
        Some(Some(word)) if word == "tool" => Ok(Purpose::Tool),
        Some(Some(word)) if word == "identity" => Ok(Purpose::Identity),
        Some(_) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "upload_header_invalid", "上传请求不完整，请刷新页面后重试。")
                .with("header", METADATA.as_str()))
        }
    }
}

/// The value of a key in `Upload-Metadata`, if the key is there and, inside, if it can be read.
fn metadata(headers: &HeaderMap, wanted: &str) -> Option<Option<String>> {
    let metadata = headers.get(METADATA)?.to_str().ok()?;
    // A key may stand without a value.
    let mut pairs = metadata.split(',').map(str::trim).map(|pair| pair.split_once(' ').unwrap_or((pair, "")));
    let encoded = pairs.find(|(key, _)| *key == wanted)?.1.trim();
    let decoded = (encoded.len() <= NAME_LIMIT).then(|| STANDARD.decode(encoded).ok()).flatten();
    Some(decoded.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// An instant as HTTP writes it (RFC 9110 5.6.7).
pub(super) fn http_date(micros: i64) -> HeaderValue {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    let instant: OffsetDateTime = court::beijing::from_micros(micros).to_offset(offset!(UTC));
    let text = instant.format(format).unwrap_or_default();
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn named(metadata: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(METADATA, HeaderValue::from_str(metadata).unwrap());
        filename(&headers)
    }

    #[test]
    fn a_file_name_is_read_from_the_metadata_and_made_safe() {
        assert_eq!(named("filename YS5qcGc=").as_deref(), Some("a.jpg"));
        assert_eq!(named("filetype aW1hZ2UvanBlZw==,filename 5YCf5p2hLmpwZw==").as_deref(), Some("借条.jpg"));
        assert_eq!(named("filename Li4vLi4vYS5qcGc=").as_deref(), Some("a.jpg"), "../../a.jpg");
        for bad in ["", "filename", "filename ", "filename !!!", "filename /w==", "name YS5qcGc=", "filenameYS5qcGc="] {
            assert!(named(bad).is_none_or(|name| name == "未命名文件"), "{bad}");
        }
        assert_eq!(named(&format!("filename {}", "YWFh".repeat(2000))), None, "longer than any name");
    }

    #[test]
    fn f70_a_file_is_for_a_record_unless_it_is_said_to_be_for_a_tool() {
        let said = |metadata: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(METADATA, HeaderValue::from_str(metadata).unwrap());
            purpose(&headers).ok()
        };
        assert_eq!(said("filename YS5qcGc="), Some(Purpose::Record));
        assert_eq!(said("filename YS5qcGc=,purpose dG9vbA=="), Some(Purpose::Tool));
        for wrong in ["purpose cmVjb3Jk", "purpose ", "purpose !", "purpose dG9vbA"] {
            assert_eq!(said(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_are_digits_only() {
        for (text, expected) in
            [("0", Some(0)), ("2147483648", Some(1 << 31)), ("+1", None), ("-1", None), ("", None), ("1e3", None)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(LENGTH, HeaderValue::from_static(text));
            assert_eq!(number(&headers, &LENGTH).ok(), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_written_as_http_has_them() {
        let micros = court::beijing::micros(datetime!(2026-11-06 08:49:37 UTC));
        assert_eq!(http_date(micros), "Fri, 06 Nov 2026 08:49:37 GMT");
    }
}
