//! A record's journal as one signed file that proves itself without the program's database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use db::{DbError, DbErrorKind, Tx};
use kernel::{Id, RecordRef, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest};
use crate::flaw::{ChainWalk, Flaw, bytes_to_digest};
use crate::key::{InstallationKey, fingerprint, same_fingerprint, signed};
use crate::merkle;
use crate::seal::{self, Seal};
use crate::store::{self, StoredEntry, StoredValue};

const FORMAT: &str = "aftercare.dossier.v1";

/// Ids as decimal text, as everywhere in JSON.
type Wide = Id<()>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    record_kind: String,
    record_id: Wide,
    /// Milliseconds since 1970 UTC, like all instants in the file: exactly what the digests cover.
    exported_at: i64,
    entries: Vec<FileEntry>,
    seals: Vec<FileSeal>,
    public_key: String,
    signature: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    id: Wide,
    seq: i64,
    verb: String,
    actor_kind: String,
    actor_id: Option<Wide>,
    actor_name: String,
    happened_at: i64,
    entered_at: i64,
    request: String,
    store_id: Option<Wide>,
    previous: String,
    digest: String,
    values: Vec<FileValue>,
    /// Missing while no seal covers the entry.
    sealed: Option<FileProof>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileValue {
    field: String,
    personal: bool,
    before: Option<String>,
    after: Option<String>,
    salt: Option<String>,
    mark: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileProof {
    /// The number of the seal.
    seal: i64,
    /// Which of its leaves the entry is, from 0.
    leaf: u64,
    /// The digests beside the way to the root, lowest first.
    path: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSeal {
    id: Wide,
    seq: i64,
    from_id: Wide,
    to_id: Wide,
    entries: i64,
    root: String,
    previous: String,
    sealed_at: i64,
    digest: String,
    public_key: String,
    signature: String,
}

/// The whole journal of `record` as a file: entries, values, salts, Merkle proofs, seals, public key, signature. `None` when
/// the record has no journal. Holds personal data in clear; callers check who may have it.
///
/// # Errors
/// When the database fails or its digests are broken (`aftercare verify` says where).
pub async fn export_dossier(
    tx: &mut Tx,
    record: &RecordRef,
    key: &InstallationKey,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, DbError> {
    let entries = store::entries_of(tx, record, 0, i64::MAX).await?;
    if entries.is_empty() {
        return Ok(None);
    }
    let mut values = store::values_of(tx, &entries).await?;
    let seal_ids: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.seal_id).collect();
    let seals = seal::seals_by_id(tx, seal_ids).await?;
    let mut proofs = proofs(tx, &entries, &seals).await?;
    let content = content_digest(
        record.kind,
        record.id,
        now.millis(),
        entries.iter().map(|entry| entry.digest.as_slice()),
        seals.iter().map(|seal| seal.digest.as_slice()),
    );
    let file = File {
        format: FORMAT.into(),
        record_kind: record.kind.into(),
        record_id: Wide::new(record.id),
        exported_at: now.millis(),
        entries: entries
            .into_iter()
            .map(|entry| {
                let values = values.remove(&entry.id).unwrap_or_default();
                let sealed = proofs.remove(&entry.id);
                file_entry(entry, values, sealed)
            })
            .collect(),
        seals: seals.into_iter().map(file_seal).collect(),
        public_key: hex::encode(key.public()),
        signature: hex::encode(key.sign(&content)),
    };
    let bytes = serde_json::to_vec_pretty(&file);
    let bytes =
        bytes.map_err(|cause| DbError { kind: DbErrorKind::Body, constraint: None, message: cause.to_string() })?;
    Ok(Some(bytes))
}

/// The proof of each sealed entry. Reads the leaves of one seal after another (at most 1,024 each).
async fn proofs(tx: &mut Tx, entries: &[StoredEntry], seals: &[Seal]) -> Result<BTreeMap<i64, FileProof>, DbError> {
    let mut proofs = BTreeMap::new();
    for seal in seals {
        let leaves = seal::leaves_of(tx, seal.id, i64::MIN, i64::MAX).await?;
        let digests: Vec<Digest> = leaves.iter().filter_map(|(_, digest)| bytes_to_digest(digest)).collect();
        for entry in entries.iter().filter(|entry| entry.seal_id == Some(seal.id)) {
            let at = leaves.iter().position(|(id, _)| *id == entry.id);
            let path = at.and_then(|at| merkle::proof(&digests, at));
            if let (Some(at), Some(path)) = (at, path) {
                let path = path.iter().map(hex::encode).collect();
                proofs
                    .insert(entry.id, FileProof { seal: seal.seq, leaf: u64::try_from(at).unwrap_or(u64::MAX), path });
            }
        }
    }
    Ok(proofs)
}

fn file_entry(entry: StoredEntry, values: Vec<StoredValue>, sealed: Option<FileProof>) -> FileEntry {
    FileEntry {
        id: Wide::new(entry.id),
        seq: entry.seq,
        verb: entry.verb,
        actor_kind: entry.actor_kind,
        actor_id: entry.actor_id.map(Wide::new),
        actor_name: entry.actor_name,
        happened_at: entry.happened_at,
        entered_at: entry.entered_at,
        request: entry.request,
        store_id: entry.store_id.map(Wide::new),
        previous: hex::encode(entry.previous),
        digest: hex::encode(entry.digest),
        values: values
            .into_iter()
            .map(|value| FileValue {
                field: value.field,
                personal: value.personal,
                before: value.before,
                after: value.after,
                salt: value.salt.map(hex::encode),
                mark: value.mark.map(hex::encode),
            })
            .collect(),
        sealed,
    }
}

fn file_seal(seal: Seal) -> FileSeal {
    FileSeal {
        id: Wide::new(seal.id),
        seq: seal.seq,
        from_id: Wide::new(seal.from_id),
        to_id: Wide::new(seal.to_id),
        entries: seal.entries,
        root: hex::encode(seal.root),
        previous: hex::encode(seal.previous),
        sealed_at: seal.sealed_at.millis(),
        digest: hex::encode(seal.digest),
        public_key: hex::encode(seal.public_key),
        signature: hex::encode(seal.signature),
    }
}

/// What the file's signature covers. Each entry's digest covers the entry, each seal's digest the seal.
fn content_digest<'a>(
    kind: &str,
    id: i64,
    exported_at: i64,
    entries: impl ExactSizeIterator<Item = &'a [u8]>,
    seals: impl ExactSizeIterator<Item = &'a [u8]>,
) -> Digest {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut canonical = Canonical::new(FORMAT).text(kind).number(id).number(exported_at).number(count(entries.len()));
    for digest in entries {
        canonical = canonical.bytes(digest);
    }
    canonical = canonical.number(count(seals.len()));
    for digest in seals {
        canonical = canonical.bytes(digest);
    }
    canonical.finish()
}

/// What a dossier shows when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The kind of record.
    pub record_kind: String,
    /// The record's id.
    pub record_id: i64,
    /// When it was exported.
    pub exported_at: Timestamp,
    /// How many entries it holds.
    pub entries: u64,
    /// How many of them are under seals.
    pub sealed: u64,
    /// How many personal values have been erased.
    pub erased: u64,
    /// Journals of other records that are packed with it, and hold.
    pub others: u64,
    /// The fingerprint of the key that signed the file.
    pub key: String,
    /// Fingerprints of other keys that signed seals in it: the installation had another key then.
    pub other_keys: BTreeSet<String>,
}

