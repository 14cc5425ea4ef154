//! The face service: adapter and simulator over a real socket, and everything that it may do wrong (SR-11).

use std::time::Duration;

use connect::identity::{FaceOutcome, FaceWish, IdentityFailure, IdentityPort};
use connect::simulator::{FaceMisbehaviour, Seen, SimulatedFaces, faces};
use connect::tencent::{TencentIdentity, TencentSettings};

use crate::kit::{KEY, MovableClock, SECRET, chance, outbound_to, serve};

struct Service {
    state: SimulatedFaces,
    port: TencentIdentity,
    address: std::net::SocketAddr,
    clock: MovableClock,
}

impl Service {
    async fn new() -> Service {
        let clock = MovableClock::default();
        let state = SimulatedFaces::new("http://faces.example", KEY, SECRET, clock.function(), chance());
        let address = serve(faces(state.clone())).await;
        let port = adapter(address, &clock, |_| ());
        Service { state, port, address, clock }
    }

    async fn begin(&self) -> String {
        self.port.begin(&wish()).await.expect("a check").token
    }
}

fn adapter(
    address: std::net::SocketAddr,
    clock: &MovableClock,
    set: impl FnOnce(&mut TencentSettings),
) -> TencentIdentity {
    let mut settings = TencentSettings {
        endpoint: format!("http://{address}/faceid"),
        secret_id: KEY.to_owned(),
        secret_key: SECRET.to_owned(),
        region: "ap-shanghai".to_owned(),
        rule: "0".to_owned(),
    };
    set(&mut settings);
    TencentIdentity::new(settings, outbound_to("127.0.0.1", address.port(), true), clock.function())
}

fn wish() -> FaceWish {
    FaceWish {
        name: "王一方".to_owned(),
        number: "710000199001310026".to_owned(),
        back: "https://court.example/me/identity".to_owned(),
        nonce: "for one person and one attempt".to_owned(),
    }
}

#[tokio::test]
async fn sr11_what_the_camera_saw_comes_back_with_whom_and_for_what() {
    let service = Service::new().await;
    for (seen, outcome) in [
        (Seen::Pass, FaceOutcome::Same),
        (Seen::Fail, FaceOutcome::Different { code: "2004".to_owned() }),
        (Seen::Spoof, FaceOutcome::NotAlive { code: "2011".to_owned() }),
        (Seen::Forge, FaceOutcome::Pending),
    ] {
        let token = service.begin().await;
        assert_eq!(service.port.result(&token).await.expect("a result").outcome, FaceOutcome::Pending, "before");
        service.state.see(&token, seen);
        let result = service.port.result(&token).await.expect("a result");
        assert_eq!(result.outcome, outcome);
        assert_eq!((result.name, result.number, result.nonce), (wish().name, wish().number, wish().nonce));
        // The vendor gives it as often as it is asked: that it is used once is the court's own duty.
        assert_eq!(service.port.result(&token).await.expect("a result").outcome, outcome);
    }
    let rejected = |code: &str| Err(IdentityFailure::Rejected { code: code.to_owned() });
    assert_eq!(service.port.result("nobody's").await, rejected("InvalidParameterValue.BizTokenIllegal"));
    let odd = FaceWish { number: "1".to_owned(), ..wish() };
    let refused = IdentityFailure::Rejected { code: "InvalidParameterValue.IdCardInvalid".to_owned() };
    assert_eq!(service.port.begin(&odd).await, Err(refused));
}

#[tokio::test]
async fn sr11_every_misbehaviour_is_told_apart() {
    let service = Service::new().await;
    let token = service.begin().await;
    service.state.see(&token, Seen::Pass);
    for wrong in
        [FaceMisbehaviour::Slow(Duration::from_secs(3)), FaceMisbehaviour::Status(502), FaceMisbehaviour::Garbage]
    {
        service.state.misbehave(wrong.clone());
        let told = service.port.result(&token).await;
        assert!(matches!(told, Err(IdentityFailure::Unavailable { .. })), "{wrong:?}: {told:?}");
    }
    for (wrong, code) in [
        (FaceMisbehaviour::SignatureError, "AuthFailure.SignatureFailure"),
        (FaceMisbehaviour::ClockSkew(600), "AuthFailure.SignatureExpire"),
        (FaceMisbehaviour::ClockSkew(-600), "AuthFailure.SignatureExpire"),
    ] {
        service.state.misbehave(wrong);
        assert_eq!(service.port.result(&token).await, Err(IdentityFailure::Rejected { code: code.to_owned() }));
    }
    service.state.misbehave(FaceMisbehaviour::OtherPerson);
    assert_ne!(service.port.result(&token).await.expect("a result").number, wish().number);
    service.state.misbehave(FaceMisbehaviour::OtherNonce);
    assert_ne!(service.port.result(&token).await.expect("a result").nonce, wish().nonce);
    assert_eq!(
        service.port.result(&token).await.expect("a result").outcome,
        FaceOutcome::Same,
        "and then it is well again"
    );
}

#[tokio::test]
async fn a_wrong_key_or_account_is_refused_and_nothing_private_is_printed() {
    let service = Service::new().await;
    let wrong = adapter(service.address, &service.clock, |settings| settings.secret_key = "another".to_owned());
    let refused = wrong.begin(&wish()).await;
    assert_eq!(refused, Err(IdentityFailure::Rejected { code: "AuthFailure.SignatureFailure".to_owned() }));
    let nobody = adapter(service.address, &service.clock, |settings| settings.secret_id = "nobody".to_owned());
    let refused = nobody.begin(&wish()).await;
    assert_eq!(refused, Err(IdentityFailure::Rejected { code: "AuthFailure.SecretIdNotFound".to_owned() }));
    let token = service.begin().await;
    service.state.see(&token, Seen::Pass);
    let printed = format!("{:?} {:?}", wish(), service.port.result(&token).await);
    assert!(!printed.contains("王一方") && !printed.contains("7100001990"), "{printed}");
}
