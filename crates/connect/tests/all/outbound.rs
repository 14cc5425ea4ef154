//! SR-38: nothing leaves for a place that is not on the list, and nothing on the list leads elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use bytes::Bytes;
use connect::outbound::{Outbound, OutboundError};

use crate::kit::{outbound_to, serve};

async fn fetch(outbound: &Outbound, url: &str) -> Result<http::Response<Bytes>, OutboundError> {
    outbound.send(http::Request::get(url).body(Bytes::new()).expect("a request")).await
}

/// A server that counts who reaches it.
async fn counting() -> (u16, Arc<AtomicU64>) {
    let reached = Arc::new(AtomicU64::new(0));
    let count = reached.clone();
    let router = Router::new().fallback(move || {
        count.fetch_add(1, Ordering::Relaxed);
        async { "reached" }
    });
    (serve(router).await.port(), reached)
}

#[tokio::test]
async fn sr38_this_machine_is_refused_in_every_spelling() {
    let (port, reached) = counting().await;
    for host in
        ["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "localhost", "0.0.0.0", "2130706433", "0x7f.1", "169.254.169.254"]
    {
        // Even when somebody wrote it into the configuration, unless it says "private".
        let listed = reqwest::Url::parse(&format!("https://{host}")).expect("a URL");
        let listed = listed.host_str().expect("a host").trim_matches(['[', ']']);
        let outbound = outbound_to(listed, port, false);
        let refused = fetch(&outbound, &format!("https://{host}:{port}/")).await;
        assert!(matches!(refused, Err(OutboundError::PrivateAddress)), "{host}: {refused:?}");
        let plain = fetch(&outbound, &format!("http://{host}:{port}/")).await;
        assert!(matches!(plain, Err(OutboundError::NotAllowed)), "{host} without TLS: {plain:?}");
    }
    assert_eq!(reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn sr38_what_is_not_on_the_list_is_refused() {
    let (port, reached) = counting().await;
    let outbound = outbound_to("127.0.0.1", port, true);
    for url in [
        "https://example.com/".to_owned(),
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.1:{}/", port ^ 1),
        format!("http://127.0.0.1@example.com:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://127.0.0.1/".to_owned(),
    ] {
        let refused = fetch(&outbound, &url).await;
        assert!(matches!(refused, Err(OutboundError::NotAllowed)), "{url}: {refused:?}");
    }
    assert_eq!(reached.load(Ordering::Relaxed), 0);
    let answer = fetch(&outbound, &format!("http://127.0.0.1:{port}/")).await.expect("an answer");
    assert_eq!(&answer.body()[..], b"reached");
}

#[tokio::test]
async fn sr38_a_name_is_listed_as_private_for_its_own_port_only() {
    let (port, reached) = counting().await;
    assert!(fetch(&outbound_to("localhost", port, true), &format!("http://localhost:{port}/")).await.is_ok());
    let other = fetch(&outbound_to("localhost", port ^ 1, true), &format!("http://localhost:{port}/")).await;
    assert!(matches!(other, Err(OutboundError::NotAllowed)), "{other:?}");
    assert_eq!(reached.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn sr38_a_redirect_is_not_followed() {
    let (inside, reached) = counting().await;
    let router = Router::new()
        .route("/", get(move || async move { Redirect::to(&format!("http://127.0.0.1:{inside}/secret")) }));
    let port = serve(router).await.port();
    let refused = fetch(&outbound_to("127.0.0.1", port, true), &format!("http://127.0.0.1:{port}/")).await;
    assert!(matches!(refused, Err(OutboundError::Redirected(303))), "{refused:?}");
    assert_eq!(reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn sr38_an_answer_has_a_size() {
    let router = Router::new()
        .route("/fits", get(|| async { vec![b'x'; 64 * 1024] }))
        .route("/large", get(|| async { vec![b'x'; 64 * 1024 + 1] }));
    let port = serve(router).await.port();
    let outbound = outbound_to("127.0.0.1", port, true);
    assert!(fetch(&outbound, &format!("http://127.0.0.1:{port}/fits")).await.is_ok());
    let refused = fetch(&outbound, &format!("http://127.0.0.1:{port}/large")).await;
    assert!(matches!(refused, Err(OutboundError::TooLarge)), "{refused:?}");
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let refused = fetch(&outbound_to("127.0.0.1", port, true), &format!("http://127.0.0.1:{port}/13900000001")).await;
    assert!(matches!(refused, Err(OutboundError::Timeout)), "{refused:?}");
}

#[tokio::test]
async fn sr29_an_error_does_not_print_the_url() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let refused =
        fetch(&outbound_to("127.0.0.1", port, true), &format!("http://127.0.0.1:{port}/?PhoneNumbers=13900000001"))
            .await;
    let text = refused.expect_err("nobody there").to_string();
    assert!(!text.contains("13900000001"), "{text}");
}
