//! Writing pieces: the SQL on `search_piece` and `search_index` that changes them.

use std::collections::BTreeSet;
use std::pin::pin;

use db::{Db, DbError, Engine, Filter, Tx, Value, args};
use futures_util::{Stream, TryStreamExt};
use kernel::{Id, IdGen, Place, RecordRef, of};

use crate::code;
use crate::fold::fold;
use crate::token::{of_kind, tokens};

/// Pieces that a rebuild writes in one transaction.
const BATCH: usize = 200;

/// Characters of a text that are searched: a tsvector holds a megabyte of tokens, and a pair takes up to eleven bytes.
const LONGEST: usize = 90_000;

/// Marker of a piece's row.
enum PieceId {}

/// One text of one record, to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The record that a hit opens.
    pub record: RecordRef,
    /// Which text of the record it is, e.g. a message's id. Indexing the same one again replaces it.
    pub piece: i64,
    /// The store where the record stands.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// The person who owns it.
    pub owner: Option<Id<of::User>>,
    /// The text; its first 90,000 characters are searched.
    pub text: String,
    /// What it is found by as a whole: phone numbers and their tails, serials, receipts, case numbers, initials; see [`code`].
    pub codes: Vec<String>,
}

/// A piece as it is stored.
struct Written {
    piece: Piece,
    codes: String,
    folded: String,
}

impl Written {
    fn new(piece: &Piece) -> Self {
        let codes: BTreeSet<String> = piece.codes.iter().filter_map(|code| code::exact(code)).collect();
        // Each between two blanks, so that LIKE '% 8000 %' finds it whole.
        let codes = if codes.is_empty() {
            String::new()
        } else {
            format!(" {} ", codes.into_iter().collect::<Vec<_>>().join(" "))
        };
        let piece = Piece {
            text: piece
                .text
                .chars()
                .take(LONGEST)
                .map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c })
                .collect(),
            ..piece.clone()
        };
        Self { codes, folded: fold(&piece.text).text, piece }
    }
}

/// Makes `pieces` findable, in the caller's transaction: two statements for up to 16 of them. A piece that was indexed before
/// is replaced and keeps its place in the order; when nothing differs, nothing is written.
///
/// # Errors
/// When the database fails.
pub async fn index(tx: &mut Tx, ids: &IdGen, pieces: &[Piece]) -> Result<(), DbError> {
    // One statement must not write a row twice: the last text of a piece counts. Else in the order given, which is that of answers.
    let mut seen = BTreeSet::new();
    let newest = pieces.iter().rev().filter(|piece| seen.insert((piece.record.kind, piece.record.id, piece.piece)));
    let mut written: Vec<Written> = newest.map(Written::new).collect();
    written.reverse();
    for some in written.chunks(16) {
        index_some(tx, ids, some).await?;
    }
    Ok(())
}

async fn index_some(tx: &mut Tx, ids: &IdGen, written: &[Written]) -> Result<(), DbError> {
    let mut made = BTreeSet::new();
    let mut filter = Filter::new(
        "INSERT INTO search_piece (id, record_kind, record_id, piece, store_id, team_id, owner_id, codes, folded, body) VALUES ",
    );
    for (n, Written { piece, codes, folded }) in written.iter().enumerate() {
        if n > 0 {
            filter.push(", ");
        }
        let id = ids.next::<PieceId>();
        made.insert(id.get());
        let values = args![
            id,
            piece.record.kind,
            piece.record.id,
            piece.piece,
            piece.store,
            piece.team,
            piece.owner,
            codes,
            folded,
            &piece.text
        ];
        filter.bind("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values);
    }
    filter.push(
        " ON CONFLICT (record_kind, record_id, piece) DO UPDATE SET store_id = excluded.store_id, team_id = excluded.team_id, \
         owner_id = excluded.owner_id, codes = excluded.codes, folded = excluded.folded, body = excluded.body \
         WHERE search_piece.body <> excluded.body OR search_piece.codes <> excluded.codes \
         OR search_piece.store_id <> excluded.store_id OR search_piece.team_id IS DISTINCT FROM excluded.team_id \
         OR search_piece.owner_id IS DISTINCT FROM excluded.owner_id \
         RETURNING id, record_kind, record_id, piece",
    );
    let rows = tx.all::<(i64, String, i64, i64)>(filter.sql(), filter.values()).await?;
    let (mut new, mut old) = (Vec::new(), Vec::new());
    for (id, kind, record, piece) in rows {
        let of = |w: &&Written| w.piece.record.kind == kind && w.piece.record.id == record && w.piece.piece == piece;
        let Some(w) = written.iter().find(of) else { continue };
        let looked_up =
            LookedUp { id, kind: w.piece.record.kind, folded: &w.folded, codes: &w.codes, store: w.piece.store };
        if made.contains(&id) { &mut new } else { &mut old }.push(looked_up);
    }
    put(tx, &new, false)?;
    put(tx, &old, true)
}

/// What a row of `search_index` is made of.
struct LookedUp<'a> {
    id: i64,
    kind: &'a str,
    folded: &'a str,
    codes: &'a str,
    store: Id<of::Unit>,
}

