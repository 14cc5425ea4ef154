//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::Desk;

/// The address and the browser of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub(crate) ip: IpAddr,
    /// The `User-Agent`, as it says of itself.
    pub(crate) agent: String,
}

impl Visitor {
    /// What is counted together when requests are limited by address: one IPv4 address, or the /64 that one subscriber of IPv6 has.
    pub fn network(&self) -> String {
        match self.ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

impl FromRequestParts<Desk> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Visitor, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Visitor {
            ip: behind_proxies(peer, &parts.headers, &desk.config.trusted_proxies),
            agent: agent.unwrap_or_default().to_owned(),
        })
    }
}

/// The address of the client: what the nearest proxy that is not ours says it saw. Of `X-Forwarded-For` only the part that our own
/// proxies wrote is believed, from the right (SR-58).
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut client = peer.to_canonical();
    let named: Vec<_> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for name in named.iter().rev() {
        if !trusted.contains(&client) {
            break;
        }
        let Ok(ip) = name.parse::<IpAddr>() else { break };
        client = ip.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|ip| ip.parse().unwrap()).collect();
        behind_proxies(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn sr58_forwarded_addresses_are_believed_from_listed_proxies_only() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9", "spoofed by a stranger");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1, 198.51.100.1"], &["10.0.0.1"]),
            "198.51.100.1",
            "spoofed behind a proxy"
        );
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 10.0.0.2"], &["10.0.0.1", "10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
    }

    #[test]
    fn sr04_one_subscriber_of_ipv6_counts_as_one() {
        let visitor = |ip: &str| Visitor { ip: ip.parse().unwrap(), agent: String::new() }.network();
        assert_eq!(visitor("2001:db8:1:2:3::4"), visitor("2001:db8:1:2:ffff::1"));
        assert_ne!(visitor("2001:db8:1:2::1"), visitor("2001:db8:1:3::1"));
        assert_eq!(visitor("198.51.100.1"), "198.51.100.1");
    }
}
