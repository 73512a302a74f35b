//! Sealing: all entries that no seal covers yet go, in id order, under a Merkle root that is chained to the seal before and
//! signed. The only SQL on `journal_seal`.

use db::{Columns, Db, DbError, DbErrorKind, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Clock, IdGen, Timestamp};

use crate::digest::{self, Digest, SealHeader};
use crate::flaw::{Flaw, bytes_to_digest};
use crate::key::{InstallationKey, fingerprint, same_fingerprint, signed};
use crate::merkle::Tree;

/// At most this many entries under one seal: bounds the transaction that seals, and the leaves that the proof of one entry reads.
const MOST_ENTRIES: i64 = 1024;

/// Marker of a seal's id.
enum SealId {}

/// A seal as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The seal's id.
    pub id: i64,
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// The lowest id of the entries under it.
    pub from_id: i64,
    /// The highest id of the entries under it. Entries of other seals may lie between.
    pub to_id: i64,
    /// How many entries are under it.
    pub entries: i64,
    /// The Merkle root over the entries' digests in id order.
    pub root: Vec<u8>,
    /// The digest of the seal before it.
    pub previous: Vec<u8>,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// The digest of all of the above and the public key: what is signed.
    pub digest: Vec<u8>,
    /// The public half of the key that signed.
    pub public_key: Vec<u8>,
    /// The Ed25519 signature.
    pub signature: Vec<u8>,
}

impl FromRow for Seal {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c: Columns<'_> = row.columns();
        Ok(Self {
            id: c.next()?,
            seq: c.next()?,
            from_id: c.next()?,
            to_id: c.next()?,
            entries: c.next()?,
            root: c.next()?,
            previous: c.next()?,
            sealed_at: c.next()?,
            digest: c.next()?,
            public_key: c.next()?,
            signature: c.next()?,
        })
    }
}

impl Seal {
    /// The name of the key that signed; empty when no key stands there.
    pub fn fingerprint(&self) -> String {
        self.public_key.as_slice().try_into().map(fingerprint).unwrap_or_default()
    }

    /// What is wrong with the seal by itself: digest, signature, and the key when one is asked for.
    pub(crate) fn flaws(&self, expected_key: Option<&str>) -> Vec<Flaw> {
        let mut found = Vec::new();
        let parts = (
            bytes_to_digest(&self.root),
            bytes_to_digest(&self.previous),
            bytes_to_digest(&self.digest),
            bytes_to_digest(&self.public_key),
            <[u8; 64]>::try_from(self.signature.as_slice()),
        );
        let (Some(root), Some(previous), Some(digest), Some(public_key), Ok(signature)) = parts else {
            return vec![Flaw::SealAltered];
        };
        let header = SealHeader {
            id: self.id,
            seq: self.seq,
            from_id: self.from_id,
            to_id: self.to_id,
            entries: self.entries,
            root: &root,
            previous: &previous,
            sealed_at: self.sealed_at.millis(),
            public_key: &public_key,
        };
        if digest::seal(&header) != digest {
            found.push(Flaw::SealAltered);
        } else if !signed(&public_key, &digest, &signature) {
            found.push(Flaw::SealSignature);
        }
        if expected_key.is_some_and(|expected| !same_fingerprint(expected, &self.fingerprint())) {
            found.push(Flaw::SealKey(self.fingerprint()));
        }
        found
    }
}

/// Seals everything that is not sealed yet, in seals of at most 1,024 entries, each in a transaction of its own. Says what was
/// made; the newest seal's number and digest are worth keeping outside the installation. Two nodes may seal at once: the later
/// one fails on the seal's number and seals what is left when it is called again.
///
/// # Errors
/// When the database fails.
pub async fn seal(db: &Db, ids: &IdGen, key: &InstallationKey, clock: &Clock) -> Result<Vec<Seal>, DbError> {
    let mut made = Vec::new();
    loop {
        let input = (ids.clone(), key.clone(), clock.now());
        let next = db.write(input, |tx, (ids, key, now)| Box::pin(seal_some(tx, ids, key, *now))).await?;
        let Some(next) = next else { return Ok(made) };
        // A partly filled seal was the last: what came meanwhile waits for the next call, so that a busy installation does not
        // seal without end.
        let full = next.entries == MOST_ENTRIES;
        made.push(next);
        if !full {
            return Ok(made);
        }
    }
}

