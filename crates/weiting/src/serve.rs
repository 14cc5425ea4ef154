//! The wiring of the house, in one stated order.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use connect::aliyun::{Account, AliyunPhone, AliyunPhoneSettings, AliyunSettings, AliyunSms};
use connect::identity::IdentityPort;
use connect::outbound::{Destination, Outbound, OutboundSettings};
use connect::phone::PhonePort;
use connect::push::{PushPort, Vapid, WebPush, WebPushSettings};
use connect::scanner::Scanner;
use connect::sms::SmsPort;
use connect::tencent::{TencentIdentity, TencentSettings};
use court::{File, MemberId, Policy, RoomId};
use desk::files::Sight;
use desk::jobs::{Jobs, Wake};
use desk::rim::Limits;
use desk::uploads::Uploads;
use desk::worker::Worker;
use desk::{Acting, Chance, Clock, Desk, HostChance, HostClock, Hub, KeyFile, Parts, Problem, Vault};
use hearing::Press;
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};
use utoipa_axum::router::OpenApiRouter;

use crate::receipts::LogReceipts;
use crate::settings::{Settings, place};
use crate::{app, key, press};

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
        .merge(attestation::routes())
        .merge(docket::routes())
        .merge(dossier::routes())
        .merge(inbox::routes())
        .merge(hearing::routes())
        .merge(people::routes())
        .merge(standing::routes())
        .merge(tools::routes())
        .merge(office::routes())
}

/// A desk over an open store, and what wakes its jobs.
pub async fn desk(
    settings: &Settings,
    sms: Arc<dyn SmsPort>,
    phone: Option<Arc<dyn PhonePort>>,
    push: Option<Arc<dyn PushPort>>,
    identity: Option<Arc<dyn IdentityPort>>,
) -> anyhow::Result<(Desk, Wake)> {
    let policy = Arc::new(Policy::builtin().with_private_messages(settings.court.private_messages));
    let (hub, wake) = (Hub::new(policy.clone()), Wake::default());
    let (writer_hub, writer_wake) = (hub.clone(), wake.clone());
    let on_commit = move |committed: &[store::Committed]| {
        writer_hub.committed(committed);
        if committed.iter().any(|part| part.jobs) {
            writer_wake.now();
        }
    };
    let store = Store::open(settings.store_options(), on_commit).await.context("the store cannot be opened")?;
    let vault = unlock(settings, &store).await?;
    let desk = Desk::new(Parts {
        config: settings.desk_config()?,
        policy,
        store,
        hub,
        tickets: Default::default(),
        uploads: uploads(settings).await?,
        files: Default::default(),
        worker: Worker::start(settings.worker()?).await,
        views: Default::default(),
        sms,
        phone,
        identity,
        push,
        vault,
        clock: Arc::new(HostClock),
        chance: Arc::new(HostChance),
        shutdown: CancellationToken::new(),
    });
    Ok((desk, wake))
}

/// Uploads, looked through by the scanner that the settings name. A scanner that is down stops no start: files wait for it.
async fn uploads(settings: &Settings) -> anyhow::Result<Uploads> {
    let Some(scanner) = settings.uploads.scanner()? else { return Ok(Uploads::default()) };
    if let Err(failure) = scanner.ping().await {
        error!(%failure, "Files cannot be looked through for viruses; they wait until the scanner is there");
    }
    Ok(Uploads::scanned_by(Arc::new(scanner)))
}

/// Opens the vault, and with it what is personal in the store.
pub(crate) async fn unlock(settings: &Settings, store: &Store) -> anyhow::Result<Vault> {
    // A demonstration makes its own, whichever command comes first.
    if settings.sandbox.listen.is_some() {
        KeyFile::make(&settings.vault.key_file, &HostChance)?;
    }
    let key = KeyFile::read(&settings.vault.key_file)?;
    Ok(Vault::open(store, &settings.court.code, &key, Arc::new(HostChance), HostClock.now()).await?)
}

/// The router of the whole program: the API, the files origin, the app, and the rim around them.
pub fn router(desk: &Desk) -> anyhow::Result<Router> {
    let (routes, document) = api().split_for_parts();
    let document = desk::openapi::document(document, &desk.policy)?;
    let routes = routes
        .merge(desk::files::routes(Sights))
        .merge(app::router())
        .layer(axum::Extension(desk::openapi::Document::new(document)));
    Ok(desk::rim::rim(desk, routes.with_state(desk.clone())))
}

/// Who says what a member may see: the wings, in turn. Each knows the acts of its own subject.
struct Sights;

