//! `weiting demo`: a court with invented people, the dispute of a sale contract, and simulated providers of text messages and telephone numbers.

mod cast;
mod keys;
mod papers;
mod story;

use std::sync::Arc;

use anyhow::Context;
use connect::simulator::{
    PushService, SimulatedFaces, SimulatedPool, SimulatedStamps, SimulatedTemplate, SimulatorSettings, SimulatorState,
    TemplateKind, faces, simulator, timestamps,
};
use desk::{Chance, Clock, HostChance, HostClock, KeyFile};
use tokio::net::TcpListener;

use crate::settings::{PhoneSettings, Settings};
use crate::{press, serve};

/// Where the courts of the demonstration are.
const COURTS: &str = include_str!("courts.toml");

/// Starts the simulator and the court, tells its story on the first run, and says how to log in.
pub(crate) async fn serve(settings: Settings) -> anyhow::Result<()> {
    desk::logs::start();
    let sandbox = settings.sandbox.listen.context("a demonstration has a simulator")?;
    let listener = TcpListener::bind(sandbox).await.with_context(|| {
        format!("{sandbox} cannot be listened on; is another demonstration running? (choose another --port)")
    })?;
    let state = SimulatorState::new(account(&settings)?, Arc::new(|| HostClock.now()));
    for person in cast::PEOPLE {
        state.label(person.phone, &person.introduction());
    }
    let browsers = PushService::new(
        format!("http://{sandbox}"),
        Arc::new(|| HostClock.now()),
        Arc::new(|| <dyn Chance>::bytes::<16>(&HostChance)),
    );
    let folder = settings.vault.key_file.parent().context("a demonstration has a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    KeyFile::make(&settings.vault.key_file, &HostChance)?;
    let stamps =
        SimulatedStamps::new(Arc::new(keys::keys(folder, &settings.court.name)?), None, Arc::new(|| HostClock.now()));
    let identity = settings.identity.as_ref().context("a demonstration has a face service")?;
    let checks = SimulatedFaces::new(
        &format!("http://{sandbox}"),
        &identity.secret_id,
        &identity.secret()?,
        Arc::new(|| HostClock.now()),
        Arc::new(|| <dyn Chance>::bytes::<16>(&HostChance)),
    );
    let services = simulator(state).merge(browsers.router()).merge(faces(checks)).nest("/tsa", timestamps(stamps));
    tokio::spawn(async move { axum::serve(listener, services).await });
    let phone = serve::phone(&settings, true)?;
    let push = serve::push(&settings, true)?;
    let checks = serve::identity(&settings, true)?;
    let (desk, wake) = serve::desk(&settings, serve::sms(&settings, true)?, phone, push, checks).await?;
    story::tell(&desk).await?;
    if desk.store.court_places().await?.is_empty() {
        tools::import_courts(&desk.store, "courts.toml", COURTS.as_bytes()).await?;
    }
    introduce(&settings);
    warn_of_missing(&desk);
    serve::run(&settings, desk, &wake, press::press(&settings, true)?).await
}

/// The account that the simulated provider has for this court.
fn account(settings: &Settings) -> anyhow::Result<SimulatorSettings> {
    let template =
        |code: &str, kind, text: &str| SimulatedTemplate { code: code.to_owned(), kind, text: text.to_owned() };
    Ok(SimulatorSettings {
        access_key_id: settings.sms.access_key_id.clone(),
        access_key_secret: settings.sms_secret()?,
        sign_names: vec![settings.sms.sign_name.clone()],
        templates: vec![
            template(
                &settings.sms.login_code_template,
                TemplateKind::Code,
                "您的登录验证码为 ${code}，5 分钟内有效。请勿告诉他人。",
            ),
            template(
                &settings.sms.step_up_code_template,
                TemplateKind::Code,
                "您正在确认签名，验证码为 ${code}，5 分钟内有效，仅用于本次签名。请勿告诉他人。",
            ),
            template(
                &settings.sms.sitting_notice_template,
                TemplateKind::Notice,
                "案件 ${case} 已安排${kind}，微法庭开放时间为 ${opens} 至 ${closes}。请届时登录微法庭参加。",
            ),
            template(
                &settings.sms.matter_reminder_template,
                TemplateKind::Notice,
                "案件 ${case} 有一项诉讼事项将于 ${deadline} 截止，还剩 ${left}。请登录微法庭办理，逾期将无法提交。",
            ),
        ]
        .into_iter()
        .chain(settings.sms.identity_code_template.iter().map(|code| {
            template(code, TemplateKind::Code, "您正在进行实名认证，验证码为 ${code}，5 分钟内有效。请勿告诉他人。")
        }))
        .chain(
            settings
                .sms
                .message_template
                .iter()
                .map(|code| template(code, TemplateKind::Notice, "您有一条${what}，请登录微法庭查看。")),
        )
        .collect(),
        pool: settings.phone.as_ref().map(|phone| pool(settings, phone)).transpose()?,
    })
}

/// How many numbers the simulated pool has.
const NUMBERS: usize = 20;

/// Random numbers of the form 021 and eight digits. The first of these is 0, which no subscriber has: nobody is called by mistake.
fn pool(settings: &Settings, phone: &PhoneSettings) -> anyhow::Result<SimulatedPool> {
    let number = || format!("0210{:07}", u32::from_be_bytes(<dyn Chance>::bytes(&HostChance)) % 10_000_000);
    Ok(SimulatedPool {
        id: phone.pool.clone(),
        numbers: std::iter::repeat_with(number).take(NUMBERS).collect(),
        callback: format!("{}/api/hooks/phone/{}", settings.server.origin, phone.callback_key()?),
        again_after: [1, 5, 10].map(std::time::Duration::from_secs).to_vec(),
    })
}

/// Says what this machine lacks, where the person who started the demonstration sees it.
fn warn_of_missing(desk: &desk::Desk) {
    use desk::worker::Missing;
    for missing in desk.worker.missing() {
        match missing {
            Missing::Walls(why) => {
                println!("  注意：没有沙箱，上传的文件在不受隔离的进程中解析，仅可用于演示。");
                println!("  Warning: files are looked into WITHOUT a sandbox ({why}); install bubblewrap.\n");
            }
            Missing::Program(need) => {
                println!("  缺少 {}（Debian 软件包 {}）：{}\n", need.program, need.packages, need.sentence);
            }
        }
    }
}

/// Prints who is who.
fn introduce(settings: &Settings) {
    println!("\n微法庭演示  Weiting demo — {}\n", settings.court.name);
    println!("  打开 Open            {}", settings.server.origin);
    println!("  短信收件箱 SMS inbox  {}/inbox", settings.sms.endpoint);
    println!("  话机 Telephones       {}/handset\n", settings.sms.endpoint);
    println!("  用下列手机号登录，验证码在短信收件箱中查看。Log in with a phone number; the code is in the inbox.\n");
    for person in cast::PEOPLE {
        println!("  {}  {}", person.phone, person.introduction());
    }
    println!();
}
