//! What is signed, and what becomes of it when it is changed.

use certs::cms::{sign_detached, verify_detached};
use certs::{Algorithm, FileKey, KeyFault, Signer, sha256};
use proptest::prelude::*;

use crate::kit::{court, file, rsa};

#[test]
fn what_was_signed_verifies_and_says_by_whom() {
    let (_, p256, _) = court();
    for (key, algorithm) in [
        (p256, Algorithm::EcdsaP256Sha256),
        (rsa("court-rsa.p12"), Algorithm::RsaSha256),
        (rsa("court-rsa-legacy.pfx"), Algorithm::RsaSha256),
    ] {
        assert_eq!(key.algorithm(), algorithm);
        let mut message =
            sign_detached(sha256("判决如下".as_bytes()), &key).expect("signed").to_der(None).expect("DER");
        // What is left of the room in a PDF.
        message.extend([0; 100]);
        let verified = verify_detached(&message, &["判决".as_bytes(), "如下".as_bytes()]).expect("intact");
        assert_eq!(verified.signer.subject(), "某某区人民法院（测试）");
        assert!(verify_detached(&message, &["判决如上".as_bytes()]).is_err());
        assert!(verify_detached(&message, &["判决如下。".as_bytes()]).is_err());
    }
}

#[test]
fn openssl_accepts_the_message_too() {
    let folder = std::env::temp_dir().join(format!("weiting-cms-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (authority, key, _) = court();
    let message = sign_detached(sha256(b"content"), &key).expect("signed").to_der(None).expect("DER");
    std::fs::write(folder.join("message"), message).expect("a file");
    std::fs::write(folder.join("content"), b"content").expect("a file");
    std::fs::write(folder.join("root"), authority.root().to_pem()).expect("a file");
    let answer = std::process::Command::new("openssl")
        .current_dir(&folder)
        .args(["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "message", "-content", "content"])
        .args(["-CAfile", "root", "-purpose", "any", "-attime", "1795829400", "-out", "/dev/null"])
        .output();
    let answer = answer.expect("openssl");
    let words = String::from_utf8_lossy(&answer.stderr).into_owned();
    std::fs::remove_dir_all(&folder).ok();
    assert!(answer.status.success(), "{words}");
}

#[test]
fn a_key_and_a_certificate_that_do_not_belong_together_are_refused() {
    let (authority, _, _) = court();
    let issued = |name| authority.issue(name, certs::Purpose::Documents, crate::kit::NOW).expect("a certificate").pem;
    let (first, second) = (issued("甲"), issued("乙"));
    let key = first.split("-----BEGIN CERTIFICATE").next().expect("a key");
    let chain = &second[second.find("-----BEGIN CERTIFICATE").expect("a certificate")..];
    assert!(matches!(FileKey::from_pem(&format!("{key}{chain}")), Err(KeyFault::Mismatch)));
    assert!(matches!(FileKey::from_pem(chain), Err(KeyFault::Malformed(_))));
    assert!(matches!(FileKey::from_pem(key), Err(KeyFault::Malformed(_))));
    assert!(matches!(FileKey::from_pkcs12(&file("court-rsa.p12"), "wrong"), Err(KeyFault::Locked)));
    assert!(matches!(FileKey::from_pkcs12(b"rubbish", "weiting"), Err(KeyFault::Locked)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Every byte of a message matters, but for what verifying does not need: then it says the same signer.
    #[test]
    fn a_changed_message_never_verifies_as_somebody_else(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let (_, key, _) = court();
        let mut message = sign_detached(sha256(b"content"), &key).expect("signed").to_der(None).expect("DER");
        let at = place.index(message.len());
        message[at] ^= 1 << bit;
        if let Ok(verified) = verify_detached(&message, &[b"content"]) {
            prop_assert_eq!(verified.signer.der(), key.chain()[0].der());
        }
    }

    #[test]
    fn rubbish_is_a_fault_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(verify_detached(&bytes, &[b"content"]).is_err());
    }
}
