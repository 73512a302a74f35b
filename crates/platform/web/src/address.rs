//! Where a request comes from: the peer, or what a named proxy says about it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use axum::http::HeaderMap;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word about the client's address is taken; nobody's when the operator names none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Arc<[(IpAddr, u32)]>);

impl Proxies {
    /// From addresses and networks with commas or blanks between: `10.0.0.5, 10.1.0.0/16, ::1`.
    ///
    /// # Errors
    /// The word that is no address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
        let read = |word: &str| {
            let (address, bits) = word.split_once('/').map_or((word, None), |(address, bits)| (address, Some(bits)));
            let address: IpAddr = address.parse().ok()?;
            let widest = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Some(widest), |bits| bits.parse().ok().filter(|bits| *bits <= widest))?;
            Some((address, bits))
        };
        words
            .map(|word| read(word).ok_or_else(|| word.to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map(|all| Self(all.into()))
    }

    fn knows(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| match (network, peer.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(peer)) => {
                shared(network.to_bits().into(), peer.to_bits().into(), 32, *bits)
            }
            (IpAddr::V6(network), IpAddr::V6(peer)) => shared(network.to_bits(), peer.to_bits(), 128, *bits),
            _ => false,
        })
    }

    /// The client's address: the peer, unless that is a named proxy; then the last address in `X-Forwarded-For` that is none.
    /// Whatever stands before it was written by the client itself.
    pub(crate) fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
        let mut client = peer.ip().to_canonical();
        let said = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let said: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
        for word in said.iter().rev() {
            if !self.knows(client) {
                break;
            }
            match address(word) {
                Some(next) => client = next.to_canonical(),
                None => break,
            }
        }
        Some(client)
    }
}

fn shared(one: u128, other: u128, widest: u32, bits: u32) -> bool {
    bits == 0 || (one >> (widest - bits)) == (other >> (widest - bits))
}

/// `192.0.2.1`, `192.0.2.1:443`, `[2001:db8::1]:443`.
fn address(word: &str) -> Option<IpAddr> {
    let bare = word.trim_matches(['[', ']']);
    bare.parse().ok().or_else(|| word.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// The client's network, for counting tries: one household has a whole /64 of IPv6. Empty where no socket is (tests).
#[derive(Debug, Clone)]
pub struct ClientNetwork(pub Arc<str>);

impl ClientNetwork {
    pub(crate) fn of(client: Option<IpAddr>) -> Self {
        Self(match client {
            None => "".into(),
            Some(IpAddr::V4(address)) => address.to_string().into(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)).into()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &str, peer: &str, said: &[&'static str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        for word in said {
            headers.append(FORWARDED_FOR, word.parse().unwrap());
        }
        Proxies::parse(proxies).unwrap().client(&extensions, &headers).unwrap().to_string()
    }

    #[test]
    fn only_named_proxies_are_believed() {
        assert_eq!(client("", "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("10.0.0.5", "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("10.0.0.5", "10.0.0.5", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.0/8", "10.9.9.9", &["198.51.100.1, 10.1.1.1"]), "198.51.100.1");
        // What the client wrote itself stands before what the proxy added.
        assert_eq!(client("10.0.0.5", "10.0.0.5", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.5", "10.0.0.5", &["nonsense"]), "10.0.0.5");
        assert_eq!(client("10.0.0.5", "10.0.0.5", &[]), "10.0.0.5");
        assert_eq!(client("::1", "::1", &["[2001:db8::7]:443"]), "2001:db8::7");
        assert_eq!(client("10.0.0.5", "::ffff:10.0.0.5", &["198.51.100.1:9"]), "198.51.100.1");
    }

    #[test]
    fn what_is_no_address_is_named() {
        assert_eq!(Proxies::parse("10.0.0.1, proxy.local"), Err("proxy.local".to_owned()));
        assert_eq!(Proxies::parse("10.0.0.0/33"), Err("10.0.0.0/33".to_owned()));
        assert!(Proxies::parse(" ").is_ok());
    }
}
