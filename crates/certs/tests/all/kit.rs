//! An authority for the test, and files that OpenSSL made.

use certs::authority::Authority;
use certs::{Anchors, FileKey, Purpose};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-28 09:30:00 +8);

/// An authority, a court's key that it issued, and who believes it.
pub(crate) fn court() -> (Authority, FileKey, Anchors) {
    let (authority, _) = Authority::new("微庭测试根证书", NOW).expect("an authority");
    let key = authority.issue("某某区人民法院（测试）", Purpose::Documents, NOW).expect("a certificate").key;
    let anchors = Anchors::from_certificates(&[authority.root().clone()]).expect("anchors");
    (authority, key, anchors)
}

pub(crate) fn file(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).expect("a fixture")
}

/// The RSA key that OpenSSL made, in a file of today and in one of yesterday.
pub(crate) fn rsa(name: &str) -> FileKey {
    FileKey::from_pkcs12(&file(name), "weiting").expect("a key")
}

pub(crate) fn rsa_root() -> Anchors {
    Anchors::from_pem(&String::from_utf8(file("root-rsa.pem")).expect("PEM")).expect("anchors")
}
