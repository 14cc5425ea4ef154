//! What an operator sets: a TOML file, environment variables, defaults that are safe.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use connect::scanner::{Address, Clamd};
use court::PrivateMessages;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;
use store::StoreOptions;

/// All settings. Unknown keys are errors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub court: CourtSettings,
    pub server: ServerSettings,
    pub store: StoreSettings,
    pub vault: VaultSettings,
    /// Absent: transcripts are made and read, but neither typeset nor sealed.
    #[serde(default)]
    pub seal: Option<SealSettings>,
    pub sms: SmsSettings,
    /// Absent: the court has no virtual calls.
    #[serde(default)]
    pub phone: Option<PhoneSettings>,
    /// Absent: people are verified by reviewers alone.
    #[serde(default)]
    pub identity: Option<IdentitySettings>,
    /// Absent: nobody's browser is woken.
    #[serde(default)]
    pub push: Option<PushSettings>,
    #[serde(default)]
    pub uploads: UploadSettings,
    #[serde(default)]
    pub worker: WorkerSettings,
    #[serde(default)]
    pub attestation: AttestationSettings,
    /// Other sites that people are shown the way to.
    #[serde(default)]
    pub links: Vec<LinkSettings>,
    #[serde(default)]
    pub sandbox: SandboxSettings,
}

/// Another site: 司法公开, 网上信访, 多元调解, 网上鉴定 ….
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSettings {
    pub name: String,
    /// What is found there.
    #[serde(default)]
    pub about: String,
    /// `https://…`
    pub url: String,
}

/// What the court's log is signed with, and who else signs it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestationSettings {
    /// The secret key; made at the first start. Absent: `log.key` beside the staging folder.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The last checkpoint that was signed, outside the database. Absent: `log.checkpoint` beside the staging folder.
    #[serde(default)]
    pub kept_file: Option<PathBuf>,
    /// Who is asked to sign every checkpoint too.
    #[serde(default)]
    pub witnesses: Vec<WitnessSettings>,
}

/// A witness outside the court.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessSettings {
    /// Its submission prefix, e.g. `https://witness.example`.
    pub url: String,
    /// Its public key, `name+id+base64`.
    pub key: String,
    /// Whether it is in the court's own network, and may be spoken to without TLS.
    #[serde(default)]
    pub private: bool,
}

/// Which court this is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtSettings {
    /// 法院代字, e.g. 沪0113.
    pub code: String,
    /// The name that people read.
    pub name: String,
    /// What becomes of a private message to somebody who judges: `heard`, `forbidden` or `disclosed`.
    #[serde(default)]
    pub private_messages: PrivateMessages,
    /// Whether people may ask for strong reminders by SMS (强提醒). They also need `sms.message_template`.
    #[serde(default = "default_strong_reminders")]
    pub strong_reminders: bool,
    /// After so many days people verify themselves anew.
    #[serde(default = "default_identity_days")]
    pub identity_days: u32,
    /// For so many days the pictures and videos that reviewers look at are kept.
    #[serde(default = "default_identity_files_days")]
    pub identity_files_days: u32,
    /// The number that people call who found no answer.
    #[serde(default = "default_hotline")]
    pub hotline: String,
    /// Fees that the court's province has fixed inside the ranges of the law (诉讼费用交纳办法 13).
    #[serde(default)]
    pub fees: Vec<rules::fees::LocalValue>,
}

fn default_identity_days() -> u32 {
    1_095
}
fn default_identity_files_days() -> u32 {
    90
}

/// Where and how it serves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    pub listen: SocketAddr,
    /// Where people reach the app, e.g. `https://court.example`.
    pub origin: String,
    /// Where people's files are shown from: another host, e.g. `https://files.court.example`.
    pub files_origin: String,
    /// Where metrics are served; nobody outside may reach it. Absent: nowhere.
    #[serde(default)]
    pub admin_listen: Option<SocketAddr>,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Seconds that one request may take.
    #[serde(default = "default_timeout")]
    pub request_timeout: u64,
    /// Requests worked on at once.
    #[serde(default = "default_concurrency")]
    pub concurrency: usize,
    /// Connections open at once.
    #[serde(default = "default_connections")]
    pub connections: usize,
}