async fn seal_some(tx: &mut Tx, ids: &IdGen, key: &InstallationKey, now: Timestamp) -> Result<Option<Seal>, DbError> {
    let head =
        tx.one::<(i64, Vec<u8>)>("SELECT seq, digest FROM journal_seal ORDER BY seq DESC LIMIT 1", args![]).await?;
    let open = "SELECT id, digest FROM journal_entry WHERE seal_id IS NULL ORDER BY id LIMIT $1";
    let leaves = tx.all::<(i64, Vec<u8>)>(open, args![MOST_ENTRIES]).await?;
    let (Some((from_id, _)), Some((to_id, _))) = (leaves.first(), leaves.last()) else { return Ok(None) };
    let mut tree = Tree::default();
    for (_, digest) in &leaves {
        tree.push(&read_digest(digest)?);
    }
    let root = tree.root().ok_or_else(|| corrupt("a seal without entries"))?;
    let (seq, previous) = match head {
        Some((seq, digest)) => (seq + 1, read_digest(&digest)?),
        None => (1, digest::GENESIS),
    };
    let public_key = key.public();
    let header = SealHeader {
        id: ids.next::<SealId>().get(),
        seq,
        from_id: *from_id,
        to_id: *to_id,
        entries: i64::try_from(leaves.len()).unwrap_or(i64::MAX),
        root: &root,
        previous: &previous,
        sealed_at: now.millis(),
        public_key: &public_key,
    };
    let digest = digest::seal(&header);
    let seal = Seal {
        id: header.id,
        seq,
        from_id: header.from_id,
        to_id: header.to_id,
        entries: header.entries,
        root: root.to_vec(),
        previous: previous.to_vec(),
        sealed_at: now,
        digest: digest.to_vec(),
        public_key: public_key.to_vec(),
        signature: key.sign(&digest).to_vec(),
    };
    insert(tx, &seal).await?;
    let mut marked = 0;
    for some in leaves.chunks(512) {
        let mut filter = Filter::new("UPDATE journal_entry SET seal_id = ? WHERE seal_id IS NULL AND ");
        filter.args(args![seal.id]).bind_in("id", some.iter().map(|(id, _)| Value::from(*id)));
        marked += tx.exec(filter.sql(), filter.values()).await?;
    }
    if i64::try_from(marked) != Ok(seal.entries) {
        let message = "entries were sealed by somebody else meanwhile".into();
        return Err(DbError { kind: DbErrorKind::Serialisation, constraint: None, message });
    }
    Ok(Some(seal))
}

async fn insert(tx: &mut Tx, seal: &Seal) -> Result<(), DbError> {
    let sql = "INSERT INTO journal_seal (id, seq, from_id, to_id, entries, root, previous, sealed_at, digest, public_key, signature) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values = args![
        seal.id,
        seal.seq,
        seal.from_id,
        seal.to_id,
        seal.entries,
        &seal.root,
        &seal.previous,
        seal.sealed_at,
        &seal.digest,
        &seal.public_key,
        &seal.signature
    ];
    tx.exec(sql, values).await.map(|_| ())
}

/// A page of seals after number `after`.
pub(crate) async fn seals_after(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Seal>, DbError> {
    let sql = "SELECT id, seq, from_id, to_id, entries, root, previous, sealed_at, digest, public_key, signature \
               FROM journal_seal WHERE seq > $1 ORDER BY seq LIMIT $2";
    tx.all(sql, args![after, limit]).await
}

/// The seals with these ids.
pub(crate) async fn seals_by_id(tx: &mut Tx, ids: impl IntoIterator<Item = i64>) -> Result<Vec<Seal>, DbError> {
    let mut filter = Filter::new(
        "SELECT id, seq, from_id, to_id, entries, root, previous, sealed_at, digest, public_key, signature FROM journal_seal WHERE ",
    );
    filter.bind_in("id", ids.into_iter().map(Value::from)).push(" ORDER BY seq");
    tx.all(filter.sql(), filter.values()).await
}

/// A page of the entries under one seal: id and digest, in id order.
pub(crate) async fn leaves_of(tx: &mut Tx, seal: i64, after: i64, limit: i64) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    let sql = "SELECT id, digest FROM journal_entry WHERE seal_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    tx.all(sql, args![seal, after, limit]).await
}

fn read_digest(bytes: &[u8]) -> Result<Digest, DbError> {
    bytes_to_digest(bytes).ok_or_else(|| corrupt("a journal digest is not 32 bytes long; run `aftercare verify`"))
}

fn corrupt(message: &str) -> DbError {
    DbError { kind: DbErrorKind::Corrupt, constraint: None, message: message.into() }
}
