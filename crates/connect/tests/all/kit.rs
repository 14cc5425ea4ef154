//! A simulator on a socket, a clock that a test can move, and an adapter that points at both.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use axum::Router;
use connect::aliyun::{AliyunSettings, AliyunSms};
use connect::outbound::{Destination, Outbound, OutboundSettings};
use connect::simulator::{
    Misbehaviour, Order, SimulatedTemplate, SimulatorSettings, SimulatorState, TemplateKind, simulator,
};
use connect::sms::{SmsFailure, SmsMessage, SmsPort, SmsReceipt, SmsTemplate};
use connect::{Chance, Clock};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const KEY: &str = "LTAI-test";
pub(crate) const SECRET: &str = "a secret of the tests";
pub(crate) const WANG: &str = "13900000001";

/// Seconds since a fixed moment, moved by the test.
#[derive(Clone, Default)]
pub(crate) struct MovableClock(Arc<AtomicI64>);

impl MovableClock {
    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        datetime!(2026-11-23 06:00 UTC) + time::Duration::seconds(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn function(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

/// Different bytes at each call, the same ones in each run.
pub(crate) fn chance() -> Chance {
    let next = AtomicU64::new(1);
    Arc::new(move || u128::from(next.fetch_add(1, Ordering::Relaxed)).to_be_bytes())
}

/// Serves `router` until the test ends.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The client to one place.
pub(crate) fn outbound_to(host: &str, port: u16, allow_private: bool) -> Outbound {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().expect("no other provider"));
    let settings = OutboundSettings {
        destinations: vec![Destination { host: host.to_owned(), port, allow_private }],
        connect_timeout: Duration::from_secs(2),
        timeout: Duration::from_millis(1500),
        max_answer: 64 * 1024,
    };
    Outbound::new(&settings).expect("a client")
}

/// A vendor and a court that sends through it.
pub(crate) struct Trial {
    pub(crate) state: SimulatorState,
    pub(crate) clock: MovableClock,
    pub(crate) address: SocketAddr,
    pub(crate) sms: AliyunSms,
}

impl Trial {
    pub(crate) async fn new() -> Self {
        let clock = MovableClock::default();
        let notice = SimulatedTemplate {
            code: "SMS_2".to_owned(),
            kind: TemplateKind::Notice,
            text: "您有一场${kind}将于${time}开始，请按时进入微法庭。".to_owned(),
        };
        let login = SimulatedTemplate {
            code: "SMS_1".to_owned(),
            kind: TemplateKind::Code,
            text: "您的登录验证码为${code}，5分钟内有效，请勿告诉他人。".to_owned(),
        };
        let settings = SimulatorSettings {
            access_key_id: KEY.to_owned(),
            access_key_secret: SECRET.to_owned(),
            sign_names: ["微庭", "二", "三", "四", "五"].map(str::to_owned).to_vec(),
            templates: vec![login, notice],
            pool: None,
        };
        let state = SimulatorState::new(settings, clock.function());
        let address = serve(simulator(state.clone())).await;
        let sms = adapter(address, &clock, |_| ());
        Self { state, clock, address, sms }
    }

    /// Another court's adapter at the same vendor, with other settings.
    pub(crate) fn adapter(&self, change: impl FnOnce(&mut AliyunSettings)) -> AliyunSms {
        adapter(self.address, &self.clock, change)
    }

    pub(crate) async fn send(&self) -> Result<SmsReceipt, SmsFailure> {
        self.sms.send(login_code(WANG, "123456")).await
    }

    pub(crate) fn misbehave(&self, what: Misbehaviour) {
        self.state.misbehave(Order { times: 1, what });
    }
}

fn adapter(address: SocketAddr, clock: &MovableClock, change: impl FnOnce(&mut AliyunSettings)) -> AliyunSms {
    let mut settings = AliyunSettings {
        endpoint: format!("http://{address}"),
        access_key_id: KEY.to_owned(),
        access_key_secret: SECRET.to_owned(),
        sign_name: "微庭".to_owned(),
        login_code: "SMS_1".to_owned(),
        step_up_code: "SMS_4".to_owned(),
        identity_code: None,
        sitting_notice: "SMS_2".to_owned(),
        matter_reminder: "SMS_3".to_owned(),
        message: Some("SMS_MESSAGE".to_owned()),
    };
    change(&mut settings);
    AliyunSms::new(settings, outbound_to("127.0.0.1", address.port(), true), clock.function(), nonces())
}

/// One source of nonces for all adapters of the process, as a real one never repeats.
pub(crate) fn nonces() -> Chance {
    static NONCES: std::sync::LazyLock<Chance> = std::sync::LazyLock::new(chance);
    NONCES.clone()
}

pub(crate) fn login_code(to: &str, code: &str) -> SmsMessage {
    SmsMessage {
        to: to.to_owned(),
        template: SmsTemplate::LoginCode,
        params: BTreeMap::from([("code".to_owned(), code.to_owned())]),
    }
}

pub(crate) fn notice(to: &str) -> SmsMessage {
    let params = [("kind", "证据交换"), ("time", "11月23日 14:00 & \"稍后\"")];
    SmsMessage {
        to: to.to_owned(),
        template: SmsTemplate::SittingNotice,
        params: params.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
    }
}