/// Writes rows of `search_index`; `replace` when there may be some.
fn put(tx: &mut Tx, rows: &[LookedUp<'_>], replace: bool) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    // The second of the two texts of the program: FTS5 knows no ON CONFLICT, a tsvector is written as a literal.
    let (insert, row, ending) = match (tx.engine(), replace) {
        (Engine::Sqlite, false) => ("INSERT INTO search_index (rowid, tokens) VALUES ", "(?, ?)", ""),
        (Engine::Sqlite, true) => ("INSERT OR REPLACE INTO search_index (rowid, tokens) VALUES ", "(?, ?)", ""),
        (Engine::Postgres, false) => ("INSERT INTO search_index (rowid, tokens) VALUES ", "(?, ?::tsvector)", ""),
        (Engine::Postgres, true) => (
            "INSERT INTO search_index (rowid, tokens) VALUES ",
            "(?, ?::tsvector)",
            " ON CONFLICT (rowid) DO UPDATE SET tokens = excluded.tokens",
        ),
    };
    let mut filter = Filter::new(insert);
    for (n, looked_up) in rows.iter().enumerate() {
        if n > 0 {
            filter.push(", ");
        }
        filter.bind(row, args![looked_up.id, literal(tx.engine(), looked_up)]);
    }
    filter.push(ending);
    tx.at_end(filter)
}

/// Tokens hold letters, digits, ideographs and private marks, so nothing needs escaping.
fn literal(engine: Engine, looked_up: &LookedUp<'_>) -> String {
    let tokens = tokens(looked_up.folded, looked_up.codes, looked_up.store);
    let tokens: Vec<String> = tokens.iter().map(|token| of_kind(looked_up.kind, token)).collect();
    match engine {
        Engine::Sqlite => tokens.join(" "),
        Engine::Postgres => format!("'{}'", tokens.join("' '")),
    }
}

/// Takes all pieces of `record` out.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, record: &RecordRef) -> Result<(), DbError> {
    let sql = "DELETE FROM search_piece WHERE record_kind = $1 AND record_id = $2 RETURNING id";
    let gone = tx.all::<i64>(sql, args![record.kind, record.id]).await?;
    for some in gone.chunks(256) {
        let mut filter = Filter::new("DELETE FROM search_index WHERE ");
        filter.bind_in("rowid", some.iter().map(|id| Value::from(*id)));
        tx.at_end(filter)?;
    }
    Ok(())
}

/// `record` moved to `place`: all its pieces with it.
///
/// # Errors
/// When the database fails.
pub async fn set_place(tx: &mut Tx, record: &RecordRef, place: &Place) -> Result<(), DbError> {
    // The store is among the tokens, so a move to another store writes them anew; another team or owner does not.
    let sql = "SELECT id, folded, codes FROM search_piece WHERE record_kind = $1 AND record_id = $2 AND store_id <> $3 ORDER BY id";
    let moved = tx.all::<(i64, String, String)>(sql, args![record.kind, record.id, place.store]).await?;
    let sql =
        "UPDATE search_piece SET store_id = $3, team_id = $4, owner_id = $5 WHERE record_kind = $1 AND record_id = $2";
    tx.exec(sql, args![record.kind, record.id, place.store, place.team, place.owner]).await?;
    let rows: Vec<LookedUp<'_>> = moved
        .iter()
        .map(|(id, folded, codes)| LookedUp { id: *id, kind: record.kind, folded, codes, store: place.store })
        .collect();
    for some in rows.chunks(16) {
        put(tx, some, true)?;
    }
    Ok(())
}

