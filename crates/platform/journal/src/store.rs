//! The only SQL on `journal_entry` and `journal_value`, seals apart.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, DbErrorKind, Filter, FromRow, Row, Tx, Value, args, values};
use kernel::{ActorKind, Id, IdGen, RecordRef, Timestamp};

use crate::digest::{self, Digest, Header};
use crate::entry::{ACTOR_NAME, Change, ERASED, Entry, EntryId, Recorded, RecordedChange, Who};
use crate::flaw::bytes_to_digest;

/// An entry's row.
#[derive(Debug, Clone)]
pub(crate) struct StoredEntry {
    pub id: i64,
    pub record_kind: String,
    pub record_id: i64,
    pub seq: i64,
    pub verb: String,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub happened_at: i64,
    pub entered_at: i64,
    pub request: String,
    pub store_id: Option<i64>,
    pub previous: Vec<u8>,
    pub digest: Vec<u8>,
    pub seal_id: Option<i64>,
}
impl FromRow for StoredEntry {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            record_kind: c.next()?,
            record_id: c.next()?,
            seq: c.next()?,
            verb: c.next()?,
            actor_kind: c.next()?,
            actor_id: c.next()?,
            actor_name: c.next()?,
            happened_at: c.next()?,
            entered_at: c.next()?,
            request: c.next()?,
            store_id: c.next()?,
            previous: c.next()?,
            digest: c.next()?,
            seal_id: c.next()?,
        })
    }
}

/// A value's row.
#[derive(Debug, Clone)]
pub(crate) struct StoredValue {
    pub entry_id: i64,
    pub ordinal: i64,
    pub field: String,
    pub personal: bool,
    pub before: Option<String>,
    pub after: Option<String>,
    pub salt: Option<Vec<u8>>,
    pub mark: Option<Vec<u8>>,
}
impl FromRow for StoredValue {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            entry_id: c.next()?,
            ordinal: c.next()?,
            field: c.next()?,
            personal: c.next()?,
            before: c.next()?,
            after: c.next()?,
            salt: c.next()?,
            mark: c.next()?,
        })
    }
}

const ENTRY_COLUMNS: &str = "SELECT id, record_kind, record_id, seq, verb, actor_kind, actor_id, actor_name, happened_at, entered_at, \
                             request, store_id, previous, digest, seal_id FROM journal_entry ";

/// Appends one entry to its record's chain. Most callers hold the record by its version update first, so that two writers of one
/// record meet there; those who change nothing (a print, a look) meet here, and the later one runs again.
///
/// # Errors
/// When the database fails.
pub async fn append(tx: &mut Tx, ids: &IdGen, who: &Who, entry: &Entry) -> Result<(), DbError> {
    append_all(tx, ids, who, std::slice::from_ref(entry)).await
}

/// Appends `entries` in their order, also several to one record, in a few statements for all of them.
///
/// # Errors
/// As [`append`].
pub async fn append_all(tx: &mut Tx, ids: &IdGen, who: &Who, entries: &[Entry]) -> Result<(), DbError> {
    append_pairs(tx, ids, entries.iter().map(|entry| (who, entry)).collect()).await
}

/// Appends entries of several people and times, those of one record in the order in which they happened: for histories that
/// are written at once.
///
/// # Errors
/// As [`append`].
pub async fn append_each(tx: &mut Tx, ids: &IdGen, entries: &[(Who, Entry)]) -> Result<(), DbError> {
    append_pairs(tx, ids, entries.iter().map(|(who, entry)| (who, entry)).collect()).await
}

async fn append_pairs(tx: &mut Tx, ids: &IdGen, entries: Vec<(&Who, &Entry)>) -> Result<(), DbError> {
    let mut heads = heads(tx, &entries).await?;
    let (mut headers, mut values) = (Vec::with_capacity(entries.len()), Vec::new());
    for (who, entry) in entries {
        let (seq, previous) = heads.get(&entry.record).copied().unwrap_or((0, digest::GENESIS));
        let made = Made::new(ids.next::<EntryId>().get(), seq + 1, previous, who, entry)?;
        heads.insert(entry.record.clone(), (seq + 1, made.digest));
        headers.push(made.header);
        values.extend(made.values);
    }
    let mut statements = Filter::of_rows(INSERT_ENTRY, ENTRY_ROW, "", headers);
    statements.extend(Filter::of_rows(INSERT_VALUE, VALUE_ROW, "", values));
    let statements: Vec<(&str, &[Value])> = statements.iter().map(|filter| (filter.sql(), filter.values())).collect();
    tx.batch_in_turn(&statements).await
}

