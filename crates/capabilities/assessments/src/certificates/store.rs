//! Rows of certificates.

use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Timestamp, of};

/// Marks the id of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CertificateId {}
/// Marks the id of a surveillance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitId {}
/// Marks the id of a use of the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UseId {}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its id.
    pub id: Id<CertificateId>,
    /// Who holds it.
    pub unit: Id<of::Unit>,
    /// Who awarded it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// The rule and its version.
    pub rule: String,
    /// What it covers.
    pub scope: String,
    /// The level, as it is written on it.
    pub level: String,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub until: Day,
    /// More.
    pub note: Option<String>,
    /// Who entered it.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

const ROW: &str =
    "SELECT id, unit_id, issuer, number, rule, scope, level, valid_from, valid_until, note, entered_by, entered_at,
    withdrawn_at, withdrawn_why FROM certificate WHERE ";

impl FromRow for Certificate {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            unit: c.next()?,
            issuer: c.next()?,
            number: c.next()?,
            rule: c.next()?,
            scope: c.next()?,
            level: c.next()?,
            from: c.next()?,
            until: c.next()?,
            note: c.next()?,
            by: c.next()?,
            at: c.next()?,
            withdrawn_at: c.next()?,
            withdrawn_why: c.next()?,
        })
    }
}

/// A yearly surveillance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: Id<VisitId>,
    /// Of which certificate.
    pub of: Id<CertificateId>,
    /// By when.
    pub due_on: Day,
    /// When it was done.
    pub done_on: Option<Day>,
    /// What it came to.
    pub result: Option<String>,
}

const VISIT: &str = "SELECT id, certificate_id, due_on, done_on, result FROM certificate_visit WHERE ";

impl FromRow for Visit {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { id: c.next()?, of: c.next()?, due_on: c.next()?, done_on: c.next()?, result: c.next()? })
    }
}

/// A place where the mark is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its id.
    pub id: Id<UseId>,
    /// Of which certificate.
    pub of: Id<CertificateId>,
    /// Where.
    pub place: String,
    /// From when it is allowed.
    pub from: Day,
    /// Until when.
    pub until: Day,
    /// When it was taken down.
    pub ended_on: Option<Day>,
}

const USE: &str = "SELECT id, certificate_id, place, allowed_from, allowed_until, ended_on FROM certificate_use WHERE ";

impl FromRow for Use {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            of: c.next()?,
            place: c.next()?,
            from: c.next()?,
            until: c.next()?,
            ended_on: c.next()?,
        })
    }
}

/// Inserts a certificate; false when its issuer's number is there already.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Certificate) -> Result<bool, DbError> {
    let sql = "INSERT INTO certificate (id, unit_id, issuer, number, rule, scope, level, valid_from, valid_until, note, entered_by,
        entered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (issuer, number) WHERE withdrawn_at IS NULL DO NOTHING";
    let values = args![
        one.id,
        one.unit,
        &*one.issuer,
        &*one.number,
        &*one.rule,
        &*one.scope,
        &*one.level,
        one.from,
        one.until,
        one.note.clone(),
        one.by,
        one.at
    ];
    Ok(tx.exec(sql, values).await? == 1)
}

/// The certificate `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<CertificateId>) -> Result<Option<Certificate>, DbError> {
    let mut query = Sql::new(ROW);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// At most `limit`, the latest end first, from behind `after`; of `units` only, where they are given; `ends_by`: that end by then and
