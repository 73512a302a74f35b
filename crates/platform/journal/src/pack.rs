//! A dossier with the papers that belong to it, as one file: a ZIP that is written in one way only, so that any byte that differs
//! is found. What is inside is stored, not compressed; names are UTF-8; times are the format's earliest.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::{Canonical, Digest};
use crate::dossier::{DossierFlaw, Verdict, verify_dossier};
use crate::key::{InstallationKey, fingerprint, same_fingerprint, signed};

const FORMAT: &str = "aftercare-dossier-pack-1";
const MANIFEST: &str = "manifest.json";
/// The record's own journal, as [`crate::export_dossier`] gives it.
const JOURNAL: &str = "journal.json";

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 2.0; names are UTF-8; stored; 1980-01-01 00:00.
const FIXED: [u8; 10] = [20, 0, 0, 8, 0, 0, 0, 0, 33, 0];

/// One file of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its path, with `/`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    parts: Vec<Listed>,
    public_key: String,
    signature: String,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Listed {
    name: String,
    size: u64,
    sha256: String,
}

impl Listed {
    fn of(part: &Part) -> Self {
        Self {
            name: part.name.clone(),
            size: u64::try_from(part.bytes.len()).unwrap_or(u64::MAX),
            sha256: hex::encode(Sha256::digest(&part.bytes)),
        }
    }
}

/// What the signature of the manifest covers.
fn content(parts: &[Listed]) -> Digest {
    let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let canonical = Canonical::new(FORMAT).number(count);
    let all = parts.iter().fold(canonical, |canonical, part| {
        canonical.text(&part.name).number(i64::try_from(part.size).unwrap_or(i64::MAX)).text(&part.sha256)
    });
    all.finish()
}

/// Packs `journal`, which [`crate::export_dossier`] has made with the same key, and `parts` into one signed ZIP; `None` when that
/// would be larger than the format holds (4 GiB, 65,535 files).
pub fn pack(journal: Vec<u8>, parts: Vec<Part>, key: &InstallationKey) -> Option<Vec<u8>> {
    let mut all = vec![Part { name: JOURNAL.to_owned(), bytes: journal }];
    all.extend(parts);
    let listed: Vec<Listed> = all.iter().map(Listed::of).collect();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        public_key: hex::encode(key.public()),
        signature: hex::encode(key.sign(&content(&listed))),
        parts: listed,
    };
    let bytes = serde_json::to_vec_pretty(&manifest).ok()?;
    all.insert(0, Part { name: MANIFEST.to_owned(), bytes });
    zip(&all)
}

/// Proves a pack offline: every byte of it, and the journal inside. `key` as in [`verify_dossier`].
pub fn verify_pack(bytes: &[u8], key: Option<&str>) -> Verdict {
    match check(bytes, key) {
        Ok(verdict) => verdict,
        Err(flaw) => Verdict::Broken(flaw),
    }
}

/// True when `bytes` begin like a pack, not like a bare dossier.
pub fn is_pack(bytes: &[u8]) -> bool {
    bytes.starts_with(&LOCAL.to_le_bytes())
}

fn check(bytes: &[u8], key: Option<&str>) -> Result<Verdict, DossierFlaw> {
    let unreadable = |what: &str| DossierFlaw::Unreadable(what.to_owned());
    let all = unzip(bytes).ok_or_else(|| unreadable("zip"))?;
    // Written in one way only: headers are covered, too.
    if zip(&all).as_deref() != Some(bytes) {
        return Err(unreadable("zip"));
    }
    let (first, parts) = all.split_first().ok_or_else(|| unreadable("zip"))?;
    let manifest: Manifest =
        serde_json::from_slice(&first.bytes).map_err(|cause| DossierFlaw::Unreadable(cause.to_string()))?;
    let canonical = serde_json::to_vec_pretty(&manifest).map_err(|cause| DossierFlaw::Unreadable(cause.to_string()))?;
    if first.name != MANIFEST || manifest.format != FORMAT || canonical != first.bytes {
        return Err(unreadable(MANIFEST));
    }
    for (part, listed) in parts.iter().zip(&manifest.parts) {
        if Listed::of(part) != *listed {
            return Err(DossierFlaw::Part(part.name.clone()));
        }
    }
    if parts.len() != manifest.parts.len() {
        let missing = manifest.parts.get(parts.len()).map_or_else(String::new, |listed| listed.name.clone());
        return Err(DossierFlaw::Part(missing));
    }
    let public: Digest = fixed(&manifest.public_key).ok_or_else(|| unreadable("public_key"))?;
    let signature: [u8; 64] = fixed(&manifest.signature).ok_or_else(|| unreadable("signature"))?;
    if !signed(&public, &content(&manifest.parts), &signature) {
        return Err(DossierFlaw::Signature);
    }
    let journal = parts.first().filter(|part| part.name == JOURNAL).ok_or_else(|| unreadable(JOURNAL))?;
    let name = fingerprint(&public);
    match verify_dossier(&journal.bytes, key) {
        Verdict::Proved(summary) | Verdict::ConsistentOriginUnproved(summary)
            if !same_fingerprint(&summary.key, &name) =>
        {
            Err(DossierFlaw::OtherKey(name))
        }
        verdict => Ok(verdict),
    }
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

/// The ZIP of `parts`, in their order.
fn zip(parts: &[Part]) -> Option<Vec<u8>> {
    let (mut file, mut central) = (Vec::new(), Vec::new());
    for part in parts {
        let at = u32::try_from(file.len()).ok()?;
        let size = u32::try_from(part.bytes.len()).ok()?.to_le_bytes();
        let name = u16::try_from(part.name.len()).ok()?.to_le_bytes();
        let crc = crc32fast::hash(&part.bytes).to_le_bytes();
        let header = [&FIXED[..], &crc, &size, &size, &name, &[0, 0]].concat();
        file.extend(LOCAL.to_le_bytes());
        file.extend(&header);
        file.extend(part.name.as_bytes());
        file.extend(&part.bytes);
        central.extend(CENTRAL.to_le_bytes());
        central.extend([20, 0]);
        central.extend(&header);
        // No comment, first disk, no attributes.
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(part.name.as_bytes());
    }
    let count = u16::try_from(parts.len()).ok()?.to_le_bytes();
    let at = u32::try_from(file.len()).ok()?.to_le_bytes();
    let size = u32::try_from(central.len()).ok()?.to_le_bytes();
    file.extend(central);
    file.extend(END.to_le_bytes());
    file.extend([0; 4]);
    for bytes in [&count[..], &count, &size, &at, &[0, 0]] {
        file.extend(bytes);
    }
    Some(file)
}

/// The parts of a ZIP that [`zip`] has written.
fn unzip(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while rest.starts_with(&LOCAL.to_le_bytes()) {
        let (header, after) = rest.split_at_checked(30)?;
        let size = usize::try_from(u32::from_le_bytes(header.get(18..22)?.try_into().ok()?)).ok()?;
        let name = usize::from(u16::from_le_bytes(header.get(26..28)?.try_into().ok()?));
        let (name, after) = after.split_at_checked(name)?;
        let (content, after) = after.split_at_checked(size)?;
        parts.push(Part { name: String::from_utf8(name.to_vec()).ok()?, bytes: content.to_vec() });
        rest = after;
    }
    Some(parts)
}