/// What a verification of a dossier comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is whole, and signed by the key that was asked for.
    Proved(Summary),
    /// It is whole in itself; without a key to compare with, anybody could have made it.
    ConsistentOriginUnproved(Summary),
    /// It is not what was exported.
    Broken(DossierFlaw),
}

/// Why a dossier does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DossierFlaw {
    /// Not a dossier of a format that this program knows; what the reader stumbled over.
    Unreadable(String),
    /// An entry is altered or missing: its number in the chain and what is wrong.
    Entry(i64, Flaw),
    /// A seal is altered: its number and what is wrong.
    Seal(i64, Flaw),
    /// The entry with this number is not under the seal that it names.
    Proof(i64),
    /// The signature is not that of the key in the file.
    Signature,
    /// A file beside the journal is altered or missing: its name.
    Part(String),
    /// Signed by another key than the one asked for; the fingerprint of that key.
    OtherKey(String),
}

impl DossierFlaw {
    /// A stable word; `journal-dossier-<code>` is its text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Entry(..) => "entry",
            Self::Seal(..) => "seal",
            Self::Proof(_) => "proof",
            Self::Signature => "signature",
            Self::Part(_) => "part",
            Self::OtherKey(_) => "other-key",
        }
    }
}

impl fmt::Display for DossierFlaw {
    /// For logs; people get `journal-dossier-<code>` in their language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(text) | Self::Part(text) | Self::OtherKey(text) => write!(f, "{}: {text}", self.code()),
            Self::Entry(seq, flaw) | Self::Seal(seq, flaw) => {
                write!(f, "{} {seq}: {} {}", self.code(), flaw.code(), flaw.detail())
            }
            Self::Proof(seq) => write!(f, "{} {seq}", self.code()),
            Self::Signature => f.write_str(self.code()),
        }
    }
}