/// were not withdrawn.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    units: Option<&[Id<of::Unit>]>,
    ends_by: Option<Day>,
    after: Option<(Day, Id<CertificateId>)>,
    limit: i64,
) -> Result<Vec<Certificate>, DbError> {
    let mut query = Sql::new(ROW);
    match units {
        None => query.push("1 = 1"),
        Some(units) => query.bind_in("unit_id", units.iter().copied().map(Value::from)),
    };
    if let Some(day) = ends_by {
        query.bind(" AND withdrawn_at IS NULL AND valid_until <= ?", args![day]);
    }
    if let Some((day, id)) = after {
        query.bind(" AND (valid_until, id) < (?, ?)", args![day, id]);
    }
    query.bind(" ORDER BY valid_until DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Withdraws it; false when it was already.
///
/// # Errors
/// What the database says.
pub async fn withdraw(
    tx: &mut Tx,
    id: Id<CertificateId>,
    by: Option<Id<of::User>>,
    at: Timestamp,
    why: &str,
) -> Result<bool, DbError> {
    let sql = "UPDATE certificate SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_why = $4
        WHERE id = $1 AND withdrawn_at IS NULL";
    Ok(tx.exec(sql, args![id, at, by, why]).await? == 1)
}

/// Inserts a surveillance.
///
/// # Errors
/// What the database says.
pub async fn insert_visit(tx: &mut Tx, one: &Visit) -> Result<(), DbError> {
    let sql = "INSERT INTO certificate_visit (id, certificate_id, due_on, told) VALUES ($1, $2, $3, FALSE)";
    tx.exec(sql, args![one.id, one.of, one.due_on]).await.map(|_| ())
}

/// The surveillances of a certificate, by day.
///
/// # Errors
/// What the database says.
pub async fn visits(tx: &mut Tx, id: Id<CertificateId>) -> Result<Vec<Visit>, DbError> {
    let mut query = Sql::new(VISIT);
    query.bind("certificate_id = ? ORDER BY due_on", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// A surveillance is done; false when it was already, or is of another certificate.
///
/// # Errors
/// What the database says.
pub async fn visit_done(
    tx: &mut Tx,
    of: Id<CertificateId>,
    id: Id<VisitId>,
    day: Day,
    result: &str,
    by: Option<Id<of::User>>,
) -> Result<bool, DbError> {
    let sql = "UPDATE certificate_visit SET done_on = $3, result = $4, done_by = $5
        WHERE id = $1 AND certificate_id = $2 AND done_on IS NULL";
    Ok(tx.exec(sql, args![id, of, day, result, by]).await? == 1)
}

/// Inserts a use of the mark.
///
/// # Errors
/// What the database says.
pub async fn insert_use(tx: &mut Tx, one: &Use, by: Option<Id<of::User>>, at: Timestamp) -> Result<(), DbError> {
    let sql =
        "INSERT INTO certificate_use (id, certificate_id, place, allowed_from, allowed_until, entered_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.exec(sql, args![one.id, one.of, &*one.place, one.from, one.until, by, at]).await.map(|_| ())
}

/// Where the mark of a certificate is used, the newest first, at most 200.
///
/// # Errors
/// What the database says.
pub async fn uses(tx: &mut Tx, id: Id<CertificateId>) -> Result<Vec<Use>, DbError> {
    let mut query = Sql::new(USE);
    query.bind("certificate_id = ? ORDER BY id DESC LIMIT 200", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// A use has ended; false when it had already, or is of another certificate.
///
/// # Errors
/// What the database says.
pub async fn end_use(tx: &mut Tx, of: Id<CertificateId>, id: Id<UseId>, day: Day) -> Result<bool, DbError> {
    let sql = "UPDATE certificate_use SET ended_on = $3 WHERE id = $1 AND certificate_id = $2 AND ended_on IS NULL";
    Ok(tx.exec(sql, args![id, of, day]).await? == 1)
}

/// Certificates that end by `day` and of whose end nobody was told.
///
/// # Errors
/// What the database says.
pub async fn ending(tx: &mut Tx, day: Day, limit: i64) -> Result<Vec<Certificate>, DbError> {
    let mut query = Sql::new(ROW);
    query.bind(
        "valid_until <= ? AND withdrawn_at IS NULL AND (told_until IS NULL OR told_until <> valid_until)
         ORDER BY valid_until, id LIMIT ?",
        args![day, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Somebody was told of the end.
///
/// # Errors
/// What the database says.
pub async fn told(tx: &mut Tx, id: Id<CertificateId>) -> Result<(), DbError> {
    tx.exec("UPDATE certificate SET told_until = valid_until WHERE id = $1", args![id]).await.map(|_| ())
}

/// Surveillances that are due by `day`, of certificates that were not withdrawn, of which nobody was told.
///
/// # Errors
/// What the database says.
pub async fn due(tx: &mut Tx, day: Day, limit: i64) -> Result<Vec<Visit>, DbError> {
    let mut query = Sql::new(VISIT);
    query.bind(
        "due_on <= ? AND done_on IS NULL AND told = FALSE AND EXISTS (SELECT 1 FROM certificate
         WHERE certificate.id = certificate_visit.certificate_id AND certificate.withdrawn_at IS NULL) ORDER BY due_on, id LIMIT ?",
        args![day, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Somebody was told that it is due.
///
/// # Errors
/// What the database says.
pub async fn visit_told(tx: &mut Tx, id: Id<VisitId>) -> Result<(), DbError> {
    tx.exec("UPDATE certificate_visit SET told = TRUE WHERE id = $1", args![id]).await.map(|_| ())
}

/// Where the next page of a list begins.
pub fn cursor_of(one: &Certificate) -> String {
    format!("{}_{}", one.until, one.id)
}

/// Reads what [`cursor_of`] writes.
pub fn read_cursor(text: &str) -> Option<(Day, Id<CertificateId>)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}