const INSERT_ENTRY: &str = "INSERT INTO journal_entry (id, record_kind, record_id, seq, verb, actor_kind, actor_id, actor_name, \
                            happened_at, entered_at, request, store_id, previous, digest) VALUES ";
const ENTRY_ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_VALUE: &str =
    "INSERT INTO journal_value (entry_id, ordinal, field, personal, before_text, after_text, salt, mark) VALUES ";
const VALUE_ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?)";

/// Number and digest of the last entry of each record.
async fn heads(tx: &mut Tx, entries: &[(&Who, &Entry)]) -> Result<BTreeMap<RecordRef, (i64, Digest)>, DbError> {
    let mut heads = BTreeMap::new();
    if let [(_, entry)] = entries {
        let sql =
            "SELECT seq, digest FROM journal_entry WHERE record_kind = $1 AND record_id = $2 ORDER BY seq DESC LIMIT 1";
        if let Some((seq, digest)) = tx.one::<(i64, Vec<u8>)>(sql, args![entry.record.kind, entry.record.id]).await? {
            heads.insert(entry.record.clone(), (seq, head_digest(&digest)?));
        }
        return Ok(heads);
    }
    let mut kinds: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
    for (_, entry) in entries {
        kinds.entry(entry.record.kind).or_default().push(entry.record.id);
    }
    for (kind, mut records) in kinds {
        records.sort_unstable();
        records.dedup();
        for some in records.chunks(256) {
            let mut filter = Filter::new("SELECT e.record_id, e.seq, e.digest FROM journal_entry e WHERE ");
            filter
                .bind("e.record_kind = ? AND ", args![kind])
                .bind_in("e.record_id", some.iter().map(|id| Value::from(*id)))
                .push(" AND e.seq = (SELECT MAX(m.seq) FROM journal_entry m WHERE m.record_kind = e.record_kind AND m.record_id = e.record_id)");
            for (id, seq, digest) in tx.all::<(i64, i64, Vec<u8>)>(filter.sql(), filter.values()).await? {
                heads.insert(RecordRef { kind, id }, (seq, head_digest(&digest)?));
            }
        }
    }
    Ok(heads)
}

fn head_digest(bytes: &[u8]) -> Result<Digest, DbError> {
    bytes_to_digest(bytes).ok_or_else(|| DbError {
        kind: DbErrorKind::Corrupt,
        constraint: None,
        message: "a journal digest is not 32 bytes long; run `aftercare verify`".into(),
    })
}

/// The rows of one entry.
struct Made {
    digest: Digest,
    header: Vec<Value>,
    values: Vec<Vec<Value>>,
}

impl Made {
    fn new(id: i64, seq: i64, previous: Digest, who: &Who, entry: &Entry) -> Result<Self, DbError> {
        let customer = who.actor_kind == ActorKind::Customer;
        let name =
            customer.then(|| Change { field: ACTOR_NAME, before: None, after: Some(who.name.clone()), personal: true });
        let changes: Vec<&Change> = name.iter().chain(&entry.changes).collect();
        let mut marks = Vec::with_capacity(changes.len());
        let mut values = Vec::with_capacity(changes.len());
        for (ordinal, change) in changes.into_iter().enumerate() {
            let salt = if change.personal { Some(salt()?) } else { None };
            let mark = digest::mark(
                salt.as_ref().map_or(&[], |salt| salt.as_slice()),
                change.before.as_deref(),
                change.after.as_deref(),
            );
            marks.push((change.field, change.personal, mark));
            values.push(values![
                id,
                i64::try_from(ordinal).unwrap_or(i64::MAX),
                change.field,
                change.personal,
                change.before.clone(),
                change.after.clone(),
                salt.map(|salt| salt.to_vec()),
                // What is not personal is never emptied, so its mark can be computed from it.
                change.personal.then(|| mark.to_vec())
            ]);
        }
        let header = Header {
            id,
            record_kind: entry.record.kind,
            record_id: entry.record.id,
            seq,
            verb: entry.verb,
            actor_kind: who.actor_kind.as_str(),
            actor_id: who.user.map(Id::get),
            actor_name: if customer { "" } else { &who.name },
            happened_at: entry.happened_at.millis(),
            entered_at: who.now.millis(),
            request: &who.request,
            store_id: entry.store.map(Id::get),
        };
        let digest = digest::entry(&header, &previous, marks.into_iter());
        let header = values![
            header.id,
            header.record_kind,
            header.record_id,
            header.seq,
            header.verb,
            header.actor_kind,
            header.actor_id,
            header.actor_name,
            header.happened_at,
            header.entered_at,
            header.request,
            header.store_id,
            previous.to_vec(),
            digest.to_vec()
        ];
        Ok(Self { digest, header, values })
    }
}

