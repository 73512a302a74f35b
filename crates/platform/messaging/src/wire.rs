//! The way to another host, for those who speak another protocol than HTTP and SMTP over it.

use std::fmt;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::{Trust, http};

/// A connection, with TLS or without.
pub trait Wire: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Wire for T {}

/// Connects to `host`; an address inside the own network only when `allow_private`.
///
/// # Errors
/// What went wrong, for people.
pub async fn connect(host: &str, port: u16, allow_private: bool) -> Result<Box<dyn Wire>, String> {
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| error.to_string())?;
    let mut last = "the name has no address".to_owned();
    for address in found {
        if !allow_private && !http::is_public(address.ip()) {
            last = "the address is private; the operator has to allow it".to_owned();
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(tcp) => return Ok(Box::new(tcp)),
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

/// Turns `plain` to TLS; the other side must be who it says it is.
///
/// # Errors
/// What went wrong, for people.
pub async fn secure(host: &str, plain: Box<dyn Wire>, trust: &Trust) -> Result<Box<dyn Wire>, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let connector = http::connector(trust).map_err(|error| error.to_string())?;
    Ok(Box::new(connector.connect(name, plain).await.map_err(|error| error.to_string())?))
}