/// Where the data is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// `sqlite:///var/lib/weiting/weiting.db` or `postgres://…`.
    pub database: String,
    /// `file:///var/lib/weiting/blobs` or `s3://bucket?endpoint=…&region=…`.
    pub blobs: String,
    /// A local folder for uploads on their way in.
    pub staging: PathBuf,
    /// Queries reading at once.
    #[serde(default = "default_readers")]
    pub max_readers: u32,
    /// How many GiB of files the rooms of one case may hold together.
    #[serde(default = "default_case_gib")]
    pub case_gib: u64,
}

/// Where the key of personal secrets is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultSettings {
    /// A file of 64 hexadecimal digits that its owner alone may read. Kept apart from the data and from its backups.
    pub key_file: PathBuf,
}

/// With what transcripts are typeset and sealed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealSettings {
    /// A PEM file with the court's key (PKCS#8) and its certificates, its own first; only its owner should be able to read it.
    pub key_file: PathBuf,
    /// Where time stamps are had (RFC 3161), e.g. `https://tsa.example/`. Absent: seals carry the court's own time.
    #[serde(default)]
    pub timestamps: Option<String>,
    /// A PEM file with the roots of those who stamp.
    #[serde(default)]
    pub timestamp_anchors: Option<PathBuf>,
    /// Folders in which fonts are looked for.
    #[serde(default = "default_fonts")]
    pub fonts: Vec<PathBuf>,
}

fn default_fonts() -> Vec<PathBuf> {
    vec!["/usr/share/fonts".into()]
}

/// The SMS provider (Aliyun, SendSms 2017-05-25).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// `https://dysmsapi.aliyuncs.com`.
    pub endpoint: String,
    pub access_key_id: String,
    /// A file that holds the secret; only its owner should be able to read it.
    #[serde(default)]
    pub access_key_secret_file: Option<PathBuf>,
    /// The secret itself; prefer the file.
    #[serde(default)]
    pub access_key_secret: Option<String>,
    pub sign_name: String,
    pub login_code_template: String,
    pub step_up_code_template: String,
    /// The code of real-name verification; has the place `${code}`. Absent: the login code's.
    #[serde(default)]
    pub identity_code_template: Option<String>,
    pub sitting_notice_template: String,
    pub matter_reminder_template: String,
    /// Says that there is something to look at; has the place `${what}`. Absent: neither strong reminders nor texts that people subscribe to.
    #[serde(default)]
    pub message_template: Option<String>,
    /// How many login codes an hour may be asked for from one address (SR-04). A hall where many share one may need more.
    #[serde(default = "default_codes_per_address")]
    pub codes_per_address: u64,
}

/// The provider of virtual numbers (Aliyun, BindAxbFixedLine 2017-05-25).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneSettings {
    /// `https://dyplsapi.aliyuncs.com`.
    pub endpoint: String,
    pub access_key_id: String,
    /// A file that holds the secret; only its owner should be able to read it.
    #[serde(default)]
    pub access_key_secret_file: Option<PathBuf>,
    /// The secret itself; prefer the file.
    #[serde(default)]
    pub access_key_secret: Option<String>,
    /// The pool of numbers, `FC…`.
    pub pool: String,
    /// The area code without its zero.
    #[serde(default = "default_area")]
    pub area: String,
    /// Which announcements a caller hears, by the numbers of the contract.
    #[serde(default = "default_announcements")]
    pub announcements: String,
    /// A file that holds the last part of the callback address that the provider was given.
    #[serde(default)]
    pub callback_key_file: Option<PathBuf>,
    /// The last part itself; prefer the file.
    #[serde(default)]
    pub callback_key: Option<String>,
}

impl PhoneSettings {
    /// The provider's secret.
    pub(crate) fn secret(&self) -> anyhow::Result<String> {
        secret(
            self.access_key_secret_file.as_deref(),
            self.access_key_secret.as_deref(),
            "phone.access_key_secret_file",
        )
    }

    /// What proves that a report comes from the provider.
    pub(crate) fn callback_key(&self) -> anyhow::Result<String> {
        let key = secret(self.callback_key_file.as_deref(), self.callback_key.as_deref(), "phone.callback_key_file")?;
        let fits = key.len() >= 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
        anyhow::ensure!(fits, "phone.callback_key must have at least 32 letters and digits, drawn at random");
        Ok(key)
    }
}

/// What people's files must pass.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadSettings {
    /// What looks for viruses: a clamd, as `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`. Absent: nothing does.
    #[serde(default)]
    pub scanner: Option<String>,
    /// Seconds that it may take over one file.
    #[serde(default = "default_scanner_seconds")]
    pub scanner_seconds: u64,
}