/// Proves a dossier offline. `key` is the fingerprint that the installation shows; without it the origin stays unproved.
pub fn verify_dossier(bytes: &[u8], key: Option<&str>) -> Verdict {
    match check(bytes, key) {
        Ok(summary) if key.is_some() => Verdict::Proved(summary),
        Ok(summary) => Verdict::ConsistentOriginUnproved(summary),
        Err(flaw) => Verdict::Broken(flaw),
    }
}

fn check(bytes: &[u8], key: Option<&str>) -> Result<Summary, DossierFlaw> {
    let unreadable = |what: &str| DossierFlaw::Unreadable(what.to_owned());
    let file: File = serde_json::from_slice(bytes).map_err(|cause| DossierFlaw::Unreadable(cause.to_string()))?;
    if file.format != FORMAT {
        return Err(unreadable("format"));
    }
    let public_key: Digest = fixed(&file.public_key).ok_or_else(|| unreadable("public_key"))?;
    let signature: [u8; 64] = fixed(&file.signature).ok_or_else(|| unreadable("signature"))?;
    let name = fingerprint(&public_key);

    let mut seals = BTreeMap::new();
    for seal in &file.seals {
        let seal = stored_seal(seal).ok_or_else(|| unreadable("seals"))?;
        if let Some(flaw) = seal.flaws(None).into_iter().next() {
            return Err(DossierFlaw::Seal(seal.seq, flaw));
        }
        seals.insert(seal.seq, seal);
    }
    let (sealed, erased) = check_entries(&file, &seals)?;

    let digests = file.entries.iter().map(|entry| fixed::<32>(&entry.digest)).collect::<Option<Vec<_>>>();
    let digests = digests.ok_or_else(|| unreadable("digest"))?;
    let content = content_digest(
        &file.record_kind,
        file.record_id.get(),
        file.exported_at,
        digests.iter().map(Digest::as_slice),
        seals.values().map(|seal| seal.digest.as_slice()),
    );
    if !signed(&public_key, &content, &signature) {
        return Err(DossierFlaw::Signature);
    }
    if key.is_some_and(|key| !same_fingerprint(key, &name)) {
        return Err(DossierFlaw::OtherKey(name));
    }
    Ok(Summary {
        record_kind: file.record_kind,
        record_id: file.record_id.get(),
        exported_at: Timestamp::from_millis(file.exported_at),
        entries: u64::try_from(file.entries.len()).unwrap_or(u64::MAX),
        sealed,
        erased,
        others: 0,
        other_keys: seals.values().map(Seal::fingerprint).filter(|other| *other != name).collect(),
        key: name,
    })
}

