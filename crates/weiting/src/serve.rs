//! The wiring of the house, in one stated order.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use connect::aliyun::{Account, AliyunPhone, AliyunPhoneSettings, AliyunSettings, AliyunSms};
use connect::outbound::{Destination, Outbound, OutboundSettings};
use connect::phone::PhonePort;
use connect::sms::SmsPort;
use court::Policy;
use desk::jobs::{Jobs, Wake};
use desk::rim::Limits;
use desk::worker::Worker;
use desk::{Chance, Clock, Desk, HostChance, HostClock, Hub, Parts};
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::info;
use utoipa_axum::router::OpenApiRouter;

use crate::app;
use crate::settings::Settings;

/// How long jobs may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(12);

/// Everything that the API offers.
pub fn api() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(desk::login::routes())
        .merge(desk::live::routes())
        .merge(desk::uploads::routes())
        .merge(desk::health::routes())
        .merge(desk::openapi::routes())
        .merge(rooms::routes())
        .merge(docket::routes())
        .merge(tools::routes())
}

/// A desk over an open store, and what wakes its jobs.
pub async fn desk(
    settings: &Settings,
    sms: Arc<dyn SmsPort>,
    phone: Option<Arc<dyn PhonePort>>,
) -> anyhow::Result<(Desk, Wake)> {
    let policy = Arc::new(Policy::builtin());
    let (hub, wake) = (Hub::new(policy.clone()), Wake::default());
    let (writer_hub, writer_wake) = (hub.clone(), wake.clone());
    let on_commit = move |committed: &[store::Committed]| {
        writer_hub.committed(committed);
        if committed.iter().any(|part| part.jobs) {
            writer_wake.now();
        }
    };
    let store = Store::open(settings.store_options(), on_commit).await.context("the store cannot be opened")?;
    let desk = Desk::new(Parts {
        config: settings.desk_config(),
        policy,
        store,
        hub,
        tickets: Default::default(),
        uploads: Default::default(),
        files: Default::default(),
        worker: Worker::start(settings.worker()?).await,
        views: Default::default(),
        sms,
        phone,
        clock: Arc::new(HostClock),
        chance: Arc::new(HostChance),
        shutdown: CancellationToken::new(),
    });
    Ok((desk, wake))
}

/// The router of the whole program: the API, the files origin, the app, and the rim around them.
pub fn router(desk: &Desk) -> anyhow::Result<Router> {
    let (routes, document) = api().split_for_parts();
    let document = desk::openapi::document(document, &desk.policy)?;
    let routes = routes
        .merge(desk::files::routes(rooms::RoomSight))
        .merge(app::router())
        .layer(axum::Extension(desk::openapi::Document::new(document)));
    Ok(desk::rim::rim(desk, routes.with_state(desk.clone())))
}

/// The provider of text messages that the settings name. `private`: it is the simulator on this machine.
pub(crate) fn sms(settings: &Settings, private: bool) -> anyhow::Result<Arc<dyn SmsPort>> {
    let (host, port) = place(&settings.sms.endpoint)?;
    let destinations = vec![Destination { host, port, allow_private: private }];
    let outbound = Outbound::new(&OutboundSettings { destinations, ..Default::default() })?;
    let account = AliyunSettings {
        endpoint: settings.sms.endpoint.clone(),
        access_key_id: settings.sms.access_key_id.clone(),
        access_key_secret: settings.sms_secret()?,
        sign_name: settings.sms.sign_name.clone(),
        login_code: settings.sms.login_code_template.clone(),
        sitting_notice: settings.sms.sitting_notice_template.clone(),
        matter_reminder: settings.sms.matter_reminder_template.clone(),
    };
    let chance = || <dyn Chance>::bytes::<16>(&HostChance);
    Ok(Arc::new(AliyunSms::new(account, outbound, Arc::new(|| HostClock.now()), Arc::new(chance))))
}