impl Default for UploadSettings {
    fn default() -> Self {
        UploadSettings { scanner: None, scanner_seconds: default_scanner_seconds() }
    }
}

impl UploadSettings {
    /// What looks for viruses, if the settings name it.
    pub(crate) fn scanner(&self) -> anyhow::Result<Option<Clamd>> {
        let Some(address) = &self.scanner else { return Ok(None) };
        let place = Address::parse(address);
        let place =
            place.with_context(|| format!("uploads.scanner {address} is neither unix:/PATH nor tcp:HOST:PORT"))?;
        Ok(Some(Clamd::new(place, Duration::from_secs(self.scanner_seconds.max(1)))))
    }
}

/// The service that compares faces (Tencent FaceID, DetectAuth 2018-03-01), and how long a verification holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySettings {
    /// `https://faceid.tencentcloudapi.com`.
    pub endpoint: String,
    pub secret_id: String,
    /// A file that holds the secret; only its owner should be able to read it.
    #[serde(default)]
    pub secret_key_file: Option<PathBuf>,
    /// The secret itself; prefer the file.
    #[serde(default)]
    pub secret_key: Option<String>,
    #[serde(default = "default_region")]
    pub region: String,
    /// The number of the flow that the court has set up with the provider.
    pub rule: String,
}

impl IdentitySettings {
    /// The provider's secret.
    pub(crate) fn secret(&self) -> anyhow::Result<String> {
        secret(self.secret_key_file.as_deref(), self.secret_key.as_deref(), "identity.secret_key_file")
    }
}

fn default_region() -> String {
    "ap-shanghai".to_owned()
}

/// What looks into files (docs/operations.md).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSettings {
    /// How many files are looked into at once, in each of three queues: checks, views, conversions (half as many).
    #[serde(default = "default_workers")]
    pub concurrency: usize,
    /// Look into files without a sandbox where there can be none. For development alone: refused by `weiting serve` (SR-62).
    #[serde(default)]
    pub unsandboxed: bool,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        WorkerSettings { concurrency: default_workers(), unsandboxed: false }
    }
}

/// The services that wake browsers (Web Push).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    /// The court's key (VAPID); made on the first start, readable by its owner alone.
    pub key_file: PathBuf,
    /// Whom a service may write to when something is wrong: `mailto:…` or `https://…`.
    pub contact: String,
    /// The hosts that messages may go to; `*.example.com` stands for every host one label below.
    #[serde(default = "default_push_services")]
    pub services: Vec<String>,
}

impl PushSettings {
    /// The court's key; drawn and kept if there is none yet.
    pub(crate) fn key(&self, draw: impl FnOnce() -> [u8; 32]) -> anyhow::Result<String> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let file = &self.key_file;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        match made {
            Ok(mut made) => {
                let key = connect::push::Vapid::write(&draw());
                made.write_all(key.as_bytes()).and_then(|()| made.sync_all()).context("push.key_file")?;
                Ok(key)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                secret(Some(file), None, "push.key_file")
            }
            Err(error) => Err(error).with_context(|| format!("push.key_file {} cannot be made", file.display())),
        }
    }
}

/// The simulated providers. Refused outside `weiting demo` (SR-62).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxSettings {
    #[serde(default)]
    pub listen: Option<SocketAddr>,
}

fn default_case_gib() -> u64 {
    500
}
fn default_timeout() -> u64 {
    30
}
fn default_concurrency() -> usize {
    512
}
fn default_connections() -> usize {
    16_384
}
fn default_readers() -> u32 {
    8
}
fn default_scanner_seconds() -> u64 {
    120
}
fn default_workers() -> usize {
    2
}
fn default_strong_reminders() -> bool {
    true
}
fn default_codes_per_address() -> u64 {
    20
}
/// That of all courts.
fn default_hotline() -> String {
    "12368".to_owned()
}
/// Those of the browsers that people use: Chrome, Firefox, Edge, Safari.
fn default_push_services() -> Vec<String> {
    let known =
        ["fcm.googleapis.com", "updates.push.services.mozilla.com", "*.notify.windows.com", "web.push.apple.com"];
    known.map(str::to_owned).into()
}
fn default_area() -> String {
    "21".to_owned()
}
fn default_announcements() -> String {
    "1,1,1".to_owned()
}

