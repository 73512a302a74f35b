//! A dossier with the papers that belong to it, as one file: a ZIP that is written in one way only, so that any byte that differs
//! is found. What is inside is stored, not compressed; names are UTF-8; times are the format's earliest.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::{Canonical, Digest};
use crate::dossier::{DossierFlaw, Summary, Verdict, verify_dossier};
use crate::key::{InstallationKey, fingerprint, same_fingerprint, signed};
use crate::statement::{Signature, verify_statement};

const FORMAT: &str = "aftercare-dossier-pack-1";
const MANIFEST: &str = "manifest.json";
/// The record's own journal, as [`crate::export_dossier`] gives it.
const JOURNAL: &str = "journal.json";

/// Where journals of other records lie, each as [`crate::export_dossier`] gives it.
const PROOFS: &str = "proofs/";
/// What stands behind the name of a statement in the name of its proof.
const SIGNATURE: &str = ".signature.json";
/// Bytes of a file's own header, without its name.
const HEADER: usize = 30;

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
/// would be larger than the format holds (4 GiB, 65,535 files). Parts named `proofs/…` are journals of other records, made with the same
/// key; beside a part that is a statement its proof lies under the same name with `.signature.json`. Both are proved with the pack.
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

/// Proves a pack offline: every byte of it, the journals and the statements inside. What differs is named. `key` as in [`verify_dossier`].
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

fn unreadable(what: impl Into<String>) -> DossierFlaw {
    DossierFlaw::Unreadable(what.into())
}

fn check(bytes: &[u8], key: Option<&str>) -> Result<Verdict, DossierFlaw> {
    let all = unzip(bytes)?;
    let (first, parts) = all.split_first().ok_or_else(|| unreadable("an empty file"))?;
    if first.name != MANIFEST {
        return Err(unreadable("a ZIP of another program: it does not begin with manifest.json"));
    }
    let manifest: Manifest =
        serde_json::from_slice(&first.bytes).map_err(|cause| unreadable(format!("{MANIFEST}: {cause}")))?;
    let canonical = serde_json::to_vec_pretty(&manifest).map_err(|cause| unreadable(format!("{MANIFEST}: {cause}")))?;
    if manifest.format != FORMAT || canonical != first.bytes {
        return Err(unreadable(MANIFEST));
    }
    let public: Digest = fixed(&manifest.public_key).ok_or_else(|| unreadable("public_key"))?;
    let signature: [u8; 64] = fixed(&manifest.signature).ok_or_else(|| unreadable("signature"))?;
    // First the list, so that what differs from it is named and not the list.
    if !signed(&public, &content(&manifest.parts), &signature) {
        return Err(DossierFlaw::Signature);
    }
    for (at, listed) in manifest.parts.iter().enumerate() {
        if parts.get(at).is_none_or(|part| Listed::of(part) != *listed) {
            return Err(DossierFlaw::Part(listed.name.clone()));
        }
    }
    if let Some(more) = parts.get(manifest.parts.len()) {
        return Err(DossierFlaw::Part(more.name.clone()));
    }
    // Written in one way only: headers are covered, too.
    let written = zip(&all).ok_or_else(|| unreadable("too large"))?;
    if written != bytes {
        return Err(header(&all, &written, bytes));
    }
    let name = fingerprint(&public);
    let of_the_key = |part: &Part| match verify_dossier(&part.bytes, key) {
        Verdict::Proved(summary) | Verdict::ConsistentOriginUnproved(summary)
            if !same_fingerprint(&summary.key, &name) =>
        {
            Err(DossierFlaw::OtherKey(name.clone()))
        }
        verdict => Ok(verdict),
    };
    let journal = parts.first().filter(|part| part.name == JOURNAL).ok_or_else(|| unreadable(JOURNAL))?;
    let verdict = of_the_key(journal)?;
    let mut others = 0;
    for part in parts.iter().filter(|part| part.name.starts_with(PROOFS)) {
        match of_the_key(part)? {
            Verdict::Broken(flaw) => return Err(DossierFlaw::Part(format!("{}: {flaw}", part.name))),
            Verdict::Proved(_) | Verdict::ConsistentOriginUnproved(_) => others += 1,
        }
    }
    statements(parts, &name)?;
    let with = |summary| Summary { others, ..summary };
    Ok(match verdict {
        Verdict::Proved(summary) => Verdict::Proved(with(summary)),
        Verdict::ConsistentOriginUnproved(summary) => Verdict::ConsistentOriginUnproved(with(summary)),
        Verdict::Broken(flaw) => Verdict::Broken(flaw),
    })
}