/// Forgets everything and indexes `source` anew: all pieces of the program's records, oldest first, because later ones come
/// first in answers. Until it ends a search finds what is there so far. Says how many pieces there were.
///
/// # Errors
/// What `source` says, or when the database fails; it can be called again.
pub async fn rebuild<E>(db: &Db, ids: &IdGen, source: impl Stream<Item = Result<Piece, E>> + Send) -> Result<u64, E>
where
    E: From<DbError> + Send + 'static,
{
    db.write((), |tx, ()| {
        Box::pin(async move {
            tx.exec("DELETE FROM search_piece", args![]).await?;
            clear_index(tx)
        })
    })
    .await?;
    let mut source = pin!(source);
    let (mut count, mut waiting) = (0, Vec::with_capacity(BATCH));
    while let Some(piece) = source.try_next().await? {
        count += 1;
        waiting.push(piece);
        if waiting.len() == BATCH {
            index_batch(db, ids, std::mem::take(&mut waiting)).await?;
        }
    }
    index_batch(db, ids, waiting).await?;
    Ok(count)
}

async fn index_batch(db: &Db, ids: &IdGen, pieces: Vec<Piece>) -> Result<(), DbError> {
    db.write((ids.clone(), pieces), |tx, (ids, pieces)| Box::pin(index(tx, ids, pieces))).await
}

fn clear_index(tx: &mut Tx) -> Result<(), DbError> {
    tx.at_end(Filter::new(match tx.engine() {
        Engine::Sqlite => "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        Engine::Postgres => "DELETE FROM search_index",
    }))
}

/// Makes sure at the start that there is something to look up: fills the index from the stored pieces when it is empty, as after
/// a transfer from the other engine.
///
/// # Errors
/// When the database fails.
pub async fn prepare(db: &Db) -> Result<(), DbError> {
    let missing = db
        .read((), |tx, ()| {
            Box::pin(async move {
                let pieces = tx.one::<i64>("SELECT id FROM search_piece LIMIT 1", args![]).await?;
                let looked_up = tx.one::<i64>("SELECT rowid FROM search_index LIMIT 1", args![]).await?;
                Ok::<_, DbError>(pieces.is_some() && looked_up.is_none())
            })
        })
        .await?;
    if missing {
        reindex(db).await?;
    }
    Ok(())
}

/// Writes what is looked up anew from the stored pieces, after they came from another engine (`transfer`). Says how many.
///
/// # Errors
/// When the database fails; it can be called again.
pub async fn reindex(db: &Db) -> Result<u64, DbError> {
    db.write((), |tx, ()| Box::pin(async move { clear_index(tx) })).await?;
    let (mut count, mut after) = (0, i64::MIN);
    loop {
        let page = db.write(after, |tx, after| Box::pin(reindex_some(tx, *after))).await?;
        let Some((some, last)) = page else { return Ok(count) };
        count += some;
        after = last;
    }
}

async fn reindex_some(tx: &mut Tx, after: i64) -> Result<Option<(u64, i64)>, DbError> {
    let sql = "SELECT id, record_kind, folded, codes, store_id FROM search_piece WHERE id > $1 ORDER BY id LIMIT 200";
    let rows = tx.all::<(i64, String, String, String, Id<of::Unit>)>(sql, args![after]).await?;
    let looked_up: Vec<LookedUp<'_>> = rows
        .iter()
        .map(|(id, kind, folded, codes, store)| LookedUp { id: *id, kind, folded, codes, store: *store })
        .collect();
    for some in looked_up.chunks(16) {
        put(tx, some, true)?;
    }
    Ok(rows.last().map(|(id, ..)| (u64::try_from(rows.len()).unwrap_or(u64::MAX), *id)))
}