impl Settings {
    /// Reads the settings file, if there is one, and the environment.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Settings> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            anyhow::ensure!(file.exists(), "the settings file {} does not exist", file.display());
            figment = figment.merge(Toml::file(file));
        }
        let settings: Settings = figment
            .merge(Env::prefixed("WEITING__").split("__"))
            .extract()
            .context("the settings are not complete; docs/operations.md explains each")?;
        settings.check()?;
        Ok(settings)
    }

    /// The settings of a demonstration court in this folder.
    pub fn demo(dir: &Path, port: u16, database: Option<String>) -> Settings {
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        let sandbox = SocketAddr::from(([127, 0, 0, 1], port + 1));
        Settings {
            court: CourtSettings {
                code: "沪0113".into(),
                name: "示范区人民法院".into(),
                private_messages: PrivateMessages::default(),
                strong_reminders: true,
                identity_days: default_identity_days(),
                identity_files_days: default_identity_files_days(),
                hotline: default_hotline(),
                fees: Vec::new(),
            },
            server: ServerSettings {
                listen: SocketAddr::from(([127, 0, 0, 1], port)),
                origin: format!("http://127.0.0.1:{port}"),
                files_origin: format!("http://localhost:{port}"),
                admin_listen: None,
                trusted_proxies: Vec::new(),
                request_timeout: default_timeout(),
                concurrency: default_concurrency(),
                connections: default_connections(),
            },
            store: StoreSettings {
                database: database.unwrap_or_else(|| format!("sqlite://{}", dir.join("weiting.db").display())),
                blobs: format!("file://{}", dir.join("blobs").display()),
                staging: dir.join("staging"),
                max_readers: default_readers(),
                case_gib: default_case_gib(),
            },
            vault: VaultSettings { key_file: dir.join("vault.key") },
            seal: Some(SealSettings {
                key_file: dir.join("seal.pem"),
                timestamps: Some(format!("http://{sandbox}/tsa")),
                timestamp_anchors: Some(dir.join("root.pem")),
                fonts: default_fonts(),
            }),
            sms: SmsSettings {
                endpoint: format!("http://{sandbox}"),
                access_key_id: "demo".into(),
                access_key_secret: Some("demo-secret".into()),
                access_key_secret_file: None,
                sign_name: "微法庭演示".into(),
                login_code_template: "SMS_DEMO_CODE".into(),
                step_up_code_template: "SMS_DEMO_STEP_UP".into(),
                identity_code_template: Some("SMS_DEMO_IDENTITY".into()),
                sitting_notice_template: "SMS_DEMO_SITTING".into(),
                matter_reminder_template: "SMS_DEMO_MATTER".into(),
                message_template: Some("SMS_DEMO_MESSAGE".into()),
                // Everybody in a demonstration sits behind one address.
                codes_per_address: 500,
            },
            phone: Some(PhoneSettings {
                endpoint: format!("http://{sandbox}"),
                access_key_id: "demo".into(),
                access_key_secret: Some("demo-secret".into()),
                access_key_secret_file: None,
                pool: "FC_DEMO".into(),
                area: default_area(),
                announcements: default_announcements(),
                callback_key: Some("0123456789demo0123456789demo0123".into()),
                callback_key_file: None,
            }),
            identity: Some(IdentitySettings {
                endpoint: format!("http://{sandbox}/faceid"),
                secret_id: "demo".into(),
                secret_key: Some("demo-secret".into()),
                secret_key_file: None,
                region: default_region(),
                rule: "0".into(),
            }),
            // A demonstration shows documents on any machine, and says so where they are not walled in.
            worker: WorkerSettings { unsandboxed: true, ..WorkerSettings::default() },
            push: Some(PushSettings {
                key_file: dir.join("push.key"),
                contact: "mailto:court@example.com".into(),
                services: vec![format!("http://{sandbox}")],
            }),
            attestation: AttestationSettings::default(),
            uploads: UploadSettings::default(),
            links: demo_links(),
            sandbox: SandboxSettings { listen: Some(sandbox) },
        }
    }

    /// What must be so before a court serves the public.
    fn check(&self) -> anyhow::Result<()> {
        let server = &self.server;
        anyhow::ensure!(
            self.sandbox.listen.is_none(),
            "[sandbox] is for `weiting demo` alone: a court that serves must not simulate its providers"
        );
        anyhow::ensure!(
            !self.worker.unsandboxed,
            "worker.unsandboxed is for development alone: a court that serves looks into people's files in a sandbox"
        );
        let loopback = server.listen.ip().is_loopback() && server.origin.starts_with("http://127.0.0.1");
        anyhow::ensure!(
            server.origin.starts_with("https://") || loopback,
            "server.origin must begin with https:// (plain http is for loopback alone)"
        );
        anyhow::ensure!(
            desk::Config::host_of(&server.origin) != desk::Config::host_of(&server.files_origin),
            "server.files_origin must be another host than server.origin: people's files must never share the app's cookies"
        );
        anyhow::ensure!(
            !self.sms.access_key_id.is_empty() && self.sms.access_key_id != "demo",
            "sms.access_key_id is the demonstration's; use your own"
        );
        self.uploads.scanner()?;
        if let Some(phone) = &self.phone {
            let own = !phone.access_key_id.is_empty() && phone.access_key_id != "demo";
            anyhow::ensure!(own, "phone.access_key_id is the demonstration's; use your own");
            phone.callback_key()?;
        }
        if let Some(identity) = &self.identity {
            let own = !identity.secret_id.is_empty() && identity.secret_id != "demo";
            anyhow::ensure!(own, "identity.secret_id is the demonstration's; use your own");
        }
        for link in &self.links {
            let good = link.url.starts_with("https://") && !link.name.trim().is_empty();
            anyhow::ensure!(good, "links need a name and a url that begins with https://: {}", link.url);
        }
        self.local_fees()?;
        if let Some(push) = &self.push {
            let named = |service: &String| !service.contains(['/', ':', '@']) && service.contains('.');
            let good = !push.services.is_empty() && push.services.iter().all(named);
            anyhow::ensure!(good, "push.services are names of hosts, without scheme, port or path");
        }
        Ok(())
    }

    /// Where the store finds its data.
    pub(crate) fn store_options(&self) -> StoreOptions {
        StoreOptions {
            database: self.store.database.clone(),
            blobs: self.store.blobs.clone(),
            staging: self.store.staging.clone(),
            max_readers: self.store.max_readers,
        }
    }

    /// The worker's part.
    pub(crate) fn worker(&self) -> anyhow::Result<desk::worker::Settings> {
        Ok(desk::worker::Settings {
            program: std::env::current_exe().context("the program cannot find itself")?,
            folder: self.store.staging.join("worker"),
            concurrency: self.worker.concurrency,
            unsandboxed: self.worker.unsandboxed,
        })
    }

    /// The desk's part.
    pub(crate) fn desk_config(&self) -> anyhow::Result<desk::Config> {
        let server = &self.server;
        Ok(desk::Config {
            court: desk::Court { code: self.court.code.clone(), name: self.court.name.clone() },
            origin: server.origin.clone(),
            files_origin: server.files_origin.clone(),
            trusted_proxies: server.trusted_proxies.clone(),
            request_timeout: Duration::from_secs(server.request_timeout),
            concurrency: server.concurrency,
            connections: server.connections,
            strong_reminders: self.court.strong_reminders && self.sms.message_template.is_some(),
            codes_per_address: self.sms.codes_per_address,
            identity: desk::IdentityRules {
                valid_days: self.court.identity_days.max(1),
                keep_days: self.court.identity_files_days.max(1),
            },
            case_bytes: self.store.case_gib << 30,
            links: self.links.iter().map(LinkSettings::link).collect(),
            hotline: self.court.hotline.clone(),
            local_fees: self.local_fees()?,
        })
    }

    /// What the province charges.
    fn local_fees(&self) -> anyhow::Result<rules::fees::Local> {
        rules::fees::Local::new(&self.court.fees).map_err(|wrong| anyhow::anyhow!("court.fees: {}", wrong.sentence()))
    }

    /// Where the key of the court's log is.
    pub fn log_key_file(&self) -> PathBuf {
        self.attestation.key_file.clone().unwrap_or_else(|| self.store.staging.with_file_name("log.key"))
    }

    /// Where the last signed checkpoint is kept.
    pub fn log_kept_file(&self) -> PathBuf {
        self.attestation.kept_file.clone().unwrap_or_else(|| self.store.staging.with_file_name("log.checkpoint"))
    }

    /// The provider's secret.
    pub(crate) fn sms_secret(&self) -> anyhow::Result<String> {
        let sms = &self.sms;
        secret(sms.access_key_secret_file.as_deref(), sms.access_key_secret.as_deref(), "sms.access_key_secret_file")
    }
}

