use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id};

use crate::domain::{CauseKind, EntryId, List, ListEntry, recognised};

db::stored_words!(CauseKind);

/// The statements of a list: all lists have the same columns, except that only some have words, and only causes a kind.
struct Statements {
    all: &'static str,
    held: &'static str,
    insert: &'static str,
    save: &'static str,
    place: &'static str,
}

macro_rules! statements {
    ($table:literal, $words:literal, $kind:literal, $set:literal) => {
        Statements {
            all: concat!(
                "SELECT id, code, name_zh, name_en, ",
                $words,
                ", ",
                $kind,
                ", ordinal, retired_on, own, version FROM ",
                $table,
                " ORDER BY ordinal, id"
            ),
            held: concat!(
                "UPDATE ",
                $table,
                " SET version = version WHERE id = $1 RETURNING id, code, name_zh, name_en, ",
                $words,
                ", ",
                $kind,
                ", ordinal, retired_on, own, version"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (id, code, name_zh, name_en, ordinal, retired_on, own, version",
                $set
            ),
            save: concat!(
                "UPDATE ",
                $table,
                " SET name_zh = $3, name_en = $4, retired_on = $5, version = version + 1
                 WHERE id = $1 AND version = $2"
            ),
            place: concat!("UPDATE ", $table, " SET ordinal = $2 WHERE id = $1"),
        }
    };
}

const GROUPS: Statements = statements!("product_group", "''", "'both'", ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const CAUSES: Statements =
    statements!("case_cause", "''", "kind", ", kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const GOODS: Statements =
    statements!("symptom_category", "words", "'both'", ", words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

const fn statements(list: List) -> &'static Statements {
    match list {
        List::Groups => &GROUPS,
        List::Goods => &GOODS,
        List::Causes => &CAUSES,
    }
}

impl FromRow for ListEntry {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, code, name_zh, name_en) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let words: String = c.next()?;
        Ok(Self {
            id,
            code,
            name_zh,
            name_en,
            words: recognised(&words),
            kind: c.next()?,
            ordinal: c.next()?,
            retired_on: c.next()?,
            own: c.next()?,
            version: c.next()?,
        })
    }
}

/// All entries of `list`, those that were retired too, in their order. A company has dozens, not more.
///
/// # Errors
/// What the database says.
pub async fn entries(tx: &mut Tx, list: List) -> Result<Vec<ListEntry>, DbError> {
    tx.all(statements(list).all, &[]).await
}

/// The entry `id`, held until the end of the transaction.
///
/// # Errors
/// What the database says.
pub async fn hold_entry(tx: &mut Tx, list: List, id: Id<EntryId>) -> Result<Option<ListEntry>, DbError> {
    tx.one(statements(list).held, args![id]).await
}

/// Whether the cause `code` can be given to what `asked` says on `day`.
///
/// # Errors
/// What the database says.
pub async fn is_cause_offered(tx: &mut Tx, code: &str, asked: CauseKind, day: Day) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM case_cause WHERE code = $1 AND kind IN ('both', $2) AND (retired_on IS NULL OR retired_on > $3)";
    Ok(tx.one::<(i64,)>(sql, args![code, asked, day]).await?.is_some_and(|(n,)| n > 0))
}

/// Inserts `entry`.
///
/// # Errors
/// What the database says; `Unique` when its code is there.
pub async fn insert_entry(tx: &mut Tx, list: List, entry: &ListEntry) -> Result<(), DbError> {
    let mut values: Vec<Value> = args![
        entry.id,
        &entry.code,
        &entry.name_zh,
        &entry.name_en,
        entry.ordinal,
        entry.retired_on,
        entry.own,
        entry.version
    ]
    .to_vec();
    if list.has_words() {
        values.push(entry.words.join(",").into());
    }
    if list.has_kinds() {
        values.push(entry.kind.into());
    }
    tx.exec(statements(list).insert, &values).await.map(|_| ())
}

/// Saves names, words, kind and end of `entry` over `entry.version`, which grows by one; false when it is another by now.
///
/// # Errors
/// What the database says.
pub async fn save_entry(tx: &mut Tx, list: List, entry: &ListEntry) -> Result<bool, DbError> {
    let values = args![entry.id, entry.version, &entry.name_zh, &entry.name_en, entry.retired_on];
    let saved = tx.exec(statements(list).save, values).await? == 1;
    if saved && list.has_words() {
        let sql = "UPDATE symptom_category SET words = $2 WHERE id = $1";
        tx.exec(sql, args![entry.id, entry.words.join(",")]).await?;
    }
    if saved && list.has_kinds() {
        tx.exec("UPDATE case_cause SET kind = $2 WHERE id = $1", args![entry.id, entry.kind]).await?;
    }
    Ok(saved)
}

/// Puts the entries into the order of `ids`. Their versions stay: nobody's form becomes stale because another entry moved.
///
/// # Errors
/// What the database says.
pub async fn place_entries(tx: &mut Tx, list: List, ids: &[Id<EntryId>]) -> Result<(), DbError> {
    let values: Vec<[Value; 2]> = ids.iter().zip(1_i64..).map(|(id, ordinal)| [(*id).into(), ordinal.into()]).collect();
    let place = statements(list).place;
    let statements: Vec<(&str, &[Value])> = values.iter().map(|row| (place, row.as_slice())).collect();
    tx.batch(&statements).await
}
