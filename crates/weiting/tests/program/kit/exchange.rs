//! The simulated telephone service beside a house: the vendor's own wire format both ways. What it pushes is kept until the test hands it in, as
//! often and in whatever order it likes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use connect::aliyun::{Account, AliyunPhone, AliyunPhoneSettings};
use connect::outbound::{Destination, Outbound, OutboundSettings};
use connect::simulator::{Misbehaviour, Order, SimulatedPool, SimulatorSettings, SimulatorState, simulator};
use court::PersonId;
use desk::jobs::Outcome;
use desk::testkit::{Answer, Caller, MovableClock};
use desk::{Clock, Desk, Parts};
use serde_json::{Value, json};

use super::House;

/// The key that the simulated service was given.
pub(crate) const HOOK_KEY: &str = "HookKeyHookKeyHookKeyHookKey0123";

pub(crate) struct Exchange {
    state: SimulatorState,
    caller: Caller,
    receipts: Arc<Mutex<Vec<Bytes>>>,
}

impl House {
    /// The same program, with a simulated telephone service.
    pub(crate) async fn with_exchange(mut self) -> (House, Exchange) {
        rustls::crypto::ring::default_provider().install_default().ok();
        let receipts = Arc::new(Mutex::new(Vec::new()));
        let kept = receipts.clone();
        let relay = post(async move |body: Bytes| {
            kept.lock().expect("a lock").push(body);
            StatusCode::OK
        });
        let relay = serve(Router::new().route("/receipts", relay)).await;
        let clock = {
            let clock: Arc<MovableClock> = self.kit.clock.clone();
            Arc::new(move || clock.now()) as connect::Clock
        };
        let settings = SimulatorSettings {
            access_key_id: "own".to_owned(),
            access_key_secret: "own-secret".to_owned(),
            sign_names: Vec::new(),
            templates: Vec::new(),
            pool: Some(SimulatedPool {
                id: "FC1".to_owned(),
                numbers: (1..4).map(|n| format!("0210000000{n}")).collect(),
                callback: format!("http://{relay}/receipts"),
                again_after: Vec::new(),
            }),
        };
        let state = SimulatorState::new(settings, clock.clone());
        let app = simulator(state.clone());
        let vendor = serve(app.clone()).await;
        let chance = self.desk().chance.clone();
        let account = Account {
            endpoint: format!("http://{vendor}"),
            access_key_id: "own".to_owned(),
            access_key_secret: "own-secret".to_owned(),
            outbound: Outbound::new(&OutboundSettings {
                destinations: vec![Destination {
                    host: "127.0.0.1".to_owned(),
                    port: vendor.port(),
                    allow_private: true,
                }],
                ..OutboundSettings::default()
            })
            .expect("a client"),
            clock,
            chance: Arc::new(move || chance.bytes()),
        };
        let settings = AliyunPhoneSettings {
            pool: "FC1".to_owned(),
            area: "21".to_owned(),
            announcements: "1,2,3".to_owned(),
            callback_key: HOOK_KEY.to_owned(),
        };
        let desk = self.desk();
        let parts = Parts {
            config: desk.config.clone(),
            policy: desk.policy.clone(),
            store: desk.store.clone(),
            hub: desk.hub.clone(),
            tickets: Default::default(),
            uploads: Default::default(),
            files: Default::default(),
            worker: desk.worker.clone(),
            views: Default::default(),
            sms: self.kit.sms.clone(),
            phone: Some(Arc::new(AliyunPhone::new(account, settings))),
            identity: desk.identity.clone(),
            push: desk.push.clone(),
            vault: desk.vault.clone(),
            clock: self.kit.clock.clone(),
            chance: desk.chance.clone(),
            shutdown: desk.shutdown.clone(),
        };
        self.kit.desk = Desk::new(parts);
        self.app = weiting::router(&self.kit.desk).expect("policy and API fit together");
        let caller = self.kit.stranger(&app);
        (self, Exchange { state, caller, receipts })
    }

    /// The number of a person, which nobody else may ever see.
    pub(crate) async fn number(&self, person: PersonId) -> String {
        self.desk().store.person(person).await.expect("a store").expect("a person").phone
    }

    /// Does the jobs about calls that are due, each twice: done again they must change nothing. Returns what came of the first time.
    pub(crate) async fn calls_jobs(&self) -> Vec<(String, Outcome)> {
        let (store, now) = (&self.desk().store, self.kit.micros());
        let mut done = Vec::new();
        for job in store.claim_jobs(now, 60_000_000, 100).await.expect("a store") {
            let (desk, payload) = (|| self.desk().clone(), || job.payload.clone());
            let twice = async |outcome: Outcome, again: Outcome| {
                assert!(outcome != Outcome::Done || again == Outcome::Done, "{}: {again:?}", job.kind);
                outcome
            };
            let outcome = match job.kind.as_str() {
                "call.bind" => {
                    twice(rooms::call_bind(desk(), payload()).await, rooms::call_bind(desk(), payload()).await).await
                }
                "call.unbind" => {
                    twice(rooms::call_unbind(desk(), payload()).await, rooms::call_unbind(desk(), payload()).await)
                        .await
                }
                "call.expire" => {
                    twice(rooms::call_expire(desk(), payload()).await, rooms::call_expire(desk(), payload()).await)
                        .await
                }
                _ => Outcome::Done,
            };
            match &outcome {
                Outcome::Retry(..) => store.retry_job(&job, now, "again").await.expect("a store"),
                _ => store.finish_job(&job, now).await.expect("a store"),
            };
            if job.kind.starts_with("call.") {
                done.push((job.kind.clone(), outcome));
            }
        }
        done
    }

    /// Hands a receipt in at the address for this key.
    pub(crate) async fn hook(&self, key: &str, receipt: Bytes) -> Answer {
        let request =
            Request::post(format!("/api/hooks/phone/{key}")).header("content-type", "application/json;charset=utf-8");
        self.stranger().send(request, Body::from(receipt)).await
    }
}

impl Exchange {
    /// Presses a key of a telephone; what it shows then.
    pub(crate) async fn press(&self, phone: &str, key: &str, number: &str) -> Value {
        let body = json!({"phone": phone, "key": key, "number": number});
        self.caller.clone().post("/handset.json", body).await.json()
    }

    /// What a telephone shows.
    pub(crate) async fn shows(&self, phone: &str) -> Value {
        self.caller.clone().get(&format!("/handset.json?phone={phone}")).await.json()
    }

    pub(crate) fn misbehave(&self, what: Misbehaviour, times: u32) {
        self.state.misbehave(Order { times, what });
    }

    /// The receipts since the last look, once there are so many.
    pub(crate) async fn receipts(&self, count: usize) -> Vec<Bytes> {
        for _ in 0..1_000 {
            {
                let mut kept = self.receipts.lock().expect("a lock");
                if kept.len() >= count {
                    return std::mem::take(&mut *kept);
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("fewer than {count} receipts came");
    }
}

async fn serve(router: Router) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