impl LinkSettings {
    fn link(&self) -> desk::Link {
        desk::Link { name: self.name.clone(), about: self.about.clone(), url: self.url.clone() }
    }
}

/// Sites that do not exist, so that a demonstration shows what a court's own would look like.
fn demo_links() -> Vec<LinkSettings> {
    let links = [
        ("司法公开", "审判流程、庭审公开、裁判文书", "https://openness.example.com/"),
        ("网上信访", "反映问题、查询办理进度", "https://petition.example.com/"),
        ("多元调解", "申请人民调解、行业调解", "https://mediation.example.com/"),
        ("网上鉴定", "选择鉴定机构、查询鉴定进度", "https://appraisal.example.com/"),
    ];
    let link = |(name, about, url): (&str, &str, &str)| LinkSettings {
        name: name.to_owned(),
        about: about.to_owned(),
        url: url.to_owned(),
    };
    links.map(link).into()
}

/// Host and port of an address.
pub(crate) fn place(endpoint: &str) -> anyhow::Result<(String, u16)> {
    let uri: axum::http::Uri = endpoint.parse().with_context(|| format!("{endpoint} is no address"))?;
    let host = uri.host().with_context(|| format!("{endpoint} names no host"))?;
    let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    Ok((host.to_owned(), uri.port_u16().unwrap_or(usual)))
}

