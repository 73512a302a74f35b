use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Day, Id, Place, Placed, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Kind, State};

db::stored_words!(Kind);
db::stored_words!(State);

/// Marks the id of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditId {}
/// Marks the id of a line of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineId {}

/// An audit (审核).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Its id.
    pub id: Id<AuditId>,
    /// What people call it.
    pub number: String,
    /// Who looks.
    pub kind: Kind,
    /// In a few words.
    pub title: String,
    /// By which scheme.
    pub scheme: String,
    /// Whoever sends the auditors.
    pub body: Option<String>,
    /// The lead assessor, as people name them.
    pub lead_name: Option<String>,
    /// The lead assessor, when it is a member of staff.
    pub lead: Option<Id<of::User>>,
    /// Its first day,
    pub from_on: Day,
    /// and its last.
    pub until_on: Day,
    /// Where it stands.
    pub state: State,
    /// What else is known.
    pub note: Option<String>,
    /// What came of it, or why it was cancelled.
    pub result: Option<String>,
    /// The company.
    pub unit: Id<of::Unit>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id<of::User>>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Audit {
    fn place(&self) -> Place {
        Place { store: self.unit, team: None, owner: self.lead }
    }
}

const AUDIT: &str =
    "SELECT id, number, kind, title, scheme, body, lead_name, lead_id, from_on, until_on, state, note, result, unit_id,
    created_at, created_by, version FROM audit WHERE ";

impl FromRow for Audit {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            number: c.next()?,
            kind: c.next()?,
            title: c.next()?,
            scheme: c.next()?,
            body: c.next()?,
            lead_name: c.next()?,
            lead: c.next()?,
            from_on: c.next()?,
            until_on: c.next()?,
            state: c.next()?,
            note: c.next()?,
            result: c.next()?,
            unit: c.next()?,
            created_at: c.next()?,
            created_by: c.next()?,
            version: c.next()?,
        })
    }
}

/// The next sequence of `day`.
///
/// # Errors
/// What the database says.
pub async fn next_number(tx: &mut Tx, day: Day) -> Result<i64, DbError> {
    let sql = "INSERT INTO audit_number (day, last) VALUES ($1, 1)
        ON CONFLICT (day) DO UPDATE SET last = audit_number.last + 1 RETURNING last";
    Ok(tx.one::<(i64,)>(sql, args![day]).await?.map_or(1, |(n,)| n))
}