/// Walks the chain; how many entries are sealed, and how many values erased.
fn check_entries(file: &File, seals: &BTreeMap<i64, Seal>) -> Result<(u64, u64), DossierFlaw> {
    let (mut walk, mut sealed) = (ChainWalk::default(), 0);
    for entry in &file.entries {
        let (stored, values) =
            stored_entry(file, entry).ok_or_else(|| DossierFlaw::Unreadable(format!("entries {}", entry.seq)))?;
        let mut found = Vec::new();
        walk.step(&stored, &values, &mut found);
        if let Some(flaw) = found.into_iter().next() {
            return Err(DossierFlaw::Entry(entry.seq, flaw));
        }
        if let Some(proof) = &entry.sealed {
            proved(&stored, proof, seals).ok_or(DossierFlaw::Proof(entry.seq))?;
            sealed += 1;
        }
    }
    let erased = walk.erased;
    match walk.end().next() {
        Some((seq, flaw)) => Err(DossierFlaw::Entry(seq, flaw)),
        None => Ok((sealed, erased)),
    }
}

fn proved(entry: &StoredEntry, proof: &FileProof, seals: &BTreeMap<i64, Seal>) -> Option<()> {
    let seal = seals.get(&proof.seal)?;
    let path = proof.path.iter().map(|digest| fixed(digest)).collect::<Option<Vec<Digest>>>()?;
    let leaves = u64::try_from(seal.entries).ok()?;
    let root = merkle::root_from(&bytes_to_digest(&entry.digest)?, proof.leaf, leaves, &path)?;
    (seal.root == root && (seal.from_id..=seal.to_id).contains(&entry.id)).then_some(())
}

fn stored_entry(file: &File, entry: &FileEntry) -> Option<(StoredEntry, Vec<StoredValue>)> {
    let id = entry.id.get();
    let values = entry.values.iter().enumerate().map(|(ordinal, value)| {
        Some(StoredValue {
            entry_id: id,
            ordinal: i64::try_from(ordinal).ok()?,
            field: value.field.clone(),
            personal: value.personal,
            before: value.before.clone(),
            after: value.after.clone(),
            salt: value.salt.as_ref().map(hex::decode).transpose().ok()?,
            mark: value.mark.as_ref().map(hex::decode).transpose().ok()?,
        })
    });
    let values = values.collect::<Option<Vec<_>>>()?;
    let stored = StoredEntry {
        id,
        record_kind: file.record_kind.clone(),
        record_id: file.record_id.get(),
        seq: entry.seq,
        verb: entry.verb.clone(),
        actor_kind: entry.actor_kind.clone(),
        actor_id: entry.actor_id.map(Id::get),
        actor_name: entry.actor_name.clone(),
        happened_at: entry.happened_at,
        entered_at: entry.entered_at,
        request: entry.request.clone(),
        store_id: entry.store_id.map(Id::get),
        previous: hex::decode(&entry.previous).ok()?,
        digest: hex::decode(&entry.digest).ok()?,
        seal_id: None,
    };
    Some((stored, values))
}

fn stored_seal(seal: &FileSeal) -> Option<Seal> {
    Some(Seal {
        id: seal.id.get(),
        seq: seal.seq,
        from_id: seal.from_id.get(),
        to_id: seal.to_id.get(),
        entries: seal.entries,
        root: hex::decode(&seal.root).ok()?,
        previous: hex::decode(&seal.previous).ok()?,
        sealed_at: Timestamp::from_millis(seal.sealed_at),
        digest: hex::decode(&seal.digest).ok()?,
        public_key: hex::decode(&seal.public_key).ok()?,
        signature: hex::decode(&seal.signature).ok()?,
    })
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}