/// A secret from the file that is named, else as it is written.
fn secret(file: Option<&Path>, written: Option<&str>, key: &str) -> anyhow::Result<String> {
    match (file, written) {
        (Some(file), _) => Ok(std::fs::read_to_string(file)
            .with_context(|| format!("{key} {} cannot be read", file.display()))?
            .trim()
            .to_owned()),
        (None, Some(secret)) => Ok(secret.to_owned()),
        (None, None) => anyhow::bail!("{key} is missing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: impl FnOnce(&mut Settings)) -> anyhow::Result<()> {
        let mut settings = Settings::demo(Path::new("d"), 8080, None);
        settings.sandbox.listen = None;
        settings.worker.unsandboxed = false;
        settings.sms.access_key_id = "own".into();
        settings.phone = None;
        settings.push = None;
        settings.identity = None;
        change(&mut settings);
        settings.check()
    }

    #[test]
    fn sr62_a_court_that_serves_refuses_simulators_and_default_credentials() {
        settings(|_| ()).unwrap();
        assert!(settings(|s| s.sandbox.listen = Some(([127, 0, 0, 1], 1).into())).is_err());
        assert!(settings(|s| s.worker.unsandboxed = true).is_err());
        assert!(settings(|s| s.sms.access_key_id = "demo".into()).is_err());
        let phone = Settings::demo(Path::new("d"), 8080, None).phone;
        assert!(settings(|s| s.phone = phone.clone()).is_err());
        let own = |key: &str| {
            phone.clone().map(|phone| PhoneSettings {
                access_key_id: "own".into(),
                callback_key: Some(key.to_owned()),
                ..phone
            })
        };
        assert!(settings(|s| s.phone = own("short")).is_err());
        settings(|s| s.phone = own(&"k7".repeat(16))).unwrap();
        let identity = Settings::demo(Path::new("d"), 8080, None).identity;
        assert!(settings(|s| s.identity = identity.clone()).is_err(), "the demonstration's service");
        let push = Settings::demo(Path::new("d"), 8080, None).push;
        assert!(settings(|s| s.push = push.clone()).is_err(), "the demonstration's service");
        let services = |services: Vec<String>| push.clone().map(|push| PushSettings { services, ..push });
        settings(|s| s.push = services(default_push_services())).unwrap();
        assert!(settings(|s| s.push = services(vec!["127.0.0.1:80".into()])).is_err());
        assert!(settings(|s| s.links[0].url = "javascript:alert(1)".into()).is_err());
        assert!(settings(|s| s.server.origin = "http://court.example".into()).is_err());
        assert!(settings(|s| s.server.files_origin = s.server.origin.clone()).is_err());
    }

    #[test]
    fn the_key_for_push_services_is_made_once_and_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let push = PushSettings {
            key_file: folder.path().join("keys/push.key"),
            contact: "mailto:a@b".into(),
            services: default_push_services(),
        };
        let key = push.key(|| [7; 32]).unwrap();
        assert_eq!(push.key(|| unreachable!("it is there")).unwrap(), key);
        let mode = std::fs::metadata(&push.key_file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        connect::push::Vapid::new(&key, &push.contact).unwrap();
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let text = "[court]\ncode='a'\nname='b'\ncolour='red'\n";
        let parsed: Result<Settings, _> = Figment::new().merge(Toml::string(text)).extract();
        assert!(parsed.unwrap_err().to_string().contains("colour"));
    }
}
