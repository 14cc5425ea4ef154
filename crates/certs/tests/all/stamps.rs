//! Time stamps: asked, given, checked.

use certs::timestamp::{Request, Response, Stamp, issue};
use certs::{Anchors, Fault, Purpose, sha256};
use time::macros::datetime;

use crate::kit::{NOW, court, file, rsa_root};

fn request() -> Request {
    Request { sha256: sha256(b"weiting"), nonce: Some(vec![0, 0x81, 7, 9]), wants_certificate: true }
}

#[test]
fn a_stamp_says_what_when_and_by_whom() {
    let (authority, _, anchors) = court();
    let key = authority.issue("测试时间戳", Purpose::TimeStamps, NOW).expect("a certificate").key;
    let asked = Request::from_der(&request().to_der().expect("DER")).expect("a request");
    let token = issue(&asked, &key, NOW, 7).expect("a token");
    let answer = Response::from_der(&Response::Granted { token }.to_der().expect("DER")).expect("a response");
    let Response::Granted { token } = answer else { panic!("refused") };
    let stamp = Stamp::from_token(&token).expect("intact");
    assert_eq!(stamp.at, NOW);
    assert_eq!(stamp.authority.subject(), "测试时间戳");
    assert!(stamp.is_of(b"weiting") && !stamp.is_of(b"Weiting"));
    assert_eq!(request().is_answered_by(&stamp), Ok(()));
    assert_eq!(stamp.check(&anchors), Ok(()));
    assert!(stamp.check(&Anchors::default()).is_err());

    let another = Request { nonce: Some(vec![1]), ..request() };
    assert_eq!(another.is_answered_by(&stamp), Err(Fault::Wrong("the time stamp has another nonce")));
    let another = Request { sha256: [0; 32], ..request() };
    assert_eq!(another.is_answered_by(&stamp), Err(Fault::Wrong("the time stamp is of something else")));
}

#[test]
fn openssls_stamp_is_read_and_believed() {
    let Ok(Response::Granted { token }) = Response::from_der(&file("openssl.tsr")) else { panic!("refused") };
    let stamp = Stamp::from_token(&token).expect("intact");
    assert!(stamp.is_of(b"weiting"));
    assert_eq!(stamp.authority.subject(), "测试时间戳");
    assert!(stamp.at > datetime!(2026-01-01 00:00 UTC));
    assert_eq!(stamp.check(&rsa_root()), Ok(()));
    let asked = Request::from_der(&file("openssl.tsq")).expect("a request");
    assert_eq!(asked.is_answered_by(&stamp), Ok(()));
    assert!(asked.wants_certificate);
}

#[test]
fn a_certificate_for_documents_gives_no_time() {
    let (_, key, anchors) = court();
    let token = issue(&request(), &key, NOW, 1).expect("a token");
    let stamp = Stamp::from_token(&token).expect("intact");
    assert!(stamp.check(&anchors).is_err());
}

#[test]
fn a_refusal_keeps_its_words() {
    let refused = Response::Refused { status: 2, words: "busy".into() };
    assert_eq!(Response::from_der(&refused.to_der().expect("DER")), Ok(refused));
    assert!(Response::from_der(b"<html>").is_err());
    assert!(Request::from_der(b"GET / HTTP/1.1").is_err());
}

#[test]
fn a_changed_token_is_none() {
    let (authority, _, _) = court();
    let key = authority.issue("测试时间戳", Purpose::TimeStamps, NOW).expect("a certificate").key;
    let token = issue(&request(), &key, NOW, 7).expect("a token");
    let year = token.windows(4).position(|part| part == b"2026").expect("a time");
    let mut later = token;
    later[year + 3] = b'7';
    assert!(Stamp::from_token(&later).is_err());
}
