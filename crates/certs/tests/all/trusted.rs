//! Who is believed.

use certs::{Anchors, Purpose, Signer};
use time::Duration;

use crate::kit::{NOW, court, rsa, rsa_root};

#[test]
fn a_chain_must_lead_to_an_anchor_at_that_time() {
    let (_, key, anchors) = court();
    let [own, others @ ..] = key.chain() else { panic!("a chain") };
    assert_eq!(anchors.check(own, others, NOW, Purpose::Documents), Ok(()));
    assert_eq!(anchors.check(own, &[], NOW, Purpose::Documents), Ok(()));
    let (_, _, other) = court();
    for (anchors, at, purpose) in [
        (&Anchors::default(), NOW, Purpose::Documents),
        // Another authority of the very same name.
        (&other, NOW, Purpose::Documents),
        (&anchors, NOW + Duration::days(4000), Purpose::Documents),
        (&anchors, NOW - Duration::days(2), Purpose::Documents),
        (&anchors, NOW, Purpose::TimeStamps),
    ] {
        let distrust = anchors.check(own, others, at, purpose).expect_err("not believed");
        assert_eq!(distrust.subject, "某某区人民法院（测试）");
    }
}

#[test]
fn a_certificate_of_rsa_is_believed_too() {
    let key = rsa("court-rsa.p12");
    let [own, others @ ..] = key.chain() else { panic!("a chain") };
    assert_eq!(rsa_root().check(own, others, NOW + Duration::days(1), Purpose::Documents), Ok(()));
}

#[test]
fn broken_pem_is_a_fault() {
    assert!(Anchors::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").is_err());
    assert!(Anchors::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n").is_err());
    assert!(Anchors::from_pem("nothing at all").is_ok());
}
