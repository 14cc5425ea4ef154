//! Who may open the feed (SR-30): a browser with our exact origin and a ticket of its own session that nobody has used; a program with
//! its token.

use court::{Capacity, Phase};
use desk::testkit::{Caller, Kit};
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::kit::socket::{handshake, ticket};
use crate::kit::{House, Served, Socket, Trial};

async fn status(served: &Served, request: tokio_tungstenite::tungstenite::handshake::client::Request) -> u16 {
    Socket::with(served.connect().await, request).await.err().unwrap_or(101)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr30_a_browser_needs_our_origin_and_an_unused_ticket_of_its_own() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, plaintiff) = (trial.judge().caller, trial.seat(Capacity::Plaintiff).caller);
    assert_eq!(status(&served, handshake(&judge, None)).await, 401, "no ticket");
    assert_eq!(status(&served, handshake(&judge, Some("f00d"))).await, 401, "an invented ticket");
    let good = ticket(&judge).await;
    for origin in [
        "https://evil.example",
        "http://court.example",
        "https://court.example.evil.example",
        "null",
        "https://court.example:8443",
    ] {
        let mut request = handshake(&judge, Some(&good));
        request.headers_mut().insert("origin", HeaderValue::from_static(origin));
        assert_eq!(status(&served, request).await, 403, "{origin}");
    }
    let mut request = handshake(&judge, Some(&good));
    request.headers_mut().remove("origin");
    assert_eq!(status(&served, request).await, 403, "a browser always says its origin");
    assert_eq!(status(&served, handshake(&plaintiff, Some(&good))).await, 401, "a stolen ticket");
    // A ticket that somebody tried to use is used up, whoever it was.
    assert_eq!(status(&served, handshake(&judge, Some(&good))).await, 401);
    let once = ticket(&judge).await;
    assert_eq!(status(&served, handshake(&judge, Some(&once))).await, 101);
    assert_eq!(status(&served, handshake(&judge, Some(&once))).await, 401, "used twice");
    let late = ticket(&judge).await;
    house.kit.clock.advance(time::Duration::seconds(31));
    assert_eq!(status(&served, handshake(&judge, Some(&late))).await, 401, "thirty seconds are over");
    let ticket_alone = ticket(&judge).await;
    let anonymous: Caller = house.stranger();
    assert_eq!(status(&served, handshake(&anonymous, Some(&ticket_alone))).await, 401, "a ticket is no session");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr30_a_program_shows_its_token_and_nothing_else() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let judge = trial.judge();
    let desk = house.desk();
    let role = Some(court::Role::Judge);
    let token =
        desk::program_token(&desk.store, &*desk.clock, &*desk.chance, judge.person, role).await.expect("a token");
    let bearer = |origin: Option<&'static str>| {
        let mut request = handshake(&house.stranger(), None);
        let value = HeaderValue::from_str(&format!("Bearer {token}")).expect("a header");
        request.headers_mut().insert("authorization", value);
        request.headers_mut().remove("origin");
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", HeaderValue::from_static(origin));
        }
        request
    };
    let mut socket = Socket::with(served.connect().await, bearer(None)).await.expect("the feed opens");
    socket.watch(room, 0).await;
    assert_eq!(socket.act().await["seq"], 1);
    assert_eq!(status(&served, bearer(Some(Kit::ORIGIN))).await, 101);
    assert_eq!(status(&served, bearer(Some("https://evil.example"))).await, 403, "a page of somebody else's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr30_every_room_is_asked_for_anew() {
    let house = House::sqlite().await;
    let (ours, others) = (Trial::begin(&house, 1).await, Trial::begin(&house, 2).await);
    let (mine, theirs) = (ours.room(&house, Phase::Open).await, others.room(&house, Phase::Open).await);
    let served = Served::start(house.app.clone()).await;
    let mut socket = Socket::watching(&served, &ours.judge().caller, mine, 0).await;
    socket.act().await;
    socket.watch(theirs, 0).await;
    loop {
        let frame = socket.next().await.expect("a frame");
        if frame["room"] == theirs.to_string() {
            assert_eq!(frame["error"]["code"], "not_found");
            return;
        }
    }
}
