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

/// The simulated providers. Refused outside `weiting demo` (SR-62).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxSettings {
    #[serde(default)]
    pub listen: Option<SocketAddr>,
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
        }
    }

    /// The provider's secret.
    pub(crate) fn sms_secret(&self) -> anyhow::Result<String> {
        match (&self.sms.access_key_secret_file, &self.sms.access_key_secret) {
            (Some(file), _) => Ok(std::fs::read_to_string(file)
                .with_context(|| format!("sms.access_key_secret_file {} cannot be read", file.display()))?
                .trim()
                .to_owned()),
            (None, Some(secret)) => Ok(secret.clone()),
            (None, None) => anyhow::bail!("sms.access_key_secret_file is missing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: impl FnOnce(&mut Settings)) -> anyhow::Result<()> {
        let mut settings = Settings::demo(Path::new("d"), 8080, None);
        settings.sandbox.listen = None;
        settings.sms.access_key_id = "own".into();
        change(&mut settings);
        settings.check()
    }

    #[test]
    fn sr62_a_court_that_serves_refuses_simulators_and_default_credentials() {
        settings(|_| ()).unwrap();
        assert!(settings(|s| s.sandbox.listen = Some(([127, 0, 0, 1], 1).into())).is_err());
        assert!(settings(|s| s.sms.access_key_id = "demo".into()).is_err());
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