#[async_trait]
impl Sight for Sights {
    async fn may_see(
        &self,
        desk: &Desk,
        acting: &Acting,
        room: RoomId,
        member: MemberId,
        which: (u64, u8),
    ) -> Result<Option<File>, Problem> {
        match dossier::DossierSight.may_see(desk, acting, room, member, which).await? {
            None => rooms::RoomSight.may_see(desk, acting, room, member, which).await,
            file => Ok(file),
        }
    }
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
        step_up_code: settings.sms.step_up_code_template.clone(),
        identity_code: settings.sms.identity_code_template.clone(),
        sitting_notice: settings.sms.sitting_notice_template.clone(),
        matter_reminder: settings.sms.matter_reminder_template.clone(),
        message: settings.sms.message_template.clone(),
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

/// The service that compares faces, if the settings name one. `private`: it is the simulator on this machine.
pub(crate) fn identity(settings: &Settings, private: bool) -> anyhow::Result<Option<Arc<dyn IdentityPort>>> {
    let Some(identity) = &settings.identity else { return Ok(None) };
    let (host, port) = place(&identity.endpoint)?;
    let destinations = vec![Destination { host, port, allow_private: private }];
    let account = TencentSettings {
        endpoint: identity.endpoint.clone(),
        secret_id: identity.secret_id.clone(),
        secret_key: identity.secret()?,
        region: identity.region.clone(),
        rule: identity.rule.clone(),
    };
    let outbound = Outbound::new(&OutboundSettings { destinations, ..Default::default() })?;
    Ok(Some(Arc::new(TencentIdentity::new(account, outbound, Arc::new(|| HostClock.now())))))
}

/// What wakes browsers, if the settings name it. `private`: the push service is the simulator on this machine.
pub(crate) fn push(settings: &Settings, private: bool) -> anyhow::Result<Option<Arc<dyn PushPort>>> {
    let Some(push) = &settings.push else { return Ok(None) };
    let destination = |service: &String| {
        let (host, port) = if private { place(service)? } else { (service.to_ascii_lowercase(), 443) };
        anyhow::Ok(Destination { host, port, allow_private: private })
    };
    let destinations = push.services.iter().map(destination).collect::<anyhow::Result<Vec<_>>>()?;
    let key = push.key(|| <dyn Chance>::bytes(&HostChance))?;
    Ok(Some(Arc::new(WebPush::new(WebPushSettings {
        vapid: Vapid::new(&key, &push.contact).context("[push]")?,
        outbound: Outbound::new(&OutboundSettings { destinations, ..Default::default() })?,
        clock: Arc::new(|| HostClock.now()),
        chance: Arc::new(|| <dyn Chance>::bytes::<16>(&HostChance)),
    }))))
}

/// `weiting serve`.
pub(crate) async fn serve(settings: Settings) -> anyhow::Result<()> {
    desk::logs::start();
    let (sms, phone) = (sms(&settings, false)?, phone(&settings, false)?);
    let (desk, wake) = desk(&settings, sms, phone, push(&settings, false)?, identity(&settings, false)?).await?;
    run(&settings, desk, &wake, press::press(&settings, false)?).await
}

/// Serves until the program is told to stop, then lets what is under way come to its end.
pub async fn run(settings: &Settings, desk: Desk, wake: &Wake, press: Option<Arc<dyn Press>>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.server.listen)
        .await
        .with_context(|| format!("{} cannot be listened on; is another weiting running?", settings.server.listen))?;
    let shutdown = desk.shutdown.clone();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(jobs(&desk, wake, press).run(shutdown.clone().cancelled_owned()));
    tasks.spawn({
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        async move { desk.follow_revocations(shutdown.cancelled()).await }
    });
    tasks.spawn({
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        async move { desk.follow_keys(shutdown.cancelled()).await }
    });
    tasks.spawn({
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        async move { desk.keep_index(shutdown.cancelled()).await }
    });
    tasks.spawn({
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        let (log, witnesses) = (Arc::new(key::log(settings, &desk.store).await?), key::witnesses(settings)?);
        async move { log.run(desk, witnesses, shutdown.cancelled()).await }
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
    let app = router(&desk)?.layer(axum::Extension(press::reports(settings)));
    desk::rim::serve(listener, app, limits, shutdown.clone().cancelled_owned()).await;
    shutdown.cancel();
    // Jobs that are running come to their end; whatever does not is done again by who comes next.
    tokio::time::timeout(GRACE, async { while tasks.join_next().await.is_some() {} }).await.ok();
    desk.store.close().await;
    info!("Stopped");
    Ok(())
}

/// What follows acts, in one list.
fn jobs(desk: &Desk, wake: &Wake, press: Option<Arc<dyn Press>>) -> Jobs {
    let jobs = Jobs::new(desk.clone())
        .woken_by(wake)
        .register("agency.await", standing::awaited)
        .register("agency.carry", standing::carry)
        .register("agency.spread", standing::spread)
        .register("call.bind", rooms::call_bind)
        .register("call.expire", rooms::call_expire)
        .register("call.unbind", rooms::call_unbind)
        .register(desk::keys::RESEAL, desk::keys::reseal)
        .register("document.pdf", desk::views::pdf_job)
        .register("photo.thumbnail", desk::views::thumbnail_job)
        .register("video.poster", desk::views::poster_job)
        .register("sitting.notice", rooms::sitting_notice)
        .register("matter.reminder", rooms::matter_reminder)
        .register("notification.tell", inbox::tell)
        .register("report.notice", docket::report_notice)
        .register("strong.reminder", inbox::strong_reminder)
        .reconcile("identity", people::forget)
        .reconcile("inbox", inbox::forget)
        .reconcile("login codes", desk::login::forget_codes)
        .reconcile("scrub", attestation::scrub);
    let Some(press) = press else {
        warn!("The settings name no [seal]: transcripts wait until they do");
        return jobs;
    };
    let typesets = press.clone();
    jobs.register("transcript.typeset", move |desk, payload| hearing::typeset(desk, typesets.clone(), payload))
        .register("transcript.seal", move |desk, payload| {
            hearing::seal(desk, press.clone(), Arc::new(LogReceipts), payload)
        })
}

pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened for");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
