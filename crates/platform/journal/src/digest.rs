//! What a digest covers, byte by byte. Changing anything here makes every stored journal unverifiable: add a new domain word
//! (`….v2`) instead and keep the old one.

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub(crate) type Digest = [u8; 32];

/// What the first entry of a record, and the first seal, have as the digest before them.
pub(crate) const GENESIS: Digest = [0; 32];

/// Feeds a digest so that different contents can never give the same bytes: each part goes with its length.
pub(crate) struct Canonical(Sha256);

impl Canonical {
    /// Begins with the word that says what is digested, so that one kind of content never passes for another.
    pub(crate) fn new(domain: &str) -> Self {
        Self(Sha256::new()).bytes(domain.as_bytes())
    }
    /// Adds bytes with their length.
    pub(crate) fn bytes(mut self, part: &[u8]) -> Self {
        self.0.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(part);
        self
    }
    /// Adds text with its length in bytes.
    pub(crate) fn text(self, part: &str) -> Self {
        self.bytes(part.as_bytes())
    }
    /// Adds a number as eight bytes.
    pub(crate) fn number(mut self, part: i64) -> Self {
        self.0.update(part.to_be_bytes());
        self
    }
    /// Adds one byte for a truth.
    pub(crate) fn truth(mut self, part: bool) -> Self {
        self.0.update([u8::from(part)]);
        self
    }
    /// Adds a number that may be missing.
    pub(crate) fn maybe_number(self, part: Option<i64>) -> Self {
        match part {
            Some(part) => self.truth(true).number(part),
            None => self.truth(false),
        }
    }
    /// Adds text that may be missing.
    pub(crate) fn maybe_text(self, part: Option<&str>) -> Self {
        match part {
            Some(part) => self.truth(true).text(part),
            None => self.truth(false),
        }
    }
    /// The digest.
    pub(crate) fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

/// The mark of one field's values: what the entry's digest covers in their place. `salt` is empty for values that are not
/// personal; for personal ones it keeps a short value (a phone number) from being guessed from the mark after erasure.
pub(crate) fn mark(salt: &[u8], before: Option<&str>, after: Option<&str>) -> Digest {
    Canonical::new("aftercare.journal.value.v1").bytes(salt).maybe_text(before).maybe_text(after).finish()
}

/// The header of an entry, as its digest covers it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header<'a> {
    pub(crate) id: i64,
    pub(crate) record_kind: &'a str,
    pub(crate) record_id: i64,
    pub(crate) seq: i64,
    pub(crate) verb: &'a str,
    pub(crate) actor_kind: &'a str,
    pub(crate) actor_id: Option<i64>,
    pub(crate) actor_name: &'a str,
    pub(crate) happened_at: i64,
    pub(crate) entered_at: i64,
    pub(crate) request: &'a str,
    pub(crate) store_id: Option<i64>,
}

/// The digest of an entry: header, the digest before it, and per field its name, whether it is personal, and its mark.
pub(crate) fn entry<'a>(
    header: &Header<'_>,
    previous: &Digest,
    fields: impl ExactSizeIterator<Item = (&'a str, bool, Digest)>,
) -> Digest {
    let mut canonical = Canonical::new("aftercare.journal.entry.v1")
        .number(header.id)
        .text(header.record_kind)
        .number(header.record_id)
        .number(header.seq)
        .text(header.verb)
        .text(header.actor_kind)
        .maybe_number(header.actor_id)
        .text(header.actor_name)
        .number(header.happened_at)
        .number(header.entered_at)
        .text(header.request)
        .maybe_number(header.store_id)
        .bytes(previous)
        .number(i64::try_from(fields.len()).unwrap_or(i64::MAX));
    for (field, personal, mark) in fields {
        canonical = canonical.text(field).truth(personal).bytes(&mark);
    }
    canonical.finish()
}

/// What a seal says; its digest is what is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SealHeader<'a> {
    pub(crate) id: i64,
    pub(crate) seq: i64,
    pub(crate) from_id: i64,
    pub(crate) to_id: i64,
    pub(crate) entries: i64,
    pub(crate) root: &'a Digest,
    pub(crate) previous: &'a Digest,
    pub(crate) sealed_at: i64,
    pub(crate) public_key: &'a [u8; 32],
}

/// The digest of a seal.
pub(crate) fn seal(header: &SealHeader<'_>) -> Digest {
    Canonical::new("aftercare.journal.seal.v1")
        .number(header.id)
        .number(header.seq)
        .number(header.from_id)
        .number(header.to_id)
        .number(header.entries)
        .bytes(header.root)
        .bytes(header.previous)
        .number(header.sealed_at)
        .bytes(header.public_key)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_run_into_each_other() {
        let a = Canonical::new("t").text("ab").text("c").finish();
        let b = Canonical::new("t").text("a").text("bc").finish();
        assert_ne!(a, b);
        assert_ne!(Canonical::new("t").maybe_text(None).finish(), Canonical::new("t").maybe_text(Some("")).finish());
        assert_ne!(mark(b"", Some("x"), None), mark(b"", None, Some("x")));
        assert_ne!(mark(b"a", Some("x"), None), mark(b"b", Some("x"), None));
    }

    #[test]
    fn the_encoding_stays_as_it_is() {
        // Journals that exist were made with it. A new encoding gets a new domain word.
        let header = Header {
            id: 1,
            record_kind: "case",
            record_id: 2,
            seq: 3,
            verb: "case.accepted",
            actor_kind: "staff",
            actor_id: Some(4),
            actor_name: "王芳",
            happened_at: 5,
            entered_at: 6,
            request: "r",
            store_id: None,
        };
        let digest = entry(&header, &GENESIS, [("state", false, mark(b"", Some("new"), Some("accepted")))].into_iter());
        assert_eq!(hex::encode(digest), "557d7b73c1c3c5f2a155c84c1d5f089f886b088384b35e08fe292d132842e783");
    }
}
