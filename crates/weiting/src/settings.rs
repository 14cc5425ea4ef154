//! What an operator sets: a TOML file, environment variables, defaults that are safe.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
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
    pub sms: SmsSettings,
    /// Absent: the court has no virtual calls.
    #[serde(default)]
    pub phone: Option<PhoneSettings>,
    #[serde(default)]
    pub worker: WorkerSettings,
    #[serde(default)]
    pub sandbox: SandboxSettings,
}

/// Which court this is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtSettings {
    /// 法院代字, e.g. 沪0113.
    pub code: String,
    /// The name that people read.
    pub name: String,
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
    pub sitting_notice_template: String,
    pub matter_reminder_template: String,
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
fn default_workers() -> usize {
    2
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
            court: CourtSettings { code: "沪0113".into(), name: "示范区人民法院".into() },
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
            sms: SmsSettings {
                endpoint: format!("http://{sandbox}"),
                access_key_id: "demo".into(),
                access_key_secret: Some("demo-secret".into()),
                access_key_secret_file: None,
                sign_name: "微法庭演示".into(),
                login_code_template: "SMS_DEMO_CODE".into(),
                sitting_notice_template: "SMS_DEMO_SITTING".into(),
                matter_reminder_template: "SMS_DEMO_MATTER".into(),
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
            // A demonstration shows documents on any machine, and says so where they are not walled in.
            worker: WorkerSettings { unsandboxed: true, ..WorkerSettings::default() },
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
        if let Some(phone) = &self.phone {
            let own = !phone.access_key_id.is_empty() && phone.access_key_id != "demo";
            anyhow::ensure!(own, "phone.access_key_id is the demonstration's; use your own");
            phone.callback_key()?;
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
    pub(crate) fn desk_config(&self) -> desk::Config {
        let server = &self.server;
        desk::Config {
            court: desk::Court { code: self.court.code.clone(), name: self.court.name.clone() },
            origin: server.origin.clone(),
            files_origin: server.files_origin.clone(),
            trusted_proxies: server.trusted_proxies.clone(),
            request_timeout: Duration::from_secs(server.request_timeout),
            concurrency: server.concurrency,
            connections: server.connections,
            case_bytes: self.store.case_gib << 30,
        }
    }

    /// The provider's secret.
    pub(crate) fn sms_secret(&self) -> anyhow::Result<String> {
        let sms = &self.sms;
        secret(sms.access_key_secret_file.as_deref(), sms.access_key_secret.as_deref(), "sms.access_key_secret_file")
    }
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
        assert!(settings(|s| s.server.origin = "http://court.example".into()).is_err());
        assert!(settings(|s| s.server.files_origin = s.server.origin.clone()).is_err());
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let text = "[court]\ncode='a'\nname='b'\ncolour='red'\n";
        let parsed: Result<Settings, _> = Figment::new().merge(Toml::string(text)).extract();
        assert!(parsed.unwrap_err().to_string().contains("colour"));
    }
}