/// Every statement has its text beside it and is signed by the pack's own key.
fn statements(parts: &[Part], key: &str) -> Result<(), DossierFlaw> {
    for part in parts {
        let Some(name) = part.name.strip_suffix(SIGNATURE) else { continue };
        let text = parts.iter().find(|other| other.name == name).ok_or_else(|| DossierFlaw::Part(name.to_owned()))?;
        let proof: Signature = serde_json::from_slice(&part.bytes)
            .map_err(|cause| DossierFlaw::Part(format!("{}: {cause}", part.name)))?;
        match verify_statement(&text.bytes, &proof) {
            None => return Err(DossierFlaw::Part(name.to_owned())),
            Some(signer) if !same_fingerprint(&signer, key) => return Err(DossierFlaw::OtherKey(signer)),
            Some(_) => {}
        }
    }
    Ok(())
}

/// What is wrong with a file whose contents are right: where the first byte differs from how it was written.
fn header(parts: &[Part], written: &[u8], bytes: &[u8]) -> DossierFlaw {
    let at = written.iter().zip(bytes).position(|(a, b)| a != b);
    let Some(at) = at else {
        return unreadable(if bytes.len() < written.len() {
            "cut off at its end; fetch it again"
        } else {
            "something follows behind its end"
        });
    };
    let mut end = 0;
    for part in parts {
        end += HEADER + part.name.len() + part.bytes.len();
        if at < end {
            return DossierFlaw::Part(part.name.clone());
        }
    }
    unreadable(format!("the list of files at its end is altered, at byte {at}"))
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
fn unzip(bytes: &[u8]) -> Result<Vec<Part>, DossierFlaw> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = bytes;
    while rest.starts_with(&LOCAL.to_le_bytes()) {
        let cut = || {
            let last = parts.last().map_or(MANIFEST, |part| part.name.as_str());
            unreadable(format!("cut off behind {last}; fetch it again"))
        };
        let (header, after) = rest.split_at_checked(HEADER).ok_or_else(cut)?;
        let field = |from: usize, to: usize| header.get(from..to).unwrap_or_default();
        // Anything else was packed by somebody else: compressed, encrypted, or with sizes behind the content.
        if field(4, 14) != FIXED {
            return Err(match parts.last() {
                None => unreadable("a ZIP of another program, or packed anew: it is compressed or dated"),
                Some(part) => unreadable(format!("the header behind {} is altered", part.name)),
            });
        }
        let size = u32::from_le_bytes(field(18, 22).try_into().map_err(|_short| cut())?);
        let name = u16::from_le_bytes(field(26, 28).try_into().map_err(|_short| cut())?);
        let (name, after) = after.split_at_checked(usize::from(name)).ok_or_else(cut)?;
        let name = String::from_utf8(name.to_vec()).map_err(|_bytes| unreadable("a name that is no UTF-8"))?;
        let size = usize::try_from(size).map_err(|_large| cut())?;
        let (content, after) =
            after.split_at_checked(size).ok_or_else(|| unreadable(format!("cut off within {name}; fetch it again")))?;
        parts.push(Part { name, bytes: content.to_vec() });
        rest = after;
    }
    Ok(parts)
}
