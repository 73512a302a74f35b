use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH};
use axum::http::request::Parts;
use kernel::{Fault, FaultKind};

use crate::Failure;

/// The version of a record as the `ETag` header.
pub fn etag(version: i64) -> (HeaderName, HeaderValue) {
    (ETAG, HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"v0\"")))
}

/// The version that an API change is based on, from `If-Match: "v7"`. Missing or unreadable is 428; `*` is refused like a
/// missing one, because "whatever it is now" is what the header is there to prevent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl IfMatch {
    /// Reads the header's value.
    ///
    /// # Errors
    /// `version-missing`.
    pub fn read(value: Option<&str>) -> Result<Self, Fault> {
        value
            .map(str::trim)
            .map(|value| value.strip_prefix("W/").unwrap_or(value))
            .and_then(|value| value.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok())
            .map(Self)
            .ok_or_else(|| Fault::new(FaultKind::VersionMissing, "version-missing"))
    }
    /// `Ok` when the record still has this version.
    ///
    /// # Errors
    /// `stale` with the version that it has now.
    #[track_caller]
    pub fn check(self, now: i64) -> Result<(), Fault> {
        if self.0 == now { Ok(()) } else { Err(Fault::stale(now)) }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::read(parts.headers.get(IF_MATCH).and_then(|value| value.to_str().ok()))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_that_was_read_is_taken() {
        assert_eq!(IfMatch::read(Some("\"v7\"")).unwrap(), IfMatch(7));
        assert_eq!(IfMatch::read(Some(" W/\"v7\"")).unwrap(), IfMatch(7));
        for missing in [None, Some("*"), Some(""), Some("7"), Some("\"7\""), Some("\"v7\", \"v8\"")] {
            assert_eq!(IfMatch::read(missing).unwrap_err().kind(), FaultKind::VersionMissing, "{missing:?}");
        }
        assert!(IfMatch(7).check(7).is_ok());
        assert_eq!(IfMatch(7).check(8).unwrap_err().kind(), FaultKind::Stale);
    }
}
