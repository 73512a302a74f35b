//! One POST to an address that somebody typed into the settings: resolved once, private addresses refused unless allowed,
//! the connection pinned to what was resolved, no redirects, everything within a time limit.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, crypto};

use crate::Trust;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// An answer is a few words of JSON.
const ANSWER_SIZE: usize = 64 * 1024;

/// Where to post to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    uri: Uri,
    host: String,
    port: u16,
    tls: bool,
    allow_private: bool,
    trust: Trust,
}

impl Target {
    /// Reads an `https://` address; `http://` only where private addresses are allowed.
    pub(crate) fn parse(url: &str, allow_private: bool, trust: Trust) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let tls = match uri.scheme_str()? {
            "https" => true,
            "http" if allow_private => false,
            _ => return None,
        };
        let host = uri.host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        // A name and password in the address would end in logs.
        if uri.authority()?.as_str().contains('@') {
            return None;
        }
        Some(Self { uri, host, port, tls, allow_private, trust })
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// The request never left: nothing can have happened.
    NotSent(String),
    /// The request left; nobody knows what happened.
    Unclear(String),
}

fn not_sent(cause: impl fmt::Display) -> NoAnswer {
    NoAnswer::NotSent(cause.to_string())
}
fn unclear(cause: impl fmt::Display) -> NoAnswer {
    NoAnswer::Unclear(cause.to_string())
}

/// Posts JSON; returns status and body.
pub(crate) async fn post(
    target: &Target,
    headers: &[(&'static str, String)],
    body: String,
) -> Result<(u16, Bytes), NoAnswer> {
    let mut request = Request::post(target.uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(header::HOST, target.uri.authority().map_or("", |authority| authority.as_str()))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(not_sent)?;
    let Ok(stream) = tokio::time::timeout(CONNECT_LIMIT, connect(target)).await else {
        return Err(not_sent("no connection in time"));
    };
    let Ok(answer) = tokio::time::timeout(ANSWER_LIMIT, exchange(stream?, request)).await else {
        return Err(unclear("no answer in time"));
    };
    answer
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn connect(target: &Target) -> Result<Box<dyn Stream>, NoAnswer> {
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((target.host.as_str(), target.port)).await.map_err(not_sent)?.collect();
    let mut last = "the name has no address".to_owned();
    for address in found {
        if !target.allow_private && !is_public(address.ip()) {
            last = "the address is private; the operator has to allow it".to_owned();
            continue;
        }
        let tcp = match TcpStream::connect(address).await {
            Ok(tcp) => tcp,
            Err(error) => {
                last = error.to_string();
                continue;
            }
        };
        if !target.tls {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(target.host.clone()).map_err(not_sent)?;
        return Ok(Box::new(connector(&target.trust).map_err(not_sent)?.connect(name, tcp).await.map_err(not_sent)?));
    }
    Err(NoAnswer::NotSent(last))
}

pub(crate) fn connector(trust: &Trust) -> Result<TlsConnector, tokio_rustls::rustls::Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trust.roots())
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn exchange(stream: Box<dyn Stream>, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), NoAnswer> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(not_sent)?;
    let call = async {
        let response = sender.send_request(request).await.map_err(unclear)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_SIZE).collect().await.map_err(unclear)?;
        Ok((status, body.to_bytes()))
    };
    // The connection does the reading and writing while the call waits; it ends with the call.
    let mut call = std::pin::pin!(call);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        answer = &mut call => answer,
        ended = &mut connection => match ended {
            Ok(()) => call.await,
            Err(error) => Err(unclear(error)),
        },
    }
}

/// True for addresses of the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}
fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarking = a == 198 && (b == 18 || b == 19);
    let reserved = a == 0 || a >= 240 || (a == 192 && b == 0 && v4.octets()[2] == 0);
    !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_documentation())
        && !(shared || benchmarking || reserved)
}
fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [first, second, ..] = v6.segments();
    // Global unicast is 2000::/3; documentation, Teredo, 6to4 and discard ranges inside it reach elsewhere or nowhere.
    (first & 0xe000) == 0x2000 && !(first == 0x2001 && (second == 0x0db8 || second < 0x0200)) && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_all_their_clothes() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "2001:db8::1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn only_addresses_that_keep_secrets_are_taken() {
        assert!(Target::parse("https://sms.example.com/send", false, Trust::default()).is_some());
        assert!(Target::parse("http://sms.example.com/send", false, Trust::default()).is_none());
        assert!(Target::parse("http://127.0.0.1:9000/send", true, Trust::default()).is_some());
        assert!(Target::parse("https://user:secret@sms.example.com/", false, Trust::default()).is_none());
        assert!(Target::parse("file:///etc/passwd", true, Trust::default()).is_none());
        assert!(Target::parse("not an address", true, Trust::default()).is_none());
    }

    #[tokio::test]
    async fn a_private_address_is_not_called() {
        let target = Target::parse("https://127.0.0.1:9/", false, Trust::default()).unwrap();
        assert!(
            matches!(post(&target, &[], String::new()).await, Err(NoAnswer::NotSent(cause)) if cause.contains("private"))
        );
    }
}
