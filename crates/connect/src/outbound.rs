//! The only door to the outside (SR-38).
//!
//! A request leaves only for a host and port that the configuration lists; no redirect is followed, no proxy from the environment is used, and
//! the addresses to which the name resolves at that very moment are checked by the resolver that the connection uses, so that a name cannot
//! point to one place when it is checked and to another when it is used.

mod address;

use std::collections::HashMap;
use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

pub use address::is_public;

/// One place to which requests may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// A host name or address as it stands in the URL, in lower case; IPv6 without brackets. `*.example` stands for every host one
    /// label below `example`.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether this host and port may be on this machine or in the court's own network, and spoken to without TLS. For the simulator.
    pub allow_private: bool,
}

/// What [`Outbound`] is built from.
#[derive(Clone, Debug)]
pub struct OutboundSettings {
    /// The allow-list; everything else is refused.
    pub destinations: Vec<Destination>,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// How long a request may take, answer included.
    pub timeout: Duration,
    /// The largest answer, in bytes.
    pub max_answer: usize,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        Self {
            destinations: Vec::new(),
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(8),
            max_answer: 256 * 1024,
        }
    }
}

/// Why a request did not bring an answer.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The URL's scheme, host and port are not on the list.
    #[error("destination is not on the allow-list")]
    NotAllowed,
    /// The host is, or resolves to, an address that is not public.
    #[error("destination is a private address")]
    PrivateAddress,
    /// The other side wanted to send us elsewhere.
    #[error("answer is a redirect ({0})")]
    Redirected(u16),
    /// More bytes than [`OutboundSettings::max_answer`].
    #[error("answer is too large")]
    TooLarge,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or a torn one. The text carries no URL.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// The client could not be built.
    #[error("outbound client: {0}")]
    Setup(String),
}

/// The HTTP client. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    /// One client a destination, because whether a private address is allowed hangs on host and port together.
    clients: Arc<HashMap<(String, u16), Door>>,
    max_answer: usize,
}

struct Door {
    client: Client,
    allow_private: bool,
}

impl Outbound {
    /// Builds the client. A rustls crypto provider must have been installed for the process before.
    ///
    /// # Errors
    /// [`OutboundError::Setup`] if TLS cannot be set up.
    pub fn new(settings: &OutboundSettings) -> Result<Self, OutboundError> {
        let mut clients = HashMap::new();
        for destination in &settings.destinations {
            let allow_private = destination.allow_private;
            let client = Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .https_only(!allow_private)
                .connect_timeout(settings.connect_timeout)
                .timeout(settings.timeout)
                .dns_resolver(Arc::new(Resolver { allow_private }))
                .user_agent("weiting")
                .build()
                .map_err(|e| OutboundError::Setup(describe(e)))?;
            clients.insert((destination.host.to_ascii_lowercase(), destination.port), Door { client, allow_private });
        }
        Ok(Self { clients: Arc::new(clients), max_answer: settings.max_answer })
    }

    /// Sends `request`, whose URI is absolute, and reads the whole answer.
    ///
    /// # Errors
    /// [`OutboundError`]; an answer with any status that is not a redirect is no error.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, OutboundError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| OutboundError::NotAllowed)?;
        let door = self.door(&url)?;
        let mut answer =
            door.client.request(parts.method, url).headers(parts.headers).body(body).send().await.map_err(refusal)?;
        if answer.status().is_redirection() {
            return Err(OutboundError::Redirected(answer.status().as_u16()));
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(refusal)? {
            if bytes.len() + chunk.len() > self.max_answer {
                return Err(OutboundError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut whole = Response::new(bytes.freeze());
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(whole)
    }

    /// Whether a request to this URL would leave, as far as its text tells; the address behind its name is checked when it does.
    pub fn allows(&self, url: &str) -> bool {
        Url::parse(url)
            .is_ok_and(|url| url.username().is_empty() && url.password().is_none() && self.door(&url).is_ok())
    }

    /// The client for this URL, if it is on the list and, written as an address, public.
    fn door(&self, url: &Url) -> Result<&Door, OutboundError> {
        let host = url.host_str().ok_or(OutboundError::NotAllowed)?.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().ok_or(OutboundError::NotAllowed)?;
        let host = host.to_ascii_lowercase();
        let any = host.split_once('.').map(|(_, domain)| (format!("*.{domain}"), port));
        let door = self.clients.get(&(host.clone(), port)).or_else(|| self.clients.get(&any?));
        let door = door.ok_or(OutboundError::NotAllowed)?;
        if url.scheme() != "https" && !door.allow_private {
            return Err(OutboundError::NotAllowed);
        }
        // A host that is an address never passes the resolver.
        match host.parse::<IpAddr>() {
            Ok(address) if !door.allow_private && !is_public(address) => Err(OutboundError::PrivateAddress),
            _ => Ok(door),
        }
    }
}

/// Resolves names with the system's resolver and refuses a name of which any address is not public.
struct Resolver {
    allow_private: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("name resolves to a private address")]
struct ResolvedToPrivate;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !allow_private && found.iter().any(|address| !is_public(address.ip())) {
                return Err(ResolvedToPrivate.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn refusal(error: reqwest::Error) -> OutboundError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<ResolvedToPrivate>() {
            return OutboundError::PrivateAddress;
        }
        cause = inner.source();
    }
    if error.is_timeout() { OutboundError::Timeout } else { OutboundError::Unreachable(describe(error)) }
}

/// The error and its innermost cause, without the URL: a vendor's URL may carry a phone number.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost = error.source();
    while let Some(inner) = innermost.and_then(std::error::Error::source) {
        innermost = Some(inner);
    }
    innermost.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