/// 128 random bits, so that an erased value cannot be guessed from its mark.
fn salt() -> Result<[u8; 16], DbError> {
    let mut salt = [0; 16];
    match getrandom::fill(&mut salt) {
        Ok(()) => Ok(salt),
        Err(cause) => {
            Err(DbError { kind: DbErrorKind::Body, constraint: None, message: format!("no random bytes: {cause}") })
        }
    }
}

/// The entries of `record` after number `after`, in order, with their values. Callers check that the reader may see the record,
/// and mask values that are [`RecordedChange::personal`].
///
/// # Errors
/// When the database fails.
pub async fn of_record(
    tx: &mut Tx,
    record: &RecordRef,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Recorded>, DbError> {
    let entries = entries_of(tx, record, after.unwrap_or(0), limit).await?;
    let mut values = values_of(tx, &entries).await?;
    Ok(entries.into_iter().map(|entry| read(entry, &mut values)).collect())
}

/// The newest entries of records of these `kinds` with ids below `before`, newest first, each with its record's kind and id. Not for
/// the daily records (`case`, `customer`, `product`, `sale`, `survey`, `task`, `file`, `message`): they are not in the index that answers.
///
/// # Errors
/// When the database fails.
pub async fn across(
    tx: &mut Tx,
    kinds: &[&str],
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(String, i64, Recorded)>, DbError> {
    let mut filter = Filter::new(ENTRY_COLUMNS);
    filter
        .push("WHERE record_kind NOT IN ('case', 'customer', 'product', 'sale', 'survey', 'task', 'file', 'message') AND ")
        .bind_in("record_kind", kinds.iter().map(|kind| Value::from(*kind)))
        .bind(" AND id < ? ORDER BY id DESC LIMIT ?", args![before.unwrap_or(i64::MAX), limit]);
    let entries: Vec<StoredEntry> = tx.all(filter.sql(), filter.values()).await?;
    let mut values = values_of(tx, &entries).await?;
    Ok(entries
        .into_iter()
        .map(|entry| (entry.record_kind.clone(), entry.record_id, read(entry, &mut values)))
        .collect())
}

fn read(entry: StoredEntry, values: &mut BTreeMap<i64, Vec<StoredValue>>) -> Recorded {
    let mut actor_name = entry.actor_name;
    let mut changes = Vec::new();
    for value in values.remove(&entry.id).unwrap_or_default() {
        if value.field == ACTOR_NAME {
            actor_name = value.after.unwrap_or_default();
            continue;
        }
        changes.push(RecordedChange {
            erased: value.personal && value.salt.is_none(),
            field: value.field,
            before: value.before,
            after: value.after,
            personal: value.personal,
        });
    }
    Recorded {
        id: entry.id,
        seq: entry.seq,
        verb: entry.verb,
        actor_kind: entry.actor_kind,
        user: entry.actor_id.map(Id::new),
        actor_name,
        happened_at: Timestamp::from_millis(entry.happened_at),
        entered_at: Timestamp::from_millis(entry.entered_at),
        request: entry.request,
        store: entry.store_id.map(Id::new),
        changes,
        sealed: entry.seal_id.is_some(),
    }
}

/// A page of one record's entries.
pub(crate) async fn entries_of(
    tx: &mut Tx,
    record: &RecordRef,
    after: i64,
    limit: i64,
) -> Result<Vec<StoredEntry>, DbError> {
    let mut filter = Filter::new(ENTRY_COLUMNS);
    filter.bind(
        "WHERE record_kind = ? AND record_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        args![record.kind, record.id, after, limit],
    );
    tx.all(filter.sql(), filter.values()).await
}

/// A page of all entries, chain by chain, after the given place.
pub(crate) async fn entries_after(
    tx: &mut Tx,
    after: &(String, i64, i64),
    limit: i64,
) -> Result<Vec<StoredEntry>, DbError> {
    let mut filter = Filter::new(ENTRY_COLUMNS);
    filter
        .bind("WHERE (record_kind, record_id, seq) > (?, ?, ?) ", args![after.0.clone(), after.1, after.2])
        .bind("ORDER BY record_kind, record_id, seq LIMIT ?", args![limit]);
    tx.all(filter.sql(), filter.values()).await
}

/// The values of `entries` in order, by entry.
pub(crate) async fn values_of(
    tx: &mut Tx,
    entries: &[StoredEntry],
) -> Result<BTreeMap<i64, Vec<StoredValue>>, DbError> {
    let mut by_entry: BTreeMap<i64, Vec<StoredValue>> = BTreeMap::new();
    for some in entries.chunks(512) {
        let mut filter = Filter::new(
            "SELECT entry_id, ordinal, field, personal, before_text, after_text, salt, mark FROM journal_value WHERE ",
        );
        filter.bind_in("entry_id", some.iter().map(|entry| Value::from(entry.id))).push(" ORDER BY entry_id, ordinal");
        for value in tx.all::<StoredValue>(filter.sql(), filter.values()).await? {
            by_entry.entry(value.entry_id).or_default().push(value);
        }
    }
    Ok(by_entry)
}

/// Of a page of all values after the given place: those whose entry does not exist, and where the page ends; `None` at the end.
pub(crate) async fn stray_values(
    tx: &mut Tx,
    after: (i64, i64),
    limit: i64,
) -> Result<Option<(Vec<(i64, i64)>, (i64, i64))>, DbError> {
    let sql = "SELECT entry_id, ordinal FROM journal_value WHERE (entry_id, ordinal) > ($1, $2) ORDER BY entry_id, ordinal LIMIT $3";
    let mut page = tx.all::<(i64, i64)>(sql, args![after.0, after.1, limit]).await?;
    let Some(last) = page.last().copied() else { return Ok(None) };
    let mut filter = Filter::new("SELECT id FROM journal_entry WHERE ");
    filter.bind_in("id", page.iter().map(|(entry, _)| *entry).collect::<BTreeSet<_>>().into_iter().map(Value::from));
    let there: BTreeSet<i64> = tx.all::<i64>(filter.sql(), filter.values()).await?.into_iter().collect();
    page.retain(|(entry, _)| !there.contains(entry));
    Ok(Some((page, last)))
}

/// Empties the personal values of `fields` in all entries of `record` (with [`ACTOR_NAME`], also the names of customers who
/// acted), and appends the entry that says so. Digests still verify. Says how many values were emptied; when there is nothing
/// to empty, nothing is written.
///
/// # Errors
/// When the database fails.
pub async fn erase_values(
    tx: &mut Tx,
    ids: &IdGen,
    who: &Who,
    record: &RecordRef,
    fields: &[&'static str],
) -> Result<u64, DbError> {
    let mut filter = Filter::new("UPDATE journal_value SET before_text = NULL, after_text = NULL, salt = NULL WHERE ");
    filter
        .push("personal AND salt IS NOT NULL AND ")
        .bind_in("field", fields.iter().map(|field| Value::from(*field)))
        .bind(
            " AND entry_id IN (SELECT id FROM journal_entry WHERE record_kind = ? AND record_id = ?)",
            args![record.kind, record.id],
        );
    let emptied = tx.exec(filter.sql(), filter.values()).await?;
    if emptied > 0 {
        let changes = fields.iter().map(|field| Change { field, before: None, after: None, personal: false }).collect();
        let entry = Entry { record: record.clone(), verb: ERASED, happened_at: who.now, changes, store: None };
        append(tx, ids, who, &entry).await?;
    }
    Ok(emptied)
}