/// Inserts an audit.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Audit) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO audit (id, number, kind, title, scheme, body, lead_name, lead_id, from_on, until_on, state, note, result, unit_id,
         created_at, created_by, draws, findings, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, $17)",
        args![
            one.id,
            &*one.number,
            one.kind.as_str(),
            &*one.title,
            &*one.scheme,
            one.body.clone(),
            one.lead_name.clone(),
            one.lead,
            one.from_on,
            one.until_on,
            one.state.as_str(),
            one.note.clone(),
            one.result.clone(),
            one.unit,
            one.created_at,
            one.created_by,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// Saves an audit (its version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Audit) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE audit SET kind = $3, title = $4, scheme = $5, body = $6, lead_name = $7, lead_id = $8, from_on = $9, until_on = $10,
             state = $11, note = $12, result = $13, version = $14 WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version - 1,
                one.kind.as_str(),
                &*one.title,
                &*one.scheme,
                one.body.clone(),
                one.lead_name.clone(),
                one.lead,
                one.from_on,
                one.until_on,
                one.state.as_str(),
                one.note.clone(),
                one.result.clone(),
                one.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The audit `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<AuditId>) -> Result<Option<Audit>, DbError> {
    let mut query = Sql::new(AUDIT);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The audit that people call `number`.
///
/// # Errors
/// What the database says.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Audit>, DbError> {
    let mut query = Sql::new(AUDIT);
    query.bind("number = ?", args![number]);
    tx.one(query.sql(), query.values()).await
}

/// The number of the next sample of an audit, from 1; whoever draws at the same time waits here.
///
/// # Errors
/// What the database says.
pub async fn next_draw(tx: &mut Tx, id: Id<AuditId>) -> Result<i64, DbError> {
    let sql = "UPDATE audit SET draws = draws + 1 WHERE id = $1 RETURNING draws";
    Ok(tx.one::<(i64,)>(sql, args![id]).await?.map_or(1, |(n,)| n))
}

/// The number of the next finding of an audit, from 1; whoever writes at the same time waits here.
///
/// # Errors
/// What the database says.
pub async fn next_finding(tx: &mut Tx, id: Id<AuditId>) -> Result<i64, DbError> {
    let sql = "UPDATE audit SET findings = findings + 1 WHERE id = $1 RETURNING findings";
    Ok(tx.one::<(i64,)>(sql, args![id]).await?.map_or(1, |(n,)| n))
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// At this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Only those that are planned or running.
    pub live: bool,
    /// In its number, title or body.
    pub text: Option<String>,
}

/// At most `limit` audits, the latest days first, from behind `after` (day and id).
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    after: Option<(Day, Id<AuditId>)>,
    limit: i64,
) -> Result<Vec<Audit>, DbError> {
    let mut query = Sql::new(AUDIT);
    query.push("1 = 1");
    if let Some(state) = filter.state {
        query.bind(" AND state = ?", args![state.as_str()]);
    } else if filter.live {
        query.push(" AND state IN ('planned', 'running')");
    }
    if let Some(kind) = filter.kind {
        query.bind(" AND kind = ?", args![kind.as_str()]);
    }
    if let Some(text) = &filter.text {
        let plain = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = format!("%{plain}%");
        query.bind(
            " AND (LOWER(title) LIKE ? ESCAPE '\\' OR LOWER(number) LIKE ? ESCAPE '\\' OR LOWER(COALESCE(body, '')) LIKE ? ESCAPE '\\')",
            args![like.as_str(), like.as_str(), like.as_str()],
        );
    }
    if let Some((day, id)) = after {
        query.bind(" AND (from_on, id) < (?, ?)", args![day, id]);
    }
    query.bind(" ORDER BY from_on DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The audits that the member of staff `user` leads and that are not over.
///
/// # Errors
/// What the database says.
pub async fn led(tx: &mut Tx, user: Id<of::User>) -> Result<Vec<Audit>, DbError> {
    let mut query = Sql::new(AUDIT);
    query.bind("lead_id = ? AND state IN ('planned', 'running') ORDER BY from_on DESC, id DESC LIMIT 50", args![user]);
    tx.all(query.sql(), query.values()).await
}

/// The units that an audit is about; none = the whole company.
///
/// # Errors
/// What the database says.
pub async fn units(tx: &mut Tx, id: Id<AuditId>) -> Result<Vec<Id<of::Unit>>, DbError> {
    tx.all("SELECT unit_id FROM audit_unit WHERE audit_id = $1 ORDER BY unit_id", args![id]).await
}

/// Sets the units that an audit is about.
///
/// # Errors
/// What the database says.
pub async fn set_units(tx: &mut Tx, id: Id<AuditId>, units: &[Id<of::Unit>]) -> Result<(), DbError> {
    tx.exec("DELETE FROM audit_unit WHERE audit_id = $1", args![id]).await?;
    for unit in units {
        tx.exec("INSERT INTO audit_unit (audit_id, unit_id) VALUES ($1, $2)", args![id, *unit]).await?;
    }
    Ok(())
}

/// A line of the plan of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: Id<LineId>,
    /// Of which audit.
    pub audit: Id<AuditId>,
    /// From then on,
    pub from_at: Timestamp,
    /// until then.
    pub until_at: Timestamp,
    /// Where.
    pub unit: Option<Id<of::Unit>>,
    /// About which clause.
    pub clause: Option<String>,
    /// Who has to be there.
    pub who: Option<String>,
    /// What happens.
    pub topic: String,
}

const LINE: &str = "SELECT id, audit_id, from_at, until_at, unit_id, clause, who, topic FROM audit_line WHERE ";

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            audit: c.next()?,
            from_at: c.next()?,
            until_at: c.next()?,
            unit: c.next()?,
            clause: c.next()?,
            who: c.next()?,
            topic: c.next()?,
        })
    }
}

/// The plan of an audit in the order of time, at most 300 lines.
///
/// # Errors
/// What the database says.
pub async fn lines(tx: &mut Tx, id: Id<AuditId>) -> Result<Vec<Line>, DbError> {
    let mut query = Sql::new(LINE);
    query.bind("audit_id = ? ORDER BY from_at, id LIMIT 300", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// One line of the plan of an audit.
///
/// # Errors
/// What the database says.
pub async fn line(tx: &mut Tx, audit: Id<AuditId>, id: Id<LineId>) -> Result<Option<Line>, DbError> {
    let mut query = Sql::new(LINE);
    query.bind("audit_id = ? AND id = ?", args![audit, id]);
    tx.one(query.sql(), query.values()).await
}

/// Adds a line.
///
/// # Errors
/// What the database says.
pub async fn add_line(tx: &mut Tx, one: &Line) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO audit_line (id, audit_id, from_at, until_at, unit_id, clause, who, topic) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![one.id, one.audit, one.from_at, one.until_at, one.unit, one.clause.clone(), one.who.clone(), &*one.topic],
    )
    .await
    .map(|_| ())
}

/// Takes a line away; false when it is gone already.
///
/// # Errors
/// What the database says.
pub async fn remove_line(tx: &mut Tx, id: Id<LineId>) -> Result<bool, DbError> {
    Ok(tx.exec("DELETE FROM audit_line WHERE id = $1", args![id]).await? == 1)
}

/// Somebody from outside who may look at an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who.
    pub user: Id<of::User>,
    /// At which audit.
    pub audit: Id<AuditId>,
    /// When it was given.
    pub given_at: Timestamp,
    /// By whom.
    pub given_by: Option<Id<of::User>>,
    /// Who took it back.
    pub withdrawn_by: Option<Id<of::User>>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

const ACCESS: &str =
    "SELECT user_id, audit_id, given_at, given_by, withdrawn_by, withdrawn_why FROM audit_access WHERE ";

impl FromRow for Access {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            user: c.next()?,
            audit: c.next()?,
            given_at: c.next()?,
            given_by: c.next()?,
            withdrawn_by: c.next()?,
            withdrawn_why: c.next()?,
        })
    }
}

/// Everybody from outside who may or might look at an audit, in the order in which they were let in.
///
/// # Errors
/// What the database says.
pub async fn accesses(tx: &mut Tx, id: Id<AuditId>) -> Result<Vec<Access>, DbError> {
    let mut query = Sql::new(ACCESS);
    query.bind("audit_id = ? ORDER BY user_id", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// What `user`, who is from outside, may look at.
///
/// # Errors
/// What the database says.
pub async fn access_of_user(tx: &mut Tx, user: Id<of::User>) -> Result<Option<Access>, DbError> {
    let mut query = Sql::new(ACCESS);
    query.bind("user_id = ?", args![user]);
    tx.one(query.sql(), query.values()).await
}

/// The audit at which `user`, who is from outside, may look.
///
/// # Errors
/// What the database says.
pub async fn of_user(tx: &mut Tx, user: Id<of::User>) -> Result<Option<Audit>, DbError> {
    let mut query = Sql::new(AUDIT);
    query.bind("id = (SELECT audit_id FROM audit_access WHERE user_id = ?)", args![user]);
    tx.one(query.sql(), query.values()).await
}

/// Lets somebody in.
///
/// # Errors
/// What the database says.
pub async fn give(tx: &mut Tx, one: &Access) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO audit_access (user_id, audit_id, given_at, given_by) VALUES ($1, $2, $3, $4)",
        args![one.user, one.audit, one.given_at, one.given_by],
    )
    .await
    .map(|_| ())
}

/// Notes who took an access back and why.
///
/// # Errors
/// What the database says.
pub async fn withdraw(tx: &mut Tx, user: Id<of::User>, by: Option<Id<of::User>>, why: &str) -> Result<(), DbError> {
    tx.exec("UPDATE audit_access SET withdrawn_by = $2, withdrawn_why = $3 WHERE user_id = $1", args![user, by, why])
        .await
        .map(|_| ())
}

impl Audit {
    /// Where a list goes on behind it.
    pub fn cursor(&self) -> String {
        format!("{}_{}", self.from_on, self.id)
    }
    /// Reads what [`Audit::cursor`] writes.
    pub fn read_cursor(text: &str) -> Option<(Day, Id<AuditId>)> {
        let (day, id) = text.split_once('_')?;
        Some((day.parse().ok()?, id.parse().ok()?))
    }
}

/// Kept here so that findings page the same way.
pub(super) fn behind(query: &mut Sql, after: Option<Cursor>) {
    if let Some(cursor) = after {
        query.bind(" AND (written_at, id) < (?, ?)", args![cursor.key, cursor.id]);
    }
}
