//! A court and a time-stamping authority, over HTTP.

use std::sync::Arc;
use std::time::Duration;

use certs::authority::Authority;
use certs::timestamp::Stamp;
use certs::{Anchors, Purpose, sha256};
use connect::simulator::{SimulatedStamps, StampMisbehaviour, timestamps};
use connect::timestamp::{Rfc3161, TimestampFailure, Timestamps};

use crate::kit::{MovableClock, chance, outbound_to, serve};

struct Court {
    authority: SimulatedStamps,
    clock: MovableClock,
    stamps: Rfc3161,
}

async fn court() -> Court {
    let clock = MovableClock::default();
    let now = clock.now();
    let (root, _) = Authority::new("微庭测试根证书", now).expect("an authority");
    let (stranger, _) = Authority::new("别处的根证书", now).expect("an authority");
    let key = root.issue("测试时间戳", Purpose::TimeStamps, now).expect("a certificate").key;
    let other = stranger.issue("测试时间戳", Purpose::TimeStamps, now).expect("a certificate").key;
    let authority = SimulatedStamps::new(Arc::new(key), Some(Arc::new(other)), clock.function());
    let address = serve(timestamps(authority.clone())).await;
    let anchors = Anchors::from_certificates(&[root.root().clone()]).expect("anchors");
    let outbound = outbound_to("127.0.0.1", address.port(), true);
    let stamps = Rfc3161::new(format!("http://{address}/"), anchors, outbound, clock.function(), chance());
    Court { authority, clock, stamps }
}

impl Court {
    async fn stamp(&self) -> Result<Vec<u8>, TimestampFailure> {
        self.stamps.stamp(sha256(b"transcript")).await
    }

    async fn stamp_while(&self, wrong: StampMisbehaviour) -> TimestampFailure {
        self.authority.misbehave(wrong);
        let failure = self.stamp().await.expect_err("a failure");
        // What went wrong once does no harm to the next.
        self.stamp().await.expect("a token");
        failure
    }
}

#[tokio::test]
async fn a_hash_gets_a_token_of_now() {
    let court = court().await;
    let stamp = Stamp::from_token(&court.stamp().await.expect("a token")).expect("a stamp");
    assert!(stamp.is_of(b"transcript"));
    assert_eq!(stamp.at, court.clock.now());
    assert_eq!(court.authority.issued(), 1);
}

#[tokio::test]
async fn an_authority_that_cannot_be_reached_is_unavailable() {
    let court = court().await;
    for wrong in
        [StampMisbehaviour::Status(500), StampMisbehaviour::Garbage, StampMisbehaviour::Slow(Duration::from_secs(5))]
    {
        let failure = court.stamp_while(wrong.clone()).await;
        assert!(matches!(failure, TimestampFailure::Unavailable { .. }), "{wrong:?}: {failure}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_authoritys_words() {
    let failure = court().await.stamp_while(StampMisbehaviour::Refuse).await;
    assert_eq!(failure, TimestampFailure::Refused { status: 2, words: "the policy is not supported".into() });
}

#[tokio::test]
async fn a_token_for_something_else_is_not_taken() {
    let court = court().await;
    for wrong in [
        StampMisbehaviour::WrongNonce,
        StampMisbehaviour::NoNonce,
        StampMisbehaviour::OtherImprint,
        StampMisbehaviour::ClockSkew(-3600),
        StampMisbehaviour::ClockSkew(3600),
        StampMisbehaviour::Altered,
    ] {
        let failure = court.stamp_while(wrong.clone()).await;
        assert!(matches!(failure, TimestampFailure::Wrong { .. }), "{wrong:?}: {failure}");
    }
}

#[tokio::test]
async fn a_token_of_a_stranger_is_not_believed() {
    let failure = court().await.stamp_while(StampMisbehaviour::OtherKey).await;
    assert!(matches!(failure, TimestampFailure::Untrusted { .. }), "{failure}");
}
