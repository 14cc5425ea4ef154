//! What an operator sets.

use std::time::Duration;

use axum::http::HeaderValue;

/// The court that this program serves.
#[derive(Clone, Debug)]
pub struct Court {
    /// 法院代字, e.g. 沪0113; part of every leaf.
    pub code: String,
    /// The name that people read.
    pub name: String,
}

/// How long real-name verification holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityRules {
    /// After so many days it has to be done again.
    pub valid_days: u32,
    /// For so many days the pictures and the video for a reviewer are kept.
    pub keep_days: u32,
}

impl IdentityRules {
    /// How long a verification holds.
    pub fn valid_for(self) -> time::Duration {
        time::Duration::days(i64::from(self.valid_days))
    }
}

/// Another site that people are shown the way to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// 司法公开
    pub name: String,
    /// What is found there.
    pub about: String,
    /// `https://…`
    pub url: String,
}

/// Settings of the desk.
#[derive(Clone, Debug)]
pub struct Config {
    pub court: Court,
    /// Where people reach the app: scheme, host and port, e.g. `https://court.example`.
    pub origin: String,
    /// Where people's files are shown from: another host, so that no cookie of the app ever goes there (SR-24).
    pub files_origin: String,
    /// Proxies whose `X-Forwarded-For` is believed (SR-58); empty: none.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// How long one request may take, uploads and live sockets apart.
    pub request_timeout: Duration,
    /// How many requests may be worked on at once; further ones are told to come back (503 with Retry-After).
    pub concurrency: usize,
    /// How many connections may be open at once.
    pub connections: usize,
    /// Whether people may ask for strong reminders by SMS (强提醒).
    pub strong_reminders: bool,
    /// How many login codes an hour may be asked for from one address (SR-04).
    pub codes_per_address: u64,
    /// How long a real-name verification holds, and what came with it is kept.
    pub identity: IdentityRules,
    /// How many bytes of files the rooms of one case may hold together (SR-33).
    pub case_bytes: u64,
    /// Other sites that people are shown the way to, in order.
    pub links: Vec<Link>,
    /// The number that people call who found no answer: 12368 is that of all courts.
    pub hotline: String,
    /// Fees that the court's province has fixed inside the ranges of the law.
    pub local_fees: rules::fees::Local,
}

impl Config {
    /// Whether cookies carry the `__Host-` prefix and the Secure attribute: everywhere but on plain-HTTP loopback.
    pub fn secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// The host and port of an origin, as a `Host` header has it.
    pub fn host_of(origin: &str) -> &str {
        origin.split_once("://").map_or(origin, |(_, host)| host)
    }

    /// The app's origin as a header value.
    pub fn origin_header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.origin).unwrap_or_else(|_| HeaderValue::from_static("null"))
    }
}
