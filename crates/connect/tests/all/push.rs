//! Web push over a real socket: what leaves is what RFC 8030, 8291 and 8292 say, and what may not leave does not.

use std::sync::Arc;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connect::outbound::{Destination, Outbound, OutboundSettings};
use connect::push::{PushFailure, PushMessage, PushPort, PushTarget, Urgency, Vapid, WebPush, WebPushSettings};
use connect::simulator::{PushOrder, PushService};
use serde_json::Value;

use crate::kit::{MovableClock, chance, outbound_to};

struct Road {
    service: PushService,
    push: WebPush,
    clock: MovableClock,
}

fn vapid(random: u8) -> Vapid {
    Vapid::new(&Vapid::write(&[random; 32]), "mailto:court@example.com").expect("a key")
}

async fn road(random: u8) -> Road {
    let clock = MovableClock::default();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a listener for the runtime");
    let service = PushService::new(format!("http://{address}"), clock.function(), chance());
    let router = service.router();
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    tokio::spawn(async move { axum::serve(listener, router).await });
    let outbound = outbound_to("127.0.0.1", address.port(), true);
    let settings = WebPushSettings { vapid: vapid(random), outbound, clock: clock.function(), chance: chance() };
    Road { service, push: WebPush::new(settings), clock }
}

fn target(subscription: &Value) -> PushTarget {
    let key = |name: &str| URL_SAFE_NO_PAD.decode(subscription["keys"][name].as_str().unwrap()).unwrap();
    PushTarget {
        endpoint: subscription["endpoint"].as_str().unwrap().to_owned(),
        p256dh: key("p256dh"),
        auth: key("auth"),
    }
}

fn message(payload: &str) -> PushMessage {
    PushMessage { payload: payload.to_owned(), topic: "T1".to_owned(), urgency: Urgency::High, ttl: 3_600 }
}

#[tokio::test]
async fn a_message_arrives_and_only_its_browser_can_read_it() {
    let road = road(7).await;
    let browser = road.service.browser(&road.push.public_key());
    let to = target(&browser);
    assert!(road.push.takes(&to.endpoint));
    road.push.send(&to, &message("微庭：您有新的消息")).await.unwrap();
    let arrived = road.service.messages();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].payload, "微庭：您有新的消息");
    assert_eq!((arrived[0].topic.as_deref(), arrived[0].ttl), (Some("T1"), 3_600));
    assert_eq!(arrived[0].urgency.as_deref(), Some("high"));
    // Sealed with another browser's keys it cannot be opened.
    let mut other = target(&road.service.browser(&road.push.public_key()));
    other.endpoint = to.endpoint.clone();
    assert!(matches!(road.push.send(&other, &message("x")).await, Err(PushFailure::Rejected(_))));
    assert_eq!(road.service.messages().len(), 1);
    assert!(!format!("{to:?}").contains("push"), "an endpoint is a secret");
}

#[tokio::test]
async fn who_did_not_get_the_subscription_cannot_send_and_an_old_token_is_of_no_use() {
    let (ours, theirs) = (road(7).await, road(8).await);
    let to = target(&ours.service.browser(&theirs.push.public_key()));
    assert!(matches!(ours.push.send(&to, &message("x")).await, Err(PushFailure::Rejected(_))));
    assert_eq!(ours.service.refused(), 1);
    let own = target(&ours.service.browser(&ours.push.public_key()));
    ours.clock.pass(3 * 24 * 3_600);
    ours.push.send(&own, &message("x")).await.unwrap();
    // A token is made for one service and for half a day.
    let now = ours.clock.now();
    let (first, later) =
        (vapid(7).authorization("https://a.example", now), vapid(7).authorization("https://b.example", now));
    assert_ne!(first, later);
}

#[tokio::test]
async fn answers_of_the_service_become_what_is_to_be_done() {
    let road = road(7).await;
    let to = target(&road.service.browser(&road.push.public_key()));
    let answered = async |answer: StatusCode, retry_after| {
        road.service.order(PushOrder { answer: answer.as_u16(), times: 1, retry_after });
        road.push.send(&to, &message("x")).await
    };
    for gone in [StatusCode::NOT_FOUND, StatusCode::GONE] {
        assert_eq!(answered(gone, None).await, Err(PushFailure::Gone));
    }
    let limited = answered(StatusCode::TOO_MANY_REQUESTS, Some(30)).await;
    assert!(matches!(limited, Err(PushFailure::Unavailable { after: Some(30), .. })));
    let endless = answered(StatusCode::SERVICE_UNAVAILABLE, Some(9_000_000)).await;
    assert!(matches!(endless, Err(PushFailure::Unavailable { after: Some(3_600), .. })));
    for refused in [StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::FORBIDDEN, StatusCode::FOUND] {
        assert!(matches!(answered(refused, None).await, Err(PushFailure::Rejected(_))), "{refused}");
    }
    road.push.send(&to, &message("x")).await.unwrap();
}

#[tokio::test]
async fn sr38_nothing_leaves_for_a_place_that_is_no_push_service() {
    let outbound = |host: &str| {
        outbound_to("127.0.0.1", 1, true);
        let destinations = vec![Destination { host: host.to_owned(), port: 443, allow_private: false }];
        Outbound::new(&OutboundSettings { destinations, ..Default::default() }).unwrap()
    };
    let push = |host: &str| {
        let clock = MovableClock::default();
        let settings =
            WebPushSettings { vapid: vapid(7), outbound: outbound(host), clock: clock.function(), chance: chance() };
        Arc::new(WebPush::new(settings))
    };
    let (exact, any) = (push("push.example.com"), push("*.notify.example.com"));
    assert!(exact.takes("https://push.example.com/send/abc"));
    assert!(any.takes("https://wns2.notify.example.com/w/?token=abc"));
    for wrong in [
        "http://push.example.com/send/abc",
        "https://push.example.com:8443/x",
        "https://push.example.com.evil.example/x",
        "https://user@push.example.com/x",
        "https://push.example.com@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://notify.example.com/x",
        "https://a.b.notify.example.com/x",
        "https://evil.example/push.example.com",
        "file:///etc/passwd",
        "",
    ] {
        assert!(!exact.takes(wrong) && !any.takes(wrong), "{wrong}");
        let to = PushTarget { endpoint: wrong.to_owned(), p256dh: vec![4; 65], auth: vec![0; 16] };
        assert!(matches!(exact.send(&to, &message("x")).await, Err(PushFailure::Rejected(_))), "{wrong}");
    }
}

#[test]
fn a_key_that_is_none_and_a_contact_that_is_none_are_refused() {
    assert!(Vapid::new("AAAA", "mailto:a@b").is_err());
    assert!(Vapid::new(&Vapid::write(&[0; 32]), "mailto:a@b").is_err());
    assert!(Vapid::new(&Vapid::write(&[7; 32]), "court").is_err());
    assert_eq!(vapid(7).public_key().len(), 87);
}
