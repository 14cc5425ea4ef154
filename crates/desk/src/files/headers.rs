//! How a file is handed to a browser so that nothing in it can act: type, disposition, policy (SR-24, SR-28).

use std::fmt::Write as _;

use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use court::File;

/// What a browser may show by itself. Everything else can only be saved: SVG, HTML and XML are never here.
const SHOWN: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "application/pdf",
];

/// What may only be saved, under its own type; what is on neither list is saved as bytes.
const SAVED: &[&str] = &[
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

/// No script, no form, no frame of the file's own and no request; a picture or recording opened by itself may load itself.
const POLICY: &str = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The headers that every answer of the files' host carries, refusals too.
pub(crate) fn guard(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CORP, HeaderValue::from_static("cross-origin"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// The headers that say what a file is and whether it may be shown.
pub(crate) fn describe(file: &File, tag: &str, headers: &mut HeaderMap) {
    let shown = SHOWN.contains(&file.media_type.as_str());
    let known = shown || SAVED.contains(&file.media_type.as_str());
    let media_type = if known { file.media_type.as_str() } else { "application/octet-stream" };
    let disposition = disposition(if shown { "inline" } else { "attachment" }, &file.name);
    for (name, value) in [(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, &disposition), (ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
}

/// The disposition of a file that can only be saved, under this name.
pub(crate) fn saved(name: &str) -> String {
    disposition("attachment", name)
}

/// RFC 6266: a plain name for old programs, the real one as RFC 8187 has it.
fn disposition(how: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|char| if char.is_ascii_alphanumeric() || " !#$&+-.^_`~()[]{},;=@'".contains(char) { char } else { '_' })
        .collect();
    let mut text = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a string takes what is written to it");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use court::FileKind;

    use super::*;

    fn headers(name: &str, media_type: &str) -> HeaderMap {
        let file = File {
            kind: FileKind::Document,
            name: name.to_owned(),
            size: 1,
            media_type: media_type.to_owned(),
            sha256: record::Hash::ZERO,
            width: None,
            height: None,
            seconds: None,
            warnings: Vec::new(),
        };
        let mut headers = HeaderMap::new();
        describe(&file, "\"0\"", &mut headers);
        headers
    }

    #[test]
    fn sr24_only_pictures_recordings_and_pdf_are_shown_and_markup_is_saved_as_bytes() {
        for (media_type, how, sent_as) in [
            ("image/jpeg", "inline", "image/jpeg"),
            ("video/mp4", "inline", "video/mp4"),
            ("audio/webm", "inline", "audio/webm"),
            ("application/pdf", "inline", "application/pdf"),
            ("application/msword", "attachment", "application/msword"),
            ("image/svg+xml", "attachment", "application/octet-stream"),
            ("text/html", "attachment", "application/octet-stream"),
            ("application/xhtml+xml", "attachment", "application/octet-stream"),
            ("text/xml", "attachment", "application/octet-stream"),
            ("image/jpeg, text/html", "attachment", "application/octet-stream"),
        ] {
            let headers = headers("a.bin", media_type);
            assert_eq!(headers[CONTENT_TYPE], sent_as);
            assert!(headers[CONTENT_DISPOSITION].to_str().unwrap().starts_with(&format!("{how};")), "{media_type}");
        }
    }

    #[test]
    fn names_are_written_so_that_no_program_reads_them_wrongly() {
        for (name, expected) in [
            ("a b.pdf", "inline; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
            ("借条.pdf", "inline; filename=\"__.pdf\"; filename*=UTF-8''%E5%80%9F%E6%9D%A1.pdf"),
            (r#"a"b\c%41.pdf"#, "inline; filename=\"a_b_c_41.pdf\"; filename*=UTF-8''a%22b%5Cc%2541.pdf"),
            ("a\r\nb.pdf", "inline; filename=\"a__b.pdf\"; filename*=UTF-8''a%0D%0Ab.pdf"),
        ] {
            assert_eq!(headers(name, "application/pdf")[CONTENT_DISPOSITION], expected);
        }
    }
}
