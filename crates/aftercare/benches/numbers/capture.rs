//! What taking a case in writes: the program does it, and the rows are read back, so that a bare writer can insert the same.

use anyhow::{Context as _, Result, ensure};
use db::Value;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tokio_postgres::types::Type;

use crate::inside::{CLERK, Inside, new_case};
use crate::place::{Made, Place, connect};

/// Cases taken in to look at.
pub const CASES: usize = 1_500;

/// Tables that taking a case in adds to, in the order of their foreign keys, with the column that holds a new id.
const TABLES: [(&str, &str); 11] = [
    ("customer", "id"),
    ("clock", "id"),
    ("clock_entry", "clock_id"),
    ("service_case", "id"),
    ("customer_link", "id"),
    ("journal_entry", "id"),
    ("journal_value", "entry_id"),
    ("metric_delta", "id"),
    ("search_piece", "id"),
    ("job", "id"),
    ("message_out", "id"),
];

/// A statement with its values.
pub type Statement = (String, Vec<Value>);

/// What was written.
pub struct Captured {
    /// For each case, in order, the statements that insert its rows: one for all rows of a table.
    pub cases: Vec<Vec<Statement>>,
    described: String,
}

impl Captured {
    /// How many rows of which tables one create writes.
    pub fn described(&self) -> &str {
        &self.described
    }
}

struct Rows {
    table: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

/// Lets the program take cases in on a copy of `place` and reads back what it wrote.
pub async fn creates(place: &Place) -> Result<Captured> {
    let copy = place.copy("captured")?;
    let from = {
        let inside = Inside::open(&copy, CLERK).await?;
        let from = inside.house.ids.next::<()>().get();
        for n in 0..CASES {
            inside.send("POST", "/api/v1/cases", new_case(n), 201).await?;
        }
        from
    };
    let tables = match copy.engine {
        Made::Sqlite => from_sqlite(&copy, from)?,
        Made::Postgres => from_postgres(&copy, from).await?,
    };
    let mut described = Vec::new();
    for Rows { table, rows, .. } in &tables {
        let each = f64::from(u32::try_from(rows.len())?) / f64::from(u32::try_from(CASES)?);
        described.push(format!("{each:.1} {table}"));
    }
    ensure!(tables.iter().any(|rows| rows.table == "service_case" && rows.rows.len() == CASES), "{described:?}");
    let cases = (0..CASES).map(|n| tables.iter().filter_map(|rows| rows.statement(n, copy.engine)).collect()).collect();
    Ok(Captured { cases, described: described.join(", ") })
}

impl Rows {
    /// The rows of case `n`: every case writes alike, so they lie in equal shares.
    fn statement(&self, n: usize, engine: Made) -> Option<Statement> {
        let share = |n: usize| n * self.rows.len() / CASES;
        let rows = self.rows.get(share(n)..share(n + 1)).filter(|rows| !rows.is_empty())?;
        let mut next = 0;
        let mut row = || {
            let place = |column: &String| {
                next += 1;
                let literal = engine == Made::Postgres && self.table == "search_index" && column == "tokens";
                format!("${next}{}", if literal { "::tsvector" } else { "" })
            };
            let places: Vec<String> = self.columns.iter().map(place).collect();
            format!("({})", places.join(", "))
        };
        let places: Vec<String> = rows.iter().map(|_| row()).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES {}", self.table, self.columns.join(", "), places.join(", "));
        Some((sql, rows.iter().flatten().cloned().collect()))
    }
}

fn from_sqlite(place: &Place, from: i64) -> Result<Vec<Rows>> {
    let file = Connection::open(place.file())?;
    let mut found = Vec::new();
    for (table, key) in TABLES {
        let mut select = file.prepare(&format!("SELECT * FROM {table} WHERE {key} > $1 ORDER BY {key}, 2"))?;
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let rows = select.query_map([from], |row| (0..columns.len()).map(|n| Ok(value(row.get_ref(n)?))).collect())?;
        let rows = rows.collect::<Result<Vec<Vec<Value>>, _>>()?;
        found.push(Rows { table, columns, rows });
    }
    // The index keeps no texts; its vocabulary says which tokens each row has.
    file.execute_batch("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search_index, 'instance')")?;
    let mut select =
        file.prepare("SELECT doc, group_concat(term, ' ') FROM temp.word WHERE doc > $1 GROUP BY doc ORDER BY doc")?;
    let rows = select.query_map([from], |row| Ok(vec![value(row.get_ref(0)?), value(row.get_ref(1)?)]))?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    found.push(Rows { table: "search_index", columns: vec!["rowid".to_owned(), "tokens".to_owned()], rows });
    Ok(found)
}

fn value(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(_) => Value::Null,
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

async fn from_postgres(place: &Place, from: i64) -> Result<Vec<Rows>> {
    let client = connect(&place.url()?).await?;
    let mut found = Vec::new();
    for (table, key) in TABLES {
        found.push(selected(&client, table, key, &format!("SELECT * FROM {table}"), from).await?);
    }
    let select = "SELECT rowid, tokens::text AS tokens FROM search_index";
    found.push(selected(&client, "search_index", "rowid", select, from).await?);
    Ok(found)
}

async fn selected(
    client: &tokio_postgres::Client,
    table: &'static str,
    key: &str,
    select: &str,
    from: i64,
) -> Result<Rows> {
    let select = client.prepare(&format!("{select} WHERE {key} > $1 ORDER BY {key}, 2")).await?;
    let columns = select.columns().iter().map(|column| column.name().to_owned()).collect();
    let mut rows = Vec::new();
    for row in client.query(&select, &[&from]).await? {
        let values = row.columns().iter().enumerate().map(|(n, column)| {
            Ok(match *column.type_() {
                Type::INT8 => row.try_get::<_, Option<i64>>(n)?.into(),
                Type::BOOL => row.try_get::<_, Option<bool>>(n)?.into(),
                Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(n)?.into(),
                _ => row.try_get::<_, Option<String>>(n)?.into(),
            })
        });
        rows.push(values.collect::<Result<_>>().with_context(|| format!("a row of {table}"))?);
    }
    Ok(Rows { table, columns, rows })
}