/// The telephone service that the settings name, if they name one. `private`: it is the simulator on this machine.
pub(crate) fn phone(settings: &Settings, private: bool) -> anyhow::Result<Option<Arc<dyn PhonePort>>> {
    let Some(phone) = &settings.phone else { return Ok(None) };
    let (host, port) = place(&phone.endpoint)?;
    let destinations = vec![Destination { host, port, allow_private: private }];
    let account = Account {
        endpoint: phone.endpoint.clone(),
        access_key_id: phone.access_key_id.clone(),
        access_key_secret: phone.secret()?,
        outbound: Outbound::new(&OutboundSettings { destinations, ..Default::default() })?,
        clock: Arc::new(|| HostClock.now()),
        chance: Arc::new(|| <dyn Chance>::bytes::<16>(&HostChance)),
    };
    let pool = AliyunPhoneSettings {
        pool: phone.pool.clone(),
        area: phone.area.clone(),
        announcements: phone.announcements.clone(),
        callback_key: phone.callback_key()?,
    };
    Ok(Some(Arc::new(AliyunPhone::new(account, pool))))
}

/// Host and port of an address.
fn place(endpoint: &str) -> anyhow::Result<(String, u16)> {
    let uri: axum::http::Uri = endpoint.parse().with_context(|| format!("{endpoint} is no address"))?;
    let host = uri.host().with_context(|| format!("{endpoint} names no host"))?;
    let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    Ok((host.to_owned(), uri.port_u16().unwrap_or(usual)))
}

/// `weiting serve`.
pub(crate) async fn serve(settings: Settings) -> anyhow::Result<()> {
    desk::logs::start();
    let (sms, phone) = (sms(&settings, false)?, phone(&settings, false)?);
    let (desk, wake) = desk(&settings, sms, phone).await?;
    run(&settings, desk, &wake).await
}

/// Serves until the program is told to stop, then lets what is under way come to its end.
pub async fn run(settings: &Settings, desk: Desk, wake: &Wake) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.server.listen)
        .await
        .with_context(|| format!("{} cannot be listened on; is another weiting running?", settings.server.listen))?;
    let shutdown = desk.shutdown.clone();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(jobs(&desk, wake).run(shutdown.clone().cancelled_owned()));
    tasks.spawn({
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        async move { desk.follow_revocations(shutdown.cancelled()).await }
    });
    tasks.spawn({
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        async move { desk.keep_index(shutdown.cancelled()).await }
    });
    if settings.store.database.starts_with("postgres") {
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        tasks.spawn(async move { desk.follow_other_nodes(shutdown.cancelled()).await });
    }
    if let Some(address) = settings.server.admin_listen {
        let admin = TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on"))?;
        tasks.spawn(desk::metrics::serve_admin(admin, desk.clone(), shutdown.clone()));
    }
    tasks.spawn({
        let shutdown = shutdown.clone();
        async move {
            tokio::select! {
                () = asked_to_stop() => shutdown.cancel(),
                () = shutdown.cancelled() => {}
            }
        }
    });
    info!(address = %settings.server.listen, "Serving");
    let limits = Limits::of(&desk.config);
    desk::rim::serve(listener, router(&desk)?, limits, shutdown.clone().cancelled_owned()).await;
    shutdown.cancel();
    // Jobs that are running come to their end; whatever does not is done again by who comes next.
    tokio::time::timeout(GRACE, async { while tasks.join_next().await.is_some() {} }).await.ok();
    desk.store.close().await;
    info!("Stopped");
    Ok(())
}

/// What follows acts, in one list.
fn jobs(desk: &Desk, wake: &Wake) -> Jobs {
    Jobs::new(desk.clone())
        .woken_by(wake)
        .register("call.bind", rooms::call_bind)
        .register("call.expire", rooms::call_expire)
        .register("call.unbind", rooms::call_unbind)
        .register("document.pdf", desk::views::pdf_job)
        .register("photo.thumbnail", desk::views::thumbnail_job)
        .register("video.poster", desk::views::poster_job)
        .register("sitting.notice", rooms::sitting_notice)
        .register("matter.reminder", rooms::matter_reminder)
        .reconcile("login codes", desk::login::forget_codes)
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened for");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
