use std::fmt;
use std::sync::Arc;

use lettre::transport::smtp::client::Certificate;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// Authorities whose certificates are believed beside those that everybody believes: a house has its own.
#[derive(Clone, Default)]
pub struct Trust(Arc<Vec<CertificateDer<'static>>>);

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({})", self.0.len())
    }
}

impl Trust {
    /// Reads certificates in PEM; `None` when there are none or one cannot be read.
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let found = found.ok().filter(|found| !found.is_empty())?;
        let mut store = RootCertStore::empty();
        found.iter().all(|one| store.add(one.clone()).is_ok()).then(|| Self(Arc::new(found)))
    }

    /// All that is believed.
    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        // They could be read when they were taken.
        roots.add_parsable_certificates(self.0.iter().cloned());
        roots
    }

    /// The own ones, for `lettre`.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = Certificate> {
        self.0.iter().filter_map(|one| Certificate::from_der(one.to_vec()).ok())
    }
}
